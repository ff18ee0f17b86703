"""A decision rests on a calculation of the facts as they are: other facts ask for a fresh one, and only they."""

from dataclasses import replace
from datetime import date

import pytest

from models import Asset, IncomeLine
from policy.facts_json import write_family
from policy.family import Family, Held
from policy.vocabulary import Action, AssetKind, IncomeKind, Outcome, Role, Scheme, Stage, Subject
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.refusals import refused
from workflows import calculating
from workflows.bulk import weigh
from workflows.facts import Given

A, R = Action, Role
OFFICER, APPROVER = R.TOWNSHIP_OFFICER, R.TOWNSHIP_APPROVER


class Reckoning(Driver):
    """A case that is really calculated."""

    def calculated(self, *_: object, **__: object) -> "Reckoning":
        calculating.calculate(self.session, self.case, self.actor(OFFICER), self.now, FIGURES)
        return self

    def earns(self, yuan: int) -> "Reckoning":
        """Somebody corrects the income of the head: so much more a month."""
        line = IncomeLine(member_id=self.home.members[0].id, kind=IncomeKind.PROPERTY, year_fen=yuan * 12_00)
        factories.keep(self.session, line)
        self.session.expire_all()
        return self

    def good(self, action: Action) -> Given:
        given = super().good(action)
        found = self.facts().finding if hasattr(self, "case") else None
        return given if found is None else Given(**{**vars(given), "amount_fen": found.payable_fen})


@pytest.fixture
def case(session) -> Reckoning:
    return Reckoning(session)


def test_a_confirmation_on_other_facts_is_refused_and_a_fresh_calculation_makes_it_lawful(case):
    case.to_approval().earns(10)
    assert refused(case.do, A.CONFIRM, APPROVER) == ["calculation_stale"]
    case.calculated().do(A.CONFIRM, APPROVER)
    assert case.stage is Stage.ACTIVE


def test_what_the_confirmation_rests_on_is_the_fresh_calculation(case):
    case.to_approval().earns(10).calculated()
    latest = case.facts().finding.id
    case.do(A.CONFIRM, APPROVER)
    assert case.case.events[-1].finding_id == latest


def test_an_opinion_on_other_facts_is_refused(case):
    case.to_review().do(A.RECORD_SURVEY).do(A.RECORD_CROSSCHECK).calculated().earns(10)
    assert refused(case.do, A.GIVE_OPINION) == ["calculation_stale"]


def test_property_found_after_the_calculation_makes_it_stale_too(case):
    case.to_approval()
    factories.keep(case.session, Asset(household_id=case.home.id, kind=AssetKind.DEPOSIT, value_fen=100))
    case.session.expire_all()
    assert refused(case.do, A.CONFIRM, APPROVER) == ["calculation_stale"]


def test_time_alone_makes_no_calculation_stale(case):
    case.to_approval().wait(20)
    assert case.facts().finding is not None
    case.do(A.CONFIRM, APPROVER)


def test_a_recheck_decides_on_the_facts_as_they_are(case):
    case.to_active().wait(100).do(A.START_RECHECK).do(A.RECORD_SURVEY).do(A.GIVE_OPINION).earns(10)
    assert refused(case.do, A.KEEP, APPROVER) == ["calculation_stale"]
    case.calculated()
    assert case.facts().finding.outcome is Outcome.ELIGIBLE
    case.do(A.CUT, APPROVER)


def test_a_refusal_waits_for_no_calculation(case):
    case.to_approval().earns(10).do(A.REFUSE, APPROVER)
    assert case.stage is Stage.REFUSED


def test_in_bulk_a_case_with_other_facts_is_shown_as_not_possible(case):
    case.to_active().wait(100).do(A.START_RECHECK).do(A.RECORD_SURVEY).do(A.GIVE_OPINION)
    given, ids = Given(words="情况属实"), [case.case.id]
    assert weigh(case.session, case.actor(APPROVER), ids, A.KEEP, given, FIGURES, case.day())[0].reasons == ()
    case.earns(10)
    found = weigh(case.session, case.actor(APPROVER), ids, A.KEEP, given, FIGURES, case.day())
    assert [reason.code for reason in found[0].reasons] == ["calculation_stale"]


def test_a_subsidy_is_stale_when_the_aid_beside_it_changed(session):
    case = Reckoning(session)
    person = case.home.members[0]
    person.disability_kind, person.disability_level = "limb", 1
    session.flush()
    beside = factories.benefit(session, case.home, scheme=Scheme.DIBAO, monthly_fen=30_000)
    case.apply(Scheme.LIVING_SUBSIDY, member=person)
    case.do(A.ACCEPT).calculated()
    session.info["taking"] = beside
    beside.stage, beside.ended_on = Stage.WITHDRAWN, date(2026, 3, 2)
    session.flush()
    session.info.pop("taking")
    session.info.pop("moved", None)
    assert refused(case.do, A.GIVE_OPINION) == ["calculation_stale"]


@pytest.mark.parametrize(("scheme", "beside", "counts"), [
    (Subject.UNSUPPORTED_CHILD, Subject.DIBAO, True), (Subject.LIVING_SUBSIDY, Subject.UNSUPPORTED_CHILD, True),
    (Subject.LIVING_SUBSIDY, Subject.DIBAO, False), (Subject.DIBAO, Subject.TEKUN, False),
])  # fmt: skip
def test_another_amount_of_other_aid_makes_other_facts_where_the_rules_ask_for_it(
    scheme: Subject, beside: Subject, counts: bool
) -> None:
    family = Family("511526100201", date(2026, 3, 2), scheme, held=(Held(beside, 40_000),))
    told = write_family(family)
    assert calculating.same_facts(told, family)
    assert calculating.same_facts(told, replace(family, held=(Held(beside, 40_001),))) is not counts
    assert not calculating.same_facts(told, replace(family, held=()))
