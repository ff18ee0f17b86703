"""The words county offices write in their rosters, for each of our codes; the first is the one we export."""

import re
import unicodedata
from functools import lru_cache
from typing import Any, Generic, TypeVar

from policy.vocabulary import (
    Area,
    Cause,
    DisabilityKind,
    Employment,
    Health,
    Illness,
    Labour,
    Marital,
    Relation,
    Schooling,
    Sex,
    Word,
)

T = TypeVar("T")
SIMPLE = str.maketrans(
    "戶喪離婦孫爺媽親養繼長學殘聾視聽語體級無勞動農務業職萬圓貳號證與關係聯繫電話備註縣鄉鎮區類別齡參險銀帳賬額時間審獨異"
    "狀況貧檔標準領機構護單處結約補貼臨歲種災姪嬸嶽會員總計個實際醫療營經產權積資財車輛殯儀",
    "户丧离妇孙爷妈亲养继长学残聋视听语体级无劳动农务业职万圆贰号证与关系联系电话备注县乡镇区类别龄参险银账账额时间审独异"
    "状况贫档标准领机构护单处结约补贴临岁种灾侄婶岳会员总计个实际医疗营经产权积资财车辆殡仪",
)
"""Traditional signs of the words that stand in rosters; names and addresses are kept as they are written."""


@lru_cache(2048)
def plain(text: str) -> str:
    """A word as it is compared: half width, simplified, without blanks and invisible signs."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "")
    kept = (c for c in unicodedata.normalize("NFKC", text).translate(SIMPLE) if unicodedata.category(c)[0] not in "CZ")
    return "".join(kept)


class Table(Generic[T]):
    """Codes and the words that mean them: ``{code: "export-word synonym synonym"}``.

    ``numbers`` are what the national standard writes for them; a cell may hold one, but a column of numbers alone
    does not show what it is.
    """

    def __init__(self, rows: dict[T, str], numbers: dict[T, str] | None = None) -> None:
        self.spoken = {code: words.split()[0] for code, words in rows.items()}
        self.known = {plain(word): code for code, words in rows.items() for word in words.split()}
        self.numbers = {number: code for code, some in (numbers or {}).items() for number in some.split()}

    def read(self, text: str, ending: str = "") -> T | None:
        """The code of a word, written with or without ``ending``; None when nobody here knows it."""
        word = plain(text)
        forms = (word, word.upper(), word.removesuffix(ending) if ending else word)
        return next((self.known[form] for form in forms if form in self.known), None)

    def numbered(self, text: str) -> T | None:
        """The code that a number of the national standard means; None for every other text."""
        return self.numbers.get(plain(text))


SEX = Table({Sex.MALE: "男 男性", Sex.FEMALE: "女 女性"}, {Sex.MALE: "1", Sex.FEMALE: "2"})
"""GB/T 2261.1."""
RELATION = Table(
    {
        Relation.HEAD: "户主 本人 户主本人 本人或户主 申请人",
        Relation.SPOUSE: "配偶 夫 妻 夫妻 丈夫 妻子 老伴 爱人 之夫 之妻",
        Relation.SON: "子 儿子 之子 独生子 长子 大儿子 次子 二儿子 二子 三子 三儿子 四子 五子 六子 幼子 "
        "养子 继子 其他儿子",
        Relation.DAUGHTER: "女 女儿 之女 独生女 长女 大女儿 次女 二女儿 二女 三女 三女儿 四女 五女 "
        "六女 幼女 养女 继女 其他女儿",
        Relation.CHILD_IN_LAW: "子女配偶 媳 儿媳 媳妇 儿媳妇 长媳 次媳 婿 女婿",
        Relation.PARENT: "父母 父 母 父亲 母亲 爸爸 妈妈 继父 继母 养父 养母 继父或养父 继母或养母",
        Relation.PARENT_IN_LAW: "配偶父母 公公 婆婆 公婆 岳父 岳母 岳父母 丈人",
        Relation.GRANDCHILD: "孙辈 孙 孙子 孙女 孙子女 长孙 外孙 外孙子 外孙女 外孙子女 曾孙 曾孙子 曾孙女 重孙 重孙女",
        Relation.GRANDPARENT: "祖父母 祖父 祖母 爷爷 奶奶 外祖父 外祖母 外公 外婆 外祖父母 曾祖父 曾祖母",
        Relation.SIBLING: "兄弟姐妹 兄 弟 姐 妹 姊 哥哥 弟弟 姐姐 妹妹 哥 兄弟 姐妹 兄妹 姐弟",
        Relation.OTHER: "其他 其它 其他亲属 非亲属 侄 侄子 侄儿 侄女 外甥 外甥女 叔 叔叔 伯 伯父 伯母 姑 姑姑 姑母 舅 "
        "舅舅 舅父 姨 姨母 婶 嫂 嫂子 嫂嫂 弟媳 弟妹 姐夫 妹夫 孙媳 孙媳妇 孙女婿 外孙媳",
    },
    {
        Relation.HEAD: "01 02",
        Relation.SPOUSE: "10 11 12",
        Relation.SON: "20 21 22 23 24 25 26 27 29",
        Relation.DAUGHTER: "30 31 32 33 34 35 36 37 39",
        Relation.CHILD_IN_LAW: "28 38",
        Relation.GRANDCHILD: "40 41 42 43 44 47 48 49",
        Relation.PARENT: "50 51 52 57 58 59",
        Relation.PARENT_IN_LAW: "53 54 55 56",
        Relation.GRANDPARENT: "60 61 62 63 64 65 66 67 68 69",
        Relation.SIBLING: "70 71 73 75 77 79",
        Relation.OTHER: "45 46 72 74 76 78 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99",
    },
)
"""GB/T 4761, two digits: a single 1 may be a spreadsheet's 01 (head) or the short code's spouse, and is refused."""
MARITAL = Table(
    {
        Marital.SINGLE: "未婚",
        Marital.MARRIED: "已婚 初婚 再婚 复婚 有配偶 在婚",
        Marital.WIDOWED: "丧偶",
        Marital.DIVORCED: "离婚 离异",
        Marital.UNKNOWN: "未说明的婚姻状况 未说明 不详 未知 其他",
    },
    {
        Marital.SINGLE: "10",
        Marital.MARRIED: "20 21 22 23",
        Marital.WIDOWED: "30",
        Marital.DIVORCED: "40",
        Marital.UNKNOWN: "90",
    },
)
"""GB/T 2261.2."""
SCHOOLING = Table(
    {
        Schooling.NONE: "文盲 文盲或半文盲 半文盲 文盲半文盲 未上学 未上过学 未受教育 不识字 无 学前 "
        "学前教育 学龄前 幼儿园",
        Schooling.PRIMARY: "小学 小学教育 小学在读 小学及以下 小学文化 小学毕业 小学肄业",
        Schooling.JUNIOR: "初中 初级中学 普通初中 初级中学教育 初中在读 初中文化 初中毕业 初中肄业",
        Schooling.SENIOR: "高中 普通高中 高级中学 普通高级中学 普通高级中学教育 高中在读 高中文化 高中毕业",
        Schooling.VOCATIONAL: "中专 中职 中技 中专/中技 中专中技 技校 职高 职业高中 技工学校 "
        "中等专业学校 中等职业学校 中等职业教育 中专毕业",
        Schooling.COLLEGE: "大专 专科 大学专科 高职 专科教育 大学专科教育 大专及以上 大专毕业",
        Schooling.BACHELOR: "本科 大学本科 大学 大学本科教育 本科及以上 本科毕业 大学毕业",
        Schooling.POSTGRADUATE: "研究生 硕士 博士 硕士研究生 博士研究生 研究生教育 研究生及以上",
    },
    {
        Schooling.PRIMARY: "80 81 83",
        Schooling.JUNIOR: "70 71 73",
        Schooling.SENIOR: "60 61 62 63",
        Schooling.VOCATIONAL: "40 41 42 43 44 45 46 47 48 49",
        Schooling.COLLEGE: "30 31 32 33",
        Schooling.BACHELOR: "20 21 22 23 28",
        Schooling.POSTGRADUATE: "10 11 12 13 14 15 16 17 18 19",
    },
)
"""GB/T 4658; its 90 was "illiterate" once and is "other" now, so it is asked for in words."""
EMPLOYMENT = Table(
    {
        Employment.FARMING: "务农 在家务农 农业劳动 农业生产 种养殖 种植 养殖 农民",
        Employment.EMPLOYED: "在职 就业 已就业 在业 在岗 务工 打工 外出务工 单位就业 企业职工 职工 正规就业 公益性岗位",
        Employment.FLEXIBLE: "灵活就业 零工 打零工 临时工 散工 自由职业",
        Employment.SELF_EMPLOYED: "个体经营 个体 个体户 个体工商户 自主创业 自主经营 经商",
        Employment.STUDENT: "学生 在校学生 在校生 在读 上学 就读",
        Employment.RETIRED: "退休 离退休 离休 退(离)休 离(退)休 退休人员",
        Employment.UNEMPLOYED: "失业 无业 待业 未就业 登记失业 未登记失业 下岗",
        Employment.NONE: "无就业能力 无劳动能力 不在劳动年龄 老年人 老人 学龄前儿童 学龄前 儿童 未成年人 无",
    },
    {
        Employment.FARMING: "27",
        Employment.EMPLOYED: "11 13 17 21 24 37",
        Employment.FLEXIBLE: "51",
        Employment.SELF_EMPLOYED: "54",
        Employment.STUDENT: "31",
        Employment.RETIRED: "80",
        Employment.UNEMPLOYED: "70",
    },
)
"""GB/T 2261.4."""
DISABILITY_KIND = Table(
    {
        DisabilityKind.VISION: "视力 盲",
        DisabilityKind.HEARING: "听力 聋",
        DisabilityKind.SPEECH: "言语 语言 哑",
        DisabilityKind.LIMB: "肢体",
        DisabilityKind.INTELLECTUAL: "智力",
        DisabilityKind.MENTAL: "精神",
        DisabilityKind.MULTIPLE: "多重",
    },
    {kind: str(number) for number, kind in enumerate(DisabilityKind, 1)},
)
"""GB/T 26341."""
LEVELS = Table(
    {
        1: "一级 1级 一 1 壹级 壹 I级 I",
        2: "二级 2级 二 2 贰级 贰 II级 II",
        3: "三级 3级 三 3 叁级 叁 III级 III",
        4: "四级 4级 四 4 肆级 肆 IV级 IV",
    }
)
LABOUR = Table(
    {
        Labour.ABLE: "有劳动能力 有 具备劳动能力 有劳动力 普通劳动力 健全",
        Labour.PARTIAL: "部分丧失劳动能力 部分丧失 部分 部分劳动能力 部分丧失劳动力 弱劳动力 弱劳动能力 "
        "半劳动力 弱劳动力或半劳动力",
        Labour.LOST: "完全丧失劳动能力 完全丧失 完全丧失劳动力 丧失劳动能力 丧失劳动力 丧失",
        Labour.NONE: "无劳动能力 无 无劳动力 没有劳动能力",
    }
)
HEALTH = Table(
    {
        Health.GOOD: "健康 健康或良好 良好 良",
        Health.FAIR: "一般 一般或较弱 较弱 体弱 较差",
        Health.CHRONIC: "有慢性病 慢性病 患慢性病 患有慢性病 长期慢性病 患病 重病 大病 患有大病 患大病",
        Health.DISABLED: "残疾 残疾人 有残疾",
    },
    {
        Health.GOOD: "1 10",
        Health.FAIR: "2 20",
        Health.CHRONIC: "3 30 31 32 33 34 35 36 37 38 39",
        Health.DISABLED: "6 60 61 62 63 64 65 66 67 69",
    },
)
"""GB/T 2261.3."""
CAUSE = Table(
    {
        Cause.ILLNESS: "疾病 因病 患病 重病 大病 重大疾病 因病致贫",
        Cause.DISABILITY: "残疾 因残 重残 因残致贫",
        Cause.SCHOOLING: "因学 上学 教育 就学 因学致贫",
        Cause.DISASTER: "灾害 因灾 自然灾害 意外灾害 因灾致贫",
        Cause.NO_LABOUR: "缺乏劳动力 缺劳动力 缺劳力 无劳动力 缺少劳动力 无劳动能力 因缺劳力",
        Cause.OTHER: "其他 其它 其他原因",
    }
)
AREA = Table(
    {
        Area.RURAL: "农村低保 农村 农村最低生活保障 农村特困 农村特困人员",
        Area.URBAN: "城市低保 城市 城镇低保 城镇 城市最低生活保障 城市特困 城市特困人员",
    }
)
NATIONS = re.compile(
    "汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇"
    "|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京"
    "|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
"""The peoples of GB/T 3304 without 族, as short columns have them."""
YES_NO = Table({True: "是 有 Y YES TRUE 1 √ ✓", False: "否 无 不是 没有 N NO FALSE 0 × ✗"})

MAJOR_ILLNESSES = re.compile(
    "癌|恶性|白血病|淋巴瘤|骨髓瘤|肉瘤|母细胞瘤|尿毒症|肾衰|终末期|透析|移植|血友病|再生障碍性贫血|地中海贫血"
    "|心肌梗|脑梗|脑卒中|中风|脑出血|先天性心脏病|风湿性心脏病|肝硬化|肝衰|艾滋|耐多药|尘肺|重性精神|精神分裂"
    "|瘫痪|植物人|苯丙酮尿|唇腭裂|罕见病|系统性红斑狼疮|帕金森|重症|重大疾病"
)


def spoken(code: Word) -> str:
    """The word we export for a code; it reads back as the same code."""
    spoken_word: str = _TABLES[type(code)].spoken[code]
    return spoken_word


def spoken_relation(relation: Relation, sex: Sex) -> str:
    """The relation to the head as offices write it, by the person's sex; it reads back as the same relation."""
    pair = _BY_SEX.get(relation)
    return pair[sex == Sex.FEMALE] if pair else spoken(relation)


def illness_of(text: str) -> Illness:
    """How grave an illness sounds; a doctor's paper decides later."""
    return Illness.MAJOR if MAJOR_ILLNESSES.search(text) else Illness.CHRONIC


_BY_SEX = {
    Relation.CHILD_IN_LAW: ("女婿", "儿媳"),
    Relation.PARENT: ("父亲", "母亲"),
    Relation.GRANDCHILD: ("孙子", "孙女"),
    Relation.GRANDPARENT: ("祖父", "祖母"),
    Relation.SIBLING: ("兄弟", "姐妹"),
}
_TABLES: dict[type[Word], Table[Any]] = {
    Sex: SEX,
    Relation: RELATION,
    Marital: MARITAL,
    Schooling: SCHOOLING,
    Employment: EMPLOYMENT,
    DisabilityKind: DISABILITY_KIND,
    Labour: LABOUR,
    Health: HEALTH,
    Cause: CAUSE,
    Area: AREA,
}
