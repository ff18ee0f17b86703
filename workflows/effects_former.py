"""What steps of 低保 write where the rule of the day of acceptance asks more: 民发〔2012〕220号 before 2021-07-01."""

from datetime import timedelta

from sqlalchemy import select

from models import Crosscheck
from policy.vocabulary import Action, Stage
from workflows import county_checks
from workflows.effects import EFFECTS as SHARED
from workflows.evidence_former import rules_on
from workflows.step import Effect, Step


def _post_notice(step: Step) -> None:
    """The first notice, or (from the confirmer) the second; each as long as the rule of the day of acceptance says."""
    second = step.facts.stage is Stage.APPROVAL
    key = "notice.county_days" if second else "notice.days"
    days = step.figures.get(key, place=step.place, on=rules_on(step.benefit, step.on)).whole
    step.benefit.notice_from = step.on
    step.benefit.notice_until = step.on + timedelta(days=days)
    assert step.facts.opinion is not None
    step.data.update(until=step.benefit.notice_until.isoformat(), amount_fen=step.facts.opinion.amount_fen)
    if second:
        step.data["second"] = True


def _draw(step: Step) -> None:
    """The lot for the county's own visit, and doubtful answers, which force it (民发〔2012〕220号: 30%, 100%)."""
    on = rules_on(step.benefit, step.on)
    percent = step.figures.find("county.visit_percent", place=step.place, on=on)
    if percent is None or step.facts.notice_held:
        return
    row = county_checks.draw(step.session, step.benefit, step.on, percent.multiple)
    doubtful = select(Crosscheck.id).where(Crosscheck.benefit_id == step.benefit.id, Crosscheck.doubtful)
    step.data["drawn"] = row.picked or step.session.scalar(doubtful.limit(1)) is not None


def _county_visit(step: Step) -> None:
    SHARED[Action.COUNTY_VISIT](step)
    if step.facts.former.drawn:
        county_checks.visited(step.session, step.benefit, step.on)


def _review_meeting(step: Step) -> None:
    given = step.given
    day = given.day or step.on
    step.data.update(present=given.present, delegates=given.delegates, grants=given.grants, day=day.isoformat())


EFFECTS: dict[Action, Effect] = {
    Action.POST_NOTICE: _post_notice,
    Action.CLOSE_NOTICE: _draw,
    Action.SUBMIT_REFUSAL: _draw,
    Action.COUNTY_VISIT: _county_visit,
    Action.REVIEW_MEETING: _review_meeting,
}
