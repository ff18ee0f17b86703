"""The terms of a person's case: so many working days for the township's check, so many for the county's."""

from datetime import date, timedelta

from models import Benefit, Member
from policy.authority import working_days_after
from policy.calendar import add_months
from policy.figures import Figures
from policy.imputed import birthday
from policy.vocabulary import CHILDREN, SUBSIDIES, Scheme, Stage
from workflows.facts import Facts


def township_by(figures: Figures, scheme: Scheme, place: str, on: date) -> date:
    """The last day of the township's check that begins on a day."""
    return working_days_after(figures, f"{scheme.value}.township_working_days", place, on)


def county_by(figures: Figures, scheme: Scheme, place: str, on: date) -> date:
    """The last day of the county's check that begins on a day."""
    return working_days_after(figures, f"{scheme.value}.county_working_days", place, on)


def both_by(figures: Figures, scheme: Scheme, place: str, on: date) -> date:
    """The last day by which both are ready, where the township begins on a day."""
    return county_by(figures, scheme, place, township_by(figures, scheme, place, on))


def step_due_on(benefit: Benefit, facts: Facts, figures: Figures) -> date | None:
    """The last day of the present step (民发〔2019〕62号 二(二)、(三)); None where no term runs."""
    scheme, place, since = benefit.scheme, benefit.village_code, benefit.stage_since
    match benefit.stage:
        case Stage.REVIEW:
            return township_by(figures, scheme, place, since)
        case Stage.APPROVAL:
            return county_by(figures, scheme, place, since)
        case Stage.RECHECK:
            return benefit.decide_by
        case Stage.REFUSED if not facts.refusal_told:
            return working_days_after(figures, "refusal.tell_working_days", place, since)
    return None


def next_review(figures: Figures, scheme: Scheme, place: str, on: date, member: Member) -> date:
    """A year on, or what the place says (定期复核); of a child sooner, the day after a parent's sentence is over."""
    which = "subsidies" if scheme in SUBSIDIES else "children"
    planned = add_months(on, figures.get(f"review.months.{which}", place=place, on=on).whole)
    over = [parent.until + timedelta(days=1) for parent in member.parents if parent.until and parent.until >= on]
    return min([planned, *over]) if scheme in CHILDREN else planned


def last_day_as_child(figures: Figures, scheme: Scheme, place: str, on: date, member: Member) -> date | None:
    """The day before coming of age; None for the subsidies, and for who is of age and kept because of a school."""
    if scheme not in CHILDREN:
        return None
    adult = figures.get("age.adult", place=place, on=on).whole
    of_age = birthday(member.birth, adult)
    return of_age - timedelta(days=1) if of_age > on else None
