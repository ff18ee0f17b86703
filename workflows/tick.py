"""What time alone does: a notice ends, a grace period ends, a debt falls due, a quarter's visits are planned.

Idempotent: run twice, the second run finds nothing to do. Each case is its own transaction, so that no lock is held
long; a case that somebody is changing, or holds for long, is left for the next run. For the rest, which is of no one
case, it waits as long as it takes.
"""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Select, exists, or_, select, text, union_all
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import Benefit, Event, Member, OwedPaper, Tick
from models.benefit import OPEN_PERSONAL
from models.patience import is_held, patient
from policy.figures import Figures
from policy.vocabulary import CHILDREN, CLASSES, IN_FORCE, RUNNING, Action, EndReason, Scheme, Stage, Unit
from workflows import casework, drafts, keys, near_relatives, tick_tekun
from workflows.actor import SYSTEM
from workflows.arrivals import looked_for, somewhere
from workflows.exchange import sweeping
from workflows.facts import Given
from workflows.reason import Refused
from workflows.visiting import plan_quarter

WORDS = {
    Action.CLOSE_NOTICE: "公示期满，无异议",
    Action.END_GRACE: "渐退期满",
    Action.END_ON_DEATH: "保障对象均已死亡或离开家庭",
    Action.PAPERS_OVERDUE: "先行救助材料逾期未补齐",
    Action.EXPIRE: "认定有效期满",
    **tick_tekun.WORDS,
}
OF_AGE = "年满18周岁"


def tick(session: Session, now: datetime, figures: Figures) -> dict[Action, int]:
    """Work time through up to ``now``; returns how many steps were taken of each kind. Commits."""
    with patient(False):
        done = _take_due(session, now, figures)
        session.commit()
    with patient():
        near_relatives.sweep(session, now, figures)
        plan_quarter(session, now, figures)
        keys.sweep(session, now)
        drafts.sweep(session, now)
        sweeping.sweep(session, now)
        session.merge(Tick(id=1, at=now))
        session.commit()
    return {action: n for action, n in done.items() if n}


def _take_due(session: Session, now: datetime, figures: Figures) -> dict[Action, int]:
    done = {action: _take_all(session, action, due(now.date()), now, figures) for action, due in _DUE.items()}
    ripe = list(tick_tekun.reviews_ripe(session, now.date(), figures))
    done[Action.PLAN_REVIEW] = sum(_take_one(session, id, Action.PLAN_REVIEW, now, figures, day) for id, day in ripe)
    return done


def _take_all(session: Session, action: Action, due: Select[int], now: datetime, figures: Figures) -> int:
    taken = 0
    for benefit_id in list(session.scalars(due)):
        taken += _take_one(session, benefit_id, action, now, figures)
    return taken


def _take_one(
    session: Session, benefit_id: int, action: Action, now: datetime, figures: Figures, day: date | None = None
) -> int:
    benefit = session.get(Benefit, benefit_id)
    assert benefit is not None
    # Time alone announces an ending only where nobody is left.
    why = EndReason.DEATH if action is Action.POST_END_NOTICE else None
    try:
        given = Given(words=_words(benefit, action), end_reason=why, day=day)
        casework.take(session, benefit, action, SYSTEM, given, now, figures)
        session.commit()
    except Refused:
        session.rollback()
        return 0
    except OperationalError as error:
        session.rollback()
        if not is_held(error):
            raise
        return 0
    return 1


def _words(benefit: Benefit, action: Action) -> str:
    return OF_AGE if action is Action.EXPIRE and benefit.scheme in CHILDREN else WORDS[action]


def _notices_over(on: date) -> Select[int]:
    return select(Benefit.id).where(Benefit.stage == Stage.NOTICE, Benefit.notice_until < on).order_by(Benefit.id)


def _graces_over(on: date) -> Select[int]:
    return select(Benefit.id).where(Benefit.stage == Stage.GRACE, Benefit.grace_until < on).order_by(Benefit.id)


def _terms_over(on: date) -> Select[int]:
    held = Benefit.scheme.in_(CLASSES) & Benefit.stage.in_(RUNNING)
    over = (Benefit.renew_from < on) & (Benefit.valid_until < on)  # the first is indexed, and never later
    grown = select(Benefit.id).where(
        text(OPEN_PERSONAL), Benefit.scheme.in_(CHILDREN), Benefit.stage.in_(IN_FORCE), Benefit.valid_until < on
    )  # the words of the partial index of persons' cases
    return select(union_all(select(Benefit.id).where(held, over), grown).subquery().c.id)


def _nobody_left(on: date) -> Select[int]:
    present = exists().where(
        Member.household_id == Benefit.household_id,
        Member.left_on.is_(None),
        or_(Benefit.unit == Unit.HOUSEHOLD, Member.id == Benefit.member_id),
    )
    # Of 特困 an ending hangs out first.
    told = or_(Benefit.scheme != Scheme.TEKUN, Benefit.end_notice_until.is_(None))
    nowhere = (Benefit.stage.in_(IN_FORCE), ~present, ~somewhere(), ~looked_for(on))
    return select(Benefit.id).where(*nowhere, told).order_by(Benefit.id)


def _debts_overdue(on: date) -> Select[int]:
    noted = exists().where(Event.benefit_id == OwedPaper.benefit_id, Event.action == Action.PAPERS_OVERDUE)
    return (
        select(OwedPaper.benefit_id)
        .join(Benefit, Benefit.id == OwedPaper.benefit_id)
        .where(OwedPaper.due_on < on, OwedPaper.filed_on.is_(None), Benefit.scheme == Scheme.TEMPORARY, ~noted)
        .distinct()
        .order_by(OwedPaper.benefit_id)
    )


_DUE: dict[Action, Callable[[date], Select[int]]] = {
    Action.CLOSE_NOTICE: _notices_over,
    Action.END_GRACE: _graces_over,
    Action.POST_END_NOTICE: tick_tekun.dead_unannounced,
    Action.CLOSE_END_NOTICE: tick_tekun.end_notices_over,
    Action.END_ON_DEATH: _nobody_left,
    Action.PAPERS_OVERDUE: _debts_overdue,
    Action.EXPIRE: _terms_over,
}
