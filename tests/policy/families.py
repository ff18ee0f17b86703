"""Families and sheets for the tests of single rules: trial values alone, so that no shipped figure is in the way."""

from datetime import date

from policy.book import Book
from policy.family import Family, Income, Person, Spending
from policy.figures import Figures
from policy.sheet import Sheet
from policy.vocabulary import IncomeKind, KinRelation, SpendingKind, Subject

DAY = date(2021, 9, 1)
PLACE = "511526"
FIGURES = {
    "dibao.standard": 500, "age.adult": 18, "age.elderly": 60,
    "tekun.self_care_partial": 1, "tekun.self_care_none": 4, "tekun.minor_age": 16,
    "tekun.labour.disabilities": "intellectual_3 mental_3 limb_2 vision_1",
}  # fmt: skip
HEAD = Person("m1", birth=date(1980, 1, 1))


def sheet(*members, on=DAY, scheme=Subject.DIBAO, figures=None, rows=(), **facts):
    """A sheet of a family whose figures are ``FIGURES``, those given over them, and dated rows."""
    trial = {**FIGURES, **(figures or {})}
    family = Family(PLACE, on, scheme, members=members or (HEAD,), figures=trial, **facts)
    return Sheet(family, Book.open(Figures.of(rows), PLACE, on, trial))


def child(ref="m2", birth=None, **facts):
    """A child of the head."""
    return Person(ref, KinRelation.CHILD, birth=birth, **facts)


def earns(yuan, kind=IncomeKind.WAGE):
    """An income of so many 元 a year."""
    return Income(kind, yuan * 100)


def spends(yuan, kind=SpendingKind.MEDICAL):
    """Spending of so many 元 a year."""
    return Spending(kind, yuan * 100)
