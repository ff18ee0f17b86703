"""Cases that an import took over are withdrawn when it is undone: TAKE_BACK, decided one by one, written as a set."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from models import Benefit, Event
from policy.vocabulary import Action
from workflows import audit, desk
from workflows.actor import Actor
from workflows.facts import Facts, Given
from workflows.machine import Move, decide
from workflows.reason import Reason, Refused


def take_back_many(
    session: Session, actor: Actor, now: datetime, words: str, batch_id: int, homes: Collection[int]
) -> dict[int, tuple[Reason, ...]]:
    """Withdraw the cases that an import took over for these families, each by its own step.

    Returns the refused by case, with reasons. Set-based and in the caller's transaction; writes nothing when a single
    one is refused.
    """
    audit.attribute(session, actor, now, words, batch_id=batch_id)
    given, moves, refused = Given(words, batch_id=batch_id), [], {}
    for case in _of_batch(session, batch_id, homes):
        facts = Facts(scheme=case.scheme, stage=case.stage, on=now.date(), place=case.village_code,
                      taken_over=case.taken_over, touched=case.events > 1)  # fmt: skip
        try:
            moves.append((case, decide(facts, Action.TAKE_BACK, actor, given)))
        except Refused as refusal:
            refused[case.id] = refusal.reasons
    if moves and not refused:
        _write_back(session, moves, given, actor, now)
    return refused


def _of_batch(session: Session, batch_id: int, homes: Collection[int]) -> list[Any]:
    events = select(func.count(Event.id)).where(Event.benefit_id == Benefit.id).scalar_subquery()
    columns = (Benefit.id, Benefit.scheme, Benefit.stage, Benefit.taken_over, Benefit.township_code,
               Benefit.village_code, Benefit.monthly_fen, Benefit.household_id, events.label("events"))  # fmt: skip
    rows = session.execute(select(*columns).where(Benefit.batch_id == batch_id).order_by(Benefit.id))
    return [case for case in rows if case.household_id in homes]


def _write_back(session: Session, moves: list[tuple[Any, Move]], given: Given, actor: Actor, now: datetime) -> None:
    on = now.date()
    ended = {"stage": moves[0][1].to, "stage_since": on, "ended_on": on, "reason": given.words, "review_due_on": None,
             "agreement_lacking_since": None}  # fmt: skip
    events = [
        {"benefit_id": case.id, "action": Action.TAKE_BACK, "from_stage": case.stage, "to_stage": move.to, "at": now,
         "actor_id": actor.id, "actor_name": actor.name, "actor_role": actor.role, "channel": actor.channel,
         "opinion": given.words, "clause": move.rule.clause, "monthly_before_fen": case.monthly_fen,
         "monthly_after_fen": case.monthly_fen, "data": {}, "batch_id": given.batch_id,
         "township_code": case.township_code, "village_code": case.village_code}
        for case, move in moves
    ]  # fmt: skip
    with audit.set_based(session):
        for start in range(0, len(moves), 500):
            part = [case.id for case, _ in moves[start : start + 500]]
            cases = update(Benefit).where(Benefit.id.in_(part)).values(ended | {"row_version": Benefit.row_version + 1})
            session.execute(cases.execution_options(synchronize_session=False))
        session.execute(insert(Event), events)
        audit.bulk(session, "benefit", ({"id": case.id, "stage": move.to} for case, move in moves), action="undo")
    session.expire_all()
    desk.recount(session, {case.township_code for case, _ in moves})
