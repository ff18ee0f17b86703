"""Since when the renewal of a recognition is running, so that nobody is reminded of it meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.add_column("benefit", sa.Column("renewing_since", sa.Date()))


def downgrade() -> None:
    with op.batch_alter_table("benefit") as batch:
        batch.drop_column("renewing_since")
