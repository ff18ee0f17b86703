"""Members: everybody who lives in a family on file, or has left one; corrections of who they are."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect, select
from wtforms import Form, SelectField

from models import Member
from policy.identity import parse_id_number
from policy.masking import mask_id
from policy.vocabulary import DisabilityKind, Illness, Labour, Relation
from views import places
from views.base import PanelView, add_view
from views.column_words import COLUMNS
from views.context import actor
from views.db import db
from views.member_words import age, condition
from views.panel import cells
from views.panel.fields import SealedField, SmallIntegerField
from views.panel.filters import FoundFilter, NameFilter, SetFilter, TownshipFilter, VillageFilter, WordFilter, known
from views.panel.history import history_of
from views.panel.masked import WHY
from views.panel.numbers import read_certificate, read_id
from views.panel.seeking import Page
from views.panel.told import OfFamilies, Person
from workflows import correction, names
from workflows.actor import scoped

STANDING = {
    "left": (_l("No longer in the family"), lambda: known(Member, "left_on")),
    "all": (_l("All, also those who left"), lambda: Member.id > 0),
}
PERSON = ("name", "id_no", "relation", "sex", "birth", "ethnicity", "marital", "political", "joined_on", "cohabiting")
WORK = ("schooling", "school", "employment", "workplace", "labour")
HEALTH = (
    "health", "disability_kind", "disability_level", "disability_cert", "illness", "illness_name", "insurance",
    "registered_poor", "note",
)  # fmt: skip
CONDITION = ("health", "disability_kind", "disability_level", "illness", "illness_name", "registered_poor")
# What the rules ask of some people only.
FACTS = (
    "study", "study_full_time", "absence", "cares_for_id", "needs_care", "self_care_unmet", "refused_work",
    "clergy_years_away", "support_mode",
)  # fmt: skip


LINES = OfFamilies(Member, (
    "id", "row_key", "id_no_sealed", "name", "household_id", "relation", "sex", "birth", "disability_kind",
    "disability_level", "illness", "illness_name", "labour", "township_code", "village_code",
), Person)  # fmt: skip


class CaredField(SelectField):
    """Another present member of the same family, or nobody; the form of a member says who there is."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, coerce=lambda text: int(text) if str(text).isdecimal() else None, choices=[], **kwargs)

    def people(self, member: Member) -> None:
        """Offer the rest of the member's family."""
        others = [m for m in member.household.members if m.id != member.id and (m.present or m.id == self.data)]
        self.choices = [("", "—"), *((str(m.id), m.name) for m in others)]


def _now_in(row: Member) -> Member | None:
    """Where somebody who left a family lives now, as far as the reader may know."""
    if row.present:
        return None
    stay = select(Member).where(Member.id_no_hash == row.id_no_hash, Member.left_on.is_(None))
    found: Member | None = db.session.scalars(scoped(stay, Member, actor())).first()
    return found


class MemberView(PanelView):
    """家庭成员: the list, the page of a person, its correction and history."""

    table = Member
    title = _l("Members")
    routes: ClassVar[tuple[str, ...]] = ("index_view", "page", "history_view", "edit_view", "reveal_view")
    column_list = ("name", "last4", "household", "relation", "sex", "age", "condition", "village")
    column_labels: ClassVar[dict[str, Any]] = {**COLUMNS, "condition": _l("Condition"), "household": _l("Head")}
    column_sortable_list = ("name",)
    num_columns = frozenset({"age"})
    filters = (
        FoundFilter("found", _l("Found"), Member.id.in_),
        NameFilter("name", _l("Name"), lambda typed: Member.id.in_(names.find_members(typed)), names.bears),
        TownshipFilter("township", _l("Township"), lambda code: Member.township_code == code),
        VillageFilter("village", _l("Village or community"), lambda code: Member.village_code == code),
        WordFilter("labour", _l("Ability to work"), Labour, lambda code: Member.labour == code).looking(),
        WordFilter("disability", _l("Disability"), DisabilityKind, lambda code: Member.disability_kind == code),
        WordFilter("illness", _l("Illness"), Illness, lambda code: Member.illness == code).looking(),
        SetFilter("standing", _l("Standing"), STANDING),
    )
    reveals = ("id_no", "disability_cert")
    cells: ClassVar[dict[str, Any]] = {
        "last4": lambda m: mask_id(m.id_no)[-4:],
        "household": lambda m: cells.link(url_for("household.page", id=m.household_id), m.household.head_name),
        "age": age,
        "condition": condition,
        "village": lambda m: places.where(m.village_code),
        "disability_level": lambda m: (
            gettext("level %(level)s", level=m.disability_level) if m.disability_level else None
        ),
        "cares_for_id": lambda m: next((o.name for o in m.household.members if o.id == m.cares_for_id), None),
    }
    form_columns: ClassVar[tuple[str, ...]] = (*PERSON, *WORK, *HEALTH, *FACTS)
    form_groups: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = (
        (_l("Person"), PERSON), (_l("Schooling and work"), WORK), (_l("Health"), HEALTH), (_l("Further facts"), FACTS),
    )  # fmt: skip
    form_extra_fields: ClassVar[dict[str, Any]] = {
        "id_no": SealedField(COLUMNS["id_no"], read_id),
        "disability_cert": SealedField(COLUMNS["disability_cert"], read_certificate),
        "cares_for_id": CaredField(COLUMNS["cares_for_id"]),
    }
    form_overrides: ClassVar[dict[str, Any]] = {"disability_level": SmallIntegerField}
    form_args: ClassVar[dict[str, Any]] = {
        "disability_level": {"least": 1, "most": 4}, "self_care_unmet": {"least": 0, "most": 6},
        "refused_work": {"most": 99}, "clergy_years_away": {"most": 99},
    }  # fmt: skip
    kinds: ClassVar[dict[str, str]] = {"id_no": "id"}
    refusals = (
        ("uq_member_present_id_no", "id_no", _l("Somebody with this ID number is in a family already; search for it.")),
        ("member.id_no_hash", "id_no", _l("Somebody with this ID number is in a family already; search for it.")),
        ("overlap", "joined_on", _l("This person is in another family at that time.")),
        ("disability_kind_and_level", "disability_level", _l("Kind and level of a disability belong together.")),
        ("birth_before_joined_on", "joined_on", _l("Nobody joins a family before being born.")),
        ("joined_on_before_left_on", "joined_on", _l("Nobody leaves a family before joining it.")),
    )

    def clauses(self, want: Any) -> list[Any]:
        present = [] if "standing" in want.filters or "found" in want.filters else [Member.left_on.is_(None)]
        return [*super().clauses(want), *present]

    def load(self, ids: Any) -> list[Person]:
        return LINES.load(db.session, ids)

    def total(self, page: Page) -> str:
        if page.capped:
            return gettext("More than %(count)s persons", count=page.beyond)
        return ngettext("%(num)s person", "%(num)s persons", page.count)

    def row_url(self, row: Any) -> str:
        return url_for("member.page", id=row.id)

    def get_edit_form(self) -> type[Form]:
        """The form of a member knows the rest of the family."""

        class MemberForm(super().get_edit_form()):  # type: ignore[misc]
            def __init__(self, formdata: Any = None, obj: Member | None = None, **kwargs: Any) -> None:
                super().__init__(formdata, obj, **kwargs)
                if obj is not None:
                    self["cares_for_id"].people(obj)

        return MemberForm

    @expose("/<id>/")
    def page(self, id: str) -> ResponseReturnValue:
        """One person."""
        row = self.get_or_404(id)
        further = [name for name in FACTS if getattr(row, name) is not None]
        return self.render("panel/member.html", row=row, why=WHY, age=age(row), further=further, now_in=_now_in(row))

    @expose("/<id>/history/")
    def history_view(self, id: str) -> ResponseReturnValue:
        """What changed in this person's record."""
        return self.render("panel/history.html", **history_of(self.get_or_404(id), request.args))

    def on_model_change(self, form: Any, row: Member, is_created: bool) -> None:
        """Number, birth and sex must tell the same; the family follows its head's name."""
        if form.id_no.data:
            told = parse_id_number(form.id_no.data)
            if told.birth != row.birth:
                form.birth.errors = [gettext("The ID number says %(day)s.", day=told.birth.isoformat())]
            if told.sex != row.sex:
                form.sex.errors = [gettext("The ID number says otherwise.")]
        if (row.relation == Relation.HEAD) != (was(row, "relation") == Relation.HEAD):
            form.relation.errors = [gettext("Who heads the family is changed by a step of its own, not here.")]
        correction.follow_head(row)


class MemberFactsView(MemberView):
    """What a calculation asks of a member, brought up to date by whoever surveys; who somebody is stays as it is."""

    title = _l("Facts of a member")
    routes = ("edit_view",)
    form_columns = (*WORK, *CONDITION, *FACTS)
    form_groups = (
        (_l("Schooling and work"), WORK), (_l("Health"), CONDITION), (_l("Further facts"), FACTS),
    )  # fmt: skip
    form_extra_fields: ClassVar[dict[str, Any]] = {"cares_for_id": CaredField(COLUMNS["cares_for_id"])}

    def on_model_change(self, form: Any, row: Member, is_created: bool) -> None:
        """Nothing else hangs on these."""


def was(row: Any, name: str) -> Any:
    """What an attribute held before this change."""
    old = inspect(row).attrs[name].history.deleted
    return old[0] if old else getattr(row, name)


def register(app: Flask) -> None:
    """Add the pages of members."""
    add_view(app, MemberView)
    add_view(app, MemberFactsView, "member_facts")
