"""Everything on file of one household, for a transfer to another county: every row, every number in full, every paper.

A zip of four parts: 数据.json to be read by a program, 档案.xlsx to be read by people, 名册.xlsx to be imported where
the family goes, and 附件 with the documents.
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from models import (
    Asset,
    Attachment,
    Base,
    Benefit,
    ChildParent,
    Crosscheck,
    Event,
    Finding,
    Household,
    HouseholdCause,
    HouseholdEvent,
    HouseholdTag,
    IncomeLine,
    Instalment,
    IssuedPaper,
    Member,
    Objection,
    Obligor,
    OwedPaper,
    SetAsidePaper,
    SpendingLine,
    TekunPerson,
    Visit,
    VisitChange,
    Visitor,
    Watch,
)
from policy.vocabulary import Relation
from workflows.exchange.export import Export, headers
from workflows.exchange.files import Look, book_file
from workflows.exchange.layouts import PLAIN

FORMAT = "doudi-household-1"
LEFT_OUT = frozenset({"row_key", "row_version", "batch_id", "stored", "body_sealed", "full_sealed", "file_sealed"})
"""What means something to this program alone, and the kept printings: papers issued are told by number and title."""
ANEW = frozenset({
    "township", "village", "address", "aid_kind", "monthly_fen", "first_month", "certificate_no",
})  # fmt: skip
"""What the place of arrival fills in, and decides, by itself: where the family lives there, and what aid it has."""
OF_HOUSEHOLD = (
    HouseholdCause, HouseholdTag, Asset, Obligor, Member, Benefit, Visit, Attachment, HouseholdEvent, Watch,
)  # fmt: skip
OF_MEMBER = (IncomeLine, SpendingLine, ChildParent)
OF_BENEFIT = (Event, Finding, OwedPaper, Objection, Crosscheck, Instalment, TekunPerson, IssuedPaper, SetAsidePaper)
OF_VISIT = (Visitor, VisitChange)
Row = dict[str, Any]
Tables = dict[str, list[Row]]


def collect(session: Session, household: Household) -> Tables:
    """Every row of a household by table, numbers unsealed, in the order they were written."""
    found: dict[type[Any], list[Any]] = {Household: [household]}
    for model in OF_HOUSEHOLD:
        found[model] = _rows(session, model, "household_id", [household.id])
    for models, parent, link in (
        (OF_MEMBER, Member, "member_id"), (OF_BENEFIT, Benefit, "benefit_id"), (OF_VISIT, Visit, "visit_id"),
    ):  # fmt: skip
        ids = [row.id for row in found[parent]]
        found |= {model: _rows(session, model, link, ids) for model in models}
    return {str(model.__tablename__): [_plain(row) for row in rows] for model, rows in found.items()}


def _rows(session: Session, model: type[Any], link: str, ids: Sequence[int]) -> list[Any]:
    order = inspect(model).primary_key
    return list(session.scalars(select(model).where(getattr(model, link).in_(ids)).order_by(*order)))


def _plain(row: Base) -> Row:
    """The columns of a row as JSON knows them; what only this county's program needs is left out."""
    told: Row = {}
    for column in inspect(type(row)).column_attrs:
        name = column.key
        if name in LEFT_OUT or name.endswith(("_hash", "_last4")):
            continue
        if name.endswith("_sealed"):
            name = name.removesuffix("_sealed")
        value = getattr(row, name)
        if isinstance(value, Enum):
            value = value.value
        told[name] = value.isoformat() if isinstance(value, (date, datetime)) else value
    return told


def roster(session: Session, household: Household, on: date) -> bytes:
    """The family as a sheet that is imported elsewhere, its head first, without what is filled in there anew."""
    present = sorted((m for m in household.members if m.present), key=lambda m: (m.relation is not Relation.HEAD, m.id))
    export = Export(session, True, on)
    left = [column.field in ANEW for column in PLAIN.columns]
    lines = [headers(PLAIN)]
    for row in export.rows(PLAIN, [member.id for member in present]):
        lines.append(["" if anew else cell for anew, cell in zip(left, row, strict=True)])
    with book_file([(iter(lines), export.look(PLAIN))]) as made:
        return made.read()


def bundle(
    tables: Tables,
    sheet: bytes,
    about: Mapping[str, Any],
    uploads: Path,
    stored: Mapping[int, str],
    heading: Callable[[str], str],
    column: Callable[[str, str], str],
    in_words: Callable[[str, str, Any], Any],
) -> IO[bytes]:
    """The zip in a temporary file; ``sheet`` is to be imported, ``stored`` names the file of each document by id.

    The three functions give words.

    A column without a heading is left out of the workbook.

    Whoever sends it closes it. A document that is not on the disk any more is named in ``missing``.
    """
    out: Any = TemporaryFile()  # noqa: SIM115
    documents, missing = _documents(tables.get("attachment", []), uploads, stored)
    told = {"format": FORMAT, **about, "missing": missing, "tables": tables}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("数据.json", json.dumps(told, ensure_ascii=False, indent=1))
        made.writestr("档案.xlsx", _workbook(tables, heading, column, in_words))
        made.writestr("名册.xlsx", sheet)
        for name, content in documents:
            made.writestr(name, content)
    out.seek(0)
    return out  # type: ignore[no-any-return]


def _documents(
    rows: Iterable[Row], uploads: Path, stored: Mapping[int, str]
) -> tuple[list[tuple[str, bytes]], list[str]]:
    """(name in the zip, content) of each document whose content is as it was filed; the names of the others."""
    found, missing = [], []
    for row in rows:
        name = f"附件/{row['id']}_{row['name']}"
        row["file"] = name
        try:
            content = (uploads / Path(stored[row["id"]]).name).read_bytes()
        except OSError:
            content = b""
        if sha256(content).hexdigest() == row["sha256"]:
            found.append((name, content))
        else:
            missing.append(str(row["name"]))
    return found, missing


def _workbook(
    tables: Tables,
    heading: Callable[[str], str],
    column: Callable[[str, str], str],
    in_words: Callable[[str, str, Any], Any],
) -> bytes:
    named = _names(tables)
    sheets = [
        (_lines(table, rows, column, in_words, named), Look(tab=heading(table)))
        for table, rows in tables.items()
        if rows
    ]
    with book_file(sheets) as made:
        return made.read()


def _names(tables: Tables) -> dict[str, dict[int, str]]:
    """What a reader knows the row by that a column points to: a person's name, the number of a case."""
    people = {row["id"]: row["name"] for row in tables["member"]}
    cases = {row["id"]: row["case_no"] for row in tables["benefit"]}
    return {"member_id": people, "cares_for_id": people, "benefit_id": cases, "follows_id": cases}


def _lines(
    table: str,
    rows: Sequence[Row],
    column: Callable[[str, str], str],
    in_words: Callable[[str, str, Any], Any],
    named: Mapping[str, Mapping[int, str]],
) -> Iterator[list[str]]:
    """The headings and cells of what somebody filled in; ``named`` calls rows by what a reader knows them by."""
    names = [
        name for name in rows[0] if column(name, table) and any(row.get(name) not in (None, "", [], {}) for row in rows)
    ]
    yield [column(name, table) for name in names]
    for row in rows:
        told = (named.get(name, {}).get(row[name]) or in_words(table, name, row[name]) for name in names)
        yield ["" if value is None else str(value) for value in told]
