"""Figures that the office entered itself, and when figures were last compared with their documents."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "county_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("place_code", sa.String(length=12), nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("clause", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("ends_id", sa.Integer()),
        sa.Column("added_by_id", sa.Integer(), sa.ForeignKey("user.id", name="fk_county_figure_added_by_id_user")),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime()),
        sa.Column("withdrawn_why", sa.String(length=200)),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_county_figure_valid_from_before_valid_to")),
        sa.ForeignKeyConstraint(["ends_id"], ["county_figure.id"], name="fk_county_figure_ends_id_county_figure"),
        sa.PrimaryKeyConstraint("id", name="pk_county_figure"),
    )
    op.create_index("ix_county_figure_key_place_code_valid_from", "county_figure", ["key", "place_code", "valid_from"])
    op.create_table(
        "figure_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("place_code", sa.String(length=12), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("user.id", name="fk_figure_check_user_id_user")),
        sa.PrimaryKeyConstraint("id", name="pk_figure_check"),
    )
    op.create_index("ix_figure_check_key_place_code_valid_from", "figure_check", ["key", "place_code", "valid_from"])


def downgrade() -> None:
    op.drop_table("figure_check")
    op.drop_table("county_figure")
