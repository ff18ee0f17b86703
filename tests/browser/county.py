"""A county in which every page has something to show, and addresses of pages as each role meets them."""

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from flask import Flask, url_for
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Benefit, User
from policy.vocabulary import Role
from tests import factories
from tests.browser.watching import CHINESE_DESKTOP
from tests.clock import START
from tests.views import samples
from tests.views.samples import SAMPLES, Its
from tests.views.standing import Standing
from tests.workflows.exchange.sheets import HOUSEHOLD, csv_bytes, households
from views.db import db
from views.permissions import ROUTES, may
from workflows import audit, demo
from workflows.actor import SYSTEM
from workflows.demo.county import SHOWN

KEY = re.compile(r'name="key" value="([^"]+)"')
CASE_LINK = re.compile(r'href="(/(?:case|papers|files)/[^"#]+)"')
FILES = ("attachments.download", "attachments.view", "importing.report", "simulation.export")
NOT_A_PAGE = frozenset({"static", "bootstrap.static", *FILES})


class Seats(dict[Role, int]):
    """User ids by role, with the numbers of the family that has a row of every kind."""

    own: Its


def settle(app: Flask) -> Seats:
    """Every story of the sample county, one family with a row of every kind, and a roster that waits for import."""
    with app.app_context(), Session(db.engine) as session:
        demo.fill(session, households=len(SHOWN), seed=1, on=START.date(), now=START)
        audit.attribute(session, SYSTEM, START)
        colleague = session.scalars(select(User).where(User.login == "xunchang.officer2")).one()
        rows = samples.family(session, factories.VILLAGE, colleague)
        own = {name: getattr(row, "id", row) for name, row in rows.items()}
        session.commit()
        first = select(AuditEntry.id).where(AuditEntry.household_id == own["household"]).limit(1)
        seats = Seats(_seated(session))
        seats.own = {**own, "entry": session.scalars(first).one()}
    return seats


def _seated(session: Session) -> Iterator[tuple[Role, int]]:
    """The first person of each role, in the first township where they are of one."""
    for role in Role:
        yield role, session.scalars(select(User.id).where(User.role == role).order_by(User.id).limit(1)).one()


def addresses(office: Standing, role: Role) -> Iterator[tuple[str, str]]:
    """Endpoint and address of every page the role may open, and of cases at every stage with their steps and papers."""
    for rule in sorted(office.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        opens = "GET" in rule.methods and rule.endpoint in ROUTES and rule.endpoint not in NOT_A_PAGE
        if opens and may(role, rule.endpoint) and not (rule.arguments and rule.endpoint not in SAMPLES):
            with office.app.test_request_context():
                sample = SAMPLES.get(rule.endpoint)
                yield rule.endpoint, url_for(rule.endpoint, **(sample.arguments(office.made.own) if sample else {}))
    if may(role, "case.page"):
        yield from _cases(office, role)


def _cases(office: Standing, role: Role) -> Iterator[tuple[str, str]]:
    browser = office.as_(role)
    for id in office.read(_one_of_each_stage):
        where = f"/case/{id}/"
        answer = browser.get(where)
        if answer.status_code == 200:
            yield "case.page", where
            main = answer.get_data(as_text=True).partition("<main")[2]
            for link in dict.fromkeys(CASE_LINK.findall(main.replace("&amp;", "&"))):
                yield re.sub(r"\d+", "n", link), link


def _one_of_each_stage(session: Session) -> list[int]:
    found: dict[tuple[str, ...], int] = {}
    query = select(Benefit).where(Benefit.village_code == factories.VILLAGE).order_by(Benefit.id)
    for case in session.scalars(query):
        found.setdefault((case.stage, case.scheme, case.urgent, case.special), case.id)
    return list(found.values())


def import_address(office: Standing, role: Role) -> str:
    """Where a roster of three families, one of them to be refused, waits to be imported."""
    here, nowhere = HOUSEHOLD | {"所属街": "巡场镇", "所属社": "新胜村"}, HOUSEHOLD | {"所属社": "无名村"}
    sheet = csv_bytes(households(here, here | {"户主身份证号": "5.13E+17"}, nowhere))
    browser = office.as_(role)
    key = KEY.search(browser.get("/import/").get_data(as_text=True))
    file = (io.BytesIO(sheet), "roster.csv")
    return browser.post("/import/", data={"key": key[1] if key else "", "file": file}).location


def logged_in(browser: Browser, base: str, office: Standing, role: Role, **options: object) -> BrowserContext:
    """A browser in which this person is logged in, without the way through the login page."""
    context = browser.new_context(**{**CHINESE_DESKTOP, **options})
    cookie = office.as_(role).get_cookie("doudi")
    context.add_cookies([{"name": "doudi", "value": cookie.value, "url": base}])
    return context


class _Shape(HTMLParser):
    VOID = frozenset({"input", "br", "hr", "img", "link", "meta", "col", "wbr", "source"})

    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []
        self.seen: set[tuple[str, ...]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = [f"{name}={value}" if name in ("class", "role", "type", "scope") else name for name, value in attrs]
        step = f"{tag} {' '.join(sorted(told))}"
        self.seen.add((*self.path[-2:], step))
        if tag not in self.VOID:
            self.path.append(step)

    def handle_endtag(self, tag: str) -> None:
        while self.path and self.path.pop().partition(" ")[0] != tag:
            pass


def shape(page: str) -> set[tuple[str, ...]]:
    """What a page is built of: each element with its attributes and the two around it, without texts and numbers."""
    parser = _Shape()
    parser.feed(page)
    return parser.seen
