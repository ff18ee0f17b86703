"""People whom a lot of a roster brings with families that the roster itself founds, by columns.

Nothing of them stands here and nothing speaks against their rows; every other row is judged by itself. What they bring
is put into JSON column by column: most columns of a roster say the same in each row.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

from policy.vocabulary import Relation
from workflows.exchange.rows import MemberRow, Problem
from workflows.exchange.wanted import Flat, Told, case_of, founded_by_heads, wanted_members

SINGULAR = frozenset({"name", "id_no", "birth"})
"""What is said of people that differs from row to row."""
encode = json.JSONEncoder(ensure_ascii=False).encode


class Newcomers:
    """Some rows of people, with the villages of their families; ``sizes`` are the people of a family by its head."""

    def __init__(self, rows: Sequence[MemberRow], villages: Sequence[str], sizes: Mapping[str, int]) -> None:
        self.rows, self.villages = rows, villages
        self.heads = [row for row in rows if row.relation is Relation.HEAD]
        self.cases = [case_of(row, sizes[row.head_id_no]) for row in self.heads]
        self.wanted = wanted_members(rows)
        self.found: dict[int, list[Problem]] = {}
        """What is to be looked at, by row number."""

    def __len__(self) -> int:
        return len(self.rows)

    def contents(self) -> Iterator[str]:
        """What each row brings, as JSON."""
        homes = zip(texts(founded_by_heads(self.heads)), self._case_texts(), strict=True)
        for row, told in zip(self.rows, texts(self.wanted), strict=True):
            more = ""
            if row.relation is Relation.HEAD:
                home, case = next(homes)
                more = f', "household": {home}{case}'
            yield f'{{"member": {told}, "head_id_no": {encode_basestring(row.head_id_no)}{more}}}'

    def _case_texts(self) -> Iterator[str]:
        known: dict[tuple[Any, ...], str] = {}
        for told in self.cases:
            key = tuple(told["case"].values()) if told else ()
            if key not in known:
                known[key] = f", {encode(told)[1:-1]}" if told else ""
            yield known[key]


def texts(told: Told) -> list[str]:
    """The JSON of what several rows want, without what they do not say."""
    parts: list[Iterator[str]] = []
    for name, column in told.items():
        lead = f", {encode_basestring(name)}: "
        if name in SINGULAR and all(column):
            parts.append(iter([lead + encode_basestring(value) for value in column]))
            continue
        said = {value: "" if value is None or value == "" else lead + _text(value) for value in set(column)}
        if len(said) > 1:
            parts.append(map(said.__getitem__, column))
        elif any(said.values()):
            parts.append(iter(list(said.values()) * len(column)))
    return [f"{{{text[2:]}}}" for text in map("".join, zip(*parts, strict=True))]


def _text(value: Any) -> str:
    return encode_basestring(value) if isinstance(value, str) else encode(value)


def as_flat(text: str) -> Flat:
    """What a row brings, from its JSON."""
    return dict(json.loads(text))
