"""How many rows a list says it has where counting them would walk far, and that paging reaches every one of them."""

import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event

from models import HouseholdCause
from policy.vocabulary import Cause, Role, Stage
from tests.signing_in import settle as seat
from tests.views.listing import TODAY, case, family, heads
from tests.views.standing import Standing
from tests.views.walked import settle
from views.db import db
from views.panel import seeking
from views.panel.seeking import Page

ILL = "/household/?cause=illness"
COUNT = re.compile(r'<a href="([^"]+)">统计总数</a>')
NEXT = re.compile(r'<a href="([^"]+)" rel="next">')
SIZE = 20


@pytest.fixture
def office(stand):
    return stand(seat)


def families(add, ill, well=0, after=0):
    """So many families in difficulty for illness, two people each, among so many others older, and newer, than they."""

    def work(session):
        homes = [family(session, f"户{n:03}", members=2) for n in range(well + ill + after)]
        session.add_all(HouseholdCause(household_id=one.id, cause=Cause.ILLNESS) for one in homes[well : well + ill])

    add(work)


def link(page, pattern):
    """The address of a link, if the page has it."""
    found = pattern.search(page)
    return found and found[1].replace("&amp;", "&")


def walked(look, where, as_="county_reviewer"):
    """Every head of a list, by its links to the next page."""
    found = []
    while where:
        page = look(where, as_)
        found += heads(page)
        where = link(page, NEXT)
    return found


@pytest.fixture
def few(monkeypatch):
    """Lists look at thirty rows a page, and count no further than sixty."""
    monkeypatch.setattr(seeking, "NEAR", 30)
    monkeypatch.setattr(seeking, "MOST", 60)


# --- where row after row is looked at ---------------------------------------------------------------------------------


def test_when_all_rows_were_looked_at_the_number_is_exact(add, look, few):
    families(add, ill=25, well=5)
    page = look(ILL)
    assert "25 户 · 50 人" in page and link(page, COUNT) is None
    assert len(walked(look, ILL)) == 25


def test_when_one_row_was_not_looked_at_the_page_says_more_than_and_offers_to_count(add, look, few):
    families(add, ill=25, well=6)
    page = look(ILL)
    assert "超过 24 户" in page and "25 户" not in page  # thirty-one rows: six others, of which one is still unseen
    assert "25 户 · 50 人" in look(link(page, COUNT))
    assert len(walked(look, ILL)) == len(set(walked(look, ILL))) == 25


def test_a_page_without_one_row_left_for_the_next_gathers_all_that_fit(add, look, few):
    families(add, ill=SIZE, well=40)
    page = look(ILL)
    assert "20 户 · 40 人" in page and link(page, NEXT) is None


@pytest.mark.parametrize("ill", [1, 19, 20, 21, 45])
def test_few_that_fit_behind_many_that_do_not_are_gathered_and_counted(ill, add, look, few):
    families(add, ill=ill, after=50)
    assert f"{ill} 户 · {ill * 2} 人" in look(ILL)
    assert len(walked(look, ILL)) == ill


def test_nobody_who_fits_is_no_row(add, look, few):
    families(add, ill=0, well=40)
    assert "没有符合条件的记录" in look(ILL)


def test_far_more_than_are_counted_can_all_be_paged_to(add, look, few):
    families(add, ill=150, after=40)  # the first pages gather them, and stop counting
    page = look(ILL)
    assert "超过 60 户" in page
    assert walked(look, ILL) == [f"户{n:03}" for n in reversed(range(150))]


def test_pages_of_a_long_list_each_look_a_little_further(add, look, few):
    families(add, ill=150)
    assert walked(look, ILL) == [f"户{n:03}" for n in reversed(range(150))]


@pytest.mark.parametrize("well", [5, 60])
def test_a_page_past_the_end_is_the_last_one(well, add, look, few):
    families(add, ill=25, well=well)
    assert heads(look(f"{ILL}&page=9")) == heads(look(f"{ILL}&page=2")) != []


def test_a_page_far_past_the_end_of_an_uncounted_list_shows_rows(add, look, few):
    families(add, ill=150)
    assert len(heads(look(f"{ILL}&page=90"))) == SIZE


def test_other_orders_stop_and_go_on_alike(add, look, few):
    families(add, ill=80, well=20)
    assert walked(look, f"{ILL}&sort=head_name") == [f"户{n:03}" for n in range(20, 100)]


def test_the_number_of_all_stands_on_the_page_that_was_asked_for_and_on_no_other(add, look, few):
    families(add, ill=150)
    page = look(f"{ILL}&page=2")
    whole = look(link(page, COUNT))
    assert "150 户 · 300 人" in whole and "2 / 8" in whole
    assert heads(whole) == heads(page)
    assert "count" not in urlsplit(link(whole, NEXT)).query
    assert "count=all" not in whole


@pytest.mark.parametrize(("stage", "said"), [(Stage.RECHECK, "超过 24 户"), (Stage.GRACE, "25 户 · 50 人")])
def test_stages_of_many_are_looked_for_and_those_of_few_gathered(stage, said, add, look, few):
    def work(session):
        for n in range(31):
            case(session, family(session, f"户{n:03}", members=2), stage if n > 5 else Stage.ACTIVE)

    add(work)
    assert said in look(f"/household/?stage={stage}&scheme=dibao")


# --- where an index leads to the rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("many", "said"), [(59, "59 户 · 118 人"), (60, "60 户 · 120 人"), (61, "超过 60 户")])
def test_an_index_is_counted_up_to_the_bound(many, said, add, look, few):
    families(add, ill=0, well=many)
    page = look("/household/")
    assert said in page
    assert (link(page, COUNT) is None) == (many < 61)
    assert len(walked(look, "/household/")) == many


def test_beyond_the_bound_all_are_counted_on_request(add, look, few):
    families(add, ill=0, well=75)
    assert "75 户 · 150 人" in look(link(look("/household/"), COUNT))


@pytest.mark.parametrize(
    ("count", "said"),
    [(2, "1"), (11, "10"), (50, "49"), (51, "50"), (100, "99"), (101, "100"), (206, "200"), (2311, "2,300")]
    + [(10_000, "9,900"), (10_001, "10,000")],
)
def test_what_is_exceeded_is_a_round_number_below_what_was_met(count, said):
    assert Page((), count, {}, 1, capped=True).beyond == said


# --- both ways find the same ------------------------------------------------------------------------------------------

ASKED = (
    "/household/?name=张", "/household/?name=z", "/household/?cause=illness", "/household/?stage=in_force",
    "/household/?scheme=dibao&stage=active&sort=head_name", "/household/?review=near", "/household/?visit=quarter",
    "/household/?review=near&stage=active&scheme=dibao", "/household/?visit=overdue&stage=in_force",
    "/household/?stage=recheck&scheme=dibao", "/household/?stage=grace&scheme=dibao&visit=quarter",
    "/household/?name=z&cause=disability&visit=quarter", "/household/?scheme=dibao&stage=in_force&cause=no_labour",
    "/member/?name=张", "/member/?name=z&standing=all", "/member/?name=李&sort=-name", "/member/?illness=chronic",
    "/member/?labour=none&sort=name", "/benefit/?scheme=dibao", "/benefit/?mark=urgent&sort=review_due_on",
    "/visit/?kind=quarterly&sort=-done_on", "/visit/?state=planned&due=any", "/visit/?state=doubtful",
    "/audit/?record=household", "/audit/?action=insert&sort=at",
)  # fmt: skip


@pytest.fixture(scope="module")
def county(tmp_path_factory, sqlite_template):
    """A county of a hundred families."""
    return Standing(tmp_path_factory.mktemp("counts"), sqlite_template, lambda app: settle(app, 110))


def reader(county):
    """Who sees every list of the county."""
    browser = county.as_(Role.SUPERVISOR)
    return lambda where, as_="": browser.get(where).get_data(as_text=True)


@pytest.mark.parametrize("where", ASKED)
def test_looking_at_rows_one_after_the_other_and_gathering_them_show_the_same(where, county, monkeypatch):
    look = reader(county)
    rows = re.compile(r'<tr data-href="([^"]+)"')
    monkeypatch.setattr(seeking, "NEAR", 10_000)
    near = look(where)
    assert "超过" not in near
    monkeypatch.setattr(seeking, "NEAR", 0)
    gathered = look(where)
    assert rows.findall(near) == rows.findall(gathered) != []
    assert re.findall(r'<div class="foot"><span>([^<]+)', near) == re.findall(
        r'<div class="foot"><span>([^<]+)', gathered
    )


@contextmanager
def stepping(app):
    """Count hundreds of SQLite's own steps."""
    steps = [0]

    def one():
        steps[0] += 1
        return 0

    def out(raw, *rest):
        raw.set_progress_handler(one, 100)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", out)
    yield steps
    event.remove(engine, "checkout", out)


def steps(office, where):
    """How far SQLite walks for a page."""
    browser = office.as_("county_reviewer")
    browser.get(where)
    with stepping(office.app) as counted:
        browser.get(where)
    return counted[0]


@pytest.mark.parametrize("where", ["/household/?stage=active", "/household/?review=near&visit=quarter&sort=head_name"])
def test_what_many_fit_takes_no_longer_a_walk_in_a_county_many_times_the_size(where, office, add, few):
    def work(session):
        for n in range(100):
            case(session, family(session, f"户{n:03}"), Stage.ACTIVE, review_due_on=TODAY)

    add(work)
    small = steps(office, where)
    for _ in range(4):
        add(work)
    assert small > 20
    assert steps(office, where) < 1.2 * small
