"""What somebody receives already, as the rules against double support ask for it."""

from fractions import Fraction

from policy.family import Held, Person
from policy.sheet import Sheet
from policy.vocabulary import Subject


def held_by(sheet: Sheet, person: Person, *schemes: Subject) -> list[Held]:
    """Aid in force of these schemes that a person has: their own, or their share of the household's."""
    return [one for one in sheet.family.held if one.scheme in schemes and one.ref in (None, person.ref)]


def share(held: Held) -> Fraction:
    """A person's part of aid, 分 a month, exactly: the household's is shared by heads."""
    return Fraction(held.monthly_fen, held.persons)
