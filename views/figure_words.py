"""Figures in words: their topics, their values with unit, the words they may hold, and why one is refused."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import LazyString, gettext, ngettext
from flask_babel import lazy_gettext as _l

from models import CountyFigure
from policy.figure_keys import KNOWN_KEYS, Measure, Status
from policy.figure_rows import BadFigure
from policy.figures import Figure, read_figure
from policy.sheet import shown
from policy.standards import Check, Rule
from policy.vocabulary import Authority, CareNeed, DisabilityKind, HomeGround, ParentState, StudyLevel, Subject, Tag
from views.case_words import listed
from views.formats import yuan
from workflows.county_figures import as_row
from workflows.reason import Reason

TOPICS: tuple[tuple[LazyString, tuple[str, ...]], ...] = (
    (_l("Standards and what they are compared with"), ("dibao.standard", "wage.", "income.", "check.")),
    (_l("Subsistence allowance"), ("dibao.", "expenditure.", "work.")),
    (_l("Entering as a single person"), ("single.",)),
    (_l("Income and support"), ("deduct.", "impute.", "exempt.", "support.", "age.")),
    (_l("Property"), ("property.",)),
    (_l("Extreme-poverty support"), ("tekun.",)),
    (_l("Temporary assistance"), ("temporary.",)),
    (_l("Edge, rigid expenditure, watch list"), ("edge.", "rigid.", "watchlist.")),
    (_l("Grace and leaving"), ("grace.", "exit.")),
    (_l("Subsidies of disabled people, children nobody raises"),
     ("living_subsidy.", "care_subsidy.", "orphan.", "unsupported_child.", "children.")),
    (_l("Who confirms, terms and visits"), ("delegate.", "notice.", "decide.", "survey.", "county.", "refusal.",
                                            "review", "visit.", "pay.", "complaint.", "renew.", "lead.", "referral.")),
    (_l("Price subsidy"), ("price.",)),
)  # fmt: skip
TONES = {Status.OFFICIAL: "ok", Status.DERIVED: "", Status.PLACEHOLDER: "warn"}

WORDS: Mapping[str, Any] = {
    **{word.value: _l(word.label) for kind in (Authority, CareNeed, StudyLevel, Subject) for word in kind},
    "yes": _l("Yes"),
    "no": _l("No"),
    "gap": _l("Made up to the standard"),
    "tier": _l("By tier"),
    "up_yuan": _l("Up to the whole yuan"),
    "half_up_yuan": _l("To the nearest yuan"),
    "half_up_fen": _l("To the nearest fen"),
    "none": _l("None"),
    "highest": _l("The highest alone"),
    "sum": _l("All together"),
    "household": _l("The whole family"),
    "causer": _l("Only who causes the spending"),
    "elderly": _l("Elderly"),
    "minor": _l("Minors"),
    "severe_disability": _l("Severely disabled (level 1 or 2)"),
    "major_illness": _l("Gravely ill"),
    "clergy": _l("Clergy away three years or more"),
    "jobless_severe_disability": _l("Adult, jobless and severely disabled"),
    "fupin": _l("Registered poor"),
    "full": _l("The whole standard"),
    "percent": _l("A share of the standard"),
    "split": _l("The whole or a share, by family income"),
    "actual": _l("As spent"),
    "counted": _l("Counted"),
    "exempt": _l("Not counted"),
    "same": _l("This year's"),
    "prior": _l("Last year's"),
    "requested": _l("As requested, set by the confirmer"),
    "multiple": _l("By multiples of the standard"),
    "multiple_per_person": _l("By multiples of the standard and persons"),
    "any": _l("Any cause"),
    "work": _l("Work or enterprise"),
    "work_or_aid": _l("Work, enterprise or help that worked"),
    "cpi": _l("Consumer prices"),
    "trigger": _l("The index that starts it"),
}
OF_KEY: Mapping[tuple[str, str], LazyString] = {
    ("deduct.work_cost", "none"): _l("Not taken off"),
    ("deduct.rigid", "none"): _l("Not taken off"),
    ("expenditure.admits", "none"): _l("Nobody (special aid instead)"),
    ("single.requires_tag", "none"): _l("No mark needed"),
    ("support.formula", "none"): _l("No formula"),
    ("dibao.rounding", "none"): _l("Parts of a fen fall away"),
    ("impute.exempt", "infant"): _l("Infant"),
    **{("living_subsidy.families", tag.value): _l(tag.label) for tag in (Tag.FUPIN_OUT, Tag.WATCH)},
    **{("tekun.home_bar", ground.value): _l(ground.label) for ground in HomeGround},
    **{("unsupported_child.parent_states", state.value): _l(state.label) for state in ParentState},
}
FORMULAS: Mapping[str, LazyString] = {
    "SC": _l("SC: a quarter of what a person there has above twice the standard, shared among those supported"),
    "H": _l("H: half of what a person there has above twice the standard, shared among those supported"),
    "D20": _l("D20: a fifth of the income above twice the standard for each person, shared among those supported"),
    "D30": _l("D30: three tenths of the income above the low-income line for each person"),
    "R50": _l("R50: half of the income above the standard for each person, shared among those supported"),
    "L5040": _l("L5040: half of what a person there has above the standard (two fifths with three or more supported)"),
}
SENTENCES: Mapping[str, LazyString] = {
    "figure_division": _l("Choose a division of this county."),
    "figure_document_missing": _l("Say which document the value comes from, with its number."),
    "figure_clause_missing": _l("Say which clause of the document it is."),
    "figure_too_long": _l("%(field)s: at most %(most)s characters."),
    "figure_withdrawn_before": _l("This figure was withdrawn before."),
    "figure_is_placeholder": _l("A placeholder cannot be confirmed; enter the value of the county's own document."),
    **{f"figure_{code}": _l(message) for code, message in BadFigure.MESSAGES.items()},
}


def topic_of(key: str) -> int:
    """The number of the topic a key belongs to."""
    return next(n for n, (_, starts) in enumerate(TOPICS) if key.startswith(starts))


def key_label(key: str) -> str:
    """What a figure is called."""
    return gettext(KNOWN_KEYS[key].label)


def word_label(key: str, word: str) -> str:
    """A word that a figure holds; a disability kind with the level up to which it counts."""
    if (key, word) in OF_KEY:
        return str(OF_KEY[key, word])
    if key == "support.formula":
        return str(FORMULAS[word])
    kind, _, level = word.rpartition("_")
    if kind in set(DisabilityKind) and level.isdigit():
        return gettext("%(kind)s, level %(n)s or graver", kind=gettext(DisabilityKind(kind).label), n=level)
    return str(WORDS.get(word, word))


def value_text(figure: Figure) -> str:
    """The value with its unit, in the reader's language."""
    unit, value = figure.unit, figure.value
    if unit is Measure.WORD:
        return word_label(figure.key, str(value))
    if isinstance(value, tuple):
        return listed(word_label(figure.key, word) for word in value) or gettext("None")
    if unit is Measure.FEN:
        return gettext("%(amount)s yuan", amount=yuan(figure.whole))
    if unit is Measure.PERCENT:
        return f"{figure.text}%"
    return _COUNTED[unit](figure.text, int(figure.multiple) if unit is Measure.MULTIPLE else figure.whole)


def counted(text: str, unit: Measure | None) -> str:
    """A number as a finding keeps it, with what it counts; text that is none stays."""
    try:
        return _COUNTED[unit](text, int(float(text))) if unit is not None and unit in _COUNTED else text
    except ValueError:
        return text


def own_text(row: CountyFigure) -> str:
    """The value of an own row, also of one that was withdrawn."""
    try:
        return value_text(read_figure(as_row(row)))
    except BadFigure:
        return row.value


def unit_label(key: str) -> str:
    """In what a figure is entered."""
    return gettext(KNOWN_KEYS[key].unit.label)


def choices(key: str) -> list[tuple[str, str]]:
    """The words a figure may hold, for a form."""
    return [(word, word_label(key, word)) for word in KNOWN_KEYS[key].words]


def sentence(reason: Reason) -> str:
    """Why an entry was refused; the figure by its name, not by its key."""
    from views import reasons

    text = SENTENCES.get(reason.code)
    if text is None:
        return reasons.sentence(reason)
    args = dict(reason.args)
    if args.get("key") in KNOWN_KEYS:
        args["key"] = key_label(args["key"])
    if reason.code == "figure_too_long":
        args["field"] = FIELDS[args["field"]]
    if reason.code in ("figure_unit", "figure_value") and "right" in args:
        args["right"] = gettext("Yuan") if args["right"] == "yuan" else gettext(Measure(args["right"]).label)
    return str(text) % args


def warning(check: Check) -> str:
    """A standard that breaks its bound: both amounts, and what the bound is taken from."""
    text = (
        _l("%(have)s, %(value)s, is above %(bound)s yuan (%(share)s of: %(of)s, %(base)s).")
        if check.rule is Rule.WAGE_MOST
        else _l("%(have)s, %(value)s, is below %(bound)s yuan (%(share)s of: %(of)s, %(base)s).")
    )
    return str(text) % {
        "have": key_label(check.have.key), "value": value_text(check.have), "bound": shown(check.bound),
        "share": value_text(check.by), "of": key_label(check.of.key), "base": value_text(check.of),
    }  # fmt: skip


def field_of(reason: Reason) -> str:
    """The field of the entry form that a refusal is about; "" where it is about none."""
    return str(reason.args.get("field", "")) or _FIELD_OF.get(reason.code.removeprefix("figure_"), "")


_FIELD_OF = {
    "division": "place", "document_missing": "document", "clause_missing": "clause", "unit": "value", "float": "value",
    "value": "value", "word": "value", "from": "valid_from", "overlap": "valid_from", "duplicate": "valid_from",
    "to": "valid_to", "dates": "valid_to", "status": "status", "not_in_your_division": "place",
}  # fmt: skip
FIELDS: Mapping[str, LazyString] = {
    "value": _l("Figure value"),
    "document": _l("Document and its number"),
    "clause": _l("Clause"),
    "note": _l("Note"),
}
_COUNTED: Mapping[Measure, Callable[[str, int], str]] = {
    Measure.MONTHS: lambda text, n: ngettext("%(num)s month", "%(num)s months", n),
    Measure.WORKING_DAYS: lambda text, n: ngettext("%(num)s working day", "%(num)s working days", n),
    Measure.DAYS: lambda text, n: ngettext("%(num)s day", "%(num)s days", n),
    Measure.DAY_OF_MONTH: lambda text, n: gettext("by day %(n)s", n=text),
    Measure.TIMES: lambda text, n: ngettext("%(num)s time", "%(num)s times", n),
    Measure.YEARS: lambda text, n: gettext("%(n)s years of age", n=text),
    Measure.MULTIPLE: lambda text, n: gettext("%(n)s times", n=text),
    Measure.NUMBER: lambda text, n: text,
}
