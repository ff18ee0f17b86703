"""The desk counts the letters of two months from the index alone; reading each event for its action took most of it."""

from alembic import op

revision = "0030"
down_revision = "0029"

BEFORE, AFTER = "ix_event_township_code_at_id", "ix_event_township_code_at_id_action_benefit_id"


def upgrade() -> None:
    op.drop_index(BEFORE, table_name="event")
    op.create_index(AFTER, "event", ["township_code", "at", "id", "action", "benefit_id"])


def downgrade() -> None:
    op.drop_index(AFTER, table_name="event")
    op.create_index(BEFORE, "event", ["township_code", "at", "id"])
