"""The page with the form of a household event, and the report of a village that the form carries out."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import select

from models import Benefit, Household, HouseholdReport, Member
from policy.vocabulary import Happening
from views import application_fields as fields
from views import household_event_form as forms
from views import household_event_words as words
from views import places
from views.context import actor, today
from views.db import db
from views.numbers import whole
from views.panel.scoped import parse_id
from views.reasons import sentence
from workflows import household_events, household_reports, keys
from workflows.actor import scoped
from workflows.application_input import Problem
from workflows.application_sheet import Sheet
from workflows.household_events import KEEPERS
from workflows.household_reports import fields_of

H = Happening


def form_page(
    home: Household,
    kind: Happening,
    form: Any,
    problems: Sequence[Problem] = (),
    seen: list[dict[str, Any]] | None = None,
    late: bool = False,
    stale: bool = False,
) -> str:
    """The form of an event; ``seen``: its effects, when they were tried; ``stale``: the family changed meanwhile."""
    version = None if stale else whole(form.get("row_version", ""))
    other, found = forms.found_family(form, home) if kind is H.MERGE else (None, [])
    asks = household_events.ASKS.get(kind, frozenset({"village", "address"}))
    describes = "people" in asks
    return render_template(
        "panel/household_event.html", home=home, kind=kind, about=words.ABOUT[kind], submit=words.SUBMIT[kind],
        form=form, key=keys.new_key(), version=version or home.row_version, today=today(), places=places,
        asks=asks, seen=seen, late=late,
        errors={p.field: sentence(p.reason) for p in problems}, other=other, found=found,
        report=open_report(home, form),
        elsewhere=any(p.reason.code == "comes_from_elsewhere" for p in problems),
        summary=[{"text": _named(p), "target": p.field, "links": _cases(p)} for p in problems], typed=forms.typed(form),
        chosen=_chosen(home, form), records=actor().role in KEEPERS, reportable=household_reports.REPORTABLE.get(kind),
        sheet=Sheet(), row=forms.person_row(form) if describes else None,
        whose=[], is_open=_is_open, said=forms.said(kind, form, home, other) if seen is not None else [],
        pick=forms.choices(kind, home, other), labels=fields.LABELS,
        choices=fields.choices() if describes else {},
        against=[sentence(r) for r in household_events.may_record(home, actor())
                 if r.code != "not_your_role"],
    )  # fmt: skip


def _cases(problem: Problem) -> list[tuple[str, str]]:
    """Number and address of each case that a reason names: what stands in the way is ended there."""
    named = [problem.reason.args[name] for name in ("ours", "theirs", "case_no") if name in problem.reason.args]
    if not named:
        return []
    query = scoped(select(Benefit).where(Benefit.case_no.in_(named)).order_by(Benefit.case_no), Benefit, actor())
    return [(case.case_no, url_for("case.page", id=case.id)) for case in db.session.scalars(query)]


def _named(problem: Problem) -> str:
    """A reason in words; of the person of the form, whose fields are many, with the field's name."""
    return fields.named(problem) if problem.field.startswith("members-") else sentence(problem.reason)


def _is_open(row: Any, at: int, names: Sequence[str], errors: Any) -> bool:
    return any(row.get(name) or f"members-{at}-{name}" in errors for name in names)


def _chosen(home: Household, form: Any) -> Member | None:
    return next((m for m in home.members if str(m.id) == str(form.get("member", ""))), None)


def open_report(home: Household, form: Any) -> HouseholdReport | None:
    """The report that this form carries out, where it is one about this family."""
    number = parse_id(form.get("report", ""))
    row = db.session.get(HouseholdReport, number) if number else None
    return row if row is not None and row.household_id == home.id and row.state == "open" else None


def begun_by_report(home: Household) -> dict[str, str]:
    """What a village reported, to begin the form with."""
    row = open_report(home, request.args)
    if row is None:
        return {}
    told = {"on": row.happened_on.isoformat(), "words": row.words, "member": str(row.member_id or "")}
    typed = fields_of(row)
    return {**typed, **told, "members-0-name": typed.get("name", ""), "report": str(row.id)}
