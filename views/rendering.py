"""Parts of Jinja that our pages do not need are left out: a page makes hundreds of calls, and each gets quicker."""

from collections.abc import Callable, Hashable, Mapping
from secrets import token_hex
from types import FunctionType, MethodType
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from views.i18n import translated

PLAIN = frozenset({FunctionType, MethodType})
MOST_PIECES = 2_000
UNSEEN = ("_block_vars", "_loop_vars")
GAP, TOKEN = token_hex(), "token"
"""Marks the place of a gap in a kept piece; it is random, so that nobody can write it into a page."""
NONE: Mapping[str, str] = {}


class QuickContext(Context):
    """Calls functions, methods and macros directly; Jinja asks four times of each whether it wants the context."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What the callable gives."""
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind not in PLAIN or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **kwargs)
        for name in UNSEEN:
            kwargs.pop(name, None)
        return called(*args, **kwargs)


class QuickTemplate(Template):
    """A template imported without context becomes a module once; its globals are the application's, always the same."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


def word(text: str, /, **values: Any) -> Markup:
    """A message in the language of the page, with values; what templates call ``_``. Every template of ours is HTML."""
    said = Markup(translated(text))
    return said % values if values or "%" in said else said


def macros(name: str) -> Any:
    """The macros of a template, to be called from Python."""
    return current_app.jinja_env.get_template(name).module


class Once:
    """Pieces of pages that are rendered once and shown again wherever they would look the same.

    The key must hold everything that a piece shows. What it shows of the county is read anew for each answer, so an
    older state cannot come back. Language and address are part of each key; the token of forms is filled in for each
    answer. A piece may have gaps for other pieces, filled each time: ``write`` gets a gap for each of their names.
    """

    def __init__(self) -> None:
        self.where = str(get_locale()), request.script_root
        self.token = _token()
        self.kept: dict[Any, list[str]] = current_app.extensions.setdefault("doudi_pieces", {})

    def __call__(self, write: Callable[..., Any], *key: Hashable, **pieces: str) -> Markup:
        """The piece that ``write`` makes for this key, with its gaps filled."""
        found = self.again(self.kept, write, (*self.where, *key), pieces)
        return found if type(found) is Markup else Markup(found)

    def again(
        self, kept: dict[Any, list[str]], write: Callable[..., Any], key: Hashable, pieces: Mapping[str, str] = NONE
    ) -> str:
        """The same, kept in a mapping of the caller's, which decides how long it is kept."""
        parts = kept.get(key)
        if parts is None:
            if len(kept) >= MOST_PIECES:
                kept.clear()
            written = str(write(**{name: _gap(name) for name in pieces}))
            parts = written.replace(self.token, _gap(TOKEN)).split(GAP)
            kept[key] = parts = parts if len(parts) > 1 else [Markup(written)]
        if len(parts) == 1:
            return parts[0]
        filled = parts.copy()
        filled[1::2] = [self.token if name == TOKEN else pieces[name] for name in parts[1::2]]
        return "".join(filled)


def _token() -> str:
    """The token of this session's forms; it is signed once in a session."""
    if "csrf_token" not in g:
        raw, kept = session.get("csrf_token"), current_app.extensions.setdefault("doudi_tokens", {})
        if raw in kept:
            g.csrf_token = kept[raw]
        else:
            if len(kept) >= MOST_PIECES:
                kept.clear()
            signed = generate_csrf()
            kept[session["csrf_token"]] = signed
    return str(g.csrf_token)


def _gap(name: str) -> Markup:
    return Markup(f"{GAP}{name}{GAP}")


def init_rendering(app: Flask) -> None:
    """Let the application use the classes above."""
    env = app.jinja_env
    env.context_class, env.template_class = QuickContext, QuickTemplate
    env.globals["_"] = word
