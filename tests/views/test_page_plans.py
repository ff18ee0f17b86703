"""No page reads a table that grows with the county row by row, on either engine: the engines' own plans say so."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement, Executable

from models import Base, Household
from policy.vocabulary import Role
from tests.views.standing import Standing
from tests.views.walked import PAGES, settle
from views.db import db
from views.panel import seeking

GROWING = frozenset(Base.metadata.tables) - {
    "county", "division", "user", "county_figure", "import_mapping", "saved_view", "doc_counter", "tick", "holiday",
}  # fmt: skip
"""Tables whose rows are counted in families, not in offices."""
FEW = frozenset({"near_relative", "job", "export_job", "import_batch", "match_run", "recalculation", "simulation"})
"""Of those, the ones that hold some dozens of rows in the largest county."""


SQLITE_SCAN, POSTGRES_SCAN = r"^SCAN (\w+)$", r"Seq Scan on (\w+)"
BOUNDED = {
    ("/household/", "household"), ("/benefit/", "benefit"), ("/visit/?state=done", "visit"), ("/audit/", "audit_entry"),
    ("/household/?name=张", "household"),
}  # fmt: skip
"""Lists without a filter that leads to rows walk from one end up to their LIMIT, whatever they meet."""


class Explain(Executable, ClauseElement):
    """How an engine would answer a statement."""

    inherit_cache = False

    def __init__(self, statement: Any) -> None:
        self.statement = statement


@compiles(Explain)
def _explained(element: Explain, compiler: Any, **how: Any) -> str:
    word = "EXPLAIN QUERY PLAN " if compiler.dialect.name == "sqlite" else "EXPLAIN "
    return word + compiler.process(element.statement, **how)


@pytest.fixture(scope="module")
def asked(tmp_path_factory, sqlite_template) -> dict[str, list[tuple[Any, Any]]]:
    """The statements of each page with their values, as they were asked of a small county."""
    office = Standing(tmp_path_factory.mktemp("plans"), sqlite_template, lambda app: settle(app, 110))
    found = {}
    with office.app.app_context():
        engine = db.engine
    for where, (who, _) in PAGES.items():
        browser = office.as_(who)
        with heard(engine) as said:
            assert browser.get(where).status_code == 200, where
        found[where] = said
    return found


@contextmanager
def heard(engine: Engine) -> Iterator[list[tuple[Any, Any]]]:
    """Gather what is selected meanwhile."""
    said: list[tuple[Any, Any]] = []

    def note(connection: Connection, element: Any, many: Any, values: Any, options: Any) -> None:
        if getattr(element, "is_select", False):
            said.append((element, values))

    event.listen(engine, "before_execute", note)
    yield said
    event.remove(engine, "before_execute", note)


def plan(connection: Connection, statement: Any, values: Any) -> list[Any]:
    """The lines of an engine's plan as its driver gives them."""
    return connection.execute(Explain(statement), values).cursor.fetchall()


def walks(asked: dict[str, list[tuple[Any, Any]]], connection: Connection, column: int, sign: str) -> dict[str, Any]:
    """The pages that read a growing table row by row, with the statements that do."""
    wrong: dict[str, list[Any]] = {}
    for where, statements in asked.items():
        for statement, values in statements:
            tables = read_whole([row[column] for row in plan(connection, statement, values)], sign)
            if tables := {table for table in tables if (where, table) not in BOUNDED or "LIMIT" not in str(statement)}:
                wrong.setdefault(where, []).append((tables, str(statement)))
    return wrong


def read_whole(lines: list[str], sign: str) -> set[str]:
    """The growing tables that a plan reads row by row."""
    found = {match[1] for line in lines if (match := re.search(sign, line.strip()))}
    return {re.sub(r"_\d+$", "", name) for name in found} & (GROWING - FEW)


def test_what_pages_hand_to_the_driver_is_looked_at_as_well(asked):
    for table in ("login_session", "desk_mark", "desk_summary", "benefit"):
        assert any(f"FROM {table}" in str(statement) for statement, _ in asked["/desk/?"]), table


def test_sqlite_reads_no_growing_table_row_by_row(asked, migrated_sqlite_url):
    with create_engine(migrated_sqlite_url).connect() as connection:
        assert walks(asked, connection, 3, SQLITE_SCAN) == {}


def test_a_page_deep_in_the_list_of_people_leaves_out_those_before_it_unread(asked, migrated_sqlite_url):
    with create_engine(migrated_sqlite_url).connect() as connection:
        plans = [plan(connection, *one) for one in asked["/member/"] if "OFFSET" in str(one[0])]
    assert [[row[3] for row in rows] for rows in plans] == [
        ["SCAN member USING COVERING INDEX ix_member_present_id_left_on"]
    ]


def test_postgresql_skips_and_counts_people_by_an_index_of_their_numbers_alone(asked, migrated_postgres_url):
    with create_engine(migrated_postgres_url).connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        lines = [plan(connection, *one) for one in asked["/member/"] if "LIMIT" in str(one[0])]
    used = [row[0].strip() for rows in lines for row in rows if " member" in row[0]]
    assert used and all(re.match("-> *Index Only Scan.* using ix_member_present_id on", line) for line in used), used


def test_letters_are_counted_from_the_index_alone_and_those_that_moved_in_by_their_cases(asked, migrated_sqlite_url):
    with create_engine(migrated_sqlite_url).connect() as connection:
        [plans] = [plan(connection, *one) for one in asked["/desk/?"] if "issued_paper" in str(one[0])]
    aside = "SEARCH set_aside_paper USING INDEX ix_set_aside_paper_event_id_kind (event_id=?)"
    # A newer SQLite knows more often that the index alone is enough.
    lines = [row[3] for row in plans if re.search("event|came_from", row[3])]
    assert lines[:2] == [
        "SEARCH event USING COVERING INDEX ix_event_township_code_at_id_action_benefit_id (township_code=? AND at>?)",
        aside,
    ]
    assert [line.replace("COVERING ", "") for line in lines[2:]] == [
        "SEARCH event USING INDEX ix_event_benefit_id_id (benefit_id=?)",
        "SEARCH benefit USING INDEX ix_benefit_township_code_came_from (township_code=?)",
        aside,
    ]


@pytest.mark.parametrize(
    ("where", "read"),
    [
        (
            "/household/?name=张",
            ("SCAN household", "SEARCH member USING INDEX ix_member_household_id_id (household_id=?)"),
        ),
        (
            "/household/?township=511526100&stage=in_force&sort=head_name",
            (
                "SEARCH household USING INDEX ix_household_township_code_head_name_id (township_code=?)",
                "SEARCH benefit USING INDEX ix_benefit_household_id_id (household_id=?)",
            ),
        ),
        (
            "/household/?visit=overdue&review=near&cause=illness",
            (
                "SEARCH visit USING COVERING INDEX ix_visit_done_on_due_on_id_household_id (done_on=? AND due_on<?)",
                "SEARCH benefit USING INDEX ix_benefit_household_id_id (household_id=?)",
            ),
        ),
    ],
)
def test_households_are_found_by_few_rows_and_asked_for_their_own(asked, migrated_sqlite_url, where, read):
    with create_engine(migrated_sqlite_url).connect() as connection:
        [first, *_] = [plan(connection, *one) for one in asked[where] if str(one[0]).startswith("WITH seen")]
    assert set(read) <= {row[3] for row in first}


FEW_OF_MANY = {
    "/benefit/?mark=near_relative": "SCAN benefit USING INDEX ix_benefit_marked",
    "/benefit/?mark=agreement_missing":
        "SEARCH benefit_1 USING INDEX ix_benefit_agreement_lacking_since_id (agreement_lacking_since>?)",
    "/benefit/?scheme=tekun": "SEARCH benefit USING INDEX ix_benefit_other_scheme_id (scheme=?)",
    "/benefit/?review=overdue": "SEARCH benefit USING INDEX ix_benefit_review_due_on_id (review_due_on<?)",
    "/household/?scheme=tekun": "SEARCH benefit USING INDEX ix_benefit_other_scheme_id (scheme=?)",
    "/household/?review=overdue": "SEARCH benefit USING INDEX ix_benefit_review_due_on_id (review_due_on<?)",
    "/household/?standing=gone": "SCAN household USING INDEX ix_household_dissolved",
    "/member/?standing=left": "SCAN member_1 USING INDEX ix_member_left",
    "/visit/?kind=county": "SEARCH visit USING INDEX ix_visit_kind_id (kind=?)",
    "/visit/?state=away": "SCAN visit USING INDEX ix_visit_away",
    "/visit/?state=doubtful": "SCAN visit USING INDEX ix_visit_doubtful",
}  # fmt: skip
"""Where the rows that were looked at did not fill the page, and where the condition leads to few from the beginning."""


@pytest.fixture(scope="module")
def gathered(tmp_path_factory, sqlite_template) -> dict[str, list[tuple[Any, Any]]]:
    """The statements of lists that look at no row after another."""
    office = Standing(tmp_path_factory.mktemp("gathered"), sqlite_template, lambda app: settle(app, 30))
    found, browser = {}, office.as_(Role.COUNTY_REVIEWER)
    with office.app.app_context():
        engine = db.engine
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seeking, "NEAR_PAGES", 0)
        for where in FEW_OF_MANY:
            with heard(engine) as said:
                assert browser.get(where).status_code == 200, where
            found[where] = said
    return found


@pytest.mark.parametrize("where", FEW_OF_MANY)
def test_few_rows_of_many_are_found_by_an_index_of_those_alone(gathered, migrated_sqlite_url, where):
    with create_engine(migrated_sqlite_url).connect() as connection:
        plans = [plan(connection, *one) for one in gathered[where]]
    # A newer SQLite knows more often that the index alone is enough.
    assert FEW_OF_MANY[where] in {row[3].replace("COVERING ", "") for rows in plans for row in rows}


def test_planned_visits_are_found_by_their_day_without_those_that_were_done(asked, migrated_sqlite_url):
    with create_engine(migrated_sqlite_url).connect() as connection:
        plans = [plan(connection, *one) for one in asked["/visit/?due=soon"] if "OFFSET" in str(one[0])]
    [found] = [row[3] for rows in plans for row in rows if "visit" in row[3]]
    assert "ix_visit_township_code_done_on_due_on_id (township_code=? AND done_on=? AND due_on<?)" in found


def test_a_list_of_people_by_name_is_read_in_the_order_of_names(asked, migrated_sqlite_url):
    with create_engine(migrated_sqlite_url).connect() as connection:
        plans = [plan(connection, *one) for one in asked["/member/?sort=name"] if "OFFSET" in str(one[0])]
    assert [[row[3] for row in rows] for rows in plans] == [["SCAN member USING INDEX ix_member_name_id"]]


def test_postgresql_has_an_index_for_every_growing_table_that_a_page_reads(asked, migrated_postgres_url):
    with create_engine(migrated_postgres_url).connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))  # in an empty table nothing else would be chosen
        assert walks(asked, connection, 0, POSTGRES_SCAN) == {}


def test_a_table_read_row_by_row_is_noticed(migrated_sqlite_url):
    with create_engine(migrated_sqlite_url).connect() as connection:
        lines = [row[3] for row in plan(connection, select(Household).where(Household.note == "x"), {})]
    assert read_whole(lines, SQLITE_SCAN) == {"household"}
