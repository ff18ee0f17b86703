"""What lists, hits and leads are called, and why something about them is refused."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from views import import_words
from workflows.exchange.reading import Unreadable
from workflows.leads import FOUND
from workflows.matching.kinds import KINDS

KIND_NAMES: dict[str, Any] = {
    "vehicles": _l("Vehicles"), "cremation": _l("Cremations"), "disability": _l("Disabled persons"),
    "pensions": _l("Pensions"), "real_estate": _l("Real estate"), "business": _l("Business register"),
    "relapse_watch": _l("Households watched for relapse into poverty"),
    "left_behind": _l("Left-behind elderly and children"),
}  # fmt: skip
TABS: dict[str, Any] = {
    "open": _l("To settle"), "settled": _l("Settled"), "leads": _l("Leads"), "refused": _l("Rows not looked up"),
}  # fmt: skip
STATES: dict[str, Any] = {"open": _l("To settle"), "closed": _l("Closed")}
HOW: dict[str, Any] = {"id_no": _l("same ID number"), "name_birth": _l("possible: same name and birth")}
STANDINGS: dict[str, Any] = {
    "in_force": _l("Receiving aid"), "undecided": _l("Application running"), "refused": _l("Was refused"),
    "lead": _l("Lead"),
}  # fmt: skip
OUTCOMES: dict[str, Any] = {
    "explained": _l("Explained"), "recheck": _l("Recheck started"), "fraud": _l("Recorded as fraud finding"),
    "false_match": _l("Not the same person"), "death": _l("Death recorded"),
    "unauthorised": _l("Left: no authorisation"),
}  # fmt: skip
CHOICES: dict[str, Any] = {
    "explained": _l("Explained: what the list says is known, or changes nothing"),
    "recheck": _l("Start a recheck of the case"),
    "fraud": _l("Record a fraud finding"), "false_match": _l("Not the same person, or the list is wrong"),
    "unauthorised": _l("Leave it: the family has not authorised the cross-check and receives nothing"),
}  # fmt: skip
LEAD_STATES: dict[str, Any] = {
    "open": _l("To look into"), "applied": _l("Applied"), "not_needed": _l("Needs no aid"),
    "not_found": _l("Not found here"),
}  # fmt: skip
FILE_SENTENCES: dict[str, Any] = {
    "several_lists": _l("There are %(n)s sheets with a list in this file; save the one that is meant as a file of its own."),
    "no_list_header": _l(
        "No row among the first %(within)s has the headers of a list: it needs a column with names (姓名) and one with ID "
        "numbers (身份证号) or dates of birth (出生日期)."
    ),
    "list_kind_unknown": _l("The headers do not tell what kind of list this is; choose it beside the file."),
}  # fmt: skip
ROW_CODES: dict[str, Any] = {
    "name_missing": _l("the name is missing"), "number_missing": _l("neither an ID number nor a date of birth"),
    "excel_float": _l("the ID number was ruined by a spreadsheet"), "masked": _l("the number is masked"),
    "check_digit": _l("the last digit of the ID number does not fit"), "length": _l("the ID number is not complete"),
    "old_15": _l("an old number of 15 digits"),
    "month_only": _l("no ID number, and of the birth only the month: the day is needed"),
    "several_people": _l("several people in one row: give each a row of their own"),
}  # fmt: skip
SENTENCES: dict[str, Any] = {
    "match_due_over": _l("The day by which the hits are to be settled is over; choose today or a later day."),
    "match_open_already": _l(
        "This list was matched on %(day)s and that match is not closed; settle its hits there, close it, then match again."
    ),
    "match_unsettled": _l("Hits not settled yet: %(n)s. The match is closed when all are."),
    "match_closed": _l("This match is closed."),
    "match_not_yours": _l("A match is closed by the office that made it."),
    "match_settled": _l("This hit was settled before; reload the page to see how."),
    "match_outcome_missing": _l("Choose what became of the hit."),
    "match_unauthorised": _l(
        "The family has not authorised the cross-check, so what the list says is not shown and cannot be judged; have "
        "the authorisation signed and record it, or start a recheck."
    ),
    "match_authorised_before": _l("The authorisation of this family is on file."),
    "list_unreadable": _l("The list cannot be read; open it, save it as xlsx or csv, and hand it in again."),
    "lead_settled": _l("This lead was settled before; reload the page to see how."),
    "lead_state_missing": _l("Choose what became of the lead."),
    "lead_name_missing": _l("Write the name of the person or of the head of the family."),
    "lead_village_missing": _l("Choose the village the family lives in."),
    "lead_words_missing": _l("Write what is the matter, in a few words."),
    "lead_phone_wrong": _l("A phone number has 7 to 12 digits and nothing else; leave it empty if you do not know it."),
}  # fmt: skip


def kind_name(code: str) -> str:
    """A kind of list in the reader's language."""
    return gettext("Met by a worker") if code == FOUND else str(KIND_NAMES.get(code, code))


def unreadable(bad: Unreadable) -> str:
    """Why a file is no list."""
    text = FILE_SENTENCES.get(bad.code)
    return str(text) % bad.args_by_name if text else import_words.unreadable(bad)


def row_fault(code: str) -> str:
    """Why a row could not be looked up."""
    return str(ROW_CODES.get(code) or gettext("the ID number is not valid"))


def choices() -> list[tuple[str, str]]:
    """The kinds to choose from, led by recognising it."""
    return [("", gettext("Recognise it by the headers")), *((code, kind_name(code)) for code in KINDS)]
