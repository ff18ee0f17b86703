"""What an office may write into its own wording of a letter: each field by the name that stands in the document.

Names are Chinese, because clerks type them in Word: ``{{ 文号 }}``. Meanings are message ids.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

_FIELDS: dict[str, tuple[str, str]] = {
    "number": ("文号", "Number of the letter"),
    "name": ("文书名称", "Name of the letter"),
    "addressee": ("受文人", "To whom it goes: the head of the family, or the person counted alone"),
    "case_no": ("案号", "Case number"),
    "scheme": ("救助类别", "Name of the scheme in full"),
    "money": ("资金名称", "What the money of the scheme is called"),
    "persons": ("家庭人口", "How many people are counted"),
    "whose": ("称谓", "You, or your family"),
    "applied_on": ("申请日期", "Day of the application"),
    "accepted_on": ("受理日期", "Day of acceptance"),
    "done_on": ("办理日期", "Day of the step that the letter tells"),
    "on": ("出具日期", "Day on which the letter is issued"),
    "county": ("县", "County"),
    "township": ("乡镇", "Township"),
    "village": ("村", "Village or community"),
    "office": ("出具单位", "Office that signs"),
    "township_office": ("乡镇政府", "Office of the township"),
    "county_office": ("县级民政部门", "Office of the county"),
    "basis": ("依据", "Decree and clause"),
    "words": ("意见", "What was written when the step was taken"),
    "amount": ("月金额", "Amount a month or in one sum, in figures"),
    "capitals": ("月金额大写", "The same amount in capitals"),
    "before": ("原月金额", "Amount a month before, in figures"),
    "month": ("起始月份", "Month from which it holds"),
    "months": ("渐退月数", "Months of the grace period"),
    "until": ("渐退截止日期", "Last day of the grace period"),
    "exit_money": ("退出补助", "Given in one sum to who leaves by own wish, in figures; empty where nothing is given"),
    "survey_by": ("启动调查日期", "Last day to begin the survey"),
    "decide_by": ("作出决定日期", "Last day to decide"),
    "reckoned": ("核算说明", "What was calculated, in one sentence"),
    "organ": ("复议机关", "Organ of administrative review"),
    "review_days": ("复议期限天数", "Days for administrative review"),
    "court": ("诉讼法院", "Court"),
    "court_months": ("诉讼期限月数", "Months to go to court"),
    "replaces": ("替代文号", "Number of the letter that this one replaces; empty for a first one"),
}
FIELDS: dict[str, str] = dict(_FIELDS.values())
"""Meanings by the name in the document."""
LISTS: dict[str, dict[str, str]] = {
    "缺少材料": {"材料": "Paper that is missing", "说明": "What exactly, whose"},
    "家庭成员": {"姓名": "Name", "关系": "Relation to the head", "年龄": "Age"},
}
"""Lists to be repeated: ``{% for 一项 in 缺少材料 %}{{ 一项.材料 }}{% endfor %}``."""

WORDED = ("missing", "receipt", "decision", "refusal", "change", "grace", "suspension", "resumption", "exit")
"""The letters that an office may word itself."""


def near(name: str, among: Iterable[str]) -> list[str]:
    """Names that were perhaps meant, the nearest first."""
    return get_close_matches(name, list(among), n=3, cutoff=0.4)


def named(
    values: Mapping[str, str], missing: Iterable[tuple[str, str]], people: Iterable[Sequence[str]]
) -> dict[str, Any]:
    """Values by their code, the missing papers and the members, under the names that stand in the document.

    Raises KeyError for a field without a value.
    """
    told: dict[str, Any] = {name: values[code] for code, (name, _) in _FIELDS.items()}
    rows = (("缺少材料", missing), ("家庭成员", people))
    return told | {key: [dict(zip(LISTS[key], row, strict=True)) for row in found] for key, found in rows}


def whose(single: bool) -> str:
    """How a letter speaks to a family, or to a person counted alone."""
    return "您" if single else "您家庭"


def month_of(day: date) -> str:
    """A month as letters write it: 2026年4月."""
    return f"{day.year}年{day.month}月"


def reckoned(result: Mapping[str, Any]) -> str:
    """A stored calculation in one sentence; nothing where none was made."""
    texts = (("income_month", "家庭月收入"), ("per_capita", "人均月收入"), ("standard", "执行标准每人每月"))
    parts = [f"{text}{result[key]}元" for key, text in texts if result.get(key)]
    return f"经核算，{'，'.join(parts)}。" if parts else ""
