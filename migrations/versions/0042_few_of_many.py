"""What few rows of many have is found by indexes of those alone: who left, marks, kinds of visits, rarer schemes."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

GIVEN = {
    "ix_member_left": ("member", ["id", "township_code"], "left_on IS NOT NULL"),
    "ix_household_dissolved": ("household", ["id"], "dissolved_on IS NOT NULL"),
    "ix_benefit_other_scheme_id": ("benefit", ["scheme", "id"], "scheme != 'dibao'"),
}
TRUTHS = {
    "ix_benefit_marked": (
        "benefit", ["id"],
        "urgent = 1 OR complaint_open = 1 OR near_relative = 1", "urgent OR complaint_open OR near_relative",
    ),
    "ix_visit_away": ("visit", ["id", "township_code"], "at_home = 0", "NOT at_home"),
    "ix_visit_doubtful": ("visit", ["id", "township_code"], "consistent IS 0", "consistent IS FALSE"),
}  # fmt: skip
"""The condition in the words of SQLite, and in those of PostgreSQL."""


def upgrade() -> None:
    op.create_index("ix_visit_kind_id", "visit", ["kind", "id"])
    alike = {name: (*told, told[-1]) for name, told in GIVEN.items()}
    for name, (table, columns, lite, postgres) in (alike | TRUTHS).items():
        op.create_index(name, table, columns, sqlite_where=sa.text(lite), postgresql_where=sa.text(postgres))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ANALYZE visit")  # an index that it knows nothing of seems better than those it has measured


def downgrade() -> None:
    op.drop_index("ix_visit_kind_id", table_name="visit")
    for name, (table, *_) in (GIVEN | TRUTHS).items():
        op.drop_index(name, table_name=table)
