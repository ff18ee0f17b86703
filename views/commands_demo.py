"""The command that makes a synthetic county of any size, to try things at scale."""

from datetime import date, datetime

import click
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from models.base import refresh_statistics
from views import command_words
from views.audit_head import head_file
from views.commands import verb
from views.context import instance, now
from views.db import db
from views.formats import label

SENTENCES = {
    "sample_exists": _l(
        "This database holds the sample county %(county)s already. To begin anew, add --replace: everything in it, its"
        " history too, is then gone. Or set DOUDI_INSTANCE to another folder."
    ),
    "not_the_sample": _l(
        "This database holds %(county)s, which is no sample; nothing was changed. Set DOUDI_INSTANCE to another folder"
        " for a synthetic county."
    ),
    "demo_day": _l("The figures reach back far enough for a county on %(first)s or later, not on %(on)s."),
}
command_words.SENTENCES.update(SENTENCES)


@click.command(help="Make a synthetic county: invented people, ID numbers that begin with 99, every stage of a case.")
@click.option(
    "--households", type=click.IntRange(0, 500_000), default=300, show_default=True, help="How many families."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed and day make the same county.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the county stands; today without it.")
@click.option("--empty", is_flag=True, help="Divisions and logins, and no family.")
@click.option("--replace", is_flag=True, help="Take the present sample county out first, its history too.")
@verb
def demo(households: int, seed: int, on: datetime | None, empty: bool, replace: bool) -> None:
    """Fill the database with a progress bar, then say what was made and who may log in."""
    from workflows import audit, setup
    from workflows import demo as county

    setup.bring_up(db.engine, instance().backups, now())
    with Session(db.engine) as session:
        setup.check_keys(session)
        day: date = on.date() if on else now().date()
        county.check(session, day, replace)
        with click.progressbar(length=0 if empty else households, label=gettext("Families")) as bar:
            made = county.fill(
                session, households=households, seed=seed, on=day, now=now(), empty=empty, replace_sample=replace,
                progress=lambda done, of: bar.update(done - bar.pos),
            )  # fmt: skip
        audit.write_head(session, head_file(), now(), anew=replace)
    refresh_statistics(db.engine)
    click.echo(ngettext("%(num)s family", "%(num)s families", made.households), nl=False)
    click.echo(gettext(", %(people)s people, %(cases)s cases.", people=made.members, cases=made.cases))
    for role, login, password, name in county.sample_logins():
        click.echo(f"  {login:<20} {password}  {label(role)} · {name}")
