"""Marks of places, changed by triggers whenever something changes that a desk there shows."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "desk_mark",
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("writer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("place", "writer", name=op.f("pk_desk_mark")),
    )


def downgrade() -> None:
    op.drop_table("desk_mark")
