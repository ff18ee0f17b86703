"""Sentences of refusals of recognised classes, of temporary aid and of the watch list."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "scheme_not_here": _l("%(scheme)s does not exist here yet on this day; apply for another scheme."),
    "watched_before": _l("The family is on the watch list already."),
    "watch_settled": _l("This family has left the watch list already."),
    "term_not_over": _l("The term is not over; it ends on %(until)s."),
    "term_unknown_here": _l("How long such a recognition holds is not entered here; enter the figure first."),
    "term_months": _l("A recognition here holds from 1 to %(most)s months."),
    "day_not_ahead": _l("%(day)s is not ahead; enter a day after today."),
    "outsiders_not_here": _l(
        "Families registered elsewhere are not helped here at the place of the emergency; their home place is to act."
    ),
    "is_urgent": _l("This is an emergency: it is paid first, or passed to the county, without the whole procedure."),
    "township_pays_itself": _l(
        "The amount is within the township's limit of %(limit)s yuan; the township pays it first."
    ),
    "own_cost_missing": _l(
        "The family receives aid already, so only its spending is checked: enter the cost it bears, then calculate."
    ),
    "minutes_not_needed": _l("The amount does not exceed the county's ceiling; the county decides without minutes."),
    "minutes_missing": _l(
        "Above the county's ceiling its government decides; record the minutes of that meeting first."
    ),
    "minutes_say_no": _l("The minutes say no; do not confirm."),
    "minutes_say_yes": _l("The minutes say yes; confirm the amount they name."),
    "not_as_minuted": _l("The minutes name %(before)s yuan; confirm that amount."),
    "above_ceiling": _l(
        "The amount is above the county's ceiling of %(limit)s yuan; send the case back for an opinion with that amount, "
        "so that the county government decides."
    ),
    "attended_missing": _l("Name who attended the meeting."),
    "reference_missing": _l("Enter the number under which the minutes are kept."),
    "not_from_elsewhere": _l("The family is registered here; there is no other place to notify."),
    "home_told_before": _l("The home place was notified already."),
    "home_not_told": _l(
        "The family is registered elsewhere; notify its home place first, so that nothing is paid twice."
    ),
    "office_missing": _l("Name the office that was notified."),
    "instalments_left": _l("%(n)s payments are left; record the next one first."),
    "no_instalment_before_last": _l(
        "Fewer than two payments are left; record the last one as the payment of the case."
    ),
    "no_instalment": _l("No staged payment is left."),
    "staged_not_here": _l("Staged payments are not allowed here; leave the rows empty."),
    "stages_number": _l("Staged payments are from %(least)s to %(most)s; leave all rows empty to pay at once."),
    "stage_amount_missing": _l("Every payment has an amount above 0 yuan."),
    "stages_sum": _l("The payments add up to %(total)s yuan; together they must make the amount, %(before)s yuan."),
    "stage_days": _l("The days of the payments follow one another, from today on."),
}
