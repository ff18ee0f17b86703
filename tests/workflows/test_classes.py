"""低保边缘 and 刚性支出 families: recognised for a term without money, renewed by application, ended by time."""

from contextlib import nullcontext
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Event, Watch
from policy.figures import Figures
from policy.terms import exists_here, term_months, valid_until
from policy.vocabulary import Action, Outcome, Role, Scheme, Stage, WatchEnd
from tests.workflows.aiding import APPROVER, COUNTY, OFFICER, REVIEWER, Aided
from tests.workflows.driver import FIGURES
from tests.workflows.refusals import codes
from tests.workflows.test_called_up import meanwhile
from views.benefit import TO_RENEW
from workflows import links, watching
from workflows.actor import Actor
from workflows.desk_counted import contributions
from workflows.reason import Refused, Stale
from workflows.tick import tick

A = Action
HERE = "511526100201"
CLASSES = (Scheme.EDGE, Scheme.RIGID)


@pytest.fixture
def family(session: Session) -> Aided:
    return Aided(session)


@pytest.mark.parametrize("scheme", CLASSES)
def test_it_is_recognised_for_a_term_and_pays_nothing(family: Aided, scheme: Scheme) -> None:
    case = family.recognised(scheme).case
    assert (case.stage, case.monthly_fen, case.pays_from, case.review_due_on) == (Stage.ACTIVE, 0, None, None)
    assert case.valid_until == valid_until(family.day(), 12)
    assert case.step_due_on == case.valid_until


@pytest.mark.parametrize(("months", "fits"), [(0, False), (1, True), (12, True), (13, False)])
def test_a_term_has_one_to_twelve_months(family: Aided, months: int, fits: bool) -> None:
    if fits:
        assert family.recognised(Scheme.RIGID, months).case.valid_until == valid_until(family.day(), months)
        return
    with pytest.raises(Refused) as refused:
        family.recognised(Scheme.RIGID, months)
    assert codes(refused) == ["term_months"]


def test_a_place_that_enters_more_than_a_year_still_gives_no_more_to_rigid_spending() -> None:
    row = {"key": "rigid.valid_months", "place": "511526", "unit": "months", "from": date(2025, 1, 1), "value": 24,
           "cite": "测试"}  # fmt: skip
    assert term_months(FIGURES.with_rows([row]), Scheme.RIGID, HERE, date(2026, 3, 2)) == 12


@pytest.mark.parametrize(
    ("scheme", "first"), [(Scheme.EDGE, date(2012, 12, 12)), (Scheme.RIGID, date(2025, 1, 1))]
)  # fmt: skip
def test_a_class_exists_from_its_first_figure_on(scheme: Scheme, first: date) -> None:
    days = {shift: exists_here(FIGURES, scheme, HERE, first + timedelta(days=shift)) for shift in (-1, 0, 1)}
    assert days == {-1: False, 0: True, 1: True}


def test_before_its_first_figure_nobody_applies_for_rigid_spending(session: Session) -> None:
    family = Aided(session, now=datetime(2024, 12, 31, 9))
    with pytest.raises(Refused) as refused:
        family.opens(Scheme.RIGID)
    assert codes(refused) == ["scheme_not_here"]


def test_it_ends_by_time_alone_the_day_after_its_last(family: Aided, session: Session) -> None:
    case = family.recognised(months=1).case
    assert case.valid_until is not None
    for shift, stage in ((0, Stage.ACTIVE), (1, Stage.EXITED)):
        day = case.valid_until + timedelta(days=shift)
        tick(session, datetime(day.year, day.month, day.day, 1), FIGURES)
        session.refresh(case)
        assert case.stage is stage, shift
    assert case.ended_on == case.valid_until + timedelta(days=1)
    last = session.scalars(select(Event).where(Event.benefit_id == case.id).order_by(Event.id.desc())).first()
    assert last is not None and (last.action, last.actor_id) == (A.EXPIRE, None)


def test_a_recheck_does_not_keep_it_beyond_its_last_day(family: Aided, session: Session) -> None:
    case = family.recognised(months=1).do(A.START_RECHECK).case
    family.wait(40)
    tick(session, family.now, FIGURES)
    session.refresh(case)
    assert case.stage is Stage.EXITED


def test_its_renewal_is_taken_from_sixty_days_before_the_end(family: Aided) -> None:
    case = family.recognised().case
    assert case.valid_until is not None and case.renew_from == case.valid_until - timedelta(days=60)
    for shift, may in ((-1, False), (0, True)):
        family.now = datetime.combine(case.renew_from + timedelta(days=shift), family.now.time())
        assert links.may_renew(case, family.day()) is may
        if not may:
            with pytest.raises(Refused) as refused:
                family.opens(Scheme.EDGE)
            assert codes(refused) == ["open_case"]
    assert links.followed(family.session, family.home.id, Scheme.EDGE, family.day()) is case


def test_a_renewal_takes_the_place_of_what_it_renews(family: Aided) -> None:
    before = family.recognised().case
    family.wait(320).recognised(follows=before)
    assert family.case is not before and family.case.follows_id == before.id
    assert (before.stage, family.case.stage) == (Stage.EXITED, Stage.ACTIVE)
    assert family.case.valid_until == valid_until(family.day(), 12)
    assert before.ended_on == family.day()
    confirmed = select(Event.data).where(Event.benefit_id == family.case.id, Event.action == A.CONFIRM)
    assert before.valid_until is not None and before.valid_until > family.day()
    assert family.session.scalars(confirmed).one()["renews_until"] == before.valid_until.isoformat()


def test_a_renewal_stands_though_what_it_renews_ended_in_the_same_moment(
    family: Aided, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = family.recognised().case
    family.wait(320).opens(Scheme.EDGE, follows=before).looked_into().found().do(A.GIVE_OPINION, amount_fen=None)
    family.noticed().do(A.COUNTY_OPINION, REVIEWER)
    meanwhile(monkeypatch, before, stage=Stage.EXITED, ended_on=family.day())
    family.do(A.CONFIRM, COUNTY, months=12)
    assert (before.stage, family.case.stage) == (Stage.EXITED, Stage.ACTIVE)
    events = family.session.scalars(select(Event.action).where(Event.benefit_id == before.id)).all()
    assert A.RENEWED not in events


def _reminded(family: Aided, case: Benefit) -> bool:
    """Whether the desk counts a recognition among those that end, as the list behind it does."""
    counted = "term" in [one.kind for one in contributions(case)]
    assert counted is (case.id in family.session.scalars(select(Benefit.id).where(TO_RENEW)).all())
    return counted


@pytest.mark.parametrize("end", [A.WITHDRAW, A.REFUSE])
def test_nobody_is_reminded_of_a_renewal_that_is_running_until_it_came_to_nothing(family: Aided, end: A) -> None:
    before = family.recognised().case
    family.wait(320)
    assert _reminded(family, before)
    family.opens(Scheme.EDGE, follows=before)
    assert before.renewing_since == family.day() and not _reminded(family, before)
    if end is A.REFUSE:
        family.looked_into().found(Outcome.NOT_ELIGIBLE).do(A.GIVE_OPINION, grants=False, amount_fen=None)
        family.do(A.SUBMIT_REFUSAL).do(A.COUNTY_OPINION, REVIEWER)
    family.do(end, COUNTY if end is A.REFUSE else OFFICER)
    assert before.renewing_since is None and _reminded(family, before)


def test_a_second_renewal_is_not_begun_while_the_first_is_open(family: Aided) -> None:
    before = family.recognised().case
    family.wait(320).opens(Scheme.EDGE, follows=before)
    with pytest.raises(Refused) as refused:
        family.opens(Scheme.EDGE, follows=before)
    assert codes(refused) == ["open_case"]


@pytest.mark.parametrize(("action", "stage"), [(A.KEEP, Stage.ACTIVE), (A.EXIT, Stage.EXITED)])
def test_after_a_change_it_is_kept_to_its_last_day_or_ends(family: Aided, action: Action, stage: Stage) -> None:
    until = family.recognised().case.valid_until
    family.wait(30).do(A.START_RECHECK).do(A.RECORD_SURVEY)
    fits = action is A.KEEP
    family.found(Outcome.ELIGIBLE if fits else Outcome.NOT_ELIGIBLE).do(A.GIVE_OPINION, grants=fits, amount_fen=None)
    family.do(action, COUNTY)
    assert (family.case.stage, family.case.valid_until) == (stage, until)


def test_a_review_that_was_called_up_is_done_once_the_family_is_kept(family: Aided) -> None:
    case = family.recognised().wait(30).do(A.PLAN_REVIEW, None).case
    assert case.review_due_on == family.day()
    family.do(A.START_RECHECK).do(A.RECORD_SURVEY).found().do(A.GIVE_OPINION, amount_fen=None).do(A.KEEP, COUNTY)
    assert (case.stage, case.review_due_on) == (Stage.ACTIVE, None)


def test_an_opinion_in_favour_against_the_rules_takes_a_decision_on_the_single_case(family: Aided) -> None:
    family.opens(Scheme.RIGID).looked_into().found(Outcome.NOT_ELIGIBLE)
    with pytest.raises(Refused) as refused:
        family.do(A.GIVE_OPINION, amount_fen=None, special="")
    assert codes(refused) == ["special_missing"]
    family.do(A.GIVE_OPINION, amount_fen=None)
    told = family.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert told is not None and told.data["special_decision"]["reason"] == "集体研究决定"


def refused_family(family: Aided, scheme: Scheme = Scheme.EDGE) -> Aided:
    family.opens(scheme).looked_into().found(Outcome.NOT_ELIGIBLE)
    family.do(A.GIVE_OPINION, grants=False).do(A.SUBMIT_REFUSAL)
    role = APPROVER if scheme is Scheme.DIBAO else COUNTY
    if role is COUNTY:
        family.do(A.COUNTY_OPINION, Role.COUNTY_REVIEWER)
    family.do(A.REFUSE, role, words="人均收入超过边缘线")
    return family


@pytest.mark.parametrize("scheme", [Scheme.DIBAO, *CLASSES])
def test_a_refusal_keeps_its_reason_and_clause(family: Aided, scheme: Scheme) -> None:
    refused_family(family, scheme)
    event = family.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None and (event.opinion, event.clause) == ("人均收入超过边缘线", "民发〔2021〕57号 第二十一条")
    assert family.case.reason == "人均收入超过边缘线"


def watched(family: Aided) -> Watch:
    refused_family(family).do(A.WATCH, words="医药费仍高", day=family.day() + timedelta(days=90))
    return family.session.scalars(select(Watch)).one()


def test_a_refused_family_is_put_on_the_watch_list_once_with_its_next_look(family: Aided) -> None:
    watch = watched(family)
    assert (watch.why, watch.next_on, watch.household_id) == (
        "医药费仍高", family.day() + timedelta(days=90), family.home.id,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        family.do(A.WATCH, day=family.day() + timedelta(days=90))
    assert codes(refused) == ["watched_before"]


def look(family: Aided, watch: Watch, outcome: WatchEnd | None = None, shift: int = 90, who: Actor | None = None,
         version: int | None = None, found: str = "仍在服药") -> None:  # fmt: skip
    next_on = None if outcome else family.day() + timedelta(days=shift)
    actor = who or family.actor(OFFICER)
    watching.look(family.session, actor, watch, found, next_on, outcome, family.now, version)


def test_a_look_keeps_it_on_the_list_with_another_day_or_takes_it_off(family: Aided) -> None:
    watch = watched(family)
    family.wait(90)
    look(family, watch)
    assert (watch.checked_on, watch.found, watch.next_on) == (
        family.day(), "仍在服药", family.day() + timedelta(days=90),
    )  # fmt: skip
    look(family, watch, WatchEnd.BETTER)
    assert (watch.outcome, watch.settled_on) == (WatchEnd.BETTER, family.day())
    with pytest.raises(Refused) as refused:
        look(family, watch)
    assert codes(refused) == ["watch_settled"]


@pytest.mark.parametrize(("shift", "fits"), [(0, False), (1, True)])
def test_the_next_look_lies_ahead(family: Aided, shift: int, fits: bool) -> None:
    watch = watched(family)
    with nullcontext() if fits else pytest.raises(Refused) as refused:
        look(family, watch, shift=shift)
    assert fits or codes(refused) == ["day_not_ahead"]


def test_only_the_family_s_own_village_and_township_look(family: Aided) -> None:
    watch = watched(family)
    elsewhere = Actor(9, "外乡", OFFICER, "511526101")
    for who, code in ((elsewhere, "not_in_your_division"), (family.actor(COUNTY), "not_your_role")):
        with pytest.raises(Refused) as refused:
            look(family, watch, who=who)
        assert codes(refused) == [code]


def test_a_look_on_an_old_page_is_refused(family: Aided) -> None:
    watch = watched(family)
    with pytest.raises(Stale):
        look(family, watch, version=watch.row_version + 1)


def test_figures_of_the_terms_are_shipped() -> None:
    figures: Figures = FIGURES
    keys = ("edge.valid_months", "rigid.valid_months", "renew.days", "watchlist.check_months")
    assert [figures.get(key, place=HERE, on=date(2026, 3, 2)).whole for key in keys] == [12, 12, 60, 3]
