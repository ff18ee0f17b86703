"""Papers still owed are few among all that ever were; an index holds these alone."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

OWED = sa.text("filed_on IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_owed_paper_owed", "owed_paper", ["township_code", "id"], sqlite_where=OWED, postgresql_where=OWED
    )


def downgrade() -> None:
    op.drop_index("ix_owed_paper_owed", table_name="owed_paper")
