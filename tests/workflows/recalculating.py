"""A small county whose amounts are easy to reckon, for tests of recalculation and simulation."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import Benefit, Event, Finding, IncomeLine, Recalculation, RecalculationRow
from policy.figures import Figures
from policy.vocabulary import IncomeKind, Role, Scheme
from tests import factories
from tests.clock import START
from workflows import audit, jobs, recalculation_apply, recalculation_staging, recalculation_writing, simulation
from workflows.actor import SYSTEM, Actor
from workflows.recalculation import Selection, preview
from workflows.tallies import Preview

NOW = START
MONTH = date(2026, 4, 1)
SHIPPED = Figures.shipped()
OVER_LINE = 250  # 元 a month for two people: under the line of today, over a line of 100
KINDS = {
    "recalculate": recalculation_staging.stage, "apply_recalculation": recalculation_writing.apply,
    "undo_recalculation": recalculation_writing.undo, "simulate": simulation.simulate,
}  # fmt: skip


def standard(yuan: str, place: str = factories.COUNTY) -> Figures:
    """The shipped figures with another standard from April 2026 on."""
    row = {"key": "dibao.standard", "place": place, "unit": "yuan", "value": yuan, "from": MONTH, "cite": "县政府文件"}
    return SHIPPED.with_rows([row])


HIGHER, LOWER = standard("700"), standard("100")


class County:
    """An office and its families; ``now`` is moved by tests."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now = engine, NOW
        with Session(engine) as session:
            audit.attribute(session, SYSTEM, NOW)
            self.people = {role: _actor(user) for role, user in factories.office(session).people.items()}
            session.commit()

    def family(
        self, income: int | None, paid: int, members: int = 2, village: str = factories.VILLAGE, **case: Any
    ) -> int:
        """A family with so much income a month (元; None: nothing on file), paid so much; the number of its case."""
        with Session(self.engine) as session:
            audit.attribute(session, SYSTEM, NOW)
            home = factories.household(session, village, members=members)
            if income is not None:
                line = IncomeLine(member_id=home.members[0].id, kind=IncomeKind.PROPERTY, year_fen=income * 12_00)
                factories.keep(session, line)
            row = factories.benefit(session, home, monthly_fen=paid * 100, **case)
            session.commit()
            return row.id

    def write(self, work: Callable[[Session], Any]) -> None:
        """Change something."""
        with Session(self.engine) as session:
            audit.attribute(session, SYSTEM, self.now)
            work(session)
            session.commit()

    def step(self, begin: Callable[[Session], Recalculation], figures: Figures = SHIPPED, **work: Any) -> int:
        """Begin something and have it done; the batch's id."""
        with Session(self.engine) as session:
            id = begin(session).id
            session.commit()
        self.work(figures)
        return id

    def work(self, figures: Figures = SHIPPED) -> int:
        """Do the work that waits."""
        return jobs.work(self.engine, KINDS, lambda: figures, lambda: self.now)

    def preview(
        self, figures: Figures, role: Role = Role.COUNTY_REVIEWER, scope: str = "", scheme: Scheme = Scheme.DIBAO
    ) -> int:
        """A staged preview."""
        return self.step(lambda s: recalculation_staging.begin(
            s, self.people[role], self.now, scope=scope, month=MONTH, title="珙民发〔2026〕3号", scheme=scheme,
        ), figures)  # fmt: skip

    def apply(self, id: int, figures: Figures, role: Role = Role.COUNTY_APPROVER) -> None:
        self.step(lambda s: recalculation_apply.begin_apply(s, id, self.people[role], self.now, figures), figures)

    def undo(self, id: int, role: Role = Role.COUNTY_APPROVER, words: str = "文件撤回") -> None:
        self.step(lambda s: recalculation_apply.begin_undo(s, id, self.people[role], self.now, words))

    def read(self, ask: Callable[[Session], Any]) -> Any:
        with Session(self.engine) as session:
            found = ask(session)
            session.expunge_all()  # what was read stays readable
            return found

    def look(self, figures: Figures, scope: str = "", **more: Any) -> Preview:
        """What these figures would change, with nothing kept."""
        return self.read(lambda session: preview(session, figures, MONTH, Selection(scope), **more))

    def batch(self, id: int) -> Recalculation:
        return self.read(lambda s: s.get_one(Recalculation, id))

    def rows(self, id: int) -> dict[int, tuple[str, str]]:
        """Outcome and state by case."""
        query = select(RecalculationRow).where(RecalculationRow.recalculation_id == id)
        return {row.benefit_id: (row.outcome, row.state) for row in self.read(lambda s: s.scalars(query).all())}

    def amount(self, case: int) -> int:
        """What a case is paid, in 分."""
        return self.read(lambda s: s.get_one(Benefit, case).monthly_fen)

    def history(self, case: int) -> list[tuple[str, int | None, int | None]]:
        """What happened to a case since it was opened: step, amount before and after."""
        query = select(Event.action, Event.monthly_before_fen, Event.monthly_after_fen).where(Event.benefit_id == case)
        return [(str(a), b, c) for a, b, c in self.read(lambda s: s.execute(query.order_by(Event.id)).all())][1:]

    def findings(self, case: int) -> list[Finding]:
        query = select(Finding).where(Finding.benefit_id == case).order_by(Finding.id)
        return list(self.read(lambda s: s.scalars(query).all()))


def _actor(user: Any) -> Actor:
    return Actor(user.id, user.name, user.role, user.division_code)
