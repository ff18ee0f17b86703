"""What kinds of lists departments send, how each is recognised, and what a hit on it means."""

from collections.abc import Sequence
from typing import NamedTuple

from workflows.exchange.columns import header_key


class Kind(NamedTuple):
    """``economic``: a hit asks whether income or property is as declared; ``death``: whether somebody died.

    ``suggests_need``: who is on the list and receives nothing may have been left out. ``marks`` are words that stand
    in its headers and in no other kind's.
    """

    code: str
    label: str
    marks: tuple[str, ...]
    economic: bool = False
    death: bool = False
    suggests_need: bool = False


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("vehicles", "Vehicles", ("号牌", "车牌", "车辆", "机动车", "车架", "行驶证", "厂牌"), economic=True),
        Kind("cremation", "Cremations", ("火化", "殡葬", "骨灰", "死亡", "殡仪", "逝者", "死者"), death=True),
        Kind("disability", "Disabled persons", ("残疾", "残联"), suggests_need=True),
        Kind("pensions", "Pensions", ("养老", "退休", "社保待遇", "待遇发放", "领取待遇"), economic=True),
        Kind("real_estate", "Real estate", ("不动产", "房屋", "产权", "权利人", "坐落", "宗地"), economic=True),
        Kind(
            "business",
            "Business register",
            ("社会信用代码", "注册号", "注册资本", "企业名称", "字号", "法定代表", "经营范围", "股东"),
            economic=True,
        ),
        Kind(
            "relapse_watch",
            "Households watched for relapse into poverty",
            ("监测", "返贫", "致贫", "风险类型", "脱贫"),
            suggests_need=True,
        ),
        Kind("left_behind", "Left-behind elderly and children", ("留守", "委托照护", "外出务工"), suggests_need=True),
    )
}


def recognise(headers: Sequence[str]) -> str:
    """The kind whose words stand in most of the headers; empty where none does, or two as often."""
    keys = [header_key(header) for header in headers]
    score = {code: sum(any(mark in key for mark in kind.marks) for key in keys) for code, kind in KINDS.items()}
    best = max(score.values())
    found = [code for code, points in score.items() if points == best]
    return found[0] if best and len(found) == 1 else ""
