"""Invented families: who lives together, where, from what, owing what to whom."""

from dataclasses import dataclass, field
from datetime import date

from policy.division_codes import township_of
from policy.vocabulary import (
    Area,
    AssetKind,
    Cause,
    Employment,
    Illness,
    IncomeKind,
    Labour,
    Marital,
    Relation,
    Sex,
    SpendingKind,
)
from workflows.demo.dice import Dice, Weighted
from workflows.demo.divisions import TOWNSHIPS, VILLAGES, YUHE
from workflows.demo.people import Person, born, given_name, id_number, person, surname

SIZES = Weighted({1: 24, 2: 28, 3: 21, 4: 16, 5: 8, 6: 3})  # 2.65 people on average
# 分 a month for each person; invented, no county's own standard.
STANDARD_FEN = {Area.URBAN: 79_000, Area.RURAL: 56_000}
LEAST_FEN = 8_000
BANKS = Weighted({"珙县农商银行": 8, "中国邮政储蓄银行珙县支行": 2})
HOUSES = ("自建房", "自建房", "土坯房", "安置房")
LIVESTOCK = ("猪2头", "鸡20只", "水牛1头", "羊4只")


@dataclass(slots=True)
class Kin:
    """An obligor: somebody outside the family whom the law asks to support it."""

    name: str
    relation: Relation
    size: int
    income_fen: int
    pays_fen: int
    able: bool
    number: str | None


@dataclass(slots=True)
class Family:
    """A household before it is written; amounts in 分, income and spending a year, keyed by the member's place.

    ``spare`` is the number of a person that nobody has yet: for one more, who is no longer there.
    """

    township: str
    village: str
    area: Area
    address: str
    people: list[Person]
    phone: str
    account: str
    bank: str
    registered_poor: bool
    income: list[tuple[int, IncomeKind, int]] = field(default_factory=list)
    spending: list[tuple[int, SpendingKind, int]] = field(default_factory=list)
    assets: list[tuple[AssetKind, int | None, int | None, int | None, str]] = field(default_factory=list)
    kin: list[Kin] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    registered_on: date = date(2020, 1, 1)
    dissolved_on: date | None = None
    certificate_no: str | None = None
    near_relative: bool = False
    spare: int = 0
    id: int = 0

    @property
    def head(self) -> Person:
        """Who stands first."""
        return self.people[0]

    @property
    def present(self) -> list[Person]:
        """Who has not left."""
        return [who for who in self.people if who.left is None]

    @property
    def steady(self) -> bool:
        """Nobody of the family can work: little changes from year to year."""
        return not any(who.labour in (Labour.ABLE, Labour.PARTIAL) for who in self.present)

    def gap_fen(self) -> int:
        """What is missing each month up to the standard, in whole steps of 5 元, at least 80 元."""
        counted = sum(fen for _, kind, fen in self.income if kind is not IncomeKind.PENSION_BASIC)
        gap = STANDARD_FEN[self.area] * len(self.present) - counted // 12
        return max(gap // 500 * 500, LEAST_FEN)


def family(dice: Dice, serial: int, on: date, village: str) -> Family:
    """A family of a village; ``serial`` is the first free number of a person."""
    township = township_of(village)
    miao = township == YUHE and dice.chance(0.6)
    people = _people(dice, serial, on, miao)
    account = f"9999{int(dice.random() * 10**15):015d}"
    group, house = dice.between(1, 12), dice.between(1, 200)
    made = Family(
        township, village, Area.URBAN if village[9] == "0" else Area.RURAL,
        f"{TOWNSHIPS[township][0]}{VILLAGES[village[9:]]}{group}组{house}号", people,
        f"10{int(dice.random() * 10**9):09d}", account, dice.drawn(BANKS), dice.chance(0.12),
    )  # fmt: skip
    for place, who in enumerate(people):
        _earn(dice, made, place, who)
        _spend(dice, made, place, who)
    _own(dice, made)
    _support(dice, made, on, serial + len(people))
    made.causes = _causes(dice, made)
    made.spare = serial + len(people) + len(made.kin)
    return made


def _people(dice: Dice, serial: int, on: date, miao: bool) -> list[Person]:
    clan = surname(dice, miao)
    people: list[Person] = []
    for relation, sex, age in _shape(dice, dice.drawn(SIZES)):
        own = relation in (Relation.HEAD, Relation.SON, Relation.DAUGHTER, Relation.GRANDCHILD)
        name = (clan if own or dice.chance(0.05) else surname(dice, miao)) + given_name(dice, sex)
        who = person(dice, serial + len(people), on, relation, sex, age, name)
        who.ethnicity = "苗族" if miao else "彝族" if dice.chance(0.01) else "汉族"
        people.append(who)
    _marry(people)
    return people


def _marry(people: list[Person]) -> None:
    """A head with a spouse is married; one with children and no spouse was."""
    head, relations = people[0], {who.relation for who in people}
    if Relation.SPOUSE in relations:
        head.marital = Marital.MARRIED
    elif head.marital is Marital.SINGLE and relations & {Relation.SON, Relation.DAUGHTER, Relation.GRANDCHILD}:
        head.marital = Marital.DIVORCED if head.age < 60 else Marital.WIDOWED


def _shape(dice: Dice, size: int) -> list[tuple[Relation, Sex, int]]:
    """Relation, sex and age of everybody, head first."""
    old = dice.chance(0.62 if size == 1 else 0.38)
    age = dice.between(60, 88) if old else dice.between(28, 59)
    sex = Sex.MALE if dice.chance(0.66) else Sex.FEMALE
    shape = [(Relation.HEAD, sex, age)]
    if size > 1 and dice.chance(0.62):
        other = Sex.FEMALE if sex is Sex.MALE else Sex.MALE
        shape.append((Relation.SPOUSE, other, max(22, age + dice.between(-6, 4))))
    while len(shape) < size:
        shape.append(_another(dice, age))
    return shape


def _another(dice: Dice, head: int) -> tuple[Relation, Sex, int]:
    sex = Sex.MALE if dice.chance(0.52) else Sex.FEMALE
    if head < 60 and dice.chance(0.22):
        return Relation.PARENT, sex, min(head + dice.between(21, 34), 96)
    if head >= 52 and dice.chance(0.55):
        return Relation.GRANDCHILD, sex, dice.between(0, min(head - 42, 21))
    child = Relation.SON if sex is Sex.MALE else Relation.DAUGHTER
    return child, sex, max(0, min(head - dice.between(20, 36), 49))


def _earn(dice: Dice, made: Family, place: int, who: Person) -> None:
    if who.age >= 60:
        made.income.append((place, IncomeKind.PENSION_BASIC, dice.between(115, 160) * 12_00))
    share = 0.5 if who.labour is Labour.PARTIAL else 1
    if who.employment is Employment.EMPLOYED:
        made.income.append((place, IncomeKind.WAGE, int(dice.between(60, 130) * share) * 100_00))
    elif who.employment is Employment.FLEXIBLE:
        made.income.append((place, IncomeKind.WAGE, int(dice.between(30, 90) * share) * 100_00))
    elif who.employment is Employment.FARMING and who.age < 72:
        made.income.append((place, IncomeKind.BUSINESS, int(dice.between(12, 60) * share) * 100_00))
    if place == 0 and made.area is Area.RURAL and dice.chance(0.35):
        made.income.append((place, IncomeKind.GRAIN_SUBSIDY, dice.between(8, 45) * 10_00))
    if who.gravely_disabled:
        made.income.append((place, IncomeKind.GOVERNMENT_AID, 100 * 12_00))


def _spend(dice: Dice, made: Family, place: int, who: Person) -> None:
    if who.illness is Illness.MAJOR:
        made.spending.append((place, SpendingKind.MEDICAL, dice.between(40, 300) * 100_00))
    elif who.illness and dice.chance(0.3):
        made.spending.append((place, SpendingKind.MEDICAL, dice.between(6, 40) * 100_00))
    if who.student and who.age > 14:
        made.spending.append((place, SpendingKind.EDUCATION, dice.between(20, 120) * 100_00))
    if who.gravely_disabled and dice.chance(0.4):
        made.spending.append((place, SpendingKind.DISABILITY, dice.between(10, 60) * 100_00))


def _own(dice: Dice, made: Family) -> None:
    if dice.chance(0.93):
        made.assets.append((AssetKind.HOUSE, 1, dice.between(40, 140), None, dice.one(HOUSES)))
    if dice.chance(0.5):
        made.assets.append((AssetKind.DEPOSIT, None, None, dice.one((800_00, 2_000_00, 5_000_00, 12_000_00)), ""))
    if dice.chance(0.07):
        made.assets.append((AssetKind.VEHICLE, 1, None, dice.between(10, 50) * 100_00, "二轮摩托车"))
    if made.area is Area.RURAL and dice.chance(0.16):
        made.assets.append((AssetKind.LIVESTOCK, None, None, None, dice.one(LIVESTOCK)))


def _support(dice: Dice, made: Family, on: date, serial: int) -> None:
    """Grown children who live elsewhere."""
    head = made.head
    if head.age < 55 or not dice.chance(0.5):
        return
    for place in range(dice.between(1, 2)):
        sex = Sex.FEMALE if dice.chance(0.6) else Sex.MALE
        relation = Relation.DAUGHTER if sex is Sex.FEMALE else Relation.SON
        able, income = dice.chance(0.55), dice.between(12, 60) * 100_00
        pays = dice.between(2, 8) * 50_00 if able else 0
        number = id_number(serial + place, born(dice, on, head.age - 25), sex) if dice.chance(0.4) else None
        name = head.name[0] + given_name(dice, sex)
        made.kin.append(Kin(name, relation, dice.between(1, 5), income, pays, able, number))
        if pays:
            made.income.append((0, IncomeKind.SUPPORT, pays * 12))


def _causes(dice: Dice, made: Family) -> list[Cause]:
    found = []
    if any(who.illness is Illness.MAJOR for who in made.people):
        found.append(Cause.ILLNESS)
    if any(who.kind for who in made.people):
        found.append(Cause.DISABILITY)
    if any(who.student and who.age > 14 for who in made.people):
        found.append(Cause.SCHOOLING)
    if not any(who.labour is Labour.ABLE for who in made.people):
        found.append(Cause.NO_LABOUR)
    if dice.chance(0.03):
        found.append(Cause.DISASTER)
    return found or [Cause.OTHER]
