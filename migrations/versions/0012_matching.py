"""Departments' lists matched against our people: runs, lines to settle, leads."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "match_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("charset", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("division_code", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime()),
        sa.Column("closed_by_id", sa.Integer()),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("rows = CAST(rows AS INTEGER) AND rows >= 0", name="rows_whole"),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name="fk_match_run_closed_by_id_user"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_match_run_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_match_run"),
    )
    op.create_index("ix_match_run_division_code_id", "match_run", ["division_code", "id"])

    op.create_table(
        "lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("id_no_sealed", sa.LargeBinary()),
        sa.Column("id_no_hash", sa.String(length=32)),
        sa.Column("birth", sa.Date()),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("detail_sealed", sa.LargeBinary()),
        sa.Column("match_run_id", sa.Integer()),
        sa.Column("row_no", sa.Integer()),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("settled_at", sa.DateTime()),
        sa.Column("settled_by_id", sa.Integer()),
        sa.Column("settled_by_name", sa.String(length=50), nullable=False),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_with_state"),
        sa.ForeignKeyConstraint(["match_run_id"], ["match_run.id"], name="fk_lead_match_run_id_match_run"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["user.id"], name="fk_lead_settled_by_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_lead"),
        sa.UniqueConstraint("row_key", name="uq_lead_row_key"),
    )
    op.create_index("ix_lead_id_no_hash", "lead", ["id_no_hash"])
    op.create_index("ix_lead_match_run_id", "lead", ["match_run_id"])
    op.create_index("ix_lead_name_id", "lead", ["name", "id"])
    op.create_index("ix_lead_state_id", "lead", ["state", "id"])
    op.create_index("ix_lead_township_code_state_id", "lead", ["township_code", "state", "id"])
    op.create_index("ix_lead_village_code_state_id", "lead", ["village_code", "state", "id"])

    op.create_table(
        "match_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=16), nullable=False),
        sa.Column("match_run_id", sa.Integer(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("member_id", sa.Integer()),
        sa.Column("household_id", sa.Integer()),
        sa.Column("benefit_id", sa.Integer()),
        sa.Column("lead_id", sa.Integer()),
        sa.Column("payload_sealed", sa.LargeBinary()),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=16)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=120), nullable=False),
        sa.Column("settled_at", sa.DateTime()),
        sa.Column("settled_by_id", sa.Integer()),
        sa.Column("settled_by_name", sa.String(length=50), nullable=False),
        sa.Column("event_id", sa.Integer()),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(member_id IS NULL) <> (lead_id IS NULL)", name="of_a_member_or_a_lead"),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled_with_outcome"),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name="fk_match_line_benefit_id_benefit"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_match_line_event_id_event"),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name="fk_match_line_household_id_household"),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name="fk_match_line_lead_id_lead"),
        sa.ForeignKeyConstraint(["match_run_id"], ["match_run.id"], name="fk_match_line_match_run_id_match_run"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_match_line_member_id_member"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["user.id"], name="fk_match_line_settled_by_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_match_line"),
        sa.UniqueConstraint("row_key", name="uq_match_line_row_key"),
    )
    op.create_index("ix_match_line_benefit_id", "match_line", ["benefit_id"])
    op.create_index("ix_match_line_lead_id", "match_line", ["lead_id"])
    op.create_index("ix_match_line_match_run_id_outcome_id", "match_line", ["match_run_id", "outcome", "id"])
    op.create_index(
        "ix_match_line_match_run_id_township_code_outcome_id", "match_line",
        ["match_run_id", "township_code", "outcome", "id"],
    )  # fmt: skip
    op.create_index("ix_match_line_member_id", "match_line", ["member_id"])
    op.create_index(
        "ix_match_line_township_code_outcome_due_on_id", "match_line",
        ["township_code", "outcome", "due_on", "id"],
    )  # fmt: skip


def downgrade() -> None:
    for table in ("match_line", "lead", "match_run"):
        op.drop_table(table)
