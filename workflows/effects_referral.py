"""What a referral to another body writes, and the reply that the township waits for."""

from datetime import timedelta

from sqlalchemy import select

from models import HouseholdTask
from policy.vocabulary import Need
from workflows.inputs import answered
from workflows.step import Step


def refer(step: Step) -> None:
    """To whom, with consent; what is needed stands in the words."""
    step.data.update(to_office=step.given.to_office.strip(), consented=step.given.form_signed)
    await_reply(step)


def await_reply(step: Step) -> None:
    """Put on the township's desk that a referral waits for its reply, from the day on which it is asked after."""
    figure = step.figures.find("referral.reply_days", place=step.place, on=step.on)
    due = step.on + timedelta(days=figure.whole) if figure else None
    benefit = step.benefit
    task = HouseholdTask(household_id=benefit.household_id, benefit=benefit, need=Need.REPLY, since=step.on, due_on=due)
    step.session.add(step.place_row(task))


def record_reply(step: Step) -> None:
    """The body that answered, when and how; the task of that day is done."""
    asked, day, reply = answered(step.facts, step.given), step.given.day, step.given.reply
    assert asked is not None and day is not None and reply is not None
    step.data.update(referral=asked.id, to_office=asked.office, day=day.isoformat(), reply=reply.value)
    mine = (HouseholdTask.benefit_id == step.benefit.id, HouseholdTask.need == Need.REPLY)
    query = select(HouseholdTask).where(*mine, HouseholdTask.done_on.is_(None), HouseholdTask.since == asked.on)
    if task := step.session.scalars(query.order_by(HouseholdTask.id)).first():
        task.done_on = step.on
