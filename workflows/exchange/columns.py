"""What a sheet's form is made of: columns with the headers they go by, and those that many forms share."""

import re
import unicodedata
from typing import NamedTuple

from workflows.exchange.words import SIMPLE

_UNIT = re.compile(r"\((元|元/月|元/年|m2|平方米)\)$")
_HINT = re.compile(r"\((必填|必填项|选填|可选|非必填|不必填|文本|文本格式|请填写|如|例)[^()]*\)")


class Column(NamedTuple):
    """One column: our field name, the header as exported, other headers it goes by, whether a file must have it."""

    field: str
    header: str
    aliases: tuple[str, ...] = ()
    required: bool = False


class Layout(NamedTuple):
    """A roster form: ``columns`` in export order; ``extra`` columns are understood on import but not exported."""

    code: str
    label_en: str
    kind: str
    columns: tuple[Column, ...]
    extra: tuple[Column, ...] = ()
    title: str = ""
    """What stands above the headers of a workbook, after the name of the county."""

    def header(self, field: str) -> str:
        """The header under which this layout exports ``field``."""
        return self.column(field).header

    def column(self, field: str) -> Column:
        """The column of ``field``."""
        return next(column for column in self.columns + self.extra if column.field == field)


def header_key(text: str) -> str:
    """A header without what varies: width, blanks, marks, unit, hints for filling in, 帐 for 账, traditional signs."""
    text = unicodedata.normalize("NFKC", text).translate(SIMPLE)
    text = "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))
    return _UNIT.sub("", _HINT.sub("", text).strip("*:").replace("帐", "账"))


def places() -> tuple[Column, ...]:
    """所属省 to 所属社: five division names, of which township and village locate a family."""
    return (
        Column("province", "所属省", ("省", "省份")),
        Column("city", "所属市", ("市", "市州")),
        Column("county", "所属区", ("所属县", "所属区县", "区县", "县", "县(区)", "县(市、区)")),
        Column("township", "所属街", ("所属街道", "所属乡镇", "所属镇", "乡镇", "乡镇(街道)", "镇", "街道")),
        Column("village", "所属社", ("所属社区", "所属村", "所属村居", "村", "村(社区)", "村(居)", "村居", "社区")),
    )


CASE_NO = Column("case_no", "案件编号", ("案号", "个案编号", "救助编号"))
FIRST_MONTH = Column("first_month", "最初享受月份", ("最初享受时间", "开始享受月份", "起始月份", "享受时间"))
METHOD = Column("calc_method", "救助金计算方式", ("计算方式",))
BAND = Column("band", "分档类型", ("分档", "档次"))
PHONE = Column("phone", "联系电话", ("电话", "手机号", "手机号码", "联系方式", "电话号码"))
BANK = (
    Column("bank", "开户银行", ("开户行", "银行名称")),
    Column("account_name", "银行账户名称", ("银行户名", "账户名称", "户名", "账户名")),
    Column("account", "银行帐号", ("银行卡号", "账号", "卡号")),
    Column("onecard", "一卡通账号", ("一卡通", "一卡通号", "一卡通卡号")),
)
