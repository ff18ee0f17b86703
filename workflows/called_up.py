"""What a decision touches beside its own case: other benefits of the family fall due to be looked at that day.

国发〔2016〕14号 (neither 低保 nor subsidies beside 特困); 国发〔2015〕52号 二; 民发〔2019〕62号 三.
No amount is touched, and no recheck begins by itself (民发〔2021〕57号 第三十、三十一条).
``called_up_many`` does the same for what is decided of many cases at once.
"""

from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from models import Benefit, Event
from policy.letters import FORMAL_NAME
from policy.vocabulary import IN_FORCE, PERSONAL, Action, Scheme, Stage
from workflows.facts import Given
from workflows.step import After, Step

S = Scheme
TOUCHED: dict[Scheme, tuple[Scheme, ...]] = {
    S.DIBAO: (S.LIVING_SUBSIDY, S.UNSUPPORTED_CHILD),
    S.EDGE: (S.LIVING_SUBSIDY,),
    S.RIGID: (S.LIVING_SUBSIDY,),
    S.TEKUN: (S.DIBAO, S.EDGE, S.RIGID, S.LIVING_SUBSIDY, S.CARE_SUBSIDY, S.UNSUPPORTED_CHILD),
    S.ORPHAN: (S.TEKUN, S.LIVING_SUBSIDY, S.UNSUPPORTED_CHILD),
    S.UNSUPPORTED_CHILD: (S.TEKUN, S.LIVING_SUBSIDY),
    S.LIVING_SUBSIDY: (S.UNSUPPORTED_CHILD,),
}
"""By the scheme decided on, the others that rest on it: all on its being in force, ``TOPS_UP`` on its amount too."""
TOPS_UP = S.UNSUPPORTED_CHILD
"""Money that makes up what others leave of the standard (民发〔2019〕62号 三)."""
BEGAN, ENDED, CHANGED = "已确认", "已终止", "金额已变动"


def touched(scheme: Scheme, turned: bool) -> tuple[Scheme, ...]:
    """What rests on a scheme: on its being in force where that ``turned``, else on its amount alone."""
    found = TOUCHED.get(scheme, ())
    return found if turned else tuple(other for other in found if other is TOPS_UP)


def rests_on(case: Any, decided: Any, turned: bool) -> bool:
    """Whether a case of the same family rests on one that was decided: a person's own aid on their own alone."""
    own = decided.member_id is None or case.member_id == decided.member_id or case.scheme not in PERSONAL
    return own and case.id != decided.id and case.scheme in touched(decided.scheme, turned)


def waits(on: date) -> ColumnElement[bool]:
    """Cases in payment whose next look is still to come on a day."""
    later = or_(Benefit.review_due_on.is_(None), Benefit.review_due_on > on)
    return and_(Benefit.stage == Stage.ACTIVE, later)


def changed_beside(*since: ColumnElement[bool]) -> ColumnElement[bool]:
    """Of a case in a query: what it rests on began, ended or pays otherwise, by an event that meets all of these.

    As ``rests_on`` has it. A case that is due already is not called up again, so nothing else tells of a second
    decision that it waits for.
    """
    other = aliased(Benefit)
    own = or_(other.member_id.is_(None), other.member_id == Benefit.member_id, Benefit.scheme.not_in(PERSONAL))
    was, now = Event.from_stage, Event.to_stage
    began_or_ended = or_(
        now.in_(IN_FORCE) & (was.is_(None) | was.not_in(IN_FORCE)), now.not_in(IN_FORCE) & was.in_(IN_FORCE)
    )  # fmt: skip
    paid = Event.monthly_before_fen.is_distinct_from(Event.monthly_after_fen)
    rests = or_(*(
        and_(other.scheme == scheme, Benefit.scheme.in_(touched(scheme, turned)), happened)
        for scheme in TOUCHED for turned, happened in ((True, began_or_ended), (False, paid))
    ))  # fmt: skip
    return exists().where(
        other.household_id == Benefit.household_id, other.id != Benefit.id, own, Event.benefit_id == other.id, rests,
        *since,
    )  # fmt: skip


def said(decided: Any, became: str) -> str:
    """What the step of the case that is called up says of the one that was decided."""
    return f"本户{FORMAL_NAME[decided.scheme]}（案号{decided.case_no}）{became}，须重新核查。"


def call_up(step: Step, before: Stage | None, fen: int) -> None:
    """Let what rests on this case fall due today: all of it where the aid began or ended for the family or the person.

    Where it only pays another amount (``fen``: 分 before), or one case takes the place of another, what tops it up.
    """
    benefit = step.benefit
    now = benefit.stage in IN_FORCE
    turned = (before in IN_FORCE) is not now
    if benefit.scheme not in TOUCHED or (not turned and benefit.monthly_fen == fen):
        return
    turned = turned and not _goes_on(step)
    if not (schemes := touched(benefit.scheme, turned)):
        return
    query = select(Benefit).where(
        Benefit.household_id == benefit.household_id, Benefit.scheme.in_(schemes), waits(step.on)
    )  # fmt: skip
    words = said(benefit, CHANGED if before in IN_FORCE and now else BEGAN if now else ENDED)
    for other in step.session.scalars(query.order_by(Benefit.id)):
        if rests_on(other, benefit, turned):
            step.after.append(After(other, Action.PLAN_REVIEW, Given(words=words), partial(_to_plan, on=step.on)))


def _to_plan(benefit: Benefit, on: date) -> bool:
    return benefit.stage is Stage.ACTIVE and (benefit.review_due_on is None or benefit.review_due_on > on)


def _goes_on(step: Step) -> bool:
    """Whether another case of the same aid is in force for the same family or person, as beside its renewal."""
    benefit = step.benefit
    beside = exists().where(
        Benefit.household_id == benefit.household_id, Benefit.id != benefit.id, Benefit.scheme == benefit.scheme,
        Benefit.member_id == benefit.member_id, Benefit.stage.in_(IN_FORCE),
    )  # fmt: skip
    return bool(step.session.scalar(select(beside)))
