"""政策模拟: scenarios side by side, with no case written."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from models import Benefit, Event, Finding, Recalculation
from models.base import reading
from policy.vocabulary import RiseCause, Role, Stage
from tests import factories
from tests.workflows.recalculating import MONTH, NOW, SHIPPED, County
from tests.workflows.refusals import codes
from workflows import simulation
from workflows.reason import Refused
from workflows.simulation import begin_simulation, lines, money

STANDARD = {"name": "标准700元", "figures": {"dibao.standard": "700"}}
LOW = {"name": "标准100元", "figures": {"dibao.standard": "100", "grace.months_max": "6"}}
WORDS = dict.fromkeys(
    ("scenario", "kind", "name", "families", "people", "up", "down", "same", "over", "eased", "back", "in",
     "incomplete", "before_fen", "month_fen", "difference_fen", "year_fen"), "—"
) | {"all": "合计", "township": "乡镇", "class": "类别", "elderly": "老年人", "minor": "未成年人"}  # fmt: skip


def simulate(county: County, *scenarios: dict, role: Role = Role.COUNTY_REVIEWER, scope: str = "511526") -> int:
    return county.step(lambda s: begin_simulation(
        s, county.people[role], county.now, scope=scope, month=MONTH, scenarios=scenarios))  # fmt: skip


def total(county: County, id: int, scenario: int = 0) -> dict:
    return county.batch(id).counts["plans"][scenario]["total"]


def test_two_scenarios_are_counted_side_by_side_and_nothing_is_written(county: County) -> None:
    cases = [county.family(100, 999), county.family(250, 400, rise_cause=RiseCause.WORK)]
    written = county.read(lambda s: [s.scalar(select(func.count()).select_from(t)) for t in (Event, Finding)])
    id = simulate(county, STANDARD, LOW)
    one, two = total(county, id), total(county, id, 1)
    # By today's 415 yuan: 730 and 580 a month; by 700: 1300 and 1150; by 100: 100, and over the line.
    assert (one["before_fen"], money(one)["month_fen"]) == (1310_00, 2450_00)
    assert (one["up"], one["over"], money(one)["year_fen"]) == (2, 0, 12 * 1140_00)
    assert (two["down"], two["over"], two["eased"]) == (1, 1, 1)
    assert money(two) == {"month_fen": 100_00, "difference_fen": -1210_00, "year_fen": -12 * 1210_00}
    assert county.rows(id) == {cases[1]: ("over", "staged")}, "kept are the families that change sides"
    after = county.read(lambda s: [s.scalar(select(func.count()).select_from(t)) for t in (Event, Finding)])
    assert after == written and [county.amount(case) for case in cases] == [999_00, 400_00]


@pytest.mark.parametrize(("days", "counted"), [(364, 1), (365, 1), (366, 0)])
def test_a_family_refused_within_a_year_may_be_let_in(county: County, days: int, counted: int) -> None:
    refused_on = NOW.date() - timedelta(days=days)
    county.family(1000, 0, stage=Stage.REFUSED, decided_on=refused_on, applied_on=date(2020, 1, 1))
    found = total(county, simulate(county, STANDARD))
    assert (found["in"], found["families"], found["after_fen"]) == (counted, counted, 400_00 * counted)


def test_one_who_fits_by_todays_figures_already_is_no_effect_of_the_scenario(county: County) -> None:
    county.family(100, 0, stage=Stage.REFUSED, decided_on=NOW.date())
    assert total(county, simulate(county, STANDARD))["in"] == 0


def test_one_who_came_again_is_not_counted_twice(county: County) -> None:
    old = county.family(1000, 0, stage=Stage.REFUSED, decided_on=NOW.date())

    def come_again(session) -> None:
        home = session.get_one(Benefit, old).household
        factories.benefit(session, home, stage=Stage.REVIEW)

    county.write(come_again)
    assert total(county, simulate(county, STANDARD))["families"] == 0


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ({"name": "", "figures": {}}, "scenario_missing"),
        ({"name": "空", "figures": {}}, "scenario_empty"),
        ({"name": "", "figures": {"dibao.standard": "seven"}}, "trial_value"),
        ({"name": "", "figures": {"dibao.standrad": "700"}}, "trial_value"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(county: County, scenario: dict, code: str) -> None:
    with pytest.raises(Refused) as refused:
        simulate(county, scenario)
    assert codes(refused) == [code]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TOWNSHIP_OFFICER, Role.VILLAGE_WORKER])
def test_only_the_county_simulates(county: County, role: Role) -> None:
    with pytest.raises(Refused):
        simulate(county, STANDARD, role=role)


def test_a_simulation_is_never_carried_out(county: County) -> None:
    county.family(100, 999)
    id = simulate(county, STANDARD)
    with pytest.raises(Refused):
        county.apply(id, SHIPPED)


def test_what_another_process_counted_meanwhile_is_left_alone(county: County, monkeypatch) -> None:
    county.family(250, 400)
    count = simulation.previews

    def overtaken(*args: object, **more: object):
        found = count(*args, **more)
        with reading(False):
            county.write(lambda s: setattr(s.scalars(select(Recalculation)).one(), "state", "dropped"))
        return found

    monkeypatch.setattr(simulation, "previews", overtaken)
    id = simulate(county, LOW)
    assert county.batch(id).state == "dropped" and county.rows(id) == {}


def test_its_sums_go_out_as_rows_by_scenario_place_and_class(county: County) -> None:
    county.family(100, 999)
    batch = county.batch(simulate(county, STANDARD))
    rows = list(lines(batch, {"511526100": "巡场镇"}, WORDS))
    assert [row[:3] for row in rows[1:]] == [
        ["标准700元", "合计", "合计"], ["标准700元", "乡镇", "巡场镇"], ["标准700元", "类别", "老年人"],
    ]  # fmt: skip
    assert rows[1][-4:] == ["730.00", "1300.00", "570.00", "6840.00"]
