"""A person has one open case of 低保 of their own (单人户), as of 特困 and every subsidy: the database says so too."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

INDEX = "uq_benefit_open_dibao_own"
OPEN = sa.text("scheme = 'dibao' AND unit = 'single' AND stage NOT IN ('refused', 'withdrawn', 'exited')")


def upgrade() -> None:
    _one_each()
    op.create_index(INDEX, "benefit", ["member_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def _one_each() -> None:
    """Name the cases in the way; raises RuntimeError, and the database stays as it was."""
    case = sa.table("benefit", sa.column("case_no"), sa.column("member_id"))
    twice = sa.select(case.c.member_id).where(OPEN).group_by(case.c.member_id).having(sa.func.count() > 1)
    query = sa.select(case.c.case_no).where(OPEN, case.c.member_id.in_(twice)).order_by(case.c.member_id)
    numbers = list(op.get_bind().scalars(query))
    if numbers:
        raise RuntimeError(
            f"One person has two open cases of 低保 each: {', '.join(numbers)}. "
            "End or withdraw one of each with the version used so far, then upgrade again."
        )


def downgrade() -> None:
    op.drop_index(INDEX, table_name="benefit")
