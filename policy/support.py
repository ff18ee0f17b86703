"""What those who owe support outside the household pay, or are taken to be able to pay (赡养费、抚养费、扶养费)."""

from collections.abc import Callable
from fractions import Fraction

from policy.clauses import law
from policy.family import Kin
from policy.figure_rows import Figure
from policy.sheet import Sheet, exact, shown
from policy.vocabulary import KinRelation, Subject

Exact = int | Fraction
"""分, exactly: whole, or a fraction that nobody has rounded yet."""
Formula = tuple[Exact, str]
"""分 a month, below zero where nothing is owed, and how it is found."""

_POOR = {
    Subject.DIBAO: "义务人家庭是低保家庭",
    Subject.TEKUN: "义务人是特困人员",
    Subject.EDGE: "义务人家庭是低保边缘家庭",
}
_ARTICLE = "第十三条"
_FEW_CHILDREN = 2
"""L5040: with up to two children each gives half of what is above the standard, with more two fifths."""


def support_month(sheet: Sheet) -> Exact:
    """分 a month from all obligors together; writes one row each, and a line if anything comes of it."""
    total: Exact = 0
    for kin in sheet.family.obligors:
        poor = unable(kin)
        amount, why, clause = _from_unable(sheet, kin, poor) if poor else _from_able(sheet, kin)
        sheet.obligors.append({"able": poor is None, "support_month": shown(amount), "why": why, "clause": clause})
        total += amount
    return total


def unable(kin: Kin) -> str | None:
    """Why an obligor is not able to give support; None for one who is."""
    if kin.able is False:
        return "认定为无赡养、抚养、扶养能力"
    return _POOR.get(kin.subject) if kin.subject else None


def _from_unable(sheet: Sheet, kin: Kin, why: str) -> tuple[Exact, str, str]:
    paid = kin.paid_fen or 0
    return paid, f"{why}；按实际给付计" if paid else f"{why}，不计赡养费", law(sheet.on, _ARTICLE)


def _from_able(sheet: Sheet, kin: Kin) -> tuple[Exact, str, str]:
    owed, why, clause = _owed(sheet, kin)
    if kin.paid_fen is not None and kin.paid_fen > owed:
        return kin.paid_fen, f"实际给付{shown(kin.paid_fen)}元高于应付{shown(owed)}元，按实际给付计", clause
    return owed, why, clause


def _owed(sheet: Sheet, kin: Kin) -> tuple[Exact, str, str]:
    """What an able obligor owes a month: judgment or agreement first, else the place's formula."""
    clause = law(sheet.on, _ARTICLE)
    if kin.agreed_fen is not None:
        return kin.agreed_fen, "按判决或协议计", clause
    figure = sheet.find("support.formula")
    formula = FORMULAS.get(figure.word) if figure else None
    if figure is None or formula is None:
        return 0, "本地未定推算办法，无判决、协议，按实际给付计", clause
    if kin.household_year_fen is None:
        return 0, "义务人家庭收入未填，无法推算", clause
    amount, how = formula(sheet, kin, kin.household_year_fen)
    if amount <= 0:
        return 0, f"义务人家庭收入未超过规定的线，不计赡养费：{how}", figure.cite
    _line(sheet, how, amount, figure)
    return amount, f"按公式推算：{how}", figure.cite


def _line(sheet: Sheet, how: str, amount: Exact, figure: Figure) -> None:
    sheet.line("义务人应付赡养费（月）", how, shown(amount), figure.cite, figure)


def _per_head(sheet: Sheet, kin: Kin, year: int, times: int, percent: int) -> Formula:
    """A share of what the obligor's income a person exceeds so many standards, divided among those supported."""
    standard, size = sheet.standard().whole, max(1, kin.household_size)
    line = f"{shown(standard)} × {times}" if times > 1 else shown(standard)
    how = f"（{shown(exact(year, 12 * size))} − {line}）× {percent}%"
    return _shared((year - 12 * size * times * standard) * percent, 1200 * size, kin.supports, how)


def _per_household(kin: Kin, year: int, line: Exact, percent: int, among: int) -> Formula:
    """A share of what the obligor household's income exceeds a line a person, divided among so many."""
    size = max(1, kin.household_size)
    how = f"（{shown(exact(year, 12))} − {shown(line)} × {size}）× {percent}%"
    return _shared((year - 12 * size * line) * percent, 1200, among, how)


def _shared(above: Exact, below: int, among: int, how: str) -> Formula:
    if among <= 1:
        return exact(above, below), how
    return exact(above, below * among), f"{how} ÷ {among}"


def _sc(sheet: Sheet, kin: Kin, year: int) -> Formula:
    return _per_head(sheet, kin, year, 2, 25)


def _h(sheet: Sheet, kin: Kin, year: int) -> Formula:
    return _per_head(sheet, kin, year, 2, 50)


def _d20(sheet: Sheet, kin: Kin, year: int) -> Formula:
    return _per_household(kin, year, 2 * sheet.standard().whole, 20, kin.supports)


def _d30(sheet: Sheet, kin: Kin, year: int) -> Formula:
    multiple = sheet.figure("edge.income_multiple").multiple
    low_income = exact(sheet.standard().whole * multiple.numerator, multiple.denominator)
    return _per_household(kin, year, low_income, 30, 1)


def _r50(sheet: Sheet, kin: Kin, year: int) -> Formula:
    return _per_household(kin, year, sheet.standard().whole, 50, kin.supports)


def _l5040(sheet: Sheet, kin: Kin, year: int) -> Formula:
    children = sum(one.relation is KinRelation.CHILD for one in sheet.family.obligors)
    return _per_head(sheet, kin, year, 1, 50 if children <= _FEW_CHILDREN else 40)


FORMULAS: dict[str, Callable[[Sheet, Kin, int], Formula]] = {
    "SC": _sc, "H": _h, "D20": _d20, "D30": _d30, "R50": _r50, "L5040": _l5040,
}  # fmt: skip
"""``support.formula``: what one obligor owes a month by their household's income of a year (分)."""
