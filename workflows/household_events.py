"""Household events: what happens in a family on a day, recorded once, with what it means for every open case.

No event touches an amount: an active case is rechecked, one of which nobody is left ends, an application must be
calculated anew, and what cannot begin now waits as a task on the township's desk (民发〔2021〕57号 第三十条).
Verbs work in the caller's transaction and raise Refused with every reason, or Stale for an old row version.
"""

from datetime import date, datetime
from functools import cache

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from models import Household, HouseholdEvent, HouseholdReport
from policy.calendar import add_months
from policy.figures import Figures
from policy.vocabulary import Happening, Role
from workflows import audit
from workflows.actor import Actor, within
from workflows.arrivals import entered
from workflows.household_event_acts import ACTS
from workflows.household_event_effects import follow
from workflows.household_event_input import Done, Happened
from workflows.household_event_trace import trace
from workflows.household_scene import Scene
from workflows.reason import Reason, Refused, unchanged

KEEPERS = (Role.TOWNSHIP_OFFICER,)
"""Who records what happened in a family; a village worker reports it."""
H = Happening
ASKS: dict[Happening, frozenset[str]] = {
    H.BIRTH: frozenset({"newborn"}),
    H.DEATH: frozenset({"member", "successor"}),
    H.MARRIAGE: frozenset({"people"}),
    H.JOINED: frozenset({"people"}),
    H.LEFT: frozenset({"member", "reason", "successor"}),
    H.SPLIT: frozenset({"along", "village", "address", "successor"}),
    H.MERGE: frozenset({"other", "along"}),
    H.MOVED: frozenset({"village", "address"}),
    H.MOVED_AWAY: frozenset(),
    H.NEW_HEAD: frozenset({"head", "relations"}),
    H.AWAY: frozenset({"member", "absence"}),
    H.RETURNED: frozenset({"member", "relation"}),
    H.SCHOOL_END: frozenset({"member", "employment", "schooling"}),
    H.ID_NUMBER: frozenset({"member", "id_no"}),
}
"""The events that ``happen`` records, with the parts of ``Happened`` each asks for beside day and words.

A move to another township is proposed and accepted (``household_moves``), an entry taken back by ``undo``.
"""


def happen(
    session: Session,
    household: Household,
    happened: Happened,
    actor: Actor,
    now: datetime,
    figures: Figures,
    version: int | None = None,
    report: HouseholdReport | None = None,
) -> Done:
    """Record an event of a family and what follows for its open cases; ``report`` is the one it carries out."""
    unchanged(household, version)
    scene = Scene(session, household, happened, actor, now, figures)
    act = ACTS[happened.kind]
    if reasons := [*may_record(household, actor), *_day(happened, now.date()), *act.check(scene)]:
        raise Refused(dict.fromkeys(reasons))
    audit.attribute(session, actor, now, happened.words)
    before = trace(session, scene.households)
    act.write(scene)
    session.flush()
    data = before.until(trace(session, scene.households))
    return _finish(scene, data, report)


def _finish(scene: Scene, data: dict[str, object], report: HouseholdReport | None) -> Done:
    from workflows.household_reports import carried_out

    event = write_event(scene, data)
    entered(scene.session, event, scene.households)
    if report is not None:
        carried_out(scene.session, report, event, scene.actor, scene.now)
    effects = follow(scene.session, event, scene.households, scene.actor, scene.now, scene.figures)
    return Done(event, tuple(scene.households), effects)


def write_event(scene: Scene, data: dict[str, object], undoes: HouseholdEvent | None = None) -> HouseholdEvent:
    """Add the row that tells of an event; it is never changed afterwards."""
    happened, home, actor = scene.happened, scene.household, scene.actor
    other = next((one for one in scene.households if one is not home), None)
    event = HouseholdEvent(
        household_id=home.id, other_id=other.id if other else None, kind=happened.kind, happened_on=happened.on,
        member_id=scene.about.id if scene.about else None, names="、".join(scene.names)[:200],
        undoes_id=undoes.id if undoes else None,
        late=undoes is None and told_late(scene.figures, home, happened.on, scene.now.date()),
        words=happened.words.strip(),
        evidence=happened.evidence.strip()[:120], at=scene.now, actor_id=actor.id, actor_name=actor.name,
        actor_role=actor.role, channel=actor.channel, data=data, township_code=home.township_code,
        village_code=home.village_code,
    )  # fmt: skip
    scene.session.add(event)
    scene.session.flush()
    return event


def told_late(figures: Figures, household: Household, happened_on: date, told_on: date) -> bool:
    """Whether a change is told later than the months that a place gives for it (民发〔2022〕83号)."""
    figure = figures.find("review.told_months", place=household.village_code, on=told_on)
    return figure is not None and told_on > add_months(happened_on, figure.whole)


def history(session: Session, household_id: int) -> list[HouseholdEvent]:
    """What happened in a family, the latest entry first; also what brought it together with another."""
    return list(session.scalars(_history(), {"home": household_id}))


@cache
def _history() -> Select[HouseholdEvent]:
    own = or_(HouseholdEvent.household_id == bindparam("home"), HouseholdEvent.other_id == bindparam("home"))
    return select(HouseholdEvent).where(own).order_by(HouseholdEvent.id.desc())


def may_record(household: Household, actor: Actor) -> list[Reason]:
    """Why this person may not record an event of the family: role, division, or nobody lives there any more."""
    found = [] if actor.role in KEEPERS else [Reason("not_your_role", roles=KEEPERS)]
    if not within(actor, household.village_code):
        found.append(Reason("not_in_your_division"))
    return found + ([Reason("household_dissolved", on=household.dissolved_on)] if household.dissolved_on else [])


def _day(happened: Happened, today: date) -> list[Reason]:
    found = [Reason("day_in_future", day=happened.on)] if happened.on > today else []
    return found + ([] if len(happened.words.strip()) >= 2 else [Reason("event_words_missing")])
