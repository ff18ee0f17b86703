"""Counties calculated anew: the batch, what became of each case, and when a job was last heard of."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("job", sa.Column("beat_at", sa.DateTime()))
    op.create_table(
        "recalculation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("division_code", sa.String(length=12), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("scenarios", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("figures_mark", sa.String(length=64)),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64)),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("user.id", name="fk_recalculation_user_id_user")),
        sa.Column("job_id", sa.Integer(), sa.ForeignKey("job.id", name="fk_recalculation_job_id_job")),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("counted_at", sa.DateTime()),
        sa.Column("applied_at", sa.DateTime()),
        sa.Column("undo_until", sa.Date()),
        sa.Column("undone_at", sa.DateTime()),
        sa.CheckConstraint("rows = CAST(rows AS INTEGER) AND rows >= 0", name="rows_whole"),
        sa.PrimaryKeyConstraint("id", name="pk_recalculation"),
    )
    op.create_index("ix_recalculation_kind_id", "recalculation", ["kind", "id"])
    op.create_table(
        "recalculation_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recalculation_id", sa.Integer(), nullable=False),
        sa.Column("scenario", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("before_fen", sa.Integer(), nullable=False),
        sa.Column("after_fen", sa.Integer(), nullable=False),
        sa.Column("income_month_fen", sa.BigInteger()),
        sa.Column("standard_fen", sa.Integer()),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("applied_version", sa.Integer()),
        sa.Column("review_due_before", sa.Date()),
        sa.Column("event_id", sa.Integer()),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint("before_fen = CAST(before_fen AS INTEGER) AND before_fen >= 0", name="before_fen_whole"),
        sa.CheckConstraint("after_fen = CAST(after_fen AS INTEGER) AND after_fen >= 0", name="after_fen_whole"),
        sa.ForeignKeyConstraint(
            ["recalculation_id"], ["recalculation.id"], name="fk_recalculation_row_recalculation_id_recalculation"
        ),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name="fk_recalculation_row_benefit_id_benefit"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_recalculation_row_event_id_event"),
        sa.PrimaryKeyConstraint("id", name="pk_recalculation_row"),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "recalculation_row", columns)


INDEXES = {
    "ix_recalculation_row_recalculation_id_outcome_id": ["recalculation_id", "outcome", "id"],
    "ix_recalculation_row_recalculation_id_township_code_outcome_id": [
        "recalculation_id", "township_code", "outcome", "id",
    ],
    "ix_recalculation_row_recalculation_id_state_id": ["recalculation_id", "state", "id"],
    "ix_recalculation_row_benefit_id": ["benefit_id"],
}  # fmt: skip


def downgrade() -> None:
    op.drop_table("recalculation_row")
    op.drop_table("recalculation")
    op.drop_column("job", "beat_at")
