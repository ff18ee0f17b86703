"""Filters of a list: named in the address, shown in the bar, removable as chips. Unknown values are left aside."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from policy.division_codes import in_township
from policy.vocabulary import Word
from views import places
from views.context import actor, today
from views.i18n import catalogue
from views.panel.scoped import parse_id
from workflows import names

Choice = tuple[str, str]


class Filter:
    """One question to a list: ``name`` in the address, ``label`` before the field, ``where`` makes the condition."""

    kind = "select"
    in_bar = True

    def __init__(self, name: str, label: Any, where: Callable[[Any], Any]) -> None:
        self.name, self.label, self.where = name, label, where

    looked = False

    def looks(self, value: str) -> bool:
        """Whether no index finds the rows that fit this value, so that the list is looked at row by row instead."""
        return self.looked

    def looking(self) -> "Filter":
        """The same filter, marked as one for which no index finds the rows."""
        self.looked = True
        return self

    def shows(self, choices: Sequence[Choice]) -> bool:
        """Whether it has a field in the bar."""
        return self.in_bar and (bool(choices) or self.kind != "select")

    def aside(self) -> "Filter":
        """The same filter without a field in the bar: a link sets it, and a chip shows it."""
        self.in_bar = False
        return self

    def choices(self, values: Mapping[str, str]) -> Sequence[Choice]:
        """(code, text) to choose from; ``values`` are those of the other filters."""
        return ()

    def clean(self, text: str, values: Mapping[str, str]) -> str:
        """The value when it is one of the choices, else nothing."""
        return text if text in dict(self.choices(values)) else ""

    def clause(self, value: str) -> Any:
        """The condition for a cleaned value, as the database finds rows by it."""
        return self.where(value)

    def holds(self, value: str) -> Any:
        """The same condition, as it is asked of a row that something else has found."""
        return self.clause(value)

    def shown(self, value: str, values: Mapping[str, str]) -> str:
        """The value in words, for its chip."""
        return dict(self.choices(values))[value]


def known(model: type[Any], column: str) -> Any:
    """The condition for the few rows in which a column is filled, found by the index of these rows alone.

    Asked directly, SQLite would walk through the whole list in its order, or through the whole place.
    """
    other = aliased(model)
    return model.id.in_(select(other.id).where(getattr(other, column).is_not(None)))


class _Known(Filter):
    """A filter whose choices are the same for everybody; ``in_words`` gives them in the language of the page."""

    in_words: Callable[[], Sequence[Choice]]

    def choices(self, values: Mapping[str, str]) -> Sequence[Choice]:
        return _in_words(self, catalogue())


@lru_cache(maxsize=512)
def _in_words(one: _Known, words: Any) -> Sequence[Choice]:
    """The choices in words, made once for each language."""
    return tuple(one.in_words())


class WordFilter(_Known):
    """A vocabulary word."""

    def __init__(self, name: str, label: Any, words: Iterable[Word], where: Callable[[Any], Any]) -> None:
        super().__init__(name, label, where)
        self.words = tuple(words)

    def in_words(self) -> Sequence[Choice]:
        """The choices in the language of the page."""
        return [(word.value, gettext(word.label)) for word in self.words]


class SetFilter(_Known):
    """A choice among named conditions: {code: (label, function giving the condition)}."""

    def __init__(self, name: str, label: Any, options: Mapping[str, tuple[Any, Callable[[], Any]]]) -> None:
        super().__init__(name, label, lambda value: options[value][1]())
        self.options = options

    def in_words(self) -> Sequence[Choice]:
        """The choices in the language of the page."""
        return [(code, str(text)) for code, (text, _) in self.options.items()]


class DueFilter(SetFilter):
    """When something falls due, in the desk's own steps: overdue, today, the seven days after it, later."""

    def __init__(self, name: str, label: Any, column: Any, *holds: Any) -> None:
        week = timedelta(days=7)
        super().__init__(
            name, label,
            {
                "soon": (_l("Overdue or within 7 days"), lambda: and_(*holds, column <= today() + week)),
                "overdue": (_l("Overdue"), lambda: and_(*holds, column < today())),
                "today": (_l("Today"), lambda: and_(*holds, column == today())),
                "week": (_l("Within 7 days"), lambda: and_(*holds, column > today(), column <= today() + week)),
                "later": (_l("Later"), lambda: and_(*holds, column > today() + week)),
                "any": (_l("Whenever"), lambda: and_(*holds, column.is_not(None))),
            },
        )  # fmt: skip


class TownshipFilter(Filter):
    """A township under the reader."""

    def choices(self, values: Mapping[str, str]) -> Sequence[Choice]:
        found = places.townships(actor())
        return found if len(found) > 1 else ()


class VillageFilter(Filter):
    """A village of the chosen township, or of the reader's own."""

    def choices(self, values: Mapping[str, str]) -> Sequence[Choice]:
        who = actor()
        township = values.get("township", "")
        if not township and not in_township(who.division_code):
            return ()
        found = places.villages(who, township)
        return found if len(found) > 1 else ()


class ExactFilter(Filter):
    """A short text that must fit exactly; never a long number, which has no place in an address."""

    kind = "text"

    def clean(self, text: str, values: Mapping[str, str]) -> str:
        term = text.strip()[:40]
        return "" if sum(sign.isdigit() for sign in term) > 6 else term

    def shown(self, value: str, values: Mapping[str, str]) -> str:
        return value


class DayFilter(Filter):
    """A day."""

    kind = "date"

    def clean(self, text: str, values: Mapping[str, str]) -> str:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return ""
        return day.isoformat() if 1900 <= day.year < 2200 else ""

    def clause(self, value: str) -> Any:
        return self.where(date.fromisoformat(value))

    def shown(self, value: str, values: Mapping[str, str]) -> str:
        return value


class FoundFilter(Filter):
    """Rows that a search has found: their numbers, never the term that was typed. No field in the bar, only a chip."""

    in_bar = False
    MOST = 50

    def clean(self, text: str, values: Mapping[str, str]) -> str:
        numbers = [parse_id(part) for part in text.split(".")[: self.MOST]]
        return ".".join(str(n) for n in numbers if n)

    def clause(self, value: str) -> Any:
        return self.where([int(part) for part in value.split(".")])

    def shown(self, value: str, values: Mapping[str, str]) -> str:
        return gettext("search result")


class NameFilter(Filter):
    """A name, part of one, or pinyin initials, as the search has understood it; no field, only a chip.

    ``bears`` is the condition for a row that was found otherwise.
    """

    in_bar = False

    def __init__(self, name: str, label: Any, where: Callable[[Any], Any], bears: Callable[[Any], Any]) -> None:
        super().__init__(name, label, where)
        self.bears = bears

    def looks(self, value: str) -> bool:
        """Two characters or three initials are borne by few; one may be the surname of a tenth of the county."""
        return names.common(value)

    def holds(self, value: str) -> Any:
        return self.bears(value)

    def clean(self, text: str, values: Mapping[str, str]) -> str:
        term = text.strip()[:20]
        return "" if any(sign.isdigit() for sign in term) else term

    def shown(self, value: str, values: Mapping[str, str]) -> str:
        return value
