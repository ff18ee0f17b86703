"""Families."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=16), nullable=False),
        sa.Column("head_name", sa.String(length=50), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=24), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("certificate_no", sa.String(length=30), nullable=True),
        sa.Column("bank", sa.String(length=60), nullable=True),
        sa.Column("account_name", sa.String(length=50), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=32), nullable=True),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("account_hash", sa.String(length=32), nullable=True),
        sa.Column("one_card_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("one_card_hash", sa.String(length=32), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "dissolved_on >= registered_on", name=op.f("ck_household_registered_on_before_dissolved_on")
        ),
        sa.CheckConstraint(
            "persons = CAST(persons AS INTEGER) AND persons >= 0", name=op.f("ck_household_persons_whole")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_household_batch_id_import_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("row_key", name=op.f("uq_household_row_key")),
    )
    op.create_index(op.f("ix_household_account_hash"), "household", ["account_hash"], unique=False)
    op.create_index(op.f("ix_household_batch_id"), "household", ["batch_id"], unique=False)
    op.create_index(op.f("ix_household_certificate_no"), "household", ["certificate_no"], unique=False)
    op.create_index("ix_household_head_name_id", "household", ["head_name", "id"], unique=False)
    op.create_index(op.f("ix_household_one_card_hash"), "household", ["one_card_hash"], unique=False)
    op.create_index(op.f("ix_household_phone_hash"), "household", ["phone_hash"], unique=False)
    op.create_index(
        "ix_household_township_code_head_name_id", "household", ["township_code", "head_name", "id"], unique=False
    )
    op.create_index("ix_household_township_code_id", "household", ["township_code", "id"], unique=False)
    op.create_index(
        "ix_household_village_code_head_name_id", "household", ["village_code", "head_name", "id"], unique=False
    )
    op.create_index("ix_household_village_code_id", "household", ["village_code", "id"], unique=False)
    op.create_table(
        "asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("area_m2", sa.Integer(), nullable=True),
        sa.Column("value_fen", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("area_m2 = CAST(area_m2 AS INTEGER) AND area_m2 >= 0", name=op.f("ck_asset_area_m2_whole")),
        sa.CheckConstraint(
            "quantity = CAST(quantity AS INTEGER) AND quantity >= 0", name=op.f("ck_asset_quantity_whole")
        ),
        sa.CheckConstraint(
            "value_fen = CAST(value_fen AS INTEGER) AND value_fen >= 0", name=op.f("ck_asset_value_fen_whole")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_asset_household_id_household"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
    )
    op.create_index(op.f("ix_asset_household_id"), "asset", ["household_id"], unique=False)
    op.create_table(
        "household_cause",
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_cause_household_id_household")
        ),
        sa.PrimaryKeyConstraint("household_id", "cause", name=op.f("pk_household_cause")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=16), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("id_no_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_no_hash", sa.String(length=32), nullable=False),
        sa.Column("id_no_last4", sa.String(length=32), nullable=False),
        sa.Column("relation", sa.String(length=24), nullable=False),
        sa.Column("sex", sa.String(length=24), nullable=False),
        sa.Column("birth", sa.Date(), nullable=False),
        sa.Column("ethnicity", sa.String(length=20), nullable=True),
        sa.Column("marital", sa.String(length=24), nullable=True),
        sa.Column("schooling", sa.String(length=24), nullable=True),
        sa.Column("political", sa.String(length=20), nullable=True),
        sa.Column("employment", sa.String(length=24), nullable=True),
        sa.Column("workplace", sa.String(length=100), nullable=True),
        sa.Column("school", sa.String(length=100), nullable=True),
        sa.Column("disability_kind", sa.String(length=24), nullable=True),
        sa.Column("disability_level", sa.Integer(), nullable=True),
        sa.Column("disability_cert_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("illness", sa.String(length=24), nullable=True),
        sa.Column("illness_name", sa.String(length=60), nullable=True),
        sa.Column("labour", sa.String(length=24), nullable=True),
        sa.Column("health", sa.String(length=24), nullable=True),
        sa.Column("insurance", sa.String(length=40), nullable=True),
        sa.Column("registered_poor", sa.Boolean(), nullable=False),
        sa.Column("cohabiting", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("leave_reason", sa.String(length=24), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(disability_kind IS NULL) = (disability_level IS NULL)", name=op.f("ck_member_disability_kind_and_level")
        ),
        sa.CheckConstraint("(left_on IS NULL) = (leave_reason IS NULL)", name=op.f("ck_member_left_with_reason")),
        sa.CheckConstraint("disability_level BETWEEN 1 AND 4", name=op.f("ck_member_disability_level_range")),
        sa.CheckConstraint("joined_on >= birth", name=op.f("ck_member_birth_before_joined_on")),
        sa.CheckConstraint("left_on >= joined_on", name=op.f("ck_member_joined_on_before_left_on")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_member_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_member_household_id_household")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("row_key", name=op.f("uq_member_row_key")),
    )
    op.create_index(op.f("ix_member_batch_id"), "member", ["batch_id"], unique=False)
    op.create_index("ix_member_household_id_id", "member", ["household_id", "id"], unique=False)
    op.create_index("ix_member_id_no_hash_joined_on", "member", ["id_no_hash", "joined_on"], unique=False)
    op.create_index("ix_member_id_no_last4_id", "member", ["id_no_last4", "id"], unique=False)
    op.create_index("ix_member_name_id", "member", ["name", "id"], unique=False)
    op.create_index("ix_member_township_code_id", "member", ["township_code", "id"], unique=False)
    op.create_index("ix_member_township_code_name_id", "member", ["township_code", "name", "id"], unique=False)
    op.create_index("ix_member_village_code_id", "member", ["village_code", "id"], unique=False)
    op.create_index("ix_member_village_code_name_id", "member", ["village_code", "name", "id"], unique=False)
    op.create_index(
        "uq_member_present_head",
        "member",
        ["household_id"],
        unique=True,
        sqlite_where=sa.text("left_on IS NULL AND relation = 'head'"),
        postgresql_where=sa.text("left_on IS NULL AND relation = 'head'"),
    )
    op.create_index(
        "uq_member_present_id_no",
        "member",
        ["id_no_hash"],
        unique=True,
        sqlite_where=sa.text("left_on IS NULL"),
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.create_table(
        "obligor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=16), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("id_no_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_no_hash", sa.String(length=32), nullable=True),
        sa.Column("relation", sa.String(length=24), nullable=False),
        sa.Column("household_size", sa.Integer(), nullable=True),
        sa.Column("income_month_fen", sa.Integer(), nullable=True),
        sa.Column("pays_month_fen", sa.Integer(), nullable=True),
        sa.Column("able", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "household_size = CAST(household_size AS INTEGER) AND household_size >= 0",
            name=op.f("ck_obligor_household_size_whole"),
        ),
        sa.CheckConstraint(
            "income_month_fen = CAST(income_month_fen AS INTEGER) AND income_month_fen >= 0",
            name=op.f("ck_obligor_income_month_fen_whole"),
        ),
        sa.CheckConstraint(
            "pays_month_fen = CAST(pays_month_fen AS INTEGER) AND pays_month_fen >= 0",
            name=op.f("ck_obligor_pays_month_fen_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_obligor_household_id_household"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligor")),
        sa.UniqueConstraint("row_key", name=op.f("uq_obligor_row_key")),
    )
    op.create_index(op.f("ix_obligor_household_id"), "obligor", ["household_id"], unique=False)
    op.create_index(op.f("ix_obligor_id_no_hash"), "obligor", ["id_no_hash"], unique=False)
    op.create_table(
        "income_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("year_fen", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "year_fen = CAST(year_fen AS INTEGER) AND year_fen >= 0", name=op.f("ck_income_line_year_fen_whole")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_income_line_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_income_line")),
    )
    op.create_index(op.f("ix_income_line_member_id"), "income_line", ["member_id"], unique=False)
    op.create_table(
        "name_index",
        sa.Column("token", sa.String(length=12), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_name_index_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", "member_id", name=op.f("pk_name_index")),
    )
    op.create_index("ix_name_index_member_id", "name_index", ["member_id"], unique=False)
    op.create_table(
        "spending_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("year_fen", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "year_fen = CAST(year_fen AS INTEGER) AND year_fen >= 0", name=op.f("ck_spending_line_year_fen_whole")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_spending_line_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending_line")),
    )
    op.create_index(op.f("ix_spending_line_member_id"), "spending_line", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("spending_line")
    op.drop_table("name_index")
    op.drop_table("income_line")
    op.drop_table("obligor")
    op.drop_table("member")
    op.drop_table("household_cause")
    op.drop_table("asset")
    op.drop_table("household")
