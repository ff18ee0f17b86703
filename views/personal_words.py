"""Refusals of one person's entitlement, and of the rule of a case's own day, as sentences."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "parents_not_found_out": _l("It was not found out why they do not raise the child: %(parents)s."),
    "child_not_seen": _l("Nobody has seen the child yet."),
    "not_of_age": _l("The child is not of age; the money ends on the day after %(until)s."),
    "person_gone": _l("The person is no longer in the family; there is nobody to pay."),
    "parent_until_before_since": _l("%(parent)s: the end is before the beginning."),
    "review_meeting_missing": _l("By the rule of the day the application was accepted, a democratic review is held."),
    "review_meeting_not_asked": _l("Nobody objected, so no democratic review is held."),
    "review_meeting_numbers": _l("Enter how many were there, and how many of them are delegates."),
    "review_meeting_delegates": _l(
        "At least two of every three who review are delegates; of %(present)s it were %(delegates)s."
    ),
    "second_notice_by": _l("The second notice is posted by the %(role)s."),
    "second_notice_missing": _l(
        "By the rule of the day the application was accepted, the confirmer posts a notice of their own first."
    ),
    "second_notice_not_asked": _l("One notice is enough by the rule of the day the application was accepted."),
    "relation_not_near": _l("Near relatives are spouse, parents, children, siblings, grandparents and grandchildren."),
    "relative_twice": _l("The same ID number stands in line %(line)s already."),
    "relative_end_day": _l("The last day is between %(first)s and today."),
    "line_columns": _l("%(have)s columns instead of %(want)s."),
    "lines_missing": _l("Copy the lines of the sheet into the field."),
    "lines_too_many": _l("%(have)s lines are more than go in at once; copy at most %(most)s, then the next ones."),
    "second_notice_was_held": _l("The second notice has been posted already."),
}
