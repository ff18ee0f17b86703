"""Some cases reckoned by one or more plans: what each process of a recalculation does, slice after slice."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from policy.assess import assess
from policy.book import Book
from policy.family import Family, Person
from policy.finding import Finding
from policy.people import is_severe
from policy.vocabulary import Illness, Outcome, Stage
from workflows.assessing import families
from workflows.comparing import Standing, compared
from workflows.tallies import Plan, Preview

AGES = ("age.adult", "age.elderly")


class Assessor:
    """Books of each plan by place, opened once: what a process needs to assess one family after another."""

    def __init__(self, on: date, plans: Sequence[Plan], base: Plan | None) -> None:
        self.on, self.plans, self.base = on, plans, base
        self._books: dict[tuple[int, str], Book] = {}
        self._ages: dict[str, tuple[int, int]] = {}

    def assess(self, family: Family, plan: int) -> Finding:
        """The finding by a plan; −1 is the base."""
        book = self._books.get((plan, family.place))
        chosen = self.plans[plan] if plan >= 0 else self.base
        assert chosen is not None
        if book is None:
            book = Book.open(chosen.figures, family.place, self.on, chosen.trial)
            self._books[plan, family.place] = book
        return assess(family, chosen.figures, book)

    def classes(self, family: Family) -> dict[str, int]:
        """How many of the family's people are of which class (分类施保 by age, severe disability, major illness)."""
        found: dict[str, int] = {}
        for person in family.members:
            for name in self._classes(person, family.place):
                found[name] = found.get(name, 0) + 1
        return found

    def _classes(self, person: Person, place: str) -> Iterator[str]:
        age = person.age(self.on)
        adult, elderly = self._age_limits(place)
        if age is not None and age >= elderly:
            yield "elderly"
        elif age is not None and age < adult:
            yield "minor"
        if is_severe(person):
            yield "severe_disability"
        if person.illness is Illness.MAJOR:
            yield "major_illness"

    def _age_limits(self, place: str) -> tuple[int, int]:
        if place not in self._ages:
            adult, elderly = (self.plans[0].figures.get(key, place=place, on=self.on) for key in AGES)
            self._ages[place] = adult.whole, elderly.whole
        return self._ages[place]


def slice_of(session: Session, ids: Sequence[int], assessor: Assessor) -> list[Preview]:
    """Previews of some cases, one for each plan."""
    found = [Preview(assessor.on, "") for _ in assessor.plans]
    standing = Standing(session, ids)
    for case, family in families(session, ids, assessor.on, chunk=len(ids)):
        known, special = standing.knows(case, family), case.id in standing.special
        people = assessor.classes(family)
        base = assessor.assess(family, -1) if assessor.base and known else None
        for plan, preview in enumerate(found):
            finding = assessor.assess(family, plan) if known else None
            if case.stage != Stage.REFUSED or _let_in(finding, base):
                preview.add(compared(case, finding, base, special), people)
    return found


def _let_in(finding: Finding | None, base: Finding | None) -> bool:
    """Whether a family that was refused fits the new figures, and does not fit the old ones."""
    fits = finding is not None and finding.outcome is Outcome.ELIGIBLE
    return fits and not (base is not None and base.outcome is Outcome.ELIGIBLE)
