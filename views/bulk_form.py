"""What a step in bulk is asked for: the cases that were chosen, its few fields, and what the machine says of each."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from flask import request
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import DateField, Form, TextAreaField, ValidationError, validators

from models import Benefit
from policy.vocabulary import Action
from views.base import PanelView
from views.context import actor, today
from views.db import db
from views.formats import options
from views.page import list_view
from views.panel import asked
from views.panel.fields import strip
from views.panel.scoped import parse_id
from views.reasons import sentence
from views.step_ask import Ask
from views.step_asks import asked_of
from workflows import inputs
from workflows.bulk import IN_BULK, MOST, Weighed
from workflows.facts import Given
from workflows.machine import RULES
from workflows.reason import LEAST_WORDS, Reason

PROBE = "……"  # what a reason in words will be; the preview asks what else stands in the way
SENTENCES: dict[str, LazyString] = {
    "not_in_bulk": _l("“%(action)s” is decided case by case, never in bulk."),
    "bulk_changed": _l("Cases changed since the preview; look at it once more. What you typed is kept."),
    "bulk_nothing": _l("The step is possible for none of these cases."),
}
NEEDED = _l("This is written into every one of these cases; please fill it in.")


class Choice(NamedTuple):
    """Which cases of the list are meant: those ticked, or all that fit its filters."""

    view: PanelView
    want: asked.Asked
    picked: Sequence[int]
    all: bool

    @property
    def ids(self) -> list[int]:
        """The cases' numbers in the order of the list, one more than may be taken at once."""
        query = self.view.scope(select(Benefit.id).where(*self.view.clauses(self.want)))
        if not self.all:
            query = self.view.scope(select(Benefit.id).where(Benefit.id.in_(self.picked)))
        return list(db.session.scalars(query.order_by(*self.view.order(self.want.sort)).limit(MOST + 1)))

    @property
    def arguments(self) -> dict[str, Any]:
        """The choice as address arguments."""
        found = self.want.on_page(1).arguments(self.view.usual_sort(self.want.filters))
        return {**found, "all": "yes"} if self.all else {**found, "picked": list(self.picked)}

    @property
    def list_arguments(self) -> dict[str, Any]:
        """The list that it was chosen from, as address arguments."""
        return {name: value for name, value in self.arguments.items() if name not in ("all", "picked")}


def choice() -> Choice:
    """What the address says is meant."""
    view = list_view("benefit")
    want = asked.read(request.args, view.sortable, view.usual_sort, view.filters)
    picked = [id for text in request.args.getlist("picked")[:MOST] if (id := parse_id(text))]
    return Choice(view, want, picked, request.args.get("all") == "yes")


def offered() -> list[tuple[str, str]]:
    """The steps that the reader's role may take for many cases at once."""
    role = actor().role
    mine = {rule.action for rule in RULES if role in rule.roles}
    return options(action for action in IN_BULK if action in mine and asked_of(action))


def action() -> Action | None:
    """The step that the address names, where the reader's role may take it in bulk."""
    wanted = request.args.get("action", "")
    return Action(wanted) if wanted in dict(offered()) else None


def ask_of(action: Action) -> Ask:
    """What the step's own dialog asks."""
    return asked_of(action)[0]


def form_of(action: Action) -> type[Form]:
    """The fields of the step that are the same for every case: its day, its words."""
    ask, fields = ask_of(action), dict[str, Any]()
    if "day" in ask.fields:
        fields["day"] = DateField(ask.day, default=today, validators=[validators.InputRequired(NEEDED), _not_to_come])
    needs = any(inputs.words_given in rule.inputs for rule in RULES if rule.action is action)
    words = [validators.InputRequired(NEEDED), validators.Length(LEAST_WORDS, message=NEEDED)] if needs else []
    longest = validators.Length(max=2000, message=_l("At most %(max)d characters."))
    fields["words"] = TextAreaField(ask.words, filters=[strip], validators=[*words, longest])
    return type("BulkForm", (Form,), fields)


def _not_to_come(form: Form, field: Any) -> None:
    if field.data and field.data > today():
        raise ValidationError(sentence(Reason("day_in_future", day=field.data)))


def given_in(form: Form) -> Given:
    """What was typed for all of them."""
    return Given(words=form.data.get("words") or "", day=form.data.get("day"))


def probe() -> Given:
    """What stands for what is not typed yet."""
    day: date = today()
    return Given(words=PROBE, day=day)


def mark(weighed: Sequence[Weighed]) -> str:
    """A mark of what a preview showed: the cases, their versions, and which of them are possible."""
    told = [(one.benefit.id, one.benefit.row_version, not one.reasons) for one in weighed]
    return sha256(repr(told).encode()).hexdigest()


def by_reason(refused: Iterable[tuple[Benefit, Iterable[Reason]]]) -> list[tuple[str, list[Benefit]]]:
    """The cases grouped by everything that stands in their way, the largest group first: each stands once."""
    groups: dict[str, list[Benefit]] = {}
    for benefit, reasons in refused:
        text = gettext("; ").join(dict.fromkeys(sentence(reason).rstrip("。.") for reason in reasons))
        groups.setdefault(text, []).append(benefit)
    return sorted(groups.items(), key=lambda pair: -len(pair[1]))
