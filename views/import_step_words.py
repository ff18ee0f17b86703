"""Sentences of the steps of an import: kept file, kept columns, choices, candidates; what a cause is."""

from typing import NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Cause(NamedTuple):
    """Why a row is refused, or what to look at in it; ``detail`` is what differs from row to row."""

    what: LazyString
    remedy: LazyString
    detail: LazyString | None = None


FILES = {
    "not_ods": _l("The file is called .ods but is something else. Save it again as .ods or .xlsx."),
    "file_kind": _l("Only .xlsx, .csv, .xls and .ods can be imported, not %(ending)s. Save the roster as .xlsx."),
    "not_xls": _l(
        "The file is called .xls but is something else, as many a web page exports it. Open it in the spreadsheet program, save it as .xlsx and choose it again."
    ),
    "no_such_sheet": _l("The file has no sheet “%(sheet)s”, but %(names)s."),
    "old_excel": _l(
        "This is not an .xls that can be read (an old Excel or WPS may have written it). Save it as .xlsx and choose it again."
    ),
    "no_header": _l(
        "No known headers were found in the first %(within)s rows, and no column could be told by its values. Choose a "
        "sheet in a usual form. A department's list is handed in under “Match lists”."
    ),
}
CAUSES = {
    "place_missing": Cause(
        _l("Township or village not given"),
        _l("Fill in both, or an address that names the village."),
    ),
    "family_differs": Cause(
        _l("What it says of the family differs"),
        _l(
            "A sheet of people changes nothing of a family that is here: correct it on the page of the family, or hand in the sheet of households."
        ),
        _l("%(columns)s"),
    ),
    "perhaps_same": Cause(
        _l("Perhaps somebody who is here already: same name and birth"),
        _l("Compare the ID cards. If it is the same person, skip the row and correct the number."),
        _l("%(name)s is here"),
    ),
    "perhaps_near": Cause(
        _l("Perhaps somebody who is here already: the numbers differ in one digit"),
        _l("Compare the ID cards. If it is the same person, skip the row and correct the number."),
        _l("%(name)s is here"),
    ),
    "perhaps_known": Cause(
        _l("Perhaps a misspelt number of somebody who is here"),
        _l("Compare with the number kept here and mend the row."),
        _l("%(name)s is here"),
    ),
    "perhaps_elsewhere": Cause(
        _l("Perhaps somebody of another division, or an account used there"),
        _l("Ask the county office before the row is taken."),
    ),
    "perhaps_same_here": Cause(
        _l("Perhaps twice in the file: same name and birth"),
        _l("Compare the ID cards and skip one of the rows if it is one person."),
        _l("also row %(rows)s"),
    ),
    "perhaps_near_here": Cause(
        _l("Perhaps twice in the file: same name, numbers differ in one digit"),
        _l("Compare the ID cards and skip one of the rows if it is one person."),
        _l("also row %(rows)s"),
    ),
    "unknown_person": Cause(
        _l("Person not known"),
        _l("Nobody here has this number, or this name and birth. Import the family first, or correct the row."),
    ),
    "dead_not_here": Cause(
        _l("Nobody of this name lives in the family"),
        _l("Perhaps they left or died already, or the name is another; compare before you record the death."),
        _l("the family of %(head)s"),
    ),
    "name_differs": Cause(
        _l("Name differs from the person of this number"),
        _l("Compare with the ID card: money would go to somebody else."),
    ),
    "account_conflict": Cause(
        _l("Two accounts for one family"),
        _l("Keep the row with the account that holds."),
        _l("also row %(rows)s"),
    ),
    "account_changes": Cause(
        _l("Account changes"),
        _l("Money goes there from now on; compare with the passbook before the row is taken."),
    ),
    "holder_outside": Cause(
        _l("The account is in the name of somebody outside the family"),
        _l("Ask for the family's written consent."),
    ),
    "tekun_amount_differs": Cause(
        _l("Amount differs from the support in force"),
        _l("A sheet changes no amount; recheck the case if the sheet is right."),
        _l("case %(case_no)s: %(ours_fen)s yuan here, %(theirs_fen)s in the file"),
    ),
    "same_account": Cause(
        _l("Account of another family"),
        _l("Money would go to one account for two families; ask whose it is."),
        _l("the family of %(head)s"),
    ),
    "same_account_here": Cause(
        _l("One account for several rows"),
        _l("Money would go to one account for two families; ask whose it is."),
        _l("also row %(rows)s"),
    ),
}
SENTENCES = {
    "import_file_gone": _l("The file is not kept any more. Hand it in again."),
    "nothing_left_behind": _l("No row of this import was left for somebody's change; there is nothing to show again."),
    "mapping_name_missing": _l("Give the columns a name to keep them under."),
    "mapping_kept_meanwhile": _l(
        "Somebody kept columns under the name %(name)s at the same moment; look at the file again, then keep yours."
    ),
    "mapping_empty": _l("Say of at least two columns what they mean before they are kept."),
    "mapping_unknown": _l("No columns are kept under the name %(name)s."),
}
