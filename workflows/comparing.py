"""One case beside what it comes to: which way it goes, and what of its history keeps it from going anywhere."""

from collections.abc import Sequence

from sqlalchemy import String, func, select
from sqlalchemy.orm import Session

from models import Event
from policy.family import Family
from policy.finding import Finding
from policy.vocabulary import PERSONAL, Action, Outcome, Stage
from workflows.assessing import Case
from workflows.tallies import EASED, Change

UNSURE_OF_GRACE = "grace_cause_missing"
OVER_THE_LINE = frozenset({UNSURE_OF_GRACE, "income_above_standard"})
RECKONED = ("up", "down", "same")
DECISIONS = (
    Action.CONFIRM, Action.KEEP, Action.RAISE, Action.CUT, Action.CHANGE_SUPPORT, Action.RECALCULATE,
)  # fmt: skip


class Standing:
    """What the history says of some cases: which were decided by a calculation, whose amount was decided singly."""

    def __init__(self, session: Session, ids: Sequence[int]) -> None:
        query = select(Event.benefit_id).where(Event.benefit_id.in_(ids), Event.finding_id.is_not(None)).distinct()
        self.calculated = set(session.scalars(query))
        self.special = _special(session, ids)

    def knows(self, case: Case, family: Family) -> bool:
        """Whether what the scheme asks for is known; a roster alone may tell nothing of it.

        The family's income: a line of it is on file, or a decision rests on there being none. Of one person's
        entitlement: the disability, or what keeps a child's parents from raising it.
        """
        if case.id in self.calculated:
            return True
        if case.scheme in PERSONAL:
            return any(p.disability or p.parents for p in family.members if p.ref == family.alone)
        return any(person.income for person in family.members)


def _special(session: Session, ids: Sequence[int]) -> set[int]:
    """Cases whose amount rests on a decision on the single case (一事一议), and on no later one."""
    told = Event.data.cast(String).like("%special_decision%")
    singly = set(session.scalars(select(Event.benefit_id).where(Event.benefit_id.in_(ids), told).distinct()))
    decisions = select(func.max(Event.id)).where(Event.action.in_(DECISIONS), Event.benefit_id.in_(singly))
    latest = list(session.scalars(decisions.group_by(Event.benefit_id))) if singly else []
    return set(session.scalars(select(Event.benefit_id).where(Event.id.in_(latest), told))) if latest else set()


def compared(case: Case, finding: Finding | None, base: Finding | None = None, special: bool = False) -> Change:
    """A case beside what it comes to; ``finding`` None: its facts do not tell. ``base``: compare with that instead.

    ``special``: its amount was decided on the single case, and stays.
    """
    before = base.monthly_fen if base is not None and base.outcome is Outcome.ELIGIBLE else case.monthly_fen
    outcome, after = ("special", before) if special else _outcome(case, finding, before)
    if base is not None and base.outcome is not Outcome.ELIGIBLE:
        # What the new figures do not change is not theirs: over the line before and after is the same.
        outcome = "same" if outcome == "over" else "back" if outcome in RECKONED else outcome
    income = finding.income_month_fen if finding else None
    return Change(
        case.id, case.row_version, case.township_code, case.village_code, case.persons, outcome, before, after, income,
        finding.standard_fen if finding else None, _reasons(finding) if finding and outcome != "same" else (),
    )  # fmt: skip


def _reasons(finding: Finding) -> tuple[str, ...]:
    eased = (EASED,) if finding.outcome is Outcome.GRACE else ()
    return (*eased, *(str(reason["code"]) for reason in finding.reasons))


def _outcome(case: Case, finding: Finding | None, before: int) -> tuple[str, int]:
    if finding is None:
        return "incomplete", before
    if case.stage == Stage.REFUSED:
        return "in", finding.monthly_fen
    if case.stage == Stage.GRACE:
        return "grace", before
    if finding.outcome is Outcome.ELIGIBLE and finding.monthly_fen > 0:
        after = finding.monthly_fen
        return ("up" if after > before else "down" if after < before else "same"), after
    if finding.outcome is Outcome.SPECIAL_DECISION:
        return "special", before
    if finding.outcome is Outcome.INCOMPLETE:
        codes = {str(reason["code"]) for reason in finding.reasons}
        return ("over" if UNSURE_OF_GRACE in codes and codes <= OVER_THE_LINE else "incomplete"), before
    return "over", before
