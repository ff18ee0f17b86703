"""Seeded faults: each takes one safeguard away and must be caught. ``python -m tests.workflows.faults`` shows each.

Made from RULES: one per check and per input of every rule, one per role that a rule leaves out, one per stage it
may start from; and one per backstop behind the table.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import sealing
from policy.vocabulary import Action, Role, Stage
from tests import databases
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.law import LAW, good_facts, somebody
from tests.workflows.test_machine import obey_the_law
from workflows import case_guard, casework, evidence, machine
from workflows.facts import Given
from workflows.machine import RULES, Rule
from workflows.reason import Stale


@dataclass(frozen=True)
class Fault:
    """One safeguard taken away, and the test that must notice."""

    name: str
    applied: Callable[[], AbstractContextManager[object]]
    oracle: Callable[[], None]

    def caught(self) -> bool:
        """Whether the oracle fails while the safeguard is gone."""
        with self.applied():
            try:
                self.oracle()
            except AssertionError:
                return True
        return False


def table_faults() -> Iterator[Fault]:
    """Faults of the table: a check, an input or a role is wrong, or a step leads elsewhere."""
    for index, rule in enumerate(RULES):
        where = f"{rule.action} from {'/'.join(str(stage) for stage in rule.from_)} ({'/'.join(rule.schemes)})"
        for check in rule.checks:
            yield _table(index, f"{where}: without {check.__name__}", checks=_without(rule.checks, check))
        for given in rule.inputs:
            yield _table(index, f"{where}: without {given.__name__}", inputs=_without(rule.inputs, given))
        for role in sorted(set(Role) - set(rule.roles)):
            yield _table(index, f"{where}: {role} may too", roles=(*rule.roles, role))
        if rule.to is not None:
            other = Stage.EXITED if rule.to is not Stage.EXITED else Stage.ACTIVE
            yield _table(index, f"{where}: leads to {other}", to=other)
        yield _table(index, f"{where}: time alone {'may not' if rule.by_time else 'may too'}", by_time=not rule.by_time)


def _without(checks: tuple[object, ...], one: object) -> tuple[object, ...]:
    return tuple(check for check in checks if check is not one)


def _table(index: int, name: str, **change: object) -> Fault:
    rule: Rule = replace(RULES[index], **change)  # type: ignore[arg-type]
    rules = (*RULES[:index], rule, *RULES[index + 1 :])
    # What the machine keeps of its table is asked anew.
    taken = patch.multiple(machine, RULES=rules, rules_of=machine.rules_of.__wrapped__)
    return Fault(name, lambda: taken, lambda: obey_the_law(rule.action, schemes=rule.schemes))


def backstop_faults() -> Iterator[Fault]:
    """Faults behind the table: scope, listeners, row versions and the database's own constraints."""
    yield Fault("scope: in_scope lets everybody through", lambda: patch.object(machine.c, "in_scope", _nothing), _scope)
    guard, moves = case_guard.only_casework_moves_a_case, case_guard.every_move_has_its_event
    yield Fault("before_flush guard removed", lambda: _unheard("before_flush", guard), _past_the_machine)
    yield Fault("before_commit guard removed", lambda: _unheard("before_commit", moves), _move_without_event)
    yield Fault("version of the form not compared", lambda: patch.object(casework, "unchanged", _nothing), _stale_form)
    yield Fault("open-case index dropped", lambda: _dropped("DROP INDEX uq_benefit_open_dibao"), _second_case)
    yield Fault("event guard dropped", lambda: _dropped(*_EVENT_TRIGGERS), _event_rewritten)


_EVENT_TRIGGERS = ("DROP TRIGGER guard_event_update", "DROP TRIGGER guard_event_delete")
_drops: list[str] = []


def _nothing(*args: object, **kw: object) -> None:
    return None


@contextmanager
def _unheard(name: str, listener: Callable[..., None]) -> Iterator[None]:
    event.remove(Session, name, listener)
    try:
        yield
    finally:
        event.listen(Session, name, listener)


@contextmanager
def _dropped(*statements: str) -> Iterator[None]:
    _drops.extend(statements)
    try:
        yield
    finally:
        _drops.clear()


@cache
def _migrated() -> bytes:
    """A database file with Doudi's empty tables."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.sqlite3"
        databases.migrate(f"sqlite:///{file.as_posix()}")
        return file.read_bytes()


@contextmanager
def _case() -> Iterator[Driver]:
    sealing.use(databases.KEYS)
    with ExitStack() as stack:
        file = Path(stack.enter_context(TemporaryDirectory())) / "fault.sqlite3"
        file.write_bytes(_migrated())
        url = f"sqlite:///{file.as_posix()}"
        session = stack.enter_context(Session(stack.enter_context(databases.opened(url))))
        for statement in _drops:
            session.execute(text(statement))
        yield Driver(session).to_active()


def _scope() -> None:
    law = next(law for law in LAW if law.action is Action.CONFIRM)
    facts = good_facts(law, law.schemes[0], law.from_[0], Role.TOWNSHIP_APPROVER)
    rule = machine.rules_of(facts.scheme, facts.stage)[0]
    reasons = machine.standing(rule, facts, somebody(Role.AUDITOR, "511526101"))
    assert "not_in_your_division" in {reason.code for reason in reasons}


def _past_the_machine() -> None:
    with _case() as case:
        case.session.commit()
        case.case.monthly_fen += 1
        _raises(case.session.commit, case_guard.NotThroughCasework)


def _move_without_event() -> None:
    with _case() as case:
        case.session.commit()
        with case_guard.taking(case.session, case.case):
            case.case.stage = Stage.EXITED
            case.session.flush()
        _raises(case.session.commit, case_guard.NotThroughCasework)


def _stale_form() -> None:
    with _case() as case:
        old = case.case.row_version
        case.do(Action.RECORD_COMPLAINT)
        step = (case.session, case.case, Action.START_RECHECK, case.actor(Role.TOWNSHIP_OFFICER), Given(words="到期"))
        _raises(lambda: casework.take(*step, case.now, FIGURES, version=old), Stale)


def _second_case() -> None:
    with _case() as case, patch.object(evidence, "open_case_no", _nothing):
        _raises(case.apply, IntegrityError)


def _event_rewritten() -> None:
    with _case() as case:
        _raises(lambda: case.session.execute(text("UPDATE event SET opinion = 'x'")), IntegrityError)


def _raises(what: Callable[[], object], error: type[Exception]) -> None:
    try:
        what()
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


def faults() -> list[Fault]:
    """Every seeded fault."""
    return [*table_faults(), *backstop_faults()]


def main() -> int:
    """Print every fault and whether it is caught; 1 when one is not."""
    missed = 0
    for fault in faults():
        caught = fault.caught()
        missed += not caught
        print(f"{'caught' if caught else 'MISSED'}  {fault.name}", flush=True)
    print(f"{len(faults())} faults seeded, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
