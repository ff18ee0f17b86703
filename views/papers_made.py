"""Making a paper of a case: as a draft on the screen, or as the sheet that is issued."""

from hashlib import sha256
from typing import Any

from flask import render_template
from flask_babel import force_locale
from markupsafe import Markup

from models import IssuedPaper, PaperTemplate
from policy.paper_numbers import Number
from policy.vocabulary import Authority
from views.case_file import CaseFile
from views.context import today
from views.db import db
from views.formats import STATIC
from views.i18n import CHINESE
from views.papers_forms import form
from views.papers_kinds import Print
from views.papers_text import addressee, decider_of, letter, office_code
from workflows import issuing, paper_words
from workflows.issuing import Printed, Render, Sheet

BODY_ALONE = "papers/body.html"
STYLE = "print.css"


def sheet_of(file: CaseFile, paper: Print) -> Sheet:
    """What is to be issued of a paper: what it states, whose register it is numbered in."""
    benefit, kind = file.benefit, paper.kind
    decider = decider_of(benefit, paper) if kind.numbered else Authority.TOWNSHIP
    with force_locale(CHINESE):
        told = _told(file, paper, full=False)
    return Sheet(
        key=paper.key, kind=kind.code, family=kind.family, title=told["name"], numbered=kind.numbered,
        office_code=office_code(benefit, decider), township_code=benefit.township_code,
        addressee=told["addressee"] if kind.numbered and told["ward"] else addressee(benefit),
        village_code=benefit.village_code, case_no=benefit.case_no, benefit_id=benefit.id, event_id=paper.event.id,
    )  # fmt: skip


def render_of(file: CaseFile, paper: Print, template: PaperTemplate | None = None) -> Render:
    """How the sheet is printed once its number is given; with a template, in the office's own wording."""
    if template is not None:
        return _in_word(file, paper, template)

    def render(number: Number | None, before: IssuedPaper | None) -> Printed:
        full = body(file, paper, number, before, full=True) if paper.kind.numbers else None
        return Printed(body(file, paper, number, before), style(), full)

    return render


def _in_word(file: CaseFile, paper: Print, template: PaperTemplate) -> Render:
    """As a Word file; the sheet that is kept beside it says so and names its digest."""

    def render(number: Number | None, before: IssuedPaper | None) -> Printed:
        from views import papers_word

        filled = papers_word.fill(template.content, papers_word.values(file, paper, number, before))
        told = {**_context(file, paper, False), **_replaced(before), "number": str(number), "version": template.version}
        with force_locale(CHINESE):
            text = render_template("papers/in_word.html", layout=BODY_ALONE, digest=sha256(filled).hexdigest(), **told)
        return Printed(text, style(), file=filled, template_id=template.id)

    return render


def body(
    file: CaseFile, paper: Print, number: Number | None, before: IssuedPaper | None = None, full: bool = False
) -> str:
    """The body of a paper, in Chinese; one that replaces another names it and bears the day of its issue."""
    told = {**_context(file, paper, full), **_replaced(before), "number": str(number) if number else ""}
    with force_locale(CHINESE):
        return render_template(template_of(paper), layout=BODY_ALONE, **told)


def _replaced(before: IssuedPaper | None) -> dict[str, Any]:
    if before is None:
        return {}
    return {"replaces": issuing.number_of(before) or before.on, "replaced_on": before.on, "on": today()}


def draft(file: CaseFile, paper: Print, full: bool, **around: Any) -> str:
    """A paper as it would be issued now, marked as a draft, with an open number."""
    return around_body(drafted_body(file, paper, full), paper.kind.family, draft=True, **around)


def drafted_body(file: CaseFile, paper: Print, full: bool = False) -> str:
    """The body of a draft: the number still open."""
    told = {**_context(file, paper, full), "number": open_number(file, paper)}
    with force_locale(CHINESE):
        return render_template(template_of(paper), layout=BODY_ALONE, **told)


def open_number(file: CaseFile, paper: Print) -> str:
    """The number as it stands before it is given: 巡民救〔2021〕　　号; nothing on a form."""
    if not paper.kind.numbered:
        return ""
    code = office_code(file.benefit, decider_of(file.benefit, paper))
    return f"{paper_words.words(db.session)[code]}〔{today().year}〕　　号"


def around_body(text: str, family: str, **around: Any) -> str:
    """A whole page around a body that is already markup of our own."""
    with force_locale(CHINESE):
        return render_template("papers/page.html", text=Markup(text), family=family, **around)  # noqa: S704


def template_of(paper: Print) -> str:
    """The template of a kind."""
    return f"papers/{paper.kind.code}.html"


def style() -> str:
    """The style sheet that papers are printed with today."""
    return (STATIC / STYLE).read_text(encoding="utf-8")


def _context(file: CaseFile, paper: Print, full: bool) -> dict[str, Any]:
    with force_locale(CHINESE):
        return {**_told(file, paper, full), "nth": paper.nth, "family": paper.kind.family, "full": full}


def _told(file: CaseFile, paper: Print, full: bool) -> dict[str, Any]:
    return letter(file, paper) if paper.kind.family == "letter" else form(file, paper, full)
