"""One case told step by step, as casework would have written it: events, dates, amounts, papers, visits.

Stages and clauses come from the machine's own table.
"""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from policy.clauses import in_force
from policy.finding import Finding
from policy.vocabulary import Action, Area, ReviewClass, Scheme, Source, Stage, Unit
from workflows import machine
from workflows.casework import step_due_on
from workflows.demo.divisions import SYSTEM_STAFF, Staff
from workflows.demo.families import Family
from workflows.demo.people import Person
from workflows.demo.reckoning import Calculated, before, paid, reckon
from workflows.demo.steps import EFFECTS, Given
from workflows.demo.terms import Terms
from workflows.evidence import Known, picture

A = Action
RULES = {(s, f, rule.action): rule for rule in machine.RULES for s in rule.schemes for f in rule.from_}
YEAR = 12
QUIET = frozenset({Stage.ACTIVE, Stage.SUSPENDED, Stage.EXITED, Stage.WITHDRAWN})  # 低保 that waits for nobody


class Case:
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

    def step(self, action: Action, day: date, who: Staff = SYSTEM_STAFF, words: str = "", **given: Any) -> "Case":
        """Take one step on a day; ``given`` is what its dialog would have asked for, amounts in 分."""
        row, before, from_ = self.row, self.row.monthly_fen, self.row.stage
        rule = RULES[row.scheme, from_, action]
        if rule.to is not None and rule.to is not from_:
            row.stage, row.stage_since = rule.to, day
        data: Given = {}
        if effect := EFFECTS.get(action):
            effect(self, day, {"words": words, "who": who, **given}, data)
        if given.get("special"):
            data["special_decision"] = given["special"]
        self.events.append(SimpleNamespace(
            action=action, from_stage=from_, to_stage=row.stage, at=self._at(day, who), actor_id=who.id,
            actor_name=who.name, actor_role=who.role, channel="web" if who.id else "system", opinion=words,
            clause=given.get("clause") or in_force(rule.clause, day), monthly_before_fen=before,
            monthly_after_fen=row.monthly_fen, data=data, finding_id=None,
        ))  # fmt: skip
        return self

    def calculate(self, day: date, who: Staff) -> "Case":
        """Calculate by the rules of a day; the finding is stored with the case. Nothing where no figures reach back."""
        if reckon(self, day) is None:
            return self
        at = before(self, day)
        self.calculations.append(Calculated(at, len(self.events), paid(self), who.id))
        self.latest = at
        return self

    def _at(self, day: date, who: Staff) -> datetime:
        """Office hours for people, the first minutes of the day for the system; never before the step before."""
        hour = time(9, 5) if who.id else time(0, 10)
        self.latest = max(datetime.combine(day, hour), self.latest + timedelta(minutes=12))
        return self.latest

    def settle(self) -> "Case":
        """Put the case on the desk where the machine would lay it after its last step."""
        row = self.row
        if row.scheme is Scheme.DIBAO and row.stage in QUIET:
            return self
        owed = [paper.due_on for paper in self.papers if paper.filed_on is None]
        sources = {row.source: row.back_on for row in self.crosschecks.values()}
        last = self.latest.date()
        known = Known(self.events, owed, sources, range(row.persons))  # type: ignore[arg-type]
        facts = picture(row, known, self.terms.figures, last)  # type: ignore[arg-type]
        row.waiting_role = machine.waits_for(facts)
        row.step_due_on = step_due_on(row, facts, self.terms.figures)  # type: ignore[arg-type]
        return self


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
