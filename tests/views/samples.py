"""One family in reach and one elsewhere, and for every route with an id how its address is made.

A new route with something in its address needs a line in SAMPLES: ``"<endpoint>": Sample(lambda its: {...})``, where
``its`` holds the numbers of one family's rows (``its["household"]``, ``its["member"]`` …). ``form`` is posted;
``scoped=False`` where the address names no row that lies in a village; ``answers`` are refusals that are right
although the role may come in (as for a row that is somebody else's own).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Asset,
    Attachment,
    AuditEntry,
    Finding,
    HouseholdCause,
    HouseholdEvent,
    HouseholdReport,
    HouseholdTask,
    ImportBatch,
    ImportRow,
    IncomeLine,
    IssuedPaper,
    Lead,
    MatchLine,
    MatchRun,
    NearRelative,
    Obligor,
    OwedPaper,
    PaperStyle,
    Recalculation,
    SpendingLine,
    User,
    Visit,
    Visitor,
    Watch,
)
from policy.vocabulary import (
    AssetKind,
    Cause,
    Happening,
    IncomeKind,
    Need,
    Paper,
    Relation,
    Role,
    SpendingKind,
    Stage,
    VisitKind,
)
from tests import factories
from tests.clock import START
from views.db import db
from workflows import audit, issuing
from workflows.actor import SYSTEM
from workflows.tallies import Tally

TODAY = START.date()
Its = Mapping[str, Any]
BODY = "<p>同意。</p>"
PHONE, ACCOUNT = "13800001234", "6228480010203040506"


@dataclass(frozen=True)
class Sample:
    """How the address of a route is made from a family's numbers, and what is posted to it."""

    arguments: Callable[[Its], dict[str, Any]]
    form: Callable[[Its], dict[str, Any]] = field(default=lambda its: {})
    scoped: bool = True
    answers: tuple[int, ...] = ()


def of(kind: str, **form: Any) -> Sample:
    """A route whose ``id`` is the number of one of the family's rows."""
    return Sample(lambda its: {"id": its[kind]}, lambda its: form)


def under(kind: str) -> Sample:
    """A form for something new, which hangs on the row that ``of`` names."""
    return Sample(lambda its: {"of": its[kind]})


PERSON = Sample(lambda its: {"id": its["colleague"]}, lambda its: {"reason": "岗位调整"}, scoped=False)
FIGURE = Sample(lambda its: {"key": "grace.months_max"}, scoped=False)
PLACE = Sample(lambda its: {"code": factories.XUNCHANG}, lambda its: {"reason": "更名", "name": "新名"}, scoped=False)

SAMPLES: dict[str, Sample] = {
    "household.page": of("household"),
    "household.history_view": of("household"),
    "household.reveal_view": of("household", field="phone", reason="verify"),
    "household.edit_view": of("household"),
    "member.page": of("member"),
    "member.history_view": of("member"),
    "member.reveal_view": of("member", field="id_no", reason="verify"),
    "member.edit_view": of("member"),
    "member_facts.edit_view": of("member"),
    "income_line.create_view": under("member"),
    "income_line.edit_view": of("income_line"),
    "income_line.remove_view": of("income_line"),
    "spending_line.create_view": under("member"),
    "spending_line.edit_view": of("spending_line"),
    "spending_line.remove_view": of("spending_line"),
    "asset.create_view": under("household"),
    "asset.edit_view": of("asset"),
    "asset.remove_view": of("asset"),
    "obligor.create_view": under("household"),
    "obligor.edit_view": of("obligor"),
    "obligor.remove_view": of("obligor"),
    "visit.page": of("visit"),
    "visit.history_view": of("visit"),
    "visit.edit_view": of("visit"),
    "audit.page": of("entry"),
    "case.page": of("benefit"),
    "case.step": Sample(lambda its: {"id": its["benefit"], "action": "start_recheck"}),
    "case.calculate": of("benefit"),
    "case.finding": Sample(lambda its: {"id": its["benefit"], "number": its["finding"]}),
    "papers.page": Sample(lambda its: {"id": its["benefit"], "kind": "decision"}),
    "papers.full": Sample(lambda its: {"id": its["benefit"], "kind": "survey"}, lambda its: {"reason": "verify"}),
    "papers.delivery": Sample(lambda its: {"id": its["benefit"], "kind": "decision"}),
    "watch_look.page": of("watch"),
    "watch_look.record": of("watch", found="仍在住院", outcome="stays", next_on="2030-01-01"),
    "papers.issue": Sample(lambda its: {"id": its["benefit"], "kind": "decision"}),
    "papers.issued": of("issued_paper"),
    "papers.together": of("issued_paper"),
    "papers.print_again": of("issued_paper"),
    "papers.word": Sample(lambda its: {"id": its["issued_paper"]}, answers=(404,)),
    "papers.style": Sample(lambda its: {"digest": "0" * 64}, scoped=False, answers=(404,)),
    "papers.list_page": Sample(lambda its: {"kind": "publish", "place": its["village"]}, answers=(404,)),
    "papers.list_issue": Sample(lambda its: {"kind": "publish", "place": its["village"]}, answers=(404,)),
    "papers.list_full": Sample(
        lambda its: {"kind": "movements", "place": its["village"]}, lambda its: {"reason": "verify"}, answers=(404,)
    ),
    **{
        f"papers.{name}": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,))
        for name in ("try_template", "activate_template", "retire_template", "template_file")
    },
    "near_relative.strike": Sample(lambda its: {"row_id": its["near_relative"]}),
    "account.end_session": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,)),
    "account.forget_browser": Sample(lambda its: {"id": 999}, scoped=False, answers=(404,)),
    "household_events.menu": of("household"),
    "household_events.leave": of("member"),
    "household_events.event": Sample(lambda its: {"id": its["household"], "kind": "death"}),
    "household_events.done": Sample(lambda its: {"id": its["household"], "number": its["household_event"]}),
    "household_events.undo": Sample(
        lambda its: {"id": its["household"], "number": its["household_event"]}, lambda its: {"words": "登记有误"}
    ),
    "household_tasks.move": of("household_move"),
    "household_tasks.decide": Sample(lambda its: {"id": its["household_move"], "act": "withdraw"}),
    "household_tasks.report": of("household_report"),
    "household_tasks.turn_down": of("household_report", reason="不属实"),
    "household_coming.page": of("household_coming"),
    "household_coming.give_up": of("household_coming", words="不来了"),
    "visiting.new": of("household"),
    "visiting.record": of("visit"),
    "visiting.settle": of("visit", words="已核实，无需办理"),
    "attachments.index": Sample(lambda its: {"kind": "case", "id": its["benefit"]}),
    "attachments.add": Sample(lambda its: {"kind": "visit", "id": its["visit"]}),
    "attachments.download": of("attachment"),
    "attachments.view": of("attachment"),
    "attachments.withdraw": of("attachment", why="重复"),
    "application.remove_draft": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,)),
    "users.page": PERSON,
    "users.manage": Sample(lambda its: {"id": its["colleague"], "act": "disable"}, PERSON.form, scoped=False),
    "users.reset": PERSON,
    "users.grant": PERSON,
    "users.reset_second_factor": PERSON,
    "users.end_sessions": PERSON,
    "bundle.page": of("household"),
    "bundle.download": of("household", purpose="转出至他县"),
    "export_jobs.page": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,)),
    "export_jobs.resume": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,)),
    "export_jobs.file": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,)),
    "exporting.roster": Sample(lambda its: {"code": "one_card"}, scoped=False),
    "exporting.roster_download": Sample(lambda its: {"code": "plain"}, lambda its: {"purpose": "核对"}, scoped=False),
    "exporting.page": Sample(lambda its: {"table": "household"}, scoped=False),
    "exporting.download": Sample(lambda its: {"table": "household"}, lambda its: {"purpose": "核对"}, scoped=False),
    "matching.page": of("match_run"),
    "matching_work.page": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,)),
    "matching_work.resume": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,)),
    "matching.close": of("match_run"),
    "matching.line": of("match_line"),
    "matching.settle": of("match_line", outcome="explained", reason="已核实"),
    "matching.authorise": of("match_line", signed_on="2026-01-05"),
    "leads.settle": of("lead", state="not_needed", reason="已走访"),
    "importing.page": of("import_batch"),
    "importing.apply": of("import_batch"),
    "import_undo.page": of("import_batch"),
    "import_undo.undo": of("import_batch", reason="试错"),
    "importing.report": of("import_batch"),
    "importing.resume": of("import_batch"),
    "importing.villages": of("import_batch"),
    "importing.choose": of("import_batch"),
    "import_again.show": of("import_batch"),
    "import_reading.page": of("import_batch"),
    "import_reading.decide": of("import_batch", do="look"),
    "import_reading.drop": of("import_batch"),
    "figures.page": FIGURE,
    "figures.withdraw": Sample(lambda its: {"row_id": 1}, scoped=False, answers=(404,)),
    "figure_entry.new": FIGURE,
    "figure_entry.add": FIGURE,
    "recalculation.page": of("recalculation"),
    "recalculation.apply": of("recalculation"),
    "recalculation.undo": of("recalculation", reason="试错"),
    "recalculation.drop": of("recalculation"),
    "recalculation_export.download": of("recalculation", purpose="核对"),
    "recalculation.resume": of("recalculation"),
    "simulation.page": of("simulation"),
    "simulation.resume": of("simulation"),
    "simulation.export": Sample(lambda its: {"id": its["simulation"], "kind": "csv"}),
    **{
        f"saved_views.{name}": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,))
        for name in ("rename", "remove", "set_usual", "share")
    },
    "help.page": Sample(lambda its: {"topic": "desk"}, scoped=False),
    "first_day.go": Sample(lambda its: {}, lambda its: {"step": "desk"}, scoped=False),
    "saved_views.save": Sample(
        lambda its: {}, lambda its: {"page": "household", "name": "甲", "query": ""}, scoped=False
    ),
    "bulk.page": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,)),
    "bulk.resume": Sample(lambda its: {"id": 1}, scoped=False, answers=(404,)),
    "division.page": PLACE,
    "division.add": PLACE,
    "division.rename": PLACE,
}


@dataclass(frozen=True)
class World:
    """The families of both townships and, by role, a user of the first one (None: no role granted yet)."""

    own: Its
    foreign: Its
    users: Mapping[Role | None, int]


def build(app: Flask) -> World:
    """The small county with a family here and one in another township; every role has somebody in the first."""
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        made = factories.office(session)
        users = {role: _place(session, user) for role, user in made.people.items()}
        nobody = factories.user(session, None, factories.XUNCHANG)
        colleague = factories.user(session, Role.TOWNSHIP_OFFICER, factories.XUNCHANG)
        own = family(session, factories.VILLAGE, colleague)
        foreign = family(session, factories.OTHER_VILLAGE, colleague)
        users = {role: user.id for role, user in users.items()} | {None: nobody.id}
        for its in (own, foreign):
            _write_file(app, its["attachment"])
        own, foreign = ({k: getattr(v, "id", v) for k, v in its.items()} for its in (own, foreign))
        session.commit()
        return World(_with_entry(session, own), _with_entry(session, foreign), users)


def family(session: Session, village: str, colleague: User) -> dict[str, Any]:
    """A family with one row of every kind; flushed."""
    home = factories.household(session, village, members=2)
    home.phone, home.account = PHONE, ACCOUNT
    head = home.members[0]
    place = {"village_code": village, "township_code": village[:9]}
    case = factories.benefit(session, home, Stage.ACTIVE, review_due_on=TODAY, monthly_fen=51_000)
    rows = {
        "cause": HouseholdCause(household_id=home.id, cause=Cause.ILLNESS),
        "income_line": IncomeLine(member_id=head.id, kind=IncomeKind.WAGE, year_fen=120_000),
        "spending_line": SpendingLine(member_id=head.id, kind=SpendingKind.MEDICAL, year_fen=30_000),
        "asset": Asset(household_id=home.id, kind=AssetKind.HOUSE, quantity=1),
        "obligor": Obligor(household_id=home.id, name="张大", relation=Relation.SON, row_key=f"o{home.id}"),
        "visit": Visit(
            household=home, kind=VisitKind.QUARTERLY, due_on=TODAY + timedelta(days=3), visitors=[Visitor(name="李")],
            **place,
        ),
        "near_relative": NearRelative(
            name="张大", id_no=factories.id_number(), relation=Relation.SIBLING, staff_name="王", staff_post="经办",
            division_code=village, valid_from=TODAY,
        ),
        "attachment": Attachment(
            household_id=home.id, paper=Paper.ID_CARD, name="身份证.png", media="image/png",
            stored=f"{home.row_key}.png", size=8, sha256="0" * 64, uploaded_at=START, **place,
        ),
        "finding": Finding(
            benefit_id=case.id, at=START, facts={}, monthly_fen=51_000,
            result={"outcome": "eligible", "monthly": "510.00", "lines": []},
        ),
        "paper": OwedPaper(benefit_id=case.id, paper=Paper.INCOME_PROOF, told_on=TODAY, due_on=TODAY, **place),
    }  # fmt: skip
    rows |= _happened(session, home)
    rows["import_batch"] = batch = ImportBatch(
        layout="dibao_members", file_name="名册.csv", charset="utf-8", sha256="0" * 64, rows=1,
        division_code=village[:9], on=TODAY, created_at=START,
    )  # fmt: skip
    plan = {"total": Tally(families=1).as_json(), "townships": {}, "classes": {}}
    for name, kind in (("recalculation", "adjust"), ("simulation", "simulate")):
        rows[name] = Recalculation(
            kind=kind, state="staged", title="县政府文件", division_code=village[:9], on=TODAY, created_at=START,
            counts={"plans": [plan]}, scenarios=[{"name": "标准700元", "figures": {"dibao.standard": "700"}}],
        )  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    rows |= _matched(session, home, case)
    rows["issued_paper"] = _issued(session, home, case)
    watch = Watch(household_id=home.id, benefit_id=case.id, why="医药费仍高", since_on=TODAY, next_on=TODAY)
    watch.township_code, watch.village_code = home.township_code, home.village_code
    session.add(watch)
    session.flush()
    rows["watch"] = watch
    session.add(ImportRow(batch_id=batch.id, row_no=2, outcome="refused", table_name="member"))
    del rows["cause"]
    return {"household": home, "member": head, "benefit": case, **rows, "colleague": colleague, "village": village}


def _issued(session: Session, home: Any, case: Any) -> IssuedPaper:
    """A letter of the case that was issued; flushed."""
    style = session.merge(PaperStyle(digest="0" * 64, text="p { margin: 0; }"))
    session.flush()
    row = IssuedPaper(
        key=f"decision:{case.id}", kind="decision", family="letter", benefit_id=case.id, case_no=case.case_no,
        office_code=home.township_code, word="民救", year=2025, serial=case.id, on=TODAY, at=START, actor_name="测试",
        title="确认通知书", addressee=home.head_name, style=style.digest, township_code=home.township_code,
        village_code=home.village_code, digest=issuing.digest_of(BODY),
    )  # fmt: skip
    row.body = BODY
    session.add(row)
    session.flush()
    return row


def _happened(session: Session, home: Any) -> dict[str, Any]:
    """A change in the family that was recorded, one that a village reported, and a move that is proposed; flushed."""
    place = {"village_code": home.village_code, "township_code": home.township_code}
    told = {"household_id": home.id, "happened_on": TODAY, "words": "群众来办理", **place}
    event = HouseholdEvent(kind=Happening.NEW_HEAD, at=START, actor_name="李", data={}, **told)
    asked = {**told, "proposed_at": START, "proposed_by": "王", "from_code": home.township_code}
    report = HouseholdReport(kind=Happening.DEATH, to_code=home.township_code, content="{}", **asked)
    to = json.dumps({"village": "511526109201", "address": "一组"})
    move = HouseholdReport(kind=Happening.HANDOVER, to_code="511526109", content=to, **asked)
    asked["member_id"] = home.members[0].id
    away = HouseholdReport(kind=Happening.LEFT, to_code=home.township_code, content='{"event": "marriage"}', **asked)
    session.add_all([event, report, move, away])
    session.flush()
    away.event_id = event.id
    coming = HouseholdTask(household_id=home.id, report_id=away.id, need=Need.ENTER, since=TODAY, **place)
    session.add(coming)
    session.flush()
    return {"household_event": event, "household_report": report, "household_move": move, "household_coming": coming}


def _matched(session: Session, home: Any, case: Any) -> dict[str, Any]:
    """A list of vehicles matched in the family's township, with a hit of its head and a lead; flushed."""
    place = {"village_code": home.village_code, "township_code": home.township_code}
    run = MatchRun(
        kind="vehicles", file_name="车辆.csv", charset="utf-8", sha256="0" * 64, rows=1, due_on=TODAY, created_at=START,
        division_code=home.township_code,
    )  # fmt: skip
    lead = Lead(name="王五", why="disability", created_at=START, due_on=TODAY, **place)
    session.add_all([run, lead])
    session.flush()
    line = MatchLine(
        match_run_id=run.id, row_no=2, how="id_no", standing="in_force", member_id=home.members[0].id,
        household_id=home.id, benefit_id=case.id, due_on=TODAY, payload='{"号牌号码": "川Q1"}', **place,
    )  # fmt: skip
    session.add(line)
    session.flush()
    return {"match_run": run, "match_line": line, "lead": lead}


def _write_file(app: Flask, document: Attachment) -> None:
    folder = app.extensions["doudi"].uploads
    folder.mkdir(exist_ok=True)
    (folder / document.stored).write_bytes(b"\x89PNG\r\n\x1a\n")


def _place(session: Session, user: User) -> User:
    """Whatever their usual level: here everybody sits in the first township, so that the second is foreign to all."""
    if len(user.division_code) < 9:
        user.division_code = factories.XUNCHANG
    return user


def _with_entry(session: Session, its: Its) -> Its:
    entry = session.scalars(select(AuditEntry.id).where(AuditEntry.household_id == its["household"]).limit(1)).one()
    return {**its, "entry": entry}
