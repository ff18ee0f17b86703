"""What each letter says: the words and numbers of its event, as they stood when it happened."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext

from models import Benefit, Event
from policy import authority, letters
from policy.calendar import month_after
from policy.clauses import BEFORE57, RIGID_TERM, in_force
from policy.division_codes import county_of, is_village, township_of
from policy.vocabulary import Action, Authority, Outcome, Paper, Role, Scheme, Stage, Unit
from views import papers_aid, papers_personal, papers_tekun, places
from views.case_file import CaseFile
from views.context import figures
from views.formats import label
from views.papers_finding import ATTACHED, Told, finding_of, per_capita, told_of
from views.papers_kinds import Print
from views.papers_then import Then
from workflows.evidence_former import began_before, cited_on

BY_ROLE = {Role.TOWNSHIP_APPROVER: Authority.TOWNSHIP, Role.COUNTY_APPROVER: Authority.COUNTY}
DECIDED = frozenset({"decision", "refusal", "change", "grace", "suspension", "resumption", "exit", "stages_stop"})
BASIS = {
    "missing": "民发〔2021〕57号 第十条",
    "receipt": "民发〔2021〕57号 第十条",
}


def letter(file: CaseFile, paper: Print) -> dict[str, Any]:
    """Everything the template of a letter shows, but for its number; amounts in 分."""
    benefit, event, code = file.benefit, paper.event, paper.kind.code
    decider = decider_of(benefit, paper)
    name, applicant = addressee(benefit), Then(file, event).applicant
    return {
        **where(benefit.village_code, decider), "benefit": benefit, "event": event, "on": event.at.date(),
        "scheme": letters.FORMAL_NAME[benefit.scheme], "money": letters.money_name(benefit.scheme),
        "name": name_of(paper, benefit.scheme),
        "addressee": name if name == applicant else f"{name}（原户主{applicant}）", "applicant": applicant,
        "ward": "", "persons": _persons(file, event, code), "decider": decider,
        "remedies": letters.remedies(decider, *_county_and_city(benefit.village_code), event.at.date()),
        "basis": letters.full_title(in_force(_basis(benefit, code, event), cited_on_day(benefit, event))),
        "began_under": letters.full_title(BEFORE57) if began_before(benefit, event.action, event.at.date()) else "",
        "words": letters.ended(event.opinion),
        "month": month_after(event.at.date()), "found": _found(file, event, code),
        **MORE.get(code, _nothing)(file, event), **papers_tekun.told(file, event, code),
        **papers_aid.told(file, event, code), **papers_personal.more(code, file, event),
    }  # fmt: skip


def name_of(paper: Print, scheme: Scheme) -> str:
    """What a paper is called under a scheme.

    A second notice (民发〔2012〕220号) is of what is about to be approved; a leaving that is taken back resumes no
    payment that was held back before.
    """
    code = paper.kind.code
    if code == "notice" and paper.event.data.get("second"):
        code = "second_notice"
    elif code == "resumption" and paper.event.to_stage is Stage.SUSPENDED:
        code = "leaving_undone"
    return letters.title_of(code, scheme)


def cited_on_day(benefit: Benefit, event: Event) -> date:
    """The day whose rule the papers of an event name."""
    return cited_on(benefit, event.action, event.from_stage, event.at.date())


def _persons(file: CaseFile, event: Event, code: str) -> int:
    """Who was counted by the calculation that a decision rests on, whoever is counted by now."""
    found = finding_of(file, event.finding_id) if code in DECIDED else None
    return int((found and found.result.get("persons")) or file.benefit.persons)


def _found(file: CaseFile, event: Event, code: str) -> Told | None:
    """The calculation that a letter goes with; one that speaks for the family goes with no refusal and no ending."""
    found = told_of(file, event) if code in ATTACHED else None
    fits = found is not None and found.result.get("outcome") == Outcome.ELIGIBLE.value
    return None if fits and code in ("refusal", "exit") else found


def _basis(benefit: Benefit, code: str, event: Event) -> str:
    """The clause a letter names: that of its kind under its scheme, else of its step."""
    own = papers_tekun.cited(code, benefit.scheme) or papers_aid.cited(code, benefit.scheme, event.at.date())
    return own or papers_personal.cited(code, benefit, event) or BASIS.get(code) or event.clause


def decider_of(benefit: Benefit, paper: Print) -> Authority:
    """Whose paper it is: the deciding office's where it tells a decision, else the county's or the township's own."""
    if paper.kind.code == "notice" and paper.event.actor_role is Role.COUNTY_REVIEWER:
        return Authority.COUNTY  # the second one of 民发〔2012〕220号
    return decided_by(benefit, paper.event) if paper.kind.code in DECIDED else Authority.TOWNSHIP


def office_code(benefit: Benefit, decider: Authority) -> str:
    """The code of the office in whose register a paper is numbered."""
    return township_of(benefit.village_code) if decider is Authority.TOWNSHIP else county_of(benefit.village_code)


def decided_by(benefit: Benefit, event: Event) -> Authority:
    """Who took the decision: the approver's level, else whoever had the say over the case on that day."""
    if event.actor_role in BY_ROLE:
        return BY_ROLE[event.actor_role]
    place, on = benefit.village_code, event.at.date()
    return benefit.authority or authority.who_confirms(figures(), benefit.scheme, place, on, benefit.requested_fen)


def where(code: str, decider: Authority = Authority.TOWNSHIP) -> dict[str, str]:
    """Names of the place of a case, and the offices that may sign or hear objections."""
    county, township = places.name(county_of(code)), places.name(township_of(code))
    return {
        "county": county,
        "township": township,
        "village": places.name(code) if is_village(code) else "",
        "office": letters.office_of(decider, county, township),
        "township_office": letters.office_of(Authority.TOWNSHIP, county, township),
        "county_office": letters.office_of(Authority.COUNTY, county, township),
    }


def addressee(benefit: Benefit) -> str:
    """To whom a letter goes: the person counted alone, else the head."""
    return benefit.member.name if benefit.unit is Unit.SINGLE and benefit.member else benefit.household.head_name


def _county_and_city(code: str) -> tuple[str, str]:
    return places.name(county_of(code)), places.name(code[:4])


def _nothing(file: CaseFile, event: Event) -> dict[str, Any]:
    return {}


def _missing(file: CaseFile, event: Event) -> dict[str, Any]:
    told = event.data.get("papers", ())
    return {"told": [(label(Paper(each["paper"])), each.get("note", "")) for each in told]}


def _receipt(file: CaseFile, event: Event) -> dict[str, Any]:
    benefit, on = file.benefit, event.at.date()
    place, special = benefit.village_code, event.data.get("special", False)
    power = authority.who_confirms(figures(), benefit.scheme, place, on, benefit.requested_fen)
    return {
        "survey_by": authority.working_days_after(figures(), "survey.start_working_days", place, on),
        "decide_by": authority.decide_by(figures(), place, on, power, special, benefit.scheme),
        "survey_days": _whole("survey.start_working_days", place, on),
        "decide_days": _whole(authority.term_key(power, special, benefit.scheme), place, on),
        "term_rule": letters.full_title(RIGID_TERM) if benefit.scheme is Scheme.RIGID else "",
    }  # fmt: skip


def _whole(key: str, place: str, on: date) -> int:
    return figures().get(key, place=place, on=on).whole


def _before(file: CaseFile, event: Event, *actions: Action) -> Event | None:
    return next((e for e in reversed(file.events) if e.id < event.id and e.action in actions), None)


def _refusal(file: CaseFile, event: Event) -> dict[str, Any]:
    survey, opinion = _before(file, event, Action.RECORD_SURVEY), _before(file, event, Action.GIVE_OPINION)
    day = next((v.done_on for v in file.visits if survey and v.id == survey.data.get("visit_id")), None)
    return {
        "surveyed_on": day or (survey.at.date() if survey else None),
        "in_twos": len(_surveyors(file, event)) > 1,
        "checked": _before(file, event, Action.RECORD_CROSSCHECK) is not None,
        "learnt": letters.ended(opinion.opinion) if opinion else "",
    }  # fmt: skip


def _surveyors(file: CaseFile, event: Event) -> set[str]:
    """Everybody who went to see the family before a step."""
    went = [one for one in file.events if one.id < event.id and one.action is Action.RECORD_SURVEY]
    return {name for one in went for name in one.data.get("surveyors", ())}


def _decision(file: CaseFile, event: Event) -> dict[str, Any]:
    once = event.action is Action.PAY_FIRST
    amount = event.data.get("amount_fen") if once else event.monthly_after_fen
    return {"once": once, "amount_fen": amount or 0, "due": _day(event.data.get("papers_due"))}


def _change(file: CaseFile, event: Event) -> dict[str, Any]:
    return {
        "raised": event.action is Action.RAISE, "before_fen": event.monthly_before_fen or 0,
        "amount_fen": event.monthly_after_fen or 0,
        "month": _day(event.data.get("from_month")) or month_after(event.at.date()),
    }  # fmt: skip


def _grace(file: CaseFile, event: Event) -> dict[str, Any]:
    return {
        "months": event.data.get("months"), "until": _day(event.data.get("until")),
        "amount_fen": event.monthly_after_fen or 0,
    }  # fmt: skip


def _exit(file: CaseFile, event: Event) -> dict[str, Any]:
    until = file.benefit.grace_until if event.action is Action.END_GRACE else None
    name = addressee(file.benefit)
    nobody = event.action is Action.END_ON_DEATH
    died = nobody and not event.data.get("gone")
    return {
        "whose": name, "addressee": f"{name}的亲属" if died else name,
        "why": event.action.value, "until": until, "month": month_after(until or event.at.date()),
        "by_death": died, "gone": nobody and not died,
        "exit_money": _exit_money(event),
        "months_stopped": event.from_stage is not None and event.from_stage.value == "suspended",
    }  # fmt: skip


def _exit_money(event: Event) -> dict[str, Any] | None:
    """Months, 分 and rule of what was given to a family that left by its own wish."""
    told = event.data.get("exit_money")
    return {**told, "basis": letters.full_title(told["cite"])} if told else None


def _suspension(file: CaseFile, event: Event) -> dict[str, Any]:
    return {"amount_fen": event.monthly_before_fen or 0}


def _resumption(file: CaseFile, event: Event) -> dict[str, Any]:
    from_grace = event.from_stage is not None and event.from_stage.value == "grace"
    return {
        "amount_fen": event.monthly_after_fen or 0,
        "from_grace": from_grace,
        "back": event.action is Action.UNDO_LEAVE,
        "held": event.to_stage is Stage.SUSPENDED,
        "until": _day(event.data.get("grace_until")),
    }


def _notice(file: CaseFile, event: Event) -> dict[str, Any]:
    return {
        "groups": [(*days_of(event), [row_of(file.benefit, event, per_capita([event]))])],
        "approving": approving(file.benefit, event),
    }


def approving(benefit: Benefit, event: Event) -> str:
    """The office that is about to approve, where the notice is its own, the second one; else nothing."""
    if not event.data.get("second"):
        return ""
    decider = Authority.COUNTY if event.actor_role is Role.COUNTY_REVIEWER else Authority.TOWNSHIP
    return where(benefit.village_code, decider)["office"]


def days_of(event: Event) -> tuple[date, date]:
    """First and last day of a public notice."""
    on = event.at.date()
    return on, _day(event.data.get("until")) or on + timedelta(days=_whole("notice.days", event.village_code, on))


def row_of(benefit: Benefit, event: Event, incomes: Mapping[int, str]) -> dict[str, Any]:
    """What the public may know of a case (民发〔2021〕57号 第二十四条): name, persons, 元 a head, amount in 分."""
    return {
        "name": addressee(benefit), "persons": benefit.persons, "amount_fen": event.data.get("amount_fen"),
        "per_capita": incomes.get(event.finding_id or 0),
    }  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


MORE: dict[str, Callable[[CaseFile, Event], dict[str, Any]]] = {
    "missing": _missing, "receipt": _receipt, "refusal": _refusal, "decision": _decision, "change": _change,
    "grace": _grace, "exit": _exit, "notice": _notice, "suspension": _suspension, "resumption": _resumption,
    "end_notice": papers_tekun.end_notice, "home_notice": papers_aid.home_notice,
    "referral": papers_aid.referral,
}  # fmt: skip


def title_of(paper: Print) -> str:
    """The name of a paper in the language of the page, with its turn where the case has several."""
    if paper.nth == 1 and paper.latest:
        return str(paper.kind.title)
    return gettext("%(paper)s (no. %(n)s)", paper=str(paper.kind.title), n=paper.nth)
