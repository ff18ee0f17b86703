"""What was found out of a child's parents; a person has one open case of each subsidy."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
OPEN = sa.text(
    "scheme IN ('living_subsidy', 'care_subsidy', 'unsupported_child', 'orphan')"
    " AND stage NOT IN ('refused', 'withdrawn', 'exited')"
)


def upgrade() -> None:
    op.create_table(
        "child_parent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("until >= since", name="since_before_until"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_child_parent_member_id_member", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_child_parent"),
    )
    op.create_index("ix_child_parent_member_id_kind", "child_parent", ["member_id", "kind"], unique=True)
    op.create_index("ix_benefit_member_id", "benefit", ["member_id"])
    op.create_index(
        "uq_benefit_open_personal", "benefit", ["member_id", "scheme"], unique=True, sqlite_where=OPEN,
        postgresql_where=OPEN,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_benefit_open_personal", "benefit")
    op.drop_index("ix_benefit_member_id", "benefit")
    op.drop_table("child_parent")
