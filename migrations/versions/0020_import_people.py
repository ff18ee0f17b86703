"""Staged rows say by hash whom they bring and whose family it is, so that sets of them can be looked up and joined."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    for name in ("person_hash", "head_hash"):
        op.add_column("import_row", sa.Column(name, sa.String(length=32)))
    op.add_column("import_row", sa.Column("home_id", sa.Integer()))
    op.execute("UPDATE import_batch SET state = 'received' WHERE state = 'staged'")  # checked anew, their rows say less


def downgrade() -> None:
    for name in ("home_id", "head_hash", "person_hash"):
        op.drop_column("import_row", name)
