"""Every figure the rules may ask for: its key, its unit, what it means, and which words it may hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from policy.vocabulary import Authority, Word


class Measure(Word):
    """In what a figure is counted; money is entered in yuan and kept in fen."""

    FEN = "fen", "Yuan"
    MONTHS = "months", "Months"
    WORKING_DAYS = "working_days", "Working days"
    DAYS = "days", "Calendar days"
    DAY_OF_MONTH = "day_of_month", "Day of the month"
    TIMES = "times", "Times"
    MULTIPLE = "multiple", "Times the standard"
    WORD = "word", "Word"


class Status(Word):
    """How sure a figure is; anything but official is shown to people."""

    OFFICIAL = "official", "Official"
    DERIVED = "derived", "Derived"
    PLACEHOLDER = "placeholder", "Placeholder"


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key of the rules with its unit, English message id, and the words it may hold (unit "word" only)."""

    key: str
    unit: Measure
    label: str
    words: tuple[str, ...] = ()


_LEVELS = tuple(Authority)

_KNOWN = (
    KnownKey("delegate.dibao", Measure.WORD, "Who confirms subsistence allowance", _LEVELS),
    KnownKey("delegate.tekun", Measure.WORD, "Who confirms extreme-poverty support", _LEVELS),
    KnownKey("delegate.temporary", Measure.WORD, "Who confirms temporary assistance", _LEVELS),
    KnownKey("temporary.township_limit", Measure.FEN, "Most a township may confirm as temporary assistance"),
    KnownKey("temporary.ceiling", Measure.FEN, "Most temporary assistance at one time"),
    KnownKey("temporary.papers_working_days", Measure.WORKING_DAYS, "Time to hand in papers after paying first"),
    KnownKey("notice.days", Measure.DAYS, "Length of the public notice"),
    KnownKey("decide.working_days", Measure.WORKING_DAYS, "Time to decide"),
    KnownKey("decide.special", Measure.WORKING_DAYS, "Time to decide in special cases"),
    KnownKey("decide.delegated", Measure.WORKING_DAYS, "Time to decide where the township confirms"),
    KnownKey("survey.start_working_days", Measure.WORKING_DAYS, "Time to start the home survey"),
    KnownKey("county.working_days", Measure.WORKING_DAYS, "Time for the county to decide"),
    KnownKey("refusal.tell_working_days", Measure.WORKING_DAYS, "Time to tell a refusal"),
    KnownKey("review.months.stable", Measure.MONTHS, "Review interval when little changes"),
    KnownKey("review.months.changing", Measure.MONTHS, "Review interval when income changes"),
    KnownKey("review.months.tekun", Measure.MONTHS, "Review interval of extreme-poverty support"),
    KnownKey("grace.months_min", Measure.MONTHS, "Shortest grace period"),
    KnownKey("grace.months_max", Measure.MONTHS, "Longest grace period"),
    KnownKey("grace.income_cap_multiple", Measure.MULTIPLE, "Income up to which grace is possible, in standards"),
    KnownKey("visit.per_quarter", Measure.TIMES, "Visits each quarter"),
    KnownKey("pay.by_day", Measure.DAY_OF_MONTH, "Day of the month by which money is paid"),
    KnownKey("tekun.base_multiple", Measure.MULTIPLE, "Basic living standard of extreme-poverty support, in standards"),
)

KNOWN_KEYS: Mapping[str, KnownKey] = MappingProxyType({known.key: known for known in _KNOWN})
