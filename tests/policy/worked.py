"""The worked examples kept as data: reading them, and telling where a finding differs from what one expects."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "examples"
KNOWN = {"id", "say", "clauses", "base", "facts", "expect"}


@dataclass(frozen=True)
class Example:
    """One sentence a policy officer can read, the clauses it shows, the facts, and part of the finding."""

    name: str
    say: str
    clauses: tuple[str, ...]
    facts: dict
    expect: dict
    file: str


def merged(base: dict, own: dict) -> dict:
    """``own`` laid over ``base``: tables are merged, lists and values replaced."""
    both = {key: merged(base[key], own[key]) for key in base.keys() & own.keys() if isinstance(base[key], dict)}
    return {**base, **own, **both}


def read(path: Path) -> list[Example]:
    """The examples of one file; ``base`` names a family told once and varied."""
    page = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = []
    for row in page["example"]:
        assert set(row) <= KNOWN, f"{path.name}: {row['id']}: {set(row) - KNOWN}"
        facts = merged(page["base"][row["base"]], row.get("facts", {})) if "base" in row else row["facts"]
        rows.append(Example(row["id"], row["say"], tuple(row["clauses"]), facts, row["expect"], path.name))
    return rows


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """Every example of every file."""
    return tuple(one for path in sorted(FOLDER.glob("*.toml")) for one in read(path))


def differences(expect: dict, found: dict) -> list[str]:
    """What of the expected does not stand in a finding: one sentence each."""
    return [line for key, want in expect.items() for line in _differs(key, want, found)]


def _differs(key: str, want: Any, found: dict) -> list[str]:
    """``reasons`` is every code there is; ``reasons_with`` and ``advice`` those among them, ``advice_not`` not."""
    if key in _TOLD:
        return [f"{key}: {line}" for line in _TOLD[key](want, found)]
    got = found.get(key)
    if isinstance(want, dict):
        return [f"{key}.{line}" for line in _part(want, got or {})]
    return _unlike(key, want, got)


def _lacking(want: list[str], got: Iterable[str]) -> list[str]:
    there = list(got)
    return [f"no {one}" for one in want if one not in there]


def _standing(want: list, got: Iterable[object]) -> list[str]:
    there = list(got)
    return [f"{one} is there" for one in want if one in there]


def _codes(rows: list[dict]) -> list[str]:
    return [row["code"] for row in rows]


def _no_rows(want: list[dict], got: list[dict]) -> list[str]:
    return [f"no row {row} in {_short(got)}" for row in want if not any(not _part(row, one) for one in got)]


def _unsaid(want: list[str], told: Iterable[str]) -> list[str]:
    whole = "\n".join(told)
    return [f"nothing says “{text}” in:\n{whole}" for text in want if text not in whole]


def _in_full(row: dict) -> str:
    return f"{row['label']} {row['formula']} {row['value']} {row['clause']} {row['figure']}"


def _uncited(want: list[str], found: dict) -> list[str]:
    kinds = ("lines", "income", "reasons", "property", "members", "obligors")
    cited = {row["clause"] for kind in kinds for row in found[kind]}
    return [f"{text} in none of {sorted(cited)}" for text in want if not any(text in clause for clause in cited)]


def _members(want: dict, got: list[dict]) -> list[str]:
    return [f"{ref}.{line}" for ref, row in want.items() for line in _part(row, _one(got, ref))]


def _obligors(want: list[dict], got: list[dict]) -> list[str]:
    pairs = enumerate(zip_longest(want, got, fillvalue={}))
    return [f"[{n}].{line}" for n, (row, one) in pairs for line in _part(row, one)]


def _parts(want: list[dict], got: list[dict]) -> list[str]:
    def order(part: dict) -> tuple:
        return part["kind"], part.get("ref", ""), part["amount"]

    return _unlike("all", sorted(want, key=order), sorted(got, key=order))


_TOLD: dict[str, Callable[[Any, dict], list[str]]] = {
    "reasons": lambda want, found: _unlike("all", sorted(want), sorted(_codes(found["reasons"]))),
    "reasons_with": lambda want, found: _lacking(want, _codes(found["reasons"])),
    "advice": lambda want, found: _lacking(want, _codes(found["advice"])),
    "advice_not": lambda want, found: _standing(want, _codes(found["advice"])),
    "figures_used": lambda want, found: _lacking(want, found["figures_used"]),
    "income": lambda want, found: _no_rows(want, found["income"]),
    "property": lambda want, found: _no_rows(want, found["property"]),
    "dates": lambda want, found: _no_rows(want, found["dates"]),
    "dates_not": lambda want, found: _standing(want, [row["on"] for row in found["dates"]]),
    "members": lambda want, found: _members(want, found["members"]),
    "parts": lambda want, found: _parts(want, found["parts"]),
    "obligors": lambda want, found: _obligors(want, found["obligors"]),
    "lines": lambda want, found: _unsaid(want, map(_in_full, found["lines"])),
    "lines_not": lambda want, found: _standing(
        want, (text for text in want if any(text in row["label"] for row in found["lines"]))
    ),
    "texts": lambda want, found: _unsaid(want, (row["text"] for row in found["reasons"] + found["advice"])),
    "clauses": _uncited,
}
"""What is looked for otherwise than by its whole: for each key of an example, what of the expected is not there."""


def _unlike(key: str, want: object, got: object) -> list[str]:
    """No row for what is not there can be written in TOML: "" stands for nothing."""
    same = want == got or (want == "" and got is None)
    return [] if same else [f"{key}: expected {want!r}, found {got!r}"]


def _part(want: dict, got: dict) -> list[str]:
    return [line for key, value in want.items() for line in _unlike(key, value, got.get(key))]


def _one(rows: list[dict], ref: str) -> dict:
    return next((row for row in rows if row.get("ref") == ref), {})


def _short(rows: list[dict]) -> list[dict]:
    return [{key: value for key, value in row.items() if key not in ("why", "clause")} for row in rows]
