"""The command that imports a roster, with the same workflow, checks and scope as the page."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ImportBatch, ImportRow, User
from views import command_words, import_step_words, import_words
from views.commands import verb
from views.context import figures, now
from views.db import db
from views.formats import yuan
from views.reasons import sentence
from workflows.actor import Actor
from workflows.exchange.reading import Unreadable
from workflows.reason import Reason, Refused

command_words.SENTENCES["no_such_importer"] = import_words.SENTENCES["no_such_importer"]


def register(app: Flask) -> None:
    """Add the command; what it needs is loaded when it runs."""
    app.cli.add_command(import_)
    import_step_words.add()


@click.command("import", help="Import a roster of families or members; exit code 0 only when no row was refused.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "login", required=True, metavar="USER", help="Whose role and division apply: a login name.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.option("--create-villages", is_flag=True, help="Create unknown villages (county users alone).")
@verb
def import_(file: Path, login: str, dry_run: bool, as_json: bool, create_villages: bool) -> None:
    """Read, stage and apply in one transaction."""
    from workflows.exchange.reading import read_sheet

    try:
        sheet = read_sheet(file, file.name)
        with Session(db.engine) as session:
            told = _run(session, sheet, file, _actor(session, login), dry_run, create_villages)
    except Unreadable as bad:
        _fail(as_json, [(bad.code, import_words.unreadable(bad))])
    except Refused as refused:
        _fail(as_json, [(reason.code, sentence(reason)) for reason in refused.reasons])
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _in_words(told))
    if told["refused"]:
        raise SystemExit(1)


def _fail(as_json: bool, errors: list[tuple[str, str]]) -> None:
    if as_json:
        told = {"errors": [{"code": code, "message": message} for code, message in errors]}
        click.echo(json.dumps(told, ensure_ascii=False))
        raise SystemExit(1)
    raise click.ClickException("\n".join(message for _, message in errors))


def _actor(session: Session, login: str) -> Actor:
    user = session.scalars(select(User).where(User.login == login)).first()
    if user is None or not user.active or user.role is None:
        raise Refused([Reason("no_such_importer", login=login)])
    return Actor(user.id, user.name, user.role, user.division_code, "cli")


def _run(session: Session, sheet: Any, file: Path, actor: Actor, dry_run: bool, create: bool) -> dict[str, Any]:
    from workflows.exchange.apply import apply_batch
    from workflows.exchange.staging import stage

    digest = sha256(file.read_bytes()).hexdigest()
    batch = stage(session, sheet, actor, now(), file_name=file.name, sha256=digest, create_villages=create)
    told = _told(session, batch)
    if dry_run:
        session.rollback()
        return told
    told["batch"] = batch.id
    apply_batch(session, batch.id, actor, now(), figures())
    session.commit()
    return told


def _told(session: Session, batch: ImportBatch) -> dict[str, Any]:
    """What the batch would do, and every problem with the row number that the spreadsheet shows."""
    query = select(ImportRow.row_no, ImportRow.problems).where(ImportRow.batch_id == batch.id)
    found: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for number, problems in session.execute(query.order_by(ImportRow.row_no)):
        for one in problems:
            said = {"row": number, "column": one["column"], "code": one["code"], "message": import_words.message(one)}
            found[one["warning"]].append(said)
    tables = batch.counts["tables"]
    return {
        "layout": batch.layout, "charset": batch.charset, "households": tables["household"],
        "members": tables["member"], "cases": batch.counts["cases"], "monthly_fen": batch.counts["monthly_fen"],
        "warned": found[True], "refused": found[False],
    }  # fmt: skip


def _in_words(told: dict[str, Any]) -> str:
    families, people = (gettext("new %(new)s, changed %(changed)s, unchanged %(unchanged)s", **told[name])
                        for name in ("households", "members"))  # fmt: skip
    lines = [gettext("Families: %(counts)s", counts=families), gettext("People: %(counts)s", counts=people)]
    amount = yuan(told["monthly_fen"])
    lines.append(gettext("Cases taken over: %(count)s, %(amount)s yuan a month", count=told["cases"], amount=amount))
    for name, title in (("warned", gettext("Look at")), ("refused", gettext("Refused"))):
        for one in told[name]:
            said = {"title": title, "row": one["row"], "message": one["message"]}
            lines.append(gettext("%(title)s, row %(row)s: %(message)s", **said))
    if "batch" in told:
        lines.append(gettext("Imported as number %(batch)s.", batch=told["batch"]))
    else:
        lines.append(gettext("Nothing was written: this was a trial."))
    return "\n".join(lines)
