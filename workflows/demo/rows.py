"""Turns families and their cases into rows of the tables, sealed as the tables keep them."""

from datetime import date, datetime, time
from typing import Any

from models import Household, Member, NearRelative, Obligor
from models.sealing import Sealed, new_row_key
from policy.assess import assess
from policy.facts_json import write_family
from policy.vocabulary import UNDECIDED, Action, Relation, Stage
from workflows.calculated import RESTS_ON_IT
from workflows.demo.case import Case
from workflows.demo.families import Family
from workflows.demo.loading import Sheets
from workflows.demo.people import Person
from workflows.demo.reckoning import facts_of, names

STAFF_POSTS = ("村委会委员", "乡镇社会救助经办", "村文书")
ID_NO, CERTIFICATE = Member.__dict__["id_no"], Member.__dict__["disability_cert"]
PHONE, ACCOUNT, ONE_CARD = (Household.__dict__[name] for name in ("phone", "account", "one_card"))


def put_family(sheets: Sheets, family: Family, created_at: datetime) -> None:
    """Gather the rows of a family and everybody in it; gives them their ids."""
    family.id = sheets.new_id("household")
    sheets.add("household", _household(family, created_at))
    for cause in family.causes:
        sheets.add("household_cause", {"household_id": family.id, "cause": cause})
    for who in family.people:
        who.id = sheets.new_id("member")
        sheets.add("member", _member(family, who))
        sheets.index_name(who.id, who.name)
    for name, lines in (("income_line", family.income), ("spending_line", family.spending)):
        for place, kind, fen in lines:
            member = family.people[place].id
            row = {"id": sheets.new_id(name), "member_id": member, "kind": kind, "year_fen": fen, "note": ""}
            sheets.add(name, row)
    _put_assets_and_kin(sheets, family)


def _put_assets_and_kin(sheets: Sheets, family: Family) -> None:
    for kind, quantity, area, fen, note in family.assets:
        sheets.add("asset", {
            "id": sheets.new_id("asset"), "household_id": family.id, "kind": kind, "quantity": quantity,
            "area_m2": area, "value_fen": fen, "note": note,
        })  # fmt: skip
    for kin in family.kin:
        key = new_row_key()
        sheets.add("obligor", {
            "id": sheets.new_id("obligor"), "row_key": key, "household_id": family.id, "name": kin.name,
            **_sealed(Obligor, "id_no", key, kin.number), "relation": kin.relation, "household_size": kin.size,
            "income_month_fen": kin.income_fen, "pays_month_fen": kin.pays_fen, "able": kin.able, "note": "",
        })  # fmt: skip


def _sealed(model: Any, name: str, key: str, text: str | None) -> dict[str, Any]:
    column: Sealed = model.__dict__[name]
    return column.columns(f"{model.__tablename__}.{name}", key, text)


def _household(family: Family, created_at: datetime) -> dict[str, Any]:
    key = new_row_key()
    return {
        "id": family.id, "row_key": key, "head_name": family.head.name, "persons": len(family.present),
        "area": family.area, "address": family.address, "certificate_no": family.certificate_no, "bank": family.bank,
        "account_name": family.head.name, "registered_on": family.registered_on, "dissolved_on": family.dissolved_on,
        "created_at": created_at, "note": "", "row_version": 1, "township_code": family.township,
        "village_code": family.village, **PHONE.columns("household.phone", key, family.phone),
        **ACCOUNT.columns("household.account", key, family.account),
        **ONE_CARD.columns("household.one_card", key, family.account),
    }  # fmt: skip


def _member(family: Family, who: Person) -> dict[str, Any]:
    key = new_row_key()
    left_on, why = who.left or (None, None)
    return {
        "id": who.id, "row_key": key, "household_id": family.id, "name": who.name, "relation": who.relation,
        **ID_NO.columns("member.id_no", key, who.number), "sex": who.sex, "birth": who.birth,
        "ethnicity": who.ethnicity, "marital": who.marital, "schooling": who.schooling, "political": who.political,
        "employment": who.employment, "workplace": who.workplace, "school": who.school, "disability_kind": who.kind,
        "disability_level": who.level, **CERTIFICATE.columns("member.disability_cert", key, who.certificate),
        "illness": who.illness, "illness_name": who.illness_name, "labour": who.labour, "health": who.health,
        "insurance": "城乡居民医保", "registered_poor": family.registered_poor, "cohabiting": True,
        "joined_on": max(family.registered_on, who.birth), "left_on": left_on, "leave_reason": why, "note": "",
        "row_version": 1, "township_code": family.township, "village_code": family.village,
    }  # fmt: skip


def put_relative(sheets: Sheets, family: Family, since: date, n: int) -> None:
    """Gather the entry of the near-relative register that makes the county visit this family."""
    key, head = new_row_key(), family.head
    sheets.add("near_relative", {
        "id": sheets.new_id("near_relative"), "row_key": key, "name": head.name,
        **_sealed(NearRelative, "id_no", key, head.number), "relation": Relation.SIBLING,
        "staff_name": f"{head.name[0]}家富", "staff_post": STAFF_POSTS[n % len(STAFF_POSTS)],
        "division_code": family.township, "valid_from": since, "valid_to": None, "row_version": 1,
    })  # fmt: skip


def put_case(sheets: Sheets, case: Case, case_no: str, whole: bool) -> None:
    """Gather the rows of a case: the benefit, its events, papers, objections, cross-checks and visits.

    Calculations are stored of a case whose decision rests on them yet, and (``whole``) of one that is decided.
    """
    row, family, id = case.row, case.family, sheets.new_id("benefit")
    member = case.member.id if case.member else None
    sheets.add("benefit", {"id": id, "case_no": case_no, "household_id": family.id, "member_id": member,
                           "row_version": len(case.events) + 1, **vars(row)})  # fmt: skip
    place = {"benefit_id": id, "township_code": family.township, "village_code": family.village}
    if whole or case.stage in (*UNDECIDED, Stage.RECHECK):
        _put_findings(sheets, case, id)
    for visit in case.visits:
        visit.data["visit_id"] = put_visit(sheets, family, visit, id)
    for name, things in (("event", case.events), ("owed_paper", case.papers), ("objection", case.objections),
                         ("crosscheck", case.crosschecks.values())):  # fmt: skip
        for thing in things:
            sheets.add(name, {"id": sheets.new_id(name), **place, **vars(thing)})


def _put_findings(sheets: Sheets, case: Case, benefit_id: int) -> None:
    for calculated in case.calculations:
        id, on = sheets.new_id("finding"), calculated.at.date()
        told = facts_of(case, on, calculated.paid, numbered=True)
        found = assess(told, case.terms.figures)
        sheets.add("finding", {
            "id": id, "benefit_id": benefit_id, "at": calculated.at, "facts": write_family(told),
            "result": found.as_json(), "names": names(case.family), "monthly_fen": found.monthly_fen,
            "actor_id": calculated.actor_id,
        })  # fmt: skip
        for event in case.events[calculated.events :]:
            if event.action is Action.START_RECHECK:
                break
            if event.action in RESTS_ON_IT:
                event.finding_id = id


def put_visit(sheets: Sheets, family: Family, visit: Any, benefit_id: int | None = None) -> int:
    """Gather a visit with who went and what had changed; returns its id."""
    id, told = sheets.new_id("visit"), dict(vars(visit))
    visitors, changes = told.pop("visitors"), told.pop("changes", ())
    told.pop("data")
    sheets.add("visit", {"id": id, "household_id": family.id, "benefit_id": benefit_id, "row_version": 1,
                         "township_code": family.township, "village_code": family.village, **told})  # fmt: skip
    for name, user in dict(visitors).items():
        sheets.add("visitor", {"id": sheets.new_id("visitor"), "visit_id": id, "name": name, "user_id": user})
    for change in changes:
        sheets.add("visit_change", {"visit_id": id, "change": change})
    return id


def first_day(family: Family, cases: list[Case], otherwise: date) -> datetime:
    """Put the family's registration before its first case; returns when it was entered."""
    if not cases:
        family.registered_on = otherwise
        return datetime.combine(otherwise, time(9))
    row = cases[0].row
    family.registered_on = row.first_month if row.taken_over else row.applied_on
    entered: datetime = row.created_at
    return entered
