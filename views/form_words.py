"""Refusals of the forms of a family as sentences: applications, people who come and go, visits, documents."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from policy.identity import BadIdNumber
from policy.money import BadMoney

SENTENCES: dict[str, LazyString] = {
    # single fields
    "field_missing": _l("Please fill this in."),
    "choice_missing": _l("Please choose."),
    "too_long": _l("At most %(most)s characters."),
    "not_a_day": _l("“%(text)s” is not a possible day."),
    "not_a_count": _l("Enter a whole number from %(least)s to %(most)s."),
    "digits_wrong": _l("Enter %(least)s to %(most)s digits."),
    "money_too_large": _l("The amount is too large."),
    "whose_missing": _l("Choose the person whose line this is."),
    "single_missing": _l("Choose the person who applies alone."),
    "id_says_birth": _l("The ID number says %(birth)s."),
    "id_says_sex": _l("The ID number says: %(sex)s."),
    "certificate_differs": _l("The disability certificate says otherwise."),
    "disability_both": _l("Kind and level of a disability belong together."),
    # families
    "nobody_named": _l("Enter at least one person, the head of the family."),
    "one_head": _l("A family has one head; here it is %(have)s."),
    "second_head": _l("The family has a head already, %(head)s. Choose another relation, or name the new head on the family's page first."),
    "id_twice": _l("The same ID number stands at person %(row)s of this form."),
    "id_in_this_household": _l("Somebody with this ID number is in this family already: %(name)s."),
    "id_in_other_household": _l("Somebody with this ID number is in the family of %(head)s. Record the leaving there first, or apply with that family."),
    "id_elsewhere": _l("This ID number is registered elsewhere already. Ask the county office."),
    "id_stay_until": _l("This person was in another family until %(until)s; choose that day or a later one."),
    "no_such_family": _l("This family is not in your division, or no longer on file. Search again."),
    "family_changed": _l("Somebody changed this family's record since you opened the form. Compare below with the family's page, then send again."),
    "changed_meanwhile": _l("Somebody registered one of these people at this moment. Nothing was saved; send again to see who."),
    "case_opened_meanwhile": _l("A case of this scheme was opened for the same family or person at this moment. Nothing was saved; send again to see its number."),
    "village_missing": _l("Choose the village or community."),
    "address_missing": _l("Enter the address."),
    "household_dissolved": _l("Nobody is left in this family since %(on)s. Register a new family."),
    "joins_before_birth": _l("%(name)s was not born yet on that day."),
    "left_before": _l("This person left the family on %(on)s already."),
    "leave_reason_missing": _l("Choose why the person leaves."),
    "leaves_before_joining": _l("That is before the day of joining, %(joined)s."),
    "head_not_there": _l("Choose somebody who is in the family now."),
    "head_already": _l("%(name)s heads the family already."),
    "relations_missing": _l("Say what they are to the new head: %(names)s."),
    "move_across_townships": _l("A family that moves to another township is registered there; record here that its people moved away."),
    # visits
    "consistent_missing": _l("Choose whether all is as last time."),
    "visit_words_missing": _l("Write down what changed."),
    "changes_missing": _l("Tick what changed, or choose that all is as last time."),
    # documents
    "file_missing": _l("Choose a file."),
    "file_too_large": _l("“%(name)s” is larger than %(most)s MB."),
    "file_empty": _l("“%(name)s” is empty."),
    "file_kind": _l("“%(name)s” is of a kind that is not kept here. Allowed are: %(kinds)s."),
    "file_not_what_it_says": _l("“%(name)s” is not what its ending says. Save it again in one of these kinds: %(kinds)s."),
    "too_many_files": _l("At most %(most)s files at once."),
    "withdrawn_before": _l("This document was withdrawn already."),
    "why_missing": _l("Say why; the reason stays on record."),
    **{f"money_{code}": _l(text) for code, text in BadMoney.MESSAGES.items()},
    **{f"id_{code}": _l(text) for code, text in BadIdNumber.MESSAGES.items()},
}  # fmt: skip
