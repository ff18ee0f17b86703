"""The plan of staged payments in a dialog: a row for each, with its day and its amount."""

from typing import Any

from flask_babel import gettext

from policy.money import BadMoney, parse_yuan
from views.composite_field import Composite
from workflows.checks_temporary import MOST_STAGES
from workflows.facts_temporary import Instalment

SPARE = 3


class InstalmentsField(Composite):
    """Rows of day and amount; those left empty do not count."""

    def read(self, posted: Any) -> tuple[Instalment, ...]:
        """The payments in the order of the rows; a row half filled in, or wrong, is named."""
        days, amounts = posted.getlist("stage_day"), posted.getlist("stage_amount")
        found = []
        for at, (day, amount) in enumerate(zip(days, amounts, strict=False)):
            if day.strip() or amount.strip():
                found.append(self._one(at + 1, day.strip(), amount.strip()))
        return tuple(one for one in found[:MOST_STAGES] if one is not None)

    def _one(self, nth: int, day: str, amount: str) -> Instalment | None:
        what = gettext("Payment %(n)s", n=nth)
        due = self._day(day, what)
        try:
            fen = parse_yuan(amount)
        except BadMoney as error:
            self.process_errors.append(f"{what}: {gettext(BadMoney.MESSAGES[error.code], **error.args_by_name)}")
            return None
        return Instalment(due, fen) if due else None

    def _day(self, text: str, what: str) -> Any:
        found = self.day_in(text, what)
        if not text:
            self.process_errors.append(gettext("%(what)s: enter its day.", what=what))
        return found

    def rows(self) -> list[tuple[int, str, str]]:
        """(number, day, amount) of each row as typed, and room for more."""
        typed: list[tuple[str, str]] = []
        if self.posted is not None:
            typed = list(zip(self.posted.getlist("stage_day"), self.posted.getlist("stage_amount"), strict=False))
            typed = [row for row in typed if row[0].strip() or row[1].strip()]
        room = [("", "")] * max(SPARE, min(SPARE + len(typed), MOST_STAGES) - len(typed))
        return [(nth, *row) for nth, row in enumerate([*typed, *room], 1)][:MOST_STAGES]
