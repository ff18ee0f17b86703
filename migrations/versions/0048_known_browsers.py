"""Which browsers somebody logged in by, so that each can be forgotten; cookies of before tell nothing any more."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.create_table(
        "known_browser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mark_hash", sa.String(length=32), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_known_browser_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_known_browser"),
    )
    op.create_index("ix_known_browser_user_id_mark_hash", "known_browser", ["user_id", "mark_hash"], unique=True)


def downgrade() -> None:
    op.drop_table("known_browser")
