"""What is taken off income before it is compared: work cost of who earns, rigid spending of the family."""

from policy.family import Person
from policy.figure_rows import Figure
from policy.sheet import Sheet, exact, shown
from policy.support import Exact
from policy.vocabulary import SpendingKind

RIGID = frozenset({SpendingKind.MEDICAL, SpendingKind.DISABILITY, SpendingKind.EDUCATION})
"""Spending a family cannot avoid (刚性支出)."""


def work_cost(sheet: Sheet, person: Person, earned: int) -> Exact:
    """就业成本 taken off one member's earnings, 分 a year: a percentage or the actual cost, up to the cap; a line."""
    percent, mode = sheet.find("deduct.work_cost.percent"), sheet.find("deduct.work_cost")
    cost: Exact
    if percent and not (mode and mode.word == "none" and sheet.book.nearness(mode) > sheet.book.nearness(percent)):
        part = percent.multiple
        cost = exact(earned * part.numerator, 100 * part.denominator)
        figure, how = percent, f"{shown(earned)} × {percent.text}%"
    elif mode and mode.word == "actual":
        spent = sum(spending.year_fen for spending in person.spending if spending.kind is SpendingKind.WORK)
        figure, cost, how = mode, spent, f"实际支出 {shown(spent)}"
    else:
        return 0
    return _take(sheet, f"扣减就业成本（年，{person.ref}）", figure, cost, how, "deduct.work_cost.cap", earned)


def rigid_spending(people: list[Person]) -> int:
    """刚性支出 of these members: medical, disability and education, 分 a year."""
    return sum(spending.year_fen for person in people for spending in person.spending if spending.kind in RIGID)


def rigid(sheet: Sheet, counted: list[Person], income: Exact) -> Exact:
    """刚性支出 taken off the family's income where the place allows it, 分 a year, up to the cap; a line."""
    figure = sheet.find("deduct.rigid")
    if figure is None or figure.word != "actual":
        return 0
    spent = rigid_spending(counted)
    return _take(sheet, "扣减刚性支出（年）", figure, spent, f"实际支出 {shown(spent)}", "deduct.rigid.cap", income)


def _take(sheet: Sheet, label: str, figure: Figure, cost: Exact, how: str, cap_key: str, most: Exact) -> Exact:
    """The cost, within the monthly cap and never more than there is to take it off."""
    cap = sheet.find(cap_key)
    if cap and cost > cap.whole * 12:
        cost, how = cap.whole * 12, f"{how}，以每月{cap.text}元为限"
    if cost > most:
        cost, how = most, f"{how}，以收入为限"
    if cost:
        sheet.line(label, how, shown(cost), figure.cite, figure)
    return cost
