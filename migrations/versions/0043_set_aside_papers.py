"""Papers owed that an office will not issue, with the reason."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.create_table(
        "set_aside_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("actor_name", sa.String(length=50), nullable=False),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name="fk_set_aside_paper_actor_id_user"),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name="fk_set_aside_paper_benefit_id_benefit"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_set_aside_paper_event_id_event"),
        sa.PrimaryKeyConstraint("id", name="pk_set_aside_paper"),
        sa.UniqueConstraint("key", name="uq_set_aside_paper_key"),
    )
    op.create_index("ix_set_aside_paper_event_id_kind", "set_aside_paper", ["event_id", "kind"])
    op.create_index("ix_set_aside_paper_benefit_id_id", "set_aside_paper", ["benefit_id", "id"])


def downgrade() -> None:
    op.drop_table("set_aside_paper")
