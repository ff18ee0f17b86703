"""What happens in families: events, reports and hand-overs between townships, tasks; newborns without a number."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def _codes() -> list[sa.Column]:
    return [
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
    ]


def upgrade() -> None:
    op.add_column("member", sa.Column("id_no_pending", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "household_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer()),
        sa.Column("member_id", sa.Integer()),
        sa.Column("undoes_id", sa.Integer()),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("names", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("actor_name", sa.String(length=50), nullable=False),
        sa.Column("actor_role", sa.String(length=24)),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        *_codes(),
        sa.CheckConstraint("(kind = 'undone') = (undoes_id IS NOT NULL)", name="undone_names_the_entry"),
        _key("household_event", "household_id", "household"),
        _key("household_event", "other_id", "household"),
        _key("household_event", "member_id", "member"),
        _key("household_event", "undoes_id", "household_event"),
        _key("household_event", "actor_id", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_household_event"),
    )
    op.create_index("ix_household_event_household_id_id", "household_event", ["household_id", "id"])
    op.create_index("ix_household_event_other_id_id", "household_event", ["other_id", "id"])
    op.create_index("ix_household_event_member_id", "household_event", ["member_id"])
    op.create_index("ix_household_event_actor_id", "household_event", ["actor_id"])
    op.create_index("ix_household_event_undoes_id", "household_event", ["undoes_id"], unique=True)

    op.create_table(
        "household_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=16), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer()),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("from_code", sa.String(length=9), nullable=False),
        sa.Column("to_code", sa.String(length=9), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary()),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer()),
        sa.Column("proposed_by", sa.String(length=50), nullable=False),
        sa.Column("settled_at", sa.DateTime()),
        sa.Column("settled_by_id", sa.Integer()),
        sa.Column("settled_by", sa.String(length=50), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Integer()),
        *_codes(),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_with_state"),
        _key("household_report", "household_id", "household"),
        _key("household_report", "member_id", "member"),
        _key("household_report", "proposed_by_id", "user"),
        _key("household_report", "settled_by_id", "user"),
        _key("household_report", "event_id", "household_event"),
        sa.PrimaryKeyConstraint("id", name="pk_household_report"),
        sa.UniqueConstraint("row_key", name="uq_household_report_row_key"),
    )
    op.create_index("ix_household_report_household_id_state", "household_report", ["household_id", "state"])
    op.create_index("ix_household_report_from_code_state_id", "household_report", ["from_code", "state", "id"])
    op.create_index("ix_household_report_to_code_state_id", "household_report", ["to_code", "state", "id"])
    op.create_index("ix_household_report_proposed_by_id_id", "household_report", ["proposed_by_id", "id"])

    op.create_table(
        "household_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer()),
        sa.Column("event_id", sa.Integer()),
        sa.Column("report_id", sa.Integer()),
        sa.Column("need", sa.String(length=24), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date()),
        *_codes(),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("event_id IS NOT NULL OR report_id IS NOT NULL", name="of_an_event_or_a_report"),
        _key("household_task", "household_id", "household"),
        _key("household_task", "benefit_id", "benefit"),
        _key("household_task", "event_id", "household_event"),
        _key("household_task", "report_id", "household_report"),
        sa.PrimaryKeyConstraint("id", name="pk_household_task"),
    )
    for columns in (
        ["household_id", "done_on"], ["benefit_id", "done_on"], ["report_id"], ["event_id"],
        ["township_code", "done_on", "due_on", "id"], ["village_code", "done_on", "due_on", "id"],
        ["done_on", "due_on", "id"],
    ):  # fmt: skip
        op.create_index(f"ix_household_task_{'_'.join(columns)}", "household_task", columns)


def downgrade() -> None:
    for table in ("household_task", "household_report", "household_event"):
        op.drop_table(table)
    op.drop_column("member", "id_no_pending")
