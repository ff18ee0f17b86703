"""Visits that found something changed before such visits waited on the desk wait there now, unless it was looked into.

Looked into is what a later step shows: an application, a recheck begun or decided, an end of a case, an event of the
family. What somebody settled since by a reason of their own stands in the history, and stays settled.
"""

from alembic import op

revision = "0041"
down_revision = "0038"

FOUND = """
    UPDATE visit SET open_since = done_on
    WHERE done_on IS NOT NULL AND open_since IS NULL
    AND (consistent = false OR EXISTS (SELECT 1 FROM visit_change WHERE visit_change.visit_id = visit.id))
    AND EXISTS (SELECT 1 FROM household WHERE household.id = visit.household_id AND household.dissolved_on IS NULL)
    AND NOT EXISTS (
        SELECT 1 FROM benefit JOIN event ON event.benefit_id = benefit.id
        WHERE benefit.household_id = visit.household_id AND event.at >= visit.done_on
        AND (event.action IN ('apply', 'start_recheck') OR event.from_stage = 'recheck'
             OR event.to_stage IN ('refused', 'withdrawn', 'exited')))
    AND NOT EXISTS (
        SELECT 1 FROM household_event
        WHERE household_event.household_id = visit.household_id AND household_event.at >= visit.done_on)
    AND NOT EXISTS (
        SELECT 1 FROM audit_entry
        WHERE audit_entry.table_name = 'visit' AND audit_entry.row_id = CAST(visit.id AS VARCHAR(40))
        AND CAST(audit_entry.before AS TEXT) LIKE '%open_since%')
"""
PLACES = (("township_code", "village_code"), ("township_code", "township_code"), ("''", "''"))
"""Each sum of the desk is kept for the village, for its township and for the county."""
COUNTED = """
    INSERT INTO desk_summary (township_code, village_code, kind, due_on, n, persons, amount_fen)
    SELECT town, village, 'changed_visit', '0001-01-01', COUNT(*), 0, 0
    FROM (SELECT {0} AS town, {1} AS village FROM visit WHERE open_since IS NOT NULL) AS waiting
    GROUP BY town, village
"""


def upgrade() -> None:
    op.execute(FOUND)
    op.execute("DELETE FROM desk_summary WHERE kind = 'changed_visit'")
    for place in PLACES:
        op.execute(COUNTED.format(*place))


def downgrade() -> None:
    """Nothing: who waits for whom goes with the column of before."""
