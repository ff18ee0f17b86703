"""The one door to the rules: facts and figures in, a finding out."""

from collections.abc import Callable
from types import MappingProxyType

from policy.advice import enter_figures
from policy.book import Book
from policy.children import assess_orphan, assess_unsupported_child
from policy.deadlines import authority_and_deadlines
from policy.dibao import assess_dibao
from policy.disabled import assess_care_subsidy, assess_living_subsidy
from policy.edge import assess_edge, assess_rigid
from policy.family import Family
from policy.figures import Figures
from policy.finding import Finding
from policy.price import assess_price_subsidy
from policy.sheet import Sheet
from policy.tekun import assess_tekun
from policy.temporary import assess_temporary
from policy.vocabulary import Subject

RULES: MappingProxyType[Subject, Callable[[Sheet], Finding]] = MappingProxyType({
    Subject.DIBAO: assess_dibao,
    Subject.TEKUN: assess_tekun,
    Subject.TEMPORARY: assess_temporary,
    Subject.EDGE: assess_edge,
    Subject.RIGID: assess_rigid,
    Subject.PRICE_SUBSIDY: assess_price_subsidy,
    Subject.LIVING_SUBSIDY: assess_living_subsidy,
    Subject.CARE_SUBSIDY: assess_care_subsidy,
    Subject.UNSUPPORTED_CHILD: assess_unsupported_child,
    Subject.ORPHAN: assess_orphan,
})  # fmt: skip


def assess(family: Family, figures: Figures, book: Book | None = None) -> Finding:
    """What a scheme comes to for a family on its day: outcome, amounts, every line, reason and figure.

    ``book``: kept for families of one place and day without trial values of their own. Raises MissingFigure, BadFigure.
    """
    sheet = Sheet(family, book or Book.open(figures, family.place, family.on, family.figures))
    found = RULES[family.scheme](sheet)
    if found.authority is None:
        found.authority, found.deadlines = authority_and_deadlines(sheet)
    enter_figures(sheet)
    return found
