"""The worked examples kept as data: reading them, and telling where a finding differs from what one expects."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

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


def _differs(key: str, want: object, found: dict) -> list[str]:
    """``reasons`` is every code there is; ``reasons_with`` and ``advice`` those among them, ``advice_not`` not."""
    got = found.get(key.removesuffix("_not").removesuffix("_with"))
    if key == "reasons":
        return _unlike(key, sorted(want), sorted(row["code"] for row in got))
    if key == "advice_not":
        return [f"{key}: {code} is there" for code in want if code in [row["code"] for row in got]]
    if key == "dates_not":
        return [f"{key}: {day} is there" for day in want if day in [row["on"] for row in got]]
    if key in ("advice", "reasons_with"):
        return [f"{key}: no {code}" for code in want if code not in [row["code"] for row in got]]
    if key == "members":
        return [f"members.{ref}.{line}" for ref, row in want.items() for line in _part(row, _one(got, ref))]
    if key == "parts":
        return _parts(want, got)
    if key == "obligors":
        return [
            f"obligors[{n}].{line}"
            for n, (row, one) in enumerate(zip_longest(want, got, fillvalue={}))
            for line in _part(row, one)
        ]
    if key in ("income", "property", "dates"):
        return [f"{key}: no row {row} in {_short(got)}" for row in want if not any(not _part(row, one) for one in got)]
    if key == "lines":
        told = "\n".join(
            f"{row['label']} {row['formula']} {row['value']} {row['clause']} {row['figure']}" for row in got
        )
        return [f"lines: nothing says “{text}” in:\n{told}" for text in want if text not in told]
    if key == "lines_not":
        return [f"{key}: {text} is there" for text in want if any(text in row["label"] for row in got)]
    if key == "texts":
        told = "\n".join(row["text"] for row in found["reasons"] + found["advice"])
        return [f"texts: nothing says “{text}” in:\n{told}" for text in want if text not in told]
    if key == "clauses":
        cited = {
            row["clause"]
            for rows in ("lines", "income", "reasons", "property", "members", "obligors")
            for row in found[rows]
        }
        return [f"clauses: {text} in none of {sorted(cited)}" for text in want if not any(text in c for c in cited)]
    if key == "figures_used":
        return [f"figures_used: no {name}" for name in want if name not in got]
    if isinstance(want, dict):
        return [f"{key}.{line}" for line in _part(want, got or {})]
    return _unlike(key, want, got)


def _unlike(key: str, want: object, got: object) -> list[str]:
    """No row for what is not there can be written in TOML: "" stands for nothing."""
    same = want == got or (want == "" and got is None)
    return [] if same else [f"{key}: expected {want!r}, found {got!r}"]


def _part(want: dict, got: dict) -> list[str]:
    return [line for key, value in want.items() for line in _unlike(key, value, got.get(key))]


def _one(rows: list[dict], ref: str) -> dict:
    return next((row for row in rows if row.get("ref") == ref), {})


def _parts(want: list[dict], got: list[dict]) -> list[str]:
    def order(part: dict) -> tuple:
        return part["kind"], part.get("ref", ""), part["amount"]

    return _unlike("parts", sorted(want, key=order), sorted(got, key=order))


def _short(rows: list[dict]) -> list[dict]:
    return [{key: value for key, value in row.items() if key not in ("why", "clause")} for row in rows]
