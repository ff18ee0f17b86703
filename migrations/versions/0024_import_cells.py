"""Single cells of a row that changes may be left as they stand here."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("import_row", sa.Column("unticked", sa.String(length=400), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("import_row", "unticked")
