"""What time alone does to cases of 特困: a notice of ending ends, a death is announced, somebody comes of age."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from models import Benefit, Event, Member
from policy.figures import Figures
from policy.vocabulary import RUNNING, Action, Scheme, Stage, Unit
from workflows.arrivals import somewhere
from workflows.clocks_tekun import OLDEST, ripe_on
from workflows.departures import last_left_alive

WORDS = {
    Action.POST_END_NOTICE: "救助供养对象死亡，拟终止救助供养",
    Action.CLOSE_END_NOTICE: "终止救助供养公示期满，无异议",
    Action.PLAN_REVIEW: "年满供养年龄或者学年结束，列入复核",
}
_HERE = and_(
    Member.household_id == Benefit.household_id, Member.left_on.is_(None),
    or_(Benefit.unit == Unit.HOUSEHOLD, Member.id == Benefit.member_id),
)  # fmt: skip


def end_notices_over(on: date) -> Select[int]:
    """Cases whose notice of ending has hung for its full term."""
    return select(Benefit.id).where(Benefit.end_notice_until < on).order_by(Benefit.id)


def dead_unannounced(on: date) -> Select[int]:
    """Cases in which the last person died, and no notice says so yet; leaving is for the township to look into."""
    told = exists().where(Event.benefit_id == Benefit.id, Event.action == Action.CLOSE_END_NOTICE)
    paid = (Benefit.scheme == Scheme.TEKUN, Benefit.stage.in_(RUNNING), Benefit.end_notice_until.is_(None))
    nobody = (~exists().where(_HERE), ~somewhere(), ~last_left_alive())
    return select(Benefit.id).where(*paid, *nobody, ~told).order_by(Benefit.id)


def reviews_ripe(session: Session, on: date, figures: Figures) -> Iterator[tuple[int, date]]:
    """Cases in payment whose review is planned for later than somebody comes of age, or ends a school year; when."""
    young = (Member.birth > on - OLDEST, Benefit.scheme == Scheme.TEKUN, Benefit.stage == Stage.ACTIVE)
    query = select(Benefit, Member).join(Member, _HERE).where(*young, Benefit.review_due_on > on)
    for benefit, member in list(session.execute(query.order_by(Benefit.id))):
        since = benefit.decided_on or benefit.applied_on
        ripe = ripe_on(figures, benefit.village_code, _looked_at(session, benefit) or since, member)
        if ripe is not None and benefit.review_due_on is not None and ripe < benefit.review_due_on:
            yield benefit.id, ripe


def _looked_at(session: Session, benefit: Benefit) -> date | None:
    """When somebody last looked at whether support goes on."""
    looks = (Action.CONFIRM, Action.KEEP, Action.RAISE, Action.CUT, Action.PLAN_REVIEW, Action.TAKE_OVER)
    query = select(Event.at).where(Event.benefit_id == benefit.id, Event.action.in_(looks))
    at = session.scalar(query.order_by(Event.id.desc()).limit(1))
    return at.date() if at else None
