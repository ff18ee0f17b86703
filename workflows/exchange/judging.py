"""Each row of a sheet gets its verdict against what stands in our tables: new, changed, unchanged or refused.

Nothing is written here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from models.sealing import blind_all
from policy.vocabulary import Relation, Role
from workflows.actor import IMPORTERS, Actor
from workflows.exchange import doubles, missing
from workflows.exchange import judging_lists as lists
from workflows.exchange.checking import clean_rows, people_of, refuse_masked, roster_rows, spoiled_heads
from workflows.exchange.existing import Existing, anybody, mark_of, read_existing
from workflows.exchange.identifying import identify
from workflows.exchange.judging_rows import Judge
from workflows.exchange.list_rows import AccountRow, AidRow, ChangeRow, TekunRow, noted
from workflows.exchange.lots import Later
from workflows.exchange.newcomers import Newcomers
from workflows.exchange.reading import Sheet
from workflows.exchange.rows import HouseholdRow, MemberRow, Problem
from workflows.exchange.verdicts import Judged, Verdict, closed
from workflows.exchange.villages import Villages, read_villages
from workflows.exchange.wanted import Flat, each, flat, wanted_members
from workflows.loading import MOST_KNOWN, Known, parts
from workflows.reason import Reason, Refused

MAY_CREATE_VILLAGES = (Role.COUNTY_REVIEWER,)
Tell = Callable[[int, int], None]
"""Hears how far the work is: done, of how many."""

LISTS: tuple[tuple[Any, Any], ...] = (
    (AccountRow, lists.account), (AidRow, lists.aid), (ChangeRow, lists.change),
)  # fmt: skip


NOBODY = Newcomers((), (), {})


class Judging:
    """Judges a sheet lot by lot, and tells at the end what only the file as a whole shows; writes nothing.

    Raises Refused for somebody who may not import, Unreadable for a masked file.
    """

    def __init__(
        self,
        session: Session,
        sheet: Sheet,
        actor: Actor,
        now: datetime,
        create_villages: bool = False,
        tell: Tell | None = None,
    ) -> None:
        if actor.role not in IMPORTERS:
            raise Refused([Reason("not_your_role", roles=IMPORTERS)])
        self.session, self.sheet, self.actor, self.tell = session, sheet, actor, tell
        refuse_masked(sheet)
        self.cleaned = clean_rows(sheet, now.date(), self._went, partial(identify, session, sheet, actor))
        good = [row for row in self.cleaned.rows if row is not None]
        members, changes = people_of(roster_rows(good)), _of_kind(ChangeRow, good)
        heads = {row.id_no: row for row in members if row.relation is Relation.HEAD}
        may = create_villages and actor.role in MAY_CREATE_VILLAGES
        sizes = Counter(map(attrgetter("head_id_no"), members))
        spoiled = spoiled_heads(sheet, self.cleaned.problems)
        self.judge = Judge(sheet, actor, Existing(), read_villages(session), heads, may, sizes, spoiled, members)
        self.born = lists.heads_born(session, actor, [row.name for row in changes if not row.id_no])
        self.anybody = anybody(session)
        self.doubles = doubles.Doubles(session, actor, self.anybody)
        self.marks = Known(mark_of)
        """The hashes of ID numbers, worked out once."""
        self.townships: set[str] = set()
        self.waiting: list[int] = []
        self.refused: set[str] = set()
        """ID numbers of heads whose rows are refused."""
        _gather(self.judge, _of_kind(TekunRow, good))

    @property
    def villages(self) -> Villages:
        """The county's villages, and those that would be made."""
        return self.judge.villages

    def lots(self) -> Iterator[Judged]:
        """Rows with their verdicts, some thousands at a time; rows that wait for their head's come last."""
        for some in parts(range(len(self.cleaned.rows))):
            yield self._lot(self._ready(some))
            self._went(len(self.cleaned.rows) + some[-1] + 1)
        for some in parts(self.waiting):
            yield self._lot(some)
        listed = missing.candidates(self.session, self.sheet, self.actor, self.townships)
        for lot in parts(enumerate(listed, 1)):
            yield Judged([], [_missing(-n, row, table) for n, (row, table) in lot], NOBODY)

    def common(self) -> dict[int, list[Problem]]:
        """What else is to be looked at once all rows are judged, by row number."""
        return self.doubles.common()

    def _went(self, done: int) -> None:
        if self.tell:
            self.tell(done, 2 * len(self.sheet.rows))

    def _ready(self, places: Sequence[int]) -> Sequence[int]:
        """The rows that need not wait: the head of whose new family does not stand further down, in a later lot."""
        rows, heads, last = self.cleaned.rows, self.judge.heads_here, self.cleaned.numbers[places[-1]]
        some = {rows[at].head_id_no for at in places if type(rows[at]) is MemberRow}
        later = {head for head in some if head in heads and heads[head].number > last}
        if not later:
            return places
        waits = {at for at in places if type(rows[at]) is MemberRow and rows[at].head_id_no in later}
        waits -= {at for at in waits if rows[at].relation is Relation.HEAD}
        self.waiting += sorted(waits)
        return [at for at in places if at not in waits]

    def _lot(self, places: Sequence[int]) -> Judged:
        rows = [self.cleaned.rows[at] for at in places]
        self._read(rows)
        villages = self._villages(places)
        heads = [at for at in places if at not in villages and _is_head(self.cleaned.rows[at])]
        verdicts = self._judge(heads, villages)
        for at, row in zip(places, rows, strict=True) if self.refused else ():
            if at in villages and row.head_id_no in self.refused:
                del villages[at]
        verdicts |= self._judge([at for at in places if at not in verdicts], villages)
        return self._told(verdicts, villages)

    def _told(self, verdicts: Mapping[int, Verdict], villages: Mapping[int, str]) -> Judged:
        new = Newcomers([self.cleaned.rows[at] for at in villages], list(villages.values()), self.judge.family_sizes)
        order = sorted(verdicts)
        lot = Judged([self._source(at) for at in order], [verdicts[at] for at in order], new)
        self.doubles.mark(self.sheet, lot)
        self.townships |= {verdict.village_code[:9] for verdict in lot.verdicts if verdict.village_code}
        self.townships |= {village[:9] for village in set(new.villages)}
        return lot

    def _source(self, place: int) -> Later:
        return Later(self.sheet.rows, self.cleaned.numbers[place], place)

    def _villages(self, places: Sequence[int]) -> dict[int, str]:
        """The villages of rows that bring somebody new to a new family, where nothing speaks against them."""
        people, rows = self.judge.existing.people, map(self.cleaned.rows.__getitem__, places)
        new = {
            at: row.head_id_no for at, row in zip(places, rows, strict=True)
            if type(row) is MemberRow and not row.warnings and row.id_no not in people
        }  # fmt: skip
        homes = {head: self.judge.home_of(head) for head in dict.fromkeys(new.values()) if head not in people}
        return {at: village for at, head in new.items() if (village := homes.get(head))}

    def _read(self, rows: Sequence[Any]) -> None:
        """What stands here of the people whom a lot names."""
        judge, named, kinds = self.judge, set(self.born.values()), set(map(type, rows))
        members = people_of(rows)
        for own in ("id_no", "head_id_no"):
            named.update(map(attrgetter(own), members))
        for row in rows if kinds != {MemberRow} else ():
            named.update(_numbers(row) if row is not None and type(row) is not MemberRow else ())
        self._hash(named)
        if self.anybody:
            judge.existing = read_existing(self.session, {self.marks[number]: number for number in named})
        judge.by_birth = {key: person for key, number in self.born.items() if (person := judge.existing.person(number))}
        if AidRow in kinds:
            judge.aid_known = lists.aid_of(self.session, list(judge.existing.families))
        if ChangeRow in kinds and any(row.person for row in rows if type(row) is ChangeRow):
            judge.names_here = lists.names_of(self.session, list(judge.existing.families))
        if TekunRow in kinds:
            judge.support_known = lists.support_of(self.session, judge.existing.people)

    def _hash(self, numbers: set[str]) -> None:
        """Know the hashes of these numbers."""
        if len(self.marks) + len(numbers) > MOST_KNOWN:
            self.marks.clear()
        fresh = list(numbers - self.marks.keys())
        self.marks.update(zip(fresh, blind_all("id_no", fresh), strict=True))

    def _judge(self, places: Sequence[int], villages: Mapping[int, str]) -> dict[int, Verdict]:
        """Judge rows one by one, but for those that bring somebody new to a new family."""
        rows = {at: self.cleaned.rows[at] for at in places if at not in villages}
        members = [row for row in rows.values() if type(row) is MemberRow]
        wanted = {row.number: told for row, told in zip(members, each(wanted_members(members)), strict=True)}
        return {at: self._judged(at, row, wanted) for at, row in rows.items()}

    def _judged(self, place: int, row: Any, wanted: Mapping[int, Flat]) -> Verdict:
        judge = self.judge
        judge.source = self._source(place)
        if row is None:
            return _refused(judge, judge.source, self.cleaned.problems[judge.source.number])
        person = _person(row)
        if person is None:
            return _judge_other(judge, row)
        verdict = _judge_supported(judge, row) if row is not person else judge.member(row, wanted[row.number])
        if person.relation is Relation.HEAD and verdict.outcome == "refused":
            self.refused.add(person.id_no)
        elif person.relation is not Relation.HEAD and verdict.outcome == "new" and person.head_id_no in self.refused:
            verdict.problems.append(judge.problem("head_id_no", "head_refused"))
            closed(verdict)
        return verdict


def _is_head(row: Any) -> bool:
    person = _person(row)
    return person is not None and person.relation is Relation.HEAD


def _person(row: Any) -> MemberRow | None:
    """The person of a row that names the family they live in."""
    return row.member if isinstance(row, TekunRow) else row if isinstance(row, MemberRow) else None


def _missing(number: int, row: Any, table: str) -> Verdict:
    """Somebody whom a complete file does not name; numbered below the rows of the file."""
    row_id, version = (row.id, row.row_version) if table == "member" else (row.household_id, row.home_version)
    return Verdict(number, table, row.name, "missing", row.village_code, row_id, version)


def _of_kind(kind: type[Any], rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if type(row) is kind] if kind in set(map(type, rows)) else []


def _gather(judge: Judge, rows: Iterable[TekunRow]) -> None:
    """What rows of 特困人员 need to know of each other."""
    for row in rows:
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
    if isinstance(row, HouseholdRow):
        return row.head_id_no, *(number for _, number in row.members)
    fields = ("id_no", "holder_id_no")
    return tuple(number for name in fields if (number := getattr(row, name, "")))


def _judge_other(judge: Judge, row: Any) -> Verdict:
    if isinstance(row, HouseholdRow):
        return judge.household(row)
    decide = next(decide for kind, decide in LISTS if isinstance(row, kind))
    verdict = Verdict(row.number, "household", row.name, "new", warnings=list(row.warnings))
    decide(judge, row, verdict)
    return closed(verdict)


def _judge_supported(judge: Judge, row: TekunRow) -> Verdict:
    note = noted(row.member.note, row.told, judge.support_known.get(row.member.id_no, ()))
    member = row.member._replace(note=note)
    wanted = each(wanted_members([member]))[0] | ({"support_mode": flat(row.mode)} if row.mode else {})
    verdict = judge.member(member, wanted, with_case=False)
    lists.tekun(judge, row, verdict)
    return closed(verdict)


def _refused(judge: Judge, source: Later, problems: Iterable[Problem]) -> Verdict:
    table = "household" if judge.sheet.layout.kind == "households" else "member"
    cells = judge.sheet.roster_row(source).cells
    name = cells.get("head_name" if table == "household" else "name", "")[:50]
    return Verdict(source.number, table, name, "refused", problems=list(problems))
