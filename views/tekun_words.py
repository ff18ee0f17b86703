"""Sentences of 特困: why a step is refused, what comes next, and which step of a stage leads onwards."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from policy.vocabulary import RUNNING
from policy.vocabulary import Action as A
from policy.vocabulary import Stage as S
from views.formats import day
from workflows.facts import Facts

SENTENCES: Mapping[str, Any] = {
    "person_missing": _l("Choose whose it is."),
    "self_care_incomplete": _l("Answer all six items; still open: %(items)s."),
    "self_care_missing": _l(
        "Self-care is assessed by the six items before an opinion in favour: %(have)s of %(need)s."
    ),
    "wish_missing": _l("Ask for the wish, in a home or at home, before an opinion in favour: %(have)s of %(need)s."),
    "mode_missing": _l("Choose where the person wishes to be supported."),
    "wish_by_missing": _l("Write down who expressed the wish."),
    "consent_missing": _l("Moving into a home takes the person's own choice: have the consent signed first."),
    "no_wish_for_home": _l("Nobody moves into a home without having chosen it; record the wish first."),
    "guardian_missing": _l("Name the guardian."),
    "home_missing": _l("Name the home or institution."),
    "health_missing": _l("Say whether there is an illness that homes here must not take in."),
    "home_barred": _l("Homes here must not take this person in; refer them to a fitting institution instead."),
    "home_barred_by_record": _l(
        "%(name)s has a mental disability on record, and homes here must not take in the mentally ill (%(cite)s). "
        "Refer %(name)s to a fitting institution; a record that is wrong is corrected on the person's page first."
    ),
    "home_barred_since": _l(
        "%(name)s was referred to %(office)s for an illness that homes here must not take in (%(cite)s). If it is "
        "over, file the hospital's certificate and tick that it is there; else refer again."
    ),
    "ground_missing": _l("Choose the illness for which the person is referred."),
    "nobody_in_home": _l("Nobody of this case lives in a home."),
    "no_change_reported": _l("No change of self-care was reported; record the report first."),
    "change_is_open": _l("A change was reported already; it is assessed by %(due)s."),
    "change_not_assessed": _l("The reported change is not assessed yet; it is due on %(due)s."),
    "reporter_missing": _l("Write down who noticed it."),
    "support_unchanged": _l("Neither self-care nor the wish has changed since the amount was decided."),
    "review_is_due": _l("A review is due already, on %(due)s."),
    "end_notice_posted": _l("The ending is on public notice, until %(until)s; take the notice down first."),
    "end_notice_missing": _l("The ending is not on public notice; post the notice of ending first."),
    "end_reason_missing": _l("Choose why support ends."),
    "end_needs_recheck": _l("For this reason the case is rechecked first; start a recheck."),
}
CLEARED_BY: Mapping[str, tuple[A, ...]] = {
    "self_care_missing": (A.ASSESS_SELF_CARE,),
    "wish_missing": (A.RECORD_WISH,),
    "no_wish_for_home": (A.RECORD_WISH,),
    "home_barred": (A.REFER_ELSEWHERE,),
    "home_barred_by_record": (A.REFER_ELSEWHERE,),
    "home_barred_since": (A.REFER_ELSEWHERE,),
    "no_change_reported": (A.REPORT_CHANGE,),
    "change_is_open": (A.ASSESS_SELF_CARE,),
    "change_not_assessed": (A.ASSESS_SELF_CARE,),
    "end_notice_missing": (A.POST_END_NOTICE,),
    "end_notice_posted": (A.RETURN,),
    "end_needs_recheck": (A.START_RECHECK,),
}
PLACES: Mapping[str, str] = {
    "self_care_missing": "support",
    "wish_missing": "support",
    "no_wish_for_home": "support",
    "home_barred": "support",
    "home_barred_by_record": "support",
    "nobody_in_home": "support",
    "no_change_reported": "support",
    "change_is_open": "support",
    "change_not_assessed": "support",
    "support_unchanged": "support",
    "end_notice_posted": "support",
    "end_notice_missing": "support",
}
FIELDS: Mapping[str, str] = {
    "person_missing": "person",
    "self_care_incomplete": "self_care",
    "mode_missing": "mode",
    "wish_by_missing": "wish_by",
    "consent_missing": "consent",
    "guardian_missing": "guardian",
    "home_missing": "home",
    "health_missing": "ground",
    "home_barred_since": "recovered",
    "ground_missing": "ground",
    "reporter_missing": "reporter",
    "end_reason_missing": "end_reason",
}
AFTER: Mapping[S, Any] = {
    S.APPLIED: _l("Afterwards: accepted; survey, self-care and opinion follow within %(opinion)s working days."),
    S.ACCEPTED: _l("Afterwards: survey, self-care by six items, the person's wish, then the opinion."),
    S.REVIEW: _l("Afterwards: public notice for %(notice)s days, then the county has %(county)s working days."),
    S.NOTICE: _l("Afterwards: without an objection the case is handed up, and the lot says where the county goes."),
    S.ACTIVE: _l("Afterwards: looked at each year; changed self-care is assessed within %(assess)s working days."),
    S.RECHECK: _l(
        "Afterwards: the %(confirmer)s keeps, raises or cuts; an ending is on notice for %(end)s days first."
    ),
    S.EXITED: _l("Support has ended. Now see whether subsistence allowance or temporary assistance fits."),
}
FIGURES = {
    "opinion": "tekun.opinion_working_days", "notice": "tekun.notice_days", "county": "tekun.county_working_days",
    "assess": "tekun.reassess_working_days", "end": "tekun.end_notice_days",
}  # fmt: skip


def goals(facts: Facts) -> tuple[A, ...]:
    """The step of a case in payment that leads onwards; empty where the shared ones do."""
    own = facts.tekun
    if own is None or facts.stage not in RUNNING:
        return ()
    if own.end_until:
        if not own.end_held:
            return (A.CLOSE_END_NOTICE,)
        return (A.EXIT,) if facts.living else (A.END_ON_DEATH,)
    if not facts.living:
        return (A.POST_END_NOTICE,)
    if facts.stage is S.RECHECK:
        against = facts.opinion is not None and not facts.opinion.grants
        return (A.POST_END_NOTICE,) if against else ()
    if own.assess_by:
        return (A.ASSESS_SELF_CARE,)
    if own.to_ask:
        return (A.RECORD_WISH,)
    return (A.CHANGE_SUPPORT,) if own.changed else ()


def afterwards(facts: Facts, figure: Any, confirmer: str) -> str:
    """What comes next, with the numbers in force here; empty where the shared words say it."""
    if running := _of_what_runs(facts, confirmer):
        return running
    ahead = str(AFTER.get(facts.stage, "") if facts.stage and facts.tekun is not None else "")
    words = {name: figure(key) for name, key in FIGURES.items() if f"%({name})s" in ahead}
    return ahead % {**words, "confirmer": confirmer}


def _of_what_runs(facts: Facts, confirmer: str) -> str:
    """What comes next of an ending that is announced, of self-care that changed and of support that is to follow it."""
    own = facts.tekun
    if own is None or facts.stage not in RUNNING:
        return ""
    if own.end_until and own.end_held:
        return gettext("Afterwards: the notice of ending is over; the %(confirmer)s ends the support.",
                       confirmer=confirmer)  # fmt: skip
    if own.end_until:
        return gettext(
            "Afterwards: the notice of ending hangs until %(until)s; without an objection the %(confirmer)s ends the "
            "support.", until=day(own.end_until), confirmer=confirmer,
        )  # fmt: skip
    if not facts.living:
        return gettext("Afterwards: nobody is left; the ending is announced, and the support ends after the notice.")
    if own.assess_by:
        return gettext(
            "Afterwards: self-care is assessed by %(by)s; where that changes the amount, the %(confirmer)s changes "
            "the support.", by=day(own.assess_by), confirmer=confirmer,
        )  # fmt: skip
    if own.to_ask:
        return gettext("Afterwards: asked where to be supported, calculated anew, and the %(confirmer)s changes the "
                       "support.", confirmer=confirmer)  # fmt: skip
    if own.changed and facts.stage is S.ACTIVE:
        return gettext("Afterwards: recalculated, and the %(confirmer)s changes the support.", confirmer=confirmer)
    return ""
