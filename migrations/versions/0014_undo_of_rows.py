"""Which rows of an import were taken back: rows that somebody touched since stay when the rest of it is undone."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("import_row", sa.Column("undone_at", sa.DateTime()))
    op.execute(
        "UPDATE import_row SET undone_at = (SELECT undone_at FROM import_batch WHERE id = import_row.batch_id) "
        "WHERE outcome IN ('new', 'changed') "
        "AND batch_id IN (SELECT id FROM import_batch WHERE state = 'undone')"
    )


def downgrade() -> None:
    op.drop_column("import_row", "undone_at")
