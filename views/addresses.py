"""``url_for`` that builds each kind of address once: a list asks for one address in every row and column head."""

from collections.abc import Callable
from typing import Any

from flask import has_request_context
from flask.globals import request_ctx
from werkzeug.routing import Rule

from views.late import LateFlask
from views.worded_templates import OfLanguages

MARK = 2_000_000_011
"""A row number that no row has: an address is built with it once, then only this number in it is replaced."""
MOST = 2_000
"""Addresses kept before all are dropped: some hold what people typed into filters, so their number has no end."""
WORDS = frozenset({str, int, type(None)})

Pattern = tuple[str, str]


class LateRule(Rule):
    """A rule whose address builder is compiled when it is first used: compiling two hundred takes long at the start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []
        learn = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(learn(append_unknown))
            return made[0](rule, **values)

        return build


class Panel(LateFlask):
    """Flask, whose ``url_for`` keeps what the map has built and whose templates hold their words."""

    url_rule_class = LateRule
    jinja_environment = OfLanguages

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patterns: dict[tuple[Any, ...], Pattern] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function unchanged: no view of ours is a coroutine, and Flask would check that fifteen times a page."""
        return func

    def url_for(
        self, /, endpoint: str, *, _anchor: str | None = None, _method: str | None = None,
        _scheme: str | None = None, _external: bool | None = None, **values: Any,
    ) -> str:  # fmt: skip
        """The address of a page as Flask builds it, kept when it has at most a row number (``id``) and some words."""
        special = _anchor or _method or _scheme or _external is not None or endpoint[:1] == "."
        if special or not WORDS.issuperset(map(type, values.values())) or not has_request_context():
            how: Any = {"_anchor": _anchor, "_method": _method, "_scheme": _scheme, "_external": _external}
            return super().url_for(endpoint, **how, **values)
        row = values.get("id")
        numbered = type(row) is int and row > 0
        words = {**values, "id": MARK} if numbered else values
        adapter: Any = request_ctx.url_adapter
        key = (adapter.script_name, adapter.default_method, endpoint, *words.items())
        before, after = self._patterns.get(key) or self._built(key, super().url_for(endpoint, **words), numbered)
        return f"{before}{row}{after}" if numbered else before

    def _built(self, key: tuple[Any, ...], address: str, numbered: bool) -> Pattern:
        before, _, after = address.partition(str(MARK)) if numbered else (address, "", "")
        if len(self._patterns) >= MOST:
            self._patterns.clear()
        self._patterns[key] = before, after
        return before, after
