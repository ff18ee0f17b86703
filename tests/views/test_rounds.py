"""The page of a round leads on through a village with more families than one page holds."""

import html

import pytest
from sqlalchemy.orm import Session

from policy.vocabulary import Role, Stage
from tests import factories
from tests.signing_in import browser_of, settle
from views.db import db
from workflows import audit, rounds
from workflows.actor import SYSTEM


@pytest.fixture
def worker(app, clock, monkeypatch):
    """A village worker of three families, two on a page."""
    monkeypatch.setattr(rounds, "MOST", 2)
    ids = settle(app)
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clock())
        for name in ("甲一", "乙二", "丙三"):
            factories.benefit(session, factories.household(session, head_name=name, address="1组"), Stage.ACTIVE)
        session.commit()
    return browser_of(app, ids[str(Role.VILLAGE_WORKER)], clock.at)


def test_all_families_are_counted_and_the_next_page_has_the_rest(worker):
    first = html.unescape(worker.get("/round/?show=all").get_data(as_text=True))
    assert "甲一" in first and "丙三" not in first and "3 户" in first
    where = f"/round/?page=2&village={factories.VILLAGE}&show=all"
    assert where in first
    second = html.unescape(worker.get(where).get_data(as_text=True))
    assert "丙三" in second and "甲一" not in second and "3 户" in second
    assert worker.get("/round/?show=all&page=x").status_code == 200


def test_a_village_that_fits_one_page_has_no_pages(worker, monkeypatch):
    monkeypatch.setattr(rounds, "MOST", 3)
    shown = worker.get("/round/?show=all").get_data(as_text=True)
    assert 'rel="next"' not in shown and "丙三" in shown
