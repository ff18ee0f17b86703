"""Terms and renewals, links between cases, families from elsewhere, instalments, the watch list."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("household", sa.Column("home_place", sa.String(length=120), server_default="", nullable=False))
    with op.batch_alter_table("benefit") as batch:
        batch.add_column(sa.Column("valid_until", sa.Date()))
        batch.add_column(sa.Column("renew_from", sa.Date()))
        batch.add_column(sa.Column("follows_id", sa.Integer()))
        batch.create_foreign_key(op.f("fk_benefit_follows_id_benefit"), "benefit", ["follows_id"], ["id"])
    op.create_index("ix_benefit_renew_from_id", "benefit", ["renew_from", "id"])
    op.create_index("ix_benefit_township_code_renew_from_id", "benefit", ["township_code", "renew_from", "id"])
    op.create_index("ix_benefit_follows_id", "benefit", ["follows_id"])

    op.create_table(
        "instalment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date()),
        sa.Column("stopped_on", sa.Date()),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint("nth = CAST(nth AS INTEGER) AND nth >= 1", name="nth_whole"),
        sa.CheckConstraint("amount_fen = CAST(amount_fen AS INTEGER) AND amount_fen >= 1", name="amount_fen_whole"),
        sa.CheckConstraint("paid_on IS NULL OR stopped_on IS NULL", name="paid_or_stopped"),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name="fk_instalment_benefit_id_benefit"),
        sa.PrimaryKeyConstraint("id", name="pk_instalment"),
    )
    op.create_index("ix_instalment_benefit_id_nth", "instalment", ["benefit_id", "nth"], unique=True)

    op.create_table(
        "watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("checked_on", sa.Date()),
        sa.Column("found", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.String(length=24)),
        sa.Column("settled_on", sa.Date()),
        sa.Column("settled_by", sa.String(length=50), server_default="", nullable=False),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(settled_on IS NULL) = (outcome IS NULL)", name="settled_with_outcome"),
        sa.CheckConstraint("settled_on >= since_on", name="since_on_before_settled_on"),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name="fk_watch_benefit_id_benefit"),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name="fk_watch_household_id_household"),
        sa.PrimaryKeyConstraint("id", name="pk_watch"),
    )
    op.create_index("ix_watch_household_id", "watch", ["household_id"])
    op.create_index("ix_watch_benefit_id", "watch", ["benefit_id"])
    op.create_index("ix_watch_next_on_id", "watch", ["next_on", "id"])
    op.create_index("ix_watch_township_code_next_on_id", "watch", ["township_code", "next_on", "id"])
    op.create_index("ix_watch_village_code_next_on_id", "watch", ["village_code", "next_on", "id"])


def downgrade() -> None:
    op.drop_table("watch")
    op.drop_table("instalment")
    op.drop_index("ix_benefit_follows_id", "benefit")
    op.drop_index("ix_benefit_township_code_renew_from_id", "benefit")
    op.drop_index("ix_benefit_renew_from_id", "benefit")
    with op.batch_alter_table("benefit") as batch:
        batch.drop_constraint(op.f("fk_benefit_follows_id_benefit"), type_="foreignkey")
        batch.drop_column("follows_id")
        batch.drop_column("renew_from")
        batch.drop_column("valid_until")
    with op.batch_alter_table("household") as batch:
        batch.drop_column("home_place")
