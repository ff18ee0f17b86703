"""People whom a lot of a roster brings with families that the roster itself founds, by columns.

Nothing of them stands here and nothing speaks against their rows; every other row is judged by itself. What they bring
stays in columns until it is written into our tables: most columns of a roster say the same in each row.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from models.lots import Column, Columns, Told
from policy.vocabulary import Relation
from workflows.exchange.rows import MemberRow, Problem
from workflows.exchange.wanted import Flat, by_field, cases_of, founded_of, wanted_of

encode = json.JSONEncoder(ensure_ascii=False).encode


class Newcomers:
    """Some rows of people, with the villages of their families; ``sizes`` are the people of a family by its head."""

    def __init__(self, rows: Sequence[MemberRow], villages: Sequence[str], sizes: Mapping[str, int]) -> None:
        self.rows, self.villages = rows, villages
        self.heads = [row for row in rows if row.relation is Relation.HEAD]
        self.founding, self.said = by_field(self.heads), by_field(rows)
        self.cases = cases_of(self.founding, [sizes[head] for head in self.founding["head_id_no"]])
        self.wanted = wanted_of(self.said)
        self.found: dict[int, list[Problem]] = {}
        """What is to be looked at, by row number."""

    def __len__(self) -> int:
        return len(self.rows)

    def lots(self, size: int) -> Iterator[Told]:
        """What they bring, so many rows together."""
        people, homes = _said(self.wanted), _said(founded_of(self.founding))
        cases = self.cases if any(self.cases["amount_fen"]) else {}
        ids, last = self.said["head_id_no"], 0
        places = [at for at, relation in enumerate(self.said["relation"]) if relation is Relation.HEAD]
        for start in range(0, len(self), size):
            first, last, end = last, bisect_left(places, start + size), start + size
            heads = [at - start for at in places[first:last]]
            some, founded = _part(people, start, end), _part(homes, first, last)
            yield Told(ids[start:end], some, heads, founded, _part(cases, first, last))

    def contents(self) -> Iterator[Flat]:
        """What each row brings, as it is read from a lot."""
        for told in self.lots(max(len(self), 1)):
            yield from json.loads(encode(told.rows()))


def _said(told: Columns) -> dict[str, Column]:
    """Without what nobody says; what a row does not say is None."""
    plain = {name: column if all(column) else _or_none(column) for name, column in told.items()}
    return {name: column for name, column in plain.items() if column.count(None) < len(column)}


def _or_none(column: Column) -> Column:
    if column.count(column[0]) == len(column):
        return column if column[0] != "" else (None,) * len(column)
    return [value if value != "" else None for value in column]


def _part(columns: Columns, first: int, last: int) -> dict[str, Column]:
    return {name: column[first:last] for name, column in columns.items()} if first < last else {}
