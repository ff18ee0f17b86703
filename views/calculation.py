"""核算 on the case page: the stored finding, what changed since, the button that calculates, a page for each."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Form, validators

from models import Benefit, Event, Finding
from policy.vocabulary import CLASSES, SUBSIDIES, Action, Degree, EventKind, Outcome, RiseCause, Scheme, Stage
from views.case_file import CaseFile, get_case, open_file
from views.case_words import headed, listed
from views.context import actor, figures, now, today
from views.db import db
from views.finding_words import amount, figure_name, said
from views.formats import label
from views.panel.fields import WordField, YuanField
from views.panel.scoped import parse_id
from views.permissions import allowed
from views.reasons import sentence
from workflows.calculated import suggested
from workflows.calculating import Since, Told, calculate, may_calculate, receives, since
from workflows.reason import Refused

TIERS = ("A", "B", "C", "D")
NOTHING_DUE = frozenset({Outcome.NOT_ELIGIBLE.value, Outcome.INCOMPLETE.value})


class TierField(WordField):
    """One of the place's tiers."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, (), **kwargs)
        self.coerce = lambda value: value if value in TIERS else None
        self.choices = [("", "—"), *((tier, tier) for tier in TIERS)]


_OPTIONAL = (validators.Optional(),)
ASKED: Mapping[str, Any] = {
    "tier": lambda case: TierField(_l("Tier"), default=case.tier),
    "rise_cause": lambda case: WordField(_l("Why income rose"), RiseCause, blank=True, default=case.rise_cause),
    "event_kind": lambda case: WordField(_l("What struck the family"), EventKind, blank=True, default=case.event_kind),
    "event_degree": lambda case: WordField(_l("How hard it struck"), Degree, blank=True, default=case.event_degree),
    "loss_fen": lambda case: YuanField(_l("Loss"), default=case.loss_fen),
    "own_cost_fen": lambda case: YuanField(_l("Cost borne by the family"), default=case.own_cost_fen),
}


class Earlier(NamedTuple):
    """A stored calculation of the case: its number, day, result, and the steps that rest on it."""

    finding: Finding
    steps: str = ""

    @property
    def amount(self) -> str:
        """What it came to."""
        return sum_of(self.finding.result)

    @property
    def url(self) -> str:
        """The page that shows it as it was."""
        return url_for("case.finding", id=self.finding.benefit_id, number=self.finding.id)


class Calculation(NamedTuple):
    """What the case page shows of calculations: the latest, what changed since, the rest, and whether one may press."""

    finding: Finding | None
    since: Since
    earlier: list[Earlier]
    asks: Form | None
    changed: str = ""
    suggests: str = ""
    by: str = ""
    lacks_url: str = ""
    """Where what it lacks of a disabled person is entered, for whoever may."""


def of_case(file: CaseFile) -> Calculation:
    """The calculations of a case, as its page shows them."""
    benefit, latest = file.benefit, file.finding
    what = since(latest, benefit, receives(db.session, benefit), today(), figures()) if latest else Since()
    steps = resting(file.events)
    told = [Earlier(row, steps.get(row.id, "")) for row in file.findings]
    asks = None if may_calculate(benefit, actor()) else asked(benefit)
    by = steps.get(latest.id, "") if latest else ""
    lacking = _lacking(file) if asks is not None else ""
    return Calculation(latest, what, told, asks, changed(what, latest), suggestion(file), by, lacking)


def _lacking(file: CaseFile) -> str:
    person = file.person if file.benefit.scheme in SUBSIDIES and allowed("member_facts.edit_view") else None
    lacks = file.finding is not None and file.finding.result["outcome"] == Outcome.INCOMPLETE.value
    return url_for("member_facts.edit_view", id=person.id) if person and lacks else ""


def sum_of(result: Mapping[str, Any]) -> str:
    """What a finding comes to: so much once, else so much each month."""
    if result.get("one_off", "0.00") != "0.00":
        return gettext("%(amount)s yuan once", amount=amount(result["one_off"]))
    if result.get("scheme") in CLASSES:
        return gettext("without monthly money")
    return gettext("%(amount)s yuan each month", amount=amount(result["monthly"]))


def verdict(result: Mapping[str, Any]) -> str:
    """Outcome of a finding in a few words, and what it comes to unless it is no, or facts are missing."""
    outcome = said(result["outcome"], "outcome")
    return outcome if result["outcome"] in NOTHING_DUE else headed(outcome, sum_of(result))


def resting(events: list[Event]) -> dict[int, str]:
    """By finding, the steps that rest on it, in words."""
    found: dict[int, list[str]] = {}
    for event in events:
        if event.finding_id is not None:
            found.setdefault(event.finding_id, []).append(label(event.action))
    return {id: listed(dict.fromkeys(steps)) for id, steps in found.items()}


def asked(benefit: Benefit, posted: Any = None) -> Form:
    """What only the case knows and the rules ask for here, to fill in before calculating; often nothing."""
    names: list[str] = []
    rule = figures().find("dibao.amount_rule", place=benefit.village_code, on=today())
    if benefit.scheme is Scheme.DIBAO and rule is not None and rule.word == "tier":
        names.append("tier")
    if benefit.stage is Stage.RECHECK and benefit.scheme is Scheme.DIBAO:
        names.append("rise_cause")  # what a grace period asks, and no other scheme has one
    if benefit.scheme is Scheme.TEMPORARY:
        names += ["event_kind", "event_degree", "loss_fen", "own_cost_fen"]
    form: Form = type("AskedForm", (Form,), {name: ASKED[name](benefit) for name in names})(posted)
    for field in form:
        field.validators = _OPTIONAL
    return form


def changed(what: Since, latest: Finding | None) -> str:
    """What changed since the calculation, and what it would come to today; empty where nothing did."""
    if not what.stale or latest is None:
        return ""
    parts = [gettext("the facts of the family")] if what.facts else []
    parts += [gettext("the figure “%(name)s”", name=figure_name(key)) for key in what.figures]
    text = gettext("Since this calculation something has changed: %(what)s.", what=listed(parts))
    if what.now and verdict(what.now) != verdict(latest.result):
        text += gettext(" Today it comes to: %(verdict)s.", verdict=verdict(what.now))
    return text + gettext(" Calculate again before it is decided.")


def suggestion(file: CaseFile) -> str:
    """Which decision of a recheck follows from its calculation."""
    step = suggested(file.facts)
    return gettext("By the rules: %(step)s.", step=label(step)) if step else ""


def calculate_now(id: str) -> ResponseReturnValue:
    """Calculate the case by the figures of the day and store the finding."""
    benefit = get_case(db.session, actor(), id)
    form = asked(benefit, request.form)
    if not form.validate():
        return _back(id, " ".join(str(error) for field in form for error in field.errors))
    try:
        found = calculate(db.session, benefit, actor(), now(), figures(), Told(**form.data))
    except Refused as refused:
        db.session.rollback()
        return _back(id, " ".join(sentence(reason) for reason in refused.reasons))
    db.session.commit()
    return _back(id, gettext("Calculated: %(verdict)s.", verdict=verdict(found.result)), "success")


def _back(id: str, text: str, kind: str = "error") -> ResponseReturnValue:
    """To the dialog that asked for it, else to the calculation on the case page."""
    flash(text, kind)
    then = next((action for action in Action if action.value == request.form.get("then")), None)
    if then is not None:
        return redirect(url_for("case.step", id=id, action=then.value), 303)
    return redirect(url_for("case.page", id=id) + "#calculation", 303)


def finding(id: str, number: str) -> ResponseReturnValue:
    """One stored calculation of a case, as it was."""
    file = open_file(db.session, actor(), id, figures(), today())
    wanted = parse_id(number)
    found = next((one for one in file.findings if one.id == wanted), None)
    if found is None:
        found = db.session.get(Finding, wanted) if wanted is not None else None
    if found is None or found.benefit_id != file.benefit.id:
        abort(404)
    return render_template(
        "panel/case_finding.html", benefit=file.benefit, finding=found, steps=resting(file.events).get(found.id, "")
    )


def add_to(bp: Blueprint) -> None:
    """Give the blueprint of the case page its calculations."""
    bp.add_url_rule("/<id>/calculate/", "calculate", calculate_now, methods=("POST",))
    bp.add_url_rule("/<id>/finding/<number>/", "finding", finding)
