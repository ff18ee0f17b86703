"""The command that does the long work that waits, and what each kind of it is."""

from typing import Any

import click

from models.base import reading, refresh_statistics
from views import bulk, export_jobs
from views.commands import verb
from views.context import figures, instance, now
from views.db import db
from workflows import jobs, recalculation_staging, recalculation_writing, simulation
from workflows.exchange import working
from workflows.matching import working as matching


@click.command(help="Do the long work that waits: recalculations, simulations, imports and large exports.")
@verb
def work(**_: Any) -> None:
    """Do what waits in the queue, tell how many jobs, and end."""
    click.echo(do_all())


def do_all() -> int:
    """Do all that waits, here and now; returns how many jobs ended well."""
    with reading(False):
        done = jobs.work(db.engine, kinds(), figures, now)
        if done:
            refresh_statistics(db.engine)
    return done


def kinds() -> jobs.Kinds:
    """What each kind of job does."""
    return {
        **export_jobs.kinds(),
        **bulk.kinds(),
        **working.kinds(instance().imports),
        **matching.kinds(instance().imports),
        "recalculate": recalculation_staging.stage, "simulate": simulation.simulate,
        "apply_recalculation": recalculation_writing.apply, "undo_recalculation": recalculation_writing.undo,
    }  # fmt: skip
