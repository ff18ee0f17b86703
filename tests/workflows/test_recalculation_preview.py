"""What a county calculated anew would come to: families told apart, places alone, trial values."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Event, Finding
from policy.vocabulary import Action, Stage
from tests import factories
from tests.workflows.recalculating import HIGHER, LOWER, NOW, SHIPPED, County, standard


def test_families_are_told_apart_by_what_the_new_figures_make_of_them(county: County) -> None:
    up, same = county.family(100, 730), county.family(100, 1300)
    down = county.family(0, 1500, village=factories.OTHER_VILLAGE)
    found = county.look(HIGHER)
    assert {c.benefit_id: (c.outcome, c.before_fen, c.after_fen) for c in found.changes} == {
        up: ("up", 730_00, 1300_00), down: ("down", 1500_00, 1400_00),
    }  # fmt: skip
    assert same not in {c.benefit_id for c in found.changes}
    total = found.total
    assert (total.families, total.people, total.up, total.down, total.same) == (3, 6, 1, 1, 1)
    assert (total.before_fen, total.after_fen) == (3530_00, 4000_00)
    assert {code: tally.families for code, tally in found.townships.items()} == {"511526100": 2, "511526101": 1}


@pytest.mark.parametrize(("income", "outcome"), [(199, "down"), (200, "over"), (201, "over")])
def test_a_family_at_the_line_is_over_it_and_keeps_its_amount(county: County, income: int, outcome: str) -> None:
    county.family(income, 400)
    [change] = county.look(LOWER).changes
    assert change.outcome == outcome
    assert change.after_fen == (400_00 if outcome == "over" else 200_00 - income * 100)


def test_a_roster_without_income_is_told_apart_until_a_decision_rests_on_a_calculation(county: County) -> None:
    case = county.family(None, 400)
    assert [c.outcome for c in county.look(LOWER).changes] == ["incomplete"]
    stored = Finding(benefit_id=case, at=NOW, facts={}, result={}, monthly_fen=400_00)
    county.write(lambda session: session.add(stored))
    assert [c.outcome for c in county.look(LOWER).changes] == ["incomplete"]

    def decide(session: Session) -> None:
        found = session.scalars(select(Finding.id).where(Finding.benefit_id == case)).one()
        decided = decision(case, {})
        decided.finding_id = found
        session.add(decided)

    county.write(decide)
    assert [c.outcome for c in county.look(LOWER).changes] == ["down"]


def test_grace_and_a_decision_on_the_single_case_keep_their_amount(county: County) -> None:
    county.family(100, 500, stage=Stage.GRACE)
    singly = county.family(100, 500)
    county.write(lambda session: session.add(decision(singly, {"special_decision": {"reason": "重病"}})))
    assert sorted(c.outcome for c in county.look(HIGHER).changes) == ["grace", "special"]
    county.write(lambda session: session.add(decision(singly, {})))
    assert sorted(c.outcome for c in county.look(HIGHER).changes) == ["grace", "up"]


def decision(case: int, data: dict) -> Event:
    return Event(
        benefit_id=case, action=Action.RAISE, to_stage=Stage.ACTIVE, at=NOW, actor_name="测试", data=data,
        township_code=factories.VILLAGE[:9], village_code=factories.VILLAGE,
    )  # fmt: skip


def test_what_is_not_paid_is_not_counted(county: County) -> None:
    for stage in (Stage.SUSPENDED, Stage.EXITED, Stage.APPROVAL, Stage.REFUSED):
        county.family(100, 500, stage=stage)
    assert county.look(HIGHER).total.families == 0


def test_a_township_is_looked_at_alone(county: County) -> None:
    county.family(100, 730)
    far = county.family(100, 730, village=factories.OTHER_VILLAGE)
    assert [c.benefit_id for c in county.look(HIGHER, scope="511526101").changes] == [far]


def test_beside_figures_of_before_only_the_effect_of_the_new_ones_is_seen(county: County) -> None:
    county.family(100, 999)
    [change] = county.look(HIGHER, before=SHIPPED).changes
    assert (change.before_fen, change.after_fen) == (730_00, 1300_00)
    assert county.look(SHIPPED, before=SHIPPED).changes == []


def test_a_family_over_the_line_before_and_after_is_no_effect_of_the_new_figures(county: County) -> None:
    county.family(900, 400)
    assert county.look(standard("450"), before=SHIPPED).total.same == 1
    assert county.look(HIGHER, before=SHIPPED).total.back == 1


def test_trial_values_win_and_classes_are_counted_by_their_people(county: County) -> None:
    case = county.family(100, 730)
    county.write(lambda s: s.execute(select(Benefit)).scalars().one().household.members[0].__setattr__(
        "birth", date(1950, 1, 1)))  # fmt: skip
    found = county.look(SHIPPED, overrides={"dibao.standard": "700"})
    assert [(c.benefit_id, c.after_fen) for c in found.changes] == [(case, 1300_00)]
    assert (found.classes["elderly"].families, found.classes["elderly"].people) == (1, 2)
