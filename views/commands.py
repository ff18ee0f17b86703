"""Commands of the one who installs and keeps Doudi: begin a county, migrate, back up, restore, tick."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext, ngettext
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from models import schema
from models.base import reading
from models.patience import patient
from views import command_words
from views.audit_head import note_head
from views.context import figures, instance, now
from views.db import db
from views.formats import label
from workflows.reason import Refused


def verb(function: Callable[..., None]) -> Callable[..., None]:
    """Run a command with the app at hand, leave to write and time to wait for what others hold.

    A refusal is its sentences and exit code 1.
    """

    @wraps(function)
    @with_appcontext
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            with reading(False), patient():
                function(*args, **kwargs)
        except (Refused, schema.UnknownRevision, DBAPIError) as error:
            unready = _unready() if isinstance(error, DBAPIError) else ""
            raise click.ClickException(unready or "\n".join(command_words.sentences(error))) from error

    return run


def _unready() -> str:
    """What to do first where the database has no county yet, or the schema of an older program; empty for others."""
    try:
        if not schema.holds_data(db.engine):
            return gettext("There is no county here yet. Begin one with: flask --app app init (to try one: demo)")
        if not schema.is_current(db.engine):
            return gettext("The database is of an older version. Bring it up to date with: flask --app app migrate")
    except OperationalError:  # the database itself cannot be reached
        return ""
    return ""


@click.command(help="Begin a county: its divisions, and two people to make the other accounts.")
@click.option("--code", help="Division code of the county, 6 digits.")
@click.option("--name", help="Name of the county.")
@click.option("--province", default="", help="Name of the province.")
@click.option("--city", default="", help="Name of the city or prefecture.")
@click.option("--division-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="CSV of townships and villages: code, name.")  # fmt: skip
@verb
def init(code: str | None, name: str | None, province: str, city: str, division_file: Path | None) -> None:
    from workflows import setup

    setup.bring_up(db.engine, instance().backups, now())
    code = code or click.prompt(gettext("Division code of the county (6 digits)"))
    if not name:
        province = province or click.prompt(gettext("Name of the province"), default="")
        city = city or click.prompt(gettext("Name of the city or prefecture"), default="")
        name = click.prompt(gettext("Name of the county"))
    below = setup.read_places(division_file.read_bytes()) if division_file else []
    with Session(db.engine) as session:
        above = (setup.Place(code[:2], province), setup.Place(code[:4], city))
        setup.begin(session, above, setup.Place(code, name), below, now())
        people = setup.first_people(session, code, now())
        session.commit()
    click.echo(ngettext("County begun with %(num)s division.", "County begun with %(num)s divisions.", len(below)))
    click.echo(gettext("Passwords for one use. They are shown only now and must be changed at the first login:"))
    for person in people:
        click.echo(f"  {label(person.role)}  {person.login}  {person.password}")


@click.command(help="Bring the database up to date, after a backup.")
@click.option("--without-backup", is_flag=True, help="You have made a backup yourself.")
@verb
def migrate(without_backup: bool) -> None:
    from workflows import setup

    kept = setup.bring_up(db.engine, instance().backups, now(), with_backup=not without_backup)
    if kept:
        click.echo(gettext("Backup: %(file)s", file=kept))
    click.echo(gettext("The database has schema %(revision)s.", revision=schema.revision(db.engine)))


@click.command(help="Write a checked copy of the database into the instance folder.")
@verb
def backup() -> None:
    from workflows.backup import back_up

    click.echo(gettext("Backup: %(file)s", file=back_up(db.engine, instance().backups, now())))
    click.echo(gettext("Keep a copy elsewhere, and apart from it one of %(file)s.", file=instance().secrets_file))


@click.command(help="Put a backup in the place of the database; the present one is kept.")
@click.argument("file", type=click.Path(path_type=Path))
@verb
def restore(file: Path) -> None:
    from workflows import backup as backups

    kept = backups.restore(db.engine, file, instance().backups, now())
    click.echo(gettext("Restored from %(file)s; every login was ended.", file=file))
    click.echo(gettext("The data from before: %(file)s", file=kept))


@click.command(help="Work through what time alone does: notices, grace periods and debts that end.")
@verb
def tick() -> None:
    from workflows import tick as time

    with Session(db.engine) as session:
        done = time.tick(session, now(), figures())
        note_head(session)
    for action, count in done.items():
        click.echo(f"{label(action)}: {count}")
    click.echo(gettext("Worked through up to %(now)s.", now=now()))


@click.command(help="Write a new migration from what the models have and an up-to-date database has not.")
@click.argument("message")
@verb
def revision(message: str) -> None:
    if not current_app.debug:
        raise click.ClickException(gettext("This is for developers: flask --debug --app app revision MESSAGE"))
    schema.revise(db.engine, message)
