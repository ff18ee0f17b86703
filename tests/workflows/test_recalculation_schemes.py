"""New figures of 特困, of the two subsidies and of children: previewed, carried out, undone, simulated as for 低保."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from models import Benefit, ChildParent, Finding, IncomeLine
from policy.family import Family
from policy.figures import Figures
from policy.vocabulary import (
    CareNeed,
    DisabilityKind,
    IncomeKind,
    Mode,
    ParentKind,
    ParentState,
    Role,
    Scheme,
    Unit,
)
from tests import factories
from tests.workflows.recalculating import MONTH, NOW, SHIPPED, County, standard
from tests.workflows.refusals import codes
from workflows import audit, recalculation_staging, simulation
from workflows.actor import SYSTEM
from workflows.assessing import families, family_of
from workflows.calculating import calculate
from workflows.holding import with_holdings
from workflows.reason import Refused

S = Scheme
OLD, GROWN, CHILD = date(1950, 3, 2), date(1980, 3, 2), date(2016, 3, 2)
GONE = {
    S.ORPHAN: (ParentState.DEAD, ParentState.DEAD), S.UNSUPPORTED_CHILD: (ParentState.DEAD, ParentState.LOST_CONTACT),
}  # fmt: skip
SEVERE = {"disability_kind": DisabilityKind.LIMB, "disability_level": 1}


@pytest.fixture
def county(engine: Engine) -> County:
    return County(engine)


def figure(key: str, yuan: str) -> Figures:
    """The shipped figures with another one of the county from April 2026 on."""
    row = {"key": key, "place": factories.COUNTY, "unit": "yuan", "value": yuan, "from": MONTH, "cite": "县政府文件"}
    return SHIPPED.with_rows([row])


@dataclass
class Person:
    """One person's case: the number, and what it is paid by today's figures (分)."""

    id: int
    fen: int


def person(
    county: County,
    scheme: Scheme,
    birth: date,
    beside: Scheme | None = None,
    told: bool = True,
    income: int | None = 0,
    village: str = factories.VILLAGE,
    **facts: Any,
) -> Person:
    """Somebody alone with a case of a scheme, paid what it comes to; 1 分 where that is not ``told``."""
    with Session(county.engine) as session:
        audit.attribute(session, SYSTEM, NOW)
        home = factories.household(session, village, members=0)
        member = factories.member(session, home, birth=birth, **facts)
        session.refresh(home)
        if income is not None:
            session.add(IncomeLine(member_id=member.id, kind=IncomeKind.PROPERTY, year_fen=income * 12_00))
        if scheme in (S.ORPHAN, S.UNSUPPORTED_CHILD):
            session.add_all(
                ChildParent(member_id=member.id, kind=kind, state=state, since=date(2020, 1, 1))
                for kind, state in zip(ParentKind, GONE[scheme], strict=True)
            )
        if beside is not None:
            factories.benefit(session, home, scheme=beside, monthly_fen=30_000)
        session.commit()
        row = factories.benefit(session, home, scheme=scheme, unit=Unit.SINGLE, member=member, monthly_fen=1)
        session.refresh(row)
        officer = county.people[Role.TOWNSHIP_OFFICER]
        found = calculate(session, row, officer, NOW, SHIPPED) if told else None
        if found is not None:
            _pay(session, row, found)
        session.commit()
        return Person(row.id, row.monthly_fen)


def _pay(session: Session, row: Benefit, found: Finding) -> None:
    session.info["taking"] = row
    row.monthly_fen = found.monthly_fen or 0
    session.flush()
    session.info.pop("taking")


def test_a_higher_basic_standard_is_carried_out_for_everybody_on_tekun_and_undone(county: County) -> None:
    old = person(county, S.TEKUN, OLD, support_mode=Mode.HOME, self_care_unmet=0)
    raised = figure("tekun.basic.home", "2000")
    batch = county.preview(raised, scheme=S.TEKUN)
    assert county.rows(batch) == {old.id: ("up", "staged")} and county.batch(batch).scheme is S.TEKUN
    county.apply(batch, raised)
    after = county.amount(old.id)
    assert after == 200_000 + old.fen - _basic(county, old.id)
    assert county.history(old.id) == [("recalculate", old.fen, after)]
    assert county.findings(old.id)[-1].result["scheme"] == "tekun"
    county.undo(batch)
    assert county.amount(old.id) == old.fen and county.history(old.id)[-1] == ("undo_recalculation", after, old.fen)


def test_a_higher_standard_of_dibao_raises_the_basic_living_of_tekun(county: County) -> None:
    old = person(county, S.TEKUN, OLD, support_mode=Mode.HOME, self_care_unmet=0)
    new = standard("1000")
    batch = county.preview(new, scheme=S.TEKUN)
    county.apply(batch, new)
    assert county.amount(old.id) == 130_000 + old.fen - _basic(county, old.id)


def _basic(county: County, id: int) -> int:
    """The part for basic living in the first calculation, 分."""
    parts = county.findings(id)[0].result["parts"]
    return round(float(next(part["amount"] for part in parts if part["kind"] == "basic")) * 100)


@pytest.mark.parametrize(
    ("scheme", "key", "facts"),
    [
        (S.LIVING_SUBSIDY, "living_subsidy.amount", {"birth": GROWN, "beside": S.DIBAO, **SEVERE}),
        (S.CARE_SUBSIDY, "care_subsidy.amount.1", {"birth": GROWN, "needs_care": CareNeed.DISABLED, **SEVERE}),
        (S.ORPHAN, "orphan.amount.home", {"birth": CHILD}),
        (S.UNSUPPORTED_CHILD, "orphan.amount.home", {"birth": CHILD}),
    ],
)
def test_a_higher_amount_reaches_each_of_a_person_s_schemes(county: County, scheme: Scheme, key: str, facts) -> None:
    one, new = person(county, scheme, **facts), figure(key, "2000")
    assert 0 < one.fen < 200_000
    batch = county.preview(new, scheme=scheme)
    assert county.rows(batch) == {one.id: ("up", "staged")}
    county.apply(batch, new)
    assert county.amount(one.id) == 200_000
    county.undo(batch)
    assert county.amount(one.id) == one.fen


def test_a_batch_touches_the_cases_of_its_own_scheme_alone(county: County) -> None:
    one = person(county, S.LIVING_SUBSIDY, GROWN, S.DIBAO, **SEVERE)
    new = figure("living_subsidy.amount", "2000")
    for scheme in (S.DIBAO, S.TEKUN, S.CARE_SUBSIDY):
        assert one.id not in county.rows(county.preview(new, scheme=scheme))
    assert one.id in county.rows(county.preview(new, scheme=S.LIVING_SUBSIDY))


def test_a_subsidy_whose_family_is_on_dibao_no_more_is_over_the_line_and_keeps_its_amount(county: County) -> None:
    one, new = person(county, S.LIVING_SUBSIDY, GROWN, told=False, **SEVERE), figure("living_subsidy.amount", "2000")
    batch = county.preview(new, scheme=S.LIVING_SUBSIDY)
    assert county.rows(batch) == {one.id: ("over", "staged")}
    county.apply(batch, new)
    assert county.amount(one.id) == one.fen
    assert county.read(lambda s: s.get_one(Benefit, one.id)).review_due_on == NOW.date()


@pytest.mark.parametrize(("scheme", "birth"), [(S.LIVING_SUBSIDY, GROWN), (S.TEKUN, OLD)])
def test_a_roster_without_what_the_scheme_asks_for_is_told_apart(county: County, scheme: Scheme, birth: date) -> None:
    one = person(county, scheme, birth, told=False, income=None)
    batch = county.preview(SHIPPED, scheme=scheme)
    assert county.rows(batch) == {one.id: ("incomplete", "staged")}


def test_a_roster_with_the_disability_is_calculated(county: County) -> None:
    one = person(county, S.LIVING_SUBSIDY, GROWN, S.DIBAO, told=False, income=None, **SEVERE)
    assert county.rows(county.preview(figure("living_subsidy.amount", "2000"), scheme=S.LIVING_SUBSIDY)) == {
        one.id: ("up", "staged")
    }


def test_what_many_families_are_read_as_is_what_one_is_read_as(county: County) -> None:
    made = [
        person(county, S.TEKUN, OLD, support_mode=Mode.HOME, self_care_unmet=2),
        person(county, S.LIVING_SUBSIDY, GROWN, S.DIBAO, **SEVERE), person(county, S.UNSUPPORTED_CHILD, CHILD, S.DIBAO),
    ]  # fmt: skip

    def both(session: Session) -> list[tuple[Family, Family]]:
        rows = {case.id: family for case, family in families(session, [one.id for one in made], MONTH)}
        single = [session.get_one(Benefit, one.id) for one in made]
        return [(rows[row.id], with_holdings(row, family_of(row, MONTH))) for row in single]

    for together, alone in county.read(both):
        assert together == alone
        assert together.held or together.scheme == "tekun"


def test_cases_of_dibao_ask_for_tekun_beside_them_and_cost_no_statement_for_what_their_rules_do_not_ask(
    county: County,
) -> None:
    county.family(300, 500)
    counted: list[str] = []
    with Session(county.engine) as session:
        ids = [row.id for row in session.query(Benefit)]
        event.listen(county.engine, "before_cursor_execute", lambda *told: counted.append(told[2]))
        list(families(session, ids, MONTH))
    assert len(counted) == 8


def test_a_scheme_without_monthly_money_is_refused(county: County) -> None:
    with pytest.raises(Refused) as refused, Session(county.engine) as session:
        recalculation_staging.begin(
            session, county.people[Role.COUNTY_REVIEWER], NOW, scope="", month=MONTH, title="文件", scheme=S.TEMPORARY
        )
    assert codes(refused) == ["recalculation_scheme"]


def test_a_simulation_of_tekun_tells_families_and_money(county: County) -> None:
    old = person(county, S.TEKUN, OLD, support_mode=Mode.HOME, self_care_unmet=0)
    county.family(300, 500)
    batch = county.step(lambda s: simulation.begin_simulation(
        s, county.people[Role.COUNTY_REVIEWER], NOW, scope=factories.COUNTY, month=MONTH, scheme=S.TEKUN,
        scenarios=[{"name": "基本生活2000", "figures": {"tekun.basic.home": "2000"}}],
    ))  # fmt: skip
    total = county.batch(batch).counts["plans"][0]["total"]
    assert (total["families"], total["up"], total["before_fen"]) == (1, 1, old.fen)
    assert total["after_fen"] == 200_000 + old.fen - _basic(county, old.id)
