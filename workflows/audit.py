"""Who changed (or looked at) what, when and why: written by listeners in the transaction of the change itself.

A verb says once who acts (``attribute``); from then on every insert, update and delete of a watched table leaves
an entry. Set-based work says so (``set_based``) and leaves one entry with the digest of its rows (``bulk``).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, object_session

from models import AuditEntry, Base
from policy.masking import MASKS
from workflows import changes, pending
from workflows.actor import Actor
from workflows.audit_chain import HEAD_FILE, HeadUnreadable, Verdict, append, canonical, verify, write_head
from workflows.audit_rows import WATCHED, Scope, Watched, masked, plain, row_id, scope_of, shown

__all__ = [
    "HEAD_FILE",
    "HeadUnreadable",
    "NotSetBased",
    "Unattributed",
    "Unrecorded",
    "Verdict",
    "attribute",
    "bulk",
    "digest_of",
    "done_by",
    "record",
    "set_based",
    "verify",
    "write_head",
    "written",
]

_BY, _SCOPES, _SET = "audit_by", "audit_scopes", "audit_set_based"
_NOBODY: Scope = dict.fromkeys(("household_id", "benefit_id", "township_code", "village_code"))


class Unattributed(RuntimeError):
    """A watched table was written before anybody said who acts."""


class NotSetBased(RuntimeError):
    """A watched table was written past the listeners, outside ``set_based``."""


class Unrecorded(RuntimeError):
    """Set-based work ended without an entry for each table it wrote."""


class By(NamedTuple):
    """Who acts, when, why, and for which import batch."""

    actor: Actor
    now: datetime
    reason: str = ""
    batch_id: int | None = None

    def entry(self, action: str, table: str, row: str | None, scope: Scope, old: Any, new: Any) -> dict[str, Any]:
        """An entry of the history, still without its place in the chain."""
        role = self.actor.role
        return {
            "at": self.now, "actor_id": self.actor.id, "actor_name": self.actor.name, "channel": self.actor.channel,
            "actor_role": role.value if role else None, "action": action, "table_name": table, "row_id": row, **scope,
            "before": old, "after": new, "reason": masked(self.reason), "batch_id": self.batch_id,
        }  # fmt: skip


def attribute(session: Session, actor: Actor, now: datetime, reason: str = "", batch_id: int | None = None) -> None:
    """Say who makes the changes that follow, and why; what is not yet flushed stays with whoever was named before."""
    given, before = By(actor, now, reason, batch_id), session.info.get(_BY)
    if before is not None and before != given:
        session.flush()
    session.info[_BY] = given


@contextmanager
def done_by(session: Session, actor: Actor) -> Iterator[None]:
    """Inside, another acts for the same reason, as the system does in what follows from a person's decision."""
    by: By | None = session.info.get(_BY)
    if by is None:
        raise Unattributed("somebody acts for a reason, and none was named")
    attribute(session, actor, by.now, by.reason, by.batch_id)
    try:
        yield
        session.flush()
    finally:
        session.info[_BY] = by


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    action: str,
    row: Base | None = None,
    *,
    reason: str = "",
    after: Mapping[str, Any] | None = None,
    table: str = "",
    batch_id: int | None = None,
) -> None:
    """Leave an entry for something that changes no row: a reveal, an export, a login, a refused access.

    ``row`` is what it was about; without one, ``table`` may name what kind of thing. ``after`` tells more (JSON).
    """
    told = None if after is None else plain("after", dict(after))
    name, key, scope = table, None, _NOBODY
    if row is not None:
        name, key, scope = str(row.__tablename__), row_id(row), scope_of(row, session.connection())
    by = By(actor, now, reason, batch_id)
    pending.owe(session, "audit", by.entry(action, name, key, scope, None, told))


@contextmanager
def set_based(session: Session) -> Iterator[None]:
    """Inside, ``session.execute`` may write watched tables; raises Unrecorded unless ``bulk`` told of each of them."""
    outer, written = session.info.get(_SET), dict[str, bool]()
    session.info[_SET] = written
    try:
        yield
    finally:
        session.info[_SET] = outer
    if untold := sorted(name for name, told in written.items() if not told):
        raise Unrecorded(f"no entry tells what was done to {untold}")


def bulk(
    session: Session,
    table: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    action: str = "bulk",
    township_code: str | None = None,
    after: Mapping[str, Any] | None = None,
    counted: tuple[int, str] | None = None,
) -> str:
    """Leave one entry for set-based work on a table: how many rows, and the digest of what ``rows`` say of each.

    Rows are read once, in order, and must be told again in the same order to prove them; ``counted`` is what
    ``digest_of`` said of them, where the same rows tell of several tables. Returns the digest.
    """
    by: By | None = session.info.get(_BY)
    if by is None:
        raise Unattributed(f"set-based work on {table}, and nobody was named")
    count, found = counted or digest_of(rows)
    told = {"rows": count, "digest": found, **plain("after", dict(after or {}))}
    scope = _NOBODY | {"township_code": township_code}
    pending.owe(session, "audit", by.entry(action, table, None, scope, None, told))
    if session.info.get(_SET) is not None:
        session.info[_SET][table] = True
    return found


def digest_of(rows: Iterable[Mapping[str, Any]]) -> tuple[int, str]:
    """How many rows, and one SHA-256 over them in order; bytes stand as their own SHA-256, words by their code."""
    count, total = 0, sha256()
    for count, row in enumerate(rows, 1):  # noqa: B007
        values = {k: sha256(v).hexdigest() if isinstance(v, bytes) else plain(k, v) for k, v in row.items()}
        total.update(canonical(values).encode("utf-8", "surrogatepass") + b"\n")
    return count, total.hexdigest()


# --- listeners --------------------------------------------------------------------------------------------------------


def _watching(row: Base) -> Watched | None:
    """How rows of this table are watched; a table of another database may have the same name."""
    watched = WATCHED.get(str(row.__tablename__))
    return watched if watched is not None and isinstance(row, watched.model) else None


def _inserted(mapper: Mapper[Any], connection: Connection, row: Base) -> None:
    watched = _watching(row)
    if watched is None or not watched.inserts:
        return
    values = dict(shown(row, name, getattr(row, name)) for name in watched.columns)
    _owe(connection, row, "insert", None, {name: value for name, value in values.items() if value is not None})


def _updated(mapper: Mapper[Any], connection: Connection, row: Base) -> None:
    watched = _watching(row)
    if watched and (changed := changes.changes(row, watched.columns)):
        old = dict(shown(row, name, pair[0]) for name, pair in changed.items())
        new = dict(shown(row, name, pair[1]) for name, pair in changed.items())
        _owe(connection, row, "update", old, new)


def _deleted(mapper: Mapper[Any], connection: Connection, row: Base) -> None:
    watched = _watching(row)
    if watched is None:
        return
    stood = changes.before(row, watched.columns)
    values = dict(shown(row, name, getattr(stood, name)) for name in watched.columns)
    _owe(connection, row, "delete", {name: value for name, value in values.items() if value is not None}, None)


def _owe(connection: Connection, row: Base, action: str, old: Any, new: Any) -> None:
    session = object_session(row)
    assert session is not None
    by: By | None = session.info.get(_BY)
    if by is None:
        raise Unattributed(f"{action} of {row.__tablename__} {row_id(row)}, and nobody was named")
    scope = scope_of(row, connection, session.info.setdefault(_SCOPES, {}))
    pending.owe(session, "audit", by.entry(action, str(row.__tablename__), row_id(row), scope, old, new))


def _only_appended(mapper: Mapper[Any], connection: Connection, row: AuditEntry) -> None:
    raise NotSetBased("an entry of the history is written by the chain alone")


@event.listens_for(Session, "after_flush")
def _forget_scopes(session: Session, context: Any) -> None:
    session.info.pop(_SCOPES, None)


@event.listens_for(Session, "do_orm_execute")
def _guard(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    name = str(getattr(getattr(state.statement, "table", None), "name", ""))
    written(state.session, name, state.is_insert)


def written(session: Session, table: str, insert: bool) -> None:
    """Say that a table is written past the listeners: ``bulk`` is to tell of it, as ``set_based`` has it.

    Raises NotSetBased outside of that, where the table has a history.
    """
    told: dict[str, bool] | None = session.info.get(_SET)
    if table not in WATCHED and table != AuditEntry.__tablename__:
        return
    if told is None or table == AuditEntry.__tablename__:
        raise NotSetBased(f"{table} is written past its history; use the ORM, or audit.set_based with audit.bulk")
    if WATCHED[table].inserts or not insert:
        told.setdefault(table, False)


@pending.writer("audit")
def _append(session: Session, entries: list[dict[str, Any]]) -> None:
    append(session, _merged(entries))


def _merged(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry for a row that one act changed in several flushes."""
    kept: list[dict[str, Any]] = []
    last: dict[Any, dict[str, Any]] = {}
    for entry in entries:
        key = (entry["table_name"], entry["row_id"])
        first = last.get(key)
        if first and entry["action"] == "update" and _same_act(first, entry):
            _join(first, entry)
        else:
            kept.append(entry)
            last[key] = entry
    return [entry for entry in kept if entry["action"] != "update" or entry["after"]]


def _same_act(first: dict[str, Any], then: dict[str, Any]) -> bool:
    names = ("at", "actor_id", "reason", "batch_id")
    return first["action"] in ("insert", "update") and all(first[name] == then[name] for name in names)


def _join(first: dict[str, Any], then: dict[str, Any]) -> None:
    first["after"] = {**first["after"], **then["after"]}
    if first["action"] == "insert":
        first["after"] = {name: value for name, value in first["after"].items() if value is not None}
        return
    first["before"] = {**then["before"], **first["before"]}
    for name in [name for name in first["before"] if name not in MASKS]:
        if first["before"][name] == first["after"][name]:
            del first["before"][name], first["after"][name]


for _watched in WATCHED.values():
    changes.remember(_watched.model, _watched.columns)
# Of all mappers at once: to listen to every table by itself takes a fiftieth of a start.
event.listen(Mapper, "after_insert", _inserted)
event.listen(Mapper, "after_update", _updated)
event.listen(Mapper, "before_delete", _deleted)
for _when in ("before_insert", "before_update", "before_delete"):
    event.listen(AuditEntry, _when, _only_appended)
