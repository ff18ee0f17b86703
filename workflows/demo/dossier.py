"""What is on file of an invented case: its row, events, papers, visits and calculations, before they are written."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from policy.family import Current
from policy.finding import Finding
from policy.vocabulary import Area, ReviewClass, Scheme, Source, Stage, Unit
from workflows.demo.families import Family
from workflows.demo.people import Person
from workflows.demo.terms import Terms

YEAR = 12


class Calculated(NamedTuple):
    """A calculation to be stored: when, after how many events of its case, and what the family was paid then."""

    at: datetime
    events: int
    paid: Current | None
    actor_id: int | None


class Dossier:
    """A benefit (``row``) with everything that hangs on it, each a namespace of the columns of its table."""

    def __init__(self, terms: Terms, family: Family, scheme: Scheme = Scheme.DIBAO, *, member: Person | None = None,
                 urgent: bool = False, requested: int | None = None) -> None:  # fmt: skip
        self.terms, self.family, self.member = terms, family, member
        self.events: list[SimpleNamespace] = []
        self.papers: list[SimpleNamespace] = []
        self.objections: list[SimpleNamespace] = []
        self.crosschecks: dict[Source, SimpleNamespace] = {}
        self.visits: list[SimpleNamespace] = []
        self.latest = datetime.min
        self.opinion_fen: int | None = None
        self.special: dict[str, Any] | None = None
        self.calculations: list[Calculated] = []
        self.reckoned: Finding | None = None
        self.row = _blank(family, scheme, family.area, member is not None)
        self.row.urgent, self.row.requested_fen = urgent, requested

    @property
    def stage(self) -> Stage:
        """Where the case stands."""
        stage: Stage = self.row.stage
        return stage

    @property
    def review_class(self) -> ReviewClass:
        """How often the family is looked at again, by its latest calculation; without one, by who of it can work."""
        months = self.reckoned.review_months if self.reckoned else None
        steady = self.family.steady if months is None else months >= YEAR
        return ReviewClass.STABLE if steady else ReviewClass.CHANGING


def _blank(family: Family, scheme: Scheme, area: Area, single: bool) -> SimpleNamespace:
    return SimpleNamespace(
        scheme=scheme, area=area, unit=Unit.SINGLE if single else Unit.HOUSEHOLD,
        persons=1 if single else max(len(family.present), 1), stage=None, stage_since=None, waiting_role=None,
        step_due_on=None, decide_by=None, urgent=False, special=False, near_relative=False, complaint_open=False,
        authority=None, applied_on=None, accepted_on=None, pledged_on=None, authorised_on=None, notice_from=None,
        notice_until=None, decided_on=None, pays_from=None, monthly_fen=0, requested_fen=None, one_off_fen=0,
        paid_on=None, taken_over=False, first_month=None, review_class=None, review_due_on=None, grace_until=None,
        ended_on=None, reason="", created_at=None, township_code=family.township, village_code=family.village,
    )  # fmt: skip
