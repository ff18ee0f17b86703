"""Planned visits are found by their day, without those that were done."""

from alembic import op

revision = "0038"
down_revision = "0037"

PLANNED = {
    "ix_visit_done_on_due_on_id_household_id": ["done_on", "due_on", "id", "household_id"],
    "ix_visit_township_code_done_on_due_on_id": ["township_code", "done_on", "due_on", "id"],
}


def upgrade() -> None:
    for name, columns in PLANNED.items():
        op.create_index(name, "visit", columns)


def downgrade() -> None:
    for name in PLANNED:
        op.drop_index(name, table_name="visit")
