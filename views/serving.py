"""What ``python app.py`` does around serving: schema, sample, time, and what it says on the console."""

import logging
import os
import sys
from threading import Event, Thread
from typing import Any

from flask import Flask
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import County, schema
from models.base import reading, refresh_statistics
from views import command_words, export_kept, work
from views.audit_head import note_head
from views.context import figures, instance, now
from views.db import db
from views.formats import label
from views.headers import is_loopback
from views.i18n import init_i18n
from workflows import attachments, setup
from workflows.exchange import kept_file
from workflows.faults import bare
from workflows.reason import Reason, Refused
from workflows.tick import tick

CANNOT_START = (Refused, schema.UnknownRevision, OperationalError)
HOUR = 3600
THREADS = 8
log = logging.getLogger("doudi")


def address() -> tuple[str, int]:
    """Where to listen: DOUDI_HOST and PORT, 127.0.0.1:8000 where they are not set; raises Refused for no number."""
    port = os.environ.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise Refused([Reason("port_number", port=port)])
    return os.environ.get("DOUDI_HOST") or "127.0.0.1", int(port)


def check_host(host: str, https: bool) -> None:
    """Raise Refused for a host others can reach, unless HTTPS stands before it."""
    if not https and not is_loopback(host):
        raise Refused([Reason("not_loopback", host=host)])


def why(error: Exception) -> str:
    """Why the panel does not start, in the default language: there may be no app to ask for another."""
    app = Flask("doudi")
    init_i18n(app)
    with app.app_context():
        return "\n".join(command_words.sentences(error))


def prepare(app: Flask) -> None:
    """Bring the schema up to date, fill the sample into a new database, and work time through up to now."""
    with app.app_context(), reading(False):
        setup.bring_up(db.engine, instance().backups, now())
        with Session(db.engine) as session:
            setup.check_keys(session)
            if session.scalar(select(County.code)) is None:
                from views.sample_papers import issue_sample
                from workflows.demo import fill_sample

                print(gettext("First start: the sample county is made, which takes some seconds."), flush=True)
                fill_sample(session, now())
                issue_sample(now())
    work_time_through(app)
    work.resume(app)


def work_time_through(app: Flask) -> None:
    """One tick, in a session of its own; statistics once that has let go of the lock that they may need."""
    with app.app_context(), reading(False), Session(db.engine) as session:
        tick(session, now(), figures())
        note_head(session)
    with app.app_context(), reading(), Session(db.engine) as session:
        attachments.sweep(session, instance().uploads, now())
        kept_file.sweep(session, instance().imports, now())
        export_kept.sweep(instance().exports, now())
    with app.app_context():
        refresh_statistics(db.engine)


def every_hour(app: Flask) -> Event:
    """Tick every hour in a thread of this process; set the event to end it. A fault is logged, not fatal."""
    over = Event()

    def run() -> None:
        while not over.wait(HOUR):
            try:
                work_time_through(app)
                work.resume(app)
            except Exception as error:
                log.error("the hourly tick failed; it is tried again in an hour", exc_info=bare(error))

    Thread(target=run, name="tick", daemon=True).start()
    return over


def greet(app: Flask, host: str, port: int) -> None:
    """Print the address, for the sample county alone one login of each role, and how to go on."""
    with app.app_context(), reading(), Session(db.engine) as session:
        print(gettext("Doudi of %(county)s: %(url)s", county=_county(session), url=f"http://{host}:{port}"))
        if session.scalar(select(County.sample)):
            from workflows.demo import sample_logins

            print(gettext("Sample county, invented people. One login of each role:"))
            for role, login, password, name in sample_logins():
                print(f"  {login:<18}{password}  {label(role)} {name}")
        print(gettext("Open the address in a browser. Ctrl+C ends the panel."))
    sys.stdout.flush()


def _county(session: Session) -> str:
    return session.scalar(select(County.name)) or gettext("(no county yet: flask --app app init)")


def listen(app: Flask, host: str, port: int) -> Any:
    """Waitress, listening but not yet answering: its ``run`` serves until stopped. Raises Refused for a taken port.

    DOUDI_PROXY names the one proxy whose X-Forwarded-For is believed.
    """
    from waitress import create_server

    proxy = os.environ.get("DOUDI_PROXY")
    behind = {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for"}, "trusted_proxy_count": 1}
    scheme = app.config["PREFERRED_URL_SCHEME"]
    try:
        return create_server(
            app, host=host, port=port, threads=THREADS, ident=None, url_scheme=scheme, **(behind if proxy else {})
        )
    except OSError as error:
        raise Refused([Reason("port_taken", host=host, port=port, why=error.strerror)]) from error
