"""A case of 特困 in the database from application to payment: care, wishes, the county's lot, changes, homes."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, CountyCheck, Event, Finding
from policy.calendar import add_working_days, month_after
from policy.vocabulary import DisabilityKind, HomeGround, Mode, Role, Scheme, Stage
from tests import factories
from tests.workflows.driver import FIGURES, START, Driver
from tests.workflows.refusals import refused
from tests.workflows.supporting import APPROVER, COUNTY, COUNTY_PAIR, OFFICER, A, Support, items
from views.case_next import next_step
from views.case_tekun import READS_GROUND
from workflows import county_checks
from workflows.reason import Refused


def test_a_case_goes_from_application_to_payment_with_basic_and_care_amounts(session_any: Session) -> None:
    case = Support(session_any).active()
    assert case.stage is Stage.ACTIVE
    assert case.case.pays_from == month_after(case.day())
    found = case.facts().finding
    assert found is not None and case.case.monthly_fen == found.monthly_fen > 0
    assert (case.row.unmet, case.row.items, case.row.wish) == (2, "eat dress", Mode.HOME)
    assert (case.person.self_care_unmet, case.person.support_mode) == (2, Mode.HOME)


@pytest.mark.parametrize(("unmet", "tier"), [(0, "none"), (1, "partial"), (3, "partial"), (4, "full"), (6, "full")])
def test_the_tier_of_care_follows_from_the_six_items(session: Session, unmet: int, tier: str) -> None:
    case = Support(session).begin().do(A.ACCEPT).do(A.START_REVIEW)
    case.do(A.ASSESS_SELF_CARE, self_care=items(unmet))
    case.calculated()
    used = calculating_lines(case)
    names = {"none": "全自理", "partial": "半护理", "full": "全护理"}
    assert any(names[tier] in label for label in used), used


def calculating_lines(case: Driver) -> list[str]:
    row = case.session.scalars(select(Finding).order_by(Finding.id.desc())).first()
    return [line["label"] for line in row.result["lines"]] if row else []


def test_no_opinion_in_favour_before_care_and_wish_are_known_but_one_against(session: Session) -> None:
    case = Support(session).begin().do(A.ACCEPT).do(A.START_REVIEW).do(A.RECORD_SURVEY).do(A.RECORD_CROSSCHECK)
    assert set(refused(case.do, A.GIVE_OPINION)) >= {"self_care_missing", "wish_missing"}
    case.do(A.GIVE_OPINION, grants=False)
    assert case.facts().opinion is not None


def test_a_calculation_from_before_the_assessment_does_not_count(session: Session) -> None:
    case = Support(session).surveyed()
    case.calculated().wait(1).do(A.ASSESS_SELF_CARE, self_care=items(5))
    assert case.facts().finding is None


def test_the_clocks_are_those_of_the_scheme(session: Session) -> None:
    case = Support(session).begin().do(A.ACCEPT)
    accepted = case.day()
    assert case.case.step_due_on == case.case.decide_by == add_working_days(accepted, 15)
    case.do(A.START_REVIEW).do(A.RECORD_SURVEY).do(A.RECORD_CROSSCHECK).do(A.ASSESS_SELF_CARE).do(A.RECORD_WISH)
    case.do(A.GIVE_OPINION).do(A.POST_NOTICE)
    assert case.case.notice_until == case.day() + timedelta(days=7)
    case.wait(8).do(A.CLOSE_NOTICE, None)
    assert case.case.step_due_on == add_working_days(case.day(), 15)


def test_before_july_2021_the_terms_were_twenty_days(session: Session) -> None:
    case = Support(session)
    case.now = START.replace(year=2021, month=6, day=30)
    case.begin().do(A.ACCEPT)
    assert case.case.decide_by == add_working_days(date(2021, 6, 30), 20)
    assert case.last(A.ACCEPT).clause == "民发〔2016〕178号"


def test_an_objection_brings_a_new_survey_in_fifteen_days_and_a_new_notice(session: Session) -> None:
    case = Support(session).surveyed().do(A.GIVE_OPINION).do(A.POST_NOTICE).wait(3).do(A.OBJECT)
    assert (case.stage, case.case.decide_by) == (Stage.REVIEW, add_working_days(case.day(), 15))
    assert "two_surveyors" in refused(case.do, A.GIVE_OPINION)
    case.do(A.RECORD_SURVEY).do(A.GIVE_OPINION).do(A.POST_NOTICE)
    assert case.case.notice_until == case.day() + timedelta(days=7)
    assert refused(case.do, A.CLOSE_NOTICE) == ["notice_not_over"]


def test_the_first_case_of_a_township_is_drawn_and_visited_before_it_is_confirmed(session: Session) -> None:
    case = Support(session).handed_up()
    assert case.last(A.CLOSE_NOTICE).data["picked"] is True
    assert case.case.waiting_role is COUNTY
    assert refused(case.do, A.COUNTY_OPINION, COUNTY) == ["county_visit_missing"]
    assert "county_visit_missing" in refused(case.do, A.CONFIRM, APPROVER)
    case.do(A.COUNTY_VISIT, COUNTY, surveyors=COUNTY_PAIR).do(A.COUNTY_OPINION, COUNTY).do(A.CONFIRM, APPROVER)
    drawn = session.scalars(select(CountyCheck)).one()
    assert (drawn.picked, drawn.visited_on) == (True, case.day())
    case.wait(200).do(A.START_RECHECK)
    assert not case.facts().tekun.to_check  # type: ignore[union-attr]


def test_a_case_handed_up_again_keeps_its_lot(session: Session) -> None:
    case = Support(session).handed_up().do(A.RETURN, APPROVER).do(A.GIVE_OPINION).do(A.POST_NOTICE)
    case.wait(8).do(A.CLOSE_NOTICE, None)
    assert len(session.scalars(select(CountyCheck)).all()) == 1
    assert case.facts().tekun.to_check  # type: ignore[union-attr]


def test_of_every_month_at_least_thirty_in_a_hundred_are_drawn_and_each_case_once(session: Session) -> None:
    case, drawn = Support(session), []
    for _ in range(30):
        case.home = factories.household(session, members=1)
        case.apply(Scheme.TEKUN, member=case.home.members[0])
        row = county_checks.draw(session, case.case, date(2026, 3, 20), Fraction(3, 10))
        assert county_checks.draw(session, case.case, date(2026, 4, 1), Fraction(3, 10)) is row
        drawn.append(row.picked)
        assert sum(drawn) * 10 >= 3 * len(drawn)
    assert sum(drawn) < 30


@pytest.mark.parametrize(("mode", "consent", "code"), [
    (Mode.CENTRAL, False, {"consent_missing"}), (Mode.CENTRAL, True, set()), (Mode.HOME, False, set()),
])  # fmt: skip
def test_a_home_is_chosen_with_signed_consent(session: Session, mode: Mode, consent: bool, code: set[str]) -> None:
    case = Support(session).begin().do(A.ACCEPT).do(A.START_REVIEW)

    def wish() -> Driver:
        return case.do(A.RECORD_WISH, mode=mode, form_signed=consent, by_name="侄子 孙某代述")

    if code:
        assert set(refused(wish)) == code
    else:
        wish()
        assert (case.row.wish, case.row.wish_by) == (mode, "侄子 孙某代述")


def test_the_lack_of_an_agreement_is_told_and_holds_no_money_back(session: Session) -> None:
    case = Support(session).active()
    assert case.case.agreement_lacking_since == case.day() and case.case.monthly_fen > 0
    case.do(A.SIGN_AGREEMENT, by_name="村民 孙某")
    assert case.case.agreement_lacking_since is None
    assert (case.row.guardian, case.row.agreement_on) == ("村民 孙某", case.day())


def test_who_chose_a_home_needs_no_agreement(session: Session) -> None:
    case = Support(session).active()
    case.do(A.RECORD_WISH, mode=Mode.CENTRAL)
    assert case.case.agreement_lacking_since is None


def test_a_reported_change_is_assessed_in_ten_days_and_paid_from_next_month(session: Session) -> None:
    case = Support(session).active()
    before = case.case.monthly_fen
    case.wait(30).do(A.REPORT_CHANGE, by_name="村委会")
    due = add_working_days(case.day(), 10)
    assert (case.case.waiting_role, case.case.step_due_on) == (OFFICER, due)
    assert "change_not_assessed" in refused(case.do, A.CHANGE_SUPPORT, APPROVER)
    case.wait(1).do(A.ASSESS_SELF_CARE, self_care=items(4))
    assert (case.case.waiting_role, case.case.step_due_on) == (OFFICER, due)
    assert "not_calculated" in refused(case.take, A.CHANGE_SUPPORT, APPROVER, case.good(A.CHANGE_SUPPORT))
    case.calculated()
    assert case.case.waiting_role is APPROVER  # with the calculation it is on the desk of whoever decides
    case.do(A.RECORD_COMPLAINT).do(A.COUNTY_VISIT, COUNTY, surveyors=COUNTY_PAIR).do(A.ANSWER_COMPLAINT, COUNTY)
    assert case.case.waiting_role is APPROVER
    case.do(A.CHANGE_SUPPORT, APPROVER)
    assert case.case.monthly_fen > before and case.case.waiting_role is None
    assert case.last(A.CHANGE_SUPPORT).data["from_month"] == month_after(case.day()).isoformat()
    assert refused(case.do, A.ASSESS_SELF_CARE) == ["no_change_reported"]


def test_nobody_moves_into_a_home_unwished(session: Session) -> None:
    case = Support(session).active()
    assert refused(case.do, A.PLACE_IN_HOME) == ["no_wish_for_home"]
    case.do(A.RECORD_WISH, mode=Mode.CENTRAL).do(A.PLACE_IN_HOME)
    assert (case.row.home, case.row.home_from) == ("巡场镇敬老院", case.day())
    case.do(A.LEAVE_HOME)
    assert case.row.home_until == case.day()


def _left_home(session: Session) -> Support:
    case = Support(session).active().do(A.RECORD_WISH, mode=Mode.CENTRAL).do(A.PLACE_IN_HOME)
    case.calculated().do(A.CHANGE_SUPPORT, APPROVER)
    assert case.case.waiting_role is None
    case.wait(1).do(A.LEAVE_HOME)
    return case


def test_who_left_a_home_is_asked_anew_and_lies_on_the_desk_until_the_support_was_changed(session: Session) -> None:
    case = _left_home(session)
    assert case.facts().tekun.to_ask == {case.person.id}  # type: ignore[union-attr]
    assert case.case.waiting_role is OFFICER and next_step(case.facts(), case.actor(OFFICER)) is A.RECORD_WISH
    case.do(A.RECORD_WISH, mode=Mode.HOME)
    assert not case.facts().tekun.to_ask and case.case.waiting_role is OFFICER  # type: ignore[union-attr]
    case.calculated()
    assert case.case.waiting_role is APPROVER
    case.do(A.CHANGE_SUPPORT, APPROVER)
    assert case.case.waiting_role is None


def test_who_moves_into_another_home_or_had_chosen_to_live_at_home_is_not_asked_again(session: Session) -> None:
    case = _left_home(session).do(A.PLACE_IN_HOME)
    assert not case.facts().tekun.to_ask and case.case.waiting_role is None  # type: ignore[union-attr]
    case.do(A.RECORD_WISH, mode=Mode.HOME).do(A.LEAVE_HOME)
    assert not case.facts().tekun.to_ask  # type: ignore[union-attr]


@pytest.mark.parametrize(("ground", "facts", "barred"), [
    (None, {}, False),
    (HomeGround.INFECTIOUS, {}, True),
    (None, {"disability_kind": DisabilityKind.MENTAL, "disability_level": 2}, True),
])  # fmt: skip
def test_in_dunji_no_home_takes_in_who_is_infectious_or_mentally_ill(
    session: Session, monkeypatch: pytest.MonkeyPatch, ground: HomeGround | None, facts: dict[str, Any], barred: bool
) -> None:
    bar = FIGURES.find("tekun.home_bar", place="341324101201", on=date(2026, 3, 2))
    find = type(FIGURES).find
    monkeypatch.setattr(
        type(FIGURES), "find", lambda self, key, **k: bar if key == "tekun.home_bar" else find(self, key, **k)
    )
    case = Support(session, **facts).active().do(A.RECORD_WISH, mode=Mode.CENTRAL)

    def move() -> Driver:
        return case.do(A.PLACE_IN_HOME, ground=ground or HomeGround.NONE)

    if not barred:
        move()
        return
    assert refused(move) == (["home_barred"] if ground else ["home_barred_by_record"])
    case.do(A.REFER_ELSEWHERE, home="宿州市精神病院", ground=ground or HomeGround.MENTAL)
    assert (case.row.referred_to, case.row.home) == ("宿州市精神病院", "")
    assert "infectious" not in str(case.last(A.REFER_ELSEWHERE).data) + str(case.last(A.REFER_ELSEWHERE).opinion)


@pytest.fixture
def in_dunji(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar of 墩集镇 for every place."""
    bar = FIGURES.find("tekun.home_bar", place="341324101201", on=date(2026, 3, 2))
    find = type(FIGURES).find
    monkeypatch.setattr(
        type(FIGURES), "find", lambda self, key, **k: bar if key == "tekun.home_bar" else find(self, key, **k)
    )


@pytest.mark.usefixtures("in_dunji")
@pytest.mark.parametrize("ground", [HomeGround.INFECTIOUS, HomeGround.MENTAL])
def test_who_was_referred_for_an_illness_moves_in_only_with_a_certificate_that_it_is_over(
    session: Session, ground: HomeGround
) -> None:
    case = Support(session).active().do(A.RECORD_WISH, mode=Mode.CENTRAL)
    case.do(A.REFER_ELSEWHERE, home="宿州市传染病医院", ground=ground)
    assert case.facts().tekun.referred == {case.person.id}  # type: ignore[union-attr]
    with pytest.raises(Refused) as caught:
        case.do(A.PLACE_IN_HOME, form_signed=False)
    [reason] = caught.value.reasons
    told = {"name": "孙样", "office": "宿州市传染病医院", "cite": "墩政〔2020〕48号 二(三)"}
    assert (reason.code, reason.args, case.row.home) == ("home_barred_since", told, "")
    case.do(A.PLACE_IN_HOME, form_signed=True)
    assert (case.row.home, case.row.ground) == ("巡场镇敬老院", HomeGround.NONE)
    assert case.last(A.PLACE_IN_HOME).data["certified"] and not case.facts().tekun.referred  # type: ignore[union-attr]
    case.do(A.LEAVE_HOME).do(A.PLACE_IN_HOME, form_signed=False)


def test_where_no_rule_bars_an_illness_a_referral_keeps_nobody_out(session: Session) -> None:
    case = Support(session).active().do(A.RECORD_WISH, mode=Mode.CENTRAL)
    case.do(A.REFER_ELSEWHERE, home="宜宾市第二人民医院", ground=HomeGround.INFECTIOUS)
    case.do(A.PLACE_IN_HOME, form_signed=False)
    assert case.row.home == "巡场镇敬老院"


def test_the_shares_of_a_month_are_told_by_township(session: Session) -> None:
    case = Support(session).active()
    [share] = county_checks.shares(session, case.actor(COUNTY), date(2026, 1, 1))
    assert (share.cases, share.picked, share.visited, share.percent) == (1, 1, 1, 100)
    assert share.month == case.day().replace(day=1)


def test_the_ground_of_a_referral_stands_in_no_step_and_in_no_history(session: Session) -> None:
    case = Support(session).active().do(A.RECORD_WISH, mode=Mode.CENTRAL)
    case.do(A.REFER_ELSEWHERE, home="宜宾市第二人民医院", ground=HomeGround.INFECTIOUS, words="")
    session.commit()
    assert case.row.ground is HomeGround.INFECTIOUS
    told = [str(vars(entry)) for entry in session.scalars(select(AuditEntry))]
    told += [str(vars(event)) for event in session.scalars(select(Event))]
    assert any("宜宾市第二人民医院" in text for text in told) and not any("infectious" in text for text in told)


@pytest.mark.parametrize(("role", "reads"), [
    (OFFICER, True), (APPROVER, True), (Role.VILLAGE_WORKER, False), (Role.AUDITOR, False), (Role.SUPERVISOR, False),
])  # fmt: skip
def test_only_who_decides_reads_the_ground(role: Role, reads: bool) -> None:
    assert (role in READS_GROUND) is reads
