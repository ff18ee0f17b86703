"""Staged rows are found by the record they changed, for its history."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("ix_import_row_table_name_row_id", "import_row", ["table_name", "row_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_import_row_table_name_row_id", table_name="import_row")
