"""特困: self-care, wish, agreement and home of each person; which cases the county draws for a visit; its notices."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("benefit", sa.Column("end_notice_until", sa.Date()))
    op.add_column("benefit", sa.Column("agreement_lacking_since", sa.Date()))
    op.create_index("ix_benefit_end_notice_until_id", "benefit", ["end_notice_until", "id"])
    op.create_index("ix_benefit_agreement_lacking_since_id", "benefit", ["agreement_lacking_since", "id"])

    op.create_table(
        "tekun_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unmet", sa.Integer()),
        sa.Column("items", sa.String(length=60), nullable=False),
        sa.Column("assessed_on", sa.Date()),
        sa.Column("wish", sa.String(length=24)),
        sa.Column("wish_by", sa.String(length=50), nullable=False),
        sa.Column("wished_on", sa.Date()),
        sa.Column("guardian", sa.String(length=50), nullable=False),
        sa.Column("agreement_on", sa.Date()),
        sa.Column("agreement_file_id", sa.Integer()),
        sa.Column("home", sa.String(length=100), nullable=False),
        sa.Column("home_from", sa.Date()),
        sa.Column("home_until", sa.Date()),
        sa.Column("referred_to", sa.String(length=100), nullable=False),
        sa.Column("ground", sa.String(length=24)),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint("(assessed_on IS NULL) = (unmet IS NULL)", name="assessed_with_items"),
        sa.CheckConstraint("unmet = CAST(unmet AS INTEGER) AND unmet >= 0", name="unmet_whole"),
        sa.ForeignKeyConstraint(
            ["agreement_file_id"], ["attachment.id"], name="fk_tekun_person_agreement_file_id_attachment"
        ),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name="fk_tekun_person_benefit_id_benefit"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_tekun_person_member_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_tekun_person"),
    )
    op.create_index("ix_tekun_person_benefit_id_member_id", "tekun_person", ["benefit_id", "member_id"], unique=True)

    op.create_table(
        "county_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("picked", sa.Boolean(), nullable=False),
        sa.Column("visited_on", sa.Date()),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name="fk_county_check_benefit_id_benefit"),
        sa.PrimaryKeyConstraint("id", name="pk_county_check"),
    )
    op.create_index("ix_county_check_benefit_id", "county_check", ["benefit_id"], unique=True)
    op.create_index("ix_county_check_township_code_month", "county_check", ["township_code", "month"])
    op.create_index("ix_county_check_month_township_code", "county_check", ["month", "township_code"])


def downgrade() -> None:
    op.drop_table("county_check")
    op.drop_table("tekun_person")
    op.drop_index("ix_benefit_agreement_lacking_since_id", "benefit")
    op.drop_index("ix_benefit_end_notice_until_id", "benefit")
    with op.batch_alter_table("benefit") as batch:
        batch.drop_column("agreement_lacking_since")
        batch.drop_column("end_notice_until")
