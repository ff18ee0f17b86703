"""Codes of divisions; the code of a place begins with the code of each place that it lies in.

Two digits for a province, four for a prefecture, six for a county, nine for a township, twelve for a village or
community.
"""

COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS = 6, 9, 12
LEVELS = (2, 4, COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS)


def county_of(code: str) -> str:
    """The county of a township or village; a county, or a place above it, stays what it is."""
    return code[:COUNTY_DIGITS]


def township_of(code: str) -> str:
    """The township of a village; a township, or a place above it, stays what it is."""
    return code[:TOWNSHIP_DIGITS]


def is_county(code: str) -> bool:
    """Whether it is the code of a county."""
    return len(code) == COUNTY_DIGITS


def is_township(code: str) -> bool:
    """Whether it is the code of a township."""
    return len(code) == TOWNSHIP_DIGITS


def is_village(code: str) -> bool:
    """Whether it is the code of a village or community."""
    return len(code) == VILLAGE_DIGITS


def in_township(code: str) -> bool:
    """Whether it is the code of a township, or of a village in one."""
    return len(code) >= TOWNSHIP_DIGITS
