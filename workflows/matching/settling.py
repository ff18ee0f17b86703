"""Settling what a match found: each line with an outcome and a reason, then the run is closed; leads likewise.

A verb works in the caller's transaction and raises Refused with every reason, or Stale for an old row version.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import Lead, MatchLine, MatchRun, Member
from policy.division_codes import LEVELS
from policy.figures import Figures
from policy.vocabulary import Action, LeaveReason, Role, Stage
from workflows import audit, casework
from workflows.actor import SEES_CASES, Actor, scoped, within
from workflows.facts import Given
from workflows.matching.kinds import KINDS
from workflows.reason import LEAST_WORDS, Reason, Refused, unchanged

READERS = SEES_CASES - {Role.VILLAGE_WORKER}
SETTLERS = (Role.TOWNSHIP_OFFICER, Role.COUNTY_REVIEWER)
LEAD_SETTLERS = (Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER, Role.COUNTY_REVIEWER)
EXPLAINED, RECHECK, FRAUD, FALSE = "explained", "recheck", "fraud", "false_match"
DEATH, UNAUTHORISED = "death", "unauthorised"
OUTCOMES = (EXPLAINED, RECHECK, FRAUD, FALSE)
LEAD_STATES = ("applied", "not_needed", "not_found")


def visible_runs(actor: Actor) -> Any:
    """The query for the runs of the actor's own division, of those above it and below it, newest first."""
    code = actor.division_code
    above = [code[:digits] for digits in LEVELS if digits <= len(code)]
    query = select(MatchRun).where(or_(MatchRun.division_code.startswith(code), MatchRun.division_code.in_(above)))
    return query.where(MatchRun.id > 0 if actor.role in READERS else MatchRun.id < 0).order_by(MatchRun.id.desc())


def lines_of(actor: Actor, run: MatchRun) -> Any:
    """The query for a run's lines under the actor."""
    return scoped(select(MatchLine).where(MatchLine.match_run_id == run.id), MatchLine, actor)


def authorised(line: MatchLine) -> bool:
    """Whether what the list says may be shown: the family signed the cross-check authorisation, or none is needed.

    民发〔2021〕57号 第十三条: the economic situation is looked up once the family has authorised it. A death is no
    economic situation, and of who lived alone nobody is left to sign; of a lead a list only says where it came from.
    """
    return line.benefit is None or line.benefit.authorised_on is not None or KINDS[line.run.kind].death


def offered(line: MatchLine) -> tuple[str, ...]:
    """The outcomes that may be chosen for a line; without an authorisation only those that need no look at it."""
    if line.outcome is not None:
        return ()
    recheck = (RECHECK,) if line.benefit is not None and line.standing == "in_force" else ()
    if not authorised(line):
        return recheck or (UNAUTHORISED,)
    return (EXPLAINED, *recheck, *((FRAUD,) if line.benefit is not None else ()), FALSE)


class Settlement(NamedTuple):
    """What somebody found out about a hit: its outcome, the reason in words, and for ``fraud`` the clause."""

    outcome: str
    reason: str
    clause: str = ""


def settle(
    session: Session,
    actor: Actor,
    line: MatchLine,
    told: Settlement,
    now: datetime,
    figures: Figures,
    version: int | None = None,
) -> MatchLine:
    """Settle a line; ``recheck`` starts one (or names the one that runs)."""
    outcome, words, clause = told.outcome, told.reason.strip(), told.clause.strip()
    faults = [*_may(actor, line, SETTLERS), *_open(line)]
    if not faults and outcome not in offered(line):
        faults.append(Reason("match_unauthorised" if not authorised(line) else "match_outcome_missing"))
    faults += [Reason("words_missing")] if len(words) < LEAST_WORDS else []
    faults += [Reason("clause_missing")] if outcome == FRAUD and len(clause) < LEAST_WORDS else []
    _refuse(faults)
    unchanged(line, version)
    if outcome == RECHECK:
        line.event_id = _recheck(session, actor, line, words, now, figures)
    audit.attribute(session, actor, now, words)
    _close(line, outcome, words, actor, now)
    line.clause = clause
    session.flush()
    return line


def _recheck(
    session: Session, actor: Actor, line: MatchLine, words: str, now: datetime, figures: Figures
) -> int | None:
    """Start a recheck of the family's case, unless one runs; raises what the case says against it."""
    benefit = line.benefit
    assert benefit is not None
    if benefit.stage is Stage.RECHECK:
        return None
    event = casework.take(session, benefit, Action.START_RECHECK, actor, Given(words=words), now, figures)
    return int(event.id)


def authorise(session: Session, actor: Actor, line: MatchLine, day: date, now: datetime) -> None:
    """Record that the family signed the cross-check authorisation on a day; from then on its hits are shown."""
    faults = _may(actor, line, SETTLERS)
    faults += [Reason("match_authorised_before")] if authorised(line) else []
    faults += [Reason("day_in_future", day=day)] if day > now.date() else []
    _refuse(faults)
    assert line.benefit is not None
    audit.attribute(session, actor, now)
    line.benefit.authorised_on = day
    session.flush()


def settle_deaths(session: Session, actor: Actor, member: Member, now: datetime) -> int:
    """Settle the open lines of death lists about somebody whose death was just recorded; returns how many."""
    if member.leave_reason is not LeaveReason.DEATH or member.left_on is None:
        return 0
    deadly = [kind.code for kind in KINDS.values() if kind.death]
    query = select(MatchLine).join(MatchLine.run).where(MatchLine.member_id == member.id, MatchRun.kind.in_(deadly))
    lines = session.scalars(query.where(MatchLine.outcome.is_(None))).all()
    for line in lines:
        _close(line, DEATH, member.left_on.isoformat(), actor, now)
    session.flush()
    return len(lines)


def unsettled(session: Session, run: MatchRun) -> int:
    """How many lines of a run nobody has settled, wherever they lie."""
    query = select(func.count()).where(MatchLine.match_run_id == run.id, MatchLine.outcome.is_(None))
    return int(session.scalar(query) or 0)


def close(session: Session, actor: Actor, run: MatchRun, now: datetime, version: int | None = None) -> None:
    """Close a run of the actor's own division; refused while a line is unsettled."""
    own = actor.role in SETTLERS and actor.division_code == run.division_code
    faults = [] if own else [Reason("match_not_yours")]
    faults += [Reason("match_closed")] if run.state != "open" else []
    left = unsettled(session, run)
    faults += [Reason("match_unsettled", n=left)] if left else []
    _refuse(faults)
    unchanged(run, version)
    audit.attribute(session, actor, now)
    run.state, run.closed_at, run.closed_by_id = "closed", now, actor.id
    session.flush()


def settle_lead(
    session: Session, actor: Actor, lead: Lead, state: str, reason: str, now: datetime, version: int | None = None
) -> None:
    """Say what became of a lead: the family has applied, needs nothing, or was not found; with the reason."""
    words = reason.strip()
    faults = _may(actor, lead, LEAD_SETTLERS)
    faults += [Reason("lead_settled")] if lead.state != "open" else []
    faults += [Reason("lead_state_missing")] if state not in LEAD_STATES else []
    faults += [Reason("words_missing")] if len(words) < LEAST_WORDS else []
    _refuse(faults)
    unchanged(lead, version)
    audit.attribute(session, actor, now, words)
    lead.state, lead.reason, lead.settled_at = state, words, now
    lead.settled_by_id, lead.settled_by_name = actor.id, actor.name
    session.flush()


def _close(line: MatchLine, outcome: str, words: str, actor: Actor, now: datetime) -> None:
    line.outcome, line.reason, line.settled_at = outcome, words, now
    line.settled_by_id, line.settled_by_name = actor.id, actor.name


def _may(actor: Actor, row: MatchLine | Lead, roles: Sequence[Role]) -> list[Reason]:
    if actor.role not in roles:
        return [Reason("not_your_role", roles=tuple(roles))]
    return [] if within(actor, row.village_code) else [Reason("not_in_your_division")]


def _open(line: MatchLine) -> list[Reason]:
    return [Reason("match_settled")] if line.outcome is not None else []


def _refuse(faults: Sequence[Reason]) -> None:
    if faults:
        raise Refused(faults)
