"""The terms of a 特困 case: what is due by when, and when it is looked at again (民发〔2021〕43号)."""

from collections.abc import Sequence
from datetime import date, timedelta

from models import Benefit, Member
from policy.authority import working_days_after
from policy.calendar import add_months, next_first_of
from policy.figures import Figures
from policy.imputed import birthday
from policy.vocabulary import RUNNING, Action, Stage
from workflows.facts import Facts

TERM_OF = {
    Action.ACCEPT: ("tekun.opinion_working_days",),
    Action.OBJECT: ("tekun.resurvey_working_days",),
    Action.RETURN: ("tekun.resurvey_working_days",),
    Action.CLOSE_NOTICE: ("tekun.county_working_days",),
    Action.REPORT_CHANGE: ("tekun.reassess_working_days",),
    Action.START_RECHECK: ("tekun.opinion_working_days", "tekun.county_working_days"),
}
"""The figures that say by when the office must be ready after a step; several follow each other."""
OLDEST = timedelta(days=366 * 25)
"""Nobody older is kept because of a school."""


def ready_by(figures: Figures, action: Action, place: str, on: date) -> date:
    """The last day of the term that begins with a step on a day, in working days."""
    day = on
    for key in TERM_OF[action]:
        day = working_days_after(figures, key, place, day)
    return day


def step_due_on(benefit: Benefit, facts: Facts, figures: Figures) -> date | None:
    """The last day of the present step; None where no term runs."""
    place, own = benefit.village_code, facts.tekun
    if own is not None and own.end_until and facts.stage in RUNNING:
        if not own.end_held:
            return own.end_until
        return working_days_after(figures, "tekun.end_objection_working_days", place, own.end_until)
    match benefit.stage:
        case Stage.ACCEPTED | Stage.REVIEW | Stage.APPROVAL | Stage.RECHECK:
            return benefit.decide_by
        case Stage.NOTICE:
            return benefit.notice_until
        case Stage.REFUSED if not facts.refusal_told:
            return working_days_after(figures, "tekun.refusal_tell_working_days", place, benefit.stage_since)
        case Stage.ACTIVE if own is not None:
            return own.assess_by or (benefit.decide_by if own.changed else None)
    return None


def next_review(figures: Figures, place: str, on: date, people: Sequence[Member]) -> date:
    """A year from a day; sooner where somebody comes of age, or the school year ends for who is kept in school."""
    months = figures.get("review.months.tekun", place=place, on=on).whole
    return no_later(figures, place, on, add_months(on, months), people)


def no_later(figures: Figures, place: str, on: date, planned: date, people: Sequence[Member]) -> date:
    """The day on which a review is planned; sooner where one of these people must be looked at before."""
    return min([planned, *(day for member in people if (day := ripe_on(figures, place, on, member)))])


def ripe_on(figures: Figures, place: str, on: date, member: Member) -> date | None:
    """The day after ``on`` on which support as a minor, or as a pupil beyond that age, must be looked at; else None."""
    kept = figures.find("tekun.minor_keep_until", place=place, on=on)
    age = kept or figures.get("tekun.minor_age", place=place, on=on)
    of_age = birthday(member.birth, age.whole)
    return of_age if of_age > on else school_end(figures, place, on, member)


def school_end(figures: Figures, place: str, on: date, member: Member) -> date | None:
    """The first day after the present school year, for who is kept because of a school; None for everybody else."""
    schools = figures.find("tekun.keep_in_school", place=place, on=on)
    month = figures.find("tekun.school_review_month", place=place, on=on)
    if schools is None or month is None or member.study is None or member.study not in schools.words:
        return None
    return next_first_of(month.whole, on)
