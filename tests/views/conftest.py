"""The county that tests of lists and forms look into; a module that wants another one names its own ``office``."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from policy.vocabulary import Role
from tests.signing_in import browser_of, settle
from tests.views.happenings import family
from tests.views.samples import Its, build
from tests.views.standing import Standing


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """The small county settled in the app's database: the users' numbers by login name."""
    return settle(app)


@pytest.fixture(scope="module")
def small(stand: Callable[..., Standing]) -> Standing:
    """The small county put back once for a module, whose tests change nothing in it."""
    return stand(settle)


@pytest.fixture
def officer(small: Standing) -> FlaskClient:
    """The township officer's browser in the small county that nobody changes."""
    return small.as_("township_officer")


@pytest.fixture
def clerk(app: Flask, ids: dict[str, int]) -> FlaskClient:
    """The township officer's browser in a small county of one's own."""
    return browser_of(app, ids["township_officer"])


@pytest.fixture
def home(app: Flask, ids: dict[str, int]) -> tuple[int, list[int], int]:
    """A family of head, spouse and son on 低保 in that county; its number, its people's, the case's."""
    return family(app)


@pytest.fixture
def worker(app: Flask, ids: dict[str, int]) -> FlaskClient:
    """The village worker's browser in a small county of one's own."""
    return browser_of(app, ids["village_worker"])


@pytest.fixture
def office(stand: Callable[..., Standing]) -> Standing:
    """A county with a row of every kind in a family of one's own and in one elsewhere."""
    return stand(build)


@pytest.fixture
def own(office: Standing) -> Its:
    """The numbers of the rows in one's own place."""
    return office.made.own


@pytest.fixture
def supervisor(office: Standing) -> FlaskClient:
    """The browser of whoever may correct records."""
    return office.as_(Role.SUPERVISOR)


@pytest.fixture
def add(office):
    """Write into the county: `add(lambda session: …)`; the id of what the function returns."""
    return office.add


@pytest.fixture
def look(office):
    """The page at an address, as somebody sees it: `look("/household/", as_="supervisor")`."""

    def at(where, as_="county_reviewer"):
        answer = office.as_(as_).get(where)
        assert answer.status_code == 200, answer.status_code
        return answer.get_data(as_text=True)

    return at
