"""Help: the steps of a benefit as a picture and a table, from the same rules that the machine keeps."""

import re

from flask import Blueprint, Flask, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from policy.vocabulary import Scheme
from views.help_words import TERMS
from views.machine_picture import BOX, HEIGHT, WIDTH, picture
from views.permissions import allowed
from views.topic_words import TOPICS, topic_of
from workflows.machine_table import lines

bp = Blueprint("help", __name__, url_prefix="/help")
GLOSS = re.compile(r"\s*[(（][^()（）]*[\u3400-\u9fff][^()（）]*[)）]")
DRAWN = (Scheme.DIBAO, Scheme.TEKUN, Scheme.TEMPORARY, Scheme.EDGE)


@bp.get("/machine")
def machine() -> ResponseReturnValue:
    """What may happen to a benefit, who may do it, and the clause it rests on."""
    pictures = [picture(scheme) for scheme in DRAWN]
    sizes = {"size": (WIDTH, HEIGHT), "box_size": BOX}
    return render_template("panel/help_machine.html", pictures=pictures, lines=lines(), need=need_in_words, **sizes)


@bp.get("/<topic>/")
def page(topic: str) -> ResponseReturnValue:
    """What a screen is for and the words it uses."""
    found = TOPICS.get(topic) or abort(404)
    terms = [TERMS[name] for name in found.terms]
    return render_template("panel/help_topic.html", name=topic, topic=found, terms=terms, topics=list(TOPICS.items()))


def help_url() -> str:
    """The help page of the page that is shown; nothing where nobody is logged in."""
    topic = topic_of(request.endpoint)
    return url_for("help.page", topic=topic) if topic and allowed("help.page") else ""


def need_in_words(message: str) -> str:
    """What a check asks, translated; in English without the law's own term in brackets."""
    said = gettext(message)
    return GLOSS.sub("", said) if said == message else said


def register(app: Flask) -> None:
    """Add the help pages."""
    app.register_blueprint(bp)
