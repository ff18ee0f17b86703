"""What household events are called and explained with, and their refusals as sentences."""

from typing import Any

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from policy.vocabulary import UNDECIDED, Happening, Scheme, Stage
from views.case_words import listed, noted
from views.formats import label

H = Happening
GROUPS: tuple[tuple[LazyString, tuple[Happening, ...]], ...] = (
    (_l("Somebody comes"), (H.BIRTH, H.MARRIAGE, H.JOINED, H.RETURNED)),
    (_l("Somebody goes"), (H.DEATH, H.LEFT, H.AWAY)),
    (_l("The family"), (H.SPLIT, H.MERGE, H.NEW_HEAD)),
    (_l("Where it lives"), (H.MOVED, H.HANDOVER, H.MOVED_AWAY)),
    (_l("Schooling and papers"), (H.SCHOOL_END, H.ID_NUMBER)),
)
ABOUT: dict[Happening, LazyString] = {
    H.BIRTH: _l("A child was born. Its ID number may follow later."),
    H.DEATH: _l("Somebody has died. If it was the head, say who heads the family now."),
    H.MARRIAGE: _l("Somebody comes by marriage, from another family on file or from elsewhere."),
    H.JOINED: _l("Somebody else moves in: a parent, an adopted child."),
    H.RETURNED: _l("Somebody who was away, or had left, lives with the family again."),
    H.LEFT: _l("Somebody marries away or moves out alone."),
    H.AWAY: _l("Somebody serves a sentence, is in compulsory rehabilitation or declared missing, and is not counted."),
    H.SPLIT: _l("Some of the family found a household of their own."),
    H.MERGE: _l("Another family of this township joins this one."),
    H.NEW_HEAD: _l("Somebody else heads the family; nobody comes or goes."),
    H.MOVED: _l("The family lives at another address of this township."),
    H.HANDOVER: _l("The family goes over to another township of the county, which must accept it."),
    H.MOVED_AWAY: _l("The whole family leaves the county; its cases end."),
    H.SCHOOL_END: _l("Somebody has finished school or left it."),
    H.ID_NUMBER: _l("The ID number of a child registered without one has been issued."),
}
SUBMIT: dict[Happening, LazyString] = {
    H.BIRTH: _l("Record the birth"), H.DEATH: _l("Record the death"), H.MARRIAGE: _l("Record the marriage"),
    H.JOINED: _l("Add to the family"), H.RETURNED: _l("Record the return"), H.LEFT: _l("Record leaving"),
    H.AWAY: _l("Record as not counted"), H.SPLIT: _l("Split the household"), H.MERGE: _l("Merge the households"),
    H.NEW_HEAD: _l("Change the head"), H.MOVED: _l("Change the address"), H.HANDOVER: _l("Propose to the township"),
    H.MOVED_AWAY: _l("Record the move away"), H.SCHOOL_END: _l("Record the end of school"),
    H.ID_NUMBER: _l("Enter the ID number"),
}  # fmt: skip
WHAT: dict[str, LazyString] = {
    "recheck": _l("A recheck begins; it decides whether the amount changes."),
    "rechecking": _l("The recheck that is running takes the change in; calculation and opinion are made again."),
    "ends": _l("Nobody of this case is left; it ends."),
    "calculate": _l("The application is marked: the family changed, it must be recalculated."),
    "waits": _l("It cannot be rechecked now; a task on the township's desk reminds of it."),
    "RESUME": _l("It is rechecked once payment is resumed; a task on the township's desk reminds of it."),
    "follows": _l("It goes on as it is, and goes along as soon as the other township has entered the person."),
    "unsettled": _l(
        "It goes on until the day named: if another township enters the person by then, it goes along; else it is ended."
    ),
    "END": _l("Nobody of this application is left; a task on the desk asks to close it."),
    "ANNOUNCE": _l("Nobody of this case is left; its ending is announced first, then it ends."),
    "ONCE": _l("What was granted once is not rechecked; a task reminds to look at it before anything more is paid."),
}
NEEDS: dict[str, LazyString] = {
    "recheck": _l("Begin the recheck as soon as the case can be rechecked."),
    "calculate": _l("Recalculate the application."),
    "end": _l("Nobody is left: withdraw or end the case."),
    "once": _l("See whether what is not paid yet is still needed; then pay it, or stop it."),
    "carry_out": _l("Carry it out, or say why not."),
    "accept": _l("Accept the family, or say why not."),
    "enter": _l("The other township has recorded the leaving; enter the person here, or say that nobody comes."),
    "reply": _l("Ask the body that the family was referred to, and record its reply on the case."),
    "await": _l("The other township has not answered yet; until then this one is responsible."),
}
TOLD: dict[str, LazyString] = {"name": _l("Name"), "sex": _l("Sex"), "address": _l("Address")}
SENTENCES: dict[str, LazyString] = {
    "newborn_missing": _l("Enter the child's name."),
    "newborn_relation": _l("A newborn cannot be that to the head of the family; choose another relation."),
    "birth_differs": _l("The ID number says born on %(birth)s, which is another day."),
    "comes_from_elsewhere": _l(
        "This person is on file in another township. That township first records that they left, dated %(day)s or "
        "before; then record this event here. Press “Ask the other township” below; it finds the request on its desk. "
        "If the whole family comes, that township proposes its move and you accept it."
    ),
    "nobody_elsewhere": _l("Nobody with this ID number is on file in another township."),
    "asked_before": _l("That township was asked already and has not answered yet."),
    "nobody_joins": _l("Enter who joins the family."),
    "head_leaves_elsewhere": _l(
        "%(name)s heads a family in which others stay; record a new head there first, then come back."
    ),
    "event_member_missing": _l("Choose whom it is about."),
    "event_kind_missing": _l("Choose what happened."),
    "not_away": _l("%(name)s is not recorded as away."),
    "cannot_return": _l("%(name)s cannot return: the death, or a mistaken entry, is on record."),
    "relation_missing": _l("Say what the person is to the head."),
    "absence_missing": _l("Choose why the person is not counted."),
    "away_before": _l("%(name)s is recorded as away already."),
    "nobody_there": _l("Nobody is in the family any more."),
    "nobody_chosen": _l("Choose who founds the new household."),
    "split_of_everybody": _l("Somebody must stay; if all go, record a move instead."),
    "merge_family_missing": _l("Find the other family first: the ID number of somebody in it, within your division."),
    "merge_relations_missing": _l("Say what they are to the head of this family: %(names)s."),
    "merge_two_cases": _l(
        "Both families have an open case of %(scheme)s, %(ours)s here and %(theirs)s there; one of them must end first."
    ),
    "merge_case_open": _l(
        "The other family's case %(case_no)s is open; end it first, because its family is dissolved."
    ),
    "merge_other_way": _l(
        "The other family has the open case %(case_no)s, this one has none: record the merge on the family of %(head)s, "
        "which then stays."
    ),
    "moves_to_other_township": _l("That village is in another township; record a move to another township."),
    "moves_within_township": _l("That village is in the same township; record a move within the township."),
    "same_address": _l("The family lives there already."),
    "new_head_missing": _l("Say who heads the family now."),
    "event_words_missing": _l("Write down what is known of it, at least two characters."),
    "employment_missing": _l("Say what the person does now."),
    "not_at_school": _l("%(name)s is not on record as being at school."),
    "id_number_known": _l("The ID number of %(name)s is on file; who may correct it is the county's supervisor."),
    "move_proposed_before": _l("This family's move is proposed already and waits for the other township."),
    "report_answered": _l("This was answered already; reload the page to see how."),
    "event_lasts": _l("This entry is not taken back; record the opposite, or have the record corrected."),
    "event_later": _l("%(kind)s of %(day)s was recorded after it; take that entry back first."),
    "event_later_lasts": _l("%(kind)s of %(day)s was recorded after it and stays; record the opposite instead."),
    "event_undone_before": _l("This entry was taken back already."),
    "event_case_went_on": _l("In case %(case_no)s, “%(action)s” was done since; what rests on an entry keeps it."),
    "event_person_elsewhere": _l("%(name)s was entered in another family since; that comes first."),
    "event_rows_changed": _l("The record of these people was changed since; have it corrected instead."),
}
FIELD_OF: dict[str, str] = {
    "newborn_missing": "name", "newborn_relation": "relation", "birth_differs": "id_no", "id_says_sex": "sex",
    "day_in_future": "on", "day_missing": "on", "event_words_missing": "words", "leaves_before_joining": "on",
    "left_before": "member", "event_member_missing": "member", "not_away": "member", "cannot_return": "member",
    "relation_missing": "relation", "absence_missing": "absence", "away_before": "member", "nobody_chosen": "along",
    "split_of_everybody": "along", "one_head": "along", "merge_relations_missing": "along",
    "merge_family_missing": "find", "new_head_missing": "head", "head_already": "head", "relations_missing": "head",
    "village_missing": "village", "address_missing": "address", "same_address": "address",
    "moves_to_other_township": "village", "moves_within_township": "village", "employment_missing": "employment",
    "not_at_school": "member", "id_number_known": "member", "leave_reason_missing": "reason",
    "nobody_joins": "members-0-name", "second_head": "members-0-relation", "joins_before_birth": "on",
    "comes_from_elsewhere": "members-0-id_no", "nobody_elsewhere": "members-0-id_no", "asked_before": "members-0-id_no",
    "id_elsewhere": "members-0-id_no", "id_in_this_household": "members-0-id_no", "id_stay_until": "on",
    "id_in_other_household": "members-0-id_no", "head_leaves_elsewhere": "members-0-id_no",
}  # fmt: skip


def field_of(code: str, kind: Happening) -> str:
    """The field that clears a reason; an ID number stands alone in some forms."""
    if code.startswith("id_") and kind in (H.BIRTH, H.ID_NUMBER) and code != "id_says_sex":
        return "id_no"
    return FIELD_OF.get(code, "")


def what_happens(effect: Any) -> LazyString:
    """What becomes of a case, in a sentence."""
    if effect.what == "waits" and effect.task is not None:
        return what_waits(effect.task)
    return WHAT[effect.what]


def whose(benefit: Any, home_id: int) -> str:
    """A scheme, with the person whose own it is, and the family in which the case is when it is not this one."""
    person = benefit.member.name if benefit.member is not None else ""
    head = benefit.household.head_name
    there = [] if benefit.household_id == home_id else [gettext("now in the family of %(head)s", head=head)]
    return noted(label(benefit.scheme), listed([*([person] if person else []), *there]))


def what_waits(task: Any) -> LazyString:
    """What a case waits for because of an event, in a sentence."""
    if task.need == "end":
        return WHAT["ANNOUNCE" if _announced(task.benefit) else "END"]
    if task.need == "recheck" and task.benefit is not None and task.benefit.stage in (Stage.GRACE, Stage.SUSPENDED):
        return WHAT["RESUME"]
    return WHAT["calculate" if task.need == "calculate" else "ONCE" if _once(task) else "waits"]


def to_do(task: Any) -> LazyString:
    """What a task asks for, in a sentence."""
    return NEEDS["once" if task.need == "recheck" and _once(task) else task.need.value]


def _announced(benefit: Any) -> bool:
    """Whether its ending is made public first (民发〔2021〕43号 第二十六条), as time alone does after a death."""
    return benefit.scheme is Scheme.TEKUN and benefit.stage not in UNDECIDED


def _once(task: Any) -> bool:
    """Whether it is about aid granted once, which nobody can recheck."""
    return task.benefit is not None and task.benefit.scheme is Scheme.TEMPORARY
