"""Steps taken for many cases at once, the list somebody begins with, how far somebody is with their first day."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("saved_view", sa.Column("usual", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "first_day",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("laid_aside", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_first_day_user_id_user"),
        sa.PrimaryKeyConstraint("user_id", name="pk_first_day"),
    )
    op.create_table(
        "bulk_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("job_id", sa.Integer()),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_bulk_run_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_run"),
    )
    op.create_index("ix_bulk_run_user_id_id", "bulk_run", ["user_id", "id"])
    op.create_table(
        "bulk_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulk_run_id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint("outcome IN ('waiting', 'done', 'refused')", name="outcome_known"),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name="fk_bulk_line_benefit_id_benefit"),
        sa.ForeignKeyConstraint(["bulk_run_id"], ["bulk_run.id"], name="fk_bulk_line_bulk_run_id_bulk_run"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_line"),
    )
    op.create_index("ix_bulk_line_bulk_run_id_outcome_id", "bulk_line", ["bulk_run_id", "outcome", "id"])
    op.create_index("ix_bulk_line_bulk_run_id_benefit_id", "bulk_line", ["bulk_run_id", "benefit_id"], unique=True)


def downgrade() -> None:
    for table in ("bulk_line", "bulk_run", "first_day"):
        op.drop_table(table)
    op.drop_column("saved_view", "usual")
