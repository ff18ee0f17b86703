"""What the case page shows beside the steps: linked cases, staged payments, and what the family may apply for.

A link to the application form opens it with the family, the scheme, and the case it goes on from.
"""

from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from models import Benefit, Finding
from policy.terms import exists_here
from policy.vocabulary import CLASSES, Action, Scheme, Stage
from views.case_file import CaseFile
from views.context import actor, figures, today
from views.db import db
from views.formats import label
from views.permissions import allowed
from workflows import links
from workflows.evidence import open_case_no

ADVISED = {"try_edge": Scheme.EDGE, "try_rigid": Scheme.RIGID, "try_dibao": Scheme.DIBAO}
"""Advice of a calculation that names another scheme to apply for."""


class Linked(NamedTuple):
    """Another case of the family: what it is to this one, and where it is shown."""

    benefit: Benefit
    what: str
    url: str


def linked(file: CaseFile) -> list[Linked]:
    """The cases that this one goes on from, or that go on from it."""
    return [
        Linked(other, _what(file.benefit, other), url_for("case.page", id=other.id))
        for other in links.linked(db.session, actor(), file.benefit)
    ]


def _what(here: Benefit, other: Benefit) -> str:
    before, after = (other, here) if here.follows_id == other.id else (here, other)
    back = before is other
    if before.scheme is after.scheme and after.scheme in CLASSES:
        return gettext("Renews") if back else gettext("Renewed by")
    if before.scheme is Scheme.TEMPORARY:
        return gettext("Completes the aid of") if back else gettext("Completed by")
    return gettext("Given while pending") if back else gettext("Aid given meanwhile")


def apply_links(file: CaseFile) -> list[tuple[str, str]]:
    """(words, address) of what the family may apply for from here; nothing for who takes no applications."""
    benefit = file.benefit
    if not allowed("application.index"):
        return []
    found: list[tuple[str, str]] = []
    if links.may_renew(benefit, today()):
        found.append((gettext("Apply for renewal"), form_url(benefit, benefit.scheme)))
    if links.may_follow_up(benefit):
        found.append((gettext("Apply for further aid"), form_url(benefit, Scheme.TEMPORARY)))
    if links.may_bridge(benefit):
        found.append((gettext("Apply for temporary aid meanwhile"), form_url(benefit, Scheme.TEMPORARY)))
    if benefit.stage in (Stage.REFUSED, Stage.EXITED):
        found += [
            (gettext("Apply: %(scheme)s", scheme=label(scheme)), form_url(benefit, scheme))
            for scheme in dict.fromkeys([*_after_support(file), *_advised(file)])
            if exists_here(figures(), scheme, benefit.village_code, today()) and not _open_already(benefit, scheme)
        ]  # fmt: skip
    return found


def _open_already(benefit: Benefit, scheme: Scheme) -> bool:
    """Whether the family applied for it meanwhile, and would be refused a second application."""
    if scheme is Scheme.TEMPORARY:
        return False
    return open_case_no(db.session, benefit.household_id, scheme, today()) is not None


def _after_support(file: CaseFile) -> list[Scheme]:
    """What is looked at when support of 特困 has ended (民发〔2021〕43号 第二十七条); nothing after a death."""
    ended = file.benefit.scheme is Scheme.TEKUN and file.benefit.stage is Stage.EXITED
    return [Scheme.DIBAO, Scheme.TEMPORARY] if ended and file.facts.living else []


def _advised(file: CaseFile) -> list[Scheme]:
    return schemes_in(file.finding)


def schemes_in(finding: Finding | None) -> list[Scheme]:
    """The other schemes that a calculation advises to apply for."""
    told = {row.get("code") for row in (finding.result.get("advice") or ())} if finding else set()
    return [scheme for code, scheme in ADVISED.items() if code in told]


def advised_of(benefit_id: int) -> list[Scheme]:
    """The other schemes that the latest calculation of a case advises to apply for."""
    query = select(Finding).where(Finding.benefit_id == benefit_id).order_by(Finding.id.desc()).limit(1)
    return schemes_in(db.session.scalars(query).first())


def watch_advised(file: CaseFile) -> bool:
    """Whether the calculation says that the refused family belongs on the watch list, where it is not yet."""
    if file.benefit.stage is not Stage.REFUSED or file.facts.watched or file.finding is None:
        return False
    return any(row.get("code") == "watch_list" for row in file.finding.result.get("advice") or ())


def form_url(benefit: Benefit, scheme: Scheme) -> str:
    """The application form for the family of a case, under another scheme or again."""
    return url_for(
        "application.index", household=benefit.household_id, scheme=scheme.value, follows=benefit.id,
    )  # fmt: skip


def stages_of_aid(file: CaseFile) -> list[dict[str, Any]]:
    """The staged payments of one approval, as they stand."""
    plan = file.facts.temporary.plan if file.facts.temporary else ()
    steps = (Action.PAY_INSTALMENT, Action.RECORD_PAYMENT)
    days = {event.data.get("nth"): event for event in file.events if event.action in steps}
    return [{"nth": nth, "one": one, "event": days.get(nth)} for nth, one in enumerate(plan, 1)]


def goods_of(file: CaseFile) -> str:
    """What was given in goods."""
    event = file.last(Action.CONFIRM, Action.PAY_FIRST)
    return str(event.data.get("goods", "")) if event else ""
