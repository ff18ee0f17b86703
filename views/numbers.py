"""Whole numbers as our own forms and addresses send them: versions, counts, pages."""

import re

_PLAIN = re.compile(r"[0-9]{1,9}")


def whole(text: str) -> int | None:
    """A whole number of at most nine plain digits; None for anything else, which no page of ours sends."""
    return int(text) if _PLAIN.fullmatch(text) else None
