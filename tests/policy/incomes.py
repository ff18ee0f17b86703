"""The income of a family a year, counted for the tests of its rules."""

from datetime import date

from policy.family import Person
from policy.income import household_income
from policy.people import counted
from tests.policy.families import sheet

BIRTH = date(1980, 1, 1)
WAGE = {"impute.wage": 1650}


def head(**facts):
    """The head of the family, born on the first day of 1980 unless said otherwise."""
    return Person("m1", **{"birth": BIRTH, **facts})


def year(*members, **options):
    """What counts of a family's income, in 分 a year; a Fraction where it is none exactly."""
    on = sheet(*members, **options)
    return household_income(on, counted(on))


def written(*members, **options):
    """The sheet of a family after its income was counted."""
    on = sheet(*members, **options)
    household_income(on, counted(on))
    return on


def labels(on):
    """The labels of a sheet's lines in their order."""
    return [line["label"] for line in on.lines]


def row_of(key, place, unit, value):
    """A figure of a place in force since 2012."""
    return {"key": key, "place": place, "unit": unit, "value": value, "cite": "文件", "from": date(2012, 1, 1)}
