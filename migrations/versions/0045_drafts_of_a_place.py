"""A draft is of the place where its author worked: those there are, of where the author works now."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.add_column("draft", sa.Column("division_code", sa.String(length=12)))
    draft = sa.table("draft", sa.column("user_id"), sa.column("division_code"))
    user = sa.table("user", sa.column("id"), sa.column("division_code"))
    works = sa.select(user.c.division_code).where(user.c.id == draft.c.user_id).scalar_subquery()
    op.execute(sa.update(draft).values(division_code=works))
    with op.batch_alter_table("draft") as batch:
        batch.alter_column("division_code", existing_type=sa.String(length=12), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("draft") as batch:
        batch.drop_column("division_code")
