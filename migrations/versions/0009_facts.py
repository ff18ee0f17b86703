"""The facts a calculation asks for: study, care, absence, obligors' means, marks of a family, what struck it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MEMBER = (
    ("study", sa.String(length=24)),
    ("study_full_time", sa.Boolean()),
    ("cares_for_id", sa.Integer()),
    ("needs_care", sa.String(length=24)),
    ("self_care_unmet", sa.Integer()),
    ("refused_work", sa.Integer()),
    ("absence", sa.String(length=24)),
    ("clergy_years_away", sa.Integer()),
    ("support_mode", sa.String(length=24)),
)
OBLIGOR = (
    ("agreed_month_fen", sa.Integer()),
    ("supports", sa.Integer()),
    ("birth", sa.Date()),
    ("receives", sa.String(length=24)),
    ("disability_kind", sa.String(length=24)),
    ("disability_level", sa.Integer()),
    ("property_ok", sa.Boolean()),
)
BENEFIT = (
    ("tier", sa.String(length=1)),
    ("rise_cause", sa.String(length=24)),
    ("event_kind", sa.String(length=24)),
    ("event_degree", sa.String(length=24)),
    ("loss_fen", sa.Integer()),
    ("own_cost_fen", sa.Integer()),
)
CHECKS = {
    "member": {
        "self_care_unmet_range": "self_care_unmet BETWEEN 0 AND 6",
        "refused_work_whole": "refused_work = CAST(refused_work AS INTEGER) AND refused_work >= 0",
        "clergy_years_away_whole": "clergy_years_away = CAST(clergy_years_away AS INTEGER) AND clergy_years_away >= 0",
    },
    "obligor": {
        "agreed_month_fen_whole": "agreed_month_fen = CAST(agreed_month_fen AS INTEGER) AND agreed_month_fen >= 0",
        "supports_whole": "supports = CAST(supports AS INTEGER) AND supports >= 1",
        "disability_level_range": "disability_level BETWEEN 1 AND 4",
        "disability_kind_and_level": "(disability_kind IS NULL) = (disability_level IS NULL)",
    },
    "benefit": {
        "loss_fen_whole": "loss_fen = CAST(loss_fen AS INTEGER) AND loss_fen >= 0",
        "own_cost_fen_whole": "own_cost_fen = CAST(own_cost_fen AS INTEGER) AND own_cost_fen >= 0",
        "tier_known": "tier IN ('A', 'B', 'C', 'D')",
    },
}
COLUMNS = {"member": MEMBER, "obligor": OBLIGOR, "benefit": BENEFIT}


def upgrade() -> None:
    op.create_table(
        "household_tag",
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_tag_household_id_household")
        ),
        sa.PrimaryKeyConstraint("household_id", "tag", name=op.f("pk_household_tag")),
    )
    op.add_column("household", sa.Column("dishonest_until", sa.Date()))
    op.add_column("asset", sa.Column("business", sa.Boolean()))
    op.add_column("finding", sa.Column("names", sa.JSON()))
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            for name, kind in columns:
                batch.add_column(sa.Column(name, kind))
            for name, rule in CHECKS[table].items():
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)
            if table == "member":
                batch.create_foreign_key(op.f("fk_member_cares_for_id_member"), "member", ["cares_for_id"], ["id"])


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            if table == "member":
                batch.drop_constraint(op.f("fk_member_cares_for_id_member"), type_="foreignkey")
            for name in CHECKS[table]:
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            for name, _ in columns:
                batch.drop_column(name)
    for table, name in (("finding", "names"), ("asset", "business"), ("household", "dishonest_until")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(name)
    op.drop_table("household_tag")
