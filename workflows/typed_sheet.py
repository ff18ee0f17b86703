"""A form as it was typed: plain texts, single ones, ticked ones, and rows by group. Its shape says which there are."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

Row = dict[str, str]
MOST_TICKED = 40
_NAME = re.compile(r"([a-z]+)-([0-9]{1,5})-([a-z_0-9]{1,30})")


@dataclass(frozen=True)
class Shape:
    """The fields of a form: single ones, those with several ticks, and by group those of a row."""

    one: tuple[str, ...]
    several: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    first: Mapping[str, Mapping[str, str]]
    """What a row of a group holds before anybody types into it."""
    leading: Mapping[str, set[str]]
    """What counts for nothing in a row: a row with nothing else is empty."""
    most_rows: Mapping[str, int]
    longest: int
    """Characters of a text; ``longer`` names fields that may have more."""
    longer: Mapping[str, int] = field(default_factory=dict)

    def cut(self, name: str, text: str) -> str:
        """A text without blanks around it, no longer than its field may be."""
        return text.strip()[: self.longer.get(name, self.longest)]

    def is_empty(self, group: str, row: Row) -> bool:
        """Whether nobody has typed anything into a row."""
        return not any(value for name, value in row.items() if name not in self.leading[group])


@dataclass
class TypedSheet(ABC):
    """What was typed: single fields, fields with several ticks, and rows by group, numbered from 0 without gaps."""

    shape: ClassVar[Shape]
    one: Row = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.one.get(name, "")

    @classmethod
    def posted(cls, fields: Iterable[tuple[str, str]]) -> Self:
        """The sheet of a posted form; unknown names are left out, gaps in the numbers of rows closed."""
        sheet, shape, found = cls(), cls.shape, dict[str, dict[int, Row]]()
        for name, value in fields:
            text = shape.cut(name, value)
            if name in shape.one:
                sheet.one[name] = text
            elif name in shape.several and len(sheet.ticked(name)) < MOST_TICKED:
                sheet.several.setdefault(name, []).append(text)
            elif (parts := _NAME.fullmatch(name)) and parts[3] in shape.groups.get(parts[1], ()):
                found.setdefault(parts[1], {}).setdefault(int(parts[2]), {})[parts[3]] = text
        for group, rows in found.items():
            sheet.rows[group] = [rows[number] for number in sorted(rows)][: shape.most_rows[group]]
        sheet.follow({f"n{number}": f"n{at}" for at, number in enumerate(sorted(found.get("members", {})))})
        return sheet

    def of(self, group: str) -> list[Row]:
        """The rows of a group."""
        return self.rows.setdefault(group, [])

    def ticked(self, name: str) -> list[str]:
        """What is ticked of several."""
        return self.several.get(name, [])

    def add_row(self, group: str) -> None:
        """One more row, unless there are as many as there may be."""
        if group in self.shape.groups and len(self.of(group)) < self.shape.most_rows[group]:
            self.of(group).append(dict(self.shape.first.get(group, {})))

    def remove_row(self, group: str, at: int) -> None:
        """Take a row out; lines of a person who is taken out lose their person."""
        if group in self.shape.groups and 0 <= at < len(self.of(group)):
            del self.of(group)[at]
            if group == "members":
                most = self.shape.most_rows[group]
                self.follow({f"n{old}": f"n{old - (old > at)}" for old in range(most) if old != at})

    @abstractmethod
    def follow(self, numbers: Mapping[str, str]) -> None:
        """Let whatever names a member ("n3": the row 3) follow members who were numbered anew."""
