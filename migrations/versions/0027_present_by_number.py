"""Who is there now stands by number first: led by the day of leaving, the index was taken for lists by name as well."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

PRESENT = sa.text("left_on IS NULL")


def upgrade() -> None:
    op.drop_index("ix_member_present_left_on_id", table_name="member")
    op.create_index(
        "ix_member_present_id_left_on", "member", ["id", "left_on"], sqlite_where=PRESENT, postgresql_where=PRESENT
    )


def downgrade() -> None:
    op.drop_index("ix_member_present_id_left_on", table_name="member")
    op.create_index(
        "ix_member_present_left_on_id", "member", ["left_on", "id"], sqlite_where=PRESENT, postgresql_where=PRESENT
    )
