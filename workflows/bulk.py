"""One step for many cases: each is asked of the machine by itself, and taken in a transaction of its own.

Only steps that judge nobody are taken so. An opinion, a confirmation, a refusal, an amount are decided case by case;
keeping an amount is among these only because calculation and opinion have to say so of every single case.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.exc import StaleDataError

from models import Benefit, BulkLine, BulkRun
from policy.figures import Figures, MissingFigure
from policy.stage_words import stage_of
from policy.vocabulary import Action
from workflows import casework, jobs, kept_reasons
from workflows.actor import Actor, scoped
from workflows.evidence import facts_of
from workflows.facts import Given
from workflows.freshness import as_of_now
from workflows.machine import decide, rules_of
from workflows.office import who_began
from workflows.reason import Reason, Refused

A = Action
IN_BULK = (
    A.START_REVIEW, A.POST_NOTICE, A.CLOSE_NOTICE, A.SUBMIT_REFUSAL, A.TELL_REFUSAL, A.START_RECHECK, A.KEEP,
    A.END_GRACE, A.RECORD_PAYMENT,
)  # fmt: skip
MOST = 1_000
AT_ONCE = 100
"""Cases taken within the request itself; more are a job with progress."""
CHUNK = 200
KIND = "bulk"


class Weighed(NamedTuple):
    """A case and everything that stands in the way of the step; nothing where it is possible."""

    benefit: Benefit
    reasons: tuple[Reason, ...]


def weigh(
    session: Session, actor: Actor, ids: Sequence[int], action: Action, given: Given, figures: Figures, on: date
) -> list[Weighed]:
    """What the machine says of the step for each of these cases, in their order; cases elsewhere are left out."""
    found = []
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        query = scoped(select(Benefit).where(Benefit.id.in_(part)), Benefit, actor)
        rows = {row.id: row for row in session.scalars(query.options(joinedload(Benefit.household))).unique()}
        found += [_weighed(session, actor, rows[id], action, given, figures, on) for id in part if id in rows]
    return found


def _weighed(
    session: Session, actor: Actor, benefit: Benefit, action: Action, given: Given, figures: Figures, on: date
) -> Weighed:
    if not any(rule.action is action for rule in rules_of(benefit.scheme, benefit.stage)):
        missing = Reason("no_such_step", action=action, stage=stage_of(benefit), scheme=benefit.scheme)
        return Weighed(benefit, (missing,))
    try:
        decide(as_of_now(session, benefit, facts_of(session, benefit, figures, on), action, on), action, actor, given)
    except Refused as refused:
        return Weighed(benefit, refused.reasons)
    except MissingFigure as error:
        return Weighed(benefit, (Reason("figure_missing", key=error.key),))
    return Weighed(benefit, ())


def begin(
    session: Session, actor: Actor, now: datetime, action: Action, given: Given, weighed: Iterable[Weighed]
) -> BulkRun:
    """Write down what is to be done and what is not; the caller commits, then has it carried out."""
    if action not in IN_BULK:
        raise Refused([Reason("not_in_bulk", action=action)])
    told = {"words": given.words, "day": given.day.isoformat() if given.day else None}
    run = BulkRun(action=action, given=told, user_id=actor.id, created_at=now)
    session.add(run)
    session.flush()
    session.add_all(_line(run, one) for one in weighed)
    session.flush()
    return run


def _line(run: BulkRun, one: Weighed) -> BulkLine:
    benefit = one.benefit
    return BulkLine(
        bulk_run_id=run.id, benefit_id=benefit.id, row_version=benefit.row_version,
        outcome="refused" if one.reasons else "waiting", reasons=[kept_reasons.keep(r) for r in one.reasons],
        township_code=benefit.township_code, village_code=benefit.village_code,
    )  # fmt: skip


def carry_out(work: jobs.Work, arguments: dict[str, Any]) -> None:
    """Take the step for every case that still waits; may be repeated, and begun again after a kill."""
    with Session(work.engine) as session:
        run = session.get_one(BulkRun, arguments["run"])
        action, given, actor = run.action, _given(run.given), who_began(session, run.user_id)
        ids = list(session.scalars(_waiting(run.id)))
    for done, id in enumerate(ids):
        work.progress(done, len(ids))
        _take(work.engine, id, action, given, actor, work.clock(), work.figures)
    work.progress(len(ids), len(ids))


def _waiting(run_id: int) -> Any:
    mine = (BulkLine.bulk_run_id == run_id) & (BulkLine.outcome == "waiting")
    return select(BulkLine.id).where(mine).order_by(BulkLine.id)


def _take(
    engine: Engine, line_id: int, action: Action, given: Given, actor: Actor, now: datetime, figures: Figures
) -> None:
    """One case: its step and the note of it in one transaction; a refusal, or a figure it lacks, only the note."""
    try:
        with Session(engine) as session, session.begin():
            line = session.get_one(BulkLine, line_id, with_for_update=True)
            if line.outcome == "waiting":
                benefit = session.get_one(Benefit, line.benefit_id)
                casework.take(session, benefit, action, actor, given, now, figures, line.row_version)
                line.outcome = "done"
    except Refused as refused:
        _refuse(engine, line_id, refused.reasons)
    except MissingFigure as missing:
        _refuse(engine, line_id, [Reason("figure_missing", key=missing.key)])
    except StaleDataError:
        _refuse(engine, line_id, [Reason("stale")])


def _refuse(engine: Engine, line_id: int, reasons: Iterable[Reason]) -> None:
    with Session(engine) as session, session.begin():
        line = session.get_one(BulkLine, line_id, with_for_update=True)
        if line.outcome == "waiting":
            line.outcome, line.reasons = "refused", [kept_reasons.keep(reason) for reason in reasons]


def _given(told: dict[str, Any]) -> Given:
    return Given(words=told["words"], day=date.fromisoformat(told["day"]) if told["day"] else None)
