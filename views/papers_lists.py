"""Papers of a place: the notice of a village, who receives aid, a month's movements, the near-relative register.

``ROLLS`` names them. Each is a draft until it is issued; then what was posted or sent is what is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l

from models import IssuedPaper
from policy import letters
from policy.calendar import month_after
from policy.clauses import notice_clause, publication_clause
from policy.division_codes import township_of
from policy.paper_numbers import Number
from policy.vocabulary import Role, Scheme
from views import papers_kept, papers_rolls, places
from views.context import actor, now, today
from views.db import afresh, db
from views.formats import options
from views.i18n import CHINESE
from views.panel.masked import WHY
from views.papers_bar import Bar
from views.papers_made import BODY_ALONE, around_body, style
from views.papers_rolls import PUBLIC, Wanted
from views.papers_text import where
from views.reasons import sentence
from workflows import audit, issuing, paper_words
from workflows.issuing import Printed, Sheet
from workflows.reason import Refused, Stale

VILLAGE, TOWNSHIP, COUNTY = 12, 9, 6


@dataclass(frozen=True)
class Roll:
    """A paper of a place: whose ``levels`` of places it is made for, for which schemes, by month or as it stands."""

    code: str
    title: Any
    rows: papers_rolls.Rows
    levels: tuple[int, ...]
    family: str = "list"
    numbered: bool = False
    numbers: bool = False
    monthly: bool = True
    schemes: tuple[Scheme, ...] = PUBLIC
    closed_to: frozenset[Role] = field(default=frozenset())
    mark: Callable[[Wanted, dict[str, Any]], str] = field(default=lambda want, told: f"{want.month:%Y-%m}")


ROLLS = {
    roll.code: roll
    for roll in (
        Roll("notice", _l("Public notice"), papers_rolls.on_notice, (VILLAGE, TOWNSHIP), family="letter", numbered=True,
             monthly=False, schemes=papers_rolls.NOTIFIED,
             mark=lambda want, told: papers_rolls.mark_of(told["events"])),
        Roll("publish", _l("Publication of recipients"), papers_rolls.recipients, (VILLAGE, TOWNSHIP), family="letter",
             numbered=True),
        Roll("movements", _l("Who came and went in a month"), papers_rolls.movements, (TOWNSHIP,), numbers=True,
             schemes=tuple(Scheme)),
        Roll("near_relatives", _l("Register of near relatives"), papers_rolls.registered, (TOWNSHIP, COUNTY),
             numbers=True, schemes=(Scheme.DIBAO,), closed_to=frozenset({Role.VILLAGE_WORKER}),
             mark=lambda want, told: f"{want.month:%Y-%m}"),
    )
}  # fmt: skip


CLAUSES: dict[str, Callable[[Scheme, date], str]] = {"notice": notice_clause, "publish": publication_clause}
"""What a paper of a place rests on, by scheme and day; the cases of a notice each on the rule that they go by."""


def _nothing(scheme: Scheme, on: date) -> str:
    return ""


def add_routes(bp: Blueprint) -> None:
    """The addresses of papers of a place."""
    bp.add_url_rule("/papers/lists/", "lists", lists)
    bp.add_url_rule("/papers/list/<kind>/", "list_page", page)
    bp.add_url_rule("/papers/list/<kind>/issue/", "list_issue", issue, methods=["POST"])
    bp.add_url_rule("/papers/list/<kind>/full/", "list_full", full, methods=["POST"])


def lists() -> ResponseReturnValue:
    """Which papers of a place there are, to be chosen by place, scheme and month."""
    return render_template(
        "papers/lists.html", rolls=[roll for roll in ROLLS.values() if actor().role not in roll.closed_to],
        places_of=_places, months=_months(),
        named={roll.code: options(roll.schemes) for roll in ROLLS.values()},
    )  # fmt: skip


def page(kind: str) -> ResponseReturnValue:
    """A paper of a place as it was issued, else (or with ``?draft=1``) as it would be issued now."""
    roll, want = _asked(kind)
    told = roll.rows(want, False)
    kept = issuing.latest(db.session, _key(roll, want, told))
    if kept is not None and "draft" not in request.args:
        return papers_kept.show(kept, _bar(roll, want, kept=kept))
    may = not _nobody(told) and not issuing.faults_of(actor(), _sheet(roll, want, told))
    bar = _bar(
        roll, want, issue=_address("papers.list_issue", roll, want) if may else "", after=kept.id if kept else None
    )
    return _draft(roll, want, told, bar)


def issue(kind: str) -> ResponseReturnValue:
    """Issue a paper of a place; again with a reason, after a correction."""
    roll, want = _asked(kind)
    told = roll.rows(want, False)
    if _nobody(told):
        return _refused(gettext("Nobody is on notice there: there is nothing to issue."), roll, want, 422)
    after, why = request.form.get("after", type=int), request.form.get("why", "")[: issuing.LONGEST_WHY]

    def render(number: Number | None, before: IssuedPaper | None) -> Printed:
        more = {"replaces": issuing.number_of(before) or before.on, "replaced_on": before.on} if before else {}
        whole = _body(roll, want, roll.rows(want, True), number, **more) if roll.numbers else None
        return Printed(_body(roll, want, told, number, **more), style(), whole)

    try:
        issuing.issue(db.session, actor(), now(), _sheet(roll, want, told), render, after, why)
        db.session.commit()
    except Stale:
        return _refused(gettext("Somebody else issued it again meanwhile; look at that paper first."), roll, want, 409)
    except Refused as refused:
        return _refused(" ".join(str(sentence(one)) for one in refused.reasons), roll, want, 422)
    return redirect(f"{_address('papers.list_page', roll, want)}#print", 303)


def full(kind: str) -> ResponseReturnValue:
    """A list with whole numbers, for a stated reason, on record."""
    roll, want = _asked(kind)
    why = request.form.get("reason", "")
    if not roll.numbers:
        abort(404)
    if why not in dict(WHY):
        return _refused(gettext("Say why the full numbers are needed."), roll, want, 422)
    told = {"field": "id_no", "paper": roll.code, "place": want.place, "month": f"{want.month:%Y-%m}"}
    audit.record(db.session, actor(), now(), "reveal", reason=why, after=told, table="issued_paper")
    db.session.commit()
    kept = issuing.latest(db.session, _key(roll, want, roll.rows(want, False)))
    bar = Bar(_address("papers.list_page", roll, want))
    return papers_kept.show(kept, bar, full=True) if kept else _draft(roll, want, roll.rows(want, True), bar)


def _nobody(told: dict[str, Any]) -> bool:
    """Whether it is a notice of nobody, which takes no number and is kept by nobody."""
    return told.get("events") == []


def _asked(kind: str) -> tuple[Roll, Wanted]:
    """The list that the address asks for; answers 404 for a place that is not the reader's, or of another level."""
    roll, args = ROLLS.get(kind), request.args
    place = args.get("place") or args.get("village", "")
    if roll is None or actor().role in roll.closed_to:
        abort(404)
    if len(place) not in roll.levels or place not in places.names() or not place.startswith(actor().division_code):
        abort(404)
    scheme = next((s for s in roll.schemes if s.value == args.get("scheme", Scheme.DIBAO.value)), None) or abort(404)
    return roll, Wanted(place, scheme, _month(args.get("month", "")) if roll.monthly else today().replace(day=1))


def _month(text: str) -> date:
    if not text:
        return today().replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        abort(404)
    return month if date(2010, 1, 1) <= month <= today() else abort(404)


def _key(roll: Roll, want: Wanted, told: dict[str, Any]) -> str:
    return f"{roll.code}:{want.place}:{want.scheme.value}:{roll.mark(want, told)}"


def _sheet(roll: Roll, want: Wanted, told: dict[str, Any]) -> Sheet:
    return Sheet(
        key=_key(roll, want, told), kind=roll.code, family=roll.family, numbered=roll.numbered,
        title=_title(roll, want, told), office_code=township_of(want.place), township_code=township_of(want.place),
        village_code=want.place,
    )  # fmt: skip


def _title(roll: Roll, want: Wanted, told: dict[str, Any]) -> str:
    return f"{places.where(want.place)}{_name(roll, want, told)}"


def _name(roll: Roll, want: Wanted, told: dict[str, Any]) -> str:
    """What the paper is called; a notice with nothing but second ones says so."""
    second = bool(told.get("by_rule")) and all(approving for _, approving, _ in told["by_rule"])
    return letters.title_of("second_notice" if second else roll.code, want.scheme)


def _body(roll: Roll, want: Wanted, told: dict[str, Any], number: Number | str | None, **more: Any) -> str:
    with force_locale(CHINESE):
        return render_template(
            f"papers/{roll.code}.html", layout=BODY_ALONE, number=str(number) if number else "", want=want,
            name=_name(roll, want, told), scheme=letters.FORMAL_NAME[want.scheme], on=today(),
            basis=letters.full_title(CLAUSES.get(roll.code, _nothing)(want.scheme, _ruled_on(want))),
            persons_only=want.scheme is Scheme.TEKUN, once=want.scheme is Scheme.TEMPORARY,
            money=letters.money_name(want.scheme), ends=month_after(want.month), by=actor().name, place=places.name,
            **where(want.place), **told, **more,
        )  # fmt: skip


def _ruled_on(want: Wanted) -> date:
    """The day whose rule a list names: of a month that is over its last, whenever it is printed; else today."""
    return min(today(), month_after(want.month) - timedelta(days=1))


def _draft(roll: Roll, want: Wanted, told: dict[str, Any], bar: Bar) -> str:
    word = paper_words.words(db.session)[township_of(want.place)] if roll.numbered else ""
    number = f"{word}〔{today().year}〕　　号" if word else None
    printed = {"case_no": "", "by": actor().name, "at": now()}
    return around_body(_body(roll, want, told, number), roll.family, draft=True, bar=bar.markup(), printed=printed,
                       title=_title(roll, want, told))  # fmt: skip


def _bar(roll: Roll, want: Wanted, kept: IssuedPaper | None = None, issue: str = "", after: int | None = None) -> Bar:
    again = f"{_address('papers.list_page', roll, want)}&draft=1"
    links = [(gettext("Issue again after a correction"), again)] if kept else []
    ask = _address("papers.list_full", roll, want) if roll.numbers else ""
    return Bar(url_for("papers.lists"), links, ask, issue, after, kept=kept)


def _address(endpoint: str, roll: Roll, want: Wanted) -> str:
    month = f"{want.month:%Y-%m}" if roll.monthly else None
    return url_for(endpoint, kind=roll.code, place=want.place, scheme=want.scheme.value, month=month)


def _places(roll: Roll) -> list[tuple[str, str]]:
    mine = actor().division_code
    return [(code, places.where(code)) for code in places.names() if len(code) in roll.levels and code.startswith(mine)]


def _months() -> list[str]:
    """The present month and the eleven before it."""
    year, month = today().year, today().month
    return [f"{(year * 12 + month - 1 - n) // 12}-{(year * 12 + month - 1 - n) % 12 + 1:02d}" for n in range(12)]


def _refused(message: Any, roll: Roll, want: Wanted, status: int) -> ResponseReturnValue:
    with afresh():
        return render_template(
            "panel/refused.html", message=message, back=_address("papers.list_page", roll, want)
        ), status
