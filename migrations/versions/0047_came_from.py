"""From which township a case came last: whoever has it now finds the letters of then that nobody issued."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

NAME = "ix_benefit_township_code_came_from"
CAME = """
    UPDATE benefit SET came_from = (
        SELECT event.township_code FROM event
        WHERE event.benefit_id = benefit.id AND event.township_code <> benefit.township_code
        ORDER BY event.id DESC LIMIT 1)
    WHERE id IN (
        SELECT event.benefit_id FROM event JOIN benefit AS moved ON moved.id = event.benefit_id
        WHERE event.township_code <> moved.township_code)
"""


def upgrade() -> None:
    op.add_column("benefit", sa.Column("came_from", sa.String(length=12)))
    op.execute(CAME)
    known = sa.text("came_from IS NOT NULL")
    op.create_index(NAME, "benefit", ["township_code"], sqlite_where=known, postgresql_where=known)


def downgrade() -> None:
    op.drop_index(NAME, "benefit")
    with op.batch_alter_table("benefit") as batch:
        batch.drop_column("came_from")
