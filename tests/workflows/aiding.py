"""Cases of recognised classes and of temporary aid, taken through their lives."""

from datetime import date, timedelta
from typing import Any

from models import Benefit, Finding
from policy.figures import Figures
from policy.vocabulary import Action, Outcome, Role, Scheme
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from workflows import casework
from workflows.evidence import facts_of
from workflows.facts import Facts, Given
from workflows.facts_temporary import Instalment

A = Action
OFFICER, APPROVER = Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER
REVIEWER, COUNTY = Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER
CEILING = 1_000_000
"""The ceiling of the county in these tests, 分."""
WITH_CEILING = FIGURES.with_rows([{
    "key": "temporary.ceiling", "place": "511526", "unit": "yuan", "from": date(2020, 1, 1), "value": 10_000,
    "cite": "测试县临时救助办法",
}])  # fmt: skip


class Aided(Driver):
    """A family with such a case; figures may be the county's own."""

    figures: Figures = FIGURES

    def opens(self, scheme: Scheme, *, follows: Benefit | None = None, **more: Any) -> "Aided":
        """Apply for a scheme, with everything signed."""
        on = self.now.date()
        self.case = casework.open_case(
            self.session, self.home,
            casework.Claim(scheme, pledged_on=on, authorised_on=on, follows=follows, **more),
            A.APPLY, self.actor(OFFICER), Given(words="户主住院"), self.now, self.figures,
        )  # fmt: skip
        return self

    def take(self, action: Action, role: Role | None, given: Given) -> Any:
        return casework.take(self.session, self.case, action, self.actor(role), given, self.now, self.figures)

    def facts(self) -> Facts:
        return facts_of(self.session, self.case, self.figures, self.now.date())

    def found(self, outcome: Outcome = Outcome.ELIGIBLE, once_fen: int = 0) -> "Aided":
        """Store a finding, as a calculation today would."""
        result = {"outcome": outcome.value, "one_off": f"{once_fen / 100:.2f}", "monthly": "0.00", "lines": []}
        row = Finding(benefit_id=self.case.id, at=self.now, facts={}, result=result, monthly_fen=0)
        factories.keep(self.session, row)
        return self

    def looked_into(self) -> "Aided":
        """Accepted, surveyed, cross-checked."""
        self.do(A.ACCEPT).do(A.START_REVIEW).do(A.RECORD_SURVEY).do(A.RECORD_CROSSCHECK)
        return self

    def noticed(self) -> "Aided":
        """On notice for its whole term."""
        self.do(A.POST_NOTICE).wait(8).do(A.CLOSE_NOTICE, None)
        return self

    def recognised(self, scheme: Scheme = Scheme.EDGE, months: int = 12, follows: Benefit | None = None) -> "Aided":
        """Recognised as a class for so many months, by the county."""
        self.opens(scheme, follows=follows).looked_into().found().do(A.GIVE_OPINION, amount_fen=None)
        self.noticed().do(A.COUNTY_OPINION, REVIEWER).do(A.CONFIRM, COUNTY, months=months)
        return self

    def to_decision(self, fen: int, asked: int | None = None) -> "Aided":
        """Spending beyond means, proposed and announced with so much once."""
        self.opens(Scheme.TEMPORARY, requested_fen=asked or fen).looked_into().found(once_fen=fen)
        self.do(A.GIVE_OPINION, amount_fen=fen)
        return self.noticed()

    def in_stages(self, *amounts: int, every: int = 30) -> tuple[Instalment, ...]:
        """A plan of these amounts (分), the first today."""
        return tuple(Instalment(self.day() + timedelta(days=n * every), fen) for n, fen in enumerate(amounts))
