"""Children are found by their day of birth."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_index("ix_member_birth_id", "member", ["birth", "id"])


def downgrade() -> None:
    op.drop_index("ix_member_birth_id", "member")
