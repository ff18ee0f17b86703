"""What a page says in its own words: its texts without what is data, without what is marked as another language."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Base
from models.base import Coded
from models.sealing import Sealed

CHINESE = re.compile(r"[\u3400-\u9fff]+")
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-label", "data-confirm", "data-words", "content")
VOID = frozenset({"input", "br", "hr", "img", "link", "meta", "col", "wbr", "source"})
MUTE = frozenset({"script", "style"})


class Said(HTMLParser):
    """The texts of a page and of its attributes that are read out, as far as they claim to be in ``language``."""

    def __init__(self, page: str, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(page)

    @property
    def spoken(self) -> str:
        """The language of what is being read; nothing where nothing is read out."""
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        language = "" if tag in MUTE else told.get("lang") or self.spoken
        if language == self.language and tag != "meta":
            self.texts += [told[name] or "" for name in SPOKEN if told.get(name)]
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.spoken == self.language and data.strip() and self.open[-1][0] != "textarea":
            self.texts.append(" ".join(data.split()))


def data_of(session: Session) -> list[str]:
    """Every text with Chinese in it that people or the law put into the database, longest first."""
    found: set[str] = set()
    for mapper in Base.registry.mappers:
        for row in session.scalars(select(mapper.class_)):
            for value in _values(row, mapper):
                found.update(piece for text in _texts(value) for piece in _pieces(text))
    return sorted(found, key=len, reverse=True)


def _values(row: Any, mapper: Any) -> Iterator[Any]:
    for column in mapper.column_attrs:
        if not isinstance(column.columns[0].type, Coded):
            yield getattr(row, column.key)
    for name, kind in vars(mapper.class_).items():
        if isinstance(kind, Sealed) and name in ("content", "before", "payload", "detail"):
            yield getattr(row, name)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
        yield from (key for key in value if isinstance(key, str))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _pieces(text: str) -> Iterable[str]:
    return CHINESE.findall(text)


def without(text: str, data: Iterable[str]) -> str:
    """A text without what is data."""
    for piece in data:
        if piece in text:
            text = text.replace(piece, "")
    return text
