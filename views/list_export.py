"""Lists as they are shown, for a file: only what their cells need is read, and each value is put into words once.

The text of a cell comes from the page's own function. It is given a stand-in for the row that has only what ``READS``
names.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, String, case, func, select

from models import Benefit, HouseholdCause, Member, Visit, Visitor
from models.sealing import unseal_all
from policy.vocabulary import OPEN, Relation, Scheme, Stage
from views import labels
from views.formats import NOTHING
from views.household_list import HouseholdRow
from views.list_columns import Column, Kept, Statement, processor
from workflows.exchange import export
from workflows.exchange.export_shared import given, raw

Reads = Mapping[str, tuple[str, ...]]
EVERYWHERE: Reads = {"village": ("township_code", "village_code"), "household": ("household.head_name",)}
READS: Mapping[str, Reads] = {
    "household": {
        "last4": ("head_id_no",), "monthly": ("benefits",), "place": ("village_code", "address"),
        "last_visit": ("visits",), "review_due": ("benefits",),
    },
    "member": {
        "last4": ("id_no",), "age": ("birth",),
        "condition": ("disability_kind", "disability_level", "illness", "illness_name", "labour"),
    },
    "benefit": {"review_due_on": ("review_due_on", "stage"), "stage": ("scheme", "stage")},
    "owed_paper": {"case_no": ("benefit.case_no",), "household": ("benefit.household.head_name",)},
    "visit": {"due_on": ("due_on", "done_on")},
    "watch": {"scheme": ("benefit.scheme",), "case_no": ("benefit.case_no",), "next_on": ("next_on", "settled_on")},
    "audit": {
        "role": ("actor_role",), "actor_name": ("actor_name", "actor_id"), "reason": ("action", "reason"),
        "fields": ("table_name", "before", "after"),
    },
    "issued_paper": {
        "number": ("word", "year", "serial"), "office": ("office_code",), "replaces": ("replaces_id", "why"),
    },
    "lead": {
        "place": ("village_code", "address"), "detail": ("why", "detail"), "settled": ("settled_at", "settled_by_name"),
    },
    "match_line": {
        "name": ("member.name", "lead.name"), "place": ("village_code",), "outcome": ("outcome", "reason"),
        "case_no": ("benefit_id", "benefit.case_no"),
        "payload": ("benefit_id", "benefit.authorised_on", "run.kind", "payload"),
    },
}  # fmt: skip
"""Which attributes of a row a cell needs, by list and column; a column without a line needs the one of its name."""
TEXTS: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "member": {"household": lambda m: m.household.head_name},
    "benefit": {"household": lambda b: b.household.head_name},
    "watch": {"case_no": lambda w: w.benefit.case_no},
    "audit": {"table_name": lambda e: labels.table(e.table_name)},
    "issued_paper": {"replaces": lambda p: p.why if p.replaces_id else None},
}
"""What a file shows where the page shows a link."""
OFTEN_ANOTHER = frozenset({"id_no", "head_id_no", "address", "before", "after", "at", "detail", "payload"})
"""Attributes that differ from row to row: texts made of them are not kept."""


class Case(NamedTuple):
    """What the list of households tells of a case."""

    scheme: Scheme
    stage: Stage
    monthly_fen: int
    review_due_on: date | None


class Name(NamedTuple):
    """Somebody who made a visit."""

    name: str


class Home(SimpleNamespace):
    """A stand-in for a line of the list of households."""

    monthly_fen, review_due = HouseholdRow.monthly_fen, HouseholdRow.review_due
    head = property(lambda self: self.head_id_no and SimpleNamespace(id_no=self.head_id_no))
    last_visit, visit_due = property(lambda self: self.visits[0]), property(lambda self: self.visits[1])


class Hit(SimpleNamespace):
    """A stand-in for a hit; the columns of a case are there where it is of one."""

    benefit = property(lambda self: self.__dict__["benefit"] if self.benefit_id else None)


STANDS_IN: Mapping[str, type[SimpleNamespace]] = {"household": Home, "match_line": Hit}


class Listed(Protocol):
    """A list that can go out: its columns with their headers, and what a page shows of each."""

    @property
    def endpoint(self) -> Any:
        """What it is called in ``READS``."""

    @property
    def model(self) -> Any:
        """Of which table its rows are."""

    @property
    def cells(self) -> Mapping[str, Callable[[Any], Any]]:
        """Columns that show something else than what the row holds."""

    @property
    def _list_columns(self) -> Sequence[tuple[str, Any]]: ...

    def show(self, row: Any, name: str) -> Any:
        """What a page may show of a column of a row."""


def _among(connection: Connection, query: Any, ids: Sequence[int]) -> Sequence[Any]:
    return connection.execute(query, {"ids": str(list(ids))}).all()


def _heads(connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    """The ID numbers of the heads who are there."""
    present = select(Member.household_id, Member.row_key, raw(Member.id_no_sealed)).where(
        given(Member.household_id), Member.left_on.is_(None), Member.relation == Relation.HEAD
    )
    rows = _among(connection, present, ids)
    homes, keys, sealed = zip(*rows, strict=True) if rows else ((), (), ())
    return defaultdict(str, zip(homes, unseal_all("member.id_no", keys, sealed), strict=True))


def _cases(connection: Connection, ids: Sequence[int]) -> Mapping[int, tuple[Case, ...]]:
    """What families receive or have applied for."""
    b = Benefit
    query = select(b.household_id, raw(b.scheme), raw(b.stage), b.monthly_fen, b.review_due_on)
    found: defaultdict[int, tuple[Case, ...]] = defaultdict(tuple)
    for home, scheme, stage, fen, due in _among(
        connection, query.where(given(b.household_id)).order_by(b.household_id, b.id), ids
    ):
        if stage in OPEN:
            found[home] += (Case(Scheme(scheme), Stage(stage), fen, due),)
    return found


def _causes(connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    """Codes of causes, as the page reads them."""
    c = HouseholdCause
    found: defaultdict[int, str] = defaultdict(str)
    for home, cause in _among(connection, select(c.household_id, raw(c.cause)).where(given(c.household_id)), ids):
        found[home] += f"{cause} "
    return found


def _visits(connection: Connection, ids: Sequence[int]) -> Mapping[int, tuple[date | None, date | None]]:
    """When somebody was there last, and when the next visit is due."""
    due = func.min(case((Visit.done_on.is_(None), Visit.due_on)))
    query = select(Visit.household_id, func.max(Visit.done_on), due).where(given(Visit.household_id))
    found: defaultdict[int, tuple[date | None, date | None]] = defaultdict(lambda: (None, None))
    found.update((home, (last, next_)) for home, last, next_ in _among(
        connection, query.group_by(Visit.household_id), ids
    ))  # fmt: skip
    return found


def _visitors(connection: Connection, ids: Sequence[int]) -> Mapping[int, tuple[Any, ...]]:
    """Who made a visit."""
    v = Visitor
    query = select(v.visit_id, v.name).where(given(v.visit_id)).order_by(v.id)
    found: defaultdict[int, tuple[Any, ...]] = defaultdict(tuple)
    for visit, name in _among(connection, query, ids):
        found[visit] += (Name(name),)
    return found


Beside = Callable[[Connection, Sequence[int]], Mapping[int, Any]]
BESIDE: Mapping[str, Mapping[str, Beside]] = {
    "household": {"head_id_no": _heads, "benefits": _cases, "causes": _causes, "visits": _visits},
    "visit": {"visitors": _visitors},
}
"""What stands in other tables, read for some hundred rows at once."""


def lines(view: Listed, connection: Connection, ids: Iterable[int]) -> Iterator[Sequence[str]]:
    """The cells of these rows as text, in this order and the order of the list's columns."""
    shown = _Shown(view, connection)
    for part in export.growing(ids):
        yield from shown.rows(part)


class _Shown:
    """A list being read, some hundred rows at a time, column by column."""

    def __init__(self, view: Listed, connection: Connection) -> None:
        self.connection, name = connection, str(view.endpoint)
        own, beside = {**EVERYWHERE, **READS.get(name, {})}, BESIDE.get(name, {})
        reads = {column: own.get(column, (column,)) for column, _ in view._list_columns}
        paths = dict.fromkeys(path for read in reads.values() for path in read)
        self.beside = {path: beside[path] for path in paths if path in beside}
        self.statement = Statement(view.model, [path for path in paths if path not in beside])
        self.cells = [(read, self._cell(view, column, read)) for column, read in reads.items()]

    def rows(self, ids: Sequence[int]) -> Iterator[Sequence[str]]:
        """The cells of these rows, in this order."""
        numbers, known = self.statement.columns(self.connection, ids)
        for path, read in self.beside.items():
            known[path] = list(map(read(self.connection, ids).__getitem__, numbers))
        cells = [cell([known[path] for path in paths]) for paths, cell in self.cells]
        told = dict(zip(numbers, zip(*cells, strict=True), strict=True))
        return (told[id] for id in ids if id in told)

    def _cell(self, view: Listed, column: str, paths: tuple[str, ...]) -> Callable[[list[Column]], Column]:
        """From the columns that a cell reads to its texts."""
        words, types = TEXTS.get(str(view.endpoint), {}).get(column), self.statement.types
        if words is None and column not in view.cells and isinstance(types.get(paths[0]), String):
            return lambda columns: ["" if value is None or value == NOTHING else value for value in columns[0]]
        make, dialect = STANDS_IN.get(str(view.endpoint), SimpleNamespace), self.connection.dialect
        readers = [(path.split("."), processor(types.get(path), dialect)) for path in paths]
        kept = Kept(words or (lambda row: view.show(row, column)), make, readers)
        one = OFTEN_ANOTHER & set(paths)
        return lambda columns: list(map(kept.put if one else kept.__getitem__, zip(*columns, strict=True)))
