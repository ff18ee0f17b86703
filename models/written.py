"""Whether anything was written that a desk shows: marks of places, changed by triggers in the writer's own transaction.

Whoever writes, and with whatever program, the mark of the place is another one as soon as the change can be seen. What
no desk shows (an address, a login, a draft) changes none.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Table, bindparam, case, func, literal_column, select, text

from models.desk import DeskMark
from models.ready import Ready, said
from policy.action_words import STATING_LETTERS

ALL, COUNTY = "*", ""
"""Marks beside those of townships and villages: of what nobody watched, and of anything in the county."""
LETTERS = "L"
"""After the code of a township: the mark of its letters alone, of which few steps state one."""


class Watched(NamedTuple):
    """A table that desks read: a change of these ``columns`` (of any, where none is named) changes marks.

    Those of the place in the column ``own``, and of what ``others`` find for ``{row}``, which is a row that came, went,
    or changed, as it was and as it is. The county's mark changes along, unless only villages look (``county``).
    """

    table: str
    own: str = "township_code"
    others: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    county: bool = True
    comes: bool = True
    """Whether a row that comes or goes changes marks too, not only one that changes."""

    @property
    def name(self) -> str:
        """How its triggers are called."""
        return f"guard_{'desk' if self.county else 'round' if self.comes else 'moved'}_{self.table}"

    @property
    def actions(self) -> tuple[str, ...]:
        """What its triggers follow."""
        return ("insert", "update", "delete") if self.comes else ("update",)


_CASE = "SELECT b.township_code FROM benefit b WHERE b.id = {row}.benefit_id"
_CASES = "SELECT b.township_code FROM benefit b WHERE b.household_id = {row}"
_STATING = ", ".join(f"'{action}'" for action in sorted(STATING_LETTERS))
_STATED = f"SELECT {{row}}.township_code || '{LETTERS}' WHERE {{row}}.action IN ({_STATING})"
_CASE_LETTERS = f"SELECT b.township_code || '{LETTERS}' FROM benefit b WHERE b.id = {{row}}.benefit_id"
_OF_PERSON = "JOIN member s ON s.id_no_hash = p.id_no_hash JOIN benefit b ON b.member_id = s.id"

WATCHED = (
    Watched("desk_summary", others=("SELECT {row}.village_code",)),
    Watched("benefit"),
    # A case that moves takes the letters along that nobody issued.
    Watched("benefit", "", (f"SELECT {{row}}.township_code || '{LETTERS}'",), ("township_code",), False, False),
    Watched("event", others=(_CASE, _STATED)),
    Watched("owed_paper", others=(_CASE,)),
    Watched("crosscheck", others=(_CASE,)),
    # How many people a case still has: of its family, or one person wherever in the county, or on the way there.
    Watched("member", others=(
        f"{_CASES}.household_id",
        ("SELECT b.township_code FROM member s JOIN benefit b ON b.member_id = s.id"
         " WHERE s.id_no_hash = {row}.id_no_hash"),
    ), columns=("household_id", "id_no_hash", "left_on")),
    Watched("household_report", "", (
        f"SELECT b.township_code FROM member p {_OF_PERSON} WHERE p.id = {{row}}.member_id",
    ), ("member_id",)),
    Watched("household_task", "", (
        (f"SELECT b.township_code FROM household_report h JOIN member p ON p.id = h.member_id {_OF_PERSON}"
         " WHERE h.id = {row}.report_id"),
    ), ("report_id", "need", "done_on")),
    Watched("household", others=(f"{_CASES}.id",), columns=("head_name",)),
    Watched("lead", columns=("township_code", "village_code", "state")),
    # A letter is issued, set aside or taken back by who has the case now, wherever it lay when that happened.
    Watched("issued_paper", others=(_CASE_LETTERS,)),
    Watched("set_aside_paper", others=(_CASE, _CASE_LETTERS)),
    # The visits that are to be made, and where to: villages alone are shown them one by one.
    Watched("visit", "village_code", columns=("village_code", "household_id", "kind", "due_on", "done_on"),
            county=False),
    Watched("household", "", ("SELECT v.village_code FROM visit v WHERE v.household_id = {row}.id",),
            ("head_name", "address"), False),
)  # fmt: skip
"""All that desks read; what one begins to show belongs here. Figures and names of places are kept by the process."""

_TOWN: Any = literal_column("9")
"""Digits of a township's code, as they stand in a statement."""
_MARKS = cast(Table, DeskMark.__table__)
_NEW = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "CAST(gen_random_uuid() AS text)"}
_WITHIN = Ready(
    select(_MARKS.c.place, _MARKS.c.mark)
    .where(_MARKS.c.place > bindparam("code"), _MARKS.c.place < bindparam("end"))
    .where((func.length(_MARKS.c.place) == bindparam("digits")) | (_MARKS.c.place == bindparam("letters")))
    .order_by(_MARKS.c.place, _MARKS.c.writer)
)


def mark_of(code: Any) -> Any:
    """A column with the mark of a place (of the county for a shorter code): the same while desks there show the same.

    Ask it before reading what is to be kept under it: what is read afterwards is of this state or of a later one. NULL
    where the place has no mark: nothing may be kept.
    """
    none, apart = said(COUNTY), said(".")
    town = case((func.length(code) >= _TOWN, func.substr(code, literal_column("1"), _TOWN)), else_=none)
    village = case((func.length(code) > _TOWN, _joined(code)), else_=none)
    return _joined(said(ALL)) + apart + _joined(town) + apart + village


def _joined(place: Any) -> Any:
    return select(func.aggregate_strings(_MARKS.c.mark, said("."))).where(_MARKS.c.place == place).scalar_subquery()


def marks_in(connection: Connection, code: str) -> dict[str, str]:
    """The marks of what lies in a place, by code: the townships of a county; of a township its villages and letters.

    Like ``mark_of``, to be asked before reading what is to be kept under them; what has none may not be kept.
    """
    found = dict[str, str]()
    # A letter comes after all digits in whatever order a server sorts.
    asked = {"code": code, "end": f"{code}zzz", "digits": 9 if len(code) < 9 else 12, "letters": f"{code}{LETTERS}"}
    for place, one in _WITHIN.rows(connection, asked):
        found[place] = f"{found[place]}.{one}" if place in found else one
    return found


def change_all(connection: Connection) -> None:
    """Give every place another mark: something may have been written that nobody watched."""
    new = _NEW[connection.dialect.name]
    connection.execute(text("DELETE FROM desk_mark"))
    places = (
        f"SELECT '{ALL}' AS code UNION SELECT '{COUNTY}' UNION SELECT code FROM division UNION {_letters('division')}"
    )
    connection.execute(text(f"INSERT INTO desk_mark (place, writer, mark) SELECT p.code, 0, {new} FROM ({places}) p"))


def _letters(of: str) -> str:
    """The names of the marks of letters in some townships."""
    return f"SELECT code || '{LETTERS}' FROM {of} WHERE length(code) = 9"


def _others(watched: Watched, row: str) -> list[str]:
    return [other.format(row=row) for other in watched.others]


# --- SQLite: writers are alone, so a place has one mark; row by row ---------------------------------------------------


def on_sqlite() -> Iterator[tuple[str, str]]:
    """Tables and the triggers on them."""
    new = _NEW["sqlite"]
    yield (
        "division",
        (
            "CREATE TRIGGER guard_place_division_insert AFTER INSERT ON division BEGIN INSERT INTO desk_mark"
            f" (place, writer, mark) SELECT p.code, 0, {new} FROM (SELECT NEW.code AS code UNION"
            f" {_letters('(SELECT NEW.code AS code)')}) p"
            " WHERE NOT EXISTS (SELECT 1 FROM desk_mark WHERE place = p.code); END"
        ),
    )
    for watched in WATCHED:
        update = f"UPDATE OF {', '.join(watched.columns)}" if watched.columns else "UPDATE"
        fired = {"insert": ("INSERT", "NEW"), "update": (update, "OLD NEW"), "delete": ("DELETE", "OLD")}
        for action in watched.actions:
            when, of = fired[action]
            trigger = f"CREATE TRIGGER {watched.name}_{action} AFTER {when} ON {watched.table}"
            changed = f"UPDATE desk_mark SET mark = {new} WHERE place IN ({_places_of(watched, of.split())})"
            yield watched.table, f"{trigger} BEGIN {changed}; END"


def _places_of(watched: Watched, rows: list[str]) -> str:
    """Codes, said for each row by itself: a join with the rows would have SQLite walk through the other table."""
    own = [f"{row}.{watched.own}" for row in rows if watched.own]
    if not watched.others:
        return ", ".join([f"'{COUNTY}'"] * watched.county + own)
    told = [f"SELECT '{COUNTY}'"] * watched.county + [f"SELECT {one}" for one in own]
    return " UNION ALL ".join([*told, *(other for row in rows for other in _others(watched, row))])


# --- PostgreSQL: no writer waits for another one's mark; statement by statement --------------------------------------

_MARKING = """CREATE FUNCTION guard_desk(places text[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO desk_mark (place, writer, mark)
    SELECT p, txid_current(), CAST(gen_random_uuid() AS text)
    FROM (SELECT DISTINCT unnest(places) AS p) told WHERE p IS NOT NULL
    ON CONFLICT (place, writer) DO UPDATE SET mark = excluded.mark
    WHERE CAST(desk_mark.xmin AS text) <> CAST(mod(txid_current(), 4294967296) AS text);
    IF FOUND THEN
        DELETE FROM desk_mark USING (
            SELECT place, writer FROM desk_mark
            WHERE place = ANY (places) AND writer <> txid_current() FOR UPDATE SKIP LOCKED
        ) earlier WHERE desk_mark.place = earlier.place AND desk_mark.writer = earlier.writer;
    END IF; END $$"""
"""A mark of the transaction's own beside those of others that are not at their end; earlier ones go.

Of two that write at once each leaves a mark, and one that ends later shows only then.
"""


def on_postgresql() -> Iterator[tuple[str, str]]:
    """Tables, and functions and triggers on them."""
    yield "desk_mark", _MARKING
    yield from _trigger(
        "division",
        "guard_place_division",
        "insert",
        f"PERFORM guard_desk(ARRAY(SELECT code FROM came UNION ALL {_letters('came')}))",
    )
    for watched in WATCHED:
        for action in watched.actions:
            rows = {"insert": "came", "delete": "gone", "update": f"({_differing(watched)})"}[action]
            marked = f"PERFORM guard_desk(ARRAY({_places_in(watched, rows)}))"
            some = f"IF EXISTS (SELECT 1 FROM {rows} r) THEN {marked}; END IF"
            yield from _trigger(watched.table, watched.name, action, some)


def _trigger(table: str, name: str, action: str, work: str) -> Iterator[tuple[str, str]]:
    named = {"insert": "NEW TABLE AS came", "delete": "OLD TABLE AS gone"}
    named["update"] = " ".join(named.values())
    body = f"LANGUAGE plpgsql AS $$ BEGIN {work}; RETURN NULL; END $$"
    each = f"REFERENCING {named[action]} FOR EACH STATEMENT EXECUTE FUNCTION {name}_{action}()"
    yield table, f"CREATE FUNCTION {name}_{action}() RETURNS trigger {body}"
    yield table, f"CREATE TRIGGER {name}_{action} AFTER {action} ON {table} {each}"


def _places_in(watched: Watched, rows: str) -> str:
    told = [f"SELECT '{COUNTY}'"] * watched.county + [f"SELECT r.{watched.own} FROM {rows} r"] * bool(watched.own)
    of = f"SELECT o.code FROM {rows} r CROSS JOIN LATERAL"
    return " UNION ".join([*told, *(f"{of} ({other}) o (code)" for other in _others(watched, "r"))])


def _differing(watched: Watched) -> str:
    """The rows of an update as they were and as they are, where a watched column differs."""
    if not watched.columns:
        return "SELECT * FROM came UNION ALL SELECT * FROM gone"
    new, old = (", ".join(f"{row}.{name}" for name in watched.columns) for row in ("n", "o"))
    differs = f"FROM came n JOIN gone o ON o.id = n.id WHERE ROW({new}) IS DISTINCT FROM ROW({old})"
    return f"SELECT n.* {differs} UNION ALL SELECT o.* {differs}"
