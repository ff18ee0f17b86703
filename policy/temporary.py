"""临时救助: emergency or expenditure type, who may have it and how much (国发〔2014〕47号, 民发〔2018〕23号)."""

from fractions import Fraction

from policy.conduct import conduct_ok
from policy.deadlines import authority_and_deadlines
from policy.disposable import is_below
from policy.estate import property_ok
from policy.family import Hardship, Person
from policy.finding import Finding
from policy.income import household_income
from policy.means import close
from policy.people import counted
from policy.sheet import Sheet, fen, shown
from policy.support import Exact
from policy.temporary_amount import Amount, amount_of
from policy.vocabulary import EventKind, Outcome, Subject
from policy.watchlist import advise_watch

URGENT, SPENDING = "民发〔2018〕23号 急难型救助", "民发〔2018〕23号 支出型救助"
CEILING = "民发〔2018〕23号 一事一议"
_REFERRALS = {
    EventKind.ILLNESS: ("refer_medical", "转介医疗救助"),
    EventKind.ACCIDENT: ("refer_medical", "转介医疗救助"),
    EventKind.EDUCATION: ("refer_education", "转介教育救助"),
    EventKind.FIRE: ("refer_housing", "转介住房救助"),
    EventKind.DISASTER: ("refer_disaster", "转介受灾人员救助"),
    EventKind.JOB_LOSS: ("refer_employment", "转介就业救助"),
}


def assess_temporary(sheet: Sheet) -> Finding:
    """Whether and how much once, in 分: an emergency untested, spending beyond means tested (民发〔2018〕23号)."""
    event = sheet.family.event
    if event is None:
        sheet.reason("event_missing", "没有填写造成困难的事件", "民发〔2018〕23号")
        return close(sheet, Outcome.INCOMPLETE)
    people = counted(sheet)
    if not people and not event.urgent:
        sheet.reason("members_missing", "没有计入的家庭成员，无法核算支出型救助", SPENDING)
        return close(sheet, Outcome.INCOMPLETE)
    year = household_income(sheet, people)
    fit = _urgent(sheet) if event.urgent else _spending(sheet, people, year)
    amount = amount_of(sheet, event, max(1, len(people)))
    return _found(sheet, event, people, year, fit, amount)


def _urgent(sheet: Sheet) -> bool:
    """急难型: aid first, papers after; cross-check, review and notice may wait, so nothing bars here."""
    sheet.line("救助类型", "急难型", "可简化程序，先行救助", URGENT)
    return True


def _spending(sheet: Sheet, people: list[Person], year: Exact) -> bool:
    """支出型: income a person below last year's local figure, property in order; 低保 and 特困 have shown it."""
    current = sheet.family.current
    if current and current.scheme in (Subject.DIBAO, Subject.TEKUN):
        sheet.line("救助类型", "支出型", "低保、特困对象只核实支出", SPENDING)
        return conduct_ok(sheet)
    sheet.line("救助类型", "支出型", "核对收入、财产和支出", SPENDING)
    below = is_below(sheet, Fraction(year, len(people)), "人均月收入", SPENDING)
    if below is False:
        each = shown(Fraction(year, 12 * len(people)))
        sheet.reason("income_above_disposable", f"人均月收入{each}元，不低于上年人均可支配收入", SPENDING)
    decent = conduct_ok(sheet)
    return property_ok(sheet, people) and decent and below is not False


def _found(
    sheet: Sheet, event: Hardship, people: list[Person], year: Exact, fit: bool, amount: Amount | None
) -> Finding:
    outcome = Outcome.ELIGIBLE
    if not fit:
        outcome = Outcome.NOT_ELIGIBLE
    elif amount is None:
        outcome = Outcome.INCOMPLETE
        sheet.reason("amount_missing", "申请金额、自付费用和损失都没有填写，无法核定金额", SPENDING)
    elif amount.special:
        outcome = Outcome.SPECIAL_DECISION
        sheet.advise("special_decision", "申请金额超过本地限额，超出部分须一事一议", CEILING)
    found = close(sheet, outcome)
    found.persons = len(people)
    found.income_month_fen = fen(Fraction(year, 12))
    found.per_capita_fen = fen(Fraction(year, 12 * len(people))) if people else None
    _advise(sheet, event)
    if outcome is Outcome.NOT_ELIGIBLE:
        advise_watch(sheet, people)
    if amount and fit:
        found.one_off_fen, found.one_off_range = amount.fen, amount.range
        found.authority, found.deadlines = authority_and_deadlines(
            sheet, amount.asked_fen if amount.special else amount.fen
        )
        if event.urgent:
            _pay_first(sheet)
    return found


def _pay_first(sheet: Sheet) -> None:
    limit, papers = sheet.find("temporary.township_limit"), sheet.find("temporary.papers_working_days")
    who = f"乡镇（街道）在{limit.text}元以内可先行救助" if limit else "可先行救助"
    when = f"，{papers.whole}个工作日内补齐手续" if papers else "，事后补齐手续"
    sheet.advise("pay_first", who + when, limit.cite if limit else URGENT)


def _advise(sheet: Sheet, event: Hardship) -> None:
    """What the place allows besides, and which special aid to refer to."""
    allowed = {
        "staged": "可一次审批、分阶段救助",
        "at_place": "可由急难发生地受理、审核和发放",
        "while_pending": "申请低保、特困供养期间可先给予临时救助",
    }
    for name, text in allowed.items():
        figure = sheet.find(f"temporary.{name}")
        if figure and figure.word == "yes":
            sheet.advise(name, text, figure.cite)
    referral = _REFERRALS.get(event.kind)
    if referral:
        sheet.advise(*referral)
