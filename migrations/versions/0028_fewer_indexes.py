"""Indexes that no question needs go; of columns that most rows leave empty, those that hold something are kept alone.

Names are found by a table that is its own index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

GONE = {
    "household": ["village_code head_name id"],
    "member": ["township_code id", "village_code name id"],
    "benefit": ["township_code id", "village_code id", "township_code renew_from id"],
    "event": ["actor_id", "batch_id"],
}
"""Columns of indexes by table."""
PRESENT = sa.text("left_on IS NULL")
GIVEN = {
    "household": {"certificate_no": "", "phone_hash": "", "account_hash": "", "one_card_hash": ""},
    "benefit": {
        "waiting_role step_due_on id": "",
        "township_code waiting_role step_due_on id": "waiting_role",
        "notice_until id": "",
        "grace_until id": "",
        "end_notice_until id": "",
        "agreement_lacking_since id": "",
        "renew_from id": "",
        "follows_id": "",
        "member_id": "",
    },
    "import_row": {"table_name row_id": "row_id"},
}
"""Columns of indexes by table, and the column that is to hold something (the first)."""


def upgrade() -> None:
    for table, indexes in GONE.items():
        for columns in indexes:
            op.drop_index(_name(table, columns), table_name=table)
    op.drop_index("ix_member_present_village_code_id", table_name="member")
    for table, given in GIVEN.items():
        for columns, known in given.items():
            op.drop_index(_name(table, columns), table_name=table)
            holds = sa.text(f"{known or columns.split()[0]} IS NOT NULL")
            names = columns.split()
            op.create_index(_name(table, columns), table, names, sqlite_where=holds, postgresql_where=holds)
    _names(with_rowid=False)


def downgrade() -> None:
    _names(with_rowid=True)
    for table, given in GIVEN.items():
        for columns in given:
            op.drop_index(_name(table, columns), table_name=table)
            op.create_index(_name(table, columns), table, columns.split())
    op.create_index(
        "ix_member_present_village_code_id", "member", ["village_code", "id"], sqlite_where=PRESENT,
        postgresql_where=PRESENT,
    )  # fmt: skip
    for table, indexes in GONE.items():
        for columns in indexes:
            op.create_index(_name(table, columns), table, columns.split())


def _name(table: str, columns: str) -> str:
    return f"ix_{table}_{columns.replace(' ', '_')}"


def _names(with_rowid: bool) -> None:
    """Make the index of names anew on SQLite; PostgreSQL knows one kind of table."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("ix_name_index_member_id", table_name="name_index")
    op.rename_table("name_index", "name_index_before")
    op.create_table(
        "name_index",
        sa.Column("token", sa.String(length=12), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_name_index_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", "member_id", name=op.f("pk_name_index")),
        sqlite_with_rowid=with_rowid,
    )
    op.execute("INSERT INTO name_index SELECT token, member_id FROM name_index_before ORDER BY token, member_id")
    op.drop_table("name_index_before")
    op.create_index("ix_name_index_member_id", "name_index", ["member_id"])
