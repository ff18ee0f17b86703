"""What the steps of a person's case write: two terms instead of one, parents found out, the day of coming of age."""

from models import ChildParent
from policy.authority import who_confirms
from policy.vocabulary import Action
from workflows.clocks_personal import both_by, last_day_as_child, next_review
from workflows.effects import EFFECTS as SHARED
from workflows.effects import end, grant, has_near_relative, pay_another
from workflows.step import Effect, Step


def _accept(step: Step) -> None:
    benefit = step.benefit
    benefit.accepted_on = step.on
    benefit.near_relative = has_near_relative(step.session, benefit)
    benefit.authority = who_confirms(step.figures, benefit.scheme, step.place, step.on)
    benefit.decide_by = both_by(step.figures, benefit.scheme, step.place, step.on)
    step.data["special"] = benefit.near_relative


def _record_survey(step: Step) -> None:
    SHARED[Action.RECORD_SURVEY](step)
    member = step.benefit.member
    assert member is not None
    known = {row.kind: row for row in member.parents}
    for told in step.given.parents:
        row = known.get(told.kind)
        if row is None:
            row = ChildParent(kind=told.kind)
            member.parents.append(row)
        row.state, row.since, row.until, row.note = told.state, told.since, told.until, told.note
    step.data["parents"] = [told.kind.value for told in step.given.parents]


def _county_opinion(step: Step) -> None:
    """Who of the disability federation or the departments answered, and when."""
    if step.given.by_name.strip():
        step.data["by_name"] = step.given.by_name.strip()
    if step.given.day is not None:
        step.data["day"] = step.given.day.isoformat()


def _confirm(step: Step) -> None:
    grant(step)
    _go_on(step)


def _change_amount(step: Step) -> None:
    pay_another(step)
    _go_on(step)


def _go_on(step: Step) -> None:
    """When it is looked at again, and on which day a child's money ends by itself."""
    benefit = step.benefit
    assert benefit.member is not None
    benefit.review_due_on = next_review(step.figures, benefit.scheme, step.place, step.on, benefit.member)
    benefit.valid_until = last_day_as_child(step.figures, benefit.scheme, step.place, step.on, benefit.member)


def _start_recheck(step: Step) -> None:
    step.benefit.decide_by = both_by(step.figures, step.benefit.scheme, step.place, step.on)


EFFECTS: dict[Action, Effect] = {
    Action.ACCEPT: _accept,
    Action.RECORD_SURVEY: _record_survey,
    Action.COUNTY_OPINION: _county_opinion,
    Action.CONFIRM: _confirm,
    Action.START_RECHECK: _start_recheck,
    Action.KEEP: _go_on,
    Action.RAISE: _change_amount,
    Action.CUT: _change_amount,
    Action.RESUME: _go_on,
    Action.EXPIRE: end,
}
