"""What must be true before a step, whatever is given with it: each check returns None or one Reason."""

from collections.abc import Callable

from policy.vocabulary import Authority, Role
from workflows.actor import Actor, within
from workflows.facts import Facts
from workflows.reason import Reason

Check = Callable[[Facts, Actor], Reason | None]

SURVEYORS_NEEDED = 2


def in_scope(facts: Facts, actor: Actor) -> Reason | None:
    """Nobody acts on a case outside their division."""
    if actor.id is None and actor.role is None:
        return None
    return None if within(actor, facts.place) else Reason("not_in_your_division")


def no_open_case(facts: Facts, actor: Actor) -> Reason | None:
    """A household has one open case of this scheme (单户一案); a person one of their own."""
    return Reason("open_case", case_no=facts.open_case_no) if facts.open_case_no else None


def not_barred_from_applying(facts: Facts, actor: Actor) -> Reason | None:
    """No application is taken from a family barred for dishonest acts until its term is over."""
    until = facts.barred_until
    return Reason("barred_until", until=until) if until is not None and facts.on <= until else None


def not_told_before(facts: Facts, actor: Actor) -> Reason | None:
    """The family is told of missing papers once (一次性告知)."""
    return Reason("told_missing_before") if facts.told_missing else None


def papers_are_owed(facts: Facts, actor: Actor) -> Reason | None:
    """There is a paper to file."""
    return None if facts.papers_owed else Reason("no_paper_owed")


def debt_is_overdue(facts: Facts, actor: Actor) -> Reason | None:
    """The day by which papers owed after paying first had to be in has passed."""
    overdue = facts.debt_due_on is not None and facts.on > facts.debt_due_on
    return None if overdue else Reason("debt_not_overdue", due=facts.debt_due_on)


def debt_not_noted(facts: Facts, actor: Actor) -> Reason | None:
    """An overdue debt is noted once."""
    return Reason("debt_noted_before") if facts.debt_noted else None


def pledge_signed(facts: Facts, actor: Actor) -> Reason | None:
    """The honesty pledge is signed (诚信承诺)."""
    return None if facts.pledged else Reason("pledge_missing")


def authorisation_signed(facts: Facts, actor: Actor) -> Reason | None:
    """No cross-check without the family's authorisation (核对授权)."""
    return None if facts.authorised_on else Reason("authorisation_missing")


def no_paper_missing(facts: Facts, actor: Actor) -> Reason | None:
    """All missing papers have been handed in."""
    return Reason("papers_missing", n=facts.papers_owed) if facts.papers_owed else None


def two_surveyors(facts: Facts, actor: Actor) -> Reason | None:
    """At least two people have surveyed the home in this round."""
    have = len(facts.surveyors)
    return None if have >= SURVEYORS_NEEDED else Reason("two_surveyors", have=have)


def crosscheck_back(facts: Facts, actor: Actor) -> Reason | None:
    """The cross-check was requested and every source asked has answered."""
    if facts.sources_waiting:
        return Reason("crosscheck_waiting", sources=tuple(sorted(facts.sources_waiting)))
    return None if facts.sources_back else Reason("crosscheck_missing")


def recheck_visited(facts: Facts, actor: Actor) -> Reason | None:
    """Somebody has visited the family in this recheck."""
    return None if facts.visited else Reason("recheck_visit_missing")


def opinion_given(facts: Facts, actor: Actor) -> Reason | None:
    """The township has given its opinion in this round."""
    return None if facts.opinion else Reason("opinion_missing")


def opinion_grants(facts: Facts, actor: Actor) -> Reason | None:
    """Only a positive opinion is put on notice."""
    return Reason("opinion_is_refusal") if facts.opinion and not facts.opinion.grants else None


def opinion_refuses(facts: Facts, actor: Actor) -> Reason | None:
    """Only a negative opinion goes to the confirmer without a notice."""
    return Reason("opinion_is_grant") if facts.opinion and facts.opinion.grants else None


def notice_running(facts: Facts, actor: Actor) -> Reason | None:
    """An objection is raised while the notice is posted, its last day included."""
    over = facts.notice_until is not None and facts.on > facts.notice_until
    return Reason("notice_is_over", until=facts.notice_until) if over else None


def notice_over(facts: Facts, actor: Actor) -> Reason | None:
    """The notice has been posted for its full term; its last day must have passed."""
    over = facts.notice_until is not None and facts.on > facts.notice_until
    return None if over else Reason("notice_not_over", until=facts.notice_until)


def notice_was_held(facts: Facts, actor: Actor) -> Reason | None:
    """Nothing is confirmed without a public notice on the opinion it rests on."""
    return None if facts.notice_held else Reason("notice_missing")


def county_decides(facts: Facts, actor: Actor) -> Reason | None:
    """The county's opinion is asked only where the county confirms."""
    return Reason("township_confirms") if facts.authority is Authority.TOWNSHIP else None


def confirmer_has_authority(facts: Facts, actor: Actor) -> Reason | None:
    """The township confirms what the county delegated, the county the rest."""
    needed = Role.TOWNSHIP_APPROVER if facts.authority is Authority.TOWNSHIP else Role.COUNTY_APPROVER
    return None if actor.role is needed else Reason("confirmer_is", role=needed)


def reviewer_or_authority(facts: Facts, actor: Actor) -> Reason | None:
    """The county reviewer sends back what the county decides, otherwise the confirmer."""
    if actor.role is Role.COUNTY_REVIEWER:
        return county_decides(facts, actor)
    return confirmer_has_authority(facts, actor)


def not_own_review(facts: Facts, actor: Actor) -> Reason | None:
    """Nobody confirms what they reviewed."""
    return Reason("own_review") if actor.id is not None and actor.id in facts.reviewers else None


def county_must_visit(facts: Facts) -> bool:
    """Registered near relatives, complaints and the lot force the county's own visit.

    A complaint of the time before the decision does so answered, too (民发〔2021〕57号 第二十条).
    """
    return facts.near_relative or facts.complaint_open or facts.complained or drawn_by_lot(facts)


def drawn_by_lot(facts: Facts) -> bool:
    """Whether the lot for the county's own visits fell on the case."""
    return facts.former.drawn or (facts.tekun is not None and facts.tekun.to_check)


def county_visit_asked(facts: Facts, actor: Actor) -> Reason | None:
    """The county visits where a complaint is open or a near relative is registered."""
    return None if county_must_visit(facts) else Reason("county_visit_not_asked")


def county_has_visited(facts: Facts, actor: Actor) -> Reason | None:
    """The county has visited where it must."""
    if not county_must_visit(facts) or facts.county_visited:
        return None
    return Reason(
        "county_visit_missing", near_relative=facts.near_relative, complaint=facts.complaint_open,
        answered=facts.complained and not facts.complaint_open, drawn=drawn_by_lot(facts),
    )  # fmt: skip


def county_has_given_opinion(facts: Facts, actor: Actor) -> Reason | None:
    """Where the county confirms, its reviewer gives an opinion first."""
    missing = facts.authority is not Authority.TOWNSHIP and not facts.county_opinion
    return Reason("county_opinion_missing") if missing else None


def refusal_not_told(facts: Facts, actor: Actor) -> Reason | None:
    """The family is told of a refusal once."""
    return Reason("refusal_told_before") if facts.refusal_told else None


def complaint_is_open(facts: Facts, actor: Actor) -> Reason | None:
    """There is a complaint to answer."""
    return None if facts.complaint_open else Reason("no_complaint")


def complaint_was_checked(facts: Facts, actor: Actor) -> Reason | None:
    """A complaint is answered after somebody from the county or township has visited the home."""
    return None if facts.complaint_checked else Reason("complaint_visit_missing")


def grace_over(facts: Facts, actor: Actor) -> Reason | None:
    """The grace period's last day has passed."""
    over = facts.grace_until is not None and facts.on > facts.grace_until
    return None if over else Reason("grace_not_over", until=facts.grace_until)


def nobody_left(facts: Facts, actor: Actor) -> Reason | None:
    """Nobody covered by the benefit is alive and in the household any more."""
    return Reason("somebody_left", n=facts.living) if facts.living else None


def somebody_left(facts: Facts, actor: Actor) -> Reason | None:
    """There is somebody to pay."""
    return None if facts.living else Reason("nobody_left")


def urgent(facts: Facts, actor: Actor) -> Reason | None:
    """Only an emergency is paid first."""
    return None if facts.urgent else Reason("not_urgent")


def was_taken_over(facts: Facts, actor: Actor) -> Reason | None:
    """The case came from a roster; a decided one is not undone."""
    return None if facts.taken_over else Reason("not_taken_over")


def untouched(facts: Facts, actor: Actor) -> Reason | None:
    """Nothing has happened to the case since it came."""
    return Reason("case_touched") if facts.touched else None


def was_recalculated(facts: Facts, actor: Actor) -> Reason | None:
    """The batch adjusted the case, and nothing has happened to it since."""
    return None if facts.recalculated else Reason("not_recalculated")


def before_next_payment(facts: Facts, actor: Actor) -> Reason | None:
    """The first payment after the adjustment has not come yet."""
    paid = facts.undo_until is None or facts.on > facts.undo_until
    return Reason("recalculation_paid", until=facts.undo_until) if paid else None


def reply_awaited(facts: Facts, actor: Actor) -> Reason | None:
    """There is a referral without a reply."""
    return None if facts.referrals else Reason("no_referral_open")
