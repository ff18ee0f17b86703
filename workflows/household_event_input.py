"""What somebody tells about a family: the event as it was typed, before anybody asked whether it is possible."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from models import Benefit, Household, HouseholdEvent, HouseholdTask
from policy.vocabulary import Absence, Employment, Happening, LeaveReason, Relation, Schooling, Sex
from workflows.people import Person


@dataclass(frozen=True)
class Newborn:
    """A child born on the day of the event; without ``id_no`` it is kept with a mark until the number is issued."""

    name: str
    sex: Sex
    relation: Relation
    id_no: str = ""


@dataclass(frozen=True)
class Happened:
    """An event of a family: which, on which day, and what its kind asks for; see ``household_events.ASKS``.

    ``head`` follows a head who dies or leaves (or is the new head), ``relations`` say what others are to them by
    member id; left out where ``policy.kinship`` knows. ``along``: who founds the new family, or comes in a merge,
    with their relation there.
    """

    kind: Happening
    on: date
    words: str = ""
    evidence: str = ""
    member: int | None = None
    newborn: Newborn | None = None
    people: tuple[Person, ...] = ()
    along: Mapping[int, Relation] = field(default_factory=dict)
    head: int | None = None
    relations: Mapping[int, Relation] = field(default_factory=dict)
    reason: LeaveReason | None = None
    absence: Absence | None = None
    relation: Relation | None = None
    employment: Employment | None = None
    schooling: Schooling | None = None
    other: int | None = None
    village_code: str = ""
    address: str = ""
    id_no: str = ""


@dataclass(frozen=True)
class Effect:
    """What becomes of one open case.

    ``what`` is "recheck", "rechecking", "ends", "calculate", "waits" (a task), "follows" (the person on the way),
    or "unsettled" (gone, and perhaps received elsewhere).
    """

    benefit: Benefit
    what: str
    task: HouseholdTask | None = None


@dataclass(frozen=True)
class Done:
    """An event that was recorded: its row, the families it touched, what becomes of their open cases."""

    event: HouseholdEvent
    households: tuple[Household, ...]
    effects: tuple[Effect, ...]
