"""`flask import`: the same workflow as the page, for scripts; what it says is JSON or Chinese."""

import json

import openpyxl
import pytest
from sqlalchemy import select

from models import AuditEntry, County, Household, ImportBatch, ImportRow
from tests.signing_in import settle
from tests.views.answers import count
from tests.workflows.exchange import sheets
from tests.workflows.exchange.conftest import in_process  # noqa: F401
from tests.workflows.exchange.rosters import HEAD_ROW, NOW, WIFE_ROW, person
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange.layouts import CHANGES

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def run(app, tmp_path):
    settle(app)

    def run(*rows, login="county_reviewer", options=("--json",), data=None, name="低保人员.csv"):
        file = tmp_path / name
        file.write_bytes(data or sheets.csv_bytes(sheets.members(*rows)))
        result = app.test_cli_runner().invoke(args=["import", str(file), "--as", login, *options])
        return result.exit_code, json.loads(result.output) if "--json" in options else result.output

    return run


def test_a_clean_roster_is_imported_and_counted(app, run):
    code, told = run(HEAD_ROW, WIFE_ROW)
    assert code == 0
    assert (told["layout"], told["charset"]) == ("dibao_members", "utf-8")
    assert told["households"] == {"new": 1, "changed": 0, "unchanged": 0}
    assert told["members"] == {"new": 2, "changed": 0, "unchanged": 0}
    assert (told["warned"], told["refused"]) == ([], [])
    with app.app_context():
        assert db.session.scalars(select(ImportBatch)).one().id == told["batch"]
        imported = select(AuditEntry.channel).where(AuditEntry.action == "import").distinct()
        assert db.session.scalars(imported).all() == ["cli"]


def test_a_trial_writes_nothing(app, run):
    code, told = run(HEAD_ROW, WIFE_ROW, options=("--json", "--dry-run"))
    assert (code, told["members"]["new"], "batch" in told) == (0, 2, False)
    assert [count(app, model) for model in (Household, ImportBatch, ImportRow)] == [0, 0, 0]


def test_a_refused_row_is_told_with_row_column_code_and_sentence_and_the_exit_code_is_1(app, run):
    table = [["低保人员名册"], *sheets.members(HEAD_ROW, WIFE_ROW | {"年收入(元)": "-500"})]
    code, told = run(data=sheets.csv_bytes(table))
    (refused,) = told["refused"]
    assert (code, refused["row"], refused["column"], refused["code"]) == (1, 4, "年收入(元)", "negative")
    assert "-500" in refused["message"] and "不小于 0" in refused["message"]
    assert count(app, Household) == 1


def test_columns_that_are_not_taken_are_named(run):
    table = [[*row, last] for row, last in zip(sheets.members(HEAD_ROW), ("领导批示", "同意"), strict=True)]
    assert "未导入的列：领导批示。" in run(data=sheets.csv_bytes(table), options=("--dry-run",))[1]
    assert "未导入的列" not in run(HEAD_ROW, options=("--dry-run",))[1]


def test_what_waits_for_somebody_and_what_nobody_sees_is_told(run):
    assert run(HEAD_ROW)[0] == 0
    stopped = {"户主": HEAD_ROW["姓名"], "身份证号": HEAD_ROW["身份证号"], "停保原因": "自愿", "停保时间": "2026-02"}
    book = sheets.workbook(sheets.table(CHANGES[1], stopped))
    book.active.row_dimensions[2].hidden = True
    code, said = run(data=sheets.saved(book), name="停保.xlsx", options=())
    assert code == 0 and "须在导入页逐行办理：1 行" in said and "隐藏的行已一并读入：1 行" in said
    said = run(HEAD_ROW, options=("--dry-run",))[1]
    assert "逐行办理" not in said and "隐藏的行" not in said


def test_role_and_division_of_the_user_apply(run):
    code, told = run(person(101), person(103, 所属街="孝儿镇"), login="township_officer")
    assert (code, told["households"]["new"], [one["code"] for one in told["refused"]]) == (1, 1, ["not_your_division"])
    code, told = run(HEAD_ROW, login="auditor")
    assert (code, [one["code"] for one in told["errors"]]) == (1, ["not_your_role"])
    code, told = run(HEAD_ROW, login="nobody")
    assert (code, [one["code"] for one in told["errors"]]) == (1, ["no_such_importer"])


def test_unknown_villages_are_made_when_the_county_asks(run):
    strange = person(101, 所属社="云上村")
    assert run(strange)[1]["refused"][0]["code"] == "unknown_village"
    assert run(strange, options=("--json", "--create-villages"))[0] == 0


def test_a_file_that_cannot_be_read_is_a_sentence(app, run):
    code, said = run(data=b"a,b,c\n1,2,3\n", options=())
    assert code == 1 and "没有找到可识别的表头" in said
    code, told = run(data=b"a,b,c\n1,2,3\n")
    assert (code, told["errors"][0]["code"]) == (1, "no_header")
    assert count(app, ImportBatch) == 0


def test_a_file_whose_columns_a_person_must_confirm_is_sent_to_the_page_that_asks(app, run):
    made = sheets.members(HEAD_ROW, WIFE_ROW)
    strange = [["栏" + chr(0x4E00 + n) for n, _ in enumerate(made[0])], *made[1:]]
    for options in ((), ("--layout", "dibao_members")):
        code, said = run(data=sheets.csv_bytes(strange), options=options)
        assert code == 1 and "请在“导入”页上传此文件" in said
    assert count(app, ImportBatch) == 0


def test_an_encoding_that_does_not_fit_is_called_the_chosen_one(run):
    code, said = run(data=sheets.csv_bytes(sheets.members(HEAD_ROW), "gb18030"), options=("--charset", "utf-8"))
    assert code == 1 and "不是所选的文字编码" in said


def test_the_json_holds_what_is_agreed_and_nothing_else(run):
    both = {"layout", "charset", "households", "members", "warned", "refused"}
    assert set(run(HEAD_ROW, options=("--json", "--dry-run"))[1]) == both
    _code, told = run(HEAD_ROW, WIFE_ROW | {"年收入(元)": "-500"})
    assert set(told) == both | {"batch"} and set(told["refused"][0]) == {"row", "column", "code", "message"}


def test_the_form_can_be_given_and_the_refused_rows_written(run, tmp_path):
    out = tmp_path / "退回.xlsx"
    code, told = run(HEAD_ROW, WIFE_ROW | {"年收入(元)": "-500"}, options=("--json", "--report", str(out)))
    rows = list(openpyxl.load_workbook(out).active.values)
    assert (code, len(rows), rows[1][1]) == (1, 2, sheets.WIFE) and "不小于 0" in "".join(filter(None, rows[1]))
    code, told = run(HEAD_ROW, options=("--json", "--dry-run", "--layout", "dibao_households"))
    assert (code, told["errors"][0]["code"]) == (1, "missing_header")
    assert run(HEAD_ROW, options=("--json", "--dry-run", "--layout", "plain"))[1]["layout"] == "plain"


DRY = ["--dry-run"]


def test_a_report_that_cannot_be_written_is_a_sentence_and_nothing_is_imported(app, run, tmp_path):
    nowhere = tmp_path / "none" / "refused.xlsx"
    code, told = run(HEAD_ROW, WIFE_ROW | {"年收入(元)": "-500"}, options=("--json", "--report", str(nowhere)))
    assert (code, [error["code"] for error in told["errors"]]) == (1, ["report_unwritable"])
    assert [count(app, model) for model in (Household, ImportBatch)] == [0, 0]


@pytest.mark.parametrize(("sample", "options", "code"), [(True, DRY, 0), (False, DRY, 1), (True, [], 1)])
def test_nobody_needs_to_be_named_in_a_dry_run_on_the_sample_county_alone(app, run, tmp_path, sample, options, code):
    with app.app_context():
        db.session.scalars(select(County)).one().sample = sample
        audit.attribute(db.session, SYSTEM, NOW)
        db.session.commit()
    file = tmp_path / "名册.csv"
    file.write_bytes(sheets.csv_bytes(sheets.members(HEAD_ROW)))
    assert app.test_cli_runner().invoke(args=["import", str(file), *options]).exit_code == code
    assert count(app, ImportBatch) == 0


def test_in_words_it_says_the_same(run):
    code, said = run(HEAD_ROW, WIFE_ROW | {"性别": "男"}, options=())
    assert code == 1
    assert "人员：新增 1，变更 0，未变 0" in said and "拒绝 第 3 行" in said and "已导入，批次号" in said
