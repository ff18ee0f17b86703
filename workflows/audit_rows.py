"""Which tables leave a history, which of their columns, and what of a number the history shows."""

import re
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Connection, inspect, select

from models import (
    Asset,
    Attachment,
    Base,
    Benefit,
    ChildParent,
    County,
    CountyCheck,
    CountyFigure,
    Crosscheck,
    Division,
    Event,
    FigureCheck,
    Finding,
    Household,
    HouseholdCause,
    HouseholdEvent,
    HouseholdReport,
    HouseholdTag,
    HouseholdTask,
    ImportBatch,
    IncomeLine,
    Instalment,
    IssuedPaper,
    Lead,
    MatchLine,
    MatchRun,
    Member,
    NearRelative,
    Objection,
    Obligor,
    OwedPaper,
    PaperOffice,
    PaperTemplate,
    Recalculation,
    SetAsidePaper,
    SpendingLine,
    TekunPerson,
    User,
    Visit,
    VisitChange,
    Visitor,
    Watch,
)
from models.sealing import unseal
from policy.division_codes import in_township, is_village, township_of
from policy.masking import MASKS, mask_id

_HIDDEN = re.compile(
    r"row_key|row_version|key_mark|.*_(hash|last4|hashes)|totp_sealed|totp_last_step|failed|last_login_at"
)
_ID_IN_TEXT = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx](?![0-9])")
_BATCH = ("layout", "file_name", "sha256", "state", "rows", "division_code", "applied_at", "undone_at", "digest")
_RECALCULATION = (
    "kind", "state", "title", "division_code", "on", "rows", "digest", "figures_mark", "applied_at", "undo_until",
    "undone_at",
)  # fmt: skip
_MATCH_RUN = (
    "kind", "state", "file_name", "sha256", "rows", "division_code", "due_on", "closed_at", "closed_by_id",
)  # fmt: skip
_MATCH_LINE = (
    "match_run_id", "row_no", "member_id", "household_id", "benefit_id", "lead_id", "due_on", "outcome", "reason",
    "clause", "settled_at", "settled_by_id", "event_id", "township_code", "village_code",
)  # fmt: skip
_LEAD = (
    "name", "id_no_sealed", "why", "source", "state", "reason", "due_on", "settled_at", "settled_by_id", "match_run_id",
    "township_code", "village_code",
)  # fmt: skip
_HOUSEHOLD_EVENT = (
    "household_id", "other_id", "member_id", "undoes_id", "kind", "happened_on", "late", "words", "evidence",
)  # fmt: skip
_HOUSEHOLD_REPORT = (
    "household_id", "member_id", "kind", "to_code", "happened_on", "words", "state", "due_on", "proposed_by",
    "settled_by", "reason", "event_id", "township_code", "village_code",
)  # fmt: skip
_TEKUN_PERSON = (
    "benefit_id", "member_id", "unmet", "items", "assessed_on", "wish", "wish_by", "wished_on", "guardian",
    "agreement_on", "agreement_file_id", "home", "home_from", "home_until", "referred_to", "township_code",
    "village_code",
)  # fmt: skip
"""Without the ground that keeps somebody out of a home: it is told to nobody but who decides."""
_FINDING = ("benefit_id", "at", "monthly_fen", "actor_id")
_ISSUED = (
    "key", "turn", "kind", "benefit_id", "event_id", "case_no", "office_code", "word", "year", "serial", "on", "title",
    "addressee", "replaces_id", "why", "digest", "template_id", "township_code", "village_code",
)  # fmt: skip
_TEMPLATE = (
    "kind", "scheme", "version", "state", "file_name", "size", "sha256", "tried_at", "activated_at", "retired_at",
)  # fmt: skip


class Watched(NamedTuple):
    """A table with a history: the columns shown, the row it hangs on, and whether its inserts are told."""

    model: type[Base]
    columns: tuple[str, ...]
    parent: type[Base] | None
    link: str = ""
    inserts: bool = True


def _watched(
    model: type[Base],
    parent: type[Base] | None = None,
    link: str = "",
    *,
    only: tuple[str, ...] = (),
    inserts: bool = True,
) -> tuple[str, Watched]:
    # Of the columns, not of ``column_attrs``, which would set up the relations of all tables while this is imported.
    every = inspect(model).columns.keys()
    names = only or tuple(name for name in every if not _HIDDEN.fullmatch(name))
    return str(model.__tablename__), Watched(model, names, parent, link, inserts)


WATCHED: dict[str, Watched] = dict(
    [
        *map(_watched, (Household, Member, Benefit, Visit, Attachment, NearRelative, User, Division, County)),
        _watched(HouseholdEvent, Household, "household_id", only=_HOUSEHOLD_EVENT),
        _watched(HouseholdReport, Household, "household_id", only=_HOUSEHOLD_REPORT),
        _watched(HouseholdTask, Household, "household_id"),
        _watched(HouseholdCause, Household, "household_id"),
        _watched(HouseholdTag, Household, "household_id"),
        _watched(Asset, Household, "household_id"),
        _watched(Obligor, Household, "household_id"),
        _watched(IncomeLine, Member, "member_id"),
        _watched(SpendingLine, Member, "member_id"),
        _watched(ChildParent, Member, "member_id"),
        _watched(OwedPaper, Benefit, "benefit_id"),
        _watched(SetAsidePaper, Benefit, "benefit_id"),
        _watched(Instalment, Benefit, "benefit_id"),
        _watched(Watch, Household, "household_id"),
        _watched(Objection, Benefit, "benefit_id"),
        _watched(Crosscheck, Benefit, "benefit_id"),
        _watched(Finding, Benefit, "benefit_id", only=_FINDING),
        _watched(CountyCheck, Benefit, "benefit_id"),
        _watched(TekunPerson, Benefit, "benefit_id", only=_TEKUN_PERSON),
        _watched(Visitor, Visit, "visit_id"),
        _watched(VisitChange, Visit, "visit_id"),
        *map(_watched, (CountyFigure, FigureCheck, PaperOffice)),
        _watched(PaperTemplate, only=_TEMPLATE),
        _watched(IssuedPaper, only=_ISSUED),
        _watched(MatchRun, only=_MATCH_RUN),
        _watched(MatchLine, only=_MATCH_LINE),
        _watched(Lead, only=_LEAD),
        _watched(ImportBatch, only=_BATCH),
        _watched(Recalculation, only=_RECALCULATION),
        # An event is history itself; only touching one later is told.
        _watched(Event, Benefit, "benefit_id", inserts=False),
    ]
)
"""By table name; every other table is either history itself or nothing that a decision rests on."""

Scope = dict[str, Any]
_CODES = ("township_code", "village_code")


def row_id(row: Base) -> str:
    """The primary key as text, parts of a compound one joined by "/"."""
    return "/".join(str(plain("", part)) for part in inspect(type(row)).primary_key_from_instance(row))


def shown(row: Base, name: str, value: Any) -> tuple[str, Any]:
    """Name and value of a column as the history shows them: a sealed number masked, under its plain name."""
    if not name.endswith("_sealed"):
        return name, plain(name, value)
    number = name.removesuffix("_sealed")
    if value is None:
        return number, None
    return number, MASKS[number](unseal(f"{row.__tablename__}.{number}", str(getattr(row, "row_key", "")), value))


def plain(name: str, value: Any) -> Any:
    """A value as JSON knows it; an ID number that somebody typed into a text is masked."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return masked(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(name, part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(name, part) for part in value]
    raise TypeError(f"the history cannot keep {name} as {type(value).__name__}")


def masked(text: str) -> str:
    """A text with every ID number in it reduced to its last four."""
    return _ID_IN_TEXT.sub(lambda found: mask_id(found.group()), text) if len(text) >= 18 else text


def scope_of(row: Base, connection: Connection | None = None, known: dict[Any, Scope] | None = None) -> Scope:
    """Household, case, township and village that a row belongs to; what it does not say itself, its parent says."""
    own = {name: getattr(row, name, None) for name in ("household_id", "benefit_id", *_CODES)}
    if isinstance(row, Household):
        own["household_id"] = row.id
    elif isinstance(row, Benefit):
        own["benefit_id"] = row.id
    elif code := getattr(row, "division_code", None) or getattr(row, "code", None):
        own["township_code"] = township_of(code) if in_township(code) else None
        own["village_code"] = code if is_village(code) else None
    watched = WATCHED.get(str(row.__tablename__))
    if watched is None or watched.parent is None or connection is None:
        return own
    above = _parent_scope(connection, watched.parent, getattr(row, watched.link), {} if known is None else known)
    return {name: value if value is not None else above.get(name) for name, value in own.items()}


def _parent_scope(connection: Connection, parent: type[Base], key: int, known: dict[Any, Scope]) -> Scope:
    """Read with its own statement: a row written by the same flush is not in the session yet."""
    if (parent, key) not in known:
        table = parent.__table__
        names = [name for name in ("household_id", "benefit_id", *_CODES) if name in table.columns]
        found = connection.execute(select(*(table.c[name] for name in names)).where(table.c.id == key)).first()
        known[parent, key] = dict(zip(names, found, strict=True)) if found else {}
        if parent in (Household, Benefit):
            known[parent, key]["household_id" if parent is Household else "benefit_id"] = key
    return known[parent, key]
