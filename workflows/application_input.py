"""An application that can be read: what the form means, typed, and the problems of one that cannot."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from policy.vocabulary import AssetKind, DisabilityKind, Paper, Relation, Scheme, Subject, Unit
from workflows.people import Line, Person
from workflows.reason import Reason, Refused
from workflows.registry import Home


class Problem(NamedTuple):
    """A reason and the field of the form that it belongs to ("members-0-id_no")."""

    field: str
    reason: Reason


class Problems(Refused):
    """What was typed cannot be taken; ``problems`` name the field of each reason ("" for the whole form)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problem.reason for problem in problems)
        self.problems = tuple(problems)


class AssetLine(NamedTuple):
    """One kind of property: how many, how large (㎡), worth how much (分)."""

    kind: AssetKind
    quantity: int | None = None
    area_m2: int | None = None
    value_fen: int | None = None
    business: bool | None = None
    note: str = ""


class ObligorLine(NamedTuple):
    """Somebody bound to support the family; amounts in 分 a month. ``row``: the one on file that this is."""

    name: str
    relation: Relation
    id_no: str | None = None
    household_size: int | None = None
    income_month_fen: int | None = None
    pays_month_fen: int | None = None
    able: bool | None = None
    note: str = ""
    row: int | None = None
    agreed_month_fen: int | None = None
    supports: int | None = None
    birth: date | None = None
    receives: Subject | None = None
    disability_kind: DisabilityKind | None = None
    disability_level: int | None = None
    property_ok: bool | None = None


@dataclass(frozen=True)
class ApplicationInput:
    """An application that can be read. ``household_id`` None: a new family. ``lines`` are those of members on file.

    ``rows`` are the rows of the form in which the people stand; ``single``: "n0" for the person in row 0, "m12" for
    member 12; ``seen`` is the state of the family that the form showed.
    """

    scheme: Scheme
    home: Home
    people: tuple[Person, ...]
    rows: tuple[int, ...]
    lines: dict[int, tuple[tuple[Line, ...], tuple[Line, ...]]] = field(default_factory=dict)
    assets: tuple[AssetLine, ...] = ()
    obligors: tuple[ObligorLine, ...] = ()
    household_id: int | None = None
    seen: str = ""
    pledged_on: date | None = None
    authorised_on: date | None = None
    papers: tuple[Paper, ...] = ()
    unit: Unit = Unit.HOUSEHOLD
    single: str = ""
    special: bool = False
    requested_fen: int | None = None
    words: str = ""
    urgent: bool = False
    """Temporary aid: an emergency (急难型), not spending beyond means (支出型)."""
    follows_id: int | None = None
    """The case that this one goes on from, where the form was opened from it."""
