"""Help: the steps of a benefit as a picture and a table, from the same rules that the machine keeps."""

import re

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from policy.vocabulary import Scheme
from views.machine_picture import BOX, HEIGHT, WIDTH, picture
from workflows.machine_table import lines

bp = Blueprint("help", __name__, url_prefix="/help")
GLOSS = re.compile(r"\s*[(（][^()（）]*[\u3400-\u9fff][^()（）]*[)）]")
DRAWN = (Scheme.DIBAO, Scheme.TEKUN, Scheme.TEMPORARY)


@bp.get("/machine")
def machine() -> ResponseReturnValue:
    """What may happen to a benefit, who may do it, and the clause it rests on."""
    pictures = [picture(scheme) for scheme in DRAWN]
    sizes = {"size": (WIDTH, HEIGHT), "box_size": BOX}
    return render_template("panel/help_machine.html", pictures=pictures, lines=lines(), need=need_in_words, **sizes)


def need_in_words(message: str) -> str:
    """What a check asks, translated; in English without the law's own term in brackets."""
    said = gettext(message)
    return GLOSS.sub("", said) if said == message else said


def register(app: Flask) -> None:
    """Add the help pages."""
    app.register_blueprint(bp)
