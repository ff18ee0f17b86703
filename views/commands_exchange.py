"""The command that imports a roster, with the same workflow, checks and scope as the page."""

import json
from hashlib import file_digest
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import County, ImportBatch, ImportRow, User
from policy.vocabulary import Role
from views import command_words, import_report, import_words
from views.case_words import listed
from views.commands import verb
from views.context import figures, now
from views.db import db
from views.formats import yuan
from views.reasons import sentence
from workflows import audit
from workflows.actor import Actor
from workflows.exchange import kept, mappings, steps
from workflows.exchange.apply import apply_batch
from workflows.exchange.asked import CHARSETS, Asked
from workflows.exchange.layouts import BY_CODE
from workflows.exchange.reading import BY_COMMAND, Sheet, Unreadable, read_sheet
from workflows.exchange.staging import stage
from workflows.reason import Reason, Refused

for _code in ("no_such_importer", "importer_missing", "report_unwritable", "columns_unsure"):
    command_words.SENTENCES[_code] = import_words.SENTENCES[_code]


@click.command("import", help="Import a sheet; exit code 0 only when no row was refused.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "login", metavar="USER", help="Whose role and division apply: a login name. "
              "May be left out in a dry run on the sample county.")  # fmt: skip
@click.option("--layout", type=click.Choice(sorted(BY_CODE)), help="The form of the sheet; found out without it.")
@click.option("--sheet", default="", help="The name of the sheet, where a file holds several.")
@click.option("--charset", type=click.Choice(CHARSETS), help="The encoding of a CSV; found out without it.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.option("--report", type=click.Path(dir_okay=False, writable=True, path_type=Path),
              help="Write the refused rows there as .xlsx, in their own columns, with what is wrong.")  # fmt: skip
@click.option("--create-villages", is_flag=True, help="Create unknown villages (county users alone).")
@verb
def import_(file: Path, login: str | None, dry_run: bool, as_json: bool, report: Path | None, **asked: Any) -> None:
    """Read, stage and apply in one transaction."""
    try:
        with Session(db.engine) as session:
            actor, saved = _actor(session, login, dry_run), mappings.saved(session)
        sheet = _read(file, saved, Asked(**{name: value for name, value in asked.items() if value}))
        with Session(db.engine) as session:
            told, more = _run(session, sheet, file, actor, dry_run, report)
    except Unreadable as bad:
        _fail(as_json, [(bad.code, import_words.unreadable(bad))])
    except Refused as refused:
        _fail(as_json, [(reason.code, sentence(reason)) for reason in refused.reasons])
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _in_words(told | more))
    if told["refused"]:
        raise SystemExit(1)


def _read(file: Path, saved: Any, asked: Asked) -> Sheet:
    """The sheet as it was asked for, else as it looks, also by columns that the county keeps under a name."""
    with file.open("rb") as source:
        data = source.read(BY_COMMAND.bytes + 1)
    handed = steps.Handed(file.name, data)
    on = now().date()
    sheet = None if asked.layout or asked.sheet else steps.read(handed, asked, saved, limits=BY_COMMAND, on=on)[0]
    try:
        return sheet or read_sheet(data, file.name, limits=BY_COMMAND, asked=asked, on=on)
    except Unreadable as bad:
        if bad.code == "no_header":  # with headers, but none that anybody knows: nobody is asked here what they mean
            raise Refused([Reason("columns_unsure")]) from None
        raise


def _fail(as_json: bool, errors: list[tuple[str, str]]) -> None:
    if as_json:
        told = {"errors": [{"code": code, "message": message} for code, message in errors]}
        click.echo(json.dumps(told, ensure_ascii=False))
        raise SystemExit(1)
    raise click.ClickException("\n".join(message for _, message in errors))


def _actor(session: Session, login: str | None, dry_run: bool) -> Actor:
    query = select(User).where(User.login == login)
    if login is None:
        if not (dry_run and session.scalar(select(County.sample))):
            raise Refused([Reason("importer_missing")])
        query = select(User).where(User.role == Role.COUNTY_REVIEWER).order_by(User.id)
    user = session.scalars(query).first()
    if user is None or not user.active or user.role is None:
        raise Refused([Reason("no_such_importer", login=login or "")])
    return Actor(user.id, user.name, user.role, user.division_code, "cli")


def _run(
    session: Session, sheet: Sheet, file: Path, actor: Actor, dry_run: bool, report: Path | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is told as JSON, and what the words tell besides."""
    with file.open("rb") as source:
        digest = file_digest(source, "sha256").hexdigest()
    batch = stage(session, sheet, actor, now(), file_name=file.name, sha256=digest)
    told = _told(session, batch)
    more = {name: batch.counts.get(name) for name in ("cases", "monthly_fen", "unknown", "hidden", "candidate")}
    if report is not None and told["refused"]:
        _report(session, batch, actor, report, dry_run)
    if dry_run:
        session.rollback()
        return told, more
    told["batch"] = batch.id
    apply_batch(session, batch.id, actor, now(), figures())
    session.commit()
    return told, more


def _report(session: Session, batch: ImportBatch, actor: Actor, report: Path, dry_run: bool) -> None:
    rows = list(kept.refused_rows(session, batch.id))
    with import_report.workbook(batch, rows) as made:
        try:
            report.write_bytes(made.read())
        except OSError as error:
            raise Refused([Reason("report_unwritable", file=str(report), why=error.strerror or str(error))]) from None
    if not dry_run:
        told = {"batch": batch.id, "rows": len(rows)}
        audit.record(session, actor, now(), "download", table="import_batch", after=told, batch_id=batch.id)


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
        "members": tables["member"], "warned": found[True], "refused": found[False],
    }  # fmt: skip


def _in_words(told: dict[str, Any]) -> str:
    families, people = (gettext("new %(new)s, changed %(changed)s, unchanged %(unchanged)s", **told[name])
                        for name in ("households", "members"))  # fmt: skip
    lines = [gettext("Families: %(counts)s", counts=families), gettext("People: %(counts)s", counts=people)]
    amount = yuan(told["monthly_fen"])
    lines.append(gettext("Cases taken over: %(count)s, %(amount)s yuan a month", count=told["cases"], amount=amount))
    if told["candidate"]:
        lines.append(gettext("To be worked through on the page of the import, row by row: %(n)s", n=told["candidate"]))
    if told["hidden"]:
        lines.append(gettext("Hidden rows, read like the others: %(n)s", n=told["hidden"]))
    if told["unknown"]:
        lines.append(gettext("Columns that were not taken: %(names)s.", names=listed(told["unknown"])))
    for name, title in (("warned", gettext("Look at")), ("refused", gettext("Refused"))):
        for one in told[name]:
            said = {"title": title, "row": one["row"], "message": one["message"]}
            lines.append(gettext("%(title)s, row %(row)s: %(message)s", **said))
    if "batch" in told:
        lines.append(gettext("Imported as number %(batch)s.", batch=told["batch"]))
    else:
        lines.append(gettext("Nothing was written: this was a trial."))
    return "\n".join(lines)
