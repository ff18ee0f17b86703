"""What happens when a benefit is looked at again: grace, leaving by own wish, refusals of work, days to come."""

from typing import NamedTuple

from policy.calendar import add_months, end_of_months, month_after
from policy.clauses import law
from policy.family import Current, Person
from policy.finding import Finding, Part
from policy.imputed import birthday
from policy.income import EARNED
from policy.means import Means, close
from policy.money import yuan
from policy.people import labour
from policy.sheet import Sheet
from policy.vocabulary import Area, Outcome, RiseCause, Subject, Unit, Work

SOON = 24
"""Months ahead for which the day of growing old is told; a child's coming of age always is."""

CAUSES = {
    "work": (frozenset({RiseCause.WORK, RiseCause.ENTERPRISE}), "就业创业"),
    "work_or_aid": (frozenset({RiseCause.WORK, RiseCause.ENTERPRISE, RiseCause.AID}), "就业创业或帮扶措施见效"),
}
"""``grace.cause``: the causes it admits, and how the rules call them."""


class Against(NamedTuple):
    """Something that stands against: a reason not yet written."""

    code: str
    text: str
    clause: str


def receives_dibao(sheet: Sheet) -> Current | None:
    """What the family receives, if that is 低保."""
    current = sheet.family.current
    return current if current and current.scheme == Subject.DIBAO.value else None


def left(sheet: Sheet, means: Means) -> Finding | None:
    """The finding of a family that leaves 低保 by its own wish, with exit money where the place gives it; else None."""
    current = receives_dibao(sheet)
    if current is None or not current.wants_to_leave:
        return None
    sheet.reason("left_by_own_wish", "本人主动申请退出低保", law(sheet.on, "第三十二条"))
    if means.fit and means.below():
        sheet.advise("still_fits", f"{means.versus()}，仍符合低保条件，可以不退出", law(sheet.on, "第三十二条"))
    found = close(sheet, Outcome.NOT_ELIGIBLE, means)
    found.unit = sheet.family.unit or Unit.HOUSEHOLD
    most = sheet.find("exit.money_months_max")
    if most:
        least = sheet.find("exit.money_months_min") or most
        span = least.whole, most.whole
        found.exit_money = span
        low, high = (exit_money(current.monthly_fen, months) for months in span)
        found.one_off_range = low, high
        formula = f"{yuan(current.monthly_fen)} × {_span(*span)}"
        sheet.line("退出一次性补助", formula, f"{yuan(low)}～{yuan(high)}", most.cite, most)
    return found


def exit_money(monthly_fen: int, months: int) -> int:
    """分 once for who leaves by own wish: so many months of what the family received (墩政〔2020〕48号 二(二))."""
    return months * monthly_fen


def against_grace(sheet: Sheet, means: Means) -> list[Against] | None:
    """What stands against a grace period (57号 第三十三条), empty if nothing; None where none is to be spoken of."""
    if not (receives_dibao(sheet) and means.persons and means.fit and sheet.find("grace.months_max")):
        return None
    against = []
    cap = sheet.find("grace.income_cap_multiple")
    if cap and not means.within(cap.multiple):
        text = f"{means.versus(cap.multiple, cap.text)}，超过渐退期的收入上限"
        against.append(Against("grace_over_cap", text, cap.cite))
    return against + _cause(sheet)


def _cause(sheet: Sheet) -> list[Against]:
    figure, current = sheet.find("grace.cause"), sheet.family.current
    admitted, words = CAUSES.get(figure.word if figure else "any", (None, ""))
    if admitted is None or figure is None or current is None:
        return []
    if current.income_rose_because is None:
        return [Against("grace_cause_missing", f"渐退期限于因{words}增收的家庭，收入增加的原因未填", figure.cite)]
    if current.income_rose_because in admitted:
        return []
    return [Against("grace_cause", f"收入增加不是因{words}，不适用渐退期", figure.cite)]


def in_grace(sheet: Sheet, means: Means, unit: Unit, kind: str, ref: str | None = None) -> Finding:
    """The finding of a grace period: the last amount goes on, from the first of next month, for so many months."""
    most = sheet.figure("grace.months_max")
    least = sheet.find("grace.months_min")
    until = end_of_months(month_after(sheet.on), most.whole)
    span = _span(least.whole if least else 1, most.whole)
    sheet.line("渐退期", f"{means.versus()}，自下月起 {span} 个月", f"最迟到 {until.isoformat()}", most.cite, most)
    sheet.date(until, "grace_ends", "渐退期最迟到这一天", most.cite)
    found = close(sheet, Outcome.GRACE, means)
    current = receives_dibao(sheet)
    amount = current.monthly_fen if current else 0
    sheet.line("渐退期内每月金额", "按原金额", yuan(amount), most.cite, most)
    found.unit, found.parts = unit, [Part(kind, amount, ref)]
    found.grace = least.whole if least else 1, most.whole, until
    return found


def refusers(sheet: Sheet, means: Means) -> int:
    """How many able members refused suitable work so often that their own share stops (57号 第三十四条); lines."""
    figure = sheet.find("work.refusals")
    if figure is None:
        return 0
    found = [
        person for person in means.counted
        if person.refused_work >= figure.whole and labour(person, sheet) is not Work.NONE
    ]  # fmt: skip
    for person in found:
        formula = f"{person.refused_work} ≥ {figure.text}"
        sheet.line(f"连续拒绝就业次数（{person.ref}）", formula, "停发本人份额", figure.cite, figure)
    return len(found)


def review_after(sheet: Sheet, people: list[Person]) -> int | None:
    """Months until the benefit must be looked at again, and a date: sooner where somebody can work or earns."""
    changing = any(_changing(person, sheet) for person in people)
    urban = sheet.find("review.months.changing.urban") if changing and sheet.family.area is Area.URBAN else None
    figure = urban or sheet.find("review.months.changing" if changing else "review.months.stable")
    if figure is None:
        return None
    sheet.date(add_months(sheet.on, figure.whole), "review_due", f"每{figure.text}个月复核一次", figure.cite)
    return figure.whole


def _changing(person: Person, sheet: Sheet) -> bool:
    if person.employed or labour(person, sheet) is Work.ABLE:
        return True
    return any(one.kind in EARNED and one.year_fen for one in person.income)


def birthdays(sheet: Sheet, people: list[Person]) -> None:
    """Write the days on which a child comes of age, and on which somebody soon is counted as old."""
    adult, old = sheet.figure("age.adult").whole, sheet.figure("age.elderly").whole
    for person in people:
        age = person.age(sheet.on)
        if person.birth is None or age is None or age >= old:
            continue
        years = adult if age < adult else old
        day = birthday(person.birth, years)
        if years == adult or day <= add_months(sheet.on, SOON):
            sheet.date(day, f"turns_{years}", f"{person.ref}满{years}周岁，须重新核算")


def _span(least: int, most: int) -> str:
    return str(most) if least == most else f"{least}～{most}"
