"""Two people changed one row: what stood there, what the other made of it, what was typed; nothing is lost."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, Form, SelectFieldBase

from views.case_words import listed
from views.numbers import json_in
from views.panel.fields import SealedField

Values = list[str]
KEEP = "keep-"
"""Stands before a field's name in the names of the choices on the conflict page."""
SIDES = ("theirs", "mine")
BEFORE = "before"
"""What the form showed that met the conflict, posted back with the choices: against it both had changed a field."""
SEEN = "seen"
"""Beside the fields of a snapshot: the last entry of the record when the form was opened."""


class Difference(NamedTuple):
    """One field of the conflict page.

    ``changed``: somebody else changed it since the form was opened. ``keep``: the value that is chosen beforehand,
    which is that of the one who changed it; none where both did, so that nobody overwrites the other unseen.
    """

    name: str
    label: str
    base: str
    theirs: str
    mine: str
    keep: str
    changed: bool = True


class Numbers(NamedTuple):
    """What became of numbers that a form never shows back.

    ``changed`` since the form was opened, and of these ``gone`` those that were removed; those ``standing`` are already
    as they were typed.
    """

    changed: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    standing: frozenset[str] = frozenset()


def values_of(field: Field) -> Values:
    """What a browser would post for a field that shows a row."""
    if isinstance(field, SealedField):
        return [""]
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    if isinstance(field, SelectFieldBase):
        return [str(choice[0]) for choice in field.iter_choices() if choice[2]]
    return [field._value()]


def snapshot(form: Form, names: Iterable[str], seen: int) -> str:
    """What the form showed when it was opened and the last entry about its row, to be posted back with it."""
    fields = {name: values_of(form[name]) for name in names if not isinstance(form[name], SealedField)}
    return json.dumps({**fields, SEEN: [str(seen)]})


def read_snapshot(text: str) -> dict[str, Values]:
    """The posted snapshot; empty when it is not one."""
    found = json_in(text)
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: [str(value) for value in values] for name, values in pairs if isinstance(values, list)}


def in_words(field: Field, values: Values) -> str:
    """Posted values as a person reads them."""
    if isinstance(field, SealedField):
        return gettext("a new number was typed") if any(values) else gettext("unchanged")
    if isinstance(field, BooleanField):
        return gettext("Yes") if values else gettext("No")
    if isinstance(field, SelectFieldBase):
        words = {str(choice[0]): str(choice[1]) for choice in field.iter_choices()}
        return listed(words.get(value, value) for value in values) or "—"
    return listed(value for value in values if value) or "—"


def differences(
    now: Form, names: Sequence[str], opened: Mapping[str, Values], posted: MultiDict[str, str],
    numbers: Numbers = Numbers(),  # noqa: B008  a tuple of frozen sets
) -> list[Difference]:  # fmt: skip
    """The fields in which the row as it is now differs from what was typed."""
    found = []
    for name in names:
        field, theirs, mine = now[name], values_of(now[name]), posted.getlist(name)
        base = opened.get(name, theirs)
        if _same(theirs, mine) or name in numbers.standing:
            continue
        before, present, typed = (in_words(field, values) for values in (base, theirs, mine))
        if name in numbers.changed:
            present = gettext("the number was removed") if name in numbers.gone else in_words(field, ["?"])
        changed = name in numbers.changed or not _same(base, theirs)
        keep = "theirs" if _same(base, mine) else "" if changed else "mine"
        found.append(Difference(name, str(field.label.text), before, present, typed, keep, changed))
    return found


def undecided(found: Iterable[Difference], posted: MultiDict[str, str]) -> list[Difference]:
    """The fields that both changed and for which the conflict page was sent back without a choice."""
    return [one for one in found if not one.keep and posted.get(KEEP + one.name) not in SIDES]


def as_chosen(found: Sequence[Difference], posted: MultiDict[str, str]) -> list[Difference]:
    """The same fields, with what was chosen already where anything was."""
    chosen = {one.name: posted.get(KEEP + one.name, "") for one in found}
    return [one._replace(keep=chosen[one.name]) if chosen[one.name] in SIDES else one for one in found]


def settle(posted: MultiDict[str, str], now: Form, names: Sequence[str]) -> MultiDict[str, str]:
    """The posted form with the other person's values where the conflict page says to keep them."""
    settled = MultiDict(posted)
    for name in names:
        if posted.get(KEEP + name) == "theirs":
            settled.setlist(name, values_of(now[name]))
    return settled


def _same(one: Values, other: Values) -> bool:
    return [v.strip().replace("\r\n", "\n") for v in one] == [v.strip().replace("\r\n", "\n") for v in other]
