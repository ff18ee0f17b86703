"""Wires the panel together. ``python app.py`` migrates, then serves with waitress."""

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from views.starting import undisturbed

if TYPE_CHECKING:
    from flask import Flask

    from workflows.instance import Instance

MEGABYTE = 1024 * 1024


def create_app(config: dict[str, Any] | None = None) -> "Flask":
    """Make the panel of one county.

    ``config`` goes before the environment: INSTANCE, DATABASE_URL, HTTPS, CLOCK (a function returning naive
    China time) and Flask's own keys. Raises SecretsMissing when the database holds data but its keys are gone.
    """
    with undisturbed():
        return _made(config or {})


def _made(settings: dict[str, Any]) -> "Flask":
    # Imported here, as below, and not above: loading the panel is most of a start, and is to be undisturbed as well.
    from views.addresses import Panel
    from views.context import china_time
    from views.register import register_all
    from workflows.instance import Instance

    instance = Instance.at(
        settings.get("INSTANCE") or os.environ.get("DOUDI_INSTANCE") or Path(__file__).parent / "instance",
        settings.get("DATABASE_URL") or os.environ.get("DOUDI_DATABASE_URL"),
    )
    app = Panel("doudi", root_path=str(Path(__file__).parent / "views"), instance_path=str(instance.folder))
    app.config.from_mapping(
        CLOCK=china_time,
        HTTPS=os.environ.get("DOUDI_HTTPS", "") not in ("", "0"),
        SQLALCHEMY_DATABASE_URI=instance.database_url,
        MAX_CONTENT_LENGTH=10 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        MAX_FORM_PARTS=10_000,
        WTF_CSRF_TIME_LIMIT=None,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.config.from_mapping(settings)
    app.extensions["doudi"] = instance
    _open(app, instance)
    _extend(app)
    register_all(app)
    return app


def _open(app: "Flask", instance: "Instance") -> None:
    from models import base, schema
    from views.db import db, keep_keys
    from workflows import listening  # noqa: F401  what it names listens from now on

    db.init_app(app)
    with app.app_context():
        engine = base.tune(db.engine)
        secrets = instance.secrets(lambda: schema.holds_data(engine))
    keep_keys(app, secrets.keys)
    app.config["SECRET_KEY"] = secrets.cookie


def _extend(app: "Flask") -> None:
    from views.context import init_context
    from views.errors import init_errors
    from views.extensions import bootstrap, csrf
    from views.formats import init_formats
    from views.headers import init_headers
    from views.i18n import init_i18n
    from views.rendering import init_rendering
    from views.sent_again import init_sent_again
    from views.who import init_login

    init_context(app)
    init_headers(app)
    init_errors(app)
    init_i18n(app)
    init_rendering(app)
    init_formats(app)
    bootstrap.init_app(app)
    csrf.init_app(app)
    init_login(app)
    init_sent_again(app)


def main() -> None:
    """Migrate, fill the sample into a new database, and serve; a refusal is a sentence and exit code 1."""
    from views import serving

    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console may lack Chinese letters
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        host, port = serving.address()
        app = create_app()
        serving.check_host(host, app.config["HTTPS"])
        server = serving.listen(app, host, port)  # a port that is taken is told before anything is done
        serving.prepare(app)
        serving.every_hour(app)
        serving.greet(app, host, port)
        server.run()
    except serving.CANNOT_START as error:
        raise SystemExit(f"doudi: {serving.why(error)}") from None


if __name__ == "__main__":
    main()
