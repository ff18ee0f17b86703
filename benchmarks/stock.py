"""The rival of the panel: stock Flask-Admin over the same families in plain text, as somebody writes it in an hour.

Nothing is tuned and nothing is spoilt: relations are read with the rows, the large foreign key is looked up as one
types. It has no login, no scope, no seals, no history and no versions; Doudi is measured with all of them.
"""

from datetime import date, timedelta
from typing import Any, ClassVar

from flask import Flask
from flask_admin import Admin, AdminIndexView, expose
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

db = SQLAlchemy()
FILE = "plain.sqlite3"
"""Its database, in the folder of the county."""


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
    persons: Mapped[int]
    monthly_fen: Mapped[int]
    due: Mapped[date | None] = mapped_column(index=True)
    review_due: Mapped[date | None] = mapped_column(index=True)
    household: Mapped[Household] = relationship()


class Visit(db.Model):  # type: ignore[name-defined, misc]
    """A visit in plain text, planned or done."""

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    township: Mapped[str] = mapped_column(index=True)
    due: Mapped[date | None] = mapped_column(index=True)
    done: Mapped[date | None] = mapped_column(index=True)


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
    form_ajax_refs: ClassVar[dict[str, Any]] = {"household": {"fields": ("head_name",)}}


class Benefits(ModelView):
    """Cases."""

    page_size = 50
    column_filters = ("township", "stage", "scheme", "due")


class Visits(ModelView):
    """Visits."""

    page_size = 50
    column_filters = ("township", "due", "done")


HOME = """{% extends 'admin/master.html' %}{% block body %}
{% for title, rows in tables %}<h3>{{ title }}</h3><table class="table">
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}
{% endblock %}"""


class Home(AdminIndexView):
    """What our desk tells: township by township what is open, paid, late and due in a week, and the ten next cases."""

    @expose("/")
    def index(self) -> Any:
        """Count, and show."""
        case, town = Benefit, Benefit.township
        soon, told = date.today() + timedelta(days=7), (town, Benefit.stage, func.count(), func.sum(case.persons))
        asked = {
            "Cases": select(*told, func.sum(case.monthly_fen)).group_by(town, case.stage),
            "Late": select(town, func.count()).where(case.due < date.today()).group_by(town),
            "Reviews": select(town, func.count()).where(case.review_due <= soon, case.stage == "active").group_by(town),
            "Visits": select(Visit.township, func.count())
            .where(Visit.done.is_(None), Visit.due <= soon)
            .group_by(Visit.township),
            "Next": select(case.due, Household.head_name, case.scheme, case.stage, town, case.persons)
            .join(case.household)
            .where(case.due.isnot(None))
            .order_by(case.due, case.id)
            .limit(10),
        }
        tables = [(title, db.session.execute(query).all()) for title, query in asked.items()]
        return self.render("home.html", tables=tables)


def create_app(url: str) -> Flask:
    """The rival over a database of its own."""
    app = Flask("stock")
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI=url, SECRET_KEY="benchmark", TESTING=True)
    app.jinja_loader = DictLoader({"home.html": HOME})
    Babel(app)  # where it is installed, Flask-Admin does not do without
    db.init_app(app)
    admin = Admin(app, "Stock", index_view=Home(url="/"))
    for view, model in ((Households, Household), (Members, Member), (Benefits, Benefit), (Visits, Visit)):
        admin.add_view(view(model, db, endpoint=model.__tablename__))
    return app
