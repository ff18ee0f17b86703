"""What new rows of a staged sheet say, some hundreds of them together: JSON by columns, packed and sealed.

A column that says the same in each row is kept as that alone; what families say goes by the rows of their heads.
"""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from models.sealing import new_row_key, seal_bytes, unseal_bytes

WHERE = "import_lot.content"
Column = Sequence[Any]
Columns = Mapping[str, Column]
"""Values of several rows by our names; None where a row says nothing, and no column where none says anything."""
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Told(NamedTuple):
    """What rows say: of whose family each is, of people by row, of families and cases by the places of their heads."""

    head_ids: Column
    people: Columns
    heads: Sequence[int]
    homes: Columns
    cases: Columns

    def rows(self) -> list[dict[str, Any]]:
        """The same row by row, without what a row does not say."""
        found: list[dict[str, Any]] = [
            {"member": person, "head_id_no": head}
            for person, head in zip(_each(self.people, len(self.head_ids)), self.head_ids, strict=True)
        ]
        for place, home in zip(self.heads, _each(self.homes, len(self.heads)), strict=True):
            found[place]["household"] = home
        for place, case in self.each_case():
            found[self.heads[place]]["case"] = case
        return found

    def each_case(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The cases, each with the place of its family among families."""
        for place, case in enumerate(zip(*self.cases.values(), strict=True)):
            if any(case):
                yield place, dict(zip(self.cases, case, strict=True))

    def only(self, places: Sequence[int]) -> "Told":
        """What the rows in these places say, which are in order."""
        if len(places) == len(self.head_ids):
            return self
        at = {place: new for new, place in enumerate(places)}
        kept = [n for n, place in enumerate(self.heads) if place in at]
        people, homes, cases = _picked(self.people, places), _picked(self.homes, kept), _picked(self.cases, kept)
        heads = [at[self.heads[n]] for n in kept]
        return Told([self.head_ids[place] for place in places], people, heads, homes, cases)


def joined(parts: Sequence[Told]) -> Told:
    """What the rows of several lots say, one after the other."""
    if len(parts) == 1:
        return parts[0]
    heads: list[int] = []
    start = 0
    for part in parts:
        heads += [start + place for place in part.heads]
        start += len(part.head_ids)
    ids = list(chain.from_iterable(part.head_ids for part in parts))
    people = _one_by_one([(part.people, len(part.head_ids)) for part in parts])
    homes = _one_by_one([(part.homes, len(part.heads)) for part in parts])
    return Told(ids, people, heads, homes, _one_by_one([(part.cases, len(part.heads)) for part in parts]))


def _one_by_one(parts: Sequence[tuple[Columns, int]]) -> dict[str, Column]:
    def whole(name: str) -> Column:
        return list(chain.from_iterable(columns.get(name) or (None,) * count for columns, count in parts))

    return {name: whole(name) for name in dict.fromkeys(name for columns, _ in parts for name in columns)}


def _picked(columns: Columns, places: Sequence[int]) -> dict[str, Column]:
    return {name: [column[place] for place in places] for name, column in columns.items()}


def _each(columns: Columns, count: int) -> list[dict[str, Any]]:
    if not columns:
        return [{} for _ in range(count)]
    rows = zip(*columns.values(), strict=True)
    return [{name: value for name, value in zip(columns, row, strict=True) if value is not None} for row in rows]


def sealed_lot(batch_id: int, number: int, told: Told) -> tuple[int, int, str, bytes]:
    """The columns of a lot: batch, number, row key, and what its rows say, packed and sealed."""
    key = new_row_key()
    kept = {
        "rows": len(told.head_ids), "head_ids": told.head_ids, "heads": told.heads,
        "people": _short(told.people), "homes": _short(told.homes), "cases": _short(told.cases),
    }  # fmt: skip
    return batch_id, number, key, seal_bytes(WHERE, key, zlib.compress(_encode(kept).encode(), 1))


def opened_told(lot: Any) -> Told:
    """What the rows of a lot say by columns; of any row with a key and a sealed content."""
    kept = json.loads(zlib.decompress(unseal_bytes(WHERE, lot.row_key, lot.content_sealed)))
    if isinstance(kept, list):
        return _of_rows(kept)
    count, heads = kept["rows"], kept["heads"]
    homes, cases = (_long(kept[name], len(heads)) for name in ("homes", "cases"))
    return Told(kept["head_ids"], _long(kept["people"], count), heads, homes, cases)


def opened_lot(lot: Any) -> list[dict[str, Any]]:
    """What each row of a lot says."""
    return opened_told(lot).rows()


def _short(columns: Columns) -> dict[str, Any]:
    return {name: column[0] if column.count(column[0]) == len(column) else column for name, column in columns.items()}


def _long(kept: Mapping[str, Any], count: int) -> dict[str, Column]:
    return {name: told if isinstance(told, list) else [told] * count for name, told in kept.items()}


def _of_rows(rows: list[dict[str, Any]]) -> Told:
    """Of lots that were kept row by row, before they were kept by columns."""
    heads = [place for place, row in enumerate(rows) if "household" in row]
    people, homes = _by_name([row["member"] for row in rows]), _by_name([rows[at]["household"] for at in heads])
    cases = _by_name([rows[at].get("case", {}) for at in heads])
    return Told([row["head_id_no"] for row in rows], people, heads, homes, cases)


def _by_name(rows: list[dict[str, Any]]) -> dict[str, Column]:
    return {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}
