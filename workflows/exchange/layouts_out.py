"""Lists that this program writes and nobody sends back: who is paid the subsidies, and the children's allowance."""

from workflows.exchange.columns import PHONE, Column, Layout

_PERSON = (
    Column("order", "序号"), Column("name", "姓名"), Column("id_no", "身份证号"), Column("sex", "性别"),
    Column("age", "年龄"),
)  # fmt: skip
_PAID = (
    Column("first_month", "享受时间"), Column("account_name", "一卡通户名"), Column("holder_id_no", "户名身份证"),
    Column("onecard", "一卡通账号"), PHONE, Column("township", "乡镇(街道)"), Column("village", "村(社区)"),
    Column("address", "地址"), Column("note", "备注"),
)  # fmt: skip

SUBSIDIES = Layout(
    "disability_subsidies", "Subsidies for disabled people", "accounts",
    (
        *_PERSON, Column("disability_certificate", "残疾证号"), Column("disability_kind", "残疾类别"),
        Column("disability_level", "残疾等级"), Column("kind", "补贴类型"), Column("monthly_fen", "月补贴金额(元)"),
        *_PAID,
    ),
    title="残疾人两项补贴发放名册",
)  # fmt: skip
CHILDREN = Layout(
    "children_allowance", "Allowance for children", "accounts",
    (
        *_PERSON, Column("kind", "类别"), Column("school", "就读学校"), Column("head_name", "户主姓名"),
        Column("relation", "与户主关系"), Column("monthly_fen", "月基本生活费(元)"), *_PAID,
    ),
    title="儿童基本生活费发放名册",
)  # fmt: skip
