"""What letters to a family say by rule: full names of offices and decrees, numbers, and where a decision is contested.

The texts are dated: a letter says what held on the day of its decision, whenever it is printed.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeVar

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
    "民发〔2021〕43号": "《特困人员认定办法》",
    "民发〔2016〕178号": "《特困人员认定办法》",
    "国发〔2016〕14号": "《国务院关于进一步健全特困人员救助供养制度的意见》",
    "民发〔2018〕23号": "《民政部、财政部关于进一步加强和改进临时救助工作的意见》",
    "国务院令第649号": "《社会救助暂行办法》",
    "国令第649号": "《社会救助暂行办法》",
    "国发〔2014〕47号": "《国务院关于全面建立临时救助制度的通知》",
    "国办发〔2023〕39号": "《关于加强低收入人口动态监测做好分层分类社会救助工作的意见》",
    "国发〔2015〕52号": "《国务院关于全面建立困难残疾人生活补贴和重度残疾人护理补贴制度的意见》",
    "民发〔2019〕62号": "《关于进一步加强事实无人抚养儿童保障工作的意见》",
    "国办发〔2010〕54号": "《国务院办公厅关于加强孤儿保障工作的意见》",
}
ITEM_TOPIC = re.compile(r"(第.+|[一二三四五六七八九十]+(?:（[^）]+）|$))?(.*)", re.DOTALL)
"""What follows a decree's number: an article or item (第十条, 三（二）), and a topic if one is named (先行救助)."""
TITLES_OF = {
    "missing": "{scheme}申请材料补正告知书", "receipt": "{scheme}申请受理通知书", "decision": "{scheme}确认通知书",
    "refusal": "{scheme}不予确认通知书", "change": "{money}变更告知书", "suspension": "{money}停发告知书",
    "resumption": "{money}恢复发放告知书", "leaving_undone": "撤销退出{scheme}告知书",
    "grace": "{scheme}渐退期告知书", "exit": "退出{scheme}告知书",
    "notice": "{scheme}审核公示", "second_notice": "{scheme}审批公示", "publish": "{scheme}确认结果公布",
    "application": "{scheme}申请书",
    "pledge": "{scheme}申请诚信承诺书", "authorisation": "居民家庭经济状况核对授权书", "survey": "{family}入户调查表",
    "neighbours": "{scheme}邻里访问记录", "crosscheck": "居民家庭经济状况核对报告", "meeting": "{scheme}民主评议记录",
    "sheet": "{scheme}审核确认表", "review_sheet": "{scheme}定期复核审批表", "aid_sheet": "临时救助审批表",
    "minutes": "{scheme}“一事一议”会议记录", "guardianship": "特困人员委托照料护理（监护）协议",
    "self_care": "特困人员生活自理能力评估表", "end_notice": "终止{scheme}公示",
    "stages_stop": "{scheme}分期停发告知书", "government_minutes": "县级人民政府“一事一议”会议纪要",
    "home_notice": "急难发生地救助通报函", "referral": "社会救助转介单",
    "grace_sheet": "{scheme}渐退期审批表", "movements": "{scheme}增员减员表", "near_relatives": "近亲属备案表",
}  # fmt: skip
"""What each kind of paper is called, under the name of the scheme."""

ENDINGS = "。！？…；"

# Who reviews a decision (行政复议): until the end of 2023 the government of the same level or the department above,
# since 2024-01-01 the government alone (行政复议法 2023年修订 第二十四条). A township's is the county government's.
REVIEW_ORGANS = (
    (
        date.min,
        {
            Authority.TOWNSHIP: "{county}人民政府",
            Authority.COUNTY: "{county}人民政府或者{city}民政局",
            Authority.COUNTY_GOVERNMENT: "{city}人民政府",
        },
    ),
    (
        date(2024, 1, 1),
        {
            Authority.TOWNSHIP: "{county}人民政府",
            Authority.COUNTY: "{county}人民政府",
            Authority.COUNTY_GOVERNMENT: "{city}人民政府",
        },
    ),
)
REVIEW_DAYS = ((date.min, 60),)  # 行政复议法 第二十条 (before 2024 第九条)
COURT_MONTHS = ((date.min, 3), (date(2015, 5, 1), 6))  # 行政诉讼法 第四十六条 (before its revision of 2014 第三十九条)


class Remedies(NamedTuple):
    """Both ways to contest a decision: 行政复议 within calendar days, 诉讼 within months, each with its organ."""

    organ: str
    days: int
    court: str
    months: int


def remedies(decider: Authority, county: str, city: str, on: date) -> Remedies:
    """Where and until when a decision of that day is contested (行政复议法, 行政诉讼法 as they stood then)."""
    organ = _in_force(REVIEW_ORGANS, on)[decider].format(county=county, city=city)
    # What a county's government decided goes before the intermediate court (行政诉讼法 第十五条).
    court = f"{city}中级人民法院" if decider is Authority.COUNTY_GOVERNMENT else f"{county}人民法院"
    return Remedies(organ, _in_force(REVIEW_DAYS, on), court, _in_force(COURT_MONTHS, on))


def _in_force(rows: Iterable[tuple[date, T]], on: date) -> T:
    return [value for first, value in rows if first <= on][-1]


def office_of(decider: Authority, county: str, township: str) -> str:
    """The office that signs: 珙县巡场镇人民政府, 某区某街道办事处, 珙县民政局."""
    if decider is Authority.COUNTY:
        return f"{county}民政局"
    if decider is Authority.COUNTY_GOVERNMENT:
        return f"{county}人民政府"
    return f"{county}{township}{'办事处' if township.endswith('街道') else '人民政府'}"


def short_name(name: str, others: Iterable[str]) -> str:
    """The fewest first characters that no other place of the county begins with: 巡 for 巡场镇."""
    rest = [other for other in others if other != name]
    for length in range(1, len(name)):
        if not any(other.startswith(name[:length]) for other in rest):
            return name[:length]
    return name


def full_title(clause: str) -> str:
    """A clause as letters cite it: 《最低生活保障审核确认办法》（民发〔2021〕57号）第十三条; or several of them."""
    after, *likewise = clause.strip().split(" 参照")
    return "，参照".join("、".join(_titled(one.strip()) for one in part.split("；")) for part in (after, *likewise))


def _titled(clause: str) -> str:
    for code, title in TITLES.items():
        if clause.startswith(code):
            found = ITEM_TOPIC.match(clause.removeprefix(code).strip())
            item, topic = found.groups("") if found else ("", "")
            about = f"关于{topic}的规定" if topic else ""
            return f"{title}（{code.replace('国令', '国务院令')}）{item}{about}"
    return clause


def title_of(kind: str, scheme: Scheme) -> str:
    """What a paper is called: 最低生活保障申请受理通知书."""
    name = FORMAL_NAME[scheme]
    family = name if name.endswith("家庭") else f"{name}家庭"
    return TITLES_OF[kind].format(scheme=name, money=money_name(scheme), family=family)


def money_name(scheme: Scheme) -> str:
    """What the money of a scheme is called: 最低生活保障金, 困难残疾人生活补贴."""
    name = FORMAL_NAME[scheme]
    return name if name.endswith(("补贴", "费")) else f"{name}金"


def ended(text: str) -> str:
    """A remark as a sentence: with a full stop where it has none."""
    text = text.strip()
    return text if not text or text[-1] in ENDINGS else f"{text}。"
