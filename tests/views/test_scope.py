"""Every route × every role × a row in reach and one elsewhere, read and write; nothing is open that is not listed."""

from itertools import product
from urllib.parse import quote

import pytest
from flask import Flask, url_for
from sqlalchemy import inspect, select

from models import Base
from policy.vocabulary import Role
from tests.signing_in import browser_of
from tests.views.samples import SAMPLES, Sample, World, build
from tests.views.standing import Standing
from views.db import db
from views.permissions import PUBLIC, ROUTES, may
from workflows import keys

BARE = Sample(lambda its: {}, scoped=False)
REFUSED, ELSEWHERE = 403, 404
STRANGE_IDS = ("0", "-1", "1,2", "9" * 30, "１", "1e3", "x", "1 ", "%00", "0x1", "1.0", "null")
STRANGE_QUERIES = (
    "page=-1", "page=0", "page=99999999999999999999", "page=x", "size=0", "size=7", "size=100000", "sort=id_no_sealed",
    "sort=stage", "sort=--id", "sort=", "sort=%00", "township=%27--", "township=511526101", "village=5115", "scheme=x",
    "stage=active'", "due=never", "found=1,2", "found=" + "9" * 40, "found=" + ".".join("1" * 400), "name=%00%ff",
    "name=" + "%E5%BC%A0" * 300, "from=2026-02-31", "until=99999-01-01", "from=x", "until=9999-12-31", "who=%25",
    "before=-5", "before=" + "9" * 30, "flt0_0=1", "cause[]=1", "page=1&page=2", "standing=all&standing=gone",
)  # fmt: skip


@pytest.fixture
def office(stand) -> Standing:
    return stand(build)


@pytest.fixture
def panel(office) -> Flask:
    return office.app


@pytest.fixture
def world(office) -> World:
    return office.made


def rules(app: Flask) -> dict[str, list]:
    found: dict[str, list] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.endpoint, []).append(rule)
    return found


def methods(app: Flask, endpoint: str) -> list[str]:
    return sorted({m for rule in rules(app)[endpoint] for m in rule.methods} & {"GET", "POST"})


def address(app: Flask, endpoint: str, its) -> str:
    with app.test_request_context():
        return url_for(endpoint, **SAMPLES.get(endpoint, BARE).arguments(its))


def send(browser, method: str, where: str, form: dict) -> int:
    return browser.open(where, method=method, data=form if method == "POST" else None).status_code


def rows_of(app: Flask, its) -> dict[str, object]:
    """The family's own rows as they stand."""
    with app.app_context():
        found = {}
        for mapper in Base.registry.mappers:
            name = mapper.class_.__tablename__
            if name in its and name != "entry":
                row = db.session.execute(select(*mapper.class_.__table__.c).where(mapper.class_.id == its[name])).one()
                found[name] = tuple(row)
        return found


def test_every_route_has_a_line_in_the_table_and_every_line_a_route(panel):
    assert set(rules(panel)) == PUBLIC | set(ROUTES)


def test_every_route_with_something_in_its_address_has_a_sample(panel):
    with_arguments = {e for e, found in rules(panel).items() if e not in PUBLIC and any(r.arguments for r in found)}
    assert with_arguments <= set(SAMPLES), f"add to tests/views/samples.py: {sorted(with_arguments - set(SAMPLES))}"
    assert set(SAMPLES) <= set(ROUTES)


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
def test_a_role_meets_only_its_routes_and_only_rows_in_reach(endpoint, office, panel, world):
    sample = SAMPLES.get(endpoint, BARE)
    untouched = rows_of(panel, world.foreign)
    wrong, tries = [], {"elsewhere": world.foreign, "in reach": world.own}
    asked = {where: (address(panel, endpoint, its), sample.form(its)) for where, its in tries.items()}
    if not sample.scoped and asked["elsewhere"] == asked["in reach"]:
        del asked["elsewhere"]  # one and the same request
    for method, role in product(methods(panel, endpoint), office.people):
        for where, (there, form) in asked.items():
            got = send(office.as_(role), method, there, form)
            if not may(role, endpoint):
                right = got == REFUSED
            elif where == "elsewhere" and sample.scoped:
                right = got == ELSEWHERE
            else:
                right = got in sample.answers or (got not in (401, REFUSED, ELSEWHERE, 405) and got < 500)
            if not right:
                wrong.append((method, str(role), where, got))
    assert not wrong
    assert rows_of(panel, world.foreign) == untouched


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
def test_a_stranger_is_sent_to_the_login_page_from_everywhere(endpoint, panel, world):
    for method in methods(panel, endpoint):
        answer = panel.test_client().open(address(panel, endpoint, world.own), method=method)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/login")


NUMBERED = sorted(e for e, sample in SAMPLES.items() if sample.scoped or e.split(".")[0] in ("users", "account"))


@pytest.mark.parametrize("endpoint", NUMBERED)
def test_an_address_that_names_no_row_is_not_found(endpoint, office, panel, world):
    role = next(role for role in Role if may(role, endpoint))
    arguments = SAMPLES[endpoint].arguments(world.own)
    name = next(name for name in ("id", "of", "row_id", "place") if name in arguments)
    wrong = []
    for strange, method in product(STRANGE_IDS, methods(panel, endpoint)):
        with panel.test_request_context():
            where = url_for(endpoint, **{**arguments, name: 987654}).replace("987654", quote(strange))
        got = send(office.as_(role), method, where, SAMPLES[endpoint].form(world.own))
        if got != ELSEWHERE:
            wrong.append((method, where, got))
    assert not wrong


@pytest.mark.parametrize("endpoint", sorted(e for e in ROUTES if e.endswith((".index_view", ".history_view"))))
def test_nothing_strange_in_an_address_breaks_a_list(endpoint, office, panel, world):
    role = next(role for role in Role if may(role, endpoint))
    where = address(panel, endpoint, world.own)
    answers = {query: office.as_(role).get(f"{where}?{query}").status_code for query in STRANGE_QUERIES}
    assert set(answers.values()) <= {200, 400}, answers
    assert answers["page=-1"] == 200


NEVER_SENT = ("9" * 5000, "9" * 30, "-1", "²", "٣", "1e9", "")
NUMBERS = {
    "visiting.record": "row_version", "visiting.new": "row_version", "import_undo.undo": "expected",
    "import_reading.decide": "header_row", "case.step": "row_version", "household_events.event": "row_version",
    "near_relative.strike": "row_version", "importing.choose": "page",
}  # fmt: skip


@pytest.mark.parametrize("endpoint", sorted(NUMBERS))
def test_a_number_that_no_form_of_ours_sends_is_no_fault(endpoint, office, panel, world):
    role = next(role for role in Role if may(role, endpoint))
    sample, answers = SAMPLES[endpoint], {}
    for text in NEVER_SENT:
        sent = {**sample.form(world.own), "key": keys.new_key(), NUMBERS[endpoint]: text, f"col-{text}": "name"}
        answers[text[:9]] = send(office.as_(role), "POST", address(panel, endpoint, world.own), sent)
    assert max(answers.values()) < 500, answers


def test_every_posting_route_refuses_a_form_without_its_token(make_app):
    app = make_app(WTF_CSRF_ENABLED=True)
    made = build(app)
    browser = browser_of(app, made.users[Role.SUPERVISOR])
    answers = {}
    for endpoint, found in rules(app).items():
        if any(rule.methods & {"POST", "PUT", "PATCH", "DELETE"} for rule in found):
            answers[endpoint] = browser.post(address(app, endpoint, made.own)).status_code
    assert set(answers.values()) == {400}, answers
    assert len(answers) > 20


def test_no_route_takes_any_other_unsafe_method(panel):
    every = {method for found in rules(panel).values() for rule in found for method in rule.methods}
    assert every == {"GET", "HEAD", "OPTIONS", "POST"}


def test_nothing_of_a_family_elsewhere_shows_in_any_list(office, panel, world):
    with panel.app_context():
        stranger = db.session.get_one(_model("household"), world.foreign["household"]).head_name
    lists = [e for e in ROUTES if e.endswith(".index_view") and may(Role.SUPERVISOR, e)]
    assert {"household.index_view", "member.index_view", "benefit.index_view", "visit.index_view"} <= set(lists)
    for endpoint in lists:
        page = office.as_(Role.SUPERVISOR).get(address(panel, endpoint, world.own)).get_data(as_text=True)
        assert stranger not in page, endpoint


def test_a_search_finds_nothing_that_lies_elsewhere(office, panel, world):
    with panel.app_context():
        member = db.session.get_one(_model("member"), world.foreign["member"])
        case_no = db.session.get_one(_model("benefit"), world.foreign["benefit"]).case_no
        near = member.id_no[:8] + ("7" if member.id_no[8] != "7" else "8") + member.id_no[9:]  # no other's is as near
        typed = [member.id_no, near, case_no]
    for term in typed:
        assert office.as_(Role.SUPERVISOR).post("/search/", data={"q": term}).status_code == ELSEWHERE


def _model(name: str):
    return next(m.class_ for m in Base.registry.mappers if inspect(m.class_).local_table.name == name)
