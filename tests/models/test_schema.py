"""Migrations on both engines: what they make, that data outlives them, and that they happen wholly or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import CheckConstraint, Engine, event, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Base, Draft, IncomeLine, Member, SpendingLine, User, schema
from policy.vocabulary import IncomeKind, Role, Scheme, SpendingKind, Unit
from tests import factories, postgres
from tests.clock import START
from tests.databases import opened
from workflows import accounts
from workflows.office import actor_of

ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@contextmanager
def _new(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Engine]:
    if kind == "sqlite":
        with opened(f"sqlite:///{(folder / 'new.sqlite3').as_posix()}") as engine:
            yield engine
        return
    server = request.getfixturevalue("postgres_server")
    with postgres.database(server, f"doudi_{uuid4().hex[:12]}") as url, opened(url) as engine:
        yield engine


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of nothing, on each engine."""
    with _new(request.param, request, tmp_path) as engine:
        yield engine


@pytest.fixture(params=ENGINES, scope="module")
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Doudi's tables with an office and two families, for tests after which they are as before."""
    with _new(request.param, request, tmp_path_factory.mktemp("filled")) as engine:
        yield _fill(engine)


def _fill(engine: Engine) -> Engine:
    """An office, two families, their income and a case with its history."""
    schema.upgrade(engine)
    with Session(engine) as session:
        factories.office(session)
        home, other = (factories.household(session, members=3) for _ in range(2))
        for person in (*home.members, *other.members):
            factories.keep(session, IncomeLine(member_id=person.id, kind=IncomeKind.WAGE, year_fen=120_000))
            factories.keep(session, SpendingLine(member_id=person.id, kind=SpendingKind.MEDICAL, year_fen=90_000))
        factories.benefit(session, home)
        session.commit()
    return engine


def _counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return {t.name: connection.scalar(select(func.count()).select_from(t)) for t in tables}


def _shape(engine: Engine) -> object:
    """Tables, columns, indexes, checks and triggers, to compare."""
    look = inspect(engine)
    triggers = "sqlite_master WHERE type = 'trigger'" if engine.dialect.name == "sqlite" else (
        "(SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal) t"
    )  # fmt: skip
    with engine.connect() as connection:
        names = sorted(connection.scalars(text(f"SELECT name FROM {triggers}")))
    tables = {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(table)],
            sorted(i["name"] for i in look.get_indexes(table)),
            sorted(c["name"] for c in look.get_check_constraints(table)),
        )
        for table in look.get_table_names()
    }
    return tables, names, schema.revision(engine)


def _rebuilding(engine: Engine) -> str:
    return "always" if engine.dialect.name == "sqlite" else "never"


class _Interrupted(RuntimeError):
    pass


def _interrupted_after(engine: Engine, statements: int) -> bool:
    """Make the statement after so many fail, as a power cut would; whether the migration got that far."""
    seen = 0

    def count(connection: sa.Connection, cursor: object, statement: str, *rest: object) -> None:
        nonlocal seen
        seen += statement.lstrip().upper().startswith(("CREATE", "DROP", "ALTER", "INSERT", "UPDATE", "DELETE"))
        if seen > statements:
            raise _Interrupted(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield_to = schema.downgrade if schema.revision(engine) else schema.upgrade
        yield_to(engine, "base" if yield_to is schema.downgrade else "head")
    except _Interrupted:
        return True
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return False


def test_the_migrations_make_what_the_models_say(empty):
    schema.upgrade(empty)
    with empty.connect() as connection:
        own = schema.compared(connection.dialect.name)
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": own})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_every_check_of_the_models(empty):
    schema.upgrade(empty)
    look = inspect(empty)
    for table in Base.metadata.sorted_tables:
        said = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {c["name"] for c in look.get_check_constraints(table.name)} == said, table.name


def test_going_down_leaves_nothing_and_up_again_makes_the_same(empty):
    filled = _fill(empty)
    before = _shape(filled)
    schema.downgrade(filled, "base")
    assert set(inspect(filled).get_table_names()) <= {"alembic_version"}
    schema.upgrade(filled)
    assert _shape(filled) == before
    assert {table for table, n in _counts(filled).items() if n} == {"desk_mark"}  # the mark of what nobody watched


def test_every_step_down_can_be_taken_up_again_with_the_data_of_the_other_steps(empty):
    filled = _fill(empty)
    before, counts = _shape(filled), _counts(filled)
    for step in ("0004", "0003", "0002", "0001"):
        schema.downgrade(filled, step)
        kept = set(inspect(filled).get_table_names()) & set(counts)
        schema.upgrade(filled)
        assert _shape(filled) == before
        assert {t: n for t, n in _counts(filled).items() if t in kept} == {t: counts[t] for t in kept}
    assert counts["user"] > 0 and "user" in kept


def test_upgrading_twice_changes_nothing(filled):
    before, counts = _shape(filled), _counts(filled)
    schema.upgrade(filled)
    assert (_shape(filled), _counts(filled)) == (before, counts)


def test_a_rebuilt_table_keeps_its_children_and_its_guards(filled):
    counts = _counts(filled)
    with schema.changing(filled) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("member", recreate=_rebuilding(filled)) as batch:
            batch.alter_column("name", type_=sa.String(50), nullable=False)
    assert _counts(filled) == counts
    assert counts["income_line"] == 6
    with Session(filled) as session, pytest.raises(IntegrityError, match="allows no DELETE"):
        session.connection().execute(sa.delete(Member))


def test_a_migration_that_orphans_rows_is_undone(filled):
    if filled.dialect.name != "sqlite":
        with pytest.raises(IntegrityError), schema.changing(filled) as connection:
            connection.execute(text("DELETE FROM household"))
    else:
        with pytest.raises(schema.BrokenReferences, match="member → household"), schema.changing(filled) as connection:
            connection.execute(text("DELETE FROM household"))
    assert _counts(filled)["household"] == 2


def test_foreign_keys_are_on_again_after_a_migration(filled):
    with Session(filled) as session, pytest.raises(IntegrityError):
        session.connection().execute(sa.insert(IncomeLine).values(member_id=999, kind="wage", year_fen=1, note=""))


def test_an_interrupted_upgrade_leaves_the_old_schema(empty):
    before = _shape(empty)
    for statements in (0, 1, 5, 20, 60, 120):
        assert _interrupted_after(empty, statements)
        assert _shape(empty) == before


def test_an_interrupted_downgrade_leaves_schema_data_and_guards(filled):
    before, counts = _shape(filled), _counts(filled)
    for statements in (0, 1, 5, 20, 40):
        assert _interrupted_after(filled, statements)
        assert (_shape(filled), _counts(filled)) == (before, counts)


def test_an_interrupted_rebuild_leaves_every_row(filled):
    before, counts = _shape(filled), _counts(filled)
    with pytest.raises(_Interrupted), schema.changing(filled) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("member", recreate=_rebuilding(filled)) as batch:
            batch.add_column(sa.Column("of_this_test", sa.String(20)))
        raise _Interrupted
    assert (_shape(filled), _counts(filled)) == (before, counts)


def test_a_database_of_a_newer_program_is_told_apart(empty):
    schema.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(schema.UnknownRevision, match="9999"):
        schema.is_current(empty)


def test_an_empty_database_is_not_current_and_a_migrated_one_is(empty):
    assert not schema.is_current(empty)
    schema.upgrade(empty)
    assert schema.is_current(empty)


def test_data_is_held_from_the_first_county_or_person_on(empty):
    assert not schema.holds_data(empty)
    schema.upgrade(empty)
    assert not schema.holds_data(empty)
    with Session(empty) as session:
        factories.places(session)
        session.commit()
    assert schema.holds_data(empty)


@pytest.mark.parametrize(("scheme", "before", "made"), [(Scheme.TEKUN, "0030", "0031"), (Scheme.DIBAO, "0043", "0044")])
def test_two_open_cases_of_one_person_are_named_before_the_guard_against_them_is_made(empty, scheme, before, made):
    schema.upgrade(empty)
    with Session(empty) as session:
        home = factories.household(session, members=1)
        own = {"scheme": scheme, "unit": Unit.SINGLE, "persons": 1, "member": home.members[0]}
        numbers = [factories.benefit(session, home, **own).case_no]
        session.commit()
    schema.downgrade(empty, before)  # written by today's models, so with today's columns first
    with empty.begin() as connection:
        cases = sa.Table("benefit", sa.MetaData(), autoload_with=connection)
        first = dict(connection.execute(sa.select(cases)).mappings().one())
        numbers.append(f"{numbers[0]}-2")
        connection.execute(cases.insert().values({**first, "id": first["id"] + 1, "case_no": numbers[1]}))
    with pytest.raises(RuntimeError, match=", ".join(numbers)):
        schema.upgrade(empty, made)
    assert schema.revision(empty) == before


def test_a_draft_of_before_is_of_the_place_where_its_author_works_and_keeps_what_was_typed(empty):
    schema.upgrade(empty)
    with Session(empty) as session:
        factories.office(session)
        works = {person.id: person.division_code for person in session.scalars(select(User))}
        for number in works:
            factories.keep(session, Draft(user_id=number, kind="case", division_code="0", title=f"申请 {number}",
                                          saved_at=START, content="{}"))  # fmt: skip
        session.commit()
    schema.downgrade(empty, "0044")  # written by today's models, so with today's columns first
    assert "division_code" not in {column["name"] for column in inspect(empty).get_columns("draft")}
    schema.upgrade(empty)
    with Session(empty) as session:
        drafts = list(session.scalars(select(Draft)))
        assert {draft.user_id: draft.division_code for draft in drafts} == works and len(set(works.values())) > 1
        assert {(draft.title, draft.content) for draft in drafts} == {(f"申请 {number}", "{}") for number in works}


@pytest.mark.parametrize(("moved", "closed"), [(-1, False), (0, True), (1, True)])
def test_a_draft_of_before_whose_author_was_moved_since_is_of_the_place_from_before(empty, moved, closed):
    schema.upgrade(empty)
    with Session(empty) as session:
        office = factories.office(session)
        admin, author = office.people[Role.SYSTEM_ADMIN], office.people[Role.TOWNSHIP_OFFICER]
        first, beside = author.division_code, office.people[Role.VILLAGE_WORKER]
        for user in (author, beside):
            factories.keep(session, Draft(user_id=user.id, kind="case", division_code="0", title="申请",
                                          saved_at=START + timedelta(hours=1), content="{}"))  # fmt: skip
        for hours, place in ((1 + moved, factories.XIAOER), (5, first), (7, factories.XIAOER)):
            at = START + timedelta(hours=hours)
            accounts.move(session, actor_of(admin), author.id, place, "调任", at)
            session.commit()
        ids, stays = author.id, beside.division_code
    schema.downgrade(empty, "0044")
    schema.upgrade(empty)
    with Session(empty) as session:
        drafts = {draft.user_id: draft.division_code for draft in session.scalars(select(Draft))}
        assert drafts.pop(ids) == (first if closed else factories.XIAOER) and list(drafts.values()) == [stays]
