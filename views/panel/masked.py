"""Numbers that stand for people leave the server masked, or through a reveal that says why and is recorded."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, ClassVar

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from policy.masking import MASKS
from policy.vocabulary import Word
from views.context import actor, now
from views.db import db
from views.formats import day, label, moment
from workflows import audit

Cell = Callable[[Any], Any]

WHY = (
    ("verify", _l("Compare with the ID card or passbook")),
    ("contact", _l("Reach the family")),
    ("payment", _l("Prepare a payment")),
    ("crosscheck", _l("Prepare a cross-check")),
    ("audit", _l("Inspection or audit")),
)
"""Why a full number may be asked for; the code goes into the record."""


AS_IT_IS = (str, int, Markup)


def text_of(value: Any) -> Any:
    """A value as a person reads it: words translated, days as dates, a dash for nothing."""
    if value is None or value == "":
        return "—"
    if type(value) in AS_IT_IS:
        return value
    if isinstance(value, bool):
        return _l("Yes") if value else _l("No")
    if isinstance(value, Word):
        return label(value)
    if hasattr(value, "hour"):
        return moment(value)
    return day(value) if hasattr(value, "isoformat") else value


def mask(name: str, number: str | None) -> str:
    """A number of this kind as a page may show it; a dash for none."""
    return (number and MASKS[name](number)) or "—"


class Masked:
    """``reveals`` names the numbers that may be asked for in full; ``cells`` says how columns are shown."""

    reveals: ClassVar[tuple[str, ...]] = ()
    cells: ClassVar[Mapping[str, Cell]] = {}

    def show(self, row: Any, name: str) -> Any:
        """What a page may show of an attribute of a row."""
        return self.way(name)(row)

    def way(self, name: str) -> Cell:
        """``show`` for one attribute, looked up once for many rows."""
        cell = self.cells.get(name) or attrgetter(name)
        return (lambda row: mask(name, cell(row))) if name in MASKS else (lambda row: text_of(cell(row)))

    def _get_list_value(self, context: Any, model: Any, name: str, *formatters: Any) -> Any:
        return self.show(model, name)

    @expose("/<id>/reveal/", methods=("POST",))
    def reveal_view(self: Any, id: str) -> ResponseReturnValue:
        """One number in full, for a stated reason, on record."""
        row, name, why = self.get_or_404(id), request.form.get("field", ""), request.form.get("reason", "")
        if name not in self.reveals or why not in dict(WHY):
            message = _l("Say which number, and why it is needed.")
            return self.render("panel/refused.html", message=message, back=self.row_url(row)), 422
        audit.record(db.session, actor(), now(), "reveal", row, reason=why, after={"field": name})
        db.session.commit()
        value = getattr(row, name) or ""
        if request.accept_mimetypes.best == "application/json":
            return jsonify(value=value)
        what = self.get_column_name(name)
        return self.render("panel/revealed.html", what=what, value=value, back=self.row_url(row))
