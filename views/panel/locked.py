"""Direct corrections by a supervisor: a reason, the version the form was opened with, and what the database refuses."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.form import BaseForm
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import Form, HiddenField, TextAreaField, validators

from models.sealing import Sealed
from views.context import actor, now
from views.db import db
from views.numbers import whole
from views.panel import conflict
from views.panel.fields import SealedField, strip
from views.panel.last_change import last_change, last_changes
from workflows import audit, keys

LEAST_REASON = 4
Refusal = tuple[str, str, Any]


class EditForm(BaseForm):
    """What every form that changes a record carries beside its own fields."""

    row_version = HiddenField()
    opened = HiddenField()
    key = HiddenField()
    reason = TextAreaField(
        _l("Why is this changed?"),
        description=_l("At least four characters; it stays with the change."),
        filters=[strip],
        validators=[
            validators.InputRequired(_l("Say why: the reason stays with the change.")),
            validators.Length(LEAST_REASON, 200, _l("Between %(min)d and %(max)d characters.")),
        ],
    )


class Locked:
    """``refusals`` maps what a constraint says to a field: (words of the constraint, field, sentence)."""

    model: type[Any]
    refusals: ClassVar[Sequence[Refusal]] = ()
    kinds: ClassVar[dict[str, str]] = {}
    form_groups: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()
    edit_template = "admin/model/edit.html"
    create_template = "admin/model/create.html"

    @property
    def own_fields(self) -> tuple[str, ...]:
        """The form's fields without those every form carries."""
        return tuple(self.form_columns or ())  # type: ignore[attr-defined]

    @expose("/<id>/edit/", methods=("GET", "POST"))
    def edit_view(self, id: str) -> ResponseReturnValue:
        """Correct a record, with a reason."""
        row = self.get_or_404(id)  # type: ignore[attr-defined]
        if request.method != "POST":
            return self.show_form(self._edit_form_class(obj=row), row)  # type: ignore[attr-defined]
        posted: Any = request.form
        stale = posted.get("row_version") != self.version(row)
        if stale or conflict.BEFORE in posted:  # else nobody asks what stands there now
            present = self._edit_form_class(obj=row)  # type: ignore[attr-defined]
            again = conflict.BEFORE in posted and self.differences(row, present, posted, conflict.BEFORE)
            if again and conflict.undecided(again, posted):
                return self.show_conflict(row, present, posted, conflict.BEFORE)
            posted = conflict.settle(posted, present, self.own_fields)
            if stale:
                return self.sent_twice(row, present, posted) or self.show_conflict(row, present, posted)
        form = self._edit_form_class(posted, obj=row)  # type: ignore[attr-defined]
        if not form.validate():
            return self.show_form(form, row, 422)
        return self.save(form, row)

    def sent_twice(self, row: Any, present: Form, posted: Any) -> ResponseReturnValue | None:
        """A second click on the same button: what it says stands there already."""
        numbers = self.numbers(row, present, posted, {})
        if conflict.differences(present, self.own_fields, {}, posted, numbers):
            return None
        flash(gettext("This was done already and was not sent twice."))
        return redirect(self.after_save(row))

    def save(self, form: Form, row: Any) -> ResponseReturnValue:
        """Write the form into the row, with its reason on record, in one transaction."""
        # Asked before the commit, which forgets the row; a new one has its number only afterwards.
        back = self.after_save(row) if inspect(row).persistent else ""
        try:
            self.write(form, row, created=False)
        except StaleDataError:
            db.session.rollback()
            return self.show_conflict(row, self._edit_form_class(obj=row), request.form)  # type: ignore[attr-defined]
        except IntegrityError as error:
            db.session.rollback()
            if not self.explain(form, error):
                raise
            return self.show_form(form, row, 422)
        if form.errors:
            db.session.rollback()
            return self.show_form(form, row, 422)
        flash(gettext("Saved. The reason stays with the change."))
        return redirect(back or self.after_save(row))

    def write(self, form: Form, row: Any, created: bool) -> None:
        """Fill the row and commit, unless a field was refused."""
        self.fill(form, row, created)
        if not form.errors:
            db.session.commit()

    def fill(self, form: Form, row: Any, created: bool) -> None:
        """Put what was typed into the row, with its reason, and let the view look after what depends on it."""
        audit.attribute(db.session, actor(), now(), reason=form.reason.data)
        for name in self.own_fields:
            if name in inspect(type(row)).column_attrs or isinstance(getattr(type(row), name, None), Sealed):
                form[name].populate_obj(row, name)
        with db.session.no_autoflush:
            self.on_model_change(form, row, created)  # type: ignore[attr-defined]

    def snapshot(self, form: Form, row: Any) -> str:
        """What a form shows, and how far the record about its row goes."""
        last = last_change(db.session, row) if inspect(row).persistent else None
        return conflict.snapshot(form, self.own_fields, last.id if last else 0)

    def numbers(self, row: Any, present: Form, posted: Any, opened: Mapping[str, list[str]]) -> conflict.Numbers:
        """What became of the numbers that a form never shows back, told by the record and by what stands there now."""
        sealed = [name for name in self.own_fields if isinstance(present[name], SealedField)]
        seen = whole("".join(opened.get(conflict.SEEN, ())))
        entries = last_changes(db.session, row, sealed) if seen is not None else {}
        changed = frozenset(name for name, entry in entries.items() if seen is not None and entry.id > seen)
        return conflict.Numbers(
            changed, frozenset(name for name in changed if getattr(row, name) is None),
            frozenset(name for name in sealed if present[name].stands(posted.get(name, ""), getattr(row, name))),
        )  # fmt: skip

    def version(self, row: Any) -> str:
        """The version of the row that a form carries."""
        return str(getattr(row, "row_version", ""))

    def after_save(self, row: Any) -> str:
        """Where to go when the change is saved."""
        return self.row_url(row) or self.get_url(".index_view")  # type: ignore[attr-defined]

    def show_form(self, form: Form, row: Any, status: int = 200) -> ResponseReturnValue:
        """The form, as opened or as typed, with what is wrong beside the field."""
        if status == 200:
            form.row_version.data = self.version(row)
            form.opened.data = self.snapshot(form, row)
            form.key.data = keys.new_key()
        groups = self.form_groups or (("", self.own_fields),)
        back = self.after_save(row)
        return self.render(self.edit_template, form=form, row=row, groups=groups, back=back), status  # type: ignore[attr-defined]

    def form_action(self, row: Any) -> str:
        """Where the form of a row is sent."""
        return self.get_url(".edit_view", id=row.id)  # type: ignore[attr-defined]

    def form_title(self, row: Any) -> str:
        """What stands over the form."""
        return gettext("Correct: %(row)s", row=row)

    def form_submit(self, row: Any) -> str:
        """The verb of the form's button."""
        return gettext("Save the correction")

    def differences(self, row: Any, present: Form, posted: Any, since: str) -> list[conflict.Difference]:
        """How what was typed differs from what stands there now, seen from the snapshot posted as ``since``."""
        opened = conflict.read_snapshot(posted.get(since, ""))
        numbers = self.numbers(row, present, posted, opened)
        return conflict.differences(present, self.own_fields, opened, posted, numbers)

    def show_conflict(self, row: Any, present: Form, posted: Any, since: str = "opened") -> ResponseReturnValue:
        """Both versions side by side; posting it again saves the choice, unless somebody was quicker once more.

        With ``since`` of an earlier conflict page it is asked again, because a choice is missing.
        """
        found = self.differences(row, present, posted, since)
        missing = conflict.undecided(found, posted) if since == conflict.BEFORE else []
        found = conflict.as_chosen(found, posted) if missing else found
        kept = [(name, value) for name in self.own_fields for value in posted.getlist(name)]
        kept += [("row_version", self.version(row)), ("opened", self.snapshot(present, row))]
        kept += [(conflict.BEFORE, posted.get(since, ""))]
        return self.render(  # type: ignore[attr-defined]
            "panel/conflict.html", row=row, differences=found, missing=missing, kept=kept,
            reason=posted.get("reason", ""), change=last_change(db.session, row),
            changes=last_changes(db.session, row, self.own_fields),
            back=self.after_save(row), action=self.form_action(row),
        ), 409  # fmt: skip

    def explain(self, form: Form, error: IntegrityError) -> bool:
        """Put a constraint's refusal beside its field; False when nobody foresaw it."""
        text = str(error.orig)
        for words, name, sentence in self.refusals:
            if words in text:
                form[name].errors = [*form[name].errors, str(sentence)]
                return True
        current_app.logger.error("unforeseen refusal of a constraint in %s", type(self).__name__)
        return False
