"""The search opens the one record that fits or names what comes near; it and every page are silent about numbers."""

import pytest
from sqlalchemy import event

from models.base import is_reading
from tests.signing_in import settle
from tests.views.listing import TABLES, case, family, heads
from tests.views.test_page_plans import heard, plan
from views.db import db


@pytest.fixture
def office(stand):
    return stand(settle)


@pytest.fixture
def search(office):
    """Where a search leads: `search("张三")`."""
    return lambda typed: office.as_("county_reviewer").post("/search/", data={"q": typed})


@pytest.fixture
def somebody(add):
    """张三 with a number, a phone and a case; the ids and the number."""
    found = {}

    def work(session):
        home = family(session, "张三")
        home.phone, home.account = "13800001234", "6228480010203040506"
        found["case"] = case(session, home).case_no
        found["number"] = home.members[0].id_no
        found["home"], found["member"] = home.id, home.members[0].id

    add(work)
    return found


@pytest.mark.parametrize("typed", ["number", "13800001234", "138 0000 1234", "6228480010203040506", "张三", "zs"])
def test_what_is_typed_opens_the_one_record_it_fits(typed, somebody, search):
    answer = search(somebody.get(typed, typed))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/household/{somebody['home']}/#member-{somebody['member']}"


def test_a_name_written_with_another_character_finds_who_sounds_alike(somebody, office):
    reviewer = office.as_("county_reviewer")
    answer = reviewer.post("/search/", data={"q": "张叁"})
    assert answer.headers["Location"] == "/member/?name=zs"
    assert "没有这个姓名" in reviewer.get("/member/?name=zs").get_data(as_text=True)
    for nobody in ("张四五", "张叁叁叁叁叁", "<script>"):
        assert "name=zs" not in reviewer.post("/search/", data={"q": nobody}).headers["Location"]


def test_a_search_asks_who_sends_it_and_what_it_finds_in_one_transaction(office, somebody, search):
    search(somebody["number"])
    with office.app.app_context():
        engine = db.engine
    begun = []

    def note(connection):
        begun.append(connection)

    event.listen(engine, "begin", note)
    try:
        search(somebody["number"])
    finally:
        event.remove(engine, "begin", note)
    assert len(begun) == 1


@pytest.mark.parametrize(("typed", "index"), [("number", "id_no_hash"), ("last four", "id_no_last4")])
@pytest.mark.parametrize("who", ["township_officer", "village_worker", "county_reviewer"])
def test_whom_a_number_names_is_looked_up_by_the_number_also_without_statistics(office, somebody, typed, index, who):
    whole = somebody["number"]
    with office.app.app_context():
        engine = db.engine
    with heard(engine) as said:
        office.as_(who).post("/search/", data={"q": whole if typed == "number" else whole[-4:]})
    found = next(statement for statement, _ in said if "member.id" in str(statement))
    with engine.connect() as connection:
        lines = [line[3] for line in plan(connection, found, {})]
    assert any("member" in line and index in line for line in lines), lines


def test_the_last_four_of_a_number_find_its_owner(somebody, search):
    assert f"/household/{somebody['home']}/" in search(somebody["number"][-4:]).headers["Location"]


def test_a_case_number_opens_the_case(somebody, search):
    assert search(somebody["case"]).headers["Location"].startswith("/case/")


def test_a_number_with_one_wrong_character_finds_its_neighbours(somebody, search):
    number = somebody["number"]
    wrong = number[:9] + str((int(number[9]) + 1) % 10) + number[10:]
    assert search(wrong).headers["Location"] == f"/member/?found={somebody['member']}"


def test_a_case_number_with_one_wrong_digit_finds_its_neighbours(somebody, search):
    number = somebody["case"]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "/benefit/?found=" in search(wrong).headers["Location"]


def test_several_hits_lead_to_a_list_that_names_rows_and_not_what_was_typed(add, look, search):
    def work(session):
        for name in ("张一", "张二"):
            family(session, name).phone = "13800001234"

    add(work)
    where = search("13800001234").headers["Location"]
    assert "13800001234" not in where
    assert heads(look(where)) == ["张二", "张一"]


@pytest.mark.parametrize("typed", ["990101196005170019", "13900000000", "4321", "张三99", "622848001020304050"])
def test_no_number_enters_an_address_also_when_nothing_is_found(typed, search):
    answer = search(typed)
    assert "Location" not in answer.headers
    assert answer.status_code == 404


def test_a_name_nobody_has_leads_to_a_list_that_says_so(search, look):
    assert "没有符合条件的记录" in look(search("欧阳修").headers["Location"])


def test_a_search_reads_and_takes_no_lock_on_writing(search, monkeypatch):
    seen = []
    monkeypatch.setattr("views.search._by_name", lambda typed: str(seen.append(is_reading())))
    search("张三")
    assert seen == [True]


def test_numbers_typed_into_the_address_of_a_list_are_not_searched(somebody, look):
    assert "13800001234" not in look("/household/?name=13800001234")


# --- silence about numbers -------------------------------------------------------------------------------------------


def test_no_page_shows_a_number_in_full(somebody, look):
    secrets = (somebody["number"], "13800001234", "6228480010203040506", somebody["number"][:14])
    home, member = somebody["home"], somebody["member"]
    pages = [f"/{table}/" for table in TABLES]
    pages += [f"/household/{home}/", f"/household/{home}/history/", f"/household/{home}/edit/"]
    pages += [f"/member/{member}/", f"/member/{member}/history/", f"/member/{member}/edit/", "/audit/1/"]
    for where in pages:
        page = look(where, as_="supervisor")
        assert not [secret for secret in secrets if secret in page], where
