"""Choices on a preview that somebody else, or another window, changed since the page was drawn."""

import html
import re

import pytest
from sqlalchemy import select

from models import Household, ImportRow, Member
from tests.signing_in import settle
from tests.views.answers import count
from tests.views.test_import_steps import form_of, raw
from tests.views.test_importing import Desk
from tests.workflows.exchange import sheets
from tests.workflows.exchange.conftest import in_process  # noqa: F401
from tests.workflows.exchange.rosters import HOUSEHOLD, person
from views.db import db

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def desk(app, clock):
    return Desk(app, settle(app), "county_reviewer", clock)


def drawn(desk, where, tab="new"):
    """What a browser would send of a list as it is drawn now: its fields, and what tells the reading of the file."""
    page = raw(desk, f"{where}?tab={tab}")
    rows = re.findall(r'<select [^>]*name="(row-\d+-\w+)"[^>]*>.*?value="(\w+)" selected', page)
    cells = re.findall(r'name="(cells-\d+)" value="([^"]*)"', page)
    ticked = [(name, "on") for name in re.findall(r'name="(cell-\d+-\w+-\w+)" checked', page)]
    told = {"tab": tab, "reading": re.search(r'name="reading" value="(\w+)"', page)[1]}
    return told | dict(rows) | dict(cells) | dict(ticked)


def rows_of(form):
    return [name for name in form if name.startswith("row-")]


def choices(app):
    with app.app_context():
        return list(db.session.scalars(select(ImportRow.choice).order_by(ImportRow.batch_id, ImportRow.row_no)))


def send(desk, where, form, **changes):
    return desk.browser.post(f"{where}choose", data={**form, **changes})


def test_what_a_window_only_shows_does_not_overwrite_what_was_chosen_since_it_was_opened(app, desk):
    where = desk.staged(person(101), person(103), person(105))
    stale = drawn(desk, where)
    first, second, _ = rows_of(stale)
    assert send(desk, where, stale, **{first: "skip"}).status_code == 303
    assert desk.press(where, "apply", **{**stale, second: "skip"}).status_code == 303
    assert count(app, Member) == 1 and choices(app) == ["skip", "skip", "take"]


@pytest.mark.parametrize("verb", ["choose", "apply"])
def test_where_both_chose_differently_the_earlier_choice_stays_and_the_row_is_shown_again(app, desk, verb):
    desk.imported(person(101), person(103))
    where = desk.staged(person(101, 民族="苗族"), person(103, 民族="苗族"), person(105))
    stale = drawn(desk, where, "changed")
    first, second = rows_of(stale)
    send(desk, where, stale, **{first: "keep"})
    answer = desk.press(where, verb, **{**stale, first: "skip", second: "skip"})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409 and "有 1 行已在别处改选" in page
    assert "第 2 行 户主101：现为“保留原值，只补空白”，本页选的是“略过”" in page
    assert ("没有导入任何内容" in page) == (verb == "apply")
    number = first.split("-")[1]
    assert f'href="#row-{number}"' in page and f'name="row-{number}-keep" id="row-{number}"' in page  # of the same list
    assert choices(app)[-3:-1] == ["keep", "skip"] and count(app, Member) == 2


def test_who_chose_the_same_elsewhere_is_in_nobodys_way(app, desk):
    where = desk.staged(person(101), person(103))
    stale = drawn(desk, where)
    first = rows_of(stale)[0]
    for _ in range(2):
        assert send(desk, where, stale, **{first: "skip"}).status_code == 303
    assert choices(app) == ["skip", "take"]


def test_cells_that_two_windows_left_out_are_all_left_out(app, desk):
    desk.imported(name="低保家庭.csv", data=sheets.csv_bytes(sheets.households(HOUSEHOLD)))
    told = HOUSEHOLD | {"家庭住址": "新址", "开户银行": "另一信用社", "联系电话": "13900009999"}
    where = desk.staged(name="低保家庭.csv", data=sheets.csv_bytes(sheets.households(told)))
    stale = drawn(desk, where, "changed")
    boxes = {name.split("-")[2]: name for name in stale if name.startswith("cell-")}
    assert set(boxes) == {"address", "bank", "phone"}
    for field in ("address", "bank"):
        left = {name: value for name, value in stale.items() if name != boxes[field]}
        assert desk.browser.post(f"{where}choose", data=left).status_code == 303
    fresh = drawn(desk, where, "changed")
    assert sorted(re.search(r"'(cells-\d+)': '([^']*)'", str(fresh))[2].split()) == ["-address", "-bank", "phone"]
    again = {**fresh, boxes["address"].replace("-on", "-off"): "on"}
    assert desk.browser.post(f"{where}choose", data=again).status_code == 303
    assert desk.press(where, "apply").status_code == 303
    with app.app_context():
        home = db.session.scalars(select(Household)).one()
        assert "新址" in home.address and home.phone == "13900009999" and home.bank == HOUSEHOLD["开户银行"]


@pytest.mark.parametrize("form", [{}, {"all": "skip"}, {"row": "skip"}], ids=["import", "all", "one"])
def test_a_window_that_shows_an_earlier_reading_of_the_file_decides_nothing(app, desk, form):
    where = desk.staged(person(101), person(103))
    stale = drawn(desk, where)
    read = form_of(raw(desk, f"{where}read"), do="check", header_row="1")
    assert desk.browser.post(f"{where}read", data=read).status_code == 303
    assert rows_of(drawn(desk, where)) == rows_of(stale)  # rows read anew bear the same numbers
    told = {rows_of(stale)[0]: form["row"]} if "row" in form else form
    answer = desk.press(where, "choose" if form else "apply", **{**stale, **told})
    assert answer.status_code == 422 and "文件已重新识别" in answer.get_data(as_text=True)
    assert choices(app) == ["take", "take"] and count(app, Member) == 0
    assert desk.press(where, "apply", **drawn(desk, where)).status_code == 303 and count(app, Member) == 2
