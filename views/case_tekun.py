"""What the case page shows of 特困: each person's care, wish, agreement and home; the county's lot; the ending."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import TekunPerson
from policy.clauses import in_force
from policy.vocabulary import IN_FORCE, RUNNING, Action, EndReason, HomeGround, Mode, Role, Scheme, SelfCare, Stage
from views.case_file import CaseFile
from views.case_words import headed, listed, noted
from views.context import actor, today
from views.db import db
from views.formats import day, label
from workflows.machine import rules_of

READS_GROUND = frozenset({Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER})
"""Who decides where somebody may live, and so may read for which illness a home is barred."""


class Supported(NamedTuple):
    """One person of the case: name, and what is known, each with its word."""

    name: str
    facts: list[tuple[str, str]]
    lacks_agreement: bool


class Support(NamedTuple):
    """What the card shows: people, what the county drew, whether an ending hangs out."""

    people: list[Supported]
    notes: list[str]


def support_of(file: CaseFile) -> Support | None:
    """The card of a 特困 case; None for every other."""
    if file.benefit.scheme is not Scheme.TEKUN:
        return None
    query = select(TekunPerson).where(TekunPerson.benefit_id == file.benefit.id)
    rows = db.session.scalars(query.options(joinedload(TekunPerson.member)).order_by(TekunPerson.id)).all()
    lacks = file.benefit.agreement_lacking_since is not None
    return Support([_person(row, lacks) for row in rows], [*_to_ask(file, rows), *_notes(file)])


def _person(row: TekunPerson, lacks: bool) -> Supported:
    at_home = row.wish is not Mode.CENTRAL
    facts = [
        (gettext("Self-care"), _care(row)),
        (gettext("Chosen support"), noted(label(row.wish), gettext("expressed by %(who)s", who=row.wish_by))
         if row.wish else ""),
        (gettext("Guardian"), noted(row.guardian, day(row.agreement_on)) if row.agreement_on else ""),
        (gettext("Support home"), _home(row)),
        (gettext("Referred to"), noted(row.referred_to, _ground(row)) if row.referred_to else ""),
    ]  # fmt: skip
    return Supported(row.member.name, [(name, text) for name, text in facts if text],
                     lacks and at_home and row.agreement_on is None and row.member.present)  # fmt: skip


def _care(row: TekunPerson) -> str:
    if row.assessed_on is None or row.unmet is None:
        return ""
    unmet = [label(SelfCare(code)) for code in row.items.split()]
    text = gettext("not met: %(items)s", items=listed(unmet)) if unmet else gettext("all six items met")
    return noted(text, day(row.assessed_on))


def _home(row: TekunPerson) -> str:
    if not row.home:
        return ""
    text = noted(row.home, gettext("since %(day)s", day=day(row.home_from)))
    return headed(text, gettext("left on %(day)s", day=day(row.home_until))) if row.home_until else text


def _ground(row: TekunPerson) -> str:
    if actor().role not in READS_GROUND or row.ground in (None, HomeGround.NONE):
        return ""
    return label(row.ground)


def _to_ask(file: CaseFile, rows: Sequence[TekunPerson]) -> list[str]:
    """Who left a home and is paid for one until the wish was asked and the support changed, with the clauses."""
    own = file.facts.tekun
    names = [row.member.name for row in rows if own and row.member_id in own.to_ask]
    if not names or file.benefit.stage not in RUNNING:
        return []
    rules = {rule.action: in_force(rule.clause, today()) for rule in rules_of(Scheme.TEKUN, Stage.ACTIVE)}
    text = gettext(
        "%(names)s left the home, and the amount for support in a home goes on. Ask for the wish (%(wish)s), then "
        "change the support (%(change)s).",
        names=listed(names), wish=rules[Action.RECORD_WISH], change=rules[Action.CHANGE_SUPPORT],
    )  # fmt: skip
    return [text]


def _notes(file: CaseFile) -> list[str]:
    own = file.facts.tekun
    found = []
    if own and own.to_check:
        visited = file.facts.county_visited
        found.append(
            gettext("Drawn for a visit of the county; it has been there.") if visited
            else gettext("Drawn for a visit of the county, which comes before the confirmation.")
        )  # fmt: skip
    if own and own.assess_by:
        found.append(gettext("A change of self-care was reported; it is assessed by %(day)s.", day=day(own.assess_by)))
    if own and own.end_until and file.benefit.stage in IN_FORCE:
        why = label(own.end_reason) if own.end_reason else ""
        until = gettext("The ending is on public notice until %(day)s", day=day(own.end_until))
        found.append(noted(until, why))
    return found


def told(event: Any) -> str:
    """What a step of 特困 says beside its verb, for the timeline; empty where it says nothing more."""
    data = event.data
    match event.action:
        case Action.ASSESS_SELF_CARE:
            return gettext("%(name)s, %(n)s of six items not met", name=data["name"], n=data["unmet"])
        case Action.RECORD_WISH:
            wish = label(Mode(data["mode"]))
            return gettext("%(name)s wishes: %(wish)s, expressed by %(who)s", name=data["name"], wish=wish,
                           who=data["by_name"])  # fmt: skip
        case Action.SIGN_AGREEMENT:
            return noted(data["name"], gettext("guardian %(who)s", who=data["guardian"]))
        case Action.PLACE_IN_HOME | Action.LEAVE_HOME:
            return listed([data["name"], data["home"]])
        case Action.REFER_ELSEWHERE:
            return listed([data["name"], data["referred_to"]])
        case Action.REPORT_CHANGE:
            return noted(data["name"], data["by_name"])
        case Action.CLOSE_NOTICE | Action.SUBMIT_REFUSAL if data.get("picked"):
            return gettext("drawn for a visit of the county")
        case Action.POST_END_NOTICE | Action.EXIT | Action.END_ON_DEATH if data.get("end_reason"):
            return label(EndReason(data["end_reason"]))
    return ""
