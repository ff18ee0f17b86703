"""The terms inside a review where the rule of the day of acceptance sets them: survey, then democratic review."""

from datetime import date

from models import Benefit
from policy.calendar import add_working_days
from policy.figures import Figures
from workflows.checks import SURVEYORS_NEEDED
from workflows.facts import Facts


def review_due_on(benefit: Benefit, facts: Facts, figures: Figures) -> date | None:
    """The last day of what comes next in a review: survey, democratic review, else the whole decision.

    民发〔2012〕220号: survey within 10 working days of acceptance, democratic review within 5 of the survey.
    """
    accepted, whole = benefit.accepted_on, benefit.decide_by
    if accepted is None or not facts.former.meeting_asked or facts.former.meeting_held:
        return whole
    if len(facts.surveyors) < SURVEYORS_NEEDED or facts.surveyed_on is None:
        figure = figures.find("survey.working_days", place=benefit.village_code, on=accepted)
        return add_working_days(accepted, figure.whole) if figure else whole
    figure = figures.find("review_meeting.working_days", place=benefit.village_code, on=accepted)
    return add_working_days(facts.surveyed_on, figure.whole) if figure else whole


def county_due_on(benefit: Benefit, figures: Figures) -> date:
    """The last day of the county's check, by the rule of the day of acceptance, counted from when it came up."""
    day = benefit.accepted_on or benefit.stage_since
    days = figures.get("county.working_days", place=benefit.village_code, on=day).whole
    return add_working_days(benefit.stage_since, days)
