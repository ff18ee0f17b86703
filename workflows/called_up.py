"""What a decision touches beside its own case: other benefits of the family fall due to be looked at that day.

国发〔2016〕14号 (neither 低保 nor subsidies beside 特困); 国发〔2015〕52号 二; 民发〔2019〕62号 三.
No amount is touched, and no recheck begins by itself (民发〔2021〕57号 第三十、三十一条).
What is written for many cases at once, an adjustment or a roster taken over, calls up nothing.
"""

from datetime import date
from functools import partial

from sqlalchemy import exists, or_, select

from models import Benefit
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


def call_up(step: Step, before: Stage | None, fen: int) -> None:
    """Let what rests on this case fall due today: all of it where the aid began or ended for the family or the person.

    Where it only pays another amount (``fen``: 分 before), or one case takes the place of another, what tops it up.
    """
    benefit = step.benefit
    now = benefit.stage in IN_FORCE
    turned = (before in IN_FORCE) is not now
    if benefit.scheme not in TOUCHED or (not turned and benefit.monthly_fen == fen):
        return
    touched = TOUCHED[benefit.scheme]
    if not turned or _goes_on(step):
        touched = (TOPS_UP,) if TOPS_UP in touched else ()
    if not touched:
        return
    query = select(Benefit).where(
        Benefit.household_id == benefit.household_id, Benefit.id != benefit.id, Benefit.stage == Stage.ACTIVE,
        Benefit.scheme.in_(touched),
        or_(Benefit.review_due_on.is_(None), Benefit.review_due_on > step.on),
    )  # fmt: skip
    if benefit.member_id is not None:
        query = query.where(or_(Benefit.member_id == benefit.member_id, Benefit.scheme.not_in(PERSONAL)))
    became = "金额已变动" if before in IN_FORCE and now else "已确认" if now else "已终止"
    words = f"本户{FORMAL_NAME[benefit.scheme]}（案号{benefit.case_no}）{became}，须重新核查。"
    for other in step.session.scalars(query.order_by(Benefit.id)):
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
