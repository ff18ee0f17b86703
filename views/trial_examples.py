"""Families to begin a trial calculation with: one file each, invented, told as each place's own rules tell it."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext

FOLDER = Path(__file__).parent / "trial_families"


@lru_cache
def _kept() -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def examples() -> list[tuple[str, str]]:
    """(name, title) of the families, by place."""
    return [(name, gettext(title)) for name, title in ((name, one["title"]) for name, one in _kept().items())]


def example(name: str) -> dict[str, Any] | None:
    """The facts of a family; None where there is none of that name."""
    kept = _kept().get(name)
    return dict(kept["facts"]) if kept else None
