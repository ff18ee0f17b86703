"""Townships and villages of the county: official codes, each level beginning with its parent's code."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Division
from policy.vocabulary import Role
from workflows import audit
from workflows.actor import Actor
from workflows.office import county, need
from workflows.reason import Reason, Refused

LONGER = {6: 9, 9: 12}  # a county's parts have 9 digits, a township's 12


def add(session: Session, actor: Actor, parent_code: str, code: str, name: str, now: datetime) -> Division:
    """A township under the county, or a village under a township; the caller commits."""
    need(actor, Role.SYSTEM_ADMIN)
    parent, name = _own(session, parent_code), "".join(name.split())
    session.refresh(parent, with_for_update={"key_share": True})  # an import may be making villages there
    digits = LONGER.get(len(parent.code))
    if digits is None:
        raise Refused([Reason("no_such_division")])
    faults = _name_faults(name)
    if not (code.isascii() and code.isdigit() and len(code) == digits and code.startswith(parent.code)):
        faults.append(Reason("division_shape", digits=digits, parent=parent.code))
    if faults:
        raise Refused(faults)
    same = or_(Division.code == code, (Division.parent_code == parent.code) & (Division.name == name))
    if session.scalar(select(Division.code).where(same)):
        raise Refused([Reason("division_taken")])
    audit.attribute(session, actor, now, "")
    row = Division(code=code, parent_code=parent.code, name=name, valid_from=now.date())
    session.add(row)
    session.flush()
    return row


def rename(session: Session, actor: Actor, code: str, name: str, reason: str, now: datetime) -> Division:
    """Another name for a township or village, with a reason; the caller commits."""
    need(actor, Role.SYSTEM_ADMIN)
    row, name = _own(session, code), "".join(name.split())
    faults = _name_faults(name) + ([] if reason.strip() else [Reason("reason_missing")])
    taken = select(Division.code).where(
        Division.parent_code == row.parent_code, Division.name == name, Division.code != code
    )
    if not faults and session.scalar(taken):
        faults.append(Reason("division_taken"))
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, reason.strip())
    row.name = name
    session.flush()
    return row


def _own(session: Session, code: str) -> Division:
    row = session.get(Division, code) if code.startswith(county(session).code) else None
    if row is None:
        raise Refused([Reason("no_such_division")])
    return row


def _name_faults(name: str) -> list[Reason]:
    return [] if 1 <= len(name) <= 60 else [Reason("division_name")]
