"""What must be true, and be given, before a step of 特困 (民发〔2021〕43号): None or one Reason."""

from policy.vocabulary import EndReason, HomeGround, Mode, SelfCare, Stage
from workflows.actor import Actor
from workflows.facts import Facts, Given
from workflows.facts_tekun import TekunFacts
from workflows.inputs import day_given
from workflows.reason import Reason


def _own(facts: Facts) -> TekunFacts:
    return facts.tekun or TekunFacts()


def change_reported(facts: Facts, actor: Actor) -> Reason | None:
    """A change in self-care was reported and has not been assessed yet."""
    return None if _own(facts).assess_by else Reason("no_change_reported")


def no_change_open(facts: Facts, actor: Actor) -> Reason | None:
    """A reported change is assessed before the next one is reported."""
    due = _own(facts).assess_by
    return Reason("change_is_open", due=due) if due else None


def support_changed(facts: Facts, actor: Actor) -> Reason | None:
    """Self-care was reassessed, or the wish changed, since the amount was last decided."""
    own = _own(facts)
    if own.assess_by:
        return Reason("change_not_assessed", due=own.assess_by)
    return None if own.changed else Reason("support_unchanged")


def wishes_a_home(facts: Facts, actor: Actor) -> Reason | None:
    """Nobody moves into a home who has not chosen it."""
    return None if Mode.CENTRAL in _own(facts).wishes.values() else Reason("no_wish_for_home")


def is_in_home(facts: Facts, actor: Actor) -> Reason | None:
    """Somebody in the case lives in a home."""
    return None if _own(facts).in_home else Reason("nobody_in_home")


def care_known(facts: Facts, actor: Actor) -> Reason | None:
    """Everybody's self-care is assessed by the six items."""
    have = len(_own(facts).assessed)
    return Reason("self_care_missing", have=have, need=facts.living) if have < facts.living else None


def wish_known(facts: Facts, actor: Actor) -> Reason | None:
    """Everybody was asked where they wish to be supported."""
    have = len(_own(facts).wishes)
    return Reason("wish_missing", have=have, need=facts.living) if have < facts.living else None


def no_review_due(facts: Facts, actor: Actor) -> Reason | None:
    """A review is planned only if none is due already."""
    due = _own(facts).review_due_on
    return Reason("review_is_due", due=due) if due is not None and due <= facts.on else None


def no_end_notice(facts: Facts, actor: Actor) -> Reason | None:
    """The ending is announced once; an objection or a return takes the notice down."""
    until = _own(facts).end_until
    return Reason("end_notice_posted", until=until) if until else None


def end_notice_hangs(facts: Facts, actor: Actor) -> Reason | None:
    """The ending has been announced."""
    return None if _own(facts).end_until else Reason("end_notice_missing")


def end_notice_running(facts: Facts, actor: Actor) -> Reason | None:
    """An objection to the ending is raised while its notice is posted, the last day included."""
    until = _own(facts).end_until
    if until is None:
        return Reason("end_notice_missing")
    return Reason("notice_is_over", until=until) if facts.on > until else None


def end_notice_over(facts: Facts, actor: Actor) -> Reason | None:
    """The notice of ending has been posted for its full term; its last day must have passed."""
    own = _own(facts)
    if own.end_until is None or own.end_held:
        return Reason("end_notice_missing")
    return None if facts.on > own.end_until else Reason("notice_not_over", until=own.end_until)


def end_notice_held(facts: Facts, actor: Actor) -> Reason | None:
    """Nothing ends before the notice of ending has been posted for its full term."""
    own = _own(facts)
    if own.end_until is None:
        return Reason("end_notice_missing")
    return None if own.end_held else Reason("notice_not_over", until=own.end_until)


def items_answered(facts: Facts, given: Given) -> Reason | None:
    """All six items of self-care are answered."""
    missing = tuple(item for item in SelfCare if item not in dict(given.self_care))
    return Reason("self_care_incomplete", items=missing) if missing else None


def mode_chosen(facts: Facts, given: Given) -> Reason | None:
    """The person's own choice between support at home and in a home is stated."""
    return Reason("mode_missing") if given.mode is None else None


def wish_told(facts: Facts, given: Given) -> Reason | None:
    """It is recorded who expressed the wish."""
    return None if given.by_name.strip() else Reason("wish_by_missing")


def consent_to_home(facts: Facts, given: Given) -> Reason | None:
    """Moving into a home requires the person's signed consent."""
    return Reason("consent_missing") if given.mode is Mode.CENTRAL and not given.form_signed else None


def assessed_where_granted(facts: Facts, given: Given) -> Reason | None:
    """With an opinion in favour, everybody's self-care is assessed."""
    have = len(_own(facts).assessed)
    return Reason("self_care_missing", have=have, need=facts.living) if _grants(given) and have < facts.living else None


def wished_where_granted(facts: Facts, given: Given) -> Reason | None:
    """With an opinion in favour, everybody's wish is known."""
    have = len(_own(facts).wishes)
    return Reason("wish_missing", have=have, need=facts.living) if _grants(given) and have < facts.living else None


def agreement_told(facts: Facts, given: Given) -> Reason | None:
    """An agreement names the guardian and the day it was signed, not in the future."""
    if not given.by_name.strip():
        return Reason("guardian_missing")
    return day_given(facts, given)


def home_named(facts: Facts, given: Given) -> Reason | None:
    """The home or institution is named."""
    return None if given.home.strip() else Reason("home_missing")


def not_barred(facts: Facts, given: Given) -> Reason | None:
    """A home does not admit anybody whom the place's rule bars; such a person is referred elsewhere."""
    return Reason("home_barred") if given.ground in _own(facts).home_bar else None


def health_told(facts: Facts, given: Given) -> Reason | None:
    """Where the place bars some illnesses from homes, it is stated whether the person has one."""
    return None if given.ground is not None or not _own(facts).home_bar else Reason("health_missing")


def ground_told(facts: Facts, given: Given) -> Reason | None:
    """A referral says for which illness; who sees that is restricted."""
    return None if given.ground not in (None, HomeGround.NONE) else Reason("ground_missing")


def change_told(facts: Facts, given: Given) -> Reason | None:
    """A report says who noticed the change."""
    return None if given.by_name.strip() else Reason("reporter_missing")


def end_reason_given(facts: Facts, given: Given) -> Reason | None:
    """The ending names its ground from the list (第二十四条)."""
    return None if given.end_reason else Reason("end_reason_missing")


def end_is_grounded(facts: Facts, given: Given) -> Reason | None:
    """Death is on record, an own wish is signed, anything else was rechecked with an opinion against."""
    if given.end_reason is EndReason.DEATH:
        return Reason("somebody_left", n=facts.living) if facts.living else None
    if given.end_reason is EndReason.OWN_WISH:
        return None if given.form_signed else Reason("exit_form_missing")
    if facts.stage is not Stage.RECHECK:
        return Reason("end_needs_recheck")
    if facts.opinion is None:
        return Reason("opinion_missing")
    return Reason("opinion_is_grant") if facts.opinion.grants else None


def _grants(given: Given) -> bool:
    """In favour; a confirmation, which asks for no verdict, is."""
    return given.grants is not False
