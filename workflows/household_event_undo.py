"""Taking back an event that was entered wrongly, while nothing has been built on it.

The people and the family stand again as before. What the event called for in the cases stays on record: a recheck that
it began goes on and decides on the people as they now are; what only waited is taken off the desk. The report that it
carried out, and what a visit had found, wait again.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Event, Household, HouseholdEvent, MatchLine, Member
from policy.figures import Figures
from policy.vocabulary import Action, Happening, LeaveReason, Relation
from workflows import audit, household_reports, visit_settling
from workflows.actor import Actor
from workflows.arrivals import taken_back
from workflows.household_event_effects import follow
from workflows.household_event_input import Done, Happened
from workflows.household_event_trace import put_back, row_of, stands
from workflows.household_events import history, may_record, write_event
from workflows.household_scene import Scene, recount
from workflows.household_tasks import finish
from workflows.matching.settling import DEATH
from workflows.reason import Reason, Refused

LASTING = frozenset({Happening.HANDOVER, Happening.MOVED, Happening.ID_NUMBER, Happening.UNDONE})
"""Events that are mended by another one of their kind, or on the record itself."""
HARMLESS = (Action.START_RECHECK, Action.FAMILY_CHANGED)
"""Steps of a case that an event itself brings about."""


def undo(session: Session, event: HouseholdEvent, words: str, actor: Actor, now: datetime, figures: Figures) -> Done:
    """Take an entry back; raises Refused with whatever has been built on it."""
    if reasons := [*_may(session, event, actor), *([] if len(words.strip()) >= 2 else [Reason("words_missing")])]:
        raise Refused(dict.fromkeys(reasons))
    audit.attribute(session, actor, now, words)
    households = _households(session, event)
    _restore(session, event)
    scene = Scene(
        session, event.household, Happened(Happening.UNDONE, event.happened_on, words), actor, now, figures,
        names=[event.names] if event.names else [], households=households,
    )  # fmt: skip
    recount(scene)
    _reopen_lines(session, event)
    back = _write(scene, event)
    finish(session, now.date(), event_id=event.id)
    taken_back(session, event, now.date())
    household_reports.wait_again(session, event)
    visit_settling.wait_again(session, event)
    return Done(back, tuple(households), follow(session, back, households, actor, now, figures))


def why_not(session: Session, event: HouseholdEvent, actor: Actor) -> list[Reason]:
    """What stands in the way of taking an entry back; empty where it can be."""
    return _may(session, event, actor)


def _may(session: Session, event: HouseholdEvent, actor: Actor) -> list[Reason]:
    homes = _households(session, event)
    kept = [home for home in homes if f"household:{home.id}" not in event.data.get("made", [])]
    found = [r for home in kept for r in may_record(home, actor) if r.code != "household_dissolved"]
    if _lasts(event):
        return [*found, Reason("event_lasts")]
    found += _later(session, event, homes)
    found += _cases(session, event, homes)
    rows = [(row_of(session, key), changed) for key, changed in event.data["changed"].items()]
    if not all(row is not None and stands(row, changed) for row, changed in rows):
        found.append(Reason("event_rows_changed"))
    back = [row for row, changed in rows if isinstance(row, Member) and changed.get("left_on", [""])[0] is None]
    return found + _elsewhere(session, event, back)


def _elsewhere(session: Session, event: HouseholdEvent, back: list[Member]) -> list[Reason]:
    """Who went by the entry and was entered in another family since: nobody stands in two."""
    made = [row.id for key in event.data["made"] if isinstance(row := row_of(session, key), Member)]
    first = {row.id_no_hash: row.joined_on for row in back}
    query = select(Member.name, Member.id_no_hash, Member.left_on).where(
        Member.id_no_hash.in_(first), Member.id.not_in([*made, *(row.id for row in back)]),
        Member.leave_reason.is_distinct_from(LeaveReason.CORRECTION),
    )  # fmt: skip
    there = [stay for stay in session.execute(query) if stay.left_on is None or stay.left_on > first[stay.id_no_hash]]
    return [Reason("event_person_elsewhere", name=stay.name) for stay in there]


def _later(session: Session, event: HouseholdEvent, homes: list[Household]) -> list[Reason]:
    """A later entry of any of the families that still counts."""
    entries = {one.id: one for home in homes for one in history(session, home.id)}
    undone = {one.undoes_id for one in entries.values()}
    if event.id in undone:
        return [Reason("event_undone_before")]
    later = [e for e in entries.values() if e.id > event.id and e.undoes_id is None and e.id not in undone]
    if not later:
        return []
    staying = next(filter(_lasts, later), None)
    named = staying or later[0]
    return [Reason("event_later_lasts" if staying else "event_later", day=named.happened_on, kind=named.kind)]


def _lasts(event: HouseholdEvent) -> bool:
    return event.kind in LASTING or "changed" not in event.data


def _cases(session: Session, event: HouseholdEvent, homes: list[Household]) -> list[Reason]:
    """A case that went on after the event, ended by it, or was begun in a family that it founded."""
    steps = select(Event).join(Benefit, Benefit.id == Event.benefit_id)
    steps = steps.where(Benefit.household_id.in_([home.id for home in homes]), Event.at >= event.at)
    built = [
        step for step in session.scalars(steps.order_by(Event.id))
        if step.action not in HARMLESS and (step.at > event.at or step.data.get("household_event") == event.id)
    ]  # fmt: skip
    return [Reason("event_case_went_on", case_no=built[0].benefit.case_no, action=built[0].action)] if built else []


def _households(session: Session, event: HouseholdEvent) -> list[Household]:
    keys = {*event.data.get("changed", {}), *event.data.get("made", [])}
    rows = [row_of(session, key) for key in sorted(keys)]
    ids = [row.id if isinstance(row, Household) else row.household_id for row in rows if row is not None]
    found = dict.fromkeys([event.household_id, *ids, *([event.other_id] if event.other_id else [])])
    return [session.get_one(Household, id) for id in found]


def _restore(session: Session, event: HouseholdEvent) -> None:
    """New stays go first, then everything but heads, then heads: no moment has two stays or two heads."""
    rows = [(row_of(session, key), changed) for key, changed in event.data["changed"].items()]
    for row in (row_of(session, key) for key in event.data["made"]):
        if isinstance(row, Member):
            row.left_on, row.leave_reason = row.joined_on, LeaveReason.CORRECTION
        elif row is not None:
            row.dissolved_on = row.registered_on
    session.flush()
    for heads in (False, True):
        for row, changed in rows:
            if row is not None and _headed(row, changed) is heads:
                put_back(row, changed)
        session.flush()


def _headed(row: Any, changed: dict[str, Any]) -> bool:
    """Whether the row will be that of a head again."""
    if not isinstance(row, Member):
        return False
    was = changed["relation"][0] if "relation" in changed else row.relation
    return bool(was == Relation.HEAD)


def _reopen_lines(session: Session, event: HouseholdEvent) -> None:
    """Lines of death lists that the entry had settled are open again, and with them the matches that were closed."""
    if event.kind is not Happening.DEATH or event.member_id is None:
        return
    query = select(MatchLine).where(MatchLine.member_id == event.member_id, MatchLine.outcome == DEATH)
    for line in session.scalars(query.where(MatchLine.settled_at == event.at)):
        line.outcome, line.reason, line.settled_at = None, "", None
        line.settled_by_id, line.settled_by_name = None, ""
        line.run.state, line.run.closed_at, line.run.closed_by_id = "open", None, None
    session.flush()


def _write(scene: Scene, event: HouseholdEvent) -> HouseholdEvent:
    return write_event(scene, {}, undoes=event)
