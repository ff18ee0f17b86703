"""Each row of a sheet gets its verdict against what stands in our tables: new, changed, unchanged or refused.

Nothing is written here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from policy.vocabulary import Relation, Role
from workflows.actor import Actor
from workflows.exchange import doubles, missing
from workflows.exchange import judging_lists as lists
from workflows.exchange.checking import clean_rows, refuse_masked, roster_row
from workflows.exchange.existing import Existing, mark_of, read_existing
from workflows.exchange.identifying import identify
from workflows.exchange.judging_rows import Judge, Verdict, closed
from workflows.exchange.list_rows import AccountRow, AidRow, ChangeRow, TekunRow, noted
from workflows.exchange.lots import Later
from workflows.exchange.reading import Sheet
from workflows.exchange.rows import HouseholdRow, MemberRow, Problem
from workflows.exchange.villages import Villages, read_villages
from workflows.exchange.wanted import flat
from workflows.loading import Known, parts
from workflows.reason import Reason, Refused

IMPORTERS = (Role.COUNTY_REVIEWER, Role.TOWNSHIP_OFFICER)
MAY_CREATE_VILLAGES = (Role.COUNTY_REVIEWER,)
Tell = Callable[[int, int], None]
"""Hears how far the work is: done, of how many."""

LISTS: tuple[tuple[Any, Any], ...] = (
    (AccountRow, lists.account), (AidRow, lists.aid), (ChangeRow, lists.change),
)  # fmt: skip


class Judging:
    """Judges a sheet lot by lot, and tells at the end what only the file as a whole shows; writes nothing.

    Raises Refused for somebody who may not import, Unreadable for a masked file.
    """

    def __init__(
        self, session: Session, sheet: Sheet, actor: Actor, now: datetime, create_villages: bool = False,
        tell: Tell | None = None,
    ) -> None:
        if actor.role not in IMPORTERS:
            raise Refused([Reason("not_your_role", roles=IMPORTERS)])
        self.session, self.sheet, self.actor, self.tell = session, sheet, actor, tell
        refuse_masked(sheet)
        self.cleaned = clean_rows(sheet, now.date(), self._went, identify(session, sheet, actor))
        good = [row for row in self.cleaned.rows if row is not None]
        members = [row for one in good if isinstance(row := roster_row(one), MemberRow)]
        heads = {row.id_no: row for row in members if row.relation is Relation.HEAD}
        may = create_villages and actor.role in MAY_CREATE_VILLAGES
        sizes = Counter(row.head_id_no for row in members)
        self.judge = Judge(sheet, actor, Existing(), read_villages(session), heads, may, sizes)
        self.born = lists.heads_born(session, actor, [r.name for r in good if isinstance(r, ChangeRow) and not r.id_no])
        self.doubles = doubles.Doubles(session, actor)
        self.mark = Known(mark_of).__getitem__
        """The hash of an ID number, worked out once."""
        self.townships: set[str] = set()
        self.waiting: list[tuple[Later, Any]] = []
        self.heads_judged: dict[str, bool] = {}
        _gather(self.judge, good)

    @property
    def villages(self) -> Villages:
        """The county's villages, and those that would be made."""
        return self.judge.villages

    def lots(self) -> Iterator[tuple[list[Later], list[Verdict]]]:
        """Rows with their verdicts, some thousands at a time; rows that wait for their head's come last."""
        done, rows = 0, self.sheet.rows
        sources = (Later(rows, number, place) for place, number in enumerate(self.cleaned.numbers))
        for some in parts(zip(sources, self.cleaned.rows, strict=True)):
            last = some[-1][0].number
            yield self._lot([one for one in some if not self._waits(one, last)])
            done += len(some)
            self._went(len(self.cleaned.rows) + done)
        for some in parts(self.waiting):
            yield self._lot(some)
        listed = missing.candidates(self.session, self.sheet, self.actor, self.townships)
        for lot in parts(enumerate(listed, 1)):
            yield [], [_missing(-n, row, table) for n, (row, table) in lot]

    def common(self) -> dict[int, list[Problem]]:
        """What else is to be looked at once all rows are judged, by row number."""
        return self.doubles.common()

    def _went(self, done: int) -> None:
        if self.tell:
            self.tell(done, 2 * len(self.sheet.rows))

    def _waits(self, one: tuple[Later, Any], last: int) -> bool:
        """Whether the head of this row's new family stands further down, in a later lot."""
        row = one[1]
        if not isinstance(row, MemberRow) or row.relation is Relation.HEAD:
            return False
        head = self.judge.heads_here.get(row.head_id_no)
        if head is None or head.number <= last:
            return False
        self.waiting.append(one)
        return True

    def _lot(self, some: Sequence[tuple[Later, Any]]) -> tuple[list[Later], list[Verdict]]:
        self._read([row for _, row in some if row is not None])
        verdicts: list[Any] = [None] * len(some)
        order = sorted(range(len(some)), key=lambda at: not _is_head(some[at][1]))
        for at in order:
            verdicts[at] = self._judged(*some[at])
        rows = [row for row, _ in some]
        self.doubles.mark(self.sheet, rows, verdicts)
        self.townships |= {verdict.village_code[:9] for verdict in verdicts if verdict.village_code}
        return rows, verdicts

    def _read(self, rows: Sequence[Any]) -> None:
        """What stands here of the people whom a lot names."""
        judge, named = self.judge, {number for row in rows for number in _numbers(row)}
        judge.existing = read_existing(self.session, named | set(self.born.values()), self.mark)
        judge.by_birth = {
            key: person for key, number in self.born.items() if (person := judge.existing.person(number))
        }
        if any(isinstance(row, AidRow) for row in rows):
            judge.aid_known = lists.aid_of(self.session, list(judge.existing.families))
        if any(isinstance(row, TekunRow) for row in rows):
            judge.support_known = lists.support_of(self.session, judge.existing.people)

    def _judged(self, source: Later, row: Any) -> Verdict:
        judge = self.judge
        judge.source = source
        if isinstance(row, MemberRow):
            verdict = judge.member(row)
            if row.relation is Relation.HEAD:
                self.heads_judged[row.id_no] = verdict.outcome != "refused"
            elif verdict.outcome == "new" and self.heads_judged.get(row.head_id_no) is False:
                verdict.problems.append(judge._problem("head_id_no", "head_refused"))
                closed(verdict)
            return verdict
        if row is None:
            return _refused(judge, source, self.cleaned.problems[source.number])
        return _judge_other(judge, row)


def judge_sheet(
    session: Session, sheet: Sheet, actor: Actor, now: datetime, create_villages: bool = False,
    tell: Tell | None = None,
) -> tuple[list[Verdict], Villages]:
    """The verdicts of a whole sheet at once, in file order, and the villages that would be made; as ``Judging``."""
    judging = Judging(session, sheet, actor, now, create_villages, tell)
    verdicts = [verdict for _, lot in judging.lots() for verdict in lot]
    common = judging.common()
    for verdict in verdicts:
        verdict.warnings += common.get(verdict.number, ())
    return sorted(verdicts, key=lambda verdict: (verdict.number < 0, abs(verdict.number))), judging.villages


def _is_head(row: Any) -> bool:
    return isinstance(row, MemberRow) and row.relation is Relation.HEAD


def _missing(number: int, row: Any, table: str) -> Verdict:
    """Somebody whom a complete file does not name; numbered below the rows of the file."""
    row_id, version = (row.id, row.row_version) if table == "member" else (row.household_id, row.home_version)
    return Verdict(number, table, row.name, "missing", row.village_code, row_id, version)


def _gather(judge: Judge, rows: Iterable[Any]) -> None:
    """What rows of 特困人员 need to know of each other."""
    for row in rows:
        if isinstance(row, TekunRow):
            head = row.member.head_id_no
            judge.tekun_first.setdefault(head, row.number)
            fen, people = judge.tekun_sums.get(head, (0, 0))
            judge.tekun_sums[head] = (fen + row.monthly_fen, people + 1)


def _numbers(row: Any) -> tuple[str, ...]:
    """Every ID number that a row names."""
    if isinstance(row, MemberRow):
        return row.id_no, row.head_id_no
    if isinstance(row, TekunRow):
        return _numbers(row.member)
    fields = ("head_id_no",) if isinstance(row, HouseholdRow) else ("id_no", "holder_id_no")
    return tuple(number for name in fields if (number := getattr(row, name, "")))


def _judge_other(judge: Judge, row: Any) -> Verdict:
    if isinstance(row, HouseholdRow):
        return judge.household(row)
    if isinstance(row, TekunRow):
        note = noted(row.member.note, row.told, judge.support_known.get(row.member.id_no, ()))
        verdict = judge.member(row.member._replace(note=note), {"support_mode": flat(row.mode)}, with_case=False)
        lists.tekun(judge, row, verdict)
        return closed(verdict)
    decide = next(decide for kind, decide in LISTS if isinstance(row, kind))
    verdict = Verdict(row.number, "household", row.name, "new", warnings=list(row.warnings))
    decide(judge, row, verdict)
    return closed(verdict)


def _refused(judge: Judge, source: Later, problems: Iterable[Problem]) -> Verdict:
    table = "household" if judge.sheet.layout.kind == "households" else "member"
    cells = judge.sheet.roster_row(source).cells
    name = cells.get("head_name" if table == "household" else "name", "")[:50]
    return Verdict(source.number, table, name, "refused", problems=list(problems))
