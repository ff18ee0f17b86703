"""Lines under a record, added, corrected and taken out, and whole numbers shown for a reason; each on record."""

import json

import pytest
from sqlalchemy import func, select

from models import Asset, IncomeLine, Member, Obligor
from policy.vocabulary import Role
from tests import factories
from tests.views.answers import text
from tests.views.editing import WHY, entries, get, send, shown
from tests.views.samples import ACCOUNT


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
