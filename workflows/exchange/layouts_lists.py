"""Forms beside the two rosters: 特困人员, 一卡通, 临时救助, and the five parts of a 变动表, as townships send them."""

from workflows.exchange.columns import BANK, PHONE, Column, Layout, places

NAME = Column("name", "姓名", ("人员姓名",), True)
ID_NO = Column("id_no", "身份证号", ("身份证", "身份证号码", "公民身份号码", "证件号码"), True)
HEAD = Column("name", "户主", ("户主姓名", "申请人"), True)
HEAD_ID = Column("id_no", "身份证号", ("身份证", "身份证号码", "户主身份证号", "户主身份证号码"), True)
ADDRESS = Column("address", "地址", ("家庭地址", "家庭住址", "住址", "详细地址"))
PEOPLE = Column("people", "家庭人口", ("人口", "家庭人口数"))
CLASS = Column("kind", "类别", ("人员类别", "救助类别", "享受类别", "个人类别"))
AGE, SEX = Column("age", "年龄"), Column("sex", "性别")
NUMBER = Column("order", "序号", ("编号",))
ACCOUNT = Column("account", "银行账号", ("银行卡号", "账号", "卡号"))
SINCE = Column("first_month", "享受时间", ("最初享受月份", "最初享受时间"))
WHY = Column("reason", "原因", ("变动原因", "调整原因"))


def tekun(members: Layout) -> Layout:
    """特困人员: the roster of members with what support and care cost, and who gives it."""
    own = [column for column in members.columns if column.field not in ("head_id_no", "relation")]
    loose = (
        Column("head_id_no", "户主身份证号", members.column("head_id_no").aliases),
        Column("relation", "与户主关系", members.column("relation").aliases),
    )
    return Layout(
        "tekun_members", "Extreme-poverty support: people", "members",
        (
            *own[:2], *loose, *own[2:],
            Column("mode", "供养方式", ("供养形式",), True),
            Column("basic_fen", "基本生活(总)费用", ("基本生活费用", "基本生活总费用", "基本生活费", "基本生活标准")),
            Column("care_fen", "照料护理(总)费用", ("照料护理费用", "照料护理总费用", "照料护理费", "照料护理标准")),
            Column("self_care", "生活自理能力", ("自理能力",)),
            Column("carer_name", "照料人姓名", ("照料人", "监护人姓名")),
            Column("carer_id_no", "照料人身份证号", ("照料人身份证",)),
            Column("institution", "供养机构", ("机构名称", "供养机构名称")),
            Column("register_kind", "户籍类型", ("户口类型",)),
            Column("meter_no", "电表号", ("电表户号",)),
        ),
        members.extra,
        title="特困人员救助供养名册",
    )  # fmt: skip


ONE_CARD = Layout(
    "one_card", "One-card accounts", "accounts",
    (
        NAME, ID_NO, Column("several_kinds", "多重类型"), SEX,
        Column("account_name", "一卡通户名", ("户名", "银行账户名称", "账户名称")),
        Column("holder_id_no", "户名身份证", ("户名身份证号", "开户人身份证号", "户主身份证号")),
        Column("onecard", "一卡通账号", ("一卡通号", "一卡通卡号", "一卡通", "银行账号", "银行卡号"), True),
        Column("finance_code", "财政代码"), Column("change_fen", "异动金额"),
        Column("covered_name", "享受人员姓名", ("享受人姓名",)),
        Column("since", "开始时间"), Column("until", "取消时间", ("停止时间",)), ADDRESS, Column("note", "备注"),
    ),
    (BANK[0],),
    title="社会救助资金一卡通名单",
)  # fmt: skip

TEMPORARY = Layout(
    "temporary_aid", "Temporary assistance: what was paid", "aid",
    (
        NUMBER, NAME, ID_NO, AGE, SEX, PEOPLE, ADDRESS, Column("kind", "个人类别", ("类别", "人员类别")), PHONE,
        Column("amount_fen", "救助金额", ("救助金额(元)", "发放金额", "临时救助金额"), True),
        Column("decided_on", "审批时间", ("审批日期", "救助时间", "发放时间"), True),
        Column("reason", "救助原因", ("原因", "申请原因")), Column("own_cost_fen", "自付金额", ("自付费用",)), ACCOUNT,
    ),
    places(),
    title="临时救助发放汇总表",
)  # fmt: skip

CHANGES = (
    Layout(
        "changes_new", "Changes: newly let in", "changes",
        (
            Column("on", "审批时间", ("审批日期",), True), NAME, ID_NO, AGE, SEX, ADDRESS, PEOPLE,
            Column("kind", "类别", CLASS.aliases, True), Column("marital", "婚姻", ("婚姻状况",)),
            Column("income_year_fen", "年收入"), Column("relation", "与户主关系", ("关系",)),
            Column("health", "健康", ("健康状况",)), ACCOUNT,
        ),
        title="社会救助变动表（新增）",
    ),
    Layout(
        "changes_stop", "Changes: stopped", "changes",
        (
            HEAD, HEAD_ID, PEOPLE, ADDRESS, CLASS, Column("before_fen", "月金额", ("月保障金额",)),
            Column("reason", "停保原因", ("停发原因",), True), Column("on", "停保时间", ("停发时间", "停保月份"), True),
            Column("business", "业务类型"),
        ),
        title="社会救助变动表（停保）",
    ),
    Layout(
        "changes_amount", "Changes: more or less", "changes",
        (
            HEAD, Column("birth", "出生", ("出生日期", "出生年月"), True), PEOPLE, ADDRESS, CLASS, SINCE,
            Column("before_fen", "原金额", ("原月金额",), True), Column("after_fen", "现金额", ("现月金额",), True),
            Column("difference_fen", "差额"), WHY,
        ),
        (Column("id_no", "身份证号", HEAD_ID.aliases),),
        title="社会救助变动表（增发、减发）",
    ),
    Layout(
        "changes_death", "Changes: deaths", "changes",
        (HEAD, HEAD_ID, ADDRESS, Column("person", "死亡人", ("死亡人员", "死亡人姓名"), True),
         Column("on", "死亡日期", ("死亡时间",), True), SINCE),
        title="社会救助变动表（自然减员）",
    ),
    Layout(
        "changes_end", "Changes: leaving aid", "changes",
        (
            NAME, ID_NO, CLASS, PEOPLE, Column("on", "停止月", ("停止月份", "退出月份"), True), WHY,
            Column("grace", "是否渐退", (), True),
            Column("into", "转入低保/特困/边缘/刚性", ("转入类别", "转入")), Column("outright", "直接退出"),
        ),
        title="社会救助变动表（退出兜底）",
    ),
)  # fmt: skip
"""The parts of a 变动表, each a sheet of its own: they give candidates for events and never change an amount."""
