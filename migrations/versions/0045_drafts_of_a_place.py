"""A draft is of the place where its author worked: those there are, of where the author worked when they were saved.

That is where the author works now, unless the history tells that the author was moved since.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.add_column("draft", sa.Column("division_code", sa.String(length=12)))
    draft = sa.table("draft", sa.column("user_id"), sa.column("saved_at", sa.DateTime()), sa.column("division_code"))
    user = sa.table("user", sa.column("id"), sa.column("division_code"))
    works = sa.select(user.c.division_code).where(user.c.id == draft.c.user_id).scalar_subquery()
    op.execute(sa.update(draft).values(division_code=works))
    # The latest first, so that what stands in the end is from where the author went away first.
    for number, at, place in reversed(_moves(op.get_bind())):
        before = (draft.c.user_id == number, draft.c.saved_at <= at)
        op.execute(sa.update(draft).where(*before).values(division_code=place))
    with op.batch_alter_table("draft") as batch:
        batch.alter_column("division_code", existing_type=sa.String(length=12), nullable=False)


def _moves(connection: sa.Connection) -> list[tuple[int, datetime, str]]:
    """Who of those with drafts was moved when, and from where, the earliest first."""
    told = sa.table(
        "audit_entry", sa.column("id"), sa.column("table_name"), sa.column("row_id"), sa.column("action"),
        sa.column("at", sa.DateTime()), sa.column("before", sa.JSON()),
    )  # fmt: skip
    draft = sa.table("draft", sa.column("user_id"))
    authors = sa.select(sa.cast(draft.c.user_id, sa.String(40)))
    query = sa.select(told.c.row_id, told.c.at, told.c.before).where(
        told.c.table_name == "user", told.c.action == "update", told.c.row_id.in_(authors)
    )  # fmt: skip
    found = connection.execute(query.order_by(told.c.at, told.c.id))
    return [(int(id), at, before["division_code"]) for id, at, before in found if "division_code" in (before or {})]


def downgrade() -> None:
    with op.batch_alter_table("draft") as batch:
        batch.drop_column("division_code")
