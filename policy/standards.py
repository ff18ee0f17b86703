"""What the law asks of the standards themselves: checks of a place on a day, for the office that enters them."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from policy.book import Book
from policy.figures import Figure, Figures, MissingFigure
from policy.vocabulary import Area, Mode, Word


class Rule(Word):
    """A relation that a standard must keep to another number."""

    TEKUN = "tekun", "Basic living of extreme-poverty support, against the subsistence standard"
    URBAN_INCOME = "urban_income", "Urban subsistence standard, against last year's disposable income"
    WAGE_LEAST = "wage_least", "Subsistence standard, against the minimum wage: not below"
    WAGE_MOST = "wage_most", "Subsistence standard, against the minimum wage: not above"


class Check(NamedTuple):
    """A standard (``have``) and the bound it must keep: 分 a month, exact; ``of`` is what the bound is taken from.

    ``by`` is the figure that makes the rule; its cite is the clause. ``area`` where town and country differ.
    """

    rule: Rule
    ok: bool
    have: Figure
    of: Figure
    by: Figure
    bound: Fraction
    area: Area | None = None
    mode: Mode | None = None


def checks(figures: Figures, place: str, on: date) -> list[Check]:
    """Every check that the figures of the place allow on that day, in a fixed order; a missing number makes none."""
    book = Book.open(figures, place, on)
    return [*_tekun(book), *_urban_income(book), *_wage(book)]


def warnings(figures: Figures, place: str, on: date) -> list[Check]:
    """The checks that fail."""
    return [check for check in checks(figures, place, on) if not check.ok]


def _tekun(book: Book) -> Iterator[Check]:
    """特困基本生活标准不低于低保标准的1.3倍 (吉林省2017年9月22日通知 二(一); elsewhere as practised)."""
    by = book.find("tekun.base_multiple")
    if by is None:
        return
    prior = book.find("tekun.base_year")
    on = date(book.on.year - 1, 12, 31) if prior is not None and prior.word == "prior" else book.on
    for mode in Mode:
        have = book.find(f"tekun.basic.{mode}")
        if have is None:
            continue
        for area, standard in _standards(book, on):
            bound = by.multiple * standard.whole
            yield Check(Rule.TEKUN, have.whole >= bound, have, standard, by, bound, area, mode)


def _urban_income(book: Book) -> Iterator[Check]:
    """城市低保标准不低于上年度城镇居民人均可支配收入的20% (吉林省2017年9月22日通知 二(三))."""
    by, income = book.find("check.urban_income_percent"), book.find("income.disposable.urban")
    if by is None or income is None:
        return
    for area, standard in _standards(book, book.on):
        if area is not Area.RURAL:
            bound = by.share * income.whole / 12
            yield Check(Rule.URBAN_INCOME, standard.whole >= bound, standard, income, by, bound, area)


def _wage(book: Book) -> Iterator[Check]:
    """低保标准为最低工资的42%至48% (福建省)."""
    wage = book.find("wage.minimum")
    bounds: tuple[tuple[str, Rule, Callable[[int, Fraction], bool]], ...] = (
        ("check.wage_percent_min", Rule.WAGE_LEAST, lambda have, bound: have >= bound),
        ("check.wage_percent_max", Rule.WAGE_MOST, lambda have, bound: have <= bound),
    )
    for key, rule, holds in bounds:
        by = book.find(key)
        if wage is None or by is None:
            continue
        for area, standard in _standards(book, book.on):
            bound = by.share * wage.whole
            yield Check(rule, holds(standard.whole, bound), standard, wage, by, bound, area)


def _standards(book: Book, on: date) -> Iterator[tuple[Area | None, Figure]]:
    """The subsistence standard, once where town and country have the same figure, else for each."""
    seen = set()
    for area in Area:
        try:
            figure = book.by_area("dibao.standard", area, on)
        except MissingFigure:
            continue
        if figure.key not in seen:
            seen.add(figure.key)
            yield (None if figure.key == "dibao.standard" else area), figure
