"""Rosters of any size in the office's own form: families of one to four, every number valid and invented."""

import csv
import io
from collections.abc import Iterator

from policy.identity import check_digit
from workflows.exchange.layouts import MEMBERS

COUNTY = "511526"
TOWNS = {"511526100": "巡场镇", "511526101": "孝儿镇", "511526102": "底洞镇", "511526103": "上罗镇"}
VILLAGES = ("新胜村", "红星村", "白果村", "石牛村", "双桥村")
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
RELATIONS = (("户主", 1), ("配偶", 0), ("子", 1), ("女", 0))


def places() -> list[tuple[str, str | None, str]]:
    """(code, parent, name) of the county's divisions."""
    found: list[tuple[str, str | None, str]] = [("51", None, "四川省"), ("5115", "51", "宜宾市")]
    found.append((COUNTY, "5115", "珙县"))
    found += [(code, COUNTY, name) for code, name in TOWNS.items()]
    return found + [(f"{town}{201 + n}", town, name) for town in TOWNS for n, name in enumerate(VILLAGES)]


def csv_of(members: int) -> bytes:
    """The roster of so many people as CSV in UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    columns = [column.header for column in MEMBERS.columns]
    writer.writerow(columns)
    for row in people(members):
        writer.writerow([row.get(header, "") for header in columns])
    return out.getvalue().encode("utf-8-sig")


def people(members: int) -> Iterator[dict[str, str]]:
    """A row for each person, head first."""
    made = family = 0
    while made < members:
        size = min(1 + family * 7 % 4, members - made)
        head = _number(made, 1, 1950)
        for position in range(size):
            yield _person(made, position, family, head)
            made += 1
        family += 1


def _person(number: int, position: int, family: int, head: str) -> dict[str, str]:
    relation, male = RELATIONS[position]
    id_no = head if position == 0 else _number(number, male, 1952 if position == 1 else 1980)
    town = list(TOWNS.values())[family % len(TOWNS)]
    told = {
        "姓名": SURNAMES[family % 10] + GIVEN[number % 20] + GIVEN[number // 20 % 20], "身份证号": id_no,
        "户主身份证号": head, "与户主关系": relation, "性别": "男" if male else "女",
        "出生日期": f"{id_no[6:10]}-{id_no[10:12]}-{id_no[12:14]}", "民族": "汉族", "婚姻状况": "已婚",
        "文化程度": "小学", "就业状况": "务农", "年收入(元)": str(1_200 + number % 50 * 100), "是否残疾": "否",
        "劳动能力": "有劳动能力", "健康状况": "健康", "参保类型": "城乡居民医保", "最初享受月份": "2020-06",
        "开户银行": "农村信用社", "银行账户名称": "户主", "银行帐号": f"62{family:016d}", "救助类型": "农村低保",
        "所属省": "四川省", "所属市": "宜宾市", "所属区": "珙县", "所属街": town,
        "所属社": VILLAGES[family // len(TOWNS) % len(VILLAGES)], "家庭地址": f"{family % 20 + 1}组{family}号",
        "低保证号": f"5115261{family:07d}",
    }  # fmt: skip
    if position == 0:
        told |= {"户月保障金额": str(300 + family % 60 * 10), "合计": str(300 + family % 60 * 10)}
    return told


def _number(number: int, male: int, year: int) -> str:
    """A valid ID number with an area that is never issued; no two people have the same."""
    day, rest = number % 28 + 1, number // 28
    month, rest = rest % 12 + 1, rest // 12
    order, area = rest % 400, rest // 400
    first = f"99{area:04d}{year}{month:02d}{day:02d}{order * 2 + (0 if not male else 1):03d}"
    return first + check_digit(first)
