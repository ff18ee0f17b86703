"""The chain of the history: every entry's keyed hash covers the one before, so nothing can be changed unnoticed.

Somebody who cuts off the newest entries leaves a chain that fits; only a head written to a second place tells.
"""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hmac import digest
from pathlib import Path
from typing import Any, cast

from sqlalchemy import JSON, Connection, Row, Table, Text, TypeDecorator, bindparam, insert, select
from sqlalchemy import cast as cast_as
from sqlalchemy.orm import Session

from models import AuditEntry
from models.sealing import keys
from workflows.pending import LOCK

COVERED = (
    "position",
    "at",
    "actor_id",
    "actor_name",
    "actor_role",
    "channel",
    "action",
    "table_name",
    "row_id",
    "household_id",
    "benefit_id",
    "township_code",
    "village_code",
    "before",
    "after",
    "reason",
    "batch_id",
)
"""The columns the hash covers, in this order."""

HEAD_FILE = "audit-head.json"
"""Name of the file, in the folder of the county, where heads are noted."""

CHUNK = 5000
HEADS_KEPT = 1000
_table = cast(Table, AuditEntry.__table__)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Written(TypeDecorator[Any]):
    """JSON that is text already: the hash covers what stands in the database, so proving it need not read it."""

    impl = JSON
    cache_ok = True

    def bind_processor(self, dialect: Any) -> None:
        return None


_WRITTEN = ("before", "after")
_insert = insert(_table).values({name: bindparam(name, type_=_Written()) for name in _WRITTEN}).inline()
_COLUMNS = [
    cast_as(_table.c[name], Text).label(name) if name in _WRITTEN else _table.c[name]
    for name in (*COVERED, "mac", "id")
]


class HeadUnreadable(RuntimeError):
    """The file of noted heads is not as it was written; somebody touched it."""


@dataclass(frozen=True)
class Verdict:
    """How many entries fit, and the first place where they do not: "altered", "missing", "reordered" or "cut"."""

    count: int
    first_bad: int | None = None
    why: str = ""

    @property
    def sound(self) -> bool:
        """Whether every entry fits, and none is missing at the end as far as a head can tell."""
        return self.first_bad is None


def canonical(value: Any) -> str:
    """The one JSON text of a value; raises TypeError for what JSON does not know."""
    return _encode(value)


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def append(session: Session, entries: list[dict[str, Any]]) -> None:
    """Take the county's lock, give the entries their position and hash and insert them; the caller commits next."""
    if not entries:
        return
    connection, secret = session.connection(), keys().chain
    position, mac = _held(connection) or (0, "")
    for number, entry in enumerate(entries, position + 1):
        entry["position"] = number
        entry.update({name: None if entry[name] is None else _encode(entry[name]) for name in _WRITTEN})
        entry["mac"] = mac = _mac(secret, mac, [_text(entry[name]) for name in COVERED])
    connection.execute(_insert, entries)


def verify(session: Session, head: Path | None = None) -> Verdict:
    """Walk the chain from its first entry; with ``head`` also say whether its end was cut off since it was written.

    Raises HeadUnreadable.
    """
    heads, secret, mac, expected, last_id = _heads(head), keys().chain, "", 0, 0
    for row in _rows(session):
        expected += 1
        values = list(row)
        if values[0] != expected:
            return Verdict(expected - 1, expected, "missing")
        values[1] = _text(values[1])
        mac = _mac(secret, mac, values[: len(COVERED)])
        if mac != row.mac or heads.get(expected, mac) != mac:
            return Verdict(expected - 1, expected, "altered")
        if row.id <= last_id:
            return Verdict(expected - 1, expected, "reordered")
        last_id = row.id
    if max(heads, default=0) > expected:
        return Verdict(expected, expected + 1, "cut")
    return Verdict(expected)


def write_head(session: Session, path: Path, now: datetime, *, anew: bool = False) -> None:
    """Note the newest entry in a file outside the database; nothing when it is already the last one there.

    ``anew`` forgets the heads noted so far, which fit no longer after a backup was restored. Raises HeadUnreadable.
    """
    last = session.connection().execute(_newest()).first()
    lines = [] if anew else _lines(path)
    if last is None or (lines and lines[-1]["position"] == last.position and lines[-1]["mac"] == last.mac):
        return
    lines.append({"position": last.position, "mac": last.mac, "at": now.isoformat()})
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with beside.open("w", encoding="utf-8") as stream:
        stream.writelines(_encode(line) + "\n" for line in lines[-HEADS_KEPT:])
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)


def _newest() -> Any:
    return select(_table.c.position, _table.c.mac).order_by(_table.c.position.desc()).limit(1)


def _held(connection: Connection) -> Any:
    """Position and hash of the newest entry while the county's lock is held: on PostgreSQL both by one message."""
    if connection.dialect.name != "postgresql":
        return connection.execute(_newest()).first()
    found = connection.exec_driver_sql(f"{LOCK}; SELECT position, mac FROM audit_entry ORDER BY position DESC LIMIT 1")  # noqa: S608
    with closing(found.cursor) as cursor:
        cursor.nextset()
        return cursor.fetchone()


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _mac(secret: bytes, previous: str, values: list[Any]) -> str:
    return digest(secret, (previous + _encode(values)).encode("utf-8", "surrogatepass"), "sha256").hex()


def _rows(session: Session) -> Iterator[Row[Any]]:
    """Every entry in the order of its position, a few thousand at a time."""
    connection, after = session.connection(), None
    while True:
        query = select(*_COLUMNS).order_by(_table.c.position).limit(CHUNK)
        rows = connection.execute(query if after is None else query.where(_table.c.position > after)).all()
        yield from rows
        if len(rows) < CHUNK:
            return
        after = rows[-1].position


def _heads(path: Path | None) -> dict[int, str]:
    return {line["position"]: line["mac"] for line in _lines(path)} if path else {}


def _lines(path: Path) -> list[dict[str, Any]]:
    """The heads noted so far; the file is replaced whole, so it is never half written."""
    if not path.exists():
        return []
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [{"position": int(line["position"]), "mac": str(line["mac"]), "at": str(line["at"])} for line in lines]
    except (ValueError, KeyError, TypeError) as error:
        raise HeadUnreadable(f"{path} is not as it was written") from error
