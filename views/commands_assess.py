"""The command that answers other programs: facts in as JSON, findings out, from the shipped figures alone."""

import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext
from flask_babel import gettext

from policy.assess import assess as reckon
from policy.book import BadFigure, Book, MissingFigure
from policy.facts_json import BadFacts, read_family
from policy.family import Family
from policy.figures import Figures

Say = Callable[[str], str]
"""How a message is said: in the reader's language, or as it is."""


class CannotAssess(click.ClickException):
    """Facts that cannot be answered: one line that names the path, for programs, then the reader's words; exit 2."""

    exit_code = 2

    def __init__(self, path: str, say: Callable[[Say], str]) -> None:
        plain, said = say(str), say(gettext)
        lead = f"{path}: " if path else ""
        super().__init__(lead + plain + ("" if said == plain else f"\n{said}"))

    def show(self, file: Any = None) -> None:
        """Write the message alone, without the word Error before it."""
        click.echo(self.message, file=file or sys.stderr)


@click.command(help="Calculate facts from a JSON file (- for standard input); an array of facts gives an array.")
@click.argument("file", type=click.File("rb"))
@with_appcontext
def assess(file: BinaryIO) -> None:
    """Print the finding, or every finding if all facts can be read; the database is neither read nor written."""
    told = _parse(file.read())
    if isinstance(told, list):
        families = [_read(one, f"[{index}]") for index, one in enumerate(told)]
        _print(_answers(families, "[{}]"))
    else:
        _print(next(iter(_answers([_read(told, "")], ""))))


def _parse(given: bytes) -> object:
    try:
        return json.loads(given.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise CannotAssess("", lambda say: say("The file is not UTF-8.")) from None
    except (ValueError, RecursionError) as error:
        why = str(error)
        raise CannotAssess("", lambda say: say("The file is not JSON: %(why)s") % {"why": why}) from None


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """An object in which no key stands twice: which of two would count is for nobody to guess."""
    told: dict[str, object] = {}
    for key, value in pairs:
        if key in told:
            raise CannotAssess("", partial(_twice, key))
        told[key] = value
    return told


def _twice(key: str, say: Say) -> str:
    return say("The key “%(key)s” stands twice in one object.") % {"key": key}


def _read(told: object, path: str) -> Family:
    try:
        return read_family(told, path)
    except BadFacts as error:
        raise CannotAssess(error.path, partial(_words, error)) from None


def _words(error: BadFacts | MissingFigure, say: Say) -> str:
    """Why facts are refused; of a trial value, why the figure is."""
    inner = error.__cause__
    cause = inner if isinstance(inner, BadFigure) else error
    return say(cause.message) % cause.args_by_name


def _answers(families: Iterable[Family], path: str) -> list[dict[str, object]]:
    figures = Figures.shipped()
    books: dict[tuple[str, date], Book] = {}
    answers = []
    for index, family in enumerate(families):
        book = None
        if not family.figures:
            book = books.setdefault((family.place, family.on), Book.open(figures, family.place, family.on))
        try:
            answers.append(reckon(family, figures, book).as_json())
        except MissingFigure as error:
            where = path.format(index)
            key = f"{where}.figures.{error.key}" if where else f"figures.{error.key}"
            raise CannotAssess(key, partial(_words, error)) from None
    return answers


def _print(answer: object) -> None:
    """JSON in UTF-8 whatever the terminal is set to."""
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8"))
