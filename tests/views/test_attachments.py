"""Documents on the pages: added, taken, looked at by themselves, withdrawn; each look on record."""

import io
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Attachment, AuditEntry
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of
from tests.workflows.test_attachments import PDF, PNG
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
def home(app, ids):
    return _home(app, factories.VILLAGE)


def _home(app, village):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        number = factories.household(session, village).id
        session.commit()
    return number


def upload(browser, home, *files, key="", kind="household"):
    where = f"/files/{kind}/{home}/"
    key = key or KEY.search(browser.get(where).get_data(as_text=True))[1]
    chosen = [(io.BytesIO(content), name) for name, content in files]
    return browser.post(f"{where}add/", data={"key": key, "paper": "id_card", "files": chosen})


def documents(app):
    with app.app_context():
        found = db.session.scalars(select(Attachment).order_by(Attachment.id)).all()
        db.session.expunge_all()
        return found


def test_files_are_added_listed_and_taken_under_their_own_names(app, clerk, home):
    assert upload(clerk, home, ("户口簿 1.pdf", PDF), ("照片.png", PNG)).status_code == 303
    page = clerk.get(f"/household/{home}/").get_data(as_text=True)
    assert "户口簿 1.pdf" in page and "照片.png" in page
    paper, _ = documents(app)
    answer = clerk.get(f"/file/{paper.id}/")
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E6%88%B7%E5%8F%A3%E7%B0%BF%201.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_picture_is_shown_by_itself_in_a_sandbox_and_a_paper_never(app, clerk, home):
    upload(clerk, home, ("照片.png", PNG), ("证明.pdf", PDF))
    picture, paper = documents(app)
    shown = clerk.get(f"/file/{picture.id}/view/")
    assert not shown.headers["Content-Disposition"].startswith("attachment")
    assert shown.headers["Content-Type"] == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    assert clerk.get(f"/file/{paper.id}/view/").headers["Content-Disposition"].startswith("attachment")


def test_each_look_is_on_record(app, clerk, home):
    upload(clerk, home, ("照片.png", PNG))
    [picture] = documents(app)
    clerk.get(f"/file/{picture.id}/")
    clerk.get(f"/file/{picture.id}/view/")
    with app.app_context():
        looks = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "download")).all()
        assert [(look.table_name, look.row_id) for look in looks] == [("attachment", str(picture.id))] * 2


def test_a_refused_file_is_named_and_the_good_one_beside_it_is_not_kept_either(app, clerk, home):
    answer = upload(clerk, home, ("好.png", PNG), ("坏.png", b"MZ"))
    assert answer.status_code == 422
    assert "坏.png" in answer.get_data(as_text=True)
    assert documents(app) == []


def test_a_double_click_adds_a_file_once(app, clerk, home):
    key = KEY.search(clerk.get(f"/files/household/{home}/").get_data(as_text=True))[1]
    answers = [upload(clerk, home, ("照片.png", PNG), key=key).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert len(documents(app)) == 1


def test_more_than_ten_megabytes_are_refused_before_they_are_read(clerk, home):
    assert upload(clerk, home, ("大.png", PNG + b"\0" * 11 * 1024 * 1024)).status_code == 413


def test_a_withdrawn_document_leaves_the_page_but_not_the_record(app, clerk, home):
    upload(clerk, home, ("照片.png", PNG))
    [picture] = documents(app)
    assert clerk.post(f"/file/{picture.id}/withdraw/", data={"why": ""}).status_code == 422
    assert clerk.post(f"/file/{picture.id}/withdraw/", data={"why": "传错了户"}).status_code == 303
    assert "照片.png" not in clerk.get(f"/household/{home}/").get_data(as_text=True)
    whole = clerk.get(f"/files/household/{home}/").get_data(as_text=True)
    assert "照片.png" in whole and "传错了户" in whole


def test_documents_elsewhere_do_not_exist(app, ids, clerk):
    elsewhere = _home(app, factories.OTHER_VILLAGE)
    there = browser_of(app, ids["township_officer_2"])
    upload(there, elsewhere, ("照片.png", PNG))
    [picture] = documents(app)
    for where in (f"/file/{picture.id}/", f"/file/{picture.id}/view/", f"/files/household/{elsewhere}/"):
        assert clerk.get(where).status_code == 404
    assert clerk.post(f"/file/{picture.id}/withdraw/", data={"why": "不关我事"}).status_code == 404
    assert clerk.post(f"/files/household/{elsewhere}/add/", data={}).status_code == 404


def test_an_auditor_reads_but_adds_nothing(app, ids, clerk, home):
    upload(clerk, home, ("照片.png", PNG))
    auditor = browser_of(app, ids["auditor"])
    assert auditor.get(f"/files/household/{home}/").status_code == 200
    assert auditor.get(f"/file/{documents(app)[0].id}/").status_code == 200
    assert auditor.post(f"/files/household/{home}/add/", data={}).status_code == 403
