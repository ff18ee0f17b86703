"""Families by the cause of their difficulty and people by their disability are found by indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

DISABLED = sa.text("disability_kind IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_household_cause_cause_household_id", "household_cause", ["cause", "household_id"])
    op.create_index(
        "ix_member_disability_kind_id",
        "member",
        ["disability_kind", "id"],
        sqlite_where=DISABLED,
        postgresql_where=DISABLED,
    )


def downgrade() -> None:
    op.drop_index("ix_member_disability_kind_id", table_name="member")
    op.drop_index("ix_household_cause_cause_household_id", table_name="household_cause")
