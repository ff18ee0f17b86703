"""Cases, their events and what belongs to them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "benefit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(length=30), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("scheme", sa.String(length=24), nullable=False),
        sa.Column("area", sa.String(length=24), nullable=False),
        sa.Column("unit", sa.String(length=24), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("stage_since", sa.Date(), nullable=False),
        sa.Column("waiting_role", sa.String(length=24), nullable=True),
        sa.Column("step_due_on", sa.Date(), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("special", sa.Boolean(), nullable=False),
        sa.Column("near_relative", sa.Boolean(), nullable=False),
        sa.Column("complaint_open", sa.Boolean(), nullable=False),
        sa.Column("authority", sa.String(length=24), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("pledged_on", sa.Date(), nullable=True),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("notice_from", sa.Date(), nullable=True),
        sa.Column("notice_until", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("pays_from", sa.Date(), nullable=True),
        sa.Column("monthly_fen", sa.Integer(), nullable=False),
        sa.Column("requested_fen", sa.Integer(), nullable=True),
        sa.Column("one_off_fen", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("taken_over", sa.Boolean(), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=True),
        sa.Column("review_class", sa.String(length=24), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("grace_until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(unit = 'single') = (member_id IS NOT NULL)", name=op.f("ck_benefit_single_names_a_member")
        ),
        sa.CheckConstraint("accepted_on >= applied_on", name=op.f("ck_benefit_applied_on_before_accepted_on")),
        sa.CheckConstraint("ended_on >= applied_on", name=op.f("ck_benefit_applied_on_before_ended_on")),
        sa.CheckConstraint(
            "monthly_fen = CAST(monthly_fen AS INTEGER) AND monthly_fen >= 0", name=op.f("ck_benefit_monthly_fen_whole")
        ),
        sa.CheckConstraint("notice_until >= notice_from", name=op.f("ck_benefit_notice_from_before_notice_until")),
        sa.CheckConstraint(
            "one_off_fen = CAST(one_off_fen AS INTEGER) AND one_off_fen >= 0", name=op.f("ck_benefit_one_off_fen_whole")
        ),
        sa.CheckConstraint(
            "persons = CAST(persons AS INTEGER) AND persons >= 1", name=op.f("ck_benefit_persons_whole")
        ),
        sa.CheckConstraint(
            "requested_fen = CAST(requested_fen AS INTEGER) AND requested_fen >= 0",
            name=op.f("ck_benefit_requested_fen_whole"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_benefit_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_benefit_household_id_household")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_benefit_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit")),
        sa.UniqueConstraint("case_no", name=op.f("uq_benefit_case_no")),
    )
    op.create_index("ix_benefit_applied_on_id", "benefit", ["applied_on", "id"], unique=False)
    op.create_index(op.f("ix_benefit_batch_id"), "benefit", ["batch_id"], unique=False)
    op.create_index("ix_benefit_grace_until_id", "benefit", ["grace_until", "id"], unique=False)
    op.create_index("ix_benefit_household_id_id", "benefit", ["household_id", "id"], unique=False)
    op.create_index("ix_benefit_notice_until_id", "benefit", ["notice_until", "id"], unique=False)
    op.create_index("ix_benefit_review_due_on_id", "benefit", ["review_due_on", "id"], unique=False)
    op.create_index("ix_benefit_stage_id", "benefit", ["stage", "id"], unique=False)
    op.create_index(
        "ix_benefit_township_code_applied_on_id", "benefit", ["township_code", "applied_on", "id"], unique=False
    )
    op.create_index("ix_benefit_township_code_id", "benefit", ["township_code", "id"], unique=False)
    op.create_index(
        "ix_benefit_township_code_review_due_on_id", "benefit", ["township_code", "review_due_on", "id"], unique=False
    )
    op.create_index("ix_benefit_township_code_stage_id", "benefit", ["township_code", "stage", "id"], unique=False)
    op.create_index(
        "ix_benefit_township_code_waiting_role_step_due_on_id",
        "benefit",
        ["township_code", "waiting_role", "step_due_on", "id"],
        unique=False,
    )
    op.create_index("ix_benefit_village_code_id", "benefit", ["village_code", "id"], unique=False)
    op.create_index("ix_benefit_village_code_stage_id", "benefit", ["village_code", "stage", "id"], unique=False)
    op.create_index(
        "ix_benefit_waiting_role_step_due_on_id", "benefit", ["waiting_role", "step_due_on", "id"], unique=False
    )
    op.create_index(
        "uq_benefit_open_dibao",
        "benefit",
        ["household_id"],
        unique=True,
        sqlite_where=sa.text(
            "scheme = 'dibao' AND unit = 'household' AND stage NOT IN ('refused', 'withdrawn', 'exited')"
        ),
        postgresql_where=sa.text(
            "scheme = 'dibao' AND unit = 'household' AND stage NOT IN ('refused', 'withdrawn', 'exited')"
        ),
    )
    op.create_table(
        "crosscheck",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint("back_on >= asked_on", name=op.f("ck_crosscheck_asked_on_before_back_on")),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name=op.f("fk_crosscheck_benefit_id_benefit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crosscheck")),
    )
    op.create_index("ix_crosscheck_benefit_id_source", "crosscheck", ["benefit_id", "source"], unique=True)
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("monthly_fen", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "monthly_fen = CAST(monthly_fen AS INTEGER) AND monthly_fen >= 0", name=op.f("ck_finding_monthly_fen_whole")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_finding_actor_id_user")),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name=op.f("fk_finding_benefit_id_benefit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_benefit_id"), "finding", ["benefit_id"], unique=False)
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.Column("by_name", sa.String(length=50), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint("answered_on >= received_on", name=op.f("ck_objection_received_on_before_answered_on")),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name=op.f("fk_objection_benefit_id_benefit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index("ix_objection_benefit_id", "objection", ["benefit_id"], unique=False)
    op.create_table(
        "owed_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint("filed_on >= told_on", name=op.f("ck_owed_paper_told_on_before_filed_on")),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name=op.f("fk_owed_paper_benefit_id_benefit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed_paper")),
    )
    op.create_index("ix_owed_paper_benefit_id", "owed_paper", ["benefit_id"], unique=False)
    op.create_index("ix_owed_paper_due_on_id", "owed_paper", ["due_on", "id"], unique=False)
    op.create_index(
        "ix_owed_paper_township_code_due_on_id", "owed_paper", ["township_code", "due_on", "id"], unique=False
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("from_stage", sa.String(length=24), nullable=True),
        sa.Column("to_stage", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=50), nullable=False),
        sa.Column("actor_role", sa.String(length=24), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=120), nullable=False),
        sa.Column("monthly_before_fen", sa.Integer(), nullable=True),
        sa.Column("monthly_after_fen", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "monthly_after_fen = CAST(monthly_after_fen AS INTEGER) AND monthly_after_fen >= 0",
            name=op.f("ck_event_monthly_after_fen_whole"),
        ),
        sa.CheckConstraint(
            "monthly_before_fen = CAST(monthly_before_fen AS INTEGER) AND monthly_before_fen >= 0",
            name=op.f("ck_event_monthly_before_fen_whole"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_event_actor_id_user")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_event_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name=op.f("fk_event_benefit_id_benefit")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_event_finding_id_finding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_actor_id"), "event", ["actor_id"], unique=False)
    op.create_index(op.f("ix_event_batch_id"), "event", ["batch_id"], unique=False)
    op.create_index("ix_event_benefit_id_id", "event", ["benefit_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("event")
    op.drop_table("owed_paper")
    op.drop_table("objection")
    op.drop_table("finding")
    op.drop_table("crosscheck")
    op.drop_table("benefit")
