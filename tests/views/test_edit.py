"""Direct corrections: with a reason, never over somebody else's change, never of what only a step may write."""

import html
import json
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models import Household, Member, User, Visit
from policy.vocabulary import Cause, Relation, Role, Sex
from tests import factories
from tests.clock import START
from tests.views.answers import text
from tests.views.editing import FORMS, FREE, WHY, entries, get, send, shown, wrongs
from tests.views.samples import ACCOUNT, PHONE
from views.panel.locked import LEAST_REASON

OTHER = "6228480010203040597"

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


@pytest.mark.parametrize("level", ["0", "5", "9" * 12, "9" * 400, "x"])
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
        keep = (re.findall(r'value="(theirs|mine)" checked', row) or [""])[0]
        assert row.count(" required") == (0 if keep else 2)
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        words = [re.sub(r"<small>.*?</small>|<[^>]+>", "", cell).strip() for cell in cells]
        found[name] = (*words, keep)
    return found


def test_how_long_a_reason_must_be_stands_beside_it_before_it_is_refused(own, supervisor):
    page = text(supervisor.get(f"/household/{own['household']}/edit/"))
    assert "至少 4 个字" in page and LEAST_REASON == 4


def test_a_stale_form_shows_both_sides_and_saves_nothing(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = opened_and_overtaken(office, supervisor, where, "address", "别人改的")
    was = form["address"][0]
    answer = send(supervisor, where, form, address="我改的", note="我的备注")
    page = text(answer)
    assert answer.status_code == 409
    assert "测试" in page
    assert conflict_of(page) == {
        "address": (was, "别人改的", "我改的", ""),  # changed by both: nothing is chosen beforehand
        "note": ("—", "—", "我的备注", "mine"),
    }
    assert get(office, Household, own["household"]).address == "别人改的"


def test_each_field_of_the_conflict_says_who_changed_it_and_when(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = opened_and_overtaken(office, supervisor, where, "address", "别人改的")
    office.clock.move(minutes=5)
    send(office.as_(Role.SUPERVISOR), where, causes=["disaster"])  # another field, later
    page = text(send(supervisor, where, form, address="我改的", note="我的备注"))
    cells = dict(re.findall(r'name="keep-(\w+)" value="theirs".*?</label>(.*?)</td>', page, re.DOTALL))
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


CHANGED_NUMBERS = [({"account": OTHER}, "填写了新号码"), ({"clear_account": "y"}, "号码已删除")]


@pytest.mark.parametrize(("theirs", "told"), CHANGED_NUMBERS)
def test_a_number_that_the_other_changed_is_told_as_changed_though_none_is_shown(theirs, told, office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = shown(supervisor, where)
    assert send(office.as_(Role.SUPERVISOR), where, **theirs).status_code == 302
    page = text(send(supervisor, where, form, account=ACCOUNT[:-1] + "8", note="我的备注"))
    assert conflict_of(page)["account"] == ("未修改", told, "填写了新号码", "")
    cells = dict(re.findall(r'name="keep-(\w+)" value="theirs".*?</label>(.*?)</td>', page, re.DOTALL))
    assert "测试" in cells["account"]
    assert "他人未改" in cells["note"]
    again = text(send(supervisor, where, form, note="我的备注"))
    assert "account" not in conflict_of(again), "whoever typed no number leaves the other's"


def test_a_number_typed_twice_is_no_conflict(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = {**shown(supervisor, where), "account": [OTHER]}
    assert send(supervisor, where, form).status_code == 302
    answer = send(supervisor, where, form)
    assert answer.status_code == 302
    assert "未重复提交" in text(supervisor.get(answer.location))


@pytest.mark.parametrize(("choice", "kept"), [("theirs", "别人改的"), ("mine", "我改的")])
def test_the_choice_is_saved_and_nothing_that_was_typed_is_lost(choice, kept, office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = opened_and_overtaken(office, supervisor, where, "address", "别人改的")
    page = send(supervisor, where, form, address="我改的", note="我的备注", phone="13999998888").get_data(as_text=True)
    choices = {"keep-address": [choice], "keep-note": ["mine"], "keep-phone": ["mine"]}
    assert re.search(r"<textarea[^>]*>([^<]*)", page[page.index('<form method="post" action') :])[1].strip() == WHY
    answer = supervisor.post(where, data=conflict_form(page) | choices)
    assert answer.status_code == 302, wrongs(answer)
    row = get(office, Household, own["household"])
    assert (row.address, row.note, row.phone) == (kept, "我的备注", "13999998888")


def conflict_form(page):
    """What a browser would send of the conflict page, but for the choices and the reason."""
    data: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page[page.index('<form method="post" action') :]
    ):
        data.setdefault(name, []).append(html.unescape(value))
    return data | {"reason": [WHY]}


def test_without_a_choice_for_what_both_changed_it_is_asked_again_and_nothing_is_saved(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = opened_and_overtaken(office, supervisor, where, "address", "别人改的")
    was = form["address"][0]
    page = send(supervisor, where, form, address="我改的", note="我的备注").get_data(as_text=True)
    assert page.count("修改了这条记录") == 1 and "改过这份资料" not in page
    for _ in range(2):  # the page that asks again asks again
        answer = supervisor.post(where, data=conflict_form(page) | {"keep-note": ["theirs"]})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409 and "双方都改过" in page
        assert conflict_of(page) == {
            "address": (was, "别人改的", "我改的", ""),
            "note": ("—", "—", "我的备注", "theirs"),
        }
        assert get(office, Household, own["household"]).address == "别人改的"
    chosen = {"keep-address": ["mine"], "keep-note": ["theirs"]}
    assert supervisor.post(where, data=conflict_form(page) | chosen).status_code == 302
    row = get(office, Household, own["household"])
    assert (row.address, row.note or "") == ("我改的", "")


def test_a_number_that_both_changed_is_asked_for_again_too(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    form = shown(supervisor, where)
    assert send(office.as_(Role.SUPERVISOR), where, account=OTHER).status_code == 302
    page = send(supervisor, where, form, account=ACCOUNT[:-1] + "8").get_data(as_text=True)
    answer = supervisor.post(where, data=conflict_form(page))
    assert answer.status_code == 409 and conflict_of(text(answer))["account"][3] == ""


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


@pytest.mark.parametrize(
    "opened",
    ["", "x", "[]", '{"address": 1}', json.dumps({"address": [1]}), json.dumps({"address": ["\ud800"]}), "[" * 100_000],
)
def test_a_spoiled_memory_of_the_form_breaks_nothing(opened, office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    assert send(supervisor, where, address="新址", row_version="99", opened=opened).status_code == 409


# --- what no form may write ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", FORMS)
def test_posting_every_column_writes_only_those_of_the_form(table, office, own, supervisor):
    office.app.join_all()
    view = next(v for v in office.app.extensions["admin"][0]._views if v.endpoint == table)
    model, form = view.model, view.form_columns
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


def test_the_history_shows_a_correction_as_before_and_after(office, own, supervisor):
    send(supervisor, f"/household/{own['household']}/edit/", address="新址一号", phone="13999998888")
    page = text(supervisor.get(f"/household/{own['household']}/history/"))
    for words in ("修改 家庭", "新址一号", "139****8888", WHY):
        assert words in page
    assert "13999998888" not in page
