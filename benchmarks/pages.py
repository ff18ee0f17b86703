"""The main pages, each as the person sees it who works with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.county import MOMENT
from benchmarks.measure import Measured, measure
from models import Benefit, Household, Member, User, Visit
from policy.vocabulary import Role, Stage
from views.db import db
from workflows import audit, sessions
from workflows.actor import SYSTEM

TOWN = "township=511526100"
V, T, C, S = Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER, Role.COUNTY_REVIEWER, Role.SUPERVISOR

LISTS = {
    "households": (C, "/household/"),
    "households, village": (V, "/household/"),
    "households, township": (C, f"/household/?{TOWN}"),
    "households, sorted by name": (C, "/household/?sort=head_name"),
    "households, page 400": (C, "/household/?page=400"),
    "households, page 400 by name": (C, "/household/?page=400&sort=head_name"),
    "households, page 400 of a township": (C, f"/household/?page=400&{TOWN}"),
    "households, name of one character": (C, "/household/?name=张"),
    "households, name of two": (C, "/household/?name=张秀"),
    "households, initials": (C, "/household/?name=zx"),
    "households, nobody's name": (C, "/household/?name=欧阳龘"),
    "households, in grace": (C, "/household/?stage=grace"),
    "households, ill": (C, "/household/?cause=illness"),
    "households, visit overdue": (C, "/household/?visit=overdue"),
    "households, review near": (C, "/household/?review=near"),
    "households, all filters": (C, f"/household/?{TOWN}&scheme=dibao&stage=in_force&cause=illness&visit=quarter"),
    "households, another scheme": (C, "/household/?scheme=temporary"),
    "households, ill, page 9": (C, "/household/?cause=illness&page=9"),
    "members": (C, "/member/"),
    "members, village": (V, "/member/"),
    "members, township": (C, f"/member/?{TOWN}"),
    "members, sorted by name": (C, "/member/?sort=name"),
    "members, name of two": (C, "/member/?name=张秀"),
    "members, disabled limb": (C, "/member/?disability=limb"),
    "members, ill for long": (C, "/member/?illness=major"),
    "members, left": (C, "/member/?standing=left"),
    "members, left too, sorted": (C, "/member/?standing=all&sort=-name"),
    "benefits": (C, "/benefit/"),
    "benefits, undecided": (C, "/benefit/?stage=open"),
    "benefits, waiting and due soon": (T, "/benefit/?waiting=township_officer&due=soon"),
    "benefits, by review": (C, "/benefit/?sort=review_due_on"),
    "benefits, near relatives": (C, "/benefit/?mark=near_relative"),
    "visits, due soon": (C, "/visit/?due=soon"),
    "visits, overdue, township": (T, "/visit/?due=overdue"),
    "visits, done": (C, "/visit/?state=done"),
    "visits, nobody at home": (C, "/visit/?state=away"),
    "papers owed": (C, "/owed_paper/"),
    "record": (S, "/audit/"),
    "near relatives": (C, "/near-relatives/"),
}
"""Lists by name: who asks, and where; each takes at most six statements."""


@dataclass(frozen=True)
class Page:
    """A page of the walk: who asks, where, and what is posted when it is a form."""

    name: str
    who: Role
    address: str
    posted: Mapping[str, str] | None = None


def walked(app: Flask) -> list[Page]:
    """Every page of the walk, with the numbers of rows of this county."""
    its = _rows(app)
    others = [
        ("desk, village", V, "/desk/"),
        ("desk, officer", T, "/desk/"),
        ("desk, county", C, "/desk/"),
        ("desk, supervisor", S, "/desk/"),
        ("queue, officer", T, "/desk/queue"),
        ("queue, county", C, "/desk/queue"),
        ("family", C, f"/household/{its['household']}/"),
        ("family, history", C, f"/household/{its['household']}/history/"),
        ("family, edit", S, f"/household/{its['household']}/edit/"),
        ("person", C, f"/member/{its['member']}/"),
        ("visit", C, f"/visit/{its['visit']}/"),
        ("visit form", T, f"/household/{its['household']}/visit/"),
        ("case", T, f"/case/{its['case']}/"),
        ("case, county", C, f"/case/{its['case']}/"),
        ("step of a case", T, f"/case/{its['case']}/start_recheck/"),
        ("papers of a case", T, f"/files/case/{its['case']}/"),
        ("decision for print", T, f"/case/{its['case']}/paper/decision/"),
        ("notice for print", T, "/papers/notice/"),
        ("application", T, "/apply/"),
        ("import", C, "/import/"),
        ("account", C, "/account/"),
    ]
    typed = [
        ("search, ID number", its["id_no"]),
        ("search, last four", its["id_no"][-4:]),
        ("search, wrong number", _wrong(its["id_no"])),
        ("search, name", its["name"]),
        ("search, initials", "zxy"),
        ("search, case number", its["case_no"]),
    ]
    return [
        *(Page(*one) for one in others), *(Page(name, *where) for name, where in LISTS.items()),
        *(Page(name, C, "/search/", {"q": q}) for name, q in typed)
    ]  # fmt: skip


def walk(app: Flask, rounds: int, only: str = "") -> dict[str, Measured]:
    """Each page by its name; one that is answered with an error stands there with its status."""
    asked = [page for page in walked(app) if only in page.name]
    browser = cache(lambda who: browser_of(app, who))
    return {page.name: measure(app, _asking(browser(page.who), page), rounds) for page in asked}


def _asking(browser: FlaskClient, page: Page) -> Callable[[], Any]:
    if page.posted is None:
        return lambda: browser.get(page.address)
    return lambda: browser.post(page.address, data=page.posted)


def browser_of(app: Flask, role: Role) -> FlaskClient:
    """A browser in which the first person of a role is logged in."""
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, MOMENT)
        user = session.scalars(select(User).where(User.role == role).order_by(User.id).limit(1)).one()
        row, token = sessions.start(session, user, "127.0.0.1", "benchmark", MOMENT)
        row.passed_second_factor = True
        user.password_changed_at = MOMENT
        session.commit()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["token"] = token
    return browser


def _rows(app: Flask) -> dict[str, Any]:
    """Numbers of a large family of the first township in force, whose case has a story."""
    with app.app_context(), Session(db.engine) as session:
        here = (Benefit.stage == Stage.ACTIVE, Benefit.township_code == "511526100", Benefit.taken_over.is_(False))
        query = select(Benefit).join(Household).where(*here)
        case = session.scalars(query.order_by(Benefit.persons.desc(), Benefit.id).limit(1)).one()
        member = session.scalars(select(Member).where(Member.household_id == case.household_id).limit(1)).one()
        visit = session.scalars(select(Visit.id).where(Visit.household_id == case.household_id).limit(1)).first()
        return {
            "household": case.household_id, "case": case.id, "case_no": case.case_no, "member": member.id,
            "visit": visit, "id_no": member.id_no, "name": member.name,
        }  # fmt: skip


def _wrong(number: str) -> str:
    return number[:9] + str((int(number[9]) + 1) % 10) + number[10:]
