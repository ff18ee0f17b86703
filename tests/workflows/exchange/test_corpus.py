"""Every file of the corpus ends as it should: refused whole, or row by row, never with a crash."""

import html
import io

import pytest
from sqlalchemy import select

from models import ImportRow
from tests.workflows.exchange import rosters
from tests.workflows.exchange.corpus import AWKWARD
from tests.workflows.exchange.test_hostile_files import REFUSED
from workflows.exchange.reading import read_sheet

pytestmark = pytest.mark.usefixtures("in_process")
LEAST = 60


def test_the_corpus_is_large_enough():
    assert len(AWKWARD) + len(REFUSED) >= LEAST
    assert len(AWKWARD) >= 55 and len(REFUSED) >= 40


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_file_is_taken_row_by_row(session, reviewer, name):
    data, filename, expected = AWKWARD[name]
    batch = rosters.staged(session, read_sheet(data, filename), reviewer)
    rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no)).all()
    refused = {row.row_no: {one["code"] for one in row.problems if not one["warning"]} for row in rows
               if row.outcome == "refused"}  # fmt: skip
    assert {number: code for number, code in expected.items() if code in refused.get(number, ())} == dict(expected)
    assert set(refused) == set(expected)


def test_no_file_of_the_corpus_breaks_the_page(app, clock):
    from tests.signing_in import browser_of, settle

    ids = settle(app)
    browser = browser_of(app, ids["county_reviewer"], clock.at)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    corpus = {name: told[:2] for files in (REFUSED, AWKWARD) for name, told in files.items()}
    broken = {}
    for name, (data, filename) in corpus.items():
        content = data() if callable(data) else data
        shown = browser.get("/import/").get_data(as_text=True)
        key = shown.partition('name="key" value="')[2].partition('"')[0]
        form = {"key": html.unescape(key), "file": (io.BytesIO(content), filename)}
        answer = browser.post("/import/", data=form, content_type="multipart/form-data")
        if answer.status_code not in (303, 413, 422):
            broken[name] = answer.status_code
    assert broken == {}
