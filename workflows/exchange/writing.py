"""Set-based writing of families and people; the caller has said who acts and closes the set with its entries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from models import Asset, Household, HouseholdCause, IncomeLine, Member, NameIndex
from models.sealing import Sealed
from policy.vocabulary import AssetKind, IncomeKind
from workflows import names
from workflows.exchange.existing import ROSTER, chunks
from workflows.exchange.wanted import HOUSEHOLD_COLUMNS, HOUSEHOLD_SEALED, MEMBER_COLUMNS, Flat

SEALED: Mapping[str, Sealed] = {
    "phone": cast(Sealed, Household.phone), "account": cast(Sealed, Household.account),
    "one_card": cast(Sealed, Household.one_card), "id_no": cast(Sealed, Member.id_no),
    "disability_cert": cast(Sealed, Member.disability_cert),
}  # fmt: skip
ASSETS = {
    "houses": (AssetKind.HOUSE, "quantity"), "house_area": (AssetKind.HOUSE, "area_m2"),
    "financial_fen": (AssetKind.DEPOSIT, "value_fen"), "other_assets": (AssetKind.OTHER, "note"),
}  # fmt: skip
MEMBER_SEALED = ("id_no", "disability_cert")


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name == "birth" and value else value


def _sealed(table: str, key: str, content: Flat, fields: Iterable[str]) -> dict[str, Any]:
    """The columns of sealed numbers that are told of."""
    columns: dict[str, Any] = {}
    for name in fields:
        if name in content:
            columns |= SEALED[name].columns(f"{table}.{name}", key, content.get(name))
    return columns


def add_details(session: Session, families: Iterable[tuple[int, Flat]], people: Iterable[tuple[int, Flat]]) -> set[str]:
    """Causes, property and yearly income of new rows; returns the tables that were written."""
    families = list(families)
    causes = [{"household_id": i, "cause": cause} for i, content in families for cause in content.get("causes", ())]
    assets = [row for i, content in families for row in _assets(i, content)]
    incomes = [_income(i, content) for i, content in people if content.get("income_year_fen") is not None]
    written = set()
    for model, rows in ((HouseholdCause, causes), (Asset, assets), (IncomeLine, incomes)):
        if rows:
            session.execute(insert(model), rows)
            written.add(str(model.__tablename__))
    return written


def _assets(household_id: int, content: Flat) -> list[dict[str, Any]]:
    rows: dict[AssetKind, dict[str, Any]] = {}
    for name, (kind, column) in ASSETS.items():
        if name in content:
            empty = dict.fromkeys(("quantity", "area_m2", "value_fen")) | {"note": ""}
            rows.setdefault(kind, {"household_id": household_id, "kind": kind, **empty})[column] = content[name]
    return list(rows.values())


def _income(member_id: int, content: Flat) -> dict[str, Any]:
    return {"member_id": member_id, "kind": IncomeKind.OTHER, "year_fen": content["income_year_fen"], "note": ROSTER}


def change_rows(session: Session, model: type[Household] | type[Member], changes: Mapping[int, Flat]) -> None:
    """Write changed columns of known rows, those that change the same columns together, and count their versions up."""
    table = cast(Table, model.__table__)
    groups: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    keys = _row_keys(session, model, list(changes))
    for row_id, content in changes.items():
        columns = _columns(str(model.__tablename__), keys[row_id], content)
        groups[tuple(sorted(columns))].append({"of_row": row_id, **{f"to_{name}": v for name, v in columns.items()}})
    for names_, rows in groups.items():
        values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names_}
        statement = update(table).where(table.c.id == bindparam("of_row"))
        session.execute(statement.values(values | {"row_version": table.c.row_version + 1}), rows)


def _row_keys(session: Session, model: type[Household] | type[Member], ids: list[int]) -> dict[int, str]:
    keys: dict[int, str] = {}
    for part in chunks(ids):
        found = session.execute(select(model.id, model.row_key).where(model.id.in_(part)))
        keys.update((row_id, key) for row_id, key in found)
    return keys


def _columns(table: str, key: str, content: Flat) -> dict[str, Any]:
    own, sealed = (HOUSEHOLD_COLUMNS, HOUSEHOLD_SEALED) if table == "household" else (MEMBER_COLUMNS, MEMBER_SEALED)
    texts = {"note", "address"}
    columns = {
        name: "" if content[name] is None and name in texts else _typed(name, content[name])
        for name in own if name in content
    }  # fmt: skip
    return columns | _sealed(table, key, content, sealed)


def change_details(session: Session, families: Mapping[int, Flat], people: Mapping[int, Flat]) -> set[str]:
    """Causes, property and yearly income of changed rows; None takes the value away. Returns the tables written."""
    written = set()
    if causes := {i: content["causes"] for i, content in families.items() if "causes" in content}:
        for part in chunks(list(causes)):
            session.execute(delete(HouseholdCause).where(HouseholdCause.household_id.in_(part)))
        add_details(session, [(i, {"causes": list_ or ()}) for i, list_ in causes.items()], ())
        written.add("household_cause")
    if assets := {i: {name: content[name] for name in ASSETS if name in content} for i, content in families.items()}:
        written |= _change_assets(session, assets)
    if incomes := {i: content for i, content in people.items() if "income_year_fen" in content}:
        for part in chunks(list(incomes)):
            session.execute(delete(IncomeLine).where(IncomeLine.member_id.in_(part), IncomeLine.note == ROSTER))
        add_details(session, (), incomes.items())
        written.add("income_line")
    return written


def _change_assets(session: Session, families: Mapping[int, Flat]) -> set[str]:
    """Set values on the latest line of property of each kind; lines that are missing are added."""
    known = _asset_ids(session, list(families))
    table, missing = cast(Table, Asset.__table__), defaultdict[int, Flat](dict)
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for household_id, content in families.items():
        for name, value in content.items():
            kind, column = ASSETS[name]
            if line := known.get((household_id, kind)):
                kept = "" if column == "note" and value is None else value
                groups[column].append({"of_row": line, "to_value": kept})
            elif value is not None:
                missing[household_id][name] = value
    for column, rows in groups.items():
        statement = update(table).where(table.c.id == bindparam("of_row")).values({column: bindparam("to_value")})
        session.execute(statement, rows)
    return add_details(session, missing.items(), ()) | ({"asset"} if groups else set())


def _asset_ids(session: Session, household_ids: list[int]) -> dict[tuple[int, AssetKind], int]:
    ids: dict[tuple[int, AssetKind], int] = {}
    for part in chunks(household_ids):
        query = select(Asset.household_id, Asset.kind, func.max(Asset.id)).where(Asset.household_id.in_(part))
        for household_id, kind, line in session.execute(query.group_by(Asset.household_id, Asset.kind)):
            ids[household_id, kind] = line
    return ids


def index_names(session: Session, people: Mapping[int, str]) -> None:
    """Make new or renamed people findable by their names."""
    for part in chunks(list(people)):
        session.execute(delete(NameIndex).where(NameIndex.member_id.in_(part)))
    rows = names.index_rows(people.items())
    if rows:
        session.execute(insert(NameIndex), rows)


def settle_families(session: Session, household_ids: Iterable[int]) -> None:
    """Count a family's people anew, and let it bear its present head's name."""
    present = (Member.household_id == Household.id) & Member.left_on.is_(None)
    people = select(func.count(Member.id)).where(present).scalar_subquery()
    head = select(Member.name).where(present, Member.relation == "head").scalar_subquery()
    for part in chunks(sorted(set(household_ids))):
        mine = update(Household).where(Household.id.in_(part)).execution_options(synchronize_session=False)
        session.execute(mine.values(persons=people))
        has_head = exists().where(present, Member.relation == "head")
        session.execute(mine.where(has_head).values(head_name=head))
