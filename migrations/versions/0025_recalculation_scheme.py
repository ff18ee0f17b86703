"""Which scheme a recalculation or a simulation is of; those of before were of 低保."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("recalculation", sa.Column("scheme", sa.String(length=24), nullable=False, server_default="dibao"))


def downgrade() -> None:
    op.drop_column("recalculation", "scheme")
