"""The case page: where a case stands, who the people are, what is missing, what may be done now, what happened."""

from typing import Any

from flask import Blueprint, Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from policy.clauses import in_force, term_clause, whole_case
from policy.masking import mask_id
from policy.vocabulary import CHILDREN, CLASSES, IN_FORCE, Scheme, Stage
from views import calculation, case_aid, case_queue, case_story, case_tekun, matching_page, places, steps
from views.case_acts import acts
from views.case_file import CaseFile, open_file
from views.case_next import afterwards
from views.context import actor, figures, today
from views.db import db
from views.formats import day, yuan
from views.numbers import day_of
from views.panel.masked import WHY
from views.panel.scoped import parse_id
from views.permissions import allowed
from views.step_sheet import amount_in_words, scheme_in_words
from workflows.evidence_former import rules_on

bp = Blueprint("case", __name__, url_prefix="/case")
CALENDAR_DAYS = frozenset({Stage.NOTICE, Stage.GRACE})
"""Stages whose terms are calendar days or months; all other terms are working days."""
calculation.add_to(bp)
steps.add_to(bp)


@bp.get("/<id>/")
def page(id: str) -> ResponseReturnValue:
    """One case."""
    file = open_file(db.session, actor(), id, figures(), today())
    shown = request.args.get("show", "")
    shown = shown if shown in case_story.SHOWN else case_story.SHOWN[0]
    return render_template(
        "panel/case.html",
        file=file,
        benefit=file.benefit,
        facts=file.facts,
        acts=acts(file.benefit, file.facts, actor()),
        after=afterwards(file.facts, _figure(file)),
        stages=case_story.stepper(file),
        shown=shown,
        story=_story(file, shown),
        amounts=case_story.amounts(file),
        reckoning=calculation.of_case(file),
        done=_done(file),
        term=term(file),
        whole_case=in_force(whole_case(file.benefit.scheme), rules_on(file.benefit, today())),
        why=WHY,
        today=today(),
        places=places,
        mask=mask_id,
        story_tabs=_tabs(file, shown),
        in_force=_in_force(file),
        scheme=scheme_in_words(file.benefit),
        amount_in_words=amount_in_words,
        linked_cases=case_aid.linked(file),
        apply_links=case_aid.apply_links(file),
        watch_advised=case_aid.watch_advised(file),
        payments_of_aid=case_aid.stages_of_aid(file),
        visit_link=_visit_link(file),
        support=case_tekun.support_of(file),
        hits=matching_page.of_case(file.benefit.id) if allowed("matching.line") else (),
    )


def term(file: CaseFile) -> dict[str, Any] | None:
    """The term that runs: due day, its unit and clause; None where none runs."""
    due = file.benefit.step_due_on
    if due is None:
        return None
    cite = in_force(term_clause(file.benefit.scheme, file.benefit.stage), rules_on(file.benefit, today()))
    return {"due": due, "kind": "calendar" if _in_days(file) else "working", "cite": cite}


def _in_days(file: CaseFile) -> bool:
    """Whether the term that runs is one of days or months; the papers of aid paid first are owed in working days."""
    stage, scheme = file.benefit.stage, file.benefit.scheme
    paying = scheme is Scheme.TEMPORARY and stage is Stage.ACTIVE and not file.owed
    return stage in CALENDAR_DAYS or paying or (scheme in CLASSES and stage is Stage.ACTIVE)


def _figure(file: CaseFile) -> Any:
    def whole(key: str) -> int:
        return figures().get(key, place=file.benefit.village_code, on=today()).whole

    return whole


def _story(file: CaseFile, shown: str) -> list[dict[str, Any]]:
    if shown == "steps":
        return case_story.steps_by_day(file)
    return case_story.entries_by_day(file, looks=shown == "looks")


def _tabs(file: CaseFile, shown: str) -> list[dict[str, Any]]:
    words = {"steps": gettext("Steps"), "changes": gettext("Corrections"), "looks": gettext("Looks")}
    here = url_for("case.page", id=file.benefit.id)
    return [
        {"label": text, "url": f"{here}?show={name}#timeline", "current": name == shown} for name, text in words.items()
    ]


def _in_force(file: CaseFile) -> list[tuple[str, Any]]:
    """What is paid, from when, until when, and when it is looked at again."""
    benefit = file.benefit
    rows: list[tuple[str, Any]] = []
    if benefit.scheme in CLASSES:
        rows.append((gettext("Monthly amount"), gettext("without monthly money")))
        rows += [(gettext("Holds until"), day(benefit.valid_until))] if benefit.valid_until else []
    elif benefit.one_off_fen and benefit.scheme is Scheme.DIBAO:
        rows.append((gettext("Exit money"), gettext("%(amount)s yuan once", amount=yuan(benefit.one_off_fen))))
    elif benefit.one_off_fen:
        rows.append((gettext("One-off amount"), gettext("%(amount)s yuan", amount=yuan(benefit.one_off_fen))))
    else:
        rows.append(
            (gettext("Monthly amount"), gettext("%(amount)s yuan each month", amount=yuan(benefit.monthly_fen)))
        )
    if goods := case_aid.goods_of(file):
        rows.append((gettext("Given in goods"), goods))
    if benefit.pays_from:
        rows.append((gettext("Paid from"), f"{benefit.pays_from:%Y-%m}"))
    days = {
        gettext("Paid on"): benefit.paid_on,
        gettext("Next recheck"): benefit.review_due_on,
        gettext("Grace until"): benefit.grace_until,
        gettext("Renewal from"): benefit.renew_from if benefit.stage in IN_FORCE else None,
        gettext("Last day before coming of age"): benefit.valid_until if benefit.scheme in CHILDREN else None,
        gettext("Ended on"): benefit.ended_on,
    }
    return rows + [(name, day(value)) for name, value in days.items() if value]


def _visit_link(file: CaseFile) -> Any:
    if not allowed("visiting.new"):
        return ""
    url = url_for("visiting.new", id=file.benefit.household_id)
    return Markup('<a class="btn btn-sm btn-outline-secondary" href="{}">{}</a>').format(url, gettext("Record a visit"))


def _done(file: CaseFile) -> dict[str, Any] | None:
    """What the reader has just done to this case, and the next one on their desk."""
    event = case_story.happened(file, parse_id(request.args.get("done", "")) or 0)
    if event is None or event.actor_id != actor().id:
        return None
    was_due = day_of(request.args.get("due", ""))
    message = " ".join(part for part in (case_story.sentence_of(event), afterwards(file.facts, _figure(file))) if part)
    following = case_queue.next_after(db.session, actor(), was_due, file.benefit.id)
    if following is None:
        return {"message": message}
    id, at, total = following
    return {"message": message, "url": url_for("case.page", id=id), "at": at, "total": total}


def register(app: Flask) -> None:
    """Add the case page and its dialogs."""
    app.register_blueprint(bp)
