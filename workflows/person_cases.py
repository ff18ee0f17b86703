"""The case of one person lies with the family in which the person lives: it goes along to another one."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models import Benefit, Member
from policy.vocabulary import OPEN, Scheme, Unit
from workflows.household_scope import relocate_case
from workflows.visiting import call_off
from workflows.whose import own


def go_along(session: Session, benefit: Benefit) -> bool:
    """Let a person's case follow to the family where the person is now; whether it did.

    It stays where the person died, is in no family of the county, or has another open case of the scheme there; 低保 of
    one person also where the whole family receives it.
    """
    stay = _stay(session, benefit)
    if stay is None or _held(session, benefit, stay):
        return False
    former = benefit.household_id
    relocate_case(session, benefit, stay)
    call_off(session, former)
    return True


def _stay(session: Session, benefit: Benefit) -> Member | None:
    """The present stay of the person, where it is another one than the case names."""
    if not own(benefit) or benefit.member is None:
        return None
    same = Member.id_no_hash == benefit.member.id_no_hash
    query = select(Member).where(same, Member.left_on.is_(None), Member.id != benefit.member_id)
    return session.scalars(query).first()


def _held(session: Session, benefit: Benefit, stay: Member) -> bool:
    same = (Benefit.scheme == benefit.scheme, Benefit.stage.in_(OPEN))
    whose = Benefit.member_id == stay.id
    if benefit.scheme is Scheme.DIBAO:
        whose |= (Benefit.household_id == stay.household_id) & (Benefit.unit == Unit.HOUSEHOLD)
    return bool(session.scalar(select(exists().where(whose, *same))))
