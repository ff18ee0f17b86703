"""Imports in steps: the kept file and how it was read, a choice for each row, mappings that have a name."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("import_batch", sa.Column("stored", sa.String(length=64)))
    op.add_column("import_batch", sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("import_batch", sa.Column("job_id", sa.Integer()))
    op.add_column("import_row", sa.Column("choice", sa.String(length=8), nullable=False, server_default="take"))
    op.add_column("import_row", sa.Column("marks", sa.String(length=300), nullable=False, server_default=""))
    op.create_table(
        "import_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("layout", sa.String(length=40), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("user.id", name="fk_import_mapping_user_id_user")),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_mapping"),
        sa.UniqueConstraint("name", name="uq_import_mapping_name"),
    )


def downgrade() -> None:
    op.drop_table("import_mapping")
    for table, name in (
        ("import_row", "marks"), ("import_row", "choice"), ("import_batch", "job_id"), ("import_batch", "options"),
        ("import_batch", "stored"),
    ):  # fmt: skip
        op.drop_column(table, name)
