"""Papers owed that the office will not issue: handed over before Doudi was there, or without a purpose by now.

Whoever may issue a paper may set it aside, with a reason, and take that back; both are in the history of the case.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import IssuedPaper, SetAsidePaper
from workflows import audit, issuing
from workflows.actor import Actor
from workflows.issuing import LONGEST_WHY, Sheet
from workflows.reason import LEAST_WORDS, Reason, Refused


def set_aside(session: Session, actor: Actor, now: datetime, sheet: Sheet, why: str) -> SetAsidePaper:
    """Say that a paper of a case will not be issued; the caller commits.

    Raises Refused for who may not issue it, without a reason, and for one that was issued or set aside already.
    """
    faults = issuing.faults_of(actor, sheet)
    faults += [Reason("why_missing")] if len(why.strip()) < LEAST_WORDS else []
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, why.strip())
    issuing.hold_register(session, sheet.office_code, now.year)
    if session.scalar(select(IssuedPaper.id).where(IssuedPaper.key == sheet.key).limit(1)):
        raise Refused([Reason("paper_issued")])
    if find(session, sheet.key) is not None:
        raise Refused([Reason("paper_set_aside_before")])
    row = SetAsidePaper(
        key=sheet.key, kind=sheet.kind, benefit_id=sheet.benefit_id, event_id=sheet.event_id,
        why=why.strip()[:LONGEST_WHY], at=now, actor_id=actor.id, actor_name=actor.name,
        township_code=sheet.township_code, village_code=sheet.village_code,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def take_back(session: Session, actor: Actor, now: datetime, sheet: Sheet) -> None:
    """Let a paper that was set aside be owed again; the caller commits.

    Raises Refused for who may not issue it, and where it is not set aside.
    """
    if faults := issuing.faults_of(actor, sheet):
        raise Refused(faults)
    audit.attribute(session, actor, now)
    issuing.hold_register(session, sheet.office_code, now.year)
    row = find(session, sheet.key)
    if row is None:
        raise Refused([Reason("paper_not_set_aside")])
    session.delete(row)
    session.flush()


def find(session: Session, key: str) -> SetAsidePaper | None:
    """How the paper of this key was set aside, if it was."""
    return session.scalars(select(SetAsidePaper).where(SetAsidePaper.key == key)).first()


def among(session: Session, keys: Sequence[str]) -> dict[str, SetAsidePaper]:
    """By key, those of these papers that are set aside."""
    query = select(SetAsidePaper).where(SetAsidePaper.key.in_(keys))
    return {row.key: row for row in session.scalars(query)} if keys else {}


def of_case(session: Session, benefit_id: int) -> dict[str, SetAsidePaper]:
    """By key, the papers of a case that are set aside."""
    query = select(SetAsidePaper).where(SetAsidePaper.benefit_id == benefit_id)
    return {row.key: row for row in session.scalars(query)}
