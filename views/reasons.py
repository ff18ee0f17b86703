"""Refusals as sentences: what is wrong, why, what to do, who can act; ``views/clearing.py`` knows what clears them."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from policy.figure_keys import KNOWN_KEYS
from policy.vocabulary import Role, Word
from views import account_words, aid_words, form_words, papers_refusals, personal_words, tekun_words
from views.case_words import listed
from views.context import today
from views.formats import NOTHING, label, near_day, yuan
from workflows.reason import Reason, Refused, Stale

SENTENCES: dict[str, LazyString] = {
    # the stage, the role, the place
    "no_such_step": _l("“%(scheme)s” has no step “%(action)s” in the stage “%(stage)s”."),
    "not_in_this_stage": _l("“%(action)s” is not possible in the stage “%(stage)s”; reload the case to see what is."),
    "not_your_role": _l("This step is taken by: %(roles)s."),
    "not_in_your_division": _l("This is outside your division; the office of its own division acts."),
    "confirmer_is": _l("This is confirmed by the %(role)s."),
    "own_review": _l("You surveyed or reviewed this case yourself; somebody else must confirm it."),
    "township_confirms": _l("The township confirms this case by delegation; no opinion of the county is needed."),
    "stale": _l(
        "Somebody else changed this case since you opened the page; see below what changed, then decide again."
    ),
    "version_missing": _l(
        "The form did not say which version of the record it shows, so nothing was changed. "
        "Open the page again, then decide."
    ),
    "key_missing": _l("This form was opened too long ago or was not ours; what you typed is kept, send it again."),
    "key_reused": _l(
        "This form was sent before with other content; what you typed "
        "is kept, look at the case before sending it again."
    ),
    # application and papers
    "open_case": _l("Aid of this kind is open already, %(case_no)s; go on with that one."),
    "barred_until": _l(
        "Because of dishonest acts no application of this family is taken until %(until)s; see its page."
    ),
    "told_missing_before": _l(
        "The family is told of missing papers once, and that was done; file the papers as they come in."
    ),
    "no_paper_owed": _l("No paper is owed."),
    "debt_not_overdue": _l("The papers are not overdue; they are due on %(due)s."),
    "debt_noted_before": _l("That the papers are overdue was noted before."),
    "pledge_missing": _l("The honesty pledge is not signed; tell it as missing, and file it when it is signed."),
    "authorisation_missing": _l(
        "The family has not signed the authorisation, and without it nothing is "
        "cross-checked; tell it as missing, and file it when it is signed."
    ),
    "papers_missing": _l("Papers still missing: %(n)s. The application is accepted when they are filed."),
    # survey, cross-check, opinion, notice
    "two_surveyors": _l("The home survey takes two people; so far it was %(have)s."),
    "crosscheck_missing": _l("The cross-check has not been recorded."),
    "crosscheck_waiting": _l("The cross-check still lacks: %(sources)s."),
    "recheck_visit_missing": _l("Nobody has visited the family in this recheck."),
    "opinion_missing": _l("The township's first opinion is missing."),
    "opinion_is_refusal": _l("The opinion is against; a refusal is not put on notice but proposed to the confirmer."),
    "opinion_is_grant": _l("The opinion is in favour, so it goes on public notice first."),
    "calculation_stale": _l("The facts of the family changed since the calculation; calculate again, then decide."),
    "calculation_by_former_rule": _l(
        "The calculation was made by the rule before %(since)s, and another holds now; calculate again, then decide."
    ),
    "not_calculated": _l("The case is not calculated yet; calculate first, then decide."),
    "case_ended": _l("The case has ended; nothing is calculated any more."),
    "figure_missing": _l(
        "The figure “%(key)s” is missing for this place and day; the county enters it among the policy figures."
    ),
    "notice_is_over": _l("The notice ended on %(until)s; what comes now is recorded as a complaint."),
    "notice_not_over": _l("The notice is not over; possible after it ends on %(until)s."),
    "notice_missing": _l("Nothing is confirmed without a public notice; send the case back to review and post it."),
    # the county, complaints, refusals
    "county_visit_missing": _l("The county must visit the family itself first: %(why)s."),
    "county_visit_not_asked": _l(
        "No complaint is open and no near relative is registered, so the county need not visit."
    ),
    "county_opinion_missing": _l("The county reviewer's opinion is missing."),
    "refusal_told_before": _l("The family has been told of the refusal already."),
    "no_complaint": _l("There is no complaint to answer."),
    "complaint_visit_missing": _l("Before a complaint is answered, somebody must have gone to see."),
    # later
    "grace_not_over": _l("The grace period is not over; it ends on %(until)s."),
    "grace_unknown_here": _l("No rule on a grace period is in force here; keep, cut or end the benefit instead."),
    "somebody_left": _l("%(n)s people are still in the family; record their death or leaving on the household page."),
    "nobody_left": _l("Nobody of the family is left, so there is nobody to pay; end the benefit."),
    "not_urgent": _l("This was not applied for as an emergency, so it cannot be paid first."),
    "no_township_limit": _l("No limit for the township is in force here; the county decides on this aid."),
    "visit_not_open": _l("What this visit found was looked into already."),
    "settle_words_missing": _l("Say why nothing is needed."),
    "visit_belongs_to_case": _l("Surveys and county visits are recorded on the page of their case."),
    "visit_done_before": _l("This visit has been recorded already."),
    # what a dialog was given
    "amount_missing": _l("Enter the amount, above 0 yuan."),
    "amount_not_raised": _l("A raise must be above the present %(before)s yuan."),
    "amount_not_cut": _l(
        "A cut must be below the present %(before)s yuan and above 0; to stop paying, end the benefit."
    ),
    "above_township_limit": _l(
        "The amount is above the township's limit of %(limit)s yuan; the county decides on more."
    ),
    "special_missing": _l(
        "The calculation says: %(outcome)s, %(calculated)s yuan. To decide otherwise, "
        "record the decision on the single case: why, and the clause or minutes it rests on."
    ),
    "grace_months": _l("A grace period here has %(least)s to %(most)s months."),
    "words_missing": _l("Write down the opinion or reason, at least two characters."),
    "clause_missing": _l("Name the clause that this rests on."),
    "verdict_missing": _l("Choose whether you are for or against."),
    "surveyors_missing": _l("Name who went."),
    "day_in_future": _l("%(day)s is in the future; enter today or a day before."),
    "before_decision": _l("%(day)s is before the decision of %(on)s."),
    "day_missing": _l("Enter the day."),
    "sources_missing": _l("Tick at least one source."),
    "answer_before_authorisation": _l(
        "The answer of %(day)s is older than the family's authorisation of %(on)s; "
        "ask again and enter the answer that came after it."
    ),
    "papers_not_named": _l("Tick at least one missing paper."),
    "papers_not_chosen": _l("Tick the papers that came in."),
    "exit_form_missing": _l("The family's signed wish to leave is needed."),
    "referred_where_missing": _l("Name the department or organisation that is to help."),
    "no_referral_open": _l("No referral waits for a reply."),
    "referral_not_chosen": _l("Choose the referral that was answered."),
    "reply_missing": _l("Choose what was done there."),
    "reply_before_referral": _l("The reply cannot be older than the referral of %(on)s."),
    "referral_consent_missing": _l("Nobody is referred who does not agree that their situation is disclosed there."),
    "exit_money_months": _l(
        "Choose whether exit money is granted: none, or %(least)s to %(most)s months of the present amount."
    ),
    "no_exit_money_here": _l("Exit money is not given here, or not to a family that is not paid as usual."),
    "officer_records": _l("No exit money is given here; the leaving is recorded by: %(roles)s."),
    "no_exit_money": _l("No exit money was granted to this family."),
    "exit_money_paid": _l("The exit money was paid; the leaving can no longer be taken back."),
    "not_left": _l("The family did not leave by its own wish; this ending is not taken back here."),
    "leaving_in_force": _l("The leaving of %(day)s holds since its month is over; the family may apply again."),
    "not_taken_over": _l("This case was decided here, it did not come from a roster; end the benefit instead."),
    "case_touched": _l("Something has happened to this case since it came from the roster; end the benefit instead."),
    "import_missing": _l("A take-over is undone together with its import, on the page of that import."),
    # the register of near relatives
    "relative_incomplete": _l("Fill in the relative's name and relation, and the name and post of the staff member."),
    "division_missing": _l("Choose the division."),
    "relative_bad_id": _l("The ID number is not valid; compare its 18 characters with the card."),
    "relative_registered": _l("This person is in the register already."),
}

ELSEWHERE: dict[str, LazyString] = {
    **aid_words.SENTENCES, **personal_words.SENTENCES, **tekun_words.SENTENCES,
    **papers_refusals.SENTENCES, **form_words.SENTENCES,
}  # fmt: skip
"""Sentences of other modules of words."""
FAMILIES = (
    "bulk_form", "household_event_words", "import_words", "matching_words", "recalculation", "saved_views",
    "simulation",
)  # fmt: skip
"""Page families with sentences of their own, in ``SENTENCES``; loaded by the first refusal that nobody else knows."""

MONEY = frozenset({"before", "limit", "calculated", "total"})


class Said(NamedTuple):
    """A reason for a page: the sentence, the place that clears it, and who can act."""

    text: str
    url: str = ""
    link: str = ""
    who: str = ""
    target: str = ""


def sentence(reason: Reason) -> str:
    """The reason in the reader's language, with its dates, amounts (分 shown as 元) and numbers."""
    text = SENTENCES.get(reason.code) or ELSEWHERE.get(reason.code) or _of_families().get(reason.code)
    if text is None:
        return account_words.sentence(reason)
    return str(text) % {**{name: _word(name, value) for name, value in reason.args.items()}, **_why(reason)}


def sentences(reasons: Iterable[Reason]) -> list[str]:
    """Each of these reasons as a sentence."""
    return [sentence(reason) for reason in reasons]


def answered(refused: Refused) -> tuple[list[str], int]:
    """The sentences of a refusal and the status of the page that shows them, filled in as it was.

    For pages that cannot show what somebody else changed meanwhile; a case's own says more.
    """
    if isinstance(refused, Stale):
        return [gettext("Somebody else changed this meanwhile; look at it again, then decide.")], 409
    return sentences(refused.reasons), 422


@cache
def _of_families() -> dict[str, LazyString]:
    return {code: text for name in FAMILIES for code, text in import_module(f"views.{name}").SENTENCES.items()}


def roles_in_words(roles: tuple[Role, ...]) -> str:
    """Roles joined as a list; time itself where no role may."""
    return listed(label(role) for role in roles) or gettext("The system, when the day has come")


def _why(reason: Reason) -> dict[str, str]:
    if reason.code != "county_visit_missing":
        return {}
    why = [gettext("a near relative of staff is registered")] if reason.args.get("near_relative") else []
    why += [gettext("a complaint is open")] if reason.args.get("complaint") else []
    why += [gettext("a complaint came in before the decision")] if reason.args.get("answered") else []
    why += [gettext("the lot for the county's own visits fell on the case")] if reason.args.get("drawn") else []
    return {"why": listed(why)}


def _word(name: str, value: Any) -> Any:
    if name in MONEY and value is not None:
        return yuan(value)
    if name == "key" and value in KNOWN_KEYS:
        return gettext(KNOWN_KEYS[value].label)
    if name == "roles":
        return roles_in_words(value)
    if isinstance(value, Word):
        return label(value)
    if isinstance(value, tuple):
        return listed(_word("", item) for item in value)
    if isinstance(value, date):
        return near_day(value, today())
    return NOTHING if value is None else value
