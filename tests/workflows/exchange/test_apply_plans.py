"""Applying an import reads the rows of its own file, however many other files were imported before it."""

import pytest
from sqlalchemy import event

from models import ImportRow
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import FIGURES, HEAD_ROW, NOW, SON_ROW, WIFE_ROW, person
from workflows.exchange.apply import apply_batch

pytestmark = pytest.mark.usefixtures("in_process")
ROWS = str(ImportRow.__tablename__)
OWN = ("(batch_id=?", "USING INTEGER PRIMARY KEY")


@pytest.fixture
def plans(session, reviewer):
    """How SQLite finds staged rows, by what asks for them, while rows are new, join a family and change somebody."""
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    batch = rosters.staged(session, rosters.members(WIFE_ROW | {"民族": "苗族"}, SON_ROW, person(7)), reviewer)
    found = {}

    def explain(connection, cursor, statement, values, context, many):
        if ROWS in statement and not many:
            lines = connection.connection.dbapi_connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            found[statement] = [line for *_, line in lines if f" {ROWS}" in line]

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", explain)
    apply_batch(session, batch.id, reviewer, NOW, FIGURES)
    event.remove(connection, "before_cursor_execute", explain)
    assert batch.counts["applied"] == {"changed": 1, "new": 2}
    return found


def test_an_import_reads_no_row_of_other_files(plans):
    others = {
        statement: line for statement, lines in plans.items() for line in lines if not any(own in line for own in OWN)
    }
    assert len(plans) > 10
    assert others == {}
