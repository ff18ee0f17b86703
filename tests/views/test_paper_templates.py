"""Letters in the office's own wording: who may upload one, what it may ask for, what is asked first, what is issued."""

import io
import re
import zipfile

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import IssuedPaper, PaperTemplate, User
from policy.letter_fields import FIELDS, LISTS, WORDED
from policy.vocabulary import Action, Role
from tests import factories
from tests.views.answers import text
from tests.views.clerks import OFFICER, Clerks
from tests.views.word_files import changed, docx, text_of
from tests.workflows.refusals import codes
from views.db import db
from views.papers_word import fill, look
from workflows import audit, issuing, paper_templates
from workflows.actor import SYSTEM
from workflows.reason import Refused

A = Action
SUPERVISOR = Role.SUPERVISOR
GOOD = (
    "{{ 受文人 }}：{{ 文号 }}，每月{{ 月金额 }}元（{{ 月金额大写 }}），自{{ 起始月份 }}起。"
    "{% if 替代文号 %}替代{{ 替代文号 }}{% endif %}"
)


def upload(clerks: Clerks, content: bytes, kind: str = "decision", name: str = "确认通知书.docx", who=SUPERVISOR):
    data = {"kind": kind, "scheme": "", "file": (io.BytesIO(content), name)}
    return clerks.browser(who).post("/papers/templates/", data=data, content_type="multipart/form-data")


def rows(clerks: Clerks, model=PaperTemplate) -> list:
    with clerks.app.app_context(), Session(db.engine) as session:
        return list(session.scalars(select(model).order_by(model.id)))


def press(clerks: Clerks, act: str, who=SUPERVISOR, **form):
    row = rows(clerks)[-1]
    return clerks.browser(who).post(f"/papers/templates/{row.id}/{act}/", data={"row_version": row.row_version, **form})


# --- who may upload ---------------------------------------------------------------------------------------------------


def test_a_supervisor_of_one_township_changes_no_letters_of_the_others(clerks):
    with clerks.app.app_context():
        audit.attribute(db.session, SYSTEM, clerks.clock())
        db.session.get_one(User, clerks.ids[str(SUPERVISOR)]).division_code = factories.XUNCHANG
        db.session.commit()
    assert upload(clerks, docx(GOOD)).status_code == 422 and rows(clerks) == []


# --- what it may ask for ----------------------------------------------------------------------------------------------


def test_fields_in_text_tables_heads_and_lists_are_found():
    found = look(docx(GOOD, "{% for 项 in 缺少材料 %}{{ loop.index }}{{ 项.材料 }}{% endfor %}", head="{{ 出具单位 }}"))
    assert found.fields == {"受文人", "文号", "月金额", "月金额大写", "起始月份", "替代文号", "缺少材料", "出具单位"}
    assert found.faults() == []


def test_a_field_that_word_split_into_runs_is_still_one_field():
    document, out = Document(), io.BytesIO()
    paragraph = document.add_paragraph("{")
    for piece in ("{ 受", "文人 }", "}"):
        paragraph.add_run(piece).bold = True
    document.save(out)
    assert look(out.getvalue()).fields == {"受文人"}


def test_fields_of_a_part_that_nobody_looked_into_are_not_filled():
    document, out = Document(), io.BytesIO()
    document.core_properties.title = "&#123;{ 7 * 7 }}"
    document.add_paragraph("{{ 受文人 }}")
    document.save(out)
    content = changed(out.getvalue())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        told = package.read("docProps/core.xml").replace(b"&amp;#123;", b"&#123;")
    content = changed(content, docProps__core_dot_xml=told)
    paper_templates.check(content)
    assert look(content).faults() == []
    filled = Document(io.BytesIO(fill(content, {"受文人": "张三"})))
    assert (filled.core_properties.title, filled.paragraphs[0].text) == ("{{ 7 * 7 }}", "张三")


@pytest.mark.parametrize("text", ["{{r " * 20_000, "{% if 受文人 %}" * 300 + "{% endif %}" * 300, "-%}" * 20_000])
def test_a_text_that_would_keep_the_reader_busy_is_refused(text):
    with pytest.raises(Refused) as caught:
        look(docx(text))
    assert codes(caught) == ["template_not_docx"]


def test_an_unknown_field_is_named_with_what_was_perhaps_meant():
    found = look(docx("{{ 受文人姓名 }}{{ 月金额大寫 }}{{ zzz }}", "{% for 项 in 缺少材料 %}{{ 项.材 }}{% endfor %}"))
    assert "受文人" in found.unknown["受文人姓名"] and "月金额大写" in found.unknown["月金额大寫"]
    assert found.unknown["zzz"] == [] and found.unknown["项.材"] == ["项.材料"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ 受文人.__class__ }}", "{{ ''.__class__.__mro__ }}", "{{ 受文人|upper }}", "{{ range(9) }}",
        "{{ 受文人[0] }}", "{{ 9 ** 9 ** 9 }}", "{{ '甲' * 1000000 }}", "{% set a = 1 %}", "{% include 'x' %}",
        "{% for a in 缺少材料 %}{% for b in 缺少材料 %}x{% endfor %}{% endfor %}",
        "{{ lipsum() }}", "{{ 受文人 == 1 }}",
        "{% for a in (1, 2) %}x{% endfor %}", "{% macro a() %}x{% endmacro %}",
        "{% for 项 in 缺少材料 %}{{ 项.__init__ }}{% endfor %}",
        "{% for 项 in 缺少材料 %}{{ loop.cycle }}{% endfor %}",
    ],
)  # fmt: skip
def test_a_template_can_do_nothing_but_name_fields(text):
    assert look(docx(text)).faults() != []


@pytest.mark.parametrize(
    ("text", "code", "what"),
    [
        ("文号 {{ 文号 号 {% if 受文人 %}甲{% endif %}", "template_syntax", "{{ 文号 号"),
        ("{{ 文号 }}{{ 受文人", "template_syntax", "{{ 受文人"),
        ("{{ 文号 }}{{ 受 文 人 }}", "template_syntax", "{{ 受 文 人 }}"),
        ("{{ }}", "template_syntax", "{{ }}"),
        ("{% if 受 文人 %}甲{% endif %}", "template_syntax", "{% if 受 文人 %}"),
        ("{% if 意见 %}甲{% elif %}乙{% else %}丙{% endif %}", "template_syntax", "{% elif %}"),
        ("{% if 意见 %}甲{% else %}乙{% endfor %}", "template_syntax", "{% endfor %}"),
        ("甲{% else %}乙", "template_syntax", "{% else %}"),
        ("{% if 受文人 %}", "template_unended", "{% if 受文人 %}"),
        (
            "{% if 受文人 %}甲{% endif %}{% for 项 in 缺少材料 %}{{ 项.材料 }}",
            "template_unended",
            "{% for 项 in 缺少材料 %}",
        ),
    ],
)
def test_what_is_not_closed_is_refused_in_the_words_that_were_typed(text, code, what):
    with pytest.raises(Refused) as caught:
        look(docx(text))
    assert [(one.code, one.args["what"]) for one in caught.value.reasons] == [(code, what)]


def test_a_block_without_an_end_is_told_how_it_ends(clerks):
    told = text(upload(clerks, docx("{% if 意见 %}{{ 意见 }}")))
    assert "“{% if 意见 %}”没有写结尾，请在结束处写上 {% endif %}" in told


def test_fields_outside_the_text_are_refused():
    document, out = Document(), io.BytesIO()
    document.core_properties.title = "{{ 受文人 }}"
    document.save(out)
    with pytest.raises(Refused) as caught:
        look(out.getvalue())
    assert codes(caught) == ["template_elsewhere"]


def test_what_is_filled_in_is_text_and_never_markup():
    values = {**dict.fromkeys(FIELDS, ""), **{key: [] for key in LISTS}, "受文人": "<w:p>甲&乙{{ 文号 }}"}
    assert text_of(fill(docx("{{ 受文人 }}"), values)) == "<w:p>甲&乙{{ 文号 }}"


# --- from upload to the issued letter ---------------------------------------------------------------------------------


def test_a_wrong_upload_tells_every_unknown_field_and_keeps_nothing(clerks):
    answer = upload(clerks, docx("{{ 受文人姓名 }}{{ 金額 }}"))
    assert answer.status_code == 422 and rows(clerks) == []
    assert "没有“受文人姓名”这个字段，相近的有：受文人" in text(answer) and "“金額”" in text(answer)


def test_of_a_field_that_is_like_none_the_table_of_fields_is_named(clerks):
    told = text(upload(clerks, docx("{{ 甲乙丙丁 }}")))
    assert "没有“甲乙丙丁”这个字段，可用的字段见下表" in told and "相近的有" not in told


@pytest.mark.parametrize("kind", ["survey", "notice", "x", ""])
def test_only_letters_can_be_worded(kind, clerks):
    assert upload(clerks, docx(GOOD), kind).status_code == 422 and rows(clerks) == []


def test_without_a_file_the_page_asks_for_one(clerks):
    answer = clerks.browser(SUPERVISOR).post("/papers/templates/", data={"kind": "decision"})
    assert answer.status_code == 422 and "请选择 .docx 文件" in text(answer)


def test_nothing_is_activated_before_somebody_saw_it_filled(clerks):
    clerks.to_active()
    assert upload(clerks, docx(GOOD)).status_code == 303
    assert press(clerks, "activate").status_code == 422
    answer = press(clerks, "try", case_no=clerks.row().case_no)
    assert answer.status_code == 200 and "每月790.00元（人民币柒佰玖拾元整），自2026年4月起。" in text_of(answer.data)
    assert "〔2026〕　　号" in text_of(answer.data)
    assert press(clerks, "activate").status_code == 303 and rows(clerks)[0].state == "active"


@pytest.mark.parametrize("case_no", ["", "511526100-2026-99999", "x"])
def test_a_preview_needs_a_case_with_this_letter(case_no, clerks):
    clerks.apply()
    upload(clerks, docx(GOOD))
    for tried in (case_no, clerks.row().case_no):
        answer = press(clerks, "try", case_no=tried)
        assert answer.status_code == 422 and f'name="case_no" value="{tried}"' in text(answer)
    assert rows(clerks)[0].tried_at is None


def activated(clerks: Clerks, text: str = GOOD) -> None:
    upload(clerks, docx(text))
    press(clerks, "try", case_no=clerks.row().case_no)
    assert press(clerks, "activate").status_code == 303


def test_a_later_version_takes_the_place_of_the_one_before(clerks):
    clerks.to_active()
    activated(clerks)
    activated(clerks, "{{ 文号 }}")
    assert [(row.version, row.state) for row in rows(clerks)] == [(1, "retired"), (2, "active")]
    assert press(clerks, "retire").status_code == 303 and rows(clerks)[1].state == "retired"


def test_the_issued_word_file_stays_as_it_was_whatever_becomes_of_the_template(clerks):
    clerks.to_active()
    activated(clerks)
    page = clerks.browser(OFFICER).get(f"/case/{clerks.id}/paper/decision/").get_data(as_text=True)
    assert "按本单位模板出具" in page
    assert (
        clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/decision/issue/", data={"word": "1"}).status_code == 303
    )
    (paper,) = rows(clerks, IssuedPaper)
    first = clerks.browser(OFFICER).get(f"/papers/issued/{paper.id}/word/").data
    assert "巡民救〔2026〕1号" in text_of(first)
    activated(clerks, "另一种写法 {{ 文号 }}")
    assert clerks.browser(OFFICER).get(f"/papers/issued/{paper.id}/word/").data == first
    assert issuing.number_of(paper) is not None and paper.template_id == rows(clerks)[0].id


def test_the_built_in_letter_is_what_is_issued_unless_word_is_asked_for(clerks):
    clerks.to_active()
    activated(clerks)
    clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/decision/issue/")
    (paper,) = rows(clerks, IssuedPaper)
    assert paper.template_id is None
    assert clerks.browser(OFFICER).get(f"/papers/issued/{paper.id}/word/").status_code == 404


def test_a_letter_is_corrected_in_the_wording_of_the_office_too(clerks):
    clerks.to_active()
    activated(clerks, "{{ 文号 }}{% if 替代文号 %}代替{{ 替代文号 }}{% endif %}")
    officer, where = clerks.browser(OFFICER), f"/case/{clerks.id}/paper/decision/"
    assert officer.post(f"{where}issue/", data={"word": "1"}).status_code == 303
    (first,) = rows(clerks, IssuedPaper)
    again = officer.get(f"{where}?draft=1").get_data(as_text=True)
    assert "按本单位模板重新出具" in again and again.count('name="word"') == 1
    why = {"word": "1", "after": first.id, "why": "姓名写错"}
    assert officer.post(f"{where}issue/", data=why).status_code == 303
    second = rows(clerks, IssuedPaper)[-1]
    assert text_of(officer.get(f"/papers/issued/{second.id}/word/").data) == "巡民救〔2026〕2号代替巡民救〔2026〕1号"
    assert "巡民救〔2026〕1号" in text(officer.get(where))


def test_only_the_supervisor_words_letters(clerks):
    for who in set(Role) - {SUPERVISOR}:
        assert clerks.browser(who).get("/papers/templates/").status_code == 403


@pytest.mark.parametrize("kind", WORDED)
def test_every_field_has_a_value_in_every_letter(kind, clerks):
    steps = {
        "missing": lambda: clerks.apply() and clerks.press(OFFICER, A.TELL_MISSING), "receipt": clerks.to_active,
        "decision": clerks.to_active, "refusal": lambda: _refused(clerks), "change": lambda: _later(clerks, A.CUT),
        "grace": lambda: _later(clerks, A.START_GRACE), "suspension": lambda: _later(clerks, A.SUSPEND),
        "resumption": lambda: _later(clerks, A.SUSPEND, A.RESUME), "exit": lambda: _later(clerks, A.EXIT),
    }  # fmt: skip
    steps[kind]()
    names = "".join(f"{{{{ {name} }}}}" for name in FIELDS)
    lists = "".join(
        f"{{% for 项 in {name} %}}{''.join(f'{{{{ 项.{part} }}}}' for part in parts)}{{% endfor %}}"
        for name, parts in LISTS.items()
    )
    upload(clerks, docx(names, lists), kind)
    answer = press(clerks, "try", case_no=clerks.row().case_no)
    assert answer.status_code == 200, text(answer)
    assert clerks.row().case_no in text_of(answer.data) and not re.search("[{}]", text_of(answer.data))


def _refused(clerks: Clerks) -> None:
    clerks.to_opinion(grants=False).walk((A.SUBMIT_REFUSAL, OFFICER))
    clerks.walk((A.REFUSE, Role.TOWNSHIP_APPROVER), clause="民发〔2021〕57号 第十三条", words="收入高于标准")


def _later(clerks: Clerks, *actions: Action) -> None:
    clerks.to_recheck()
    given = {A.CUT: {"amount_fen": 50_000}, A.START_GRACE: {"months": 6}}
    for action in actions:
        clerks.walk((action, Role.TOWNSHIP_APPROVER), words="有变化", **given.get(action, {}))
