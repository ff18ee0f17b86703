"""The column layouts in which county offices exchange their rosters, and how a header row is recognised."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from workflows.exchange.columns import (
    BAND,
    BANK,
    CASE_NO,
    FIRST_MONTH,
    METHOD,
    PHONE,
    Column,
    Layout,
    header_key,
    places,
)
from workflows.exchange.layouts_lists import CHANGES, ONE_CARD, TEMPORARY, tekun

__all__ = [
    "BY_CODE", "CHANGES", "ENOUGH_HEADERS", "HOUSEHOLDS", "LAYOUTS", "MEMBERS", "ONE_CARD", "PLAIN", "TEKUN",
    "TEMPORARY", "Column", "Layout", "Match", "by_hand", "header_key", "is_known", "match", "missing", "recognise",
]  # fmt: skip

ENOUGH_HEADERS = 3
AMOUNTS = ("月保障金额", "月保障金", "月低保金", "月低保金额", "户月低保金", "低保金额")
OF_REPORT = ("问题", "What is wrong")
"""The header of our own report of refused rows: a mended report has nothing else that is left out."""


class Match(NamedTuple):
    """A header row understood: field → column index, plus the headers unknown, missing and present twice."""

    layout: Layout
    mapping: dict[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    duplicate: tuple[str, ...]


HOUSEHOLDS = Layout(
    "dibao_households",
    "Subsistence allowance: households",
    "households",
    (
        Column("head_name", "户主姓名", ("户主", "申请人(户主)", "申请人姓名"), True),
        Column(
            "head_id_no", "户主身份证号", ("户主身份证", "户主身份证号码", "户主公民身份号码", "户主证件号码"), True
        ),
        Column("people", "家庭人口", ("家庭人口数", "家庭人数")),
        Column("covered", "保障人口", ("保障人口数", "保障人数", "享受人数")),
        Column("income_year_fen", "家庭年总收入(元)", ("家庭总收入", "家庭年收入")),
        Column("income_per_head_fen", "家庭年均收入(元)", ("家庭人均年收入", "年人均收入")),
        Column("monthly_fen", "户月保障金额(元)", ("户月保障金", *AMOUNTS, "保障金额"), True),
        Column("family_class_fen", "家庭分类施保总额(元)", ("家庭分类施保金额",)),
        Column("person_class_fen", "人员分类施保总额(元)", ("人员分类施保金额",)),
        Column("total_fen", "合计(元)", ("合计金额",)),
        PHONE,
        Column("address", "家庭住址", ("家庭地址", "住址", "地址", "详细地址")),
        *places(),
        Column("certificate_no", "低保(特困)证号", ("低保证号", "低保证", "救助证号")),
        FIRST_MONTH,
        Column("causes", "申请原因", ("致贫原因", "困难原因")),
        METHOD,
        BAND,
        *BANK,
        Column("houses", "拥有产权住房套数", ("住房套数", "产权住房套数")),
        Column("house_area", "住房总面积(㎡)", ("住房面积", "建筑面积")),
        Column("financial_fen", "金融资产总额(元)", ("金融资产",)),
        Column("other_assets", "其他家庭财产情况", ("其他财产情况", "其他财产")),
        Column("member_names", "家庭成员姓名", ("成员姓名",)),
        Column("member_id_nos", "家庭成员身份证号", ("成员身份证号", "家庭成员身份证号码")),
    ),
    (CASE_NO,),
    title="最低生活保障家庭名册",
)

MEMBERS = Layout(
    "dibao_members",
    "Subsistence allowance: members",
    "members",
    (
        Column("name", "姓名", ("成员姓名", "人员姓名"), True),
        Column("id_no", "身份证号", ("身份证", "身份证号码", "公民身份号码", "身份证件号码", "证件号码"), True),
        Column(
            "head_id_no", "户主身份证号", ("户主身份证", "户主身份证号码", "户主公民身份号码", "户主证件号码"), True
        ),
        Column("relation", "与户主关系", ("关系", "与申请人关系", "家庭关系"), True),
        Column("sex", "性别"),
        Column("birth", "出生日期", ("出生年月日", "生日")),
        Column("age", "年龄"),
        Column("ethnicity", "民族"),
        Column("marital", "婚姻状况", ("婚姻", "婚姻情况")),
        Column("schooling", "文化程度", ("学历", "受教育程度")),
        Column("party", "政治面貌"),
        Column("employment", "就业状况", ("就业情况", "职业状况", "职业")),
        Column("income_year_fen", "年收入(元)", ("个人年收入",)),
        Column("disabled", "是否残疾", ("残疾",)),
        Column("disability_certificate", "残疾证号", ("残疾证", "残疾人证号")),
        Column("disability_kind", "残疾类别", ("残疾类型",)),
        Column("disability_level", "残疾等级", ("残疾级别",)),
        Column("illness", "患病病种", ("患病情况", "病种", "疾病名称")),
        Column("labour", "劳动能力", ("劳动能力状况", "劳动力")),
        Column("health", "健康状况", ("身体状况", "健康")),
        Column("insurance", "参保类型", ("医保类型",)),
        FIRST_MONTH,
        Column("poor_register", "是否建档立卡扶贫对象", ("是否建档立卡", "建档立卡")),
        *BANK,
        Column("aid_kind", "救助类型", ("低保类型",)),
        Column("monthly_fen", "户月保障金额", ("户月保障金", *AMOUNTS)),
        Column("family_class_fen", "家庭分类施保金额", ("家庭分类施保总额",)),
        Column("person_class_fen", "合计分类施保金额", ("人员分类施保金额", "人员分类施保总额")),
        METHOD,
        BAND,
        Column("total_fen", "合计", ("合计金额",)),
        Column("note", "备注", ("说明",)),
        *places(),
        Column("address", "家庭地址", ("家庭住址", "住址", "地址", "详细地址")),
        Column("certificate_no", "低保证号", ("低保(特困)证号", "低保证", "救助证号")),
    ),
    (
        CASE_NO,
        PHONE,
        Column("school_name", "在读学校名称", ("就读学校", "学校名称")),
        Column("school_kind", "在读学校性质", ("学校性质",)),
        Column("school_since", "入学时间"),
        Column("employer", "在职单位名称", ("工作单位", "单位名称")),
        Column("employer_kind", "在职单位性质", ("单位性质",)),
        Column("workplace", "在职单位地点", ("单位地点", "就业地点")),
    ),
    title="最低生活保障人员名册",
)

PLAIN = Layout(
    "plain",
    "Plain sheet of families and members",
    "members",
    (
        *(MEMBERS.column(field) for field in ("head_id_no", "name", "id_no", "relation", "sex", "ethnicity", "marital",
          "schooling", "employment", "income_year_fen", "disability_kind", "disability_level", "illness", "labour",
          "health")),
        PHONE,
        *places()[3:],
        *(MEMBERS.column(field) for field in ("address", "bank", "account_name", "account", "onecard", "aid_kind",
          "monthly_fen", "first_month", "certificate_no", "note")),
    ),
    tuple(MEMBERS.column(field) for field in ("birth", "disability_certificate", "insurance", "poor_register",
          "case_no", "total_fen", "province", "city", "county", "party", "school_name", "employer")),
)  # fmt: skip
"""Our own form for offices without one; a row for each person, the family's own columns on the row of its head."""

TEKUN = tekun(MEMBERS)
LAYOUTS = (HOUSEHOLDS, MEMBERS, PLAIN, TEKUN, ONE_CARD, TEMPORARY, *CHANGES)


def _index(layout: Layout) -> dict[str, Column]:
    return {header_key(h): c for c in layout.columns + layout.extra for h in (c.header, *c.aliases)}


BY_CODE = {layout.code: layout for layout in LAYOUTS}
_INDEX = {layout.code: _index(layout) for layout in LAYOUTS}
_KNOWN = {key for index in _INDEX.values() for key in index}


def is_known(header: str) -> bool:
    """Whether a header means something in any layout."""
    return header_key(header) in _KNOWN


def match(layout: Layout, headers: Sequence[str]) -> Match:
    """How ``headers`` read in one layout, well or badly."""
    return _matched(layout, headers, list(map(header_key, headers)))


def _matched(layout: Layout, headers: Sequence[str], keys: Sequence[str]) -> Match:
    known, mapping, unknown, duplicate = _INDEX[layout.code], {}, [], []
    for position, (header, key) in enumerate(zip(headers, keys, strict=True)):
        column = known.get(key)
        if column is None:
            unknown += [header] if header.strip() and header not in OF_REPORT else []
        elif column.field in mapping:
            duplicate.append(header)
        else:
            mapping[column.field] = position
    return Match(layout, mapping, tuple(unknown), missing(layout, mapping), tuple(duplicate))


def by_hand(layout: Layout, headers: Sequence[str], mapping: Mapping[str, int]) -> Match:
    """How headers read when somebody said which column is which; columns left out are nobody's."""
    taken = set(mapping.values())
    unknown = tuple(header for at, header in enumerate(headers) if at not in taken and header.strip())
    return Match(layout, dict(mapping), unknown, missing(layout, mapping), ())


def missing(layout: Layout, mapping: Iterable[str]) -> tuple[str, ...]:
    """Headers that a file of this layout must have and this one has not."""
    have = set(mapping)
    return tuple(column.header for column in layout.columns if column.required and column.field not in have)


def recognise(headers: Sequence[str]) -> Match | None:
    """The layout these headers come from: the one that knows most of them, at least three; None for anything else.

    Of several that know as many it is the one of which most is there.
    """
    keys = list(map(header_key, headers))
    found = (_matched(layout, headers, keys) for layout in LAYOUTS)
    best = max(found, key=lambda m: (len(m.mapping), -len(m.layout.columns)))
    return best if len(best.mapping) >= ENOUGH_HEADERS else None
