"""The office's words, each in a sentence: what the help pages explain."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

Term = tuple[Any, Any]
TERMS: Mapping[str, Term] = {
    "dibao": (
        _l("Subsistence allowance (dibao)"),
        _l("Monthly money that lifts a family's income to the local standard."),
    ),
    "tekun": (
        _l("Support for people in extreme poverty"),
        _l(
            "Living costs and care for people who cannot work, have no income and nobody bound and able to support them."
        ),
    ),
    "temporary": (_l("Temporary assistance"), _l("Help paid once, or in a few parts, for a sudden or short hardship.")),
    "edge": (
        _l("Low-income edge family"),
        _l(
            "A family somewhat above the standard; it gets no monthly money, but other help depends on this recognition."
        ),
    ),
    "rigid": (
        _l("Rigid-expenditure family"),
        _l(
            "A family that spends more than it can bear on illness, schooling or disability; recognised for a year at most."
        ),
    ),
    "member": (
        _l("Member of the family"),
        _l("Somebody who lives with and counts for the family; joining and leaving are dated, nobody is deleted."),
    ),
    "head": (_l("Head"), _l("The person in whose name the family applies; a family has exactly one.")),
    "obligor": (
        _l("Obligor"),
        _l(
            "Somebody outside the household whom the law binds to support a member; what they could pay counts as income."
        ),
    ),
    "crosscheck": (
        _l("Cross-check"),
        _l("The question to banks, vehicle office and other sources; it takes the family's signed authorisation."),
    ),
    "survey": (
        _l("Home survey"),
        _l("A visit by at least two people who see whether the application agrees with life at home."),
    ),
    "opinion": (_l("First opinion"), _l("The township's proposal, for or against, that the confirmer decides on.")),
    "notice": (
        _l("Notice before the decision"),
        _l(
            "Seven days in which anybody may object; it names head, persons and amount, never an ID number or an illness."
        ),
    ),
    "publish": (_l("Publication after the decision"), _l("The standing list of those who receive aid.")),
    "confirm": (_l("Confirmation"), _l("The decision; whoever surveyed or reviewed the case may not take it.")),
    "gap": (_l("Gap payment"), _l("The standard times the persons, less the family's income, rounded once.")),
    "uplift": (
        _l("Category uplift"),
        _l("An addition for old, disabled, ill or minor members, where the place grants one."),
    ),
    "recheck": (
        _l("Recheck"),
        _l("A look at a running case, when it is due or something changed; it ends in a decision."),
    ),
    "grace": (
        _l("Grace period"),
        _l("Months in which aid goes on although income rose; afterwards it ends by itself."),
    ),
    "special": (
        _l("Decision on the single case"),
        _l("Another amount than calculated, with reason and clause, kept and printed with the decision."),
    ),
    "aid_first": (
        _l("Aid first"),
        _l("In an emergency money is paid at once; the papers follow and stay a visible debt."),
    ),
    "missing": (_l("One-time notice of missing papers"), _l("The family is told once of everything that is missing.")),
    "near_relative": (
        _l("Near relative of staff"),
        _l("A relative of aid staff or of the village committee; the county visits before such a case is confirmed."),
    ),
    "lead": (_l("Lead"), _l("A family that may need help and has not applied; somebody goes and asks.")),
    "watch": (
        _l("Watch list"),
        _l("Families that were refused and still have it hard; they are looked at again by a due day."),
    ),
    "placeholder": (
        _l("Placeholder"),
        _l("A figure nobody has given for this place; the county enters its own document's number."),
    ),
    "self_care": (
        _l("Self-care"),
        _l("Six items of daily life; what a person cannot do decides the tier of care money."),
    ),
    "batch": (
        _l("Import batch"),
        _l("One sheet brought in as a whole; it can be undone while nobody has touched its rows."),
    ),
    "audit": (
        _l("Audit"),
        _l("Who changed or looked at what, when and why; entries are chained and cannot be altered unnoticed."),
    ),
}
