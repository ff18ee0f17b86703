"""What each step writes into a case beside its stage, as ``workflows.effects`` does into the database.

The tests tell the same stories to casework and compare.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from policy.authority import review_months
from policy.calendar import add_months, add_working_days, end_of_months, month_after
from policy.vocabulary import Action, Paper, ReviewClass, Stage, VisitKind
from workflows.demo.divisions import COUNTY
from workflows.demo.dossier import Dossier
from workflows.effects import SIGNED_BY_FILING
from workflows.effects_temporary import PAPERS_AFTER_PAYING_FIRST, signed

A = Action
Surveyors = Sequence[tuple[str, int | None]]
Given = dict[str, Any]


def _apply(case: Dossier, day: date, given: Given, data: Given) -> None:
    row = case.row
    row.applied_on, row.created_at = day, datetime.combine(day, time(9, 5))
    row.pledged_on = None if given.get("unsigned") else day
    row.authorised_on = row.pledged_on


def _take_over(case: Dossier, day: date, given: Given, data: Given) -> None:
    row = case.row
    row.applied_on, row.created_at = day, datetime.combine(day, time(9, 5))
    row.monthly_fen, row.taken_over = given["fen"], True
    row.first_month = row.pays_from = given["first_month"]
    _count_review(case, day, given)


def _tell_missing(case: Dossier, day: date, given: Given, data: Given) -> None:
    _owe(case, given["papers"], day, None)
    data["papers"] = [{"paper": paper.value, "note": ""} for paper in given["papers"]]


def _owe(case: Dossier, papers: Sequence[Paper], day: date, due: date | None) -> None:
    case.papers += [SimpleNamespace(paper=paper, note="", told_on=day, due_on=due, filed_on=None) for paper in papers]


def _file_paper(case: Dossier, day: date, given: Given, data: Given) -> None:
    filed = [paper for paper in case.papers if paper.filed_on is None][: given.get("n")]
    for paper in filed:
        paper.filed_on = day
        if paper.paper in SIGNED_BY_FILING:
            setattr(case.row, SIGNED_BY_FILING[paper.paper], day)
    data["papers"] = [{"paper": paper.paper.value, "note": paper.note} for paper in filed]


def _accept(case: Dossier, day: date, given: Given, data: Given) -> None:
    case.row.accepted_on, case.row.near_relative = day, case.family.near_relative
    _set_clock(case, day)
    data["special"] = case.row.special or case.row.near_relative


def _set_clock(case: Dossier, day: date) -> None:
    row, terms = case.row, case.terms
    row.authority = terms.authority(row.scheme, day, row.requested_fen)
    row.decide_by = terms.decide_by(row.accepted_on, row.authority, row.special or row.near_relative)


def _record_survey(case: Dossier, day: date, given: Given, data: Given) -> None:
    _visit(case, VisitKind.SURVEY if case.stage is Stage.REVIEW else VisitKind.RECHECK, day, given, data)


def _county_visit(case: Dossier, day: date, given: Given, data: Given) -> None:
    _visit(case, VisitKind.COUNTY, day, given, data)


def _visit(case: Dossier, kind: VisitKind, day: date, given: Given, data: Given) -> None:
    went: Surveyors = given["surveyors"]
    case.visits.append(SimpleNamespace(
        kind=kind, due_on=None, done_on=day, met=given.get("met", ""), at_home=True, consistent=None,
        found=given["words"], created_by=given["who"].id, visitors=went, data=data,
    ))  # fmt: skip
    data["surveyors"], data["surveyor_ids"] = [name for name, _ in went], [id for _, id in went if id is not None]


def _record_crosscheck(case: Dossier, day: date, given: Given, data: Given) -> None:
    for source, back, note in given["answers"]:
        row = case.crosschecks.setdefault(source, SimpleNamespace(source=source, asked_on=back or day))
        row.back_on, row.doubtful, row.note = back, bool(note), note
        row.asked_on = min(row.asked_on, back or row.asked_on)
    data["sources"] = [source.value for source, _, _ in given["answers"]]


def _give_opinion(case: Dossier, day: date, given: Given, data: Given) -> None:
    case.opinion_fen = given.get("fen")
    data.update(grants=given["grants"], amount_fen=case.opinion_fen)
    _answer(case, day, given["words"], complaint=False)


def _answer(case: Dossier, day: date, words: str, complaint: bool) -> None:
    for row in case.objections:
        if row.answered_on is None and row.complaint is complaint:
            row.answered_on, row.answer = day, words


def _post_notice(case: Dossier, day: date, given: Given, data: Given) -> None:
    row = case.row
    row.notice_from, row.notice_until = day, day + timedelta(days=case.terms.figure("notice.days", day))
    data.update(until=row.notice_until.isoformat(), amount_fen=case.opinion_fen)
    if case.events[-1].to_stage is Stage.APPROVAL:  # 民发〔2012〕220号: the notice of who confirms
        data["second"] = True


def _draw(case: Dossier, day: date, given: Given, data: Given) -> None:
    """The lot falls on nobody here; the county goes to every home while its rule asks for some."""
    first = case.events[-1].action is not A.POST_NOTICE or "second" not in case.events[-1].data
    if first and case.terms.has("county.visit_percent", case.row.accepted_on):
        data["drawn"] = False


def _review_meeting(case: Dossier, day: date, given: Given, data: Given) -> None:
    told = {name: given[name] for name in ("present", "delegates", "grants")}
    data.update(**told, day=day.isoformat())


def _object(case: Dossier, day: date, given: Given, data: Given) -> None:
    _add_objection(case, day, given, complaint=False)
    case.row.special = True
    _set_clock(case, day)


def _add_objection(case: Dossier, day: date, given: Given, complaint: bool) -> None:
    case.objections.append(SimpleNamespace(
        complaint=complaint, by_name=given.get("by_name", ""), text=given["words"], received_on=day, answered_on=None,
        answer="",
    ))  # fmt: skip


def _record_complaint(case: Dossier, day: date, given: Given, data: Given) -> None:
    _add_objection(case, day, given, complaint=True)
    case.row.complaint_open = True


def _answer_complaint(case: Dossier, day: date, given: Given, data: Given) -> None:
    _answer(case, day, given["words"], complaint=True)
    case.row.complaint_open = False


def _confirm(case: Dossier, day: date, given: Given, data: Given) -> None:
    row = case.row
    row.decided_on, row.monthly_fen = day, given["fen"]
    row.pays_from = row.first_month = month_after(day)
    _count_review(case, day, given)


def _count_review(case: Dossier, day: date, given: Given) -> None:
    row = case.row
    row.review_class = given.get("review_class") or row.review_class or ReviewClass.CHANGING
    months = review_months(case.terms.figures, row.review_class, row.area, COUNTY, day)
    row.review_due_on = add_months(day, months)


def _keep(case: Dossier, day: date, given: Given, data: Given) -> None:
    _count_review(case, day, given)


def _refuse(case: Dossier, day: date, given: Given, data: Given) -> None:
    case.row.decided_on = case.row.ended_on = day
    case.row.reason = given["words"]


def _end(case: Dossier, day: date, given: Given, data: Given) -> None:
    case.row.ended_on, case.row.reason, case.row.review_due_on = day, given["words"], None


def _end_on_death(case: Dossier, day: date, given: Given, data: Given) -> None:
    _end(case, day, given, data)
    data["gone"] = False


def _tell_refusal(case: Dossier, day: date, given: Given, data: Given) -> None:
    data["told_on"] = day.isoformat()


def _start_recheck(case: Dossier, day: date, given: Given, data: Given) -> None:
    case.row.decide_by = case.terms.after("decide.working_days", day)


def _change_amount(case: Dossier, day: date, given: Given, data: Given) -> None:
    case.row.monthly_fen = given["fen"]
    data["from_month"] = month_after(day).isoformat()
    _count_review(case, day, given)


def _start_grace(case: Dossier, day: date, given: Given, data: Given) -> None:
    case.row.grace_until = end_of_months(month_after(day), given["months"])
    data.update(months=given["months"], until=case.row.grace_until.isoformat())


def _resume(case: Dossier, day: date, given: Given, data: Given) -> None:
    case.row.grace_until = None
    _count_review(case, day, given)


def _pay_first(case: Dossier, day: date, given: Given, data: Given) -> None:
    case.row.one_off_fen, case.row.decided_on = given["fen"], day
    due = add_working_days(day, case.terms.figure("temporary.papers_working_days", day))
    _owe(case, [paper for paper in PAPERS_AFTER_PAYING_FIRST if paper not in signed(case.row)], day, due)
    data.update(amount_fen=given["fen"], papers_due=due.isoformat())


def _record_payment(case: Dossier, day: date, given: Given, data: Given) -> None:
    case.row.paid_on = day
    _end(case, day, given, data)


EFFECTS: dict[Action, Callable[[Dossier, date, Given, Given], None]] = {
    A.APPLY: _apply, A.TAKE_OVER: _take_over, A.TELL_MISSING: _tell_missing, A.FILE_PAPER: _file_paper,
    A.ACCEPT: _accept, A.RECORD_SURVEY: _record_survey, A.RECORD_CROSSCHECK: _record_crosscheck,
    A.GIVE_OPINION: _give_opinion, A.POST_NOTICE: _post_notice, A.CLOSE_NOTICE: _draw,
    A.SUBMIT_REFUSAL: _draw, A.REVIEW_MEETING: _review_meeting, A.OBJECT: _object, A.COUNTY_VISIT: _county_visit,
    A.CONFIRM: _confirm, A.REFUSE: _refuse, A.TELL_REFUSAL: _tell_refusal, A.WITHDRAW: _end,
    A.RECORD_COMPLAINT: _record_complaint, A.ANSWER_COMPLAINT: _answer_complaint, A.START_RECHECK: _start_recheck,
    A.KEEP: _keep,
    A.RAISE: _change_amount, A.CUT: _change_amount, A.START_GRACE: _start_grace, A.EXIT: _end, A.RESUME: _resume,
    A.END_GRACE: _end, A.LEAVE: _end, A.END_ON_DEATH: _end_on_death, A.PAY_FIRST: _pay_first,
    A.RECORD_PAYMENT: _record_payment,
}  # fmt: skip
