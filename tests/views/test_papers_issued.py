"""Papers issued once and kept as they were: numbers, corrections, second prints, and who may."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Household
from tests.views.case_papers import ids, issued, looks, paper, papers_of, plain
from tests.views.clerks import OFFICER, VILLAGE
from views.db import db
from views.papers_kinds import KINDS
from workflows import audit
from workflows.actor import SYSTEM


def body(page: str) -> str:
    return re.search(r"<main[^>]*>(.*?)</main>", page, re.DOTALL)[1]


def test_a_draft_is_marked_and_has_no_number(clerks):
    clerks.to_active()
    page = paper(clerks, "decision")
    assert "draftmark" in page and "草稿" in page and "巡民救〔2026〕　　号" in page and papers_of(clerks) == []


def test_what_was_issued_reads_the_same_after_data_templates_and_styles_changed(clerks, monkeypatch):
    clerks.to_active()
    first = issued(clerks, "decision")
    assert "draftmark" not in first and "巡民救〔2026〕1号" in first
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock(), "试")
        home = session.get_one(Household, clerks.row().household_id)
        home.head_name, home.persons = "改名", 9
        session.commit()
    monkeypatch.setattr("views.papers_made.template_of", lambda paper: "papers/suspension.html")
    monkeypatch.setattr("views.papers_made.style", lambda: "body { color: red; }")
    clerks.wait(3)
    again = paper(clerks, "decision")
    style = re.search(r'href="(/papers/style/[0-9a-f]{64}\.css)"', again)[1]
    assert body(again) == body(first) and style in first
    sheet = clerks.browser(OFFICER).get(style)
    assert sheet.mimetype == "text/css" and "@page letter" in sheet.get_data(as_text=True)


def test_issuing_twice_gives_one_paper(clerks):
    clerks.to_active()
    assert body(issued(clerks, "decision")) == body(issued(clerks, "decision")) and len(papers_of(clerks)) == 1


def test_a_correction_is_a_new_paper_that_names_the_old_one_and_both_stay(clerks):
    clerks.to_active()
    issued(clerks, "decision")
    (first,) = papers_of(clerks)
    page = issued(clerks, "decision", after=str(first.id), why="户主姓名有误")
    assert "巡民救〔2026〕2号" in page and "更正并替代" in plain(page) and "巡民救〔2026〕1号" in plain(page)
    old = clerks.browser(OFFICER).get(f"/papers/issued/{first.id}/").get_data(as_text=True)
    assert "巡民救〔2026〕1号" in old and "更正并替代" not in old
    register = plain(clerks.browser(OFFICER).get("/issued_paper/").get_data(as_text=True))
    assert "巡民救〔2026〕1号" in register and "巡民救〔2026〕2号" in register and "户主姓名有误" in register


def test_a_paper_that_was_replaced_says_so_above_the_sheet_and_not_on_it(clerks):
    clerks.to_active()
    issued(clerks, "decision")
    (first,) = papers_of(clerks)
    where = f"/papers/issued/{first.id}/"
    before = clerks.browser(OFFICER).get(where).get_data(as_text=True)
    assert "已作废" not in before
    issued(clerks, "decision", after=str(first.id), why="户主姓名有误")
    second = papers_of(clerks)[1]
    page = clerks.browser(OFFICER).get(where).get_data(as_text=True)
    assert "本文书已作废" in page and f'href="/papers/issued/{second.id}/"' in page
    assert "已由 巡民救〔2026〕2号 替代" in page
    assert body(page) == body(before)
    assert "已作废" not in clerks.browser(OFFICER).get(f"/papers/issued/{second.id}/").get_data(as_text=True)


def test_a_correction_without_a_reason_is_refused(clerks):
    clerks.to_active()
    issued(clerks, "decision")
    (first,) = papers_of(clerks)
    answer = clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/decision/issue/", data={"after": str(first.id)})
    assert answer.status_code == 422 and len(papers_of(clerks)) == 1


def test_printing_again_leaves_a_trace_in_the_history_and_none_on_the_paper(clerks):
    clerks.to_active()
    first = issued(clerks, "decision")
    (row,) = papers_of(clerks)
    answer = clerks.browser(VILLAGE).post(f"/papers/issued/{row.id}/print/")
    assert answer.status_code == 303 and answer.location.endswith(f"/papers/issued/{row.id}/#print")
    with clerks.app.app_context(), Session(db.engine) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "print")).one()
        assert (entry.benefit_id, entry.after["number"]) == (clerks.id, "巡民救〔2026〕1号")
    assert body(clerks.browser(VILLAGE).get(f"/papers/issued/{row.id}/").get_data(as_text=True)) == body(first)


def test_an_issued_form_shows_whole_numbers_for_a_reason_alone(clerks):
    clerks.to_review()
    page = issued(clerks, "survey")
    assert [number for number in ids(clerks) if number in page] == []
    assert clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/survey/full/", data={}).status_code == 422
    answer = clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/survey/full/", data={"reason": "verify"})
    assert all(number in answer.get_data(as_text=True) for number in ids(clerks)) and len(looks(clerks)) == 1


@pytest.mark.parametrize("kind", [kind.code for kind in KINDS.values() if not kind.numbers])
def test_no_other_paper_holds_a_whole_number(kind, clerks):
    assert clerks.apply() and clerks.browser(OFFICER).post(
        f"/case/{clerks.id}/paper/{kind}/full/", data={"reason": "verify"}
    ).status_code == 404  # fmt: skip


def test_a_village_worker_prints_forms_and_issues_no_letter(clerks):
    clerks.to_review()
    assert issued(clerks, "neighbours", VILLAGE)
    assert clerks.browser(VILLAGE).post(f"/case/{clerks.id}/paper/receipt/issue/").status_code == 422
    assert "出具并打印" not in paper(clerks, "receipt", VILLAGE)


def test_an_issued_paper_elsewhere_is_not_found(clerks):
    clerks.to_active()
    issued(clerks, "decision")
    (row,) = papers_of(clerks)
    browser = clerks.browser("township_officer_2")
    assert browser.get(f"/papers/issued/{row.id}/").status_code == 404
    assert browser.post(f"/papers/issued/{row.id}/print/").status_code == 404
    assert browser.get(f"/papers/together/?id={row.id}").status_code == 404
    assert "巡民救" not in browser.get("/issued_paper/").get_data(as_text=True)
