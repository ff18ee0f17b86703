"""Papers kept as they were issued, their numbers by office and year, and Word templates."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_ACTIVE = sa.text("state = 'active'")


def upgrade() -> None:
    op.create_table(
        "paper_counter",
        sa.Column("office_code", sa.String(length=9), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office_code", "year", name="pk_paper_counter"),
    )
    op.create_table(
        "paper_style",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_paper_style"),
    )
    op.create_table(
        "paper_office",
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name="fk_paper_office_code_division"),
        sa.PrimaryKeyConstraint("code", name="pk_paper_office"),
        sa.UniqueConstraint("word", name="uq_paper_office_word"),
    )
    _templates()
    _issued()
    op.create_index("ix_event_at_id", "event", ["at", "id"])
    op.create_index("ix_event_township_code_at_id", "event", ["township_code", "at", "id"])


def _templates() -> None:
    op.create_table(
        "paper_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("scheme", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("uploaded_by", sa.Integer()),
        sa.Column("uploaded_by_name", sa.String(length=50), nullable=False),
        sa.Column("tried_at", sa.DateTime()),
        sa.Column("activated_at", sa.DateTime()),
        sa.Column("retired_at", sa.DateTime()),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("size = CAST(size AS INTEGER) AND size >= 0", name="size_whole"),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user.id"], name="fk_paper_template_uploaded_by_user"),
        sa.PrimaryKeyConstraint("id", name="pk_paper_template"),
    )
    op.create_index(
        "ix_paper_template_kind_scheme_version", "paper_template", ["kind", "scheme", "version"], unique=True
    )
    op.create_index(
        "uq_paper_template_active", "paper_template", ["kind", "scheme"], unique=True, sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )  # fmt: skip


def _issued() -> None:
    op.create_table(
        "issued_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("family", sa.String(length=8), nullable=False),
        sa.Column("benefit_id", sa.Integer()),
        sa.Column("event_id", sa.Integer()),
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("office_code", sa.String(length=9), nullable=False),
        sa.Column("word", sa.String(length=20)),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer()),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("actor_name", sa.String(length=50), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("addressee", sa.String(length=80), nullable=False),
        sa.Column("replaces_id", sa.Integer()),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("style", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("template_id", sa.Integer()),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("full_sealed", sa.LargeBinary()),
        sa.Column("file_sealed", sa.LargeBinary()),
        sa.Column("township_code", sa.String(length=9), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint("serial = CAST(serial AS INTEGER) AND serial >= 1", name="serial_whole"),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name="fk_issued_paper_actor_id_user"),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name="fk_issued_paper_benefit_id_benefit"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_issued_paper_event_id_event"),
        sa.ForeignKeyConstraint(["replaces_id"], ["issued_paper.id"], name="fk_issued_paper_replaces_id_issued_paper"),
        sa.ForeignKeyConstraint(["style"], ["paper_style.digest"], name="fk_issued_paper_style_paper_style"),
        sa.ForeignKeyConstraint(["template_id"], ["paper_template.id"],
                                name="fk_issued_paper_template_id_paper_template"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_paper"),
        sa.UniqueConstraint("replaces_id", name="uq_issued_paper_replaces_id"),
        sa.UniqueConstraint("row_key", name="uq_issued_paper_row_key"),
    )  # fmt: skip
    for names, unique in _INDEXES:
        op.create_index(f"ix_issued_paper_{'_'.join(names)}", "issued_paper", list(names), unique=unique)


_INDEXES = (
    (("key", "turn"), True),
    (("office_code", "year", "serial"), True),
    (("word", "year", "serial"), True),
    (("benefit_id", "id"), False),
    (("township_code", "id"), False),
    (("village_code", "id"), False),
    (("township_code", "kind", "id"), False),
)


def downgrade() -> None:
    op.drop_index("ix_event_township_code_at_id", "event")
    op.drop_index("ix_event_at_id", "event")
    for table in ("issued_paper", "paper_template", "paper_office", "paper_style", "paper_counter"):
        op.drop_table(table)
