"""Household events as pages tell them: what happened, what became of the cases, what somebody does next."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import Benefit, Event, HouseholdEvent, HouseholdTask
from policy.vocabulary import UNDECIDED, Action, Need, Stage
from views import household_event_words as words
from views.formats import label
from workflows.actor import Actor
from workflows.household_event_effects import PERHAPS_RECEIVED
from workflows.household_tasks import waiting
from workflows.whose import own


def entry_of(row: Any, undone: frozenset[int] = frozenset()) -> dict[str, Any]:
    """One entry of a family's history of events."""
    return {
        "id": row.id, "home": row.household_id, "kind": label(row.kind), "day": row.happened_on, "names": row.names,
        "words": row.words, "evidence": row.evidence, "late": row.late, "who": row.actor_name, "at": row.at,
        "undone": row.id in undone,
    }  # fmt: skip


def entries(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The whole history of events of a family, those taken back marked as such."""
    undone = frozenset(row.undoes_id for row in rows if row.undoes_id is not None)
    return [entry_of(row, undone) for row in rows]


def next_steps(session: Session, row: HouseholdEvent) -> list[dict[str, Any]]:
    """Each open case that the event touched: what became of it, and where somebody goes on."""
    homes = [home for home in (row.household_id, row.other_id) if home is not None]
    query = select(Event).join(Benefit, Benefit.id == Event.benefit_id)
    steps = session.scalars(query.where(Benefit.household_id.in_(homes), Event.at == row.at).order_by(Event.id))
    mine = (step for step in steps if step.data.get("household_event") == row.id)
    found = {step.benefit_id: _of_step(step, row.household_id) for step in mine}
    for task in tasks_of(session, row):
        if task.benefit is not None:
            found[task.benefit.id] = _of_task(task, row.household_id)
    return list(found.values())


def tasks_of(session: Session, row: HouseholdEvent) -> list[HouseholdTask]:
    """What the event left to be done, done by now or not."""
    query = select(HouseholdTask).where(HouseholdTask.event_id == row.id)
    return list(session.scalars(query.order_by(HouseholdTask.id)))


def open_tasks(session: Session, actor: Actor, household_id: int) -> list[HouseholdTask]:
    """What still waits under the reader because of this family."""
    return list(session.scalars(_open(actor), {"home": household_id}))


@lru_cache(maxsize=256)
def _open(actor: Actor) -> Any:
    """The statement of ``open_tasks``, put together once for a reader."""
    return waiting(actor).where(HouseholdTask.household_id == bindparam("home"))


def _of_step(step: Event, home_id: int) -> dict[str, Any]:
    noted = "rechecking" if step.to_stage is Stage.RECHECK else "follows"
    what = {Action.START_RECHECK: "recheck", Action.END_ON_DEATH: "ends"}.get(step.action, noted)
    return _case(step.benefit, home_id, str(words.WHAT[what]), ends=what == "ends")


def _of_task(task: HouseholdTask, home_id: int) -> dict[str, Any]:
    assert task.benefit is not None
    gone = task.event is not None and task.event.kind in PERHAPS_RECEIVED
    unsettled = task.need is Need.END and gone and own(task.benefit) and task.benefit.stage not in UNDECIDED
    what = words.WHAT["unsettled"] if unsettled else words.what_waits(task)
    return {**_case(task.benefit, home_id, str(what)), "due": task.due_on, "done": task.done_on}


def _case(benefit: Benefit, home_id: int, what: str, ends: bool = False) -> dict[str, Any]:
    url = url_for("case.page", id=benefit.id)
    link = gettext("Go on with the recheck") if benefit.stage is Stage.RECHECK else gettext("To the case")
    return {"case_no": benefit.case_no, "scheme": words.whose(benefit, home_id), "what": what, "url": url, "link": link,
            "due": None, "done": None, "ends": ends, "amount": benefit.monthly_fen}  # fmt: skip
