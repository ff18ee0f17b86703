"""Every roster that goes out: its layout, which rows of ours it lists, and what reads them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from models import Benefit, Event, Household, Member
from policy.vocabulary import (
    CHILDREN,
    CLASSES,
    IN_FORCE,
    MONTHLY,
    PAID,
    SUBSIDIES,
    UNDECIDED,
    LeaveReason,
    Scheme,
    Stage,
)
from workflows.exchange import export_cases, export_changes, export_households, export_people, export_tekun
from workflows.exchange import layouts_out as out
from workflows.exchange.export_shared import Cells, Reading
from workflows.exchange.layouts import CHANGES, HOUSEHOLDS, MEMBERS, ONE_CARD, PLAIN, TEKUN, TEMPORARY, Layout
from workflows.exchange.paid_in_month import standing

Read = Callable[[Reading, Sequence[int]], Iterator[Cells]]
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9999, 12, 31)


class Period(NamedTuple):
    """From a day to a day, both included; without end where nobody says."""

    first: date = FIRST_DAY
    last: date = LAST_DAY

    @classmethod
    def month(cls, day: date) -> "Period":
        """The month of a day."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))

    def holds(self, column: Any) -> Any:
        """Whether a day lies in it."""
        return column.between(self.first, self.last)

    def holds_moment(self, column: Any) -> Any:
        """Whether a moment lies in it."""
        return column.between(datetime.combine(self.first, time.min), datetime.combine(self.last, time.max))


class Roster(NamedTuple):
    """``of`` is the table whose numbers choose the rows, in ``order``; ``monthly`` lists are of one month.

    ``chosen`` gives the conditions for a period; ``read`` the cells by ``fields``, "" being always empty.
    """

    layout: Layout
    of: type[Any]
    fields: tuple[str, ...]
    read: Read
    chosen: Callable[[Period], Sequence[Any]]
    order: tuple[Any, ...]
    monthly: bool = False
    per: Any = None
    """How many rows a number makes, where that is not one."""

    @property
    def code(self) -> str:
        return self.layout.code

    def ids(self, period: Period) -> Select[Any]:
        """The query for the numbers of its rows, of the whole county."""
        return select(self.of.id).where(*self.chosen(period)).order_by(*self.order)


def _runs(scheme: Scheme, of: Any = Benefit) -> Any:
    return (of.scheme == scheme) & of.stage.in_(IN_FORCE)


def _families(period: Period) -> Sequence[Any]:
    return [exists().where(Benefit.household_id == Household.id, _runs(Scheme.DIBAO))]


def _members(period: Period) -> Sequence[Any]:
    return [Member.left_on.is_(None), exists().where(Benefit.household_id == Member.household_id, _runs(Scheme.DIBAO))]


def _all_people(period: Period) -> Sequence[Any]:
    return [Member.left_on.is_(None)]


def _supported(period: Period) -> Sequence[Any]:
    whose = or_(Benefit.member_id.is_(None), Benefit.member_id == Member.id)
    runs = exists().where(Benefit.household_id == Member.household_id, whose, _runs(Scheme.TEKUN))
    return [Member.left_on.is_(None), runs]


def _paid(schemes: Sequence[Scheme]) -> Callable[[Period], Sequence[Any]]:
    """Cases of these schemes that are paid as it stands, or were in the month that is asked for."""

    def chosen(period: Period) -> Sequence[Any]:
        now = Benefit.stage.in_(PAID), Benefit.monthly_fen > 0
        return [Benefit.scheme.in_(schemes), *(now if period == Period() else standing(*period))]

    return chosen


def _aided(period: Period) -> Sequence[Any]:
    decided = period.holds(Benefit.decided_on)
    return [
        Benefit.scheme == Scheme.TEMPORARY,
        Benefit.one_off_fen > 0,
        decided,
        Benefit.stage.not_in((Stage.REFUSED, Stage.WITHDRAWN)),
    ]


def _steps(*clauses: Any) -> Callable[[Period], Sequence[Any]]:
    """Steps of a period, of cases that are paid each month (or, of 兜底, of these schemes)."""
    return lambda period: [period.holds_moment(Event.at), *clauses]


def _of(schemes: Sequence[Scheme]) -> Any:
    return exists().where(Benefit.id == Event.benefit_id, Benefit.scheme.in_(schemes))


_LET_IN = _steps(Event.to_stage == Stage.ACTIVE, Event.from_stage.in_(UNDECIDED), _of((*MONTHLY, *CLASSES)))
_STOPPED = _steps(Event.to_stage.in_((Stage.EXITED, Stage.SUSPENDED)), Event.from_stage.in_(PAID), _of(MONTHLY))
_CHANGED = _steps(
    Event.from_stage.in_(IN_FORCE), Event.to_stage.in_(IN_FORCE), Event.monthly_before_fen != Event.monthly_after_fen,
    _of(MONTHLY),
)  # fmt: skip
_ENDED = _steps(
    Event.to_stage == Stage.EXITED, Event.from_stage.in_(IN_FORCE), _of((Scheme.DIBAO, Scheme.TEKUN))
)  # fmt: skip


def _dead(period: Period) -> Sequence[Any]:
    """Who died while the family had a case in force."""
    case = aliased(Benefit)
    paid = exists().where(
        case.household_id == Member.household_id, case.scheme.in_((Scheme.DIBAO, Scheme.TEKUN)),
        case.stage.not_in((*UNDECIDED, Stage.REFUSED, Stage.WITHDRAWN)),
        or_(case.ended_on.is_(None), case.ended_on >= Member.left_on),
    )  # fmt: skip
    return [Member.leave_reason == LeaveReason.DEATH, period.holds(Member.left_on), paid]


def _cases(layout: Layout, chosen: Callable[[Period], Sequence[Any]], monthly: bool = False) -> Roster:
    return Roster(layout, Benefit, export_cases.FIELDS, export_cases.cases, chosen, (Benefit.id,), monthly)


def _events(layout: Layout, chosen: Callable[[Period], Sequence[Any]]) -> Roster:
    return Roster(layout, Event, export_changes.CASE_FIELDS, export_changes.stepped, chosen, (Event.at, Event.id), True)


_PEOPLE = (
    select(func.count())
    .join_from(Member, Benefit, Member.household_id == Benefit.household_id)
    .where(Benefit.id == Event.benefit_id, Member.left_on.is_(None))
    .where(or_(Benefit.member_id.is_(None), Benefit.member_id == Member.id))
    .correlate(Event)
    .scalar_subquery()
)
_HOME = (Member.household_id, Member.id)
_NEW, _STOP, _AMOUNT, _DEATH, _END = CHANGES
ROSTERS: dict[str, Roster] = {
    roster.code: roster
    for roster in (
        Roster(HOUSEHOLDS, Household, export_households.FIELDS, export_households.households, _families,
               (Household.id,)),
        Roster(MEMBERS, Member, export_people.FIELDS, export_people.people, _members, _HOME),
        Roster(TEKUN, Member, export_tekun.FIELDS, export_tekun.supported, _supported, _HOME),
        _cases(ONE_CARD, _paid(MONTHLY), monthly=True),
        _cases(TEMPORARY, _aided, monthly=True),
        _cases(out.SUBSIDIES, _paid(SUBSIDIES), monthly=True),
        _cases(out.CHILDREN, _paid(CHILDREN), monthly=True),
        Roster(_NEW, Event, export_changes.NEW_FIELDS, export_changes.let_in, _LET_IN, (Event.at, Event.id), True,
               _PEOPLE),
        _events(_STOP, _STOPPED),
        _events(_AMOUNT, _CHANGED),
        Roster(_DEATH, Member, export_changes.DEATH_FIELDS, export_changes.died, _dead, (Member.left_on, Member.id),
               True),
        _events(_END, _ENDED),
        Roster(PLAIN, Member, export_people.FIELDS, export_people.people, _all_people, _HOME),
    )
}  # fmt: skip
"""By the code of the layout, in the order in which a page offers them."""


class Book(NamedTuple):
    """Rosters that go out together, as the sheets of one workbook; each by what its sheet is called."""

    code: str
    label_en: str
    parts: Mapping[str, Roster]


_TABS = ("新增", "停保", "增发减发", "自然减员", "退出兜底")
BOOKS = {
    book.code: book
    for book in (Book("changes", "Table of changes", dict(zip(_TABS, (ROSTERS[one.code] for one in CHANGES),
                                                                strict=True))),)
}  # fmt: skip
"""By their code; the 变动表 is one."""


def in_books(code: str) -> list[str]:
    """The books that this roster is a sheet of."""
    return [book.code for book in BOOKS.values() if code in [part.code for part in book.parts.values()]]
