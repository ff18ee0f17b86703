"""A case through its life in the database, on both engines, and what is refused on the way."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Benefit, Event, Member, NearRelative, OwedPaper, Visit
from policy.vocabulary import Action, Authority, LeaveReason, Paper, Relation, Role, Scheme, Stage, VisitKind
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.refusals import refused
from workflows import case_guard, casework
from workflows.facts import Given, Missing, Surveyor
from workflows.reason import Stale
from workflows.tick import tick

OFFICER, APPROVER = Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER


def test_a_case_goes_from_application_to_exit_with_a_grace_period(session_any: Session) -> None:
    case = Driver(session_any).to_grace(months=6)
    assert (case.stage, case.case.grace_until) == (Stage.GRACE, date(2027, 3, 31))
    case.now = datetime(2027, 4, 1, 8)
    tick(session_any, case.now, FIGURES)
    assert case.stage is Stage.EXITED
    assert case.case.ended_on == date(2027, 4, 1)
    told = session_any.scalars(select(Event.to_stage).where(Event.benefit_id == case.case.id).order_by(Event.id))
    assert [*dict.fromkeys(told)] == [
        Stage.APPLIED, Stage.ACCEPTED, Stage.REVIEW, Stage.NOTICE, Stage.APPROVAL, Stage.ACTIVE, Stage.RECHECK,
        Stage.GRACE, Stage.EXITED,
    ]  # fmt: skip


def test_missing_papers_are_told_once_and_hold_the_acceptance_back(session: Session) -> None:
    missing = (Missing(Paper.ID_CARD), Missing(Paper.DIAGNOSIS, "原件"))
    case = Driver(session).apply().do(Action.TELL_MISSING, missing=missing)
    assert case.stage is Stage.APPLIED
    assert refused(case.do, Action.TELL_MISSING) == ["told_missing_before"]
    assert refused(case.do, Action.ACCEPT) == ["papers_missing"]
    assert case.do(Action.FILE_PAPER).do(Action.ACCEPT).stage is Stage.ACCEPTED
    assert session.scalar(select(func.count(OwedPaper.id)).where(OwedPaper.filed_on == case.day())) == 2


@pytest.mark.parametrize(("names", "lawful"), [(("王强",), False), (("王强", "王强"), False), (("王强", "李梅"), True)])
def test_review_is_refused_until_two_people_have_surveyed(
    session: Session, names: tuple[str, ...], lawful: bool
) -> None:
    case = Driver(session).to_review().do(Action.RECORD_CROSSCHECK).calculated()
    for name in names:
        case.do(Action.RECORD_SURVEY, surveyors=(Surveyor(name),))
    assert (Action.GIVE_OPINION in case.lawful(OFFICER)) is lawful


@pytest.mark.parametrize(("days", "stage"), [(6, Stage.NOTICE), (7, Stage.NOTICE), (8, Stage.APPROVAL)])
def test_a_notice_ends_after_its_seventh_day(session: Session, days: int, stage: Stage) -> None:
    case = Driver(session).to_notice().wait(days)
    tick(session, case.now, FIGURES)
    assert case.stage is stage


def test_an_objection_sends_the_case_back_for_a_new_survey_opinion_and_notice(session: Session) -> None:
    case = Driver(session).to_notice().do(Action.OBJECT, Role.VILLAGE_WORKER, words="他家有车", by_name="李某")
    assert case.stage is Stage.REVIEW
    assert set(refused(case.do, Action.POST_NOTICE)) == {"two_surveyors", "opinion_missing"}
    case.do(Action.RECORD_SURVEY).do(Action.GIVE_OPINION).do(Action.POST_NOTICE)
    assert case.wait(8).do(Action.CLOSE_NOTICE).stage is Stage.APPROVAL
    assert case.case.objections[0].answered_on is not None
    assert case.case.decide_by == date(2026, 5, 8)  # 45 working days after 2026-03-02


@pytest.mark.parametrize(("grants", "kept"), [(True, 40_000), (False, None)])
def test_an_opinion_against_names_no_amount(session: Session, grants: bool, kept: int | None) -> None:
    case = Driver(session).to_review().do(Action.RECORD_SURVEY).do(Action.RECORD_CROSSCHECK)
    case.calculated(40_000).do(Action.GIVE_OPINION, grants=grants, amount_fen=40_000)
    query = select(Event).where(Event.benefit_id == case.case.id, Event.action == Action.GIVE_OPINION)
    assert session.scalars(query).one().data["amount_fen"] == kept


def test_nobody_confirms_what_they_reviewed(session: Session) -> None:
    case = Driver(session)
    approver = case.office[APPROVER]
    case.to_review().do(Action.RECORD_SURVEY, surveyors=(Surveyor("王强"), Surveyor(approver.name, approver.id)))
    case.do(Action.RECORD_CROSSCHECK).do(Action.GIVE_OPINION).do(Action.POST_NOTICE).wait(8).do(Action.CLOSE_NOTICE)
    assert refused(case.do, Action.CONFIRM, APPROVER) == ["own_review"]


def test_an_approver_who_went_along_cannot_confirm_though_their_name_was_only_typed(session: Session) -> None:
    case = Driver(session).to_review()
    case.do(Action.RECORD_SURVEY, surveyors=(Surveyor("王强"), Surveyor(f" {case.office[APPROVER].name} ")))
    case.do(Action.RECORD_CROSSCHECK).do(Action.GIVE_OPINION).do(Action.POST_NOTICE).wait(8).do(Action.CLOSE_NOTICE)
    assert refused(case.do, Action.CONFIRM, APPROVER) == ["own_review"]


@pytest.mark.parametrize("bearers", [1, 2])
def test_a_visitor_whose_name_was_typed_is_known_where_one_alone_bears_it_and_none_of_them_confirms(
    session: Session, bearers: int
) -> None:
    case = Driver(session).to_review()
    name, ids = case.office[APPROVER].name, [case.office[APPROVER].id]
    ids += [factories.user(session, OFFICER, name=name).id for _ in range(1, bearers)]
    case.do(Action.RECORD_SURVEY, surveyors=(Surveyor("王强"), Surveyor(name)))
    visit = session.scalars(select(Visit).where(Visit.benefit_id == case.case.id)).one()
    known = ids[0] if bearers == 1 else None
    assert sorted((one.name, one.user_id) for one in visit.visitors) == sorted([("王强", None), (name, known)])
    assert case.case.events[-1].data["surveyor_ids"] == ids


@pytest.mark.parametrize(
    ("day", "authority"), [(date(2020, 4, 30), Authority.COUNTY), (date(2020, 5, 1), Authority.TOWNSHIP)]
)
def test_the_township_confirms_from_the_day_of_delegation(session: Session, day: date, authority: Authority) -> None:
    case = Driver(session, datetime(day.year, day.month, day.day, 9)).apply()
    assert case.facts().authority is authority


def test_the_county_confirms_after_its_own_opinion_where_nothing_is_delegated(session: Session) -> None:
    case = Driver(session, datetime(2020, 4, 1, 9)).to_approval()
    lacking = {"confirmer_is", "county_opinion_missing", "second_notice_missing", "county_visit_missing"}
    assert set(refused(case.do, Action.CONFIRM, APPROVER)) == lacking
    assert case.case.waiting_role is Role.COUNTY_REVIEWER
    case.do(Action.COUNTY_VISIT, Role.COUNTY_REVIEWER).do(Action.COUNTY_OPINION, Role.COUNTY_REVIEWER)
    case.do(Action.POST_NOTICE, Role.COUNTY_REVIEWER).wait(8).do(Action.CLOSE_NOTICE, None)
    assert case.case.waiting_role is Role.COUNTY_APPROVER
    assert case.do(Action.CONFIRM, Role.COUNTY_APPROVER).stage is Stage.ACTIVE


def test_a_near_relative_needs_a_county_visit_before_confirmation(session: Session) -> None:
    case = Driver(session)
    head = session.scalars(select(Member).where(Member.household_id == case.home.id)).first()
    assert head is not None
    session.add(
        NearRelative(
            name=head.name, id_no=head.id_no, relation=Relation.SIBLING, staff_name="王干部", staff_post="低保经办",
            division_code=factories.XUNCHANG, valid_from=date(2025, 1, 1),
        )
    )  # fmt: skip
    case.to_approval()
    assert case.case.waiting_role is Role.COUNTY_REVIEWER
    assert refused(case.do, Action.CONFIRM, APPROVER) == ["county_visit_missing"]
    assert case.do(Action.COUNTY_VISIT, Role.COUNTY_REVIEWER).do(Action.CONFIRM, APPROVER).stage is Stage.ACTIVE


def test_a_complaint_after_the_county_visit_needs_another_one(session: Session) -> None:
    case = Driver(session).to_approval().do(Action.RECORD_COMPLAINT, words="实名举报")
    case.do(Action.COUNTY_VISIT, Role.COUNTY_REVIEWER).do(Action.RECORD_COMPLAINT, words="又一件")
    assert refused(case.do, Action.CONFIRM, APPROVER) == ["county_visit_missing"]


def test_a_complaint_that_came_in_before_the_decision_brings_the_county_to_the_home_though_it_was_answered(
    session: Session,
) -> None:
    case = Driver(session).to_review().do(Action.RECORD_COMPLAINT)
    case.do(Action.RECORD_SURVEY).do(Action.ANSWER_COMPLAINT, Role.COUNTY_REVIEWER)
    case.do(Action.RECORD_CROSSCHECK).calculated().do(Action.GIVE_OPINION).do(Action.POST_NOTICE)
    case.wait(8).do(Action.CLOSE_NOTICE, None)
    assert not case.case.complaint_open and case.case.waiting_role is Role.COUNTY_REVIEWER
    assert refused(case.do, Action.CONFIRM, APPROVER) == ["county_visit_missing"]
    case.do(Action.COUNTY_VISIT, Role.COUNTY_REVIEWER).do(Action.CONFIRM, APPROVER)
    assert case.stage is Stage.ACTIVE and "county_visit_not_asked" in refused(
        case.do, Action.COUNTY_VISIT, Role.COUNTY_REVIEWER
    )


def test_a_complaint_is_answered_only_after_somebody_went_to_see_since_it_came_in(session: Session) -> None:
    case = Driver(session).to_active().do(Action.RECORD_COMPLAINT)
    assert refused(case.do, Action.ANSWER_COMPLAINT, Role.COUNTY_REVIEWER) == ["complaint_visit_missing"]
    case.do(Action.COUNTY_VISIT, Role.COUNTY_REVIEWER).do(Action.ANSWER_COMPLAINT, Role.COUNTY_REVIEWER)
    assert not case.case.complaint_open


def test_a_decision_fixes_amount_month_and_next_review(session: Session) -> None:
    case = Driver(session).to_active().case
    assert (case.monthly_fen, case.decided_on, case.pays_from) == (40_000, date(2026, 3, 10), date(2026, 4, 1))
    assert case.review_due_on == date(2026, 9, 10)


def test_a_raise_and_a_cut_change_the_amount_by_their_own_step(session: Session) -> None:
    case = Driver(session).to_recheck()
    assert case.do(Action.RAISE, APPROVER, amount_fen=45_000).case.monthly_fen == 45_000
    case.do(Action.START_RECHECK).do(Action.RECORD_SURVEY).do(Action.GIVE_OPINION)
    assert refused(case.do, Action.CUT, APPROVER, amount_fen=45_000) == ["amount_not_cut"]
    assert case.do(Action.CUT, APPROVER, amount_fen=44_999).case.monthly_fen == 44_999


def test_a_refusal_is_told_within_three_working_days(session: Session) -> None:
    case = Driver(session).to_opinion(grants=False).do(Action.SUBMIT_REFUSAL).do(Action.REFUSE, APPROVER)
    assert (case.stage, case.case.step_due_on, case.case.waiting_role) == (Stage.REFUSED, date(2026, 3, 5), OFFICER)
    assert case.do(Action.TELL_REFUSAL).case.waiting_role is None


@pytest.mark.parametrize(("fen", "lawful"), [(299_999, True), (300_000, True), (300_001, False)])
def test_the_township_pays_first_up_to_its_limit(session: Session, fen: int, lawful: bool) -> None:
    case = Driver(session).apply(Scheme.TEMPORARY, urgent=True, requested_fen=fen)
    if lawful:
        assert case.do(Action.PAY_FIRST, APPROVER, amount_fen=fen).case.one_off_fen == fen
    else:
        assert "above_township_limit" in refused(case.do, Action.PAY_FIRST, APPROVER, amount_fen=fen)


def test_papers_owed_after_paying_first_stay_a_debt_until_they_are_in(session: Session) -> None:
    case = Driver(session).apply(Scheme.TEMPORARY, urgent=True).do(Action.PAY_FIRST, APPROVER, amount_fen=100_000)
    case.do(Action.RECORD_PAYMENT)
    assert (case.stage, case.facts().papers_owed) == (Stage.EXITED, 3)
    case.now = datetime(2026, 3, 10, 9)  # the fifth working day, 2026-03-09, has passed
    tick(session, case.now, FIGURES)
    tick(session, case.now, FIGURES)
    noted = select(func.count(Event.id)).where(Event.action == Action.PAPERS_OVERDUE)
    assert session.scalar(noted) == 1
    assert case.do(Action.FILE_PAPER).facts().papers_owed == 0


def test_a_case_ends_by_itself_after_the_last_person_has_died(session: Session) -> None:
    case = Driver(session, persons=1).to_active()
    tick(session, case.now, FIGURES)
    assert case.stage is Stage.ACTIVE
    for person in case.home.members:
        factories.leave(session, person, case.day(), LeaveReason.DEATH)
    tick(session, case.now, FIGURES)
    assert case.stage is Stage.EXITED


def test_a_family_on_the_roster_is_taken_over_with_its_amount(session: Session) -> None:
    case = Driver(session)
    taken = casework.open_case(
        session,
        case.home,
        casework.Claim(Scheme.DIBAO),
        Action.TAKE_OVER,
        case.actor(Role.COUNTY_REVIEWER),
        Given(amount_fen=38_000, words="花名册"),
        case.now,
        FIGURES,
    )
    assert (taken.stage, taken.monthly_fen, taken.taken_over) == (Stage.ACTIVE, 38_000, True)
    assert taken.review_due_on == date(2026, 9, 2)


def test_a_second_case_of_the_same_scheme_is_refused(session: Session) -> None:
    case = Driver(session).apply()
    assert refused(case.apply) == ["open_case"]


def test_visits_of_a_case_are_kept_as_visits(session: Session) -> None:
    case = Driver(session).to_recheck()
    kinds = session.scalars(select(Visit.kind).where(Visit.benefit_id == case.case.id).order_by(Visit.id))
    assert list(kinds) == [VisitKind.SURVEY, VisitKind.RECHECK]


def test_a_stale_form_takes_no_step(session: Session) -> None:
    case = Driver(session).apply()
    seen = case.case.row_version
    case.do(Action.RECORD_COMPLAINT)
    with pytest.raises(Stale):
        casework.take(session, case.case, Action.ACCEPT, case.actor(OFFICER), Given(), case.now, FIGURES, version=seen)


def test_a_stage_or_amount_changed_past_the_machine_is_refused(session: Session) -> None:
    case = Driver(session).to_active()
    session.commit()
    for column, value in (("stage", Stage.EXITED), ("monthly_fen", 99), ("grace_until", date(2027, 1, 1))):
        setattr(case.case, column, value)
        with pytest.raises(case_guard.NotThroughCasework):
            session.commit()
        session.rollback()
    assert session.get(Benefit, case.case.id).monthly_fen == 40_000  # type: ignore[union-attr]


def test_case_numbers_count_by_township_and_year(session: Session) -> None:
    case = Driver(session)
    numbers = [casework.next_case_no(session, "511526100", 2026)]
    numbers.append(case.apply().case.case_no)
    numbers.append(casework.next_case_no(session, "511526100", 2026))
    assert numbers == ["511526100-2026-00001", "511526100-2026-00001", "511526100-2026-00002"]


def test_each_family_on_dibao_gets_one_planned_visit_a_quarter(session_any: Session) -> None:
    case = Driver(session_any).to_active()
    factories.household(session_any)  # not on 低保: no visit is planned
    for _ in range(2):
        tick(session_any, case.now, FIGURES)
    case.now = datetime(2026, 4, 1, 9)
    tick(session_any, case.now, FIGURES)
    due = select(Visit.household_id, Visit.due_on).where(Visit.kind == VisitKind.QUARTERLY).order_by(Visit.due_on)
    assert list(session_any.execute(due)) == [(case.home.id, date(2026, 3, 31)), (case.home.id, date(2026, 6, 30))]


def test_whoever_went_along_on_the_countys_visit_does_not_confirm(session: Session) -> None:
    case = Driver(session).to_approval().do(Action.RECORD_COMPLAINT)
    approver = case.office[Role.COUNTY_APPROVER]
    went = Surveyor("王强"), Surveyor(approver.name, approver.id)
    case.do(Action.COUNTY_VISIT, Role.COUNTY_REVIEWER, surveyors=went).calculated()
    assert "own_review" in refused(case.do, Action.CONFIRM, Role.COUNTY_APPROVER)


def test_the_county_reviewer_who_visited_may_give_the_opinion_but_not_confirm(session: Session) -> None:
    case = Driver(session, datetime(2020, 4, 1, 9)).to_approval()
    case.do(Action.RECORD_COMPLAINT).do(Action.COUNTY_VISIT, Role.COUNTY_REVIEWER)
    case.do(Action.COUNTY_OPINION, Role.COUNTY_REVIEWER)
    reviewer = case.actor(Role.COUNTY_REVIEWER)
    assert reviewer.id in case.facts().reviewers
    promoted, another = replace(reviewer, role=Role.COUNTY_APPROVER), case.calculated().actor(Role.COUNTY_APPROVER)
    given = case.good(Action.CONFIRM), case.now, FIGURES
    assert "own_review" in refused(casework.take, session, case.case, Action.CONFIRM, promoted, *given)
    assert "own_review" not in refused(casework.take, session, case.case, Action.CONFIRM, another, *given)


def test_a_recheck_of_a_near_relative_waits_for_the_county_visit(session: Session) -> None:
    case = Driver(session).to_active()
    case.case.near_relative = True
    case.wait(180).do(Action.START_RECHECK).do(Action.RECORD_SURVEY).do(Action.GIVE_OPINION)
    assert case.case.waiting_role is Role.COUNTY_REVIEWER
    assert refused(case.do, Action.RAISE, APPROVER) == ["county_visit_missing"]
    assert case.do(Action.COUNTY_VISIT, Role.COUNTY_REVIEWER).do(Action.RAISE, APPROVER).stage is Stage.ACTIVE
