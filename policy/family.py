"""The facts of a calculation: a family as it stands on a day, in a place, under a scheme. Immutable; no database here.

Amounts are integer 分. What flows (income, spending) is kept per year, as it was earned or spent, and divided by
twelve once; what is owed or agreed each month is kept per month.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from policy.vocabulary import (
    Area,
    CareNeed,
    Degree,
    DisabilityKind,
    EventKind,
    Illness,
    IncomeKind,
    KinRelation,
    Mode,
    ParentKind,
    ParentState,
    RiseCause,
    SpendingKind,
    StudyLevel,
    Subject,
    Tag,
    Unit,
    Work,
)

Trial = Mapping[str, object]
"""Trial values of figures by key, as they are written: 元 as text or whole numbers."""


@dataclass(frozen=True, slots=True)
class Disability:
    """Kind and level (1 gravest – 4) of a disability certificate (GB/T 26341-2010)."""

    kind: DisabilityKind
    level: int


@dataclass(frozen=True, slots=True)
class Study:
    """What a student attends."""

    level: StudyLevel
    full_time: bool = True


@dataclass(frozen=True, slots=True)
class Income:
    """One kind of income in 分 a year."""

    kind: IncomeKind
    year_fen: int


@dataclass(frozen=True, slots=True)
class Spending:
    """One kind of rigid spending or work cost in 分 a year."""

    kind: SpendingKind
    year_fen: int


@dataclass(frozen=True, slots=True)
class Parent:
    """What keeps a child's parent from raising it; ``until`` None: it goes on (custody: its end is not set)."""

    kind: ParentKind
    state: ParentState
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the household. ``labour`` None: derived; ``employed`` None: not known."""

    ref: str
    relation: KinRelation = KinRelation.HEAD
    birth: date | None = None
    sex: str | None = None
    cohabiting: bool = True
    student: Study | None = None
    disability: Disability | None = None
    illness: Illness | None = None
    labour: Work | None = None
    employed: bool | None = None
    refused_work: int = 0
    cares_for: str | None = None
    needs_care: CareNeed | None = None
    self_care_unmet: int = 0
    in_prison: bool = False
    missing: bool = False
    clergy_years_away: int = 0
    compulsory_rehab: bool = False
    mode: Mode | None = None
    income: tuple[Income, ...] = ()
    spending: tuple[Spending, ...] = ()
    parents: tuple[Parent, ...] = ()

    def age(self, on: date) -> int | None:
        """Full years of age on a day; None where the birth is not known."""
        birth = self.birth
        if birth is None:
            return None
        return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


@dataclass(frozen=True, slots=True)
class Kin:
    """法定赡养、抚养、扶养义务人 outside the household. ``agreed_fen``, ``paid_fen``: 分 a month to this household.

    ``able`` None: found by the rules. ``supports``: how many people the obligor must support, this household counted.
    """

    relation: KinRelation = KinRelation.CHILD
    household_year_fen: int | None = None
    household_size: int = 1
    supports: int = 1
    subject: Subject | None = None
    age: int | None = None
    disability: Disability | None = None
    property_ok: bool = True
    agreed_fen: int | None = None
    paid_fen: int | None = None
    able: bool | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle, large farm machine or ship; ``business``: it earns the family's living. Value in 分."""

    kind: str = "car"
    value_fen: int = 0
    business: bool = False


@dataclass(frozen=True, slots=True)
class Estate:
    """Property of the household; amounts in 分, living space in square metres. None: not known."""

    deposits_fen: int = 0
    securities_fen: int = 0
    houses: int | None = None
    house_area: int | None = None
    vehicles: tuple[Vehicle, ...] = ()
    companies: int = 0


@dataclass(frozen=True, slots=True)
class Conduct:
    """Pledge, authorisation, cooperation, and until which day an application is barred (失信)."""

    pledge: bool = True
    authorised: bool = True
    cooperates: bool = True
    dishonest_until: date | None = None


@dataclass(frozen=True, slots=True)
class Hardship:
    """The event of temporary assistance; amounts in 分."""

    kind: EventKind = EventKind.OTHER
    loss_fen: int = 0
    own_cost_fen: int = 0
    degree: Degree | None = None
    urgent: bool = False
    requested_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Current:
    """What the family receives already: ``monthly_fen`` a month, since a month; why income rose, wish to leave."""

    scheme: str
    monthly_fen: int = 0
    since: date | None = None
    income_rose_because: RiseCause | None = None
    wants_to_leave: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Aid in force beside the one asked about: 分 a month for ``persons`` together; ``ref``: of that member alone."""

    scheme: Subject
    monthly_fen: int = 0
    persons: int = 1
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """Rise of prices on a year earlier, in hundredths of a percent (3.5 % is 350)."""

    cpi: int | None = None
    food_cpi: int | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """The facts. ``unit`` None: the engine proposes. ``figures``: trial values that win over the dated ones.

    ``alone``: whose application it is (a ref) where one member asks; None: whoever of the family fits.
    """

    place: str
    on: date
    scheme: Subject
    area: Area | None = None
    unit: Unit | None = None
    figures: Trial = field(default_factory=lambda: MappingProxyType({}))
    tags: frozenset[Tag] = frozenset()
    tier: str | None = None
    members: tuple[Person, ...] = ()
    obligors: tuple[Kin, ...] = ()
    property: Estate = Estate()
    conduct: Conduct = Conduct()
    event: Hardship | None = None
    current: Current | None = None
    prices: Prices | None = None
    alone: str | None = None
    held: tuple[Held, ...] = ()
