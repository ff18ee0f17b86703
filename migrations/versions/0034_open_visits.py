"""What a visit found to have changed waits for the township until somebody looked into it."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

OPEN = sa.text("open_since IS NOT NULL")


def upgrade() -> None:
    op.add_column("visit", sa.Column("open_since", sa.Date(), nullable=True))
    op.create_index("ix_visit_open", "visit", ["township_code", "id"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_visit_open", table_name="visit")
    op.drop_column("visit", "open_since")
