"""Visits, files and the desk's counts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "desk_summary",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("n = CAST(n AS INTEGER) AND n >= 0", name=op.f("ck_desk_summary_n_whole")),
        sa.PrimaryKeyConstraint("village_code", "kind", "due_on", name=op.f("pk_desk_summary")),
    )
    op.create_index(
        "ix_desk_summary_township_code_kind_due_on", "desk_summary", ["township_code", "kind", "due_on"], unique=False
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("met", sa.String(length=50), nullable=False),
        sa.Column("at_home", sa.Boolean(), nullable=False),
        sa.Column("consistent", sa.Boolean(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("due_on IS NOT NULL OR done_on IS NOT NULL", name=op.f("ck_visit_planned_or_done")),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name=op.f("fk_visit_benefit_id_benefit")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_visit_created_by_user")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_visit_household_id_household")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_benefit_id", "visit", ["benefit_id"], unique=False)
    op.create_index("ix_visit_done_on_id", "visit", ["done_on", "id"], unique=False)
    op.create_index("ix_visit_due_on_id", "visit", ["due_on", "id"], unique=False)
    op.create_index("ix_visit_household_id_id", "visit", ["household_id", "id"], unique=False)
    op.create_index("ix_visit_township_code_done_on_id", "visit", ["township_code", "done_on", "id"], unique=False)
    op.create_index("ix_visit_township_code_due_on_id", "visit", ["township_code", "due_on", "id"], unique=False)
    op.create_index("ix_visit_township_code_id", "visit", ["township_code", "id"], unique=False)
    op.create_index("ix_visit_village_code_due_on_id", "visit", ["village_code", "due_on", "id"], unique=False)
    op.create_index("ix_visit_village_code_id", "visit", ["village_code", "id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("paper", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("stored", sa.String(length=80), nullable=False),
        sa.Column("media", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=200), nullable=True),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint("size = CAST(size AS INTEGER) AND size >= 0", name=op.f("ck_attachment_size_whole")),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name=op.f("fk_attachment_benefit_id_benefit")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_attachment_household_id_household")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user.id"], name=op.f("fk_attachment_uploaded_by_user")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_attachment_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("stored", name=op.f("uq_attachment_stored")),
    )
    op.create_index("ix_attachment_benefit_id", "attachment", ["benefit_id"], unique=False)
    op.create_index("ix_attachment_household_id", "attachment", ["household_id"], unique=False)
    op.create_index("ix_attachment_visit_id", "attachment", ["visit_id"], unique=False)
    op.create_table(
        "visit_change",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_visit_change_visit_id_visit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("visit_id", "change", name=op.f("pk_visit_change")),
    )
    op.create_table(
        "visitor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_visitor_user_id_user")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visitor_visit_id_visit"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor")),
    )
    op.create_index("ix_visitor_visit_id_name", "visitor", ["visit_id", "name"], unique=True)


def downgrade() -> None:
    op.drop_table("visitor")
    op.drop_table("visit_change")
    op.drop_table("attachment")
    op.drop_table("visit")
    op.drop_table("desk_summary")
