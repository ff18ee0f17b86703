"""Papers owed that the office will not issue: previewed, set aside with a reason, and taken back."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask import redirect as to
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from models import Benefit, Event, IssuedPaper, SetAsidePaper
from policy.action_words import AGAINST_THE_FAMILY, Action
from views import places
from views.context import actor, now
from views.db import afresh, db
from views.once import Done, once
from views.papers_kinds import Print
from views.papers_many import MOST_AT_ONCE, again
from views.papers_named import bare_sheet, told
from views.papers_text import addressee
from views.reasons import sentences
from workflows import issuing, keys, setting_aside
from workflows.reason import Reason, Refused


def add_routes(bp: Blueprint) -> None:
    """The addresses of papers set aside."""
    bp.add_url_rule("/papers/aside/", "aside", aside)
    bp.add_url_rule("/papers/aside/", "set_aside", set_aside, methods=["POST"])
    bp.add_url_rule("/papers/aside/back/", "take_back", take_back, methods=["POST"])


def aside() -> ResponseReturnValue:
    """Which of the chosen papers can be set aside and which not, and where the reason is asked for."""
    return _page(_asked(request.args.getlist("paper")))


def set_aside() -> ResponseReturnValue:
    """Set every previewed paper aside for one reason, all or none; what is refused is shown again."""
    asked, why = _asked(request.form.getlist("paper")), request.form.get("why", "")

    def work() -> Done:
        if not asked or any(not paper.kind.served for _, paper in asked):
            raise Refused([Reason("paper_not_owed")])
        for benefit, paper in asked:
            setting_aside.set_aside(db.session, actor(), now(), bare_sheet(benefit, paper), why)
        return Done(_list(), ngettext("%(num)s paper is set aside.", "%(num)s papers are set aside.", len(asked)))

    try:
        return to(once(work, _list()), 303)
    except Refused as refused:
        with afresh():
            return _page(_asked(request.form.getlist("paper")), why, sentences(refused.reasons)), 422


def take_back() -> ResponseReturnValue:
    """Let the ticked papers be owed again, all or none; who asked for it on a draft goes back to its case."""
    asked = _asked(request.form.getlist("paper"))
    if not asked:
        return again(gettext("Tick at least one paper, and at most %(most)s at once.", most=MOST_AT_ONCE))
    alone = asked[0][0].id if request.form.get("to") == "case" else None
    where = url_for("papers.many") if alone is None else url_for("case.page", id=alone)

    def work() -> Done:
        for benefit, paper in asked:
            setting_aside.take_back(db.session, actor(), now(), bare_sheet(benefit, paper))
        return Done(where, ngettext("%(num)s paper is owed again.", "%(num)s papers are owed again.", len(asked)))

    try:
        return to(once(work, where), 303)
    except Refused as refused:
        return again(" ".join(sentences(refused.reasons)))


def of_case(benefit: Benefit) -> dict[str, SetAsidePaper]:
    """By key, the papers of a case that are set aside."""
    return setting_aside.of_case(db.session, benefit.id)


def _list() -> str:
    return url_for("papers.many", state="aside")


def _asked(keys: list[str]) -> list[tuple[Benefit, Print]]:
    return told(list(dict.fromkeys(keys))[:MOST_AT_ONCE])


def _page(asked: list[tuple[Benefit, Print]], why: str = "", errors: Any = ()) -> str:
    names = [paper.key for _, paper in asked]
    issued, before = issuing.latest_of(db.session, names), setting_aside.among(db.session, names)
    rows = [_weighed(benefit, paper, issued.get(paper.key), before.get(paper.key)) for benefit, paper in asked]
    ready = [row for row in rows if not row["why"]]
    return render_template(
        "papers/aside.html", ready=ready, refused=[row for row in rows if row["why"]], why=why, errors=errors,
        told=any(row["told"] for row in ready), key=keys.new_key(), most=issuing.LONGEST_WHY,
    )  # fmt: skip


def _weighed(
    benefit: Benefit, paper: Print, issued: IssuedPaper | None, before: SetAsidePaper | None
) -> dict[str, Any]:  # fmt: skip
    """A paper with what stands in the way of setting it aside, and whether the law wants it delivered."""
    faults = issuing.faults_of(actor(), bare_sheet(benefit, paper))
    if not paper.kind.served:
        faults.append(Reason("paper_not_owed"))
    elif issued is not None:
        faults.append(Reason("paper_issued"))
    elif before is not None:
        faults.append(Reason("paper_set_aside_before"))
    return {
        "paper": paper, "benefit": benefit, "name": addressee(benefit), "why": " ".join(sentences(faults)),
        "place": places.where(benefit.village_code), "told": _must_be_told(paper.event),
    }  # fmt: skip


def _must_be_told(event: Event) -> bool:
    """Whether it refuses, ends or lessens aid: a change of the support may do so too."""
    before, after = event.monthly_before_fen or 0, event.monthly_after_fen or 0
    return event.action in AGAINST_THE_FAMILY or (event.action is Action.CHANGE_SUPPORT and after < before)
