"""Whether anything was written that a desk shows: marks of places, changed by triggers in the writer's own transaction.

Whoever writes, and with whatever program, the mark of the place is another one as soon as the change can be seen. What
no desk shows (an address, a login, a draft) changes none.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, text

from models.desk import DeskMark

ALL, COUNTY = "*", ""
"""Marks beside those of townships and villages: of what nobody watched, and of anything in the county."""


class Watched(NamedTuple):
    """A table that desks read: a change of these ``columns`` (of any, where none is named) changes marks.

    ``places`` asks for the codes of the places, ``{rows}`` being the rows that came, went, or changed, as they were and
    as they are. The county's mark changes along, unless only villages look (``county``).
    """

    table: str
    places: str
    columns: tuple[str, ...] = ()
    county: bool = True

    @property
    def name(self) -> str:
        """How its triggers are called."""
        return f"guard_desk_{self.table}" if self.county else f"guard_round_{self.table}"


_OWN = "SELECT r.township_code AS place FROM {rows} r"
_OF_CASE = f"{_OWN} UNION SELECT b.township_code FROM {{rows}} r JOIN benefit b ON b.id = r.benefit_id"
_OF_HOME = "SELECT b.township_code FROM {rows} r JOIN benefit b ON b.household_id = r"
_CASES = "JOIN member s ON s.id_no_hash = p.id_no_hash JOIN benefit b ON b.member_id = s.id"
_OF_REPORT = "SELECT b.township_code FROM {rows} r"

WATCHED = (
    Watched("desk_summary", _OWN),
    Watched("benefit", _OWN),
    Watched("event", _OF_CASE),
    Watched("owed_paper", _OF_CASE),
    Watched("crosscheck", _OF_CASE),
    # How many people a case still has: of its family, or one person wherever in the county, or on the way there.
    Watched("member", f"{_OWN} UNION {_OF_HOME}.household_id"
            " UNION SELECT b.township_code FROM {rows} r JOIN member p ON p.id_no_hash = r.id_no_hash"
            " JOIN benefit b ON b.member_id = p.id", ("household_id", "id_no_hash", "left_on")),
    Watched("household_report", f"{_OF_REPORT} JOIN member p ON p.id = r.member_id {_CASES}", ("member_id",)),
    Watched("household_task", f"{_OF_REPORT} JOIN household_report h ON h.id = r.report_id"
            f" JOIN member p ON p.id = h.member_id {_CASES}", ("report_id", "need", "done_on")),
    Watched("household", f"{_OWN} UNION {_OF_HOME}.id", ("head_name",)),
    Watched("lead", _OWN, ("township_code", "village_code", "state")),
    # A letter may be issued for what happened while the case lay in another place.
    Watched("issued_paper", f"{_OWN} UNION SELECT e.township_code FROM {{rows}} r JOIN event e ON e.id = r.event_id"),
    # The visits that are to be made, and where to: villages alone are shown them one by one.
    Watched("visit", "SELECT DISTINCT r.village_code AS place FROM {rows} r",
            ("village_code", "household_id", "kind", "due_on", "done_on"), False),
    Watched("household", "SELECT DISTINCT v.village_code AS place FROM {rows} r JOIN visit v ON v.household_id = r.id",
            ("head_name", "address"), False),
)  # fmt: skip
"""All that desks read; what one begins to show belongs here. Figures and names of places are kept by the process."""

_ASKED = "SELECT mark FROM desk_mark WHERE place IN ('*', {0}, {0}) ORDER BY place, writer"
_ASKED_OF = {"sqlite": _ASKED.format("?"), "postgresql": _ASKED.format("%s")}
"""As drivers take it: every look at a desk asks it."""


def mark(connection: Connection, code: str) -> str:
    """The mark of a place (of the county for a shorter code): the same as long as desks there show the same.

    Ask it before reading what is to be kept under it: what is read afterwards is of this state or of a later one.
    """
    place = code[:9] if len(code) >= 9 else COUNTY
    found = connection.exec_driver_sql(_ASKED_OF[connection.dialect.name], (place, code))
    return ".".join([one for (one,) in found.fetchall()])


def change_all(connection: Connection) -> None:
    """Change the marks of all places: something may have been written that nobody watched."""
    new = "lower(hex(randomblob(16)))" if connection.dialect.name == "sqlite" else "CAST(gen_random_uuid() AS text)"
    connection.execute(text("DELETE FROM desk_mark WHERE place = :all"), {"all": ALL})
    connection.execute(text(f"INSERT INTO desk_mark (place, writer, mark) VALUES (:all, 0, {new})"), {"all": ALL})  # noqa: S608


def _places(watched: Watched, rows: str) -> str:
    county = f"SELECT '{COUNTY}' AS place UNION " if watched.county else ""
    return county + watched.places.format(rows=rows)


# --- SQLite: writers are alone, so a place has one mark; row by row ---------------------------------------------------


def on_sqlite() -> Iterator[tuple[str, str]]:
    """Tables and the triggers on them."""
    for watched in WATCHED:
        update = f"UPDATE OF {', '.join(watched.columns)}" if watched.columns else "UPDATE"
        for action, when, of in (("insert", "INSERT", "NEW"), ("update", update, "OLD NEW"),
                                 ("delete", "DELETE", "OLD")):  # fmt: skip
            trigger = f"CREATE TRIGGER {watched.name}_{action} AFTER {when} ON {watched.table}"
            yield watched.table, f"{trigger} BEGIN {_renewed(watched, of.split())} END"


def _renewed(watched: Watched, of: list[str]) -> str:
    asked = sorted(set(re.findall(r"\br\.(\w+)", watched.places)))
    rows = " UNION ALL ".join(f"SELECT {', '.join(f'{row}.{name} AS {name}' for name in asked)}" for row in of)  # noqa: S608
    places = _places(watched, f"({rows})")
    new = f"SELECT place, 0, lower(hex(randomblob(16))) FROM ({places}) WHERE place IS NOT NULL"  # noqa: S608
    return (
        f"DELETE FROM desk_mark WHERE place IN ({places});"  # noqa: S608
        f" INSERT INTO desk_mark (place, writer, mark) {new};"  # noqa: S608
    )


# --- PostgreSQL: no writer waits for another one's mark; statement by statement --------------------------------------

_MARKING = """CREATE FUNCTION guard_desk(places text[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO desk_mark (place, writer, mark)
    SELECT DISTINCT p, txid_current(), CAST(gen_random_uuid() AS text) FROM unnest(places) p WHERE p IS NOT NULL
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
    yield DeskMark.__tablename__, _MARKING
    for watched in WATCHED:
        for action, named in (("insert", "NEW TABLE AS came"), ("delete", "OLD TABLE AS gone"),
                              ("update", "NEW TABLE AS came OLD TABLE AS gone")):  # fmt: skip
            name = f"{watched.name}_{action}"
            yield watched.table, _function(watched, name, action)
            each = f"REFERENCING {named} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            yield watched.table, f"CREATE TRIGGER {name} AFTER {action} ON {watched.table} {each}"


def _function(watched: Watched, name: str, action: str) -> str:
    rows = {"insert": "came", "delete": "gone", "update": f"({_differing(watched)})"}[action]
    marked = f"PERFORM guard_desk(ARRAY({_places(watched, rows)}))"
    asked = f"IF EXISTS {rows} THEN {marked}; END IF" if action == "update" else marked
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {asked}; RETURN NULL; END $$"


def _differing(watched: Watched) -> str:
    """The rows of an update as they were and as they are, where a watched column differs."""
    if not watched.columns:
        return "SELECT * FROM came UNION ALL SELECT * FROM gone"
    new, old = (", ".join(f"{row}.{name}" for name in watched.columns) for row in ("n", "o"))
    differs = f"FROM came n JOIN gone o ON o.id = n.id WHERE ROW({new}) IS DISTINCT FROM ROW({old})"
    return f"SELECT n.* {differs} UNION ALL SELECT o.* {differs}"  # noqa: S608
