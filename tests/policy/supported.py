"""Families that ask for 特困 support, and the figures and people their tests share."""

from datetime import date

from policy.book import Book
from policy.family import Current, Family, Person
from policy.figures import Figures
from policy.sheet import Sheet
from policy.tekun import assess_tekun
from policy.vocabulary import Area, KinRelation, Subject
from tests.policy.codes import reasons
from tests.policy.families import FIGURES, PLACE

DAY = date(2021, 9, 1)
BEFORE = date(2021, 6, 30)
MONEY = {
    "tekun.basic.home": 700, "tekun.basic.central": 800, "tekun.care.central.none": 90,
    "tekun.care.home.none": 50, "tekun.care.home.partial": 100, "tekun.care.home.full": 200,
}  # fmt: skip
RULES = {
    **FIGURES, **MONEY, "review.months.tekun": 12, "delegate.tekun": "county",
    "tekun.opinion_working_days": 15, "tekun.county_working_days": 15,
    "tekun.obligor.dibao_age": 60, "tekun.obligor.income_age": 70, "income.disposable.rural": 12000,
    "tekun.obligor.disabilities": "severe_disability intellectual_3 mental_3",
}  # fmt: skip
KEEP = {"tekun.minor_keep_until": 18, "tekun.keep_in_school": "compulsory high vocational"}
OLD = Person("m1", birth=date(1950, 1, 1))
RECEIVES = Current(Subject.TEKUN)
ABLE = Person("m2", KinRelation.SPOUSE, date(1970, 1, 1))


def found(*members, on=DAY, figures=None, rows=(), without=(), **facts):
    """The finding on 特困 for a family, an old person alone unless members are given."""
    trial = {key: value for key, value in {**RULES, **(figures or {})}.items() if key not in without}
    facts = {"area": Area.RURAL, "members": members or (OLD,), "figures": trial, **facts}
    family = Family(PLACE, on, Subject.TEKUN, **facts)
    return assess_tekun(Sheet(family, Book.open(Figures.of(rows), PLACE, on, trial)))


def with_kin(kin, **options):
    """The codes of the reasons where the old person has this one relative outside."""
    return reasons(found(obligors=(kin,), **options))


def row(key, unit, value, first, last=None):
    """A figure of every place, in force from the first to the last day."""
    return {"key": key, "place": "", "unit": unit, "value": value, "cite": "文件", "from": first, "to": last}
