"""特困人员: three conditions, tested person by person (国务院令第649号 第十四条; 民发〔2021〕43号)."""

from dataclasses import dataclass, field
from fractions import Fraction

from policy.calendar import add_months, next_first_of
from policy.clauses import law_tekun
from policy.conduct import conduct_ok
from policy.deadlines import authority_and_deadlines
from policy.estate import property_ok
from policy.family import Person
from policy.finding import Finding
from policy.holdings import held_by
from policy.imputed import birthday
from policy.income import person_income
from policy.means import close
from policy.people import labour_for_tekun, self_care
from policy.sheet import Sheet, exact, fen, shown
from policy.support import Exact
from policy.tekun_money import parts_of
from policy.tekun_obligors import ARTICLE as OBLIGORS
from policy.tekun_obligors import inside, outside, owes
from policy.vocabulary import IncomeKind, Outcome, Subject, Work

LABOUR, SOURCE, ENDS = "第五条", "第六条", "第二十四条"


@dataclass(slots=True)
class Candidate:
    """One member under test: labour ability, own income of the year (exact 分), and what stands against them."""

    person: Person
    work: Work
    income_year: Exact
    kept: str = ""
    poor: bool = False
    against: list[tuple[str, str, str]] = field(default_factory=list)


def assess_tekun(sheet: Sheet) -> Finding:
    """Who of a household is to be supported as 特困, with basic living and care, 分 a month each (43号 第四条)."""
    if not sheet.family.members:
        sheet.reason("members_missing", "没有填写家庭成员", law_tekun(sheet.on, "第四条"))
        return close(sheet, Outcome.INCOMPLETE)
    tested = [_own(sheet, person) for person in sheet.family.members]
    _obligors(sheet, tested)
    fit = conduct_ok(sheet)
    fit = property_ok(sheet, list(sheet.family.members)) and fit
    fit = _stays(sheet) and fit
    admitted = [one for one in tested if not one.against and sheet.family.alone in (None, one.person.ref)]
    if fit and admitted:
        return _granted(sheet, tested, admitted)
    return _refused(sheet, tested)


def _own(sheet: Sheet, person: Person) -> Candidate:
    """Labour ability and own income of one member; writes the rows of the income."""
    work, kept = labour_for_tekun(person, sheet), ""
    if work is not Work.NONE and (kept := _keeps(sheet, person)):
        work = Work.NONE
    one = Candidate(person, work, _income(sheet, person), kept)
    line = 12 * sheet.standard().whole
    sourceless = one.income_year < line
    one.poor = work is Work.NONE and sourceless
    if work is not Work.NONE:
        one.against.append(("tekun_labour", "有劳动能力或部分劳动能力，不属于无劳动能力", law_tekun(sheet.on, LABOUR)))
    month = shown(exact(one.income_year, 12))
    formula = f"{month} {'<' if sourceless else '≥'} {sheet.standard().text}"
    value = "无生活来源" if sourceless else "有生活来源"
    sheet.line(f"本人月收入（{person.ref}）", formula, value, law_tekun(sheet.on, SOURCE), sheet.standard())
    if not sourceless:
        why = f"本人月收入{month}元，不低于低保标准{sheet.standard().text}元"
        one.against.append(("tekun_source", why, law_tekun(sheet.on, SOURCE)))
    if held_by(sheet, person, Subject.ORPHAN, Subject.UNSUPPORTED_CHILD):
        why = "已选择纳入孤儿、事实无人抚养儿童保障，不再认定为特困人员"
        one.against.append(("tekun_chose_child", why, law_tekun(sheet.on, "第九条")))
    if person.in_prison or person.missing:
        away = "在监狱服刑" if person.in_prison else "被宣告失踪"
        one.against.append(("tekun_away", f"{away}，不予供养", law_tekun(sheet.on, ENDS)))
    return one


def _income(sheet: Sheet, person: Person) -> Exact:
    """Own income of the year: what obligors outside pay counts in equal shares, or what is listed if that is more."""
    paid = 12 * sum(kin.paid_fen or 0 for kin in sheet.family.obligors)
    listed = sum(one.year_fen for one in person.income if one.kind is IncomeKind.SUPPORT)
    share = Fraction(paid, len(sheet.family.members)) if paid else 0
    return person_income(sheet, person, written=True) + max(0, share - listed)


def _keeps(sheet: Sheet, person: Person) -> str:
    """Why somebody supported already as a minor keeps it beyond the age (43号: to 18, and while in school)."""
    current, age = sheet.family.current, person.age(sheet.on)
    if current is None or current.scheme != Subject.TEKUN or age is None:
        return ""
    until, schools = sheet.find("tekun.minor_keep_until"), sheet.find("tekun.keep_in_school")
    if until and age < until.whole:
        return f"未成年人可继续享有救助供养待遇至{until.whole}周岁"
    if schools and person.student and person.student.level in schools.words:
        return "仍在接受义务教育或者在普通高中、中等职业学校就读，继续供养"
    return ""


def _obligors(sheet: Sheet, tested: list[Candidate]) -> None:
    """Note against each that an obligor, outside the household or in it, is able to support them."""
    able_outside, clause = outside(sheet), law_tekun(sheet.on, OBLIGORS)
    owing = [other for other in tested if any(owes(one.person, other.person) for one in tested)]
    able = [other.person for other in owing if inside(sheet, other.person, other.income_year, other.poor)]
    for one in tested:
        if able_outside:
            one.against.append(("tekun_obligor", "户外法定义务人有履行义务能力", clause))
        if refs := "、".join(other.ref for other in able if owes(one.person, other)):
            one.against.append(("tekun_obligor", f"家庭成员{refs}是法定义务人，有履行义务能力", clause))


def _stays(sheet: Sheet) -> bool:
    current = sheet.family.current
    if current and current.scheme == Subject.TEKUN and current.wants_to_leave:
        sheet.reason("left_by_own_wish", "本人自愿申请退出特困人员救助供养", law_tekun(sheet.on, ENDS))
        return False
    return True


def _granted(sheet: Sheet, tested: list[Candidate], admitted: list[Candidate]) -> Finding:
    found = _closed(sheet, Outcome.ELIGIBLE, tested, admitted)
    for one in admitted:
        found.parts += parts_of(sheet, one.person, self_care(one.person, sheet))
        _minor_until(sheet, one.person)
    if any(one.person.mode is None for one in admitted):
        sheet.advise(
            "mode_wish", "供养方式由本人选择；未填的暂按分散供养计算，请征求本人意愿", "国务院令第649号 第十九条"
        )
    amounts = " + ".join(shown(part.fen) for part in found.parts)
    sheet.line("每月合计", amounts, shown(found.monthly_fen), law_tekun(sheet.on))
    review = sheet.figure("review.months.tekun")
    found.review_months = review.whole
    sheet.date(add_months(sheet.on, review.whole), "review_due", f"每{review.text}个月复核一次", review.cite)
    found.authority, found.deadlines = authority_and_deadlines(sheet)
    return found


def _refused(sheet: Sheet, tested: list[Candidate]) -> Finding:
    """Not eligible, with everything against everybody; whoever fits on their own is left out of the reasons."""
    many, alone = len(tested) > 1, sheet.family.alone
    for one in tested:
        if alone not in (None, one.person.ref):
            continue
        for code, why, clause in one.against:
            sheet.reason(code, f"{one.person.ref}：{why}" if many else why, clause)
    sheet.advise("try_dibao", "不符合特困人员条件的，可以试算最低生活保障")
    return _closed(sheet, Outcome.NOT_ELIGIBLE, tested, [])


def _closed(sheet: Sheet, outcome: Outcome, tested: list[Candidate], counted: list[Candidate]) -> Finding:
    refs = [one.person.ref for one in counted]
    for one in tested:
        _member(sheet, one, one.person.ref in refs)
    found = close(sheet, outcome)
    found.persons, found.standard_fen = len(counted), sheet.standard().whole
    of = counted or tested
    year = Fraction(sum((one.income_year for one in of), start=Fraction(0)))
    found.income_month_fen, found.per_capita_fen = fen(year / 12), fen(year / 12 / len(of))
    return found


def _member(sheet: Sheet, one: Candidate, counted: bool) -> None:
    fits = one.kept or "无劳动能力、无生活来源、无有能力的法定义务人"
    why = "；".join(text for _, text, _ in one.against) or fits
    clause = one.against[0][2] if one.against else law_tekun(sheet.on, "第四条")
    sheet.members.append({
        "ref": one.person.ref, "counted": counted, "labour": one.work.value,
        "self_care": self_care(one.person, sheet), "why": why, "clause": clause,
    })  # fmt: skip


def _minor_until(sheet: Sheet, person: Person) -> None:
    """Note the birthday on which support as a minor ends, unless school goes on."""
    age = person.age(sheet.on)
    until = sheet.find("tekun.minor_keep_until")
    years = max(until.whole if until else 0, sheet.figure("tekun.minor_age").whole)
    if person.birth is None or age is None:
        return
    if age >= years:
        _school_until(sheet, person, years)
        return
    text = f"{person.ref}年满{years}周岁；仍在义务教育、普通高中、中等职业学校就读的继续供养"
    sheet.date(birthday(person.birth, years), "tekun_minor_end", text, law_tekun(sheet.on, ENDS))


def _school_until(sheet: Sheet, person: Person, years: int) -> None:
    """Note when the school year ends for a grown pupil who is kept because of it: by then somebody must ask."""
    month = sheet.find("tekun.school_review_month")
    if month is None or not _keeps(sheet, person):
        return
    text = f"{person.ref}年满{years}周岁，因在校就读继续供养；学年结束时核查是否仍在就读，不再就读的终止供养"
    sheet.date(next_first_of(month.whole, sheet.on), "tekun_school_end", text, law_tekun(sheet.on, ENDS))
