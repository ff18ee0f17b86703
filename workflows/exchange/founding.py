"""New families and people of a batch, written some thousands at a time under ids that are known beforehand."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Asset, Household, HouseholdCause, IncomeLine, Member
from models.lots import Column, Columns
from models.sealing import blind, blind_all, new_row_keys, seal_all
from policy.vocabulary import Area, AssetKind, IncomeKind
from workflows import desk_kept, names
from workflows.exchange.existing import ROSTER
from workflows.exchange.wanted import HOUSEHOLD_COLUMNS, HOUSEHOLD_SEALED, MEMBER_COLUMNS, Flat
from workflows.exchange.writing import ASSETS, SEALED
from workflows.loading import Known, Loader

OF_HOUSEHOLD = ("id", "row_key", "township_code", "village_code", "persons", "area", "registered_on", "created_at",
                "batch_id", "address", *(name for name in HOUSEHOLD_COLUMNS if name != "address"))  # fmt: skip
PLAIN = tuple(name for name in MEMBER_COLUMNS if name not in ("registered_poor", "note", "birth"))
OF_MEMBER = (
    "id", "row_key", "household_id", "township_code", "village_code", "joined_on", "batch_id", "id_no_sealed",
    "id_no_hash", "id_no_last4", "disability_cert_sealed", "registered_poor", "note", "birth", *PLAIN,
)  # fmt: skip


class Families(AbstractContextManager["Families"]):
    """Takes new families with their causes and property."""

    def __init__(self, session: Session, batch_id: int, now: datetime) -> None:
        self.batch_id, self.now = batch_id, now
        self.rows = Loader(session, Household, (*OF_HOUSEHOLD, *_sealed_names(HOUSEHOLD_SEALED)))
        self.causes = Loader(session, HouseholdCause, ("household_id", "cause"))
        self.assets = Loader(session, Asset, ("household_id", "kind", "quantity", "area_m2", "value_fen", "note"))

    def __exit__(self, *fault: Any) -> None:
        for loader in (self.rows, self.causes, self.assets):
            loader.__exit__(*fault)

    @property
    def written(self) -> set[str]:
        """The tables that were written."""
        return {loader.target.name for loader in (self.rows, self.causes, self.assets) if loader.added}

    def add(self, families: Sequence[tuple[int, str, int, Flat]]) -> None:
        """(id, village, how many people, what is known) of each."""
        if not families:
            return
        ids, villages, persons, contents = zip(*families, strict=True)
        self.take(ids, villages, persons, _columns(contents))
        self.causes.add([(id, cause) for id, *_, told in families for cause in told.get("causes", ())])
        self.assets.add([row for id, *_, told in families for row in _assets(id, told)])

    def take(self, ids: Column, villages: Column, persons: Column, told: Columns) -> None:
        """The same without causes and property, by columns."""
        count, keys = len(ids), new_row_keys(len(ids))
        silent, towns = (None,) * count, [village[:9] for village in villages]
        addresses = [address or "" for address in told.get("address", silent)]
        own = [told.get(name, silent) for name in HOUSEHOLD_COLUMNS if name != "address"]
        sealed = [
            column for name in HOUSEHOLD_SEALED for column in _sealed(name, "household", keys, told.get(name, silent))
        ]
        self.rows.add_columns([
            ids, keys, towns, villages, persons,
            [area or Area.RURAL for area in told.get("area", silent)], (self.now.date(),) * count, (self.now,) * count,
            (self.batch_id,) * count, addresses, *own, *sealed,
        ])  # fmt: skip
        counted = {"township_code": towns, "village_code": villages, "persons": persons}
        desk_kept.came(self.rows.session, Household, counted)


class People(AbstractContextManager["People"]):
    """Takes new people with their yearly income and the index of their names, which is written at the end, in order."""

    def __init__(self, session: Session, batch_id: int, on: date) -> None:
        self.batch_id, self.on = batch_id, on
        self.rows = Loader(session, Member, OF_MEMBER)
        self.incomes = Loader(session, IncomeLine, ("member_id", "kind", "year_fen", "note"))
        self.session = session
        self.day = Known(date.fromisoformat)
        self.ending = Known(lambda ending: blind("id_no.last4", ending))
        self.tokens = Known(names.tokens)
        self.bearers: defaultdict[str, array[int]] = defaultdict(lambda: array("q"))

    def __exit__(self, kind: Any, *fault: Any) -> None:
        if kind is None:
            names.index_many(self.session, self.bearers)
        for loader in (self.rows, self.incomes):
            loader.__exit__(kind, *fault)

    @property
    def written(self) -> set[str]:
        """The tables with a history that were written."""
        return {loader.target.name for loader in (self.rows, self.incomes) if loader.added}

    def add(self, people: Sequence[tuple[int, int, str, str, Flat]]) -> None:
        """(id, household, village, hash of the number, what is known) of each."""
        if people:
            ids, homes, villages, marks, contents = zip(*people, strict=True)
            self.take(ids, homes, villages, marks, _columns(contents))

    def take(self, ids: Column, homes: Column, villages: Column, marks: Column, told: Columns) -> None:
        """The same by columns."""
        count, keys, ending, day = len(ids), new_row_keys(len(ids)), self.ending, self.day
        silent, numbers, towns = (None,) * count, told["id_no"], [village[:9] for village in villages]
        papers, notes = told.get("disability_cert", silent), told.get("note", silent)
        self.rows.add_columns([
            ids, keys, homes, towns, villages, (self.on,) * count,
            (self.batch_id,) * count, seal_all("member.id_no", keys, numbers), marks,
            [ending[number[-4:]] for number in numbers], seal_all("member.disability_cert", keys, papers),
            [poor or False for poor in told.get("registered_poor", silent)], [note or "" for note in notes],
            [day[birth] for birth in told["birth"]], *(told.get(name, silent) for name in PLAIN),
        ])  # fmt: skip
        desk_kept.came(self.session, Member, {"township_code": towns, "village_code": villages})
        fens = told.get("income_year_fen", silent)
        earned = [fen for fen in fens if fen is not None]
        if earned:
            earners = [id for id, fen in zip(ids, fens, strict=True) if fen is not None]
            lines = len(earned)
            self.incomes.add_columns([earners, (IncomeKind.OTHER,) * lines, earned, (ROSTER,) * lines])
        bearers = self.bearers
        for id, found in zip(ids, map(self.tokens.__getitem__, told["name"]), strict=True):
            for token in found:
                bearers[token].append(id)


def _columns(contents: Sequence[Flat]) -> Columns:
    """What is known of several, by name."""
    said: set[str] = set().union(*contents)
    return {name: [told.get(name) for told in contents] for name in said}


def _sealed_names(fields: Iterable[str]) -> list[str]:
    """The columns of sealed numbers."""
    return [f"{field}_{kind}" for field in fields for kind in ("sealed", "hash")[: 1 + bool(SEALED[field].found_by)]]


def _sealed(field: str, table: str, keys: Sequence[str], texts: Sequence[str | None]) -> list[Column]:
    """As ``Sealed.columns`` has them for one row."""
    sealed: list[Column] = [seal_all(f"{table}.{field}", keys, texts)]
    if kind := SEALED[field].found_by:
        marks = iter(blind_all(kind, [text for text in texts if text]))
        sealed.append([next(marks) if text else None for text in texts])
    return sealed


def _assets(household_id: int, told: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """A line of property of each kind that is told of."""
    lines: defaultdict[AssetKind, dict[str, Any]] = defaultdict(dict)
    for name, (kind, column) in ASSETS.items():
        if name in told:
            lines[kind][column] = told[name]
    get: Callable[[dict[str, Any]], Any] = lambda line: map(line.get, ("quantity", "area_m2", "value_fen"))  # noqa: E731
    return [(household_id, kind, *get(line), line.get("note", "")) for kind, line in lines.items()]
