"""How a finding is told: the words of its codes, its amounts, and its rows with what changed since the one before."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from policy import vocabulary as v
from policy.compare import Mark
from policy.figure_keys import KNOWN_KEYS, Measure
from policy.money import BadMoney, parse_yuan
from views.case_words import listed
from views.figure_words import counted, word_label
from views.finding_english import in_english
from views.formats import NOTHING, yuan
from views.i18n import ENGLISH, html_lang

_WORDS = (v.Outcome, v.Subject, v.Unit, v.Authority, v.IncomeKind, v.Work)
CODES: dict[str, dict[str, Any]] = {
    **{kind.__name__.lower(): {word.value: _l(word.label) for word in kind} for kind in _WORDS},
    "part": {
        "gap": _l("Made up to the standard"),
        "tier": _l("By tier"),
        "uplift": _l("Uplift by class"),
        "basic": _l("Basic living"),
        "care": _l("Care"),
        "single": _l("As a single person"),
        "living": _l("Living subsidy"),
        "nursing": _l("Care subsidy"),
        "child": _l("Children's basic living"),
    },
    "self_care": {
        "full": _l("Cares for oneself"),
        "partial": _l("Self-care partly lost"),
        "none": _l("Self-care wholly lost"),
    },
    "rule": {
        "financial": _l("Deposits and securities"),
        "vehicle": _l("Vehicle"),
        "houses": _l("Number of houses"),
        "house_area": _l("Living space"),
        "companies": _l("Companies"),
        "none": _l("Property"),
    },
    "mark": {
        Mark.ADDED.value: _l("newly there"),
        Mark.REMOVED.value: _l("no longer there"),
        Mark.CHANGED.value: _l("has changed"),
    },
    "status": {"placeholder": _l("Placeholder"), "derived": _l("Derived")},
}
_SUM = re.compile(r"(?<![\d.,])\d{4,}(?=\.\d{2}(?!\d))")
_KEY = re.compile(r"[a-z_]+(?:\.[a-zA-Z_0-9]+)+")
TONES = {"eligible": "ok", "grace": "warn", "special_decision": "warn", "incomplete": "", "not_eligible": "bad"}


def said(code: Any, kind: str) -> str:
    """The word of a code; the code itself where no word is known, a dash for none."""
    return str(CODES[kind].get(str(code), code)) if code else NOTHING


def tone(outcome: Any) -> str:
    """The colour of an outcome, which never stands without its word."""
    return TONES.get(str(outcome), "")


def amount(text: Any) -> str:
    """元 of a finding ("1000.00") with thousands separators; text that is none stays, a dash for none."""
    try:
        return NOTHING if text is None else yuan(parse_yuan(text))
    except BadMoney:
        return str(text)


def figure_name(key: str) -> str:
    """What a figure is called; its key where it is not known any more."""
    known = KNOWN_KEYS.get(key)
    return gettext(known.label) if known else key


def figure_value(text: Any, key: str) -> str:
    """The value of a figure as a finding keeps it, with its unit, its words said."""
    unit, text = KNOWN_KEYS[key].unit if key in KNOWN_KEYS else None, str(text or "")
    if unit is Measure.FEN:
        return gettext("%(amount)s yuan", amount=amount(text))
    if unit is Measure.PERCENT:
        return f"{text}%"
    if unit in (Measure.WORD, Measure.WORDS):
        return listed(word_label(key, word) for word in text.split()) or NOTHING
    return counted(text, unit) if text else NOTHING


def grouped(text: Any) -> str:
    """Text of a finding whose sums in 元 (two decimals) have thousands separators, as every other sum on a page."""
    return _SUM.sub(lambda match: f"{int(match[0]):,}", str(text or ""))


def named(text: Any, names: Mapping[str, Any]) -> str:
    """Text of a finding in the language of the page, with people's names where it says their ``ref``, sums grouped."""
    text = grouped(in_english(str(text or "")) if html_lang() == ENGLISH else text)
    refs = sorted((ref for ref, name in names.items() if isinstance(name, str)), key=len, reverse=True)
    if not refs:
        return text
    found = re.compile(rf"(?<![0-9A-Za-z])({'|'.join(map(re.escape, refs))})(?![0-9A-Za-z])")
    return found.sub(lambda match: str(names[match[1]]), text)


def figures_named(text: str) -> str:
    """Text of a finding with the names of figures where it says their keys."""
    return _KEY.sub(lambda match: figure_name(match[0]), text)


def months(span: Mapping[str, Any]) -> str:
    """A span of months, said once where both ends are one."""
    least, most = span["months_min"], span["months_max"]
    if least == most:
        return gettext("%(most)s months", most=most)
    return gettext("%(least)s to %(most)s months", least=least, most=most)


def told(finding: Mapping[str, Any], name: str) -> str:
    """One of the plain facts of a finding, as a person says it; a dash where there is nothing to say."""
    value = finding.get(name)
    if value is None or value in ([], {}):
        return NOTHING
    if name in ("outcome", "unit", "authority"):
        return said(value, name)
    if name in ("income_month", "per_capita", "standard", "monthly", "one_off"):
        return gettext("%(amount)s yuan", amount=amount(value))
    return _told_further(name, value)


def _told_further(name: str, value: Any) -> str:
    if name == "range":
        return gettext("%(least)s to %(most)s yuan", least=amount(value[0]), most=amount(value[1]))
    if name == "grace":
        return gettext("%(span)s, until %(day)s at the latest", span=months(value), day=value["until_latest"])
    if name == "exit_money":
        return gettext("%(span)s of the present amount", span=months(value))
    if name in ("review_months", "valid_months"):
        return gettext("%(most)s months", most=value)
    if name == "deadlines" and "decide_working_days" in value:
        return gettext("within %(days)s working days of acceptance", days=value["decide_working_days"])
    return str(value)


FACTS = {
    "unit": _l("Who is counted"),
    "persons": _l("Persons counted"),
    "income_month": _l("Family income a month"),
    "per_capita": _l("A head a month"),
    "standard": _l("Standard in force"),
    "range": _l("Range of the rule"),
    "grace": _l("Grace period"),
    "exit_money": _l("Exit money"),
    "review_months": _l("Looked at again after"),
    "valid_months": _l("Holds for"),
    "authority": _l("Who may confirm"),
    "deadlines": _l("To be decided"),
}

OWN = _l("Own income a month")


def facts(finding: Mapping[str, Any], before: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(name, value, value before or nothing) of what a finding says beside its lines; what it leaves out is left out."""
    alone = finding.get("unit") == "single" and finding.get("persons") == 1
    needless = ("unit", "persons") if finding.get("scheme") in v.PERSONAL else ("per_capita",) if alone else ()
    wanted = [name for name in FACTS if (finding.get(name) or before.get(name)) and name not in needless]
    return [
        (str(OWN if alone and name == "income_month" else FACTS[name]), told(finding, name), told(before, name) if name in before else "")
        for name in wanted
    ]  # fmt: skip
