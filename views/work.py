"""Long work in a process of its own: ``flask --app app work`` does all that waits, and ends.

The panel starts it whenever it has put something into the queue, when it starts itself, and every hour; several at
once do no harm, for a job is taken by one of them, and one that was killed is taken up where it stood.
"""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy.orm import Session

from models import Job
from models.base import reading
from views.context import instance, now
from views.db import db
from workflows import jobs

LOG = "work.log"
OWN_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""What a session of its own is elsewhere: on Windows Ctrl+C in the panel's window does not end long work."""


def set_off() -> None:
    """Start a process for what waits; under test whoever wants it done calls ``commands_work.do_all``."""
    if current_app.testing:
        return
    folder, root = instance(), Path(current_app.root_path).parent
    settings = {"DOUDI_INSTANCE": str(folder.folder), "DOUDI_DATABASE_URL": folder.database_url}
    with (folder.folder / LOG).open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "work"], cwd=root, env={**os.environ, **settings},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, creationflags=OWN_GROUP,
        )  # fmt: skip


def go_on(job: Job | None, heard: datetime | None = None) -> None:
    """Start a process for a job that failed or was lost, and leave any other alone; ``heard``: as in ``jobs.lost``."""
    if job is not None and jobs.again(db.session(), job, now(), heard):
        db.session.commit()
        set_off()


def resume(app: Flask) -> None:
    """Start a process if something waits, or was left by one that was killed."""
    with app.app_context(), reading(), Session(db.engine) as session:
        if jobs.waiting(session, now()):
            set_off()
