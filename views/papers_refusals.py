"""Why a Word template, or a step with a paper, is refused, in words."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "paper_word_shape": _l(
        "A word of an office is two to twelve Chinese characters, without brackets, digits or blanks."
    ),
    "paper_word_taken": _l("%(word)s stands in the numbers of another office; choose another word."),
    "paper_issued": _l("This paper was issued already; it is not owed any more."),
    "paper_set_aside": _l("This paper is set aside; take that back first, then it can be issued."),
    "paper_set_aside_before": _l("This paper is set aside already."),
    "paper_not_set_aside": _l("This paper is not set aside; it is owed again."),
    "paper_not_owed": _l("This one is owed to nobody, so there is nothing to set aside."),
    "template_not_docx": _l("This is not a Word document (.docx) that can be filled in; save it as .docx again."),
    "template_too_large": _l("A template has at most %(most)s KB; leave out large pictures."),
    "template_macros": _l("The document holds macros or embedded objects; take them out and save it as .docx again."),
    "template_outside": _l(
        "The document points to something outside of it (a link, a picture or a template elsewhere); take it out."
    ),
    "template_calls": _l("The document has a field that fetches other files or runs something; take it out."),
    "template_doctype": _l("The document declares types of its own, as Word never does; save it as .docx again."),
    "template_elsewhere": _l(
        "Fields may stand in the text, in heads and feet; not in footnotes, comments or properties."
    ),
    "template_strange": _l("There is no field “%(name)s”; the fields there are stand in the table below."),
    "template_unknown": _l("There is no field “%(name)s”. Did you mean: %(near)s"),
    "template_forbidden": _l(
        "A template may name fields, repeat a list and ask whether a field is filled; not: %(what)s"
    ),
    "template_syntax": _l("The braces of a field are not closed, or a word is missing in them: %(what)s"),
    "template_unended": _l("“%(what)s” has no end; write %(end)s where it ends."),
    "template_kind": _l("Choose one of the letters that an office may word itself."),
    "template_not_tried": _l("Look at it filled with a real case first; then it can be activated."),
    "template_file_missing": _l("Choose a .docx file."),
    "template_case_unknown": _l("There is no case of this number under you that has this letter."),
}
"""By code of the reason."""
