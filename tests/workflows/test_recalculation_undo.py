"""A recalculation undone: the amounts of before, until the day before the first payment, once."""

from datetime import date, datetime

import pytest

from models import Benefit
from tests.workflows.recalculating import HIGHER, SHIPPED, County
from tests.workflows.refusals import refused
from workflows import audit
from workflows.recalculation_apply import undo_until


def test_undoing_brings_the_amounts_of_before_and_leaves_both_steps_in_the_history(county: County) -> None:
    case = county.family(100, 730)
    id = county.preview(HIGHER)
    county.apply(id, HIGHER)
    county.undo(id)
    assert (county.batch(id).state, county.amount(case)) == ("undone", 730_00)
    assert county.history(case) == [("recalculate", 730_00, 1300_00), ("undo_recalculation", 1300_00, 730_00)]
    assert len(county.findings(case)) == 1 and county.read(audit.verify).first_bad is None
    again = county.preview(HIGHER)
    county.apply(again, HIGHER)
    assert county.amount(case) == 1300_00


def test_a_case_touched_since_is_not_undone(county: County) -> None:
    touched, plain = county.family(100, 730), county.family(100, 730)
    id = county.preview(HIGHER)
    county.apply(id, HIGHER)
    county.write(lambda s: setattr(s.get_one(Benefit, touched), "urgent", True))
    county.undo(id)
    assert county.rows(id) == {touched: ("up", "touched"), plain: ("up", "undone")}
    assert (county.amount(touched), county.amount(plain)) == (1300_00, 730_00)


@pytest.mark.parametrize(("day", "lawful"), [(8, True), (9, True), (10, False)])
def test_a_batch_can_be_undone_until_the_day_before_its_first_payment(county: County, day: int, lawful: bool) -> None:
    county.family(100, 730)
    id = county.preview(HIGHER)
    county.apply(id, HIGHER)
    county.now = datetime(2026, 4, day, 9)
    if lawful:
        county.undo(id)
        assert county.batch(id).state == "undone"
    else:
        assert refused(county.undo, id) == ["recalculation_paid"]


def test_undoing_takes_a_reason_and_is_done_once(county: County) -> None:
    county.family(100, 730)
    id = county.preview(HIGHER)
    county.apply(id, HIGHER)
    assert refused(county.undo, id, words=" ") == ["reason_missing"]
    county.undo(id)
    assert refused(county.undo, id) == ["recalculation_state"]


@pytest.mark.parametrize(
    ("on", "month", "last"),
    [
        (date(2026, 3, 2), date(2026, 4, 1), date(2026, 4, 9)),
        (date(2026, 3, 9), date(2026, 3, 1), date(2026, 3, 9)),
        (date(2026, 3, 10), date(2026, 3, 1), date(2026, 4, 9)),
        (date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 9)),
    ],
)
def test_the_first_payment_is_the_pay_day_of_the_month_or_the_next_to_come(on: date, month: date, last: date) -> None:
    assert undo_until(SHIPPED, "511526", on, month) == last
