"""What can be wrong with a file that is handed in, in sentences: what, where, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from policy.vocabulary import DisabilityKind, Sex
from views import import_step_words
from views.case_words import listed
from views.formats import label, yuan
from views.import_step_words import Cause
from workflows.exchange.reading import Unreadable

WORDS = {word.value: word for kind in (Sex, DisabilityKind) for word in kind}


FILES: dict[str, LazyString] = {
    **import_step_words.FILES,
    "charset": _l("The text of the file cannot be read in any usual encoding. Save it as .xlsx, or as CSV UTF-8, and choose it again."),
    "damaged": _l("The file is damaged. Open it in the spreadsheet program, save it again and choose it once more."),
    "doctype": _l("The file holds something that no roster needs (a document type), and was not read. Save it again as .xlsx."),
    "duplicate_header": _l("Row %(row)s: the column %(headers)s stands there twice. Delete one of them."),
    "empty_file": _l("The file is empty. Choose another one."),
    "encrypted": _l("The file is protected with a password. Take the password off and choose it again."),
    "gave_up": _l("The file takes too long to read. Take out pictures, empty sheets and formulas, or split it, and choose it again."),
    "long_cell": _l("Row %(row)s, column %(column)s: the cell holds more than %(limit)s characters. Shorten it."),
    "macros": _l("Files with macros are not read. Save the roster as .xlsx."),
    "masked": _l("This is a masked copy: the column %(column)s shows stars instead of numbers (row %(row)s). Nothing can be imported from it. Choose the roster with full numbers."),
    "missing_header": _l("Row %(row)s holds the headers, but the column %(headers)s is missing. Add it as the roster form has it."),
    "no_rows": _l("There is no row below the headers in row %(row)s."),
    "not_csv": _l("The file is called .csv but is something else. Save it again as CSV or .xlsx."),
    "not_xlsx": _l("The file is called .xlsx but is something else. Save it again as .xlsx."),
    "nul": _l("The text holds signs that no roster has, as if it were no text. Save it again as .xlsx."),
    "other_charset": _l("The text of the file is not in the encoding that was chosen. Let it be found by itself, or choose another one."),
    "quote": _l("A quotation mark that is opened in row %(row)s is never closed. Correct it, or save the roster as .xlsx."),
    "several_sheets": _l("Several sheets hold a roster: %(names)s. Choose one of them, or save each in a file of its own."),
    "strict_xlsx": _l("The file is a “Strict Open XML” workbook. Open it, save it as an ordinary .xlsx workbook, and choose it again."),
    "too_large": _l("The file is larger than %(limit_mb)s MB. Split it."),
    "too_large_unpacked": _l("The file would take more than %(limit_mb)s MB unpacked. Take out pictures and empty sheets, or split it."),
    "too_many_columns": _l("Row %(row)s has more than %(limit)s columns. Delete what is not part of the roster."),
    "too_many_parts": _l("The file consists of more than %(limit)s parts. Copy the roster alone into a new file."),
    "too_many_rows": _l("The file has more than %(limit)s rows. Split it by township."),
}  # fmt: skip
"""Codes of ``Unreadable``."""

CAUSES: dict[str, Cause] = {
    **import_step_words.CAUSES,
    "absurd": Cause(
        _l("Impossibly large"),
        _l("Check the unit: yuan, not fen; put the right number."),
        _l("at most %(limit)s"),
    ),
    "ambiguous_month": Cause(
        _l("Month not clear"),
        _l("A spreadsheet has cut October to .1; write the month as 2013-10."),
    ),
    "bad_account": Cause(
        _l("Not an account number"),
        _l("An account has 6 to 30 digits; copy it from the passbook."),
    ),
    "bad_area": Cause(
        _l("Not a floor area"),
        _l("Write the number of square metres, as 104."),
    ),
    "bad_count": Cause(
        _l("Not a count"),
        _l("Write a whole number, as 3."),
    ),
    "bad_date": Cause(
        _l("Not a date"),
        _l("Write the date as 1945-08-06."),
    ),
    "bad_money": Cause(
        _l("Not an amount"),
        _l("Write yuan in digits, as 760 or 760.50."),
    ),
    "bad_month": Cause(
        _l("Not a month"),
        _l("Write the month as 2013-04."),
    ),
    "bad_phone": Cause(
        _l("Not a telephone number"),
        _l("Write digits; several numbers with a comma between."),
    ),
    "birth": Cause(
        _l("Birth date in the ID number is impossible"),
        _l("Compare digits 7 to 14 with the ID card."),
    ),
    "birth_mismatch": Cause(
        _l("Birth date differs from the ID number"),
        _l("Compare both with the ID card and correct the wrong one."),
        _l("by the ID number %(expected)s"),
    ),
    "characters": Cause(
        _l("ID number with other signs"),
        _l("Write 17 digits and a last digit or X."),
    ),
    "check_digit": Cause(
        _l("Last digit of the ID number does not fit"),
        _l("At least one digit is wrong; enter it again from the ID card."),
    ),
    "control": Cause(_l("Invisible control signs"), _l("Type the cell again.")),
    "copy_in_file": Cause(
        _l("The same row again"),
        _l("Nothing to do: the first of them is taken."),
        _l("as row %(rows)s"),
    ),
    "empty": Cause(
        _l("Empty, but needed"),
        _l("Fill the cell in; where cells are merged, split them and fill in each row."),
    ),
    "excel_error": Cause(
        _l("A formula of the spreadsheet has failed"),
        _l("Write the value instead of the formula."),
    ),
    "excel_float": Cause(
        _l("Number ruined by the spreadsheet"),
        _l("Its last digits are lost. Format the column as text and enter the number again from the card."),
    ),
    "future": Cause(
        _l("Birth date in the ID number is in the future"),
        _l("Compare the number with the ID card."),
    ),
    "future_date": Cause(
        _l("Date in the future"),
        _l("Correct the date."),
        _l("today is %(on)s"),
    ),
    "half_disability": Cause(
        _l("Kind of disability without its level, or the other way round"),
        _l("Fill in both as the certificate has them, or neither."),
    ),
    "impossible_date": Cause(_l("No such day"), _l("Correct the date.")),
    "length": Cause(
        _l("ID number of the wrong length"),
        _l("An ID number has 18 characters."),
        _l("this one has %(have)s"),
    ),
    "listed_twice": Cause(
        _l("A member is listed twice"),
        _l("List each member once."),
    ),
    "long": Cause(
        _l("Too long"),
        _l("Shorten it."),
        _l("at most %(limit)s characters"),
    ),
    "members_unpaired": Cause(
        _l("Names and ID numbers of the members do not pair"),
        _l("List as many numbers as names, in the same order."),
        _l("%(names)s names, %(numbers)s numbers"),
    ),
    "negative": Cause(
        _l("Negative amount"),
        _l("Write an amount of 0 or more."),
    ),
    "not_the_head": Cause(
        _l("Called the head, but the family has another head's number"),
        _l("Correct the relation, or the head's ID number."),
    ),
    "old_15": Cause(
        _l("ID number of 15 digits"),
        _l("Enter the 18 digits of the present ID card."),
    ),
    "own_head": Cause(
        _l("Not called the head, but has the head's ID number"),
        _l("Correct the relation, or the ID number."),
    ),
    "sex_mismatch": Cause(
        _l("Sex differs from the ID number"),
        _l("Compare both with the ID card and correct the wrong one."),
        _l("by the ID number %(expected)s"),
    ),
    "surplus_cells": Cause(
        _l("More cells than headers"),
        _l("A cell may hold a comma that splits it; save the roster as .xlsx."),
        _l("%(count)s too many"),
    ),
    "too_precise": Cause(
        _l("More than two decimals"),
        _l("Round to whole fen."),
    ),
    "twice_in_file": Cause(
        _l("The same person in several rows that differ"),
        _l("Keep the right row and delete the others."),
        _l("also row %(rows)s"),
    ),
    "match_ambiguous": Cause(
        _l("No ID number, and several people fit"),
        _l("The certificate's or the case's number means more than one. Enter the ID number."),
        _l("%(count)s fit"),
    ),
    "match_other_name": Cause(
        _l("No ID number, and the number given is somebody else's"),
        _l("The certificate's or the case's number is known, but under another name. Enter the ID number."),
    ),
    "two_heads": Cause(
        _l("Two heads in one family"),
        _l("Let one be the head and correct the relation of the other."),
        _l("also row %(rows)s"),
    ),
    "unknown_head": Cause(
        _l("Family not known"),
        _l("No head of a family has this number. Import the family first, or correct the head's ID number."),
    ),
    "unknown_word": Cause(
        _l("Word not known"),
        _l("Use one of the usual words."),
        _l("%(accepted)s"),
    ),
    "unknown_village": Cause(
        _l("Village or community not known"),
        _l("Correct the name, or let the county create it."),
        _l("%(township)s %(village)s"),
    ),
    "unknown_township": Cause(
        _l("Township not known"),
        _l("Correct the name of the township."),
        _l("%(township)s"),
    ),
    "other_county": Cause(
        _l("Row of another county"),
        _l("Take the row out, or correct the county."),
        _l("%(county)s, not %(ours)s"),
    ),
    "not_your_division": Cause(
        _l("Outside your division"),
        _l("The office of that place, or the county, imports it."),
    ),
    "in_other_household": Cause(
        _l("Registered in another family"),
        _l("Record there that the person left, or correct the ID number."),
        _l("the family of %(head)s"),
    ),
    "registered_elsewhere": Cause(
        _l("Registered elsewhere in the county"),
        _l("Ask the county office which family the person belongs to."),
    ),
    "head_would_change": Cause(
        _l("Would no longer be the head"),
        _l("A change of head is entered on the page of the family."),
    ),
    "second_head": Cause(
        _l("The family has a head already"),
        _l("Correct the relation, or change the head on the page of the family."),
    ),
    "head_differs": Cause(
        _l("Another head than the one here"),
        _l("Enter the change of head on the page of the family: a sheet changes neither head nor amount, the case falls due for a recheck."),
        _l("%(head)s is the head here"),
    ),
    "head_refused": Cause(
        _l("The head's own row is refused"),
        _l("Mend the head's row first."),
    ),
    "masked": Cause(
        _l("Starred out"),
        _l("Enter it in full."),
    ),
    # to look at: the row is taken
    "certificate_but_not_disabled": Cause(
        _l("Has a disability certificate, but is called not disabled"),
        _l("Ask which is right; the row is taken."),
    ),
    "certificate_differs": Cause(
        _l("Differs from the disability certificate"),
        _l("The certificate may be old; ask which is right."),
        _l("by the certificate %(expected)s"),
    ),
    "certificate_owner": Cause(
        _l("Disability certificate of another ID number"),
        _l("Compare with the certificate."),
    ),
    "certificate_unread": Cause(
        _l("Disability certificate not understood"),
        _l("It should have 20 characters; compare with the certificate."),
    ),
    "count_differs": Cause(
        _l("Number of persons differs from the members listed"),
        _l("Ask how many live there."),
        _l("%(listed)s listed"),
    ),
    "disabled_without_kind": Cause(
        _l("Disabled, but no kind given"),
        _l("Fill in kind and level from the certificate."),
    ),
    "head_not_listed": Cause(
        _l("The head is not among the members listed"),
        _l("Ask who belongs to the family."),
    ),
    "matched_by_certificate": Cause(
        _l("Told by the certificate's number"),
        _l("The row has no ID number; it was taken for the person to whom the certificate belongs."),
    ),
    "matched_by_case": Cause(
        _l("Told by the case's number"),
        _l("The row has no ID number; it was taken for the person of that name in the case's family."),
    ),
    "perhaps_rounded": Cause(
        _l("ID number ending in 000"),
        _l("It fits its check digit, but compare it with the card: a spreadsheet may have rounded it."),
    ),
    "relation_sex": Cause(
        _l("Relation and sex do not go together"),
        _l("Compare name, relation and ID number with the household register: perhaps two rows were mixed up."),
        _l("by the ID number %(expected)s"),
    ),
    "unknown_area": Cause(
        _l("ID number of no known province"),
        _l("Its first two digits are no province's, yet the check digit fits; compare it with the card."),
    ),
    "total_differs": Cause(
        _l("Total differs from its parts"),
        _l("The total is taken; ask which is right."),
        _l("the parts make %(sum_fen)s yuan"),
    ),
    "income_kept": Cause(
        _l("Income is entered line by line here"),
        _l("The sum of the roster is left aside."),
    ),
    "joins_open_case": Cause(
        _l("Joins a family with a case in force"),
        _l("Recheck the case: the amount does not change by itself."),
        _l("case %(case_no)s"),
    ),
    "amount_differs": Cause(
        _l("Amount differs from the case in force"),
        _l("A sheet changes no amount; recheck the case if the roster is right."),
        _l("case %(case_no)s: %(ours_fen)s yuan here, %(theirs_fen)s in the file"),
    ),
    "village_differs": Cause(
        _l("Village differs"),
        _l("A family moves on its own page, not by a sheet."),
    ),
    "head_name_differs": Cause(
        _l("Name of the head differs"),
        _l("Correct the name on the page of the person."),
        _l("%(ours)s here"),
    ),
}  # fmt: skip
"""Codes of a row's problems and warnings."""

SENTENCES: dict[str, LazyString] = {
    **import_step_words.SENTENCES,
    "not_your_import": _l("This import belongs to another division, or your role does not import."),
    "import_not_staged": _l("This import has been applied or undone already; the page shows how it stands."),
    "import_read_anew": _l("The file was read again since this page was opened. Nothing was done; look at the preview below, then decide again."),
    "import_not_applied": _l("There is nothing to undo: this import is not in force."),
    "undo_nothing_free": _l("Nothing is left that could be undone: all %(n)s rows were touched since. Undo what came later first, or correct those records by hand."),
    "undo_differs": _l("Meanwhile other rows were touched: %(n)s could be undone now, not %(expected)s. Look at the list again, then decide."),
    "import_collided": _l("Somebody entered one of these people at the same moment. Nothing was imported; press the button again."),
    "no_such_importer": _l("There is no active account %(login)s with a role. Give the login name of the person who imports."),
    "importer_missing": _l("Say with --as who imports: a login name. It may be left out only in a dry run on the sample county."),
    "columns_unsure": _l("The headers of this file are not known, and what its columns mean has to be confirmed by a person: hand it in on the page “Import”, say what each column means and keep the columns under a name; then the command understands such files too."),
    "report_unwritable": _l("The refused rows cannot be written to %(file)s (%(why)s). Nothing was imported; name another file."),
    "purpose_missing": _l("Say what the file is for, at least two characters; it stays on record."),
    "full_in_roster_alone": _l("Full numbers are in the roster alone: choose the roster, or the masked file."),
    "full_not_allowed": _l("Full numbers are exported only by the county reviewer and the supervisor; choose the masked file."),
    **{code: CAUSES[code].what for code in ("other_county", "place_missing", "unknown_township", "unknown_village")},
}  # fmt: skip


def unreadable(error: Unreadable) -> str:
    """Why a file cannot be taken at all."""
    return str(FILES[error.code]) % _args(error.args_by_name)


def detail(problem: Mapping[str, Any]) -> str:
    """What is particular to this row: the value that was expected, the limit, the other row."""
    words = CAUSES[problem["code"]].detail
    return str(words) % _args(problem["args"]) if words else ""


def message(problem: Mapping[str, Any]) -> str:
    """The whole of a problem in one sentence: what, in which column, the value, what to do."""
    cause, value = CAUSES[problem["code"]], problem.get("value", "")
    where = gettext("%(column)s “%(value)s”: ", column=problem["column"], value=value) if value else ""
    if not where and problem["column"]:
        where = gettext("%(column)s: ", column=problem["column"])
    more = detail(problem)
    what = gettext("%(what)s (%(detail)s)", what=cause.what, detail=more) if more else cause.what
    return f"{where}{what}{gettext('. ')}{cause.remedy}"


def _args(args: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _word(name, value) for name, value in args.items()}


def _word(name: str, value: Any) -> Any:
    if name.endswith("_fen"):
        return yuan(value)
    if isinstance(value, (list, tuple)):
        return listed(value)
    return label(WORDS[value]) if name == "expected" and value in WORDS else value
