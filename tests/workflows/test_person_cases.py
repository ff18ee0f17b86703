"""A person's own entitlement goes along to another family: it is looked at again there, and ends with the person."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import inspect, select

from models import (
    Attachment,
    AuditEntry,
    Benefit,
    Event,
    HouseholdTask,
    MatchLine,
    MatchRun,
    Member,
    Objection,
    Visit,
)
from policy.authority import working_days_after
from policy.vocabulary import (
    Action,
    DisabilityKind,
    Employment,
    Happening,
    LeaveReason,
    Need,
    Paper,
    ParentKind,
    ParentState,
    Relation,
    Role,
    Scheme,
    Stage,
    Unit,
    VisitKind,
)
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from views.case_file import open_file
from workflows import attachments, household_event_undo, household_events
from workflows.evidence import facts_of
from workflows.facts_personal import ParentTold
from workflows.household_event_input import Happened
from workflows.household_scope import GOES_ALONG, _scoped
from workflows.people import Person
from workflows.tick import tick

H, R = Happening, Relation
NOW = datetime(2026, 3, 2, 9)
NEIGHBOUR = "511526100202"
AMOUNT = 10_000


class Moving(Driver):
    """A family whose son has a subsidy of his own, and the family next door."""

    def __init__(self, session) -> None:
        super().__init__(session, NOW, persons=3)
        self.head, self.spouse, self.son = self.home.members
        self.head.relation, self.spouse.relation, self.son.relation = R.HEAD, R.SPOUSE, R.SON
        self.next = factories.household(session, NEIGHBOUR, head_name="邻居", members=2)
        self.case = self.personal(Scheme.LIVING_SUBSIDY, self.son)

    def personal(self, scheme: Scheme, member: Member, stage: Stage = Stage.ACTIVE, **more) -> Benefit:
        return factories.benefit(
            self.session, member.household, stage, scheme=scheme, member=member, unit=Unit.SINGLE, persons=1,
            monthly_fen=AMOUNT, **more,
        )  # fmt: skip

    def happen(self, kind, home=None, **given):
        happened = Happened(kind, self.day(), "群众来办理", **given)
        officer = self.actor(Role.TOWNSHIP_OFFICER)
        return household_events.happen(self.session, home or self.home, happened, officer, self.now, FIGURES)

    def marry(self):
        return self.happen(H.MARRIAGE, self.next, people=(Person(self.son.name, self.son.id_no, R.CHILD_IN_LAW),))

    def split(self):
        return self.happen(H.SPLIT, along={self.son.id: R.HEAD}, village_code=NEIGHBOUR, address="二组")

    def merge(self):
        along = {self.head.id: R.PARENT, self.spouse.id: R.PARENT, self.son.id: R.OTHER}
        return self.happen(H.MERGE, self.next, other=self.home.id, along=along)

    def later(self) -> dict[Action, int]:
        return tick(self.session, self.now + timedelta(hours=1), FIGURES)

    def opinions(self, action: Action) -> list[str]:
        query = select(Event.opinion).where(Event.benefit_id == self.case.id, Event.action == action)
        return list(self.session.scalars(query.order_by(Event.id)))


@pytest.fixture
def m(session) -> Moving:
    return Moving(session)


@pytest.mark.parametrize("kind", ["marry", "split", "merge"])
@pytest.mark.parametrize("scheme", [Scheme.CARE_SUBSIDY, Scheme.ORPHAN, Scheme.UNSUPPORTED_CHILD])
def test_whoever_goes_to_another_family_keeps_the_money_and_is_looked_at_again_there(m, kind, scheme):
    m.case = m.personal(scheme, m.son)
    done = getattr(m, kind)()
    same = Member.id_no_hash == m.son.id_no_hash
    here = m.session.scalars(select(Member).where(same, Member.left_on.is_(None))).one()
    assert here.id != m.son.id
    assert (m.case.stage, m.case.monthly_fen) == (Stage.RECHECK, AMOUNT)
    assert (m.case.household_id, m.case.member_id, m.case.village_code) == (here.household_id, here.id, NEIGHBOUR)
    assert (m.case, "recheck") in [(effect.benefit, effect.what) for effect in done.effects]
    (told,) = m.opinions(Action.START_RECHECK)
    assert told.endswith(f"群众来办理。案件随本人转入{here.household.head_name}户。")
    assert Action.END_ON_DEATH not in m.later()
    assert m.stage is Stage.RECHECK
    assert m.facts().living == 1


def test_time_alone_ends_nothing_of_a_person_who_is_in_another_family(m):
    """However the stays came to be: here past the events, as a roster brings them."""
    factories.leave(m.session, m.son, m.day(), LeaveReason.MARRIAGE)
    stay = factories.member(m.session, m.next, birth=m.son.birth, id_no=m.son.id_no, joined_on=m.day())
    m.later()
    assert m.stage is Stage.ACTIVE
    factories.leave(m.session, stay, m.day() + timedelta(days=1), LeaveReason.DEATH)
    m.wait(1).later()
    assert m.stage is Stage.EXITED


def test_the_death_of_the_person_ends_it_in_the_old_family_and_in_the_new_one(m):
    m.happen(H.DEATH, member=m.son.id)
    assert m.stage is Stage.EXITED
    m.case = m.personal(Scheme.LIVING_SUBSIDY, m.spouse)
    m.happen(H.MARRIAGE, m.next, people=(Person(m.spouse.name, m.spouse.id_no, R.OTHER),))
    m.wait(1).happen(H.DEATH, m.next, member=m.case.member_id)
    assert m.stage is Stage.EXITED


def leave(m, reason=LeaveReason.MOVE):
    return m.happen(H.LEFT, member=m.son.id, reason=reason)


def task(m) -> HouseholdTask:
    query = select(HouseholdTask).where(HouseholdTask.benefit_id == m.case.id, HouseholdTask.need == Need.END)
    return m.session.scalars(query.order_by(HouseholdTask.id.desc())).first()


def test_who_goes_where_nobody_knows_keeps_it_until_the_day_for_a_hand_over_and_then_loses_it(m):
    done = leave(m)
    assert [(effect.benefit, effect.what) for effect in done.effects] == [(m.case, "unsettled")]
    due = working_days_after(FIGURES, "decide.handover", m.case.village_code, m.day())
    assert (m.stage, m.case.monthly_fen, task(m).due_on) == (Stage.ACTIVE, AMOUNT, due)
    m.wait((due - m.day()).days - 1).later()
    assert m.stage is Stage.ACTIVE
    m.wait(1).later()
    assert (m.stage, task(m).done_on) == (Stage.EXITED, due)


def test_the_township_ends_it_at_once_where_the_person_has_left_the_county(m):
    leave(m)
    m.do(Action.END_ON_DEATH, words="户口已迁往宜宾市")
    assert (m.stage, task(m).done_on) == (Stage.EXITED, m.day())
    last = m.session.scalars(select(Event).where(Event.benefit_id == m.case.id).order_by(Event.id.desc())).first()
    assert last.data["gone"] is True


@pytest.mark.parametrize("reason", [LeaveReason.MOVE, LeaveReason.MARRIAGE])
def test_who_is_entered_elsewhere_in_time_keeps_it_there_with_what_is_known(m, reason):
    m.son.disability_kind, m.son.disability_level = DisabilityKind.LIMB, 2
    leave(m, reason)
    m.wait(2)
    m.happen(H.JOINED, m.next, people=(Person(m.son.name, m.son.id_no, R.OTHER),))
    assert (m.stage, m.case.monthly_fen, m.case.household_id) == (Stage.RECHECK, AMOUNT, m.next.id)
    assert (m.case.member.disability_kind, m.case.member.disability_level) == (DisabilityKind.LIMB, 2)
    assert task(m).done_on == m.day()
    m.wait(30).later()
    assert m.stage is Stage.RECHECK


def test_an_entry_taken_back_lets_the_person_be_looked_for_again(m):
    leave(m)
    done = m.happen(H.JOINED, m.next, people=(Person(m.son.name, m.son.id_no, R.OTHER),))
    officer = m.actor(Role.TOWNSHIP_OFFICER)
    household_event_undo.undo(m.session, done.event, "登记有误", officer, m.now, FIGURES)
    m.later()
    assert (m.stage, task(m).done_on) == (Stage.RECHECK, None)


def test_of_a_person_on_tekun_who_went_elsewhere_no_death_is_announced(m):
    m.case = m.personal(Scheme.TEKUN, m.son)
    leave(m)
    m.wait(40).later()
    assert (m.stage, m.case.end_notice_until) == (Stage.ACTIVE, None)
    assert task(m).done_on is None


def test_whether_the_last_died_or_went_elsewhere_is_kept(m):
    m.happen(H.DEATH, member=m.son.id)
    query = select(Event).where(Event.benefit_id == m.case.id, Event.action == Action.END_ON_DEATH)
    assert m.session.scalars(query).one().data["gone"] is False


def test_the_familys_own_case_stays_and_ends_with_the_last_person_who_leaves(m):
    dibao = factories.benefit(m.session, m.next, monthly_fen=20_000, persons=2)
    last, other = m.next.members
    for one in (other, last):
        assert dibao.stage is not Stage.EXITED
        m.happen(H.MARRIAGE, people=(Person(one.name, one.id_no, R.OTHER),))
    assert (dibao.stage, dibao.household_id) == (Stage.EXITED, m.next.id)


def test_an_open_application_goes_along_and_what_hangs_on_it_lies_in_the_new_village(m):
    m.case = m.personal(Scheme.CARE_SUBSIDY, m.son, Stage.REVIEW)
    m.do(Action.RECORD_COMPLAINT)
    done = m.split()
    assert (m.case, "calculate") in [(effect.benefit, effect.what) for effect in done.effects]
    complaint = m.session.scalars(select(Objection)).one()
    assert m.case.village_code == complaint.village_code == NEIGHBOUR


def hanging(m) -> dict[str, object]:
    """What hangs on the case: something planned, done, handed in and photographed."""
    home = m.home
    place = {"household_id": home.id, "village_code": home.village_code, "township_code": home.township_code}
    ours = {**place, "benefit_id": m.case.id}
    planned = Visit(kind=VisitKind.SURVEY, due_on=m.day(), **ours)
    made = Visit(kind=VisitKind.SURVEY, done_on=m.day(), found="属实", **ours)
    event = m.happen(H.SCHOOL_END, member=m.son.id, employment=Employment.NONE).event
    rows = {"planned": planned, "made": made}
    for name, done_on in (("task", None), ("answered", m.day())):
        rows[name] = HouseholdTask(event_id=event.id, need=Need.RECHECK, since=m.day(), done_on=done_on, **ours)
    factories.keep(m.session, *rows.values())
    kept = {"paper": Paper.ID_CARD, "media": "image/png", "size": 8, "sha256": "0" * 64, "uploaded_at": m.now}
    rows["paper"] = Attachment(name="证件.png", stored="a.png", **kept, **ours)
    rows["photo"] = Attachment(name="照片.png", stored="b.png", visit_id=made.id, **kept, **place)
    rows["family"] = Attachment(name="户口本.png", stored="c.png", **kept, **place)
    factories.keep(m.session, *[rows[name] for name in ("paper", "photo", "family")])
    return rows


def test_what_is_still_to_be_done_and_the_documents_go_along_what_was_done_stays_where_it_happened(m):
    m.son.employment = Employment.STUDENT
    rows = hanging(m)
    m.split()
    new = (m.case.household_id, NEIGHBOUR)
    old = (m.home.id, m.home.village_code)
    there = {name: (row.household_id, row.village_code) for name, row in rows.items()}
    assert there == {
        "planned": new, "task": new, "paper": new, "made": old, "answered": old, "photo": old, "family": old,
    }  # fmt: skip
    seen = {row.name for row in attachments.of(m.session, attachments.Owner(m.case.household, benefit=m.case))}
    assert seen == {"证件.png", "照片.png"}


def test_the_visits_made_for_the_case_are_read_with_it_in_the_new_family(m):
    m.son.employment = Employment.STUDENT
    rows = hanging(m)
    m.split()
    file = open_file(m.session, m.actor(Role.TOWNSHIP_OFFICER), str(m.case.id), FIGURES, m.day())
    assert {visit.id for visit in file.visits} >= {rows["made"].id, rows["planned"].id}


def test_an_open_hit_in_a_list_goes_along_with_the_person(m):
    run = MatchRun(kind="vehicles", file_name="车辆.csv", charset="utf-8", sha256="0" * 64, due_on=m.day(),
                   created_at=m.now, division_code=factories.XUNCHANG)  # fmt: skip
    factories.keep(m.session, run)
    line = MatchLine(
        match_run_id=run.id, row_no=2, how="id_no", standing="in_force", member_id=m.son.id, household_id=m.home.id,
        benefit_id=m.case.id, due_on=m.day(), village_code=m.home.village_code, township_code=m.home.township_code,
    )  # fmt: skip
    factories.keep(m.session, line)
    m.split()
    assert (line.household_id, line.member_id, line.village_code) == (
        m.case.household_id, m.case.member_id, NEIGHBOUR
    )  # fmt: skip


def test_of_every_table_of_families_and_cases_it_is_said_what_goes_along(m):
    both = {model for model in _scoped() if {"household_id", "benefit_id"} <= set(inspect(model).columns.keys())}
    assert both == set(GOES_ALONG)


def test_persons_with_the_same_subsidy_do_not_keep_two_families_from_becoming_one(m):
    theirs = m.personal(Scheme.LIVING_SUBSIDY, m.next.members[1])
    m.merge()
    assert [case.stage for case in (m.case, theirs)] == [Stage.RECHECK] * 2
    assert m.case.household_id == theirs.household_id == m.next.id


def test_what_was_found_out_of_a_childs_parents_goes_along(m):
    m.case = m.personal(Scheme.UNSUPPORTED_CHILD, m.son)
    m.do(Action.START_RECHECK)
    m.do(Action.RECORD_SURVEY, parents=(ParentTold(ParentKind.FATHER, ParentState.DEAD, m.day()),))
    m.split()
    assert [(row.kind, row.state) for row in m.case.member.parents] == [(ParentKind.FATHER, ParentState.DEAD)]
    assert m.stage is Stage.RECHECK


@pytest.mark.parametrize("kind", ["marry", "split", "merge"])
def test_an_entry_taken_back_brings_the_case_back_with_the_person(m, kind):
    done = getattr(m, kind)()
    officer = m.actor(Role.TOWNSHIP_OFFICER)
    household_event_undo.undo(m.session, done.event, "登记有误", officer, m.now, FIGURES)
    assert (m.case.household_id, m.case.member_id, m.case.village_code) == (m.home.id, m.son.id, m.home.village_code)
    assert m.son.present
    assert m.facts().living == 1


def test_a_second_case_of_the_scheme_in_the_new_family_leaves_the_first_where_it_is_alive(m):
    stay = factories.member(m.session, m.next, birth=m.son.birth, id_no=factories.id_number(m.son.birth))
    second = m.personal(Scheme.LIVING_SUBSIDY, stay)
    factories.leave(m.session, m.son, m.day(), LeaveReason.MARRIAGE)
    stay.id_no, stay.joined_on = m.son.id_no, m.day()
    m.session.flush()
    m.happen(H.DEATH, member=m.spouse.id)
    assert (m.case.household_id, m.stage, second.stage) == (m.home.id, Stage.RECHECK, Stage.ACTIVE)
    assert facts_of(m.session, m.case, FIGURES, m.day()).living == 1


def test_the_audit_tells_that_the_case_went_along(m):
    m.split()
    m.session.commit()
    query = select(AuditEntry).where(AuditEntry.table_name == "benefit", AuditEntry.benefit_id == m.case.id)
    told = [entry.after or {} for entry in m.session.scalars(query)]
    assert any(entry.get("village_code") == NEIGHBOUR for entry in told)
