"""Lists: what they show, how they are narrowed, sorted and paged; quick at any size."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import event

from models import Benefit, Household, HouseholdCause, Member, OwedPaper
from policy.vocabulary import Cause, DisabilityKind, Paper, Role, Scheme, Stage
from tests import factories
from tests.signing_in import browser_of, settle
from tests.views.listing import TABLES, TODAY, case, family, heads, visit, watching
from tests.views.samples import build
from views import nav
from views.panel import seeking


@pytest.fixture
def office(stand):
    return stand(settle)


# --- what a row shows ------------------------------------------------------------------------------------------------


def test_a_household_shows_what_it_receives_why_and_when_somebody_was_there(add, look):
    def work(session):
        home = family(session, "张三", members=2)
        session.add_all(HouseholdCause(household_id=home.id, cause=c) for c in (Cause.ILLNESS, Cause.DISASTER))
        case(session, home, monthly_fen=79_000, review_due_on=TODAY - timedelta(days=12))
        visit(session, home, done_on=date(2026, 1, 15))
        visit(session, home, due_on=TODAY - timedelta(days=3))

    add(work)
    page = look("/household/")
    for words in ("低保 在享", "790.00", "灾害、疾病", "2026-01-15", "已超期 3 天", "已超期 12 天", "新胜村"):
        assert words in page


def test_a_household_without_monthly_money_shows_a_dash_and_no_amount(add, look):
    add(lambda s: case(s, family(s), monthly_fen=0, scheme=Scheme.TEMPORARY) and None)
    assert "0.00" not in look("/household/").partition("<tbody")[2]


def test_amounts_of_refused_and_ended_cases_are_not_counted_as_received(add, look):
    def work(session):
        home = family(session)
        case(session, home, Stage.EXITED, monthly_fen=50_000)
        case(session, home, Stage.ACTIVE, monthly_fen=12_300)

    add(work)
    page = look("/household/")
    assert "123.00" in page
    assert "500.00" not in page


@pytest.mark.parametrize(("who", "said"), [("county_reviewer", ">巡场镇新胜村<"), ("township_officer", ">新胜村<")])
@pytest.mark.parametrize("table", ["benefit", "member", "household"])
def test_a_list_names_the_township_of_a_village_only_to_who_sees_several(table, who, said, add, look):
    add(lambda s: case(s, family(s)) and None)
    page = look(f"/{table}/", as_=who)
    assert (said.rstrip("<") if table == "household" else said) in page


def test_a_due_step_says_how_many_working_days_are_left(add, look):
    # Since that Wednesday: Thursday, Friday, a Saturday worked in exchange for a holiday, and today; no Sunday.
    last_wednesday = TODAY - timedelta(days=5)
    add(lambda s: case(s, family(s), Stage.REVIEW, waiting_role=Role.TOWNSHIP_OFFICER, step_due_on=last_wednesday))
    assert "已超期 4 个工作日" in look("/benefit/?due=any")


# --- narrowing -------------------------------------------------------------------------------------------------------


def two_families(session):
    """甲 has what the filters below ask for, 乙 has not."""
    first, second = family(session, "甲家"), family(session, "乙家", factories.OTHER_VILLAGE)
    session.add(HouseholdCause(household_id=first.id, cause=Cause.ILLNESS))
    case(session, first, Stage.GRACE, review_due_on=TODAY + timedelta(days=5), grace_until=TODAY + timedelta(days=9))
    case(session, second, Stage.ACTIVE, review_due_on=TODAY + timedelta(days=90))
    visit(session, first, due_on=TODAY - timedelta(days=1))
    visit(session, second, done_on=TODAY)
    person = first.members[0]
    person.disability_kind, person.disability_level = DisabilityKind.LIMB, 2


@pytest.mark.parametrize(
    "where",
    [
        "/household/?township=511526100",
        "/household/?township=511526100&village=511526100201",
        "/household/?stage=grace",
        "/household/?scheme=dibao&stage=grace",
        "/household/?cause=illness",
        "/household/?visit=overdue",
        "/household/?visit=quarter",
        "/household/?review=near",
        "/household/?name=甲",
        "/household/?name=jj",
        "/member/?name=甲家",
        "/member/?disability=limb",
        "/member/?township=511526100",
        "/visit/?due=overdue",
        "/visit/?state=planned",
    ],
)
def test_a_filter_leaves_what_fits_it_and_nothing_else(where, add, look):
    add(two_families)
    assert heads(look(where)) == ["甲家"]


def test_questions_about_benefits_are_asked_of_one_and_the_same_benefit(add, look):
    def work(session):
        home = family(session)
        case(session, home, Stage.ACTIVE)
        case(session, home, Stage.REVIEW, scheme=Scheme.TEMPORARY)

    add(work)
    assert heads(look("/household/?scheme=temporary&stage=review")) == ["张三"]
    assert "没有符合条件的记录" in look("/household/?scheme=temporary&stage=active")


@pytest.mark.parametrize("table", ["benefit", "household"])
@pytest.mark.parametrize(("stage", "called", "fits"), [
    ("awaiting_payment", "待发放", {"乙"}), ("closed", "已办结", {"丁"}),
    ("active", "在享、待发放", {"甲", "乙"}), ("exited", "已退出、已办结", {"丙", "丁"}),
])  # fmt: skip
def test_aid_that_is_paid_once_is_found_by_the_words_that_it_bears(table, stage, called, fits, add, look):
    def work(session):
        kinds = [(Stage.ACTIVE, Scheme.DIBAO), (Stage.ACTIVE, Scheme.TEMPORARY)]
        kinds += [(Stage.EXITED, Scheme.DIBAO), (Stage.EXITED, Scheme.TEMPORARY)]
        for name, (at, scheme) in zip("甲乙丙丁", kinds, strict=True):
            case(session, family(session, name), at, scheme=scheme)

    add(work)
    page = look(f"/{table}/?stage={stage}")
    assert f'value="{stage}" selected>{called}</option>' in page
    assert {name for name in "甲乙丙丁" if f">{name}<" in page} == fits


@pytest.mark.parametrize(
    ("days", "hit"),
    [(-1, {"overdue", "soon", "any"}), (0, {"today", "soon", "any"}), (1, {"week", "soon", "any"})]
    + [(7, {"week", "soon", "any"}), (8, {"later", "any"})],
)
def test_due_days_fall_into_the_same_steps_as_on_the_desk(days, hit, add, look):
    add(lambda s: visit(s, family(s), due_on=TODAY + timedelta(days=days)))
    steps = ("overdue", "today", "week", "later", "soon", "any")
    assert {step for step in steps if heads(look(f"/visit/?due={step}"))} == hit


def test_dissolved_households_and_people_who_left_are_shown_only_when_asked_for(add, look):
    def work(session):
        home = family(session, "散户", members=2)
        factories.leave(session, home.members[1], TODAY)
        home.members[1].name = "离人"
        family(session, "亡户", dissolved_on=TODAY)

    add(work)
    assert heads(look("/household/")) == ["散户"]
    assert heads(look("/household/?standing=gone")) == ["亡户"]
    assert heads(look("/household/?standing=all")) == ["亡户", "散户"]
    assert "离人" not in heads(look("/member/"))
    assert heads(look("/member/?standing=left")) == ["离人"]


def test_filters_in_use_are_chips_each_with_the_list_without_it(add, look):
    add(two_families)
    page = look("/household/?township=511526100&stage=grace&sort=head_name")
    page = page[page.index('<ul class="chips"') :].replace("&amp;", "&")
    chips = re.findall(r'<li><a href="([^"]+)">([^<]+)<span', page)
    assert [text for _, text in chips] == ["乡镇（街道）：巡场镇", "环节：渐退期"]
    assert parse_qs(urlsplit(chips[0][0]).query) == {"stage": ["grace"], "sort": ["head_name"]}


def test_order_and_page_size_survive_another_filter(add, look):
    add(two_families)
    page = look("/household/?sort=-head_name&size=50&name=家")
    bar = page[page.index('<form class="filters"') : page.index("</form>", page.index('<form class="filters"'))]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', bar))
    assert hidden == {"sort": "-head_name", "size": "50", "name": "家"}


def test_a_village_of_another_township_is_no_filter(add, look):
    add(two_families)
    page = look("/household/?village=511526101201", as_="township_officer")
    assert heads(page) == ["甲家"]


# --- sorting and pages -----------------------------------------------------------------------------------------------


def test_every_row_stands_on_exactly_one_page_even_among_equals(add, look):
    add(lambda s: [family(s, "同名", village=factories.VILLAGE) for _ in range(45)] and None)
    seen = [
        number
        for page in (1, 2, 3)
        for number in re.findall(r'data-href="/household/(\d+)/"', look(f"/household/?sort=head_name&page={page}"))
    ]
    assert len(seen) == len(set(seen)) == 45


def test_a_page_past_the_end_is_the_last_one(add, look):
    add(lambda s: [family(s, f"户{n:02}") for n in range(21)] and None)
    assert heads(look("/household/?page=9")) == heads(look("/household/?page=2")) == ["户00"]


@pytest.mark.parametrize(
    ("sort", "order"), [("review_due_on", ["早", "晚", "无"]), ("-review_due_on", ["晚", "早", "无"])]
)
def test_rows_without_a_day_come_last_either_way(sort, order, add, look):
    def work(session):
        for name, due in (("无", None), ("晚", TODAY + timedelta(days=9)), ("早", TODAY)):
            case(session, family(session, name), review_due_on=due)

    add(work)
    page = look(f"/benefit/?sort={sort}")
    assert re.findall(r'<a href="/household/\d+/">([^<]+)</a>', page) == order


def test_a_list_of_what_falls_due_begins_with_the_latest(add, look):
    def work(session):
        for name, days in (("乙", -1), ("甲", -9), ("丙", 2)):
            visit(session, family(session, name), due_on=TODAY + timedelta(days=days))

    add(work)
    assert heads(look("/visit/?due=any")) == ["甲", "乙", "丙"]


def test_counts_stop_at_the_cap_and_say_so(add, look, monkeypatch):
    monkeypatch.setattr(seeking, "MOST", 20)
    add(lambda s: [family(s, f"户{n:02}") for n in range(25)] and None)
    page = look("/household/?page=2")
    assert "超过" in page
    assert len(heads(page)) == 5


def test_the_count_and_the_sums_are_those_of_all_pages(add, look):
    add(lambda s: [family(s, f"户{n:02}", members=2) for n in range(21)] and None)
    assert "21 户 · 42 人" in look("/household/?page=2")


def test_the_record_counts_all_its_entries_for_who_sees_the_whole_county(add, look):
    add(two_families)
    found = re.search(r"([\d,]+) 条", look("/audit/", as_="auditor"))
    assert int(found[1]) > 10


def sortable(office):
    """(list, column) of every column by which a list may be sorted."""
    views = _every_view(office)
    found = [(view, name) for view in views for name in getattr(view, "column_sortable_list", None) or ()]
    assert len({view.endpoint for view, _ in found}) > 3
    return found


def _every_view(office):
    office.app.join_all()
    return office.app.extensions["admin"][0]._views


def test_columns_that_can_be_sorted_by_lead_an_index(office):
    for view, name in sortable(office):
        table = view.model.__table__
        leading = {index.columns[0].name for index in table.indexes} | {c.name for c in table.columns if c.unique}
        assert name in leading | {"code"}, f"{view.endpoint}.{name}"


def test_every_order_ends_with_the_row_number(office):
    """An index hides it when it is missing, so the clause itself is looked at."""
    with office.app.test_request_context():
        for view, name in sortable(office):
            assert view.order(name)[-1] is view.model.id, f"{view.endpoint}.{name}"


def test_names_of_filters_are_unique_in_a_list(office):
    views = [view for view in _every_view(office) if getattr(view, "filters", ())]
    assert len(views) > 3
    for view in views:
        names = [one.name for one in view.filters]
        assert len(names) == len(set(names)), view.endpoint


@pytest.mark.parametrize("table", TABLES)
def test_a_list_takes_at_most_six_statements_whatever_it_shows(table, office, add):
    def work(session):
        for n in range(30):
            home = family(session, f"户{n}", members=3)
            benefit = case(session, home, review_due_on=TODAY)
            visit(session, home, due_on=TODAY)
            place = {"township_code": home.township_code, "village_code": home.village_code}
            session.add(OwedPaper(benefit_id=benefit.id, paper=Paper.OTHER, told_on=TODAY, due_on=TODAY, **place))

    add(work)
    browser = office.as_("supervisor")
    browser.get(f"/{table}/")
    statements = []
    with office.app.app_context(), watching(statements):
        page = browser.get(f"/{table}/").get_data(as_text=True)
    assert len(heads(page)) == 20
    assert len(statements) <= 6, statements


# --- the menu --------------------------------------------------------------------------------------------------------


def test_a_number_in_the_menu_equals_the_list_behind_it(add, look):
    def work(session):
        homes = [family(session, f"户{n}", members=2) for n in range(3)]
        family(session, "亡户", dissolved_on=TODAY)
        visit(session, homes[0], due_on=TODAY - timedelta(days=1))
        visit(session, homes[1], due_on=TODAY + timedelta(days=7))
        visit(session, homes[2], due_on=TODAY + timedelta(days=8))

    add(work)
    side = look("/household/").split('<div class="col">')[0].replace("&amp;", "&")
    shown = re.findall(r'<li><a href="([^"]+)"[^>]*>[^<]+<span class="n[^"]*">([\d,]+)</span>', side)
    assert {urlsplit(where).path for where, _ in shown} == {"/household/", "/member/", "/visit/"}
    for where, number in shown:
        assert len(heads(look(where))) == int(number), where


def test_everybody_finds_only_open_pages_in_the_menu(office):
    for login in office.people:
        browser = office.as_(login)
        page = browser.get("/desk/").get_data(as_text=True).split('<div class="col">')[0]
        entries = re.findall(r'<li><a href="([^"]+)"', page)
        assert entries, login
        for where in entries:
            assert browser.get(where.replace("&amp;", "&")).status_code == 200, (login, where)


def test_the_menu_names_only_routes_of_the_table():
    from views.permissions import PUBLIC, ROUTES

    known = {"application.index", "importing.index"}  # pages of other families may come later than the menu
    assert {item.endpoint for _, items in nav.MENU for item in items} <= set(ROUTES) | PUBLIC | known


# --- the other engine ------------------------------------------------------------------------------------------------

EVERYTHING = (
    "/household/?township=511526100&village=511526100201&scheme=dibao&stage=in_force&cause=illness&visit=overdue",
    "/household/?visit=quarter&review=near&standing=all&sort=-head_name",
    "/household/?name=张三",
    "/member/?name=zs&labour=able&disability=limb&illness=major&standing=all&sort=name",
    "/benefit/?stage=open&waiting=township_officer&due=soon&review=week&notice=any&grace=later&mark=urgent",
    "/benefit/?sort=-review_due_on",
    "/visit/?due=soon&state=planned&kind=quarterly",
    "/owed_paper/?due=overdue",
    "/audit/?who=x&from=2026-01-01&until=2026-12-31&record=household&action=insert",
)


def test_every_list_filter_and_order_works_on_postgres_too(make_app, migrated_postgres_url):
    app = make_app(DATABASE_URL=migrated_postgres_url)
    made = build(app)
    browser = browser_of(app, made.users[Role.SUPERVISOR])
    answers = {where: browser.get(where).status_code for where in (*EVERYTHING, *(f"/{table}/" for table in TABLES))}
    assert set(answers.values()) == {200}, answers
    assert 'data-label="困难原因">疾病</td>' in browser.get("/household/").get_data(as_text=True)
    assert browser.get(f"/household/{made.own['household']}/").status_code == 200


@pytest.mark.parametrize("table", ["household", "member", "benefit"])
def test_the_long_lists_read_columns_and_no_whole_rows(add, look, table):
    read: list[str] = []

    def note(target, context):
        read.append(type(target).__name__)

    add(lambda session: case(session, family(session, "张三", members=2)))
    for model in (Household, Member, Benefit):
        event.listen(model, "load", note)
    page = look(f"/{table}/")
    for model in (Household, Member, Benefit):
        event.remove(model, "load", note)
    assert "张三" in page and read == []
