"""The machine's table in words, for docs and the help page. ``python -m workflows.machine_table`` prints it."""

from collections.abc import Callable
from typing import NamedTuple

from policy.stage_words import stage_word
from policy.vocabulary import Role, Scheme, Stage
from workflows.machine import RULES, Rule

BEGIN = "—"
HEAD = """# Steps of a benefit

Printed from `workflows/rules/`; a step that is not listed here is refused. Every step also requires that the case
lies within the person's division and that the form is not outdated, and leaves one event in the case's history.

| Scheme | From | Step | To | Who | Clause | What must be true, and be given |
|---|---|---|---|---|---|---|
"""


class Line(NamedTuple):
    """One rule in words: English message ids, for whoever shows them to translate."""

    schemes: tuple[Scheme, ...]
    from_: tuple[str, ...]
    action: str
    to: tuple[str, ...]
    """More than one where the step leads back to where the case stood before; none where the stage stays."""
    roles: tuple[Role, ...]
    by_time: bool
    clause: str
    needs: tuple[str, ...]


def lines() -> tuple[Line, ...]:
    """Every rule, in the table's order."""
    return tuple(_line(rule) for rule in RULES)


def need(check: Callable[..., object]) -> str:
    """What a check asks, as one English sentence: the first line of its docstring."""
    return (check.__doc__ or "").partition("\n")[0]


def _line(rule: Rule) -> Line:
    checks: tuple[Callable[..., object], ...] = (*rule.checks, *rule.inputs)
    return Line(
        rule.schemes, tuple(_named(rule, stage) if stage else BEGIN for stage in rule.from_), rule.action.label,
        tuple(_named(rule, stage) for stage in (rule.to, *rule.back_to) if stage), rule.roles, rule.by_time,
        rule.clause, tuple(need(check) for check in checks),
    )  # fmt: skip


def _named(rule: Rule, stage: Stage) -> str:
    """A stage in the word of the scheme, where the rule is of one."""
    return (stage_word(rule.schemes[0], stage) if len(rule.schemes) == 1 else stage).label


def markdown() -> str:
    """The table as the documentation prints it."""
    return HEAD + "".join(f"| {' | '.join(_cells(line))} |\n" for line in lines())


def _cells(line: Line) -> list[str]:
    who = [role.label for role in line.roles] + (["time alone"] if line.by_time else [])
    return [
        ", ".join(scheme.label for scheme in line.schemes), ", ".join(line.from_), line.action,
        ", ".join(line.to) or "unchanged",
        ", ".join(who), line.clause, " ".join(line.needs),
    ]  # fmt: skip


if __name__ == "__main__":
    print(markdown(), end="")
