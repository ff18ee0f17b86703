"""The people who are there now, by township and village: counted and paged from an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

PRESENT = sa.text("left_on IS NULL")
CODES = ("township_code", "village_code")


def upgrade() -> None:
    for code in CODES:
        op.create_index(
            f"ix_member_present_{code}_id", "member", [code, "id"], sqlite_where=PRESENT, postgresql_where=PRESENT
        )


def downgrade() -> None:
    for code in CODES:
        op.drop_index(f"ix_member_present_{code}_id", table_name="member")
