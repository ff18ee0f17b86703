"""Who is no more where a benefit is paid: dead, or alive and elsewhere; only the dead are mourned in letters."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from models import Benefit, Member
from policy.vocabulary import LeaveReason, Unit


def last_left_alive() -> ColumnElement[bool]:
    """Of a benefit in a query: whoever was the last of it to leave is alive. NULL where nobody has left."""
    covered = and_(
        Member.household_id == Benefit.household_id,
        Member.left_on.is_not(None),
        or_(Benefit.unit == Unit.HOUSEHOLD, Member.id == Benefit.member_id),
    )
    dead = Member.leave_reason == LeaveReason.DEATH
    last = select(~dead).where(covered).order_by(Member.left_on.desc(), dead, Member.id.desc()).limit(1)
    return last.correlate(Benefit).scalar_subquery()


def left_alive(session: Session, benefit: Benefit) -> bool:
    """Whether the last who left this benefit went elsewhere, rather than died."""
    return bool(session.scalar(select(last_left_alive()).where(Benefit.id == benefit.id)))
