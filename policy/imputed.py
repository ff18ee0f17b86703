"""A wage counted for who could work and does not, and whose carers are spared (推定劳动收入).

Only what is stated counts: somebody of whom nobody said that they have no work has nothing imputed.
"""

from datetime import date, timedelta

from policy.family import Person
from policy.figure_rows import Figure
from policy.people import is_elderly, is_minor, labour
from policy.sheet import Sheet, exact, shown
from policy.support import Exact
from policy.vocabulary import CareNeed, Work


def top_up(sheet: Sheet, person: Person, own: Exact) -> Exact:
    """分 a year by which the imputed wage exceeds a member's own net earnings; writes its row and line."""
    figure = sheet.find("impute.wage")
    if figure is None or not _idle(person, sheet):
        return 0
    if spared := _spared(sheet, person):
        why, clause = spared
        _row(sheet, person, 0, why, clause)
        return 0
    year = figure.whole * 12
    more = max(0, year - own)
    if more:
        why = f"有劳动能力未就业，按每月{figure.text}元计{'，补足差额' if own else ''}"
        _row(sheet, person, more, why, figure.cite)
        how = f"{figure.text} × 12" + (f" − {shown(own)}" if own else "")
        sheet.line(f"计入未就业收入（年，{person.ref}）", how, shown(more), figure.cite, figure)
    return more


def _idle(person: Person, sheet: Sheet) -> bool:
    """Known to have no work, able, of working age, not at school. Who has no known birth is left alone."""
    if person.employed is not False or person.student is not None or person.birth is None:
        return False
    return labour(person, sheet) is Work.ABLE and not is_minor(person, sheet) and not is_elderly(person, sheet)


def _spared(sheet: Sheet, person: Person) -> tuple[str, str] | None:
    """Why and by which clause a carer has no wage imputed; None for one who has."""
    figure = sheet.find("impute.exempt")
    if figure is None or person.cares_for is None:
        return None
    other = next((one for one in sheet.family.members if one.ref == person.cares_for), None)
    need = person.needs_care or (other.needs_care if other else None)
    if need is None or need.value not in figure.words:
        return None
    if need is CareNeed.INFANT:
        return _infant(sheet, other.birth if other else None, figure)
    return f"照料{_NEEDS[need]}，不计未就业收入", figure.cite


def _infant(sheet: Sheet, birth: date | None, figure: Figure) -> tuple[str, str] | None:
    """以下 includes the number: spared up to the birthday itself, no longer the day after."""
    years = sheet.figure("impute.infant_under_years").whole
    words = f"照料{years}周岁以下婴幼儿，不计未就业收入"
    if birth is None:
        return f"{words}（出生日期未填，请核实）", figure.cite
    last = birthday(birth, years)
    if sheet.on > last:
        return None
    text = f"婴幼儿超过{years}周岁，照料人的就业情况须重新核实"
    sheet.date(last + timedelta(days=1), "infant_limit", text, figure.cite)
    return words, figure.cite


def birthday(birth: date, years: int) -> date:
    """The day somebody turns that old; who was born on 29 February turns so on 1 March of a common year."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def _row(sheet: Sheet, person: Person, year: Exact, why: str, clause: str) -> None:
    sheet.income.append({
        "ref": person.ref, "kind": "wage", "month": shown(exact(year, 12)), "counted": bool(year),
        "why": why, "clause": clause,
    })  # fmt: skip


_NEEDS = {CareNeed.DISABLED: "失能残疾人", CareNeed.ILL: "失能重病人", CareNeed.ELDER: "失能老年人"}
