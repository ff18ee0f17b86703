"""New families and people of a batch, written some thousands at a time under ids that are known beforehand."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Asset, Household, HouseholdCause, IncomeLine, Member
from models.sealing import blind, new_row_keys, seal_all
from policy.vocabulary import Area, AssetKind, IncomeKind
from workflows import names
from workflows.exchange.existing import ROSTER
from workflows.exchange.wanted import HOUSEHOLD_COLUMNS, HOUSEHOLD_SEALED, MEMBER_COLUMNS, Flat
from workflows.exchange.writing import ASSETS, SEALED
from workflows.loading import Known, Loader

Columns = list[tuple[str, Sequence[Any]]]
OF_HOUSEHOLD = ("id", "row_key", "township_code", "village_code", "persons", "area", "registered_on", "created_at",
                "batch_id", *HOUSEHOLD_COLUMNS)  # fmt: skip
PLAIN = tuple(name for name in MEMBER_COLUMNS if name not in ("registered_poor", "note"))
OF_MEMBER = ("id", "row_key", "household_id", "township_code", "village_code", "joined_on", "batch_id", "id_no_sealed",
             "id_no_hash", "id_no_last4", "disability_cert_sealed", "registered_poor", "note", *PLAIN)  # fmt: skip


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
        keys = new_row_keys(len(families))
        day = self.now.date()
        rows = [
            (id, key, village[:9], village, persons, told.get("area") or Area.RURAL, day, self.now, self.batch_id,
             told.get("head_name"), told.get("address") or "", *(told.get(name) for name in HOUSEHOLD_COLUMNS[2:]))
            for (id, village, persons, told), key in zip(families, keys, strict=True)
        ]  # fmt: skip
        sealed = _sealed("household", HOUSEHOLD_SEALED, keys, [told for *_, told in families])
        self.rows.add([row + more for row, more in zip(rows, sealed, strict=True)])
        self.causes.add([(id, cause) for id, *_, told in families for cause in told.get("causes", ())])
        self.assets.add([row for id, *_, told in families for row in _assets(id, told)])


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
        if not people:
            return
        ids, homes, villages, marks, contents = zip(*people, strict=True)
        count, keys, ending = len(people), new_row_keys(len(people)), self.ending
        day, said = self.day, set[str]().union(*contents)
        for told in contents:
            told["birth"] = day[told["birth"]]
        numbers = [told["id_no"] for told in contents]
        papers = [told.get("disability_cert") for told in contents]
        self.rows.add_columns([
            ids, keys, homes, [village[:9] for village in villages], villages, (self.on,) * count,
            (self.batch_id,) * count, seal_all("member.id_no", keys, numbers), marks,
            [ending[number[-4:]] for number in numbers], seal_all("member.disability_cert", keys, papers),
            [told.get("registered_poor", False) for told in contents], [told.get("note", "") for told in contents],
            *([told.get(name) for told in contents] if name in said else (None,) * count for name in PLAIN),
        ])  # fmt: skip
        incomes = ((id, told.get("income_year_fen")) for id, *_, told in people)
        self.incomes.add([(id, IncomeKind.OTHER, fen, ROSTER) for id, fen in incomes if fen is not None])
        for id, *_, told in people:
            for token in self.tokens[told["name"]]:
                self.bearers[token].append(id)


def _sealed_names(fields: Iterable[str]) -> list[str]:
    return [name for field in fields for name, _ in _columns_of(field, "", (), ())]


def _sealed(table: str, fields: Iterable[str], keys: Sequence[str], told: Sequence[Flat]) -> Iterator[tuple[Any, ...]]:
    """The columns of sealed numbers, row by row."""
    columns: list[Sequence[Any]] = []
    for field in fields:
        columns += [values for _, values in _columns_of(field, table, keys, [one.get(field) for one in told])]
    return zip(*columns, strict=True)


def _columns_of(field: str, table: str, keys: Sequence[str], texts: Sequence[str | None]) -> Columns:
    """As ``Sealed.columns`` has them for one row."""
    kind = SEALED[field]
    found: Columns = [(f"{field}_sealed", seal_all(f"{table}.{field}", keys, texts) if texts else ())]
    if kind.found_by:
        found.append((f"{field}_hash", [blind(kind.found_by, text) if text else None for text in texts]))
    return found


def _assets(household_id: int, told: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """A line of property of each kind that is told of."""
    lines: defaultdict[AssetKind, dict[str, Any]] = defaultdict(dict)
    for name, (kind, column) in ASSETS.items():
        if name in told:
            lines[kind][column] = told[name]
    get: Callable[[dict[str, Any]], Any] = lambda line: map(line.get, ("quantity", "area_m2", "value_fen"))  # noqa: E731
    return [(household_id, kind, *get(line), line.get("note", "")) for kind, line in lines.items()]
