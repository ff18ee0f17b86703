"""One case told step by step, as casework would have written it: events, dates, amounts, papers, visits.

Stages and clauses come from the machine's own table.
"""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from policy.clauses import in_force
from policy.vocabulary import Action, Scheme, Stage
from workflows import machine
from workflows.casework import step_due_on
from workflows.demo.divisions import SYSTEM_STAFF, Staff
from workflows.demo.dossier import Calculated, Dossier
from workflows.demo.reckoning import before, paid, reckon
from workflows.demo.steps import EFFECTS, Given
from workflows.evidence import Known, picture

A = Action
RULES = {(s, f, rule.action): rule for rule in machine.RULES for s in rule.schemes for f in rule.from_}
QUIET = frozenset({Stage.ACTIVE, Stage.SUSPENDED, Stage.EXITED, Stage.WITHDRAWN})  # 低保 that waits for nobody


class Case(Dossier):
    """A case that is told: each step is added to what is on file of it."""

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
