"""Triggers for what constraints cannot say: stays of a person do not overlap, history is not rewritten.

With them go the triggers that change the marks of what desks show (``models.written``). The same rules on SQLite and
PostgreSQL. Dropped before and installed after every migration, because a rebuilt table loses its triggers on SQLite.
"""

from sqlalchemy import Connection, inspect, text

from models import written
from models.benefit import Benefit, Event, Finding
from models.desk import DeskMark
from models.household import Household
from models.household_event import HouseholdEvent
from models.issued import IssuedPaper, PaperStyle
from models.member import Member
from models.record import AuditEntry

UNCHANGEABLE = tuple(
    table.__tablename__ for table in (AuditEntry, Event, Finding, HouseholdEvent, IssuedPaper, PaperStyle)
)
NEVER_DELETED = tuple(table.__tablename__ for table in (Benefit, Household, Member))
OVERLAP = "stays overlap"

# A stay is [joined_on, left_on); one entered by mistake does not count.
_COUNTS = "coalesce({row}.leave_reason, '') <> 'correction'"
_OVERLAPS = f"""EXISTS (
    SELECT 1 FROM member other
    WHERE other.id_no_hash = NEW.id_no_hash AND other.id <> NEW.id AND {_COUNTS.format(row="other")}
    AND (NEW.left_on IS NULL OR other.joined_on < NEW.left_on)
    AND (other.left_on IS NULL OR NEW.joined_on < other.left_on))"""
_AGAIN = "SELECT id_no_hash FROM member GROUP BY id_no_hash HAVING count(*) > 1"
OVERLAPPING = (
    f"SELECT NEW.id FROM member NEW WHERE NEW.id_no_hash IN ({_AGAIN}) AND NEW.id > :after"
    f" AND {_COUNTS.format(row='NEW')} AND {_OVERLAPS} LIMIT 1"
)
"""What the guard asks of each new stay, asked of all that came after an id: of who has more stays than one."""
_STAYS = "INSERT OR UPDATE OF id_no_hash, joined_on, left_on, leave_reason"


def install(connection: Connection) -> None:
    """Install every guard whose table exists; those that stand are replaced."""
    drop(connection)
    there = set(inspect(connection).get_table_names())
    lite = connection.dialect.name == "sqlite"
    for table, statement in _sqlite() if lite else _postgres():
        if table in there:
            connection.execute(text(statement))
    if DeskMark.__tablename__ in there:
        for table, statement in written.on_sqlite() if lite else written.on_postgresql():
            if table in there:
                connection.execute(text(statement))
        written.change_all(connection)


def drop(connection: Connection) -> None:
    """Drop every guard; does nothing where there is none."""
    if connection.dialect.name == "sqlite":
        names = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'")
        )
        for name in names.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        return
    functions = text("SELECT CAST(oid AS regprocedure) FROM pg_proc WHERE proname LIKE 'guard\\_%'"
                     " AND pronamespace = CAST(current_schema() AS regnamespace)")  # fmt: skip
    for function in connection.scalars(functions).all():
        connection.execute(text(f"DROP FUNCTION IF EXISTS {function} CASCADE"))


def _sqlite() -> list[tuple[str, str]]:
    stays = f"WHEN {_COUNTS.format(row='NEW')} AND {_OVERLAPS} BEGIN SELECT RAISE(ABORT, '{OVERLAP}'); END"
    statements = [
        ("member", f"CREATE TRIGGER guard_stays_{name} AFTER {when} ON member {stays}")
        for name, when in zip(("insert", "update"), _STAYS.split(" OR "), strict=True)
    ]
    for table, action in _forbidden():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} allows no {action}'); END"
        statements.append((table, f"CREATE TRIGGER guard_{table}_{action} BEFORE {action} ON {table} {refuse}"))
    return statements


def _postgres() -> list[tuple[str, str]]:
    # Two transactions that end stays of the same person at once must wait for each other.
    stays = f"""CREATE OR REPLACE FUNCTION guard_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM member WHERE id_no_hash = NEW.id_no_hash AND id <> NEW.id ORDER BY id FOR UPDATE;
    IF {_OVERLAPS} THEN RAISE EXCEPTION '{OVERLAP}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN NULL; END $$"""
    history = """CREATE OR REPLACE FUNCTION guard_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '% allows no %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    row = f"FOR EACH ROW WHEN ({_COUNTS.format(row='NEW')}) EXECUTE FUNCTION guard_stays()"
    statements = [
        ("member", stays),
        ("audit_entry", history),
        ("member", f"CREATE TRIGGER guard_stays AFTER {_STAYS} ON member {row}"),
    ]
    for table, action in _forbidden():
        name = f"guard_{table}_{action.lower()}"
        each = f"BEFORE {action} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION guard_history()"
        statements.append((table, f"CREATE TRIGGER {name} {each}"))
        if action == "DELETE":
            truncate = each.replace("BEFORE DELETE", "BEFORE TRUNCATE")
            statements.append((table, f"CREATE TRIGGER guard_{table}_truncate {truncate}"))
    return statements


def _forbidden() -> list[tuple[str, str]]:
    both = [(table, action) for table in UNCHANGEABLE for action in ("UPDATE", "DELETE")]
    return both + [(table, "DELETE") for table in NEVER_DELETED]
