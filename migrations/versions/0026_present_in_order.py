"""The people who are there now, in the order of their numbers: a page deep in the list leaves out rows unread."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

PRESENT = sa.text("left_on IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_member_present_left_on_id", "member", ["left_on", "id"], sqlite_where=PRESENT, postgresql_where=PRESENT
    )


def downgrade() -> None:
    op.drop_index("ix_member_present_left_on_id", table_name="member")
