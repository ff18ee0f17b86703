"""A list goes out as it is shown: cell for cell, in its order, whatever it tells of; and at a fixed cost."""

import csv
import html
import io
import operator
import re

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models import Finding, Household, MatchLine, MatchRun, User
from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from tests.views import samples
from views import export_asked
from views.db import db
from views.list_columns import Statement, processor
from workflows import audit, demo
from workflows.actor import SYSTEM
from workflows.exchange import export

ROW = re.compile(r"<tr(?: data-href=[^>]*)?>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r'<t[hd](?![^>]*class="pick")[^>]*>(.*?)</t[hd]>', re.DOTALL)
MOST = 100
WHERE = {
    "household": ("", "?township=511526100&sort=head_name", "?standing=all&sort=-id"),
    "member": ("", "?standing=all", "?sort=-name&labour=able"), "benefit": ("", "?sort=case_no", "?stage=ended"),
    "owed_paper": ("",), "watch": ("",), "visit": ("", "?state=done&sort=-done_on"),
    "audit": ("?sort=at", "?record=member"), "issued_paper": ("",),
}  # fmt: skip


def settle(app: Flask) -> dict[Role, int]:
    """Every story of the sample county, families of every kind, and one with a row in every table."""
    with app.app_context(), Session(db.engine) as session:
        demo.fill(session, households=110, seed=1, on=START.date(), now=START)
        audit.attribute(session, SYSTEM, START)
        samples.family(session, factories.VILLAGE, session.scalars(select(User).order_by(User.id).limit(1)).one())
        factories.household(session, head_name='=<b>"&—', address="—")
        session.commit()
        first = select(User.id).order_by(User.id).limit(1)
        return {role: session.scalars(first.where(User.role == role)).one() for role in Role}


@pytest.fixture
def office(stand):
    return stand(settle)


def plain(cell):
    told = " ".join(html.unescape(re.sub(r"<[^>]*>", "", cell)).split())
    return "" if told == "—" else told


def shown(page):
    """The cells of the rows of a list."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [[plain(cell) for cell in CELL.findall(row)] for row in ROW.findall(body)]


def sent(office, who, table, where=""):
    answer = office.as_(who).post(f"/export/{table}/{where}", data={"purpose": "核对", "kind": "csv", "shape": "list"})
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))[1:]
    return [[" ".join(cell.removeprefix("'").split()) for cell in row] for row in rows]


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("table", export_asked.LISTS)
def test_a_file_has_the_cells_of_the_page(office, table, language):
    who = Role.SUPERVISOR
    office.add(lambda session: setattr(session.get(User, office.people[who]), "language", language))
    for where in WHERE[table]:
        size = f"{where}&size={MOST}" if where else f"?size={MOST}"
        page = shown(office.as_(who).get(f"/{table}/{size}").get_data(as_text=True))
        assert page and sent(office, who, table, where)[: len(page)] == page


@pytest.mark.parametrize("table", export_asked.LISTS)
def test_a_list_costs_as_many_statements_for_many_rows_as_for_a_few(office, table, monkeypatch):
    ran: list[str] = []
    monkeypatch.setattr(export, "FIRST", 4)
    monkeypatch.setattr(export, "THEN", 10_000)

    def listen(*args):
        ran.append(args[2])

    with office.app.app_context():
        event.listen(db.engine, "before_cursor_execute", listen)
        sent(office, Role.SUPERVISOR, table)
        event.remove(db.engine, "before_cursor_execute", listen)
    lots = [statement for statement in ran if "json_each" in statement]
    assert len(lots) <= 2 * 5 and len(ran) - len(lots) < 16


def test_numbers_and_families_elsewhere_stay_where_they_are(office):
    for who in (Role.TOWNSHIP_OFFICER, Role.VILLAGE_WORKER):
        home = office.read(lambda session: session.get(User, office.people[who]).division_code)  # noqa: B023
        inside = office.read(
            lambda session: set(session.scalars(
                select(Household.head_name).where(Household.village_code.startswith(home))  # noqa: B023
            ))
        )  # fmt: skip
        told = sent(office, who, "household")
        assert told and {row[0] for row in told} <= inside | {'=<b>"&'}
        assert not re.search(r"\d{17}[\dX]", str(told))


def test_columns_are_what_the_rows_hold_on_both_engines(session_any):
    session = session_any
    factories.office(session)
    audit.attribute(session, SYSTEM, START)
    home = factories.household(session, members=2)
    case = factories.benefit(session, home, review_due_on=START.date(), monthly_fen=100)
    found = factories.keep(session, Finding(benefit_id=case.id, at=START, facts={"a": [1]}, result={}, monthly_fen=1))
    seen = {"kind": "vehicles", "file_name": "a", "charset": "utf-8", "sha256": "0" * 64, "created_at": START}
    run = factories.keep(session, MatchRun(**seen, division_code=factories.COUNTY, due_on=START.date()))
    who = {"member_id": home.members[0].id, "benefit_id": case.id, "village_code": home.village_code}
    line = {"row_no": 1, "how": "id_no", "standing": "in_force", "due_on": START.date(), "payload": "川Q"}
    hit = factories.keep(session, MatchLine(**line, **who, match_run_id=run.id, township_code=home.township_code))
    for row, paths in (
        (hit, ["member.name", "benefit.authorised_on", "run.kind", "payload", "due_on"]),
        (case, ["stage", "review_due_on", "urgent", "step_due_on", "monthly_fen", "household.head_name"]),
        (home.members[1], ["id_no", "birth", "registered_poor", "household.head_name", "disability_kind"]),
        (found, ["at", "facts", "result", "monthly_fen"]),
    ):
        statement = Statement(type(row), paths)
        numbers, known = statement.columns(session.connection(), [row.id, 10**6])
        told = [read(known[path][0]) if (read := processor(statement.types.get(path), session.bind.dialect)) else
                known[path][0] for path in paths]  # fmt: skip
        assert (list(numbers), told) == ([row.id], [operator.attrgetter(path)(row) for path in paths])
