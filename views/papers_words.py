"""机关代字: the word in each office's numbers, kept by the supervisor or the system administrator."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import func, select

from models import IssuedPaper, PaperOffice
from policy.paper_numbers import Number
from views import places
from views.context import actor, now, today
from views.db import afresh, db
from views.numbers import version_in
from views.reasons import answered
from workflows import paper_words
from workflows.reason import Refused


def add_routes(bp: Blueprint) -> None:
    """The addresses of the offices' words."""
    bp.add_url_rule("/papers/offices/", "offices", offices)
    bp.add_url_rule("/papers/offices/", "choose_word", choose_word, methods=["POST"])


def offices() -> ResponseReturnValue:
    """The word of every office, and how far its numbers have come this year."""
    return _page()


def choose_word() -> ResponseReturnValue:
    """Give an office its word, from the next number on."""
    form = request.form
    code = form.get("code", "")[:9]
    try:
        paper_words.choose(db.session, actor(), code, form.get("word", "")[:40], version_in(form), now())
        db.session.commit()
    except Refused as refused:
        return _again(*answered(refused))
    flash(gettext("%(office)s numbers its papers with %(word)s from now on.", office=places.name(code),
                  word=form["word"].strip()))  # fmt: skip
    return redirect(url_for("papers.offices"), 303)


def _again(errors: list[str], status: int) -> ResponseReturnValue:
    with afresh():
        return _page(errors), status


def _page(errors: list[str] | None = None) -> str:
    mine, words = actor().division_code, paper_words.words(db.session)
    chosen = {row.code: row.row_version for row in db.session.scalars(select(PaperOffice))}
    last = select(IssuedPaper.office_code, func.max(IssuedPaper.serial)).where(IssuedPaper.year == today().year)
    given: dict[str, Any] = dict(db.session.execute(last.group_by(IssuedPaper.office_code)).all())
    rows = [
        {"code": code, "name": places.name(code), "word": word, "version": chosen.get(code, 0),
         "last": str(Number(word, today().year, given[code])) if given.get(code) else ""}
        for code, word in sorted(words.items()) if code.startswith(mine)
    ]  # fmt: skip
    return render_template("papers/offices.html", rows=rows, errors=errors or [])
