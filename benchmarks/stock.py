"""The rival of the panel: stock Flask-Admin over the same families in plain text, as somebody writes it in an hour.

Nothing is tuned and nothing is spoilt: relations are read with the rows, the large foreign key is looked up as one
types. It has no login, no scope, no seals, no history and no versions; Doudi is measured with all of them.
"""

from datetime import date
from typing import Any

from flask import Flask
from flask_admin import Admin, AdminIndexView, expose
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

db = SQLAlchemy()
BATCH = 5_000


class Household(db.Model):  # type: ignore[name-defined, misc]
    """A family in plain text."""

    id: Mapped[int] = mapped_column(primary_key=True)
    head_name: Mapped[str] = mapped_column(index=True)
    township: Mapped[str] = mapped_column(index=True)
    village: Mapped[str] = mapped_column(index=True)
    address: Mapped[str]
    phone: Mapped[str | None]
    members: Mapped[list["Member"]] = relationship(back_populates="household")

    def __str__(self) -> str:
        return self.head_name


class Member(db.Model):  # type: ignore[name-defined, misc]
    """A person in plain text."""

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    name: Mapped[str] = mapped_column(index=True)
    id_no: Mapped[str | None] = mapped_column(unique=True)
    sex: Mapped[str]
    birth: Mapped[date | None]
    relation: Mapped[str]
    township: Mapped[str] = mapped_column(index=True)
    household: Mapped[Household] = relationship(back_populates="members")


class Benefit(db.Model):  # type: ignore[name-defined, misc]
    """A case in plain text."""

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    scheme: Mapped[str]
    stage: Mapped[str] = mapped_column(index=True)
    township: Mapped[str] = mapped_column(index=True)
    due: Mapped[date | None]
    monthly_fen: Mapped[int]


class Households(ModelView):
    """Families with their people on the form."""

    page_size = 50
    column_list = ("head_name", "township", "village", "address", "phone")
    column_searchable_list = ("head_name",)
    column_filters = ("township", "village")
    form_columns = ("head_name", "township", "village", "address", "phone")
    inline_models = ((Member, {"form_columns": ("id", "name", "id_no", "sex", "birth", "relation")}),)


class Members(ModelView):
    """People, found by name or number."""

    page_size = 50
    column_list = ("name", "id_no", "sex", "birth", "relation", "household", "township")
    column_searchable_list = ("name", "id_no")
    column_filters = ("township", "birth")
    form_ajax_refs = {"household": {"fields": ("head_name",)}}


class Benefits(ModelView):
    """Cases."""

    page_size = 50
    column_filters = ("township", "stage", "scheme", "due")


class Home(AdminIndexView):
    """How many cases of which stage there are in each township, and how many are due."""

    @expose("/")
    def index(self) -> Any:
        """Count, and show."""
        stages = select(Benefit.township, Benefit.stage, func.count(), func.sum(Benefit.monthly_fen))
        counts = db.session.execute(stages.group_by(Benefit.township, Benefit.stage)).all()
        due = db.session.execute(select(Benefit.due, func.count()).where(Benefit.due.isnot(None)).group_by(Benefit.due))
        return "".join(f"<p>{' '.join(map(str, row))}</p>" for row in (*counts, *due))


def create_app(url: str) -> Flask:
    """The rival over a database of its own."""
    app = Flask("stock")
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI=url, SECRET_KEY="benchmark", TESTING=True)
    Babel(app)  # where it is installed, Flask-Admin does not do without
    db.init_app(app)
    admin = Admin(app, "Stock", index_view=Home(url="/"))
    for view, model in ((Households, Household), (Members, Member), (Benefits, Benefit)):
        admin.add_view(view(model, db, endpoint=model.__tablename__))
    return app
