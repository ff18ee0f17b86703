"""Sentences of the steps of an import: kept file, kept columns, choices, candidates; added to those of the rows."""

from flask_babel import lazy_gettext as _l

from views import import_words, reasons

FILES = {
    "not_ods": _l("The file is called .ods but is something else. Save it again as .ods or .xlsx."),
    "file_kind": _l("Only .xlsx, .csv, .xls and .ods can be imported, not .%(ending)s. Save the roster as .xlsx."),
    "old_excel": _l("This is not an .xls that can be read (an old Excel or WPS may have written it). Save it as .xlsx and choose it again."),
    "no_header": _l("No known headers were found in the first %(within)s rows, and no column could be told by its values. Choose a sheet in a usual form."),
}
SENTENCES = {
    "import_file_gone": _l("The file is not kept any more. Hand it in again."),
    "mapping_name_missing": _l("Give the columns a name to keep them under."),
    "mapping_empty": _l("Say of at least two columns what they mean before they are kept."),
    "mapping_unknown": _l("No columns are kept under the name %(name)s."),
}


def add() -> None:
    """Make these sentences known."""
    import_words.FILES.update(FILES)
    import_words.SENTENCES.update(SENTENCES)
    reasons.ELSEWHERE.update(SENTENCES)

