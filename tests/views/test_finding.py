"""A finding on a page: what it comes to, its lines with clauses, and what changed since the one before."""

import re

import pytest
from flask import render_template_string

from policy.compare import compare

PAGE = "{% import 'panel/finding.html' as found with context %}{{ found.finding(result, marks, names) }}"
FINDING = {
    "outcome": "eligible", "scheme": "dibao", "unit": "household", "persons": 3, "income_month": "1290.99",
    "per_capita": "430.33", "standard": "717.00", "monthly": "1000.00",
    "parts": [{"kind": "gap", "amount": "860.00"}, {"kind": "uplift", "ref": "m2", "amount": "140.00"}],
    "one_off": "0.00", "range": None, "grace": None, "exit_money": None, "review_months": 6, "valid_months": None,
    "authority": "township", "deadlines": {"decide_working_days": 20},
    "members": [
        {"ref": "m2", "counted": True, "labour": "none", "self_care": "full", "why": "同住", "clause": "甲"},
    ],
    "income": [{"ref": "m2", "kind": "pension_basic", "month": "105.00", "counted": False, "why": "", "clause": "乙"}],
    "obligors": [{"able": True, "support_month": "85.00", "why": "公式", "clause": "丙"}],
    "property": [{"rule": "vehicle", "ok": True, "why": "无车", "clause": "丁"}],
    "reasons": [], "advice": [{"code": "refer_medical", "text": "可转介医疗救助", "clause": ""}],
    "dates": [{"on": "2027-03-01", "code": "eighteen", "text": "年满十八周岁", "clause": ""}],
    "lines": [{"label": "补差", "formula": "717.00 × 3 − 1290.99", "value": "860.00", "clause": "57号 第二十三条",
               "figure": "dibao.standard", "source": "珙县文件", "trial": False}],
    "figures_used": {"dibao.standard": {"value": "717.00", "place": "511526", "from": "2021-01-01", "cite": "珙县文件",
                                        "status": "placeholder", "trial": False}},
}  # fmt: skip


@pytest.fixture
def shown(app):
    def show(result, before=None, **names):
        with app.test_request_context():
            marks = compare(before, result) if before else None
            page = render_template_string(PAGE, result=result, marks=marks, names=names)
        return re.sub(r"\s+", " ", page)

    return show


def test_a_finding_says_outcome_amount_parts_lines_and_clauses_in_chinese(shown):
    page = shown(FINDING, m2="刘长明")
    told = ("每月 1,000.00 元", "补差", "分类施保增发 刘长明", "717.00 × 3 − 1,290.99", "57号 第二十三条", "珙县文件",
            "可转介医疗救助", "年满十八周岁", "全自理", "20 个工作日内", "乡镇", "暂用", "基础养老金")  # fmt: skip
    for text in told:
        assert text in page, text
    assert 'class="mark' not in page


def test_the_figures_used_say_what_they_count(shown):
    used = {"age.elderly": "60", "grace.months_max": "12", "deduct.work_cost.percent": "30"}
    used["edge.income_multiple"] = "1.5"
    row = {"place": "", "from": "2021-01-01", "cite": "", "status": "official", "trial": False}
    page = shown({**FINDING, "figures_used": {key: {**row, "value": value} for key, value in used.items()}})
    for text in ("60周岁", "12个月", "30%", "1.5倍"):
        assert text in page.replace(" ", ""), text


def test_of_one_person_alone_the_own_income_is_told_and_no_average(shown):
    alone = shown({**FINDING, "unit": "single", "persons": 1})
    assert "本人月收入" in alone and "家庭月收入" not in alone and "人均月收入" not in alone
    assert "家庭月收入" in shown(FINDING) and "人均月收入" in shown(FINDING)


def test_a_refused_one_tells_every_reason_with_its_clause(shown):
    reasons = [{"code": "income_above_standard", "text": "人均收入不低于标准", "clause": "甲"},
               {"code": "property_vehicle", "text": "车辆超过限额", "clause": "乙"}]  # fmt: skip
    page = shown({**FINDING, "outcome": "not_eligible", "monthly": "0.00", "parts": [], "reasons": reasons})
    assert "不符合的原因" in page and "人均收入不低于标准" in page and "车辆超过限额" in page
    assert "每月" not in page.split("<dl")[0]


def test_what_changed_is_marked_in_words_beside_the_old_value(shown):
    now = {**FINDING, "monthly": "900.00", "parts": FINDING["parts"][:1], "review_months": 12,
           "lines": [{**FINDING["lines"][0], "value": "760.00"}, {**FINDING["lines"][0], "label": "核减"}]}  # fmt: skip
    page = shown(now, FINDING)
    assert '每月 900.00 元</strong> <small class="was">原为 1,000.00</small>' in page
    assert "原为 860.00" in page and "有变化" in page
    assert '<li class="added"><span>核减' in page and "新增" in page
    assert '<li class="removed">分类施保增发' in page and "已不适用" in page
    assert "原为 6 个月" in page


def test_an_old_finding_without_some_of_its_fields_is_still_shown(shown):
    page = shown({"outcome": "grace", "scheme": "dibao", "monthly": "480.00", "parts": [], "lines": []})
    assert "渐退期" in page and "480.00" in page


def test_text_of_a_finding_is_never_markup(shown):
    page = shown({**FINDING, "lines": [{**FINDING["lines"][0], "label": "<b>x</b>"}]})
    assert "<b>x</b>" not in page


def test_where_a_line_says_who_it_says_the_name(shown):
    lines = [{**FINDING["lines"][0], "label": "扣减就业成本（年，m2）", "formula": "m21 + m2"}]
    page = shown({**FINDING, "lines": lines}, m2="刘长明", obligors=["刘军"])
    assert "扣减就业成本（年，刘长明）" in page and "m21 + 刘长明" in page
    assert "刘军" in page
