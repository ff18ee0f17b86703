"""People left out: whoever is on a list of need and receives nothing becomes a lead where they live."""

import pytest
from sqlalchemy import select

from models import AuditEntry, Lead
from policy.vocabulary import DisabilityKind, Role, Stage
from tests import factories
from tests.workflows.matching.lists_of_offices import CARS, DISABLED, NOW, Office
from workflows import audit
from workflows.actor import Actor
from workflows.matching import settling

pytestmark = pytest.mark.usefixtures("in_process")


def disabled(name, level, number=None, kind="肢体", town="巡场镇", village="新胜村"):
    return [name, number or factories.id_number(), kind, level, town, village]


def test_people_on_a_list_of_need_who_receive_nothing_become_leads_where_they_live(session_any):
    office = Office(session_any)
    rows = [disabled("甲", "一级"), disabled("乙", "二级", town="孝儿镇"), disabled("丙", "二级", town="", village="")]
    run = office.run(DISABLED, *rows)
    found = session_any.scalars(select(Lead).order_by(Lead.id)).all()
    places = [(lead.name, lead.village_code, lead.why, lead.state) for lead in found]
    wanted = zip("甲乙丙", (factories.VILLAGE, factories.OTHER_VILLAGE, factories.COUNTY), strict=True)
    assert places == [(name, place, "disability", "open") for name, place in wanted]
    assert (run.counts["lead"], found[0].id_no) == (3, rows[0][1])
    again = office.run(DISABLED, *rows)
    assert (again.counts.get("lead", 0), again.counts["known_lead"]) == (0, 3)


@pytest.mark.parametrize(
    ("town", "village", "place"),
    [
        ("巡场", "新胜", factories.VILLAGE), ("巡场镇人民政府", "新胜村委会", factories.VILLAGE),
        ("巡场镇", "云上村", factories.XUNCHANG), ("云上镇", "新胜村", factories.COUNTY),
    ],
)  # fmt: skip
def test_a_lead_goes_where_short_names_and_names_of_offices_mean(office, town, village, place):
    office.run(DISABLED, disabled("甲", "一级", town=town, village=village))
    assert office.session.scalars(select(Lead)).one().village_code == place


@pytest.mark.parametrize(
    ("kind", "level", "leads"),
    [
        ("肢体", "二级", 1), ("肢体", "三级", 0), ("智力", "三级", 1), ("精神", "三级", 1), ("精神", "四级", 0),
        ("肢体", "", 1),
    ],
)  # fmt: skip
def test_of_the_disabled_only_the_grave_become_leads(office, kind, level, leads):
    assert office.run(DISABLED, disabled("甲", level, kind=kind)).counts.get("lead", 0) == leads


def test_who_is_covered_becomes_no_lead_and_who_left_without_a_case_does(office):
    paid, asked = (office.family(stage)[0].members[0] for stage in (Stage.ACTIVE, Stage.REVIEW))
    ended = office.family(Stage.EXITED, village=factories.OTHER_VILLAGE)[0].members[0]
    headers = ["姓名", "身份证号", "留守类别"]
    run = office.run(headers, *([p.name, p.id_no, "留守老人"] for p in (paid, asked, ended)))
    assert (run.counts["covered"], run.counts["lead"], office.lines(run)) == (2, 1, [])
    (lead,) = office.session.scalars(select(Lead))
    assert lead.village_code == factories.OTHER_VILLAGE


def test_a_refused_person_on_a_list_of_need_is_a_hit(office):
    person = office.family(Stage.REFUSED)[0].members[0]
    run = office.run(["姓名", "身份证号", "监测对象"], [person.name, person.id_no, "是"])
    assert [line.standing for line in office.lines(run)] == ["refused"]


def test_a_disability_that_our_record_does_not_know_is_a_hit(office):
    home, _ = office.family()
    known, unknown = home.members
    audit.attribute(office.session, office.county, NOW)
    known.disability_kind, known.disability_level = DisabilityKind.LIMB, 2
    office.session.commit()
    run = office.run(DISABLED, disabled(known.name, "二级", known.id_no), disabled(unknown.name, "二级", unknown.id_no))
    assert [line.member_id for line in office.lines(run)] == [unknown.id]


def test_a_person_twice_on_the_list_is_one_lead(office):
    row = disabled("甲", "一级")
    assert office.run(DISABLED, row, row).counts["lead"] == 1


def test_a_township_finds_no_leads_elsewhere(office):
    run = office.run(DISABLED, disabled("甲", "一级"), disabled("乙", "一级", town="孝儿镇"), by=office.here)
    assert (run.counts["lead"], run.counts["elsewhere"]) == (1, 1)


def test_an_open_lead_on_a_list_of_cars_is_a_hit(office):
    row = disabled("甲", "一级")
    office.run(DISABLED, row)
    run = office.run(CARS, [1, "甲", row[1], "川Q1", "轿车", "1"])
    (line,) = office.lines(run)
    assert (line.standing, line.lead.name, settling.offered(line)) == ("lead", "甲", ("explained", "false_match"))


def test_a_lead_is_settled_once_with_a_reason_by_its_own_place(office):
    office.run(DISABLED, disabled("甲", "一级"))
    (lead,) = office.session.scalars(select(Lead))
    act = lambda by, state, words: settling.settle_lead(office.session, by, lead, state, words, NOW)  # noqa: E731
    assert office.refusals(lambda: act(office.there, "applied", "已申请")) == ["not_in_your_division"]
    assert office.refusals(lambda: act(office.here, "", "")) == ["lead_state_missing", "words_missing"]
    act(office.here, "not_needed", "家庭收入稳定")
    office.session.commit()
    assert (lead.state, lead.settled_by_id) == ("not_needed", office.here.id)
    assert office.refusals(lambda: act(office.here, "applied", "已申请")) == ["lead_settled"]


def test_the_history_has_one_entry_for_each_table_of_a_run_and_no_number(office):
    rows = [disabled("甲", "一级")]
    home, _ = office.family()
    rows.append(disabled(home.members[0].name, "一级", home.members[0].id_no))
    office.run(DISABLED, *rows)
    entries = office.session.scalars(select(AuditEntry).where(AuditEntry.action == "match")).all()
    assert {(entry.table_name, entry.after["rows"]) for entry in entries} == {("lead", 1), ("match_line", 1)}
    assert not any(row[1] in str(entry.after) for row in rows for entry in entries)


def test_only_reviewer_and_officer_match_lists(office):
    home, _ = office.family()
    auditor = Actor(1, "某", Role.AUDITOR, factories.COUNTY)
    assert office.refusals(lambda: office.cars(home.members[0], by=auditor)) == ["not_your_role"]
