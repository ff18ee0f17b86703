"""Steps for many cases: previewed with counts that add up, taken case by case and once, told case by case."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, BulkLine, Event, User
from policy.figures import MissingFigure
from policy.vocabulary import Action, Role
from tests import factories
from tests.views.answers import text
from views import commands_work
from views.db import db
from workflows import audit, bulk, casework
from workflows.actor import SYSTEM

A = Action
OFFICER, APPROVER, REVIEWER = Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.COUNTY_REVIEWER
ACTION = re.compile(r'<form class="in" method="post" action="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(key|seen)" value="([^"]*)"')
WORDS = "季度到期，统一发起复核"


def four_families(clerks):
    """Three families that receive aid, and one still under review."""
    found = []
    for _ in range(3):
        clerks.to_active()
        found.append(clerks.id)
    clerks.to_review()
    return (*found, clerks.id)


@pytest.fixture
def families(clerks):
    return [*clerks.once(four_families)]


def preview(clerks, ids, action=A.START_RECHECK, who=OFFICER, **more):
    return clerks.browser(who).get("/bulk/", query_string={"picked": ids, "action": action.value, **more})


def send(clerks, page: str, who=OFFICER, **typed):
    found = dict(HIDDEN.findall(page))
    return clerks.browser(who).post(ACTION.search(page)[1], data={**found, "words": WORDS, **typed})


def counts(page: str) -> tuple[int, int, int]:
    """(possible, not possible, all) as the preview says."""
    plain = re.sub(r"<[^>]+>", "", page)
    return tuple(map(int, re.search(r"可办理 (\d+) \+ 不可办理 (\d+) = (\d+)", plain).groups()))


def actions(clerks, id) -> list[Action]:
    clerks.id = id
    return clerks.events()


def outcomes(clerks) -> list[str]:
    with clerks.app.app_context(), Session(db.engine) as session:
        return list(session.scalars(select(BulkLine.outcome).order_by(BulkLine.id)))


def test_a_preview_says_for_whom_a_step_is_possible_and_for_whom_not_and_why_and_the_counts_add_up(clerks, families):
    page = text(preview(clerks, families))
    assert counts(page) == (3, 1, 4)
    assert "低保在“审核中”环节没有“发起复核”这一步" in page
    assert "请刷新页面" not in page
    assert all(A.START_RECHECK not in actions(clerks, id) for id in families)


def test_each_possible_case_is_taken_and_the_others_are_told_with_their_reason(clerks, families):
    answer = send(clerks, text(preview(clerks, families)))
    assert answer.status_code == 303
    page = text(clerks.browser(OFFICER).get(answer.location))
    assert "已办理 3 件，未办理 1 件" in page
    assert [actions(clerks, id)[-1] for id in families[:3]] == [A.START_RECHECK] * 3
    assert A.START_RECHECK not in actions(clerks, families[3])
    with clerks.app.app_context(), Session(db.engine) as session:
        told = session.scalars(select(Event.opinion).where(Event.action == A.START_RECHECK)).all()
    assert told == [WORDS] * 3


def test_a_case_left_out_stands_where_its_list_says_it_stands(clerks):
    clerks.to_active()
    with clerks.app.app_context(), db.engine.begin() as raw:
        raw.exec_driver_sql("UPDATE benefit SET scheme = 'temporary'")
    page = text(preview(clerks, [clerks.id]))
    assert "待发放" in page and "在享" not in page


def test_who_works_elsewhere_by_now_is_told_of_no_case_of_the_old_place(clerks, families):
    where = send(clerks, text(preview(clerks, families))).location
    with clerks.app.app_context(), Session(db.engine) as session:
        numbers = list(session.scalars(select(Benefit.case_no)))
        audit.attribute(session, SYSTEM, clerks.clock())
        session.get_one(User, clerks.ids[str(OFFICER)]).division_code = factories.XIAOER
        session.commit()
    page = text(clerks.browser(OFFICER).get(where))
    assert "已办理 0 件" in page and not [number for number in numbers if number in page]


def test_sending_twice_does_it_once_and_says_so(clerks, families):
    page = text(preview(clerks, families))
    first = send(clerks, page)
    again = send(clerks, page)
    assert again.location == first.location
    assert "已办理，未重复提交" in text(clerks.browser(OFFICER).get(again.location))
    assert actions(clerks, families[0]).count(A.START_RECHECK) == 1
    assert len(outcomes(clerks)) == 4


def test_the_whole_of_a_filtered_list_is_meant_where_somebody_says_so(clerks, families):
    where = {"all": "yes", "stage": "active", "action": A.START_RECHECK.value}
    page = text(clerks.browser(OFFICER).get("/bulk/", query_string=where))
    assert counts(page) == (3, 0, 3)
    sent = send(clerks, page)
    assert sent.status_code == 303
    assert outcomes(clerks) == ["done"] * 3
    told = text(clerks.browser(OFFICER).get(sent.location))
    assert "已办理全部 3 件" in told and "原因见下" not in told


def test_the_list_offers_ticks_all_and_only_the_steps_of_the_role(clerks, families):
    page = text(clerks.browser(OFFICER).get("/benefit/?stage=active"))
    assert len(re.findall(r'form="bulk" name="picked"', page)) == 3
    assert "选择全部 3 件" in page.replace("  ", " ") or re.search(r"选择全部\s*3", page)
    offered = re.findall(r'<option value="([a-z_]+)"', page[page.index('id="f-action"') :].partition("</select>")[0])
    assert A.START_RECHECK in offered
    assert A.KEEP not in offered
    assert A.CONFIRM not in offered
    auditor = text(clerks.browser(Role.AUDITOR).get("/benefit/"))
    assert 'form="bulk"' not in auditor


@pytest.mark.parametrize("action", [A.CONFIRM, A.GIVE_OPINION, A.REFUSE, A.CUT, A.EXIT])
def test_what_is_judged_case_by_case_is_never_taken_in_bulk(action, clerks, families):
    assert action not in bulk.IN_BULK
    page = text(preview(clerks, families, action, APPROVER))
    assert "可办理" not in page
    answer = clerks.browser(APPROVER).post(f"/bulk/?action={action}&picked={families[0]}", data={"words": WORDS})
    assert answer.status_code == 302
    assert outcomes(clerks) == []


def test_an_amount_is_kept_in_bulk_only_where_calculation_and_opinion_say_so_of_the_case(clerks):
    clerks.to_recheck()
    ready = clerks.id
    clerks.to_active().wait(30).walk((A.START_RECHECK, OFFICER), (A.RECORD_SURVEY, OFFICER))
    without = clerks.id
    page = text(preview(clerks, [ready, without], A.KEEP, APPROVER))
    assert counts(page) == (1, 1, 2)
    assert send(clerks, page, APPROVER).status_code == 303
    assert actions(clerks, ready)[-1] is A.KEEP
    assert A.KEEP not in actions(clerks, without)


def test_what_changed_since_the_preview_is_shown_again_and_nothing_typed_is_lost(clerks, families):
    page = text(preview(clerks, families))
    clerks.id = families[0]
    clerks.walk((A.START_RECHECK, OFFICER))
    answer = send(clerks, page)
    assert answer.status_code == 422
    assert "预览后有案件发生变化" in text(answer)
    assert WORDS in text(answer)
    assert counts(text(answer)) == (2, 2, 4)
    assert outcomes(clerks) == []
    assert send(clerks, text(answer)).status_code == 303


@pytest.mark.parametrize("words", ["", " ", "好"])
def test_a_step_that_needs_words_is_refused_without_them(words, clerks, families):
    answer = send(clerks, text(preview(clerks, families)), words=words)
    assert answer.status_code == 422
    assert "此项写入每一件" in text(answer)
    assert outcomes(clerks) == []


@pytest.mark.parametrize(("day", "taken"), [("2026-04-01", True), ("2099-01-01", False), ("", False)])
def test_the_day_a_refusal_was_told_is_asked_and_lies_not_ahead(day, taken, clerks):
    clerks.to_opinion(grants=False).walk((A.SUBMIT_REFUSAL, OFFICER), (A.REFUSE, APPROVER), clause="第四条")
    clerks.clock.move(days=60)
    clerks.browsers.clear()
    page = text(preview(clerks, [clerks.id], A.TELL_REFUSAL))
    assert (send(clerks, page, day=day).status_code == 303) == taken
    assert (A.TELL_REFUSAL in clerks.events()) == taken


def test_a_case_of_another_township_is_left_out(clerks, families):
    answer = preview(clerks, families, who="township_officer_2")
    assert "还没有选择" in text(answer)


def test_a_run_is_seen_by_nobody_but_who_began_it(clerks, families):
    where = send(clerks, text(preview(clerks, families))).location
    assert clerks.browser(APPROVER).get(where).status_code == 404


def test_many_cases_are_a_job_with_progress_that_goes_on_where_it_was_cut_off(clerks, families, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    where = send(clerks, text(preview(clerks, families))).location
    page = text(clerks.browser(OFFICER).get(where))
    assert "已办 1 / 4 件" in page  # the one that was not possible
    assert 'http-equiv="refresh"' in page
    take = bulk._take
    killed = iter([None, RuntimeError("killed")])

    def cut_off(*args):
        if error := next(killed, None):
            raise error
        take(*args)

    monkeypatch.setattr(bulk, "_take", cut_off)
    with clerks.app.app_context():
        commands_work.do_all()
    assert outcomes(clerks).count("done") == 1
    page = text(clerks.browser(OFFICER).get(where))
    assert "继续" in page
    clerks.browser(OFFICER).post(f"{where}resume")
    with clerks.app.app_context():
        assert commands_work.do_all() == 1
    assert outcomes(clerks) == ["refused"] + ["done"] * 3  # the latest case comes first
    assert [actions(clerks, id).count(A.START_RECHECK) for id in families] == [1, 1, 1, 0]


def test_a_case_that_changed_while_a_run_goes_on_is_left_with_its_reason(clerks, families, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    where = send(clerks, text(preview(clerks, families))).location
    clerks.id = families[1]
    clerks.walk((A.START_RECHECK, OFFICER))
    with clerks.app.app_context():
        commands_work.do_all()
    assert outcomes(clerks) == ["refused", "done", "refused", "done"]
    assert "他人" in text(clerks.browser(OFFICER).get(where))


def test_whoever_lost_the_role_meanwhile_does_nothing_more(clerks, families, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    send(clerks, text(preview(clerks, families)))
    from models import User
    from workflows import audit
    from workflows.actor import SYSTEM

    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        session.get_one(User, clerks.ids["township_officer"]).active = False
        session.commit()
    with clerks.app.app_context():
        commands_work.do_all()
    assert "done" not in outcomes(clerks)


def lacks_a_figure(function, id, of):
    """The function, but for one case as where no figure is in force for it."""

    def lacking(session, benefit, *args, **more):
        if benefit.id == id:
            raise MissingFigure("decide.working_days", benefit.village_code, of)
        return function(session, benefit, *args, **more)

    return lacking


def test_a_figure_that_one_case_lacks_is_the_reason_of_that_case_alone(clerks, families, monkeypatch):
    today = clerks.clock().date()
    page = text(preview(clerks, families))
    monkeypatch.setattr(casework, "take", lacks_a_figure(casework.take, families[1], today))
    answer = send(clerks, page)
    monkeypatch.undo()
    assert answer.status_code == 303
    told = text(clerks.browser(OFFICER).get(answer.location))
    assert "已办理 2 件，未办理 2 件" in told
    assert "参数“办结时限”" in told
    assert [actions(clerks, id).count(A.START_RECHECK) for id in families] == [1, 0, 1, 0]


def test_a_preview_tells_of_a_figure_that_one_case_lacks_and_counts_the_others(clerks, families, monkeypatch):
    monkeypatch.setattr(bulk, "facts_of", lacks_a_figure(bulk.facts_of, families[1], clerks.clock().date()))
    page = text(preview(clerks, families))
    assert counts(page) == (2, 2, 4)
    assert "参数“办结时限”" in page
