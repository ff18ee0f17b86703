"""Invented people: names, numbers with the unassigned area prefix 99, and what the rosters ask of each."""

from dataclasses import dataclass
from datetime import date, timedelta

from policy.identity import check_digit
from policy.vocabulary import (
    DisabilityKind,
    Employment,
    Health,
    Illness,
    Labour,
    LeaveReason,
    Marital,
    Relation,
    Schooling,
    Sex,
)
from workflows.demo.dice import Dice, Weighted

SURNAMES = Weighted(
    dict(zip(
        "李王张刘陈杨罗何周赵黄吴唐曾邓胡朱郑谢徐孙马高林郭梁宋韩冯许彭田熊陶古侯项温",
        [9, 9, 8, 6, 6, 6, 4, 4, 4, 3, 3, 3, 2, 2, 2, 2, 2] + [1] * 21, strict=True,
    ))
)  # fmt: skip
MIAO = Weighted({"杨": 5, "陶": 4, "熊": 4, "古": 3, "侯": 3, "项": 2, "李": 2, "马": 2, "王": 2, "罗": 1})
MALE = "伟强勇军刚涛磊明华平建国文志杰辉斌波峰林贵富福才荣光兵忠正德云海龙江清"
FEMALE = "芳娜敏静丽艳秀英华玲燕红梅兰琼霞群莲芬桂珍蓉碧素菊雪琴仙会容春凤月香珠"

WORKPLACES = ("珙县城关环卫队", "巡场便民超市", "宜宾某建筑工地", "上罗砖厂", "村公益性岗位", "孝儿竹制品加工坊")
SCHOOLS = {
    Schooling.NONE: "镇中心幼儿园",
    Schooling.PRIMARY: "镇中心小学",
    Schooling.JUNIOR: "镇初级中学",
    Schooling.SENIOR: "珙县中学",
    Schooling.VOCATIONAL: "珙县职业技术学校",
    Schooling.COLLEGE: "宜宾职业技术学院",
    Schooling.BACHELOR: "宜宾学院",
}
MAJOR_ILLNESSES = ("恶性肿瘤", "尿毒症", "脑卒中后遗症", "肝硬化", "重性精神障碍", "冠心病")
CHRONIC_ILLNESSES = ("高血压", "糖尿病", "慢阻肺", "类风湿关节炎", "腰椎间盘突出", "慢性肝炎")
KINDS = tuple(DisabilityKind)
KIND_DRAWN = Weighted(dict(zip(KINDS, (10, 14, 4, 42, 12, 14, 4), strict=True)))
LEVEL_DRAWN = Weighted({1: 15, 2: 28, 3: 27, 4: 30})
PARTY = Weighted({"群众": 94, "中共党员": 4, "共青团员": 2})


@dataclass(slots=True)
class Person:
    """A member as the rosters know them; ``left`` when and why they are no longer in the family."""

    number: str
    name: str
    relation: Relation
    sex: Sex
    birth: date
    age: int
    ethnicity: str = "汉族"
    marital: Marital = Marital.SINGLE
    schooling: Schooling = Schooling.PRIMARY
    political: str = "群众"
    employment: Employment = Employment.NONE
    workplace: str | None = None
    school: str | None = None
    kind: DisabilityKind | None = None
    level: int | None = None
    illness: Illness | None = None
    illness_name: str | None = None
    labour: Labour = Labour.ABLE
    health: Health = Health.GOOD
    left: tuple[date, LeaveReason] | None = None
    id: int = 0

    @property
    def certificate(self) -> str | None:
        """残疾人证号: the ID number, the kind's digit, the level."""
        return None if self.kind is None else f"{self.number}{KINDS.index(self.kind) + 1}{self.level}"

    @property
    def gravely_disabled(self) -> bool:
        """Level 1 or 2."""
        return self.level is not None and self.level <= 2

    @property
    def student(self) -> bool:
        """At school."""
        return self.employment is Employment.STUDENT


def id_number(serial: int, birth: date, sex: Sex) -> str:
    """The ID number of the ``serial``-th person: no two of five million have the same one, whatever their birth."""
    area = serial * 7919 % 10_000
    order = (serial // 10_000 * 137 + area * 31) % 500 * 2 + (sex is Sex.MALE)
    first = f"99{area:04d}{birth.year:04d}{birth.month:02d}{birth.day:02d}{order:03d}"
    return first + check_digit(first)


def born(dice: Dice, on: date, age: int) -> date:
    """A birthday of somebody who is ``age`` full years old on the day."""
    year = on.year - age
    first = date(year, 3, 1) if (on.month, on.day) == (2, 29) else on.replace(year=year)
    return first - timedelta(days=dice.between(0, 364))


def surname(dice: Dice, miao: bool) -> str:
    """A surname as they are spread in the county."""
    return dice.drawn(MIAO if miao else SURNAMES)


def given_name(dice: Dice, sex: Sex) -> str:
    """One or two characters."""
    pool = MALE if sex is Sex.MALE else FEMALE
    return dice.one(pool) + (dice.one(pool) if dice.chance(0.78) else "")


def person(dice: Dice, serial: int, on: date, relation: Relation, sex: Sex, age: int, name: str) -> Person:
    """Somebody of that relation, sex and age, with everything a roster says of them."""
    birth = born(dice, on, age)
    who = Person(id_number(serial, birth, sex), name, relation, sex, birth, age)
    _health(dice, who)
    _standing(dice, who)
    _work(dice, who)
    return who


def _health(dice: Dice, who: Person) -> None:
    if dice.chance(0.09 if who.age < 18 else 0.2 if who.age < 60 else 0.26):
        who.kind, who.level = dice.drawn(KIND_DRAWN), dice.drawn(LEVEL_DRAWN)
    ill = dice.random()
    if ill < (0.02 if who.age < 18 else 0.09):
        who.illness, who.illness_name = Illness.MAJOR, dice.one(MAJOR_ILLNESSES)
    elif ill < (0.03 if who.age < 18 else 0.22 if who.age < 60 else 0.5):
        who.illness, who.illness_name = Illness.CHRONIC, dice.one(CHRONIC_ILLNESSES)
    who.labour = _labour(dice, who)
    who.health = (
        Health.DISABLED if who.kind else Health.CHRONIC if who.illness else Health.FAIR if who.age > 64 else Health.GOOD
    )


def _labour(dice: Dice, who: Person) -> Labour:
    if who.age < 18 or who.age >= 60:
        return Labour.NONE
    grave = who.gravely_disabled and who.kind not in (DisabilityKind.HEARING, DisabilityKind.SPEECH)
    if grave or who.illness is Illness.MAJOR:
        return Labour.LOST
    partly = who.kind is not None or (who.illness is Illness.CHRONIC and dice.chance(0.5))
    return Labour.PARTIAL if partly else Labour.ABLE


def _standing(dice: Dice, who: Person) -> None:
    who.schooling = _schooling(dice, who.age)
    if who.age >= 18:
        who.political = dice.drawn(PARTY)
    alone = dice.random()
    if who.relation is Relation.SPOUSE or who.age < 22:
        who.marital = Marital.MARRIED if who.relation is Relation.SPOUSE else Marital.SINGLE
    elif who.age >= 60:
        who.marital = Marital.WIDOWED if alone < 0.7 else Marital.SINGLE if alone < 0.9 else Marital.DIVORCED
    else:
        who.marital = Marital.SINGLE if alone < 0.5 else Marital.DIVORCED if alone < 0.85 else Marital.WIDOWED


def _schooling(dice: Dice, age: int) -> Schooling:
    if age < 23:
        stages = ((6, Schooling.NONE), (12, Schooling.PRIMARY), (15, Schooling.JUNIOR))
        for until, reached in stages:
            if age < until:
                return reached
        if age < 18:
            return Schooling.SENIOR if dice.chance(0.55) else Schooling.VOCATIONAL
        return dice.one((Schooling.COLLEGE, Schooling.BACHELOR, Schooling.VOCATIONAL, Schooling.JUNIOR))
    if age >= 60:
        return Schooling.NONE if dice.chance(0.3) else Schooling.PRIMARY
    return dice.one((Schooling.PRIMARY, Schooling.PRIMARY, Schooling.JUNIOR, Schooling.JUNIOR, Schooling.SENIOR))


def _work(dice: Dice, who: Person) -> None:
    learns = 3 <= who.age < 16 or (who.age < 23 and who.labour is not Labour.LOST and dice.chance(0.8))
    if who.age < 3 or who.labour is Labour.LOST:
        return
    if learns and who.relation is not Relation.HEAD and who.relation is not Relation.SPOUSE:
        who.employment, who.school = Employment.STUDENT, SCHOOLS.get(who.schooling)
    elif who.age >= 75:
        return
    elif who.labour is Labour.ABLE and dice.chance(0.55):
        who.employment = dice.one((Employment.EMPLOYED, Employment.FLEXIBLE, Employment.FLEXIBLE))
        who.workplace = dice.one(WORKPLACES) if who.employment is Employment.EMPLOYED else None
    else:
        who.employment = Employment.FARMING if dice.chance(0.8) else Employment.UNEMPLOYED
