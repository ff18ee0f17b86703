"""Reasons kept as JSON and read back the same: what a refusal said yesterday can be said today in any language."""

from datetime import date
from typing import Any

from policy import vocabulary
from policy.vocabulary import Word
from workflows.reason import Reason


def keep(reason: Reason) -> dict[str, Any]:
    """A reason as JSON."""
    return {"code": reason.code, "args": {name: _kept(value) for name, value in reason.args.items()}}


def read(kept: dict[str, Any]) -> Reason:
    """The reason that was kept."""
    code, args = kept["code"], kept["args"]
    return Reason(code, **{name: _read(value) for name, value in args.items()})


def _kept(value: Any) -> Any:
    if isinstance(value, Word):
        return {"word": type(value).__name__, "value": value.value}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, (tuple, list)):
        return {"all": [_kept(item) for item in value]}
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "word" in value:
        return getattr(vocabulary, value["word"])(value["value"])
    return date.fromisoformat(value["day"]) if "day" in value else tuple(_read(item) for item in value["all"])
