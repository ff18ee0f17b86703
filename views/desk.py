"""The desk: what must I do today."""

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.get("/")
def index() -> ResponseReturnValue:
    """What waits for the reader today."""
    return render_template("panel/desk.html")


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """What waits for the reader."""
    return redirect(url_for("desk.index"))


def register(app: Flask) -> None:
    """Add the desk."""
    app.register_blueprint(bp)
