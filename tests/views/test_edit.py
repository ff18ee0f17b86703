"""Direct corrections: with a reason, never over somebody else's change, never of what only a step may write."""

import html
import json
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from models import Asset, AuditEntry, Household, IncomeLine, Member, Obligor, User, Visit
from policy.vocabulary import Cause, Relation, Role, Sex
from tests import factories
from tests.clock import START
from tests.views.samples import ACCOUNT, PHONE, build

WHY = "录入错误，按身份证更正"
FORMS = {
    "household": "/household/{}/edit/",
    "member": "/member/{}/edit/",
    "visit": "/visit/{}/edit/",
    "income_line": "/income_line/{}/edit/",
    "spending_line": "/spending_line/{}/edit/",
    "asset": "/asset/{}/edit/",
    "obligor": "/obligor/{}/edit/",
}
FREE = {"household": "address", "member": "workplace", "visit": "met", "income_line": "note", "spending_line": "note"}


@pytest.fixture
def office(stand):
    return stand(build)


@pytest.fixture
def own(office):
    return office.made.own


@pytest.fixture
def supervisor(office):
    return office.as_(Role.SUPERVISOR)


def text(answer):
    return html.unescape(answer.get_data(as_text=True))


def wrongs(answer):
    """What a refused form says."""
    return re.findall(r'class="wrong"[^>]*>(.*?)</div>|role="alert"[^>]*>(.*?)</', text(answer), re.S)


def shown(browser, where):
    """What the form at an address would send if it were sent as it is shown."""
    page = browser.get(where).get_data(as_text=True)
    page = page[page.index('<form method="post" data-guard') :]
    found: list[tuple[str, str]] = []
    for tag in re.findall(r"<input[^>]*>", page):
        kind, name = re.search(r'type="(\w+)"', tag), re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and (kind is None or kind[1] not in ("checkbox", "radio") or " checked" in tag):
            found.append((name[1], html.unescape(value[1]) if value else ""))
    for name, inner in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S):
        found.append((name, html.unescape(inner).strip("\r\n")))
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.findall(r'<option[^>]* selected[^>]*value="([^"]*)"|<option selected value="([^"]*)"', inner)
        found += [(name, first or second) for first, second in chosen]
    data: dict[str, list[str]] = {}
    for name, value in found:
        data.setdefault(name, []).append(value)
    return data


def send(browser, where, form=None, **changed):
    """Open the form, change some fields, send it with a reason."""
    data = dict(form or shown(browser, where))
    data["reason"] = [WHY]
    data.update({name: value if isinstance(value, list) else [value] for name, value in changed.items()})
    return browser.post(where, data=data)


def get(office, model, id):
    return office.read(lambda session: session.get(model, id))


def entries(office, **where):
    def ask(session):
        return session.scalars(select(AuditEntry).filter_by(**where).order_by(AuditEntry.id)).all()

    return office.read(ask)


# --- a correction ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", FORMS)
def test_a_form_sent_as_it_is_shown_changes_nothing(table, office, own, supervisor):
    before = len(entries(office, action="update"))
    answer = send(supervisor, FORMS[table].format(own[table]))
    assert answer.status_code == 302, wrongs(answer)
    changes = entries(office, action="update")[before:]
    assert [(entry.table_name, entry.before, entry.after) for entry in changes] == []


@pytest.mark.parametrize("table", FREE)
def test_a_correction_is_saved_and_the_history_says_who_what_and_why(table, office, own, supervisor):
    answer = send(supervisor, FORMS[table].format(own[table]), **{FREE[table]: "改过的内容"})
    assert answer.status_code == 302, wrongs(answer)
    last = entries(office, table_name=table, action="update")[-1]
    assert last.after[FREE[table]] == "改过的内容"
    assert (last.reason, last.actor_id) == (WHY, office.people[Role.SUPERVISOR])


@pytest.mark.parametrize(("reason", "saved"), [("", False), ("   ", False), ("改错字", False), ("改正错字", True)])
def test_nothing_is_corrected_without_a_reason_of_four_characters(reason, saved, office, own, supervisor):
    answer = send(supervisor, f"/household/{own['household']}/edit/", reason=reason, address="新村1号")
    assert (answer.status_code == 302) == saved
    assert (get(office, Household, own["household"]).address == "新村1号") == saved
    if not saved:
        assert "新村1号" in text(answer)


def test_a_refused_form_comes_back_with_all_that_was_typed_and_the_fault_beside_its_field(office, own, supervisor):
    where = f"/member/{own['member']}/edit/"
    answer = send(supervisor, where, birth="1960-02-31", workplace="砖厂", note="多行\n备注")
    page = text(answer)
    assert answer.status_code == 422
    assert "砖厂" in page
    assert "多行\n备注" in page
    assert re.search(r'id="birth"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="birth"', page)
    assert get(office, Member, own["member"]).workplace is None


def test_the_list_and_the_search_follow_a_corrected_name(office, own, supervisor):
    send(supervisor, f"/member/{own['member']}/edit/", name="欧阳春")
    assert get(office, Household, own["household"]).head_name == "欧阳春"
    assert "欧阳春" in text(supervisor.get("/household/?name=oyc"))


def test_causes_are_ticked_and_unticked(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    assert shown(supervisor, where)["causes"] == ["illness"]
    send(supervisor, where, causes=["disaster", "schooling"])
    kept = office.read(lambda s: {row.cause for row in s.get(Household, own["household"]).causes})
    assert kept == {Cause.DISASTER, Cause.SCHOOLING}
    send(supervisor, where, causes=[])
    assert office.read(lambda s: s.get(Household, own["household"]).causes) == []


def test_a_visit_that_was_done_stays_done_and_none_was_done_tomorrow(office, own, supervisor):
    where = f"/visit/{own['visit']}/edit/"
    assert send(supervisor, where, done_on="2026-03-03").status_code == 422
    assert send(supervisor, where, done_on="2026-03-02").status_code == 302
    assert send(supervisor, where, done_on="").status_code == 422
    assert get(office, Visit, own["visit"]).done_on == date(2026, 3, 2)


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_an_empty_field_leaves_the_number_a_typed_one_replaces_it_a_tick_removes_it(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    send(supervisor, where, address="新址")
    assert get(office, Household, own["household"]).phone == PHONE
    send(supervisor, where, phone="138 1111 2222")
    assert get(office, Household, own["household"]).phone == "13811112222"
    send(supervisor, where, clear_phone="y")
    assert get(office, Household, own["household"]).phone is None
    assert get(office, Household, own["household"]).account == ACCOUNT


@pytest.mark.parametrize("typed", ["5.13E+17", "51152619600517001", "511526196005170011", "abc"])
def test_a_number_that_cannot_be_right_is_refused_beside_its_field(typed, office, own, supervisor):
    before = get(office, Member, own["member"]).id_no
    answer = send(supervisor, f"/member/{own['member']}/edit/", id_no=typed)
    assert answer.status_code == 422
    assert get(office, Member, own["member"]).id_no == before


def test_number_birth_and_sex_must_tell_the_same(office, own, supervisor):
    where = f"/member/{own['member']}/edit/"
    woman = factories.id_number(date(1971, 3, 4), Sex.FEMALE)
    page = text(send(supervisor, where, id_no=woman))
    assert "1971-03-04" in page
    assert send(supervisor, where, id_no=woman, birth="1971-03-04").status_code == 422
    assert send(supervisor, where, id_no=woman, birth="1971-03-04", sex="female").status_code == 302
    assert get(office, Member, own["member"]).id_no == woman


def test_somebody_elses_number_is_refused_in_a_sentence(office, own, supervisor):
    taken = office.read(lambda s: s.get(Member, office.made.foreign["member"]).id_no)
    page = text(send(supervisor, f"/member/{own['member']}/edit/", id_no=taken))
    assert "此身份证号已登记在某个家庭中" in page
    assert "UNIQUE" not in page


def test_headship_is_not_corrected_by_hand(office, own, supervisor):
    answer = send(supervisor, f"/member/{own['member']}/edit/", relation="son")
    assert answer.status_code == 422
    assert get(office, Member, own["member"]).relation == Relation.HEAD


@pytest.mark.parametrize(("kind", "level", "good"), [("limb", "2", True), ("limb", "", False), ("", "2", False)])
def test_kind_and_level_of_a_disability_belong_together(kind, level, good, office, own, supervisor):
    answer = send(supervisor, f"/member/{own['member']}/edit/", disability_kind=kind, disability_level=level)
    assert (answer.status_code == 302) == good


@pytest.mark.parametrize("level", ["0", "5", "9" * 12, "x"])
def test_a_level_that_does_not_exist_is_refused(level, office, own, supervisor):
    where = f"/member/{own['member']}/edit/"
    assert send(supervisor, where, disability_kind="limb", disability_level=level).status_code == 422


# --- two people at once ----------------------------------------------------------------------------------------------


def opened_and_overtaken(office, supervisor, where, field, theirs):
    """A form that was opened, and then somebody else saved another value."""
    form = shown(supervisor, where)
    assert send(office.as_(Role.SUPERVISOR), where, **{field: theirs}).status_code == 302
    return form


def conflict_of(page):
    """Field → (base, theirs, mine, preselected side) of the conflict page."""
    found = {}
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    for row in body.split("<tr>")[1:]:
        name = re.search(r'name="keep-(\w+)"', row)[1]
        keep = re.search(r'value="(theirs|mine)" checked', row)[1]
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
        words = [re.sub(r"<small>.*?</small>|<[^>]+>", "", cell).strip() for cell in cells]
        found[name] = (*words, keep)
    return found


def test_a_stale_form_shows_both_sides_and_saves_nothing(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = opened_and_overtaken(office, supervisor, where, "address", "别人改的")
    was = form["address"][0]
    answer = send(supervisor, where, form, address="我改的", note="我的备注")
    page = text(answer)
    assert answer.status_code == 409
    assert "测试" in page
    assert conflict_of(page) == {
        "address": (was, "别人改的", "我改的", "mine"),
        "note": ("—", "—", "我的备注", "mine"),
    }
    assert get(office, Household, own["household"]).address == "别人改的"


def test_each_field_of_the_conflict_says_who_changed_it_and_when(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = opened_and_overtaken(office, supervisor, where, "address", "别人改的")
    office.clock.move(minutes=5)
    send(office.as_(Role.SUPERVISOR), where, causes=["disaster"])  # another field, later
    page = text(send(supervisor, where, form, address="我改的", note="我的备注"))
    cells = dict(re.findall(r'name="keep-(\w+)" value="theirs".*?</label>(.*?)</td>', page, re.S))
    who = office.read(lambda s: s.get(User, office.people[Role.SUPERVISOR]).name)
    assert re.sub(r"<[^>]+>", "", cells["address"]).strip() == f"{who} {START:%Y-%m-%d %H:%M}"
    later = START + timedelta(minutes=5)
    assert re.sub(r"<[^>]+>", "", cells["causes"]).strip() == f"{who} {later:%Y-%m-%d %H:%M}"
    assert re.sub(r"<[^>]+>", "", cells["note"]).strip() == "他人未改"


def test_what_only_the_other_changed_is_kept_unless_chosen_otherwise(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = opened_and_overtaken(office, supervisor, where, "address", "别人改的")
    page = text(send(supervisor, where, form, note="我的备注"))
    assert conflict_of(page)["address"][3] == "theirs"


@pytest.mark.parametrize(("choice", "kept"), [("theirs", "别人改的"), ("mine", "我改的")])
def test_the_choice_is_saved_and_nothing_that_was_typed_is_lost(choice, kept, office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = opened_and_overtaken(office, supervisor, where, "address", "别人改的")
    page = send(supervisor, where, form, address="我改的", note="我的备注", phone="13999998888").get_data(as_text=True)
    data: dict[str, list[str]] = {}
    body = page[page.index('<form method="post" action') :]
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body):
        data.setdefault(name, []).append(html.unescape(value))
    data |= {"keep-address": [choice], "keep-note": ["mine"], "keep-phone": ["mine"]}
    assert re.search(r"<textarea[^>]*>([^<]*)", body)[1].strip() == WHY
    answer = supervisor.post(where, data={**data, "reason": [WHY]})
    assert answer.status_code == 302, wrongs(answer)
    row = get(office, Household, own["household"])
    assert (row.address, row.note, row.phone) == (kept, "我的备注", "13999998888")


def test_a_choice_overtaken_once_more_is_asked_again(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = opened_and_overtaken(office, supervisor, where, "address", "别人改的")
    assert send(supervisor, where, form, address="我改的").status_code == 409
    again = shown(supervisor, where)
    send(office.as_(Role.SUPERVISOR), where, address="又改了")
    assert send(supervisor, where, again, **{"keep-address": "mine", "address": "我改的"}).status_code == 409


def test_a_second_click_says_so_and_changes_nothing(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = shown(supervisor, where)
    assert send(supervisor, where, form, address="新址").status_code == 302
    count = len(entries(office, table_name="household"))
    again = supervisor.post(where, data={**form, "reason": [WHY], "address": ["新址"]}, follow_redirects=True)
    assert "已办理，未重复提交" in text(again)
    assert len(entries(office, table_name="household")) == count


@pytest.mark.parametrize("version", ["", "0", "x", "99"])
def test_a_form_without_its_true_version_is_never_saved(version, office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    assert send(supervisor, where, address="新址", row_version=version).status_code == 409
    assert get(office, Household, own["household"]).address != "新址"


@pytest.mark.parametrize("opened", ["", "x", "[]", '{"address": 1}', json.dumps({"address": [1]})])
def test_a_spoiled_memory_of_the_form_breaks_nothing(opened, office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    assert send(supervisor, where, address="新址", row_version="99", opened=opened).status_code == 409


# --- what no form may write ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", FORMS)
def test_posting_every_column_writes_only_those_of_the_form(table, office, own, supervisor):
    model = next(v.model for v in office.app.extensions["admin"][0]._views if v.endpoint == table)
    form = next(v for v in office.app.extensions["admin"][0]._views if v.endpoint == table).form_columns
    hostile = {
        c.name: "7" for c in model.__table__.columns
        if c.name not in form and c.name.removesuffix("_sealed") not in form and c.name != "row_version"
    }  # fmt: skip
    before = _columns(office, model, own[table], hostile)
    more = {"stage": "exited", "monthly_fen": "1", "role": "supervisor"}
    answer = send(supervisor, FORMS[table].format(own[table]), **hostile, **more)
    assert answer.status_code == 302, wrongs(answer)
    assert _columns(office, model, own[table], hostile) == before
    assert len(hostile) > 1


def _columns(office, model, id, names):
    query = select(*(model.__table__.c[name] for name in sorted(names))).where(model.__table__.c.id == id)
    return office.read(lambda session: tuple(session.execute(query).one()))


def test_the_benefit_has_no_form_at_all(office, own, supervisor):
    for way in ("edit", "new", "delete", "action", "ajax/update", "details", "export/csv"):
        for where in (f"/benefit/{own['benefit']}/{way}/", f"/benefit/{way}/?id={own['benefit']}"):
            assert supervisor.post(where).status_code in (404, 405)


# --- lines -----------------------------------------------------------------------------------------------------------


def test_a_line_is_added_corrected_and_taken_out_and_each_is_on_record(office, own, supervisor):
    new = f"/income_line/new/?of={own['member']}"
    assert send(supervisor, new, kind="pension_basic", year_fen="1,440.50").status_code == 302
    line = office.read(lambda s: s.scalars(select(IncomeLine).order_by(IncomeLine.id.desc())).first())
    assert (line.member_id, line.year_fen) == (own["member"], 144_050)
    assert send(supervisor, f"/income_line/{line.id}/edit/", year_fen="1500").status_code == 302
    form = shown(supervisor, f"/income_line/{line.id}/edit/")
    assert supervisor.post(f"/income_line/{line.id}/remove/", data={**form, "reason": [WHY]}).status_code == 302
    assert get(office, IncomeLine, line.id) is None
    told = entries(office, table_name="income_line", row_id=str(line.id))
    assert [(entry.action, entry.reason) for entry in told] == [(a, WHY) for a in ("insert", "update", "delete")]
    assert told[-1].before["year_fen"] == 150_000


def test_a_line_is_not_added_twice_by_two_clicks(office, own, supervisor):
    new = f"/asset/new/?of={own['household']}"
    form = {**shown(supervisor, new), "reason": [WHY], "kind": ["vehicle"], "quantity": ["1"]}
    assert [supervisor.post(new, data=form).status_code for _ in range(2)] == [302, 302]
    assert office.read(lambda s: s.scalar(select(func.count()).select_from(Asset).where(Asset.kind == "vehicle"))) == 1


def test_a_key_that_is_not_ours_adds_nothing(office, own, supervisor):
    new = f"/asset/new/?of={own['household']}"
    assert send(supervisor, new, kind="vehicle", key="x").status_code == 422
    assert office.read(lambda s: s.scalar(select(func.count()).select_from(Asset).where(Asset.kind == "vehicle"))) == 0


@pytest.mark.parametrize("amount", ["-1", "1.234", "abc", "1e9", "99999999999999"])
def test_an_amount_that_is_none_is_refused(amount, office, own, supervisor):
    where = f"/income_line/{own['income_line']}/edit/"
    assert send(supervisor, where, year_fen=amount).status_code == 422
    assert get(office, IncomeLine, own["income_line"]).year_fen == 120_000


def test_taking_out_a_line_asks_why_and_never_overtakes_another_correction(office, own, supervisor):
    where, out = f"/asset/{own['asset']}/edit/", f"/asset/{own['asset']}/remove/"
    form = shown(supervisor, where)
    assert supervisor.post(out, data=form).status_code == 422
    send(office.as_(Role.SUPERVISOR), where, note="别人改的")
    assert supervisor.post(out, data={**form, "reason": [WHY]}).status_code == 409
    assert get(office, Asset, own["asset"]).note == "别人改的"


def test_an_obligors_number_is_kept_sealed_and_shown_masked(office, own, supervisor):
    where, number = f"/obligor/{own['obligor']}/edit/", factories.id_number()
    assert send(supervisor, where, id_no=number).status_code == 302
    assert get(office, Obligor, own["obligor"]).id_no == number
    page = text(supervisor.get(where))
    assert number not in page
    assert number[-4:] in page


# --- the whole number ------------------------------------------------------------------------------------------------


def test_a_number_is_shown_in_full_for_a_reason_and_that_is_on_record(office, own):
    browser = office.as_(Role.TOWNSHIP_OFFICER)
    number = get(office, Member, own["member"]).id_no
    ask = {"field": "id_no", "reason": "verify"}
    answer = browser.post(f"/member/{own['member']}/reveal/", data=ask, headers={"Accept": "application/json"})
    assert answer.get_json() == {"value": number}
    assert answer.headers["Cache-Control"].find("no-store") >= 0
    seen = entries(office, action="reveal")[-1]
    assert (seen.table_name, seen.row_id, seen.reason) == ("member", str(own["member"]), "verify")
    assert seen.actor_id == office.people[Role.TOWNSHIP_OFFICER]
    assert number not in json.dumps([seen.before, seen.after])


def test_without_script_the_number_stands_on_a_page_of_its_own(office, own):
    answer = office.as_(Role.AUDITOR).post(
        f"/household/{own['household']}/reveal/", data={"field": "account", "reason": "audit"}
    )
    assert ACCOUNT in text(answer)


@pytest.mark.parametrize(
    "form",
    [{}, {"field": "phone"}, {"field": "phone", "reason": ""}, {"field": "phone", "reason": "just so"}]
    + [{"field": name, "reason": "verify"} for name in ("phone_sealed", "row_key", "head_name", "__class__", "id_no")],
)
def test_nothing_is_shown_without_a_listed_reason_or_beyond_the_listed_numbers(form, office, own):
    answer = office.as_(Role.TOWNSHIP_OFFICER).post(f"/household/{own['household']}/reveal/", data=form)
    assert answer.status_code == 422
    assert entries(office, action="reveal") == []


def test_the_history_shows_a_correction_as_before_and_after(office, own, supervisor):
    send(supervisor, f"/household/{own['household']}/edit/", address="新址一号", phone="13999998888")
    page = text(supervisor.get(f"/household/{own['household']}/history/"))
    for words in ("修改 家庭", "新址一号", "139****8888", WHY):
        assert words in page
    assert "13999998888" not in page
