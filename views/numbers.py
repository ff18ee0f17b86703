"""Whole numbers, days and JSON as our own forms and addresses send them: versions, counts, pages, what was opened."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.reason import Reason, Refused

_PLAIN = re.compile(r"[0-9]{1,9}")


def whole(text: str) -> int | None:
    """A whole number of at most nine plain digits; None for anything else, which no page of ours sends."""
    return int(text) if _PLAIN.fullmatch(text) else None


def version_in(form: Mapping[str, str]) -> int:
    """The version of the record that a form shows; raises Refused where it names none, so nothing is done unseen."""
    version = whole(form.get("row_version", ""))
    if version is None:
        raise Refused([Reason("version_missing")])
    return version


def day_of(text: str) -> date | None:
    """A day as a date field sends it; None for none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def json_in(text: str | bytes) -> Any:
    """What a hidden field or a file holds as JSON; None for none, too deep a one, or text that no page can show."""
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found
