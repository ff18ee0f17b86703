"""Page families, commands and what templates borrow of them, loaded when somebody first asks for them.

A start needs to know which addresses there are, not what stands behind them: ``addresses.txt`` tells it, as
``python -m views.register`` prints it. A family joins with the first request for one of its addresses; then every route
it has must be in that table, or it is refused here. Endpoints, guard and menu are complete from the start.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

import click
from flask import Flask, request
from flask.cli import AppGroup
from flask.typing import ResponseReturnValue

TABLE = Path(__file__).with_name("addresses.txt")


class Address(NamedTuple):
    """One line of the table."""

    family: str
    endpoint: str
    methods: str
    rule: str


class AddressUnknown(LookupError):
    """A family that joins has a route that the table of addresses does not know."""


class LateFlask(Flask):
    """Flask whose page families join when one of their addresses is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._families: dict[str, str] = {}
        self._expected: set[tuple[str, str]] = set()
        self._joined: set[str] = set()
        self._one_joins, self._joining = RLock(), False
        super().__init__(*args, **kwargs)

    def expect(self, addresses: Iterable[Address]) -> None:
        """Put addresses on the map whose families are still to be loaded."""
        for family, endpoint, methods, rule in addresses:
            self.add_url_rule(rule, endpoint, methods=methods.split(","))
            self._families[endpoint] = family
            self._expected.add((endpoint, rule))

    def join(self, family: str) -> None:
        """Load a page family and register it, once; raises AddressUnknown when the table does not know its routes."""
        with self._one_joins:
            if family in self._joined:
                return
            self._joining = True
            try:
                import_module(f"views.{family}").register(self)
                self._joined.add(family)
            finally:
                self._joining = False

    def join_all(self) -> None:
        """Load every family that is still to come."""
        for family in dict.fromkeys(self._families.values()):
            self.join(family)

    def need(self, endpoint: str | None) -> None:
        """Let the family of a route join, if it is still to come."""
        family = self._families.get(endpoint or "")
        if family is not None and family not in self._joined:
            self.join(family)

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Let the family of the address join before anything of it is asked, then do as Flask does."""
        self.need(request.endpoint)
        return super().preprocess_request()

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Callable[..., Any] | None = None, *args: Any,
        **options: Any,
    ) -> None:  # fmt: skip
        """As Flask does; a family that joins only says what stands behind the addresses on the map."""
        if not self._joining:
            super().add_url_rule(rule, endpoint, view_func, *args, **options)
        elif endpoint is None or view_func is None or (endpoint, rule) not in self._expected:
            raise AddressUnknown(f"{rule} ({endpoint}): run python -m views.register > views/{TABLE.name}")
        else:
            self.view_functions[endpoint] = view_func

    def iter_blueprints(self) -> Any:
        """All that have joined; another may while they are looked through."""
        return list(self.blueprints.values())

    def _check_setup_finished(self, f_name: str) -> None:
        """Let a family be set up after the first request.

        Flask forbids it, because a part might be missing for the requests before; a family is asked for only when it is
        whole.
        """
        if not self._joining:
            super()._check_setup_finished(f_name)


class LateCommands(AppGroup):
    """Commands by name, each loaded when it is called or when the help lists them."""

    def __init__(self, commands: Mapping[str, str]) -> None:
        super().__init__()
        self.late = commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(ctx), *self.late})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in self.late:
            return super().get_command(ctx, cmd_name)
        command: click.Command = found(self.late[cmd_name])
        return command


@cache
def found(where: str) -> Any:
    """What stands at ``module.name``."""
    module, _, name = where.rpartition(".")
    return getattr(import_module(module), name)


def borrowed(where: str) -> Callable[..., Any]:
    """A function for templates, loaded when it is first called."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return found(where)(*args, **kwargs)

    return call


def table() -> list[Address]:
    """The addresses of all page families."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [Address(*line.split(maxsplit=3)) for line in lines]
