"""What new rows of a sheet say lies in lots of some hundreds; names are found without asking who bears them each time.

Nobody on file is ever deleted, so a row of the index of names always points to somebody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

BEARER = "fk_name_index_member_id_member"


def upgrade() -> None:
    op.create_table(
        "import_lot",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=16), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_lot_batch_id_import_batch")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_import_lot")),
    )
    op.add_column("import_row", sa.Column("lot", sa.Integer(), nullable=True))
    op.add_column("import_row", sa.Column("place", sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _names(borne=False)
    else:
        op.drop_constraint(BEARER, "name_index", type_="foreignkey")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _names(borne=True)
    else:
        op.create_foreign_key(BEARER, "name_index", "member", ["member_id"], ["id"], ondelete="CASCADE")
    op.drop_column("import_row", "place")
    op.drop_column("import_row", "lot")
    op.drop_table("import_lot")


def _names(borne: bool) -> None:
    """Make the index of names anew, with or without the constraint that its people are on file."""
    bearer = sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f(BEARER), ondelete="CASCADE")
    op.drop_index("ix_name_index_member_id", table_name="name_index")
    op.rename_table("name_index", "name_index_before")
    op.create_table(
        "name_index",
        sa.Column("token", sa.String(length=12), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        *([bearer] if borne else []),
        sa.PrimaryKeyConstraint("token", "member_id", name=op.f("pk_name_index")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO name_index SELECT token, member_id FROM name_index_before ORDER BY token, member_id")
    op.drop_table("name_index_before")
    op.create_index("ix_name_index_member_id", "name_index", ["member_id"])
