"""Nothing but ``casework`` moves a case: what listens to every session, so that no other code can forget it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from models import Benefit, Event

OWNED = (
    "stage",
    "stage_since",
    "waiting_role",
    "step_due_on",
    "decide_by",
    "accepted_on",
    "decided_on",
    "notice_from",
    "notice_until",
    "pays_from",
    "monthly_fen",
    "one_off_fen",
    "paid_on",
    "taken_over",
    "review_due_on",
    "grace_until",
    "ended_on",
    "authority",
    "persons",
    "valid_until",
    "renew_from",
    "end_notice_until",
    "agreement_lacking_since",
)
"""Columns of a benefit that no other code may write."""


class NotThroughCasework(RuntimeError):
    """Something changed a stage, an amount or a date of a case without taking a step."""


@contextmanager
def taking(session: Session, benefit: Benefit) -> Iterator[None]:
    """Inside, a step of this case is being taken: what a step owns may be written.

    For ``casework``, and for ``calculating``, which hands on a case that waited for its calculation alone.
    """
    session.info["taking"] = benefit
    try:
        yield
    finally:
        session.info.pop("taking", None)


@event.listens_for(Session, "before_flush")
def only_casework_moves_a_case(session: Session, context: Any, instances: Any) -> None:
    """Refuse what a step owns and no step writes; remember the cases whose stage changed."""
    moved = session.info.setdefault("moved", {})
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Benefit) and (row in session.new or _owned_changes(row)):
            if session.info.get("taking") is not row:
                raise NotThroughCasework(f"{row.case_no}: {_owned_changes(row)} changed without a step")
            if row in session.new or inspect(row).attrs.stage.history.has_changes():
                moved[id(row)] = row
    for row in session.new:
        if isinstance(row, Event) and row.benefit is not None and row.to_stage == row.benefit.stage:
            moved.pop(id(row.benefit), None)


def _owned_changes(row: Benefit) -> list[str]:
    attributes = inspect(row).attrs
    return [name for name in OWNED if attributes[name].history.has_changes()]


@event.listens_for(Session, "before_commit")
def every_move_has_its_event(session: Session) -> None:
    """Refuse to commit the move of a case that no event tells of."""
    session.flush()
    if moved := session.info.get("moved"):
        raise NotThroughCasework(f"no event tells of the move of {[row.case_no for row in moved.values()]}")


@event.listens_for(Session, "after_rollback")
def _forget_moves(session: Session) -> None:
    session.info.pop("moved", None)
