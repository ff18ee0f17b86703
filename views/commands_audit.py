"""The command that proves the history: every entry fits the one before, and none is missing at the end."""

from dataclasses import replace

import click
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from models.base import reading
from views.audit_head import head_file
from views.commands import verb
from views.context import now
from views.db import db
from workflows import audit, sessions
from workflows.actor import SYSTEM

UNREADABLE = _l(
    "%(file)s was altered, so nobody can say whether the end of the history was cut off. Put the file back from a copy"
    " of the folder; if there is none, run this again with --anew and --reason."
)


@click.command("verify-audit", help="Prove that nothing in the history was altered, removed or cut off.")
@click.option(
    "--anew", is_flag=True, help="After a backup was restored: forget the ends noted before it, end every login."
)
@click.option("--reason", default="", help="Which backup was restored, and why; it stays on record.")
@verb
def verify_audit(anew: bool, reason: str) -> None:
    """Say how many entries fit, or name the first that does not and fail."""
    if anew and not reason.strip():
        raise click.ClickException(gettext("Say with --reason which backup was restored, and why."))
    with reading(), Session(db.engine) as session:
        try:
            verdict = audit.verify(session, head=None if anew else head_file())
        except audit.HeadUnreadable as error:
            raise click.ClickException(str(UNREADABLE) % {"file": head_file()}) from error
    if not verdict.sound:
        raise click.ClickException(_fault(verdict))
    with Session(db.engine) as session:
        if anew:
            ended = {"sessions_ended": sessions.end_everyones(session, "restore", now())}
            by = replace(SYSTEM, channel="cli")
            audit.record(session, by, now(), "heads_anew", reason=reason.strip(), after=ended)
            session.commit()
        audit.write_head(session, head_file(), now(), anew=anew)
    count = verdict.count
    click.echo(ngettext("The history is sound: %(num)s entry.", "The history is sound: %(num)s entries.", count))


def _fault(verdict: audit.Verdict) -> str:
    place = {"position": verdict.first_bad, "count": verdict.count}
    if verdict.why == "missing":
        return gettext(
            "Entry %(position)s of the history is missing; the %(count)s before it are sound."
            " Keep this database as it is and compare it with the last backup.", **place
        )  # fmt: skip
    if verdict.why == "cut":
        return gettext(
            "The history ends at entry %(count)s, but entry %(position)s and perhaps later ones were noted before:"
            " its end was cut off, or an older backup restored. After a restore, run this again with --anew and"
            " --reason.", **place
        )  # fmt: skip
    if verdict.why == "reordered":
        return gettext(
            "Entry %(position)s of the history stands out of its order; the %(count)s before it are sound."
            " Keep this database as it is and compare it with the last backup.", **place
        )  # fmt: skip
    return gettext(
        "Entry %(position)s of the history was altered or put in; the %(count)s before it are sound."
        " Keep this database as it is and compare it with the last backup.", **place
    )  # fmt: skip
