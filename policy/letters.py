"""What letters to a family say by rule: full names of offices and decrees, numbers, and where a decision is contested.

The texts are dated: a letter says what held on the day of its decision, whenever it is printed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from policy.vocabulary import Authority, Scheme

T = TypeVar("T")

FORMAL_NAME = {
    Scheme.DIBAO: "最低生活保障",
    Scheme.TEKUN: "特困人员救助供养",
    Scheme.TEMPORARY: "临时救助",
    Scheme.EDGE: "最低生活保障边缘家庭",
    Scheme.RIGID: "刚性支出困难家庭",
    Scheme.LIVING_SUBSIDY: "困难残疾人生活补贴",
    Scheme.CARE_SUBSIDY: "重度残疾人护理补贴",
    Scheme.UNSUPPORTED_CHILD: "事实无人抚养儿童基本生活补贴",
    Scheme.ORPHAN: "孤儿基本生活费",
}
TITLES = {
    "民发〔2021〕57号": "《最低生活保障审核确认办法》",
    "民发〔2012〕220号": "《最低生活保障审核审批办法（试行）》",
    "民发〔2018〕23号": "《民政部、财政部关于进一步加强和改进临时救助工作的意见》",
    "国务院令第649号": "《社会救助暂行办法》",
    "国发〔2015〕52号": "《国务院关于全面建立困难残疾人生活补贴和重度残疾人护理补贴制度的意见》",
    "民发〔2019〕62号": "《关于进一步加强事实无人抚养儿童保障工作的意见》",
    "国办发〔2010〕54号": "《国务院办公厅关于加强孤儿保障工作的意见》",
}
MARKS = {
    "missing": "补", "receipt": "受", "notice": "公", "decision": "确", "refusal": "不", "change": "变",
    "suspension": "停", "resumption": "恢", "grace": "渐", "exit": "退",
}  # fmt: skip
"""The character of each kind of letter in its document number, so that no two letters of a case share one."""

TITLES_OF = {
    "missing": "{scheme}申请材料补正告知书", "receipt": "{scheme}申请受理通知书", "decision": "{scheme}确认通知书",
    "refusal": "{scheme}不予确认通知书", "change": "{scheme}金变更告知书", "suspension": "{scheme}金停发告知书",
    "resumption": "{scheme}金恢复发放告知书", "grace": "{scheme}渐退期告知书", "exit": "退出{scheme}告知书",
    "notice": "{scheme}审核公示",
}  # fmt: skip
"""What each kind of letter is called, under the name of the scheme."""

NTH = "一二三四五六七八九十"
ENDINGS = "。！？…；"
CASE_NO = re.compile(r"[0-9]+-([0-9]{4})-([0-9]+)")

# Who reviews a decision (行政复议): until the end of 2023 the government of the same level or the department above,
# since 2024-01-01 the government alone (行政复议法 2023年修订 第二十四条). A township's is the county government's.
REVIEW_ORGANS = (
    (date.min, {Authority.TOWNSHIP: "{county}人民政府", Authority.COUNTY: "{county}人民政府或者{city}民政局"}),
    (date(2024, 1, 1), {Authority.TOWNSHIP: "{county}人民政府", Authority.COUNTY: "{county}人民政府"}),
)
REVIEW_DAYS = ((date.min, 60),)  # 行政复议法 第二十条 (before 2024 第九条)
COURT_MONTHS = ((date.min, 3), (date(2015, 5, 1), 6))  # 行政诉讼法 第四十六条 (before its revision of 2014 第三十九条)


@dataclass(frozen=True)
class Remedies:
    """Both ways to contest a decision: 行政复议 within calendar days, 诉讼 within months, each with its organ."""

    organ: str
    days: int
    court: str
    months: int


def remedies(decider: Authority, county: str, city: str, on: date) -> Remedies:
    """Where and until when a decision of that day is contested (行政复议法, 行政诉讼法 as they stood then)."""
    organ = _in_force(REVIEW_ORGANS, on)[decider].format(county=county, city=city)
    return Remedies(organ, _in_force(REVIEW_DAYS, on), f"{county}人民法院", _in_force(COURT_MONTHS, on))


def _in_force(rows: Iterable[tuple[date, T]], on: date) -> T:
    return [value for first, value in rows if first <= on][-1]


def office_of(decider: Authority, county: str, township: str) -> str:
    """The office that signs: 珙县巡场镇人民政府, 某区某街道办事处, 珙县民政局."""
    if decider is Authority.COUNTY:
        return f"{county}民政局"
    return f"{county}{township}{'办事处' if township.endswith('街道') else '人民政府'}"


def short_name(name: str, others: Iterable[str]) -> str:
    """The fewest first characters that no other place of the county begins with: 巡 for 巡场镇."""
    rest = [other for other in others if other != name]
    for length in range(1, len(name)):
        if not any(other.startswith(name[:length]) for other in rest):
            return name[:length]
    return name


def case_number(case_no: str) -> tuple[int, int] | None:
    """Year and serial number of a case number of the office's own form; None for one that came from elsewhere."""
    found = CASE_NO.fullmatch(case_no)
    return (int(found[1]), int(found[2])) if found else None


def document_word(kind: str, decider: Authority, county: str, township: str) -> str:
    """The words before the year: 巡民救受 from the township, 珙民救巡确 from the county; ``short_name`` of both."""
    mark = MARKS[kind]
    return f"{county}民救{township}{mark}" if decider is Authority.COUNTY else f"{township}民救{mark}"


def repeated(nth: int) -> str:
    """之二, 之三 … for a further letter of the same kind in one case; nothing for the first."""
    return "" if nth < 2 else f"之{NTH[nth - 1] if nth <= len(NTH) else nth}"


def full_title(clause: str) -> str:
    """A clause as letters cite it: 《最低生活保障审核确认办法》（民发〔2021〕57号）第十三条."""
    text = clause.strip()
    for code, title in TITLES.items():
        if text.startswith(code):
            return f"{title}（{code}）{text.removeprefix(code).strip()}"
    return text


def title_of(kind: str, scheme: Scheme) -> str:
    """What a letter is called: 最低生活保障申请受理通知书."""
    return TITLES_OF[kind].format(scheme=FORMAL_NAME[scheme])


def ended(text: str) -> str:
    """A remark as a sentence: with a full stop where it has none."""
    text = text.strip()
    return text if not text or text[-1] in ENDINGS else f"{text}。"
