"""The county's random check of 特困 cases: at least so many of every hundred handed up (民发〔2021〕43号 第十六条)."""

from fractions import Fraction

OF = 10_000


def is_drawn(lot: int, before: int, picked: int, share: Fraction) -> bool:
    """Whether a case is drawn: by its ``lot`` (0 to 9999), and always where the share would else fall short.

    ``before`` cases were handed up before it in the same township and month, ``picked`` of them drawn; ``share``
    of one is to be drawn at least.
    """
    short = picked < share * (before + 1)
    return short or lot < share * OF
