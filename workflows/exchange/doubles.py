"""Rows that may be somebody who is here already, or twice in the file: a person decides, nothing is merged by itself.

The check digit lets no single wrong digit through, so a number "differing by one digit" is one whose first 17 digits
differ in one place, or one that was refused for its check digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Household, Member
from models.sealing import blind_all, unseal
from policy.identity import clean_number
from workflows.actor import Actor, within
from workflows.exchange.existing import chunks, known
from workflows.exchange.rows import Problem

if TYPE_CHECKING:
    from workflows.exchange.judging import Judged
    from workflows.exchange.newcomers import Newcomers
    from workflows.exchange.reading import Sheet

CODES = (
    "perhaps_same", "perhaps_near", "perhaps_known", "perhaps_elsewhere", "perhaps_same_here", "perhaps_near_here",
    "same_account", "same_account_here",
)  # fmt: skip
MOST_NAMESAKES = 20
BODY, PARTED = 17, 14


Found = defaultdict[int, list[Problem]]
"""Doubts by row number."""


class Person(NamedTuple):
    """Somebody as a row has them."""

    row: int
    name: str
    number: str
    birth: str


def near(one: str, other: str) -> bool:
    """Whether two numbers differ in one of their first 17 digits, or in the last sign alone."""
    if one[:PARTED] != other[:PARTED] and one[PARTED:BODY] != other[PARTED:BODY]:
        return False  # one wrong digit leaves one of the two parts as it was
    if len(one) != len(other) or one == other:
        return False
    return sum(a != b for a, b in zip(one[:BODY], other[:BODY], strict=True)) <= 1


class Doubles:
    """Looks at verdicts lot by lot, and in the end at what they have in common; who lies elsewhere is not told of.

    Not ``anybody``: nobody stands here yet.
    """

    def __init__(self, session: Session, actor: Actor, anybody: bool = True) -> None:
        self.session, self.actor, self.anybody = session, actor, anybody
        self.by_name: defaultdict[str, list[Person]] = defaultdict(list)
        self.by_account: defaultdict[str, list[int]] = defaultdict(list)

    def mark(self, sheet: "Sheet", lot: "Judged") -> None:
        """Add to some rows what speaks for their being the double of somebody here."""
        found: Found = defaultdict(list)
        people = [*_newcomers(lot.newcomers), *_people(sheet, lot)]
        for person in people:
            self.by_name[person.name].append(person)
        accounts = [(number, row, home) for row, home, numbers in _accounts(lot) for number in numbers]
        for number, row, _ in accounts:
            self.by_account[number].append(row)
        if self.anybody:
            _among_ours(self.session, self.actor, people, found)
            _among_accounts(self.session, self.actor, accounts, found)
        for verdict in lot.verdicts if found else ():
            verdict.warnings += found.pop(verdict.number, ())
        lot.newcomers.found |= found

    def common(self) -> dict[int, list[Problem]]:
        """What rows of the whole file have in common with one another, by row number."""
        found: defaultdict[int, list[Problem]] = defaultdict(list)
        for group in self.by_name.values():
            if len(group) > 1:
                _among_themselves(group, found)
        for rows in self.by_account.values():
            if len(rows) > 1 and len(set(rows)) > 1:
                for row in rows:
                    others = sorted({other for other in rows if other != row})
                    _add(found[row], "same_account_here", rows=others)
        return found


def _newcomers(new: "Newcomers") -> Iterator[Person]:
    told = new.wanted
    return map(Person, new.said["number"], told["name"], told["id_no"], told["birth"])


def _people(sheet: "Sheet", lot: "Judged") -> Iterator[Person]:
    for row, verdict in zip(lot.sources, lot.verdicts, strict=False):
        person = verdict.content.get("member") or verdict.content.get("head")
        if verdict.outcome == "new" and person:
            yield Person(verdict.number, person["name"], person["id_no"], person["birth"])
        elif any(problem.code == "check_digit" for problem in verdict.problems):
            field = "id_no" if verdict.table == "member" else "head_id_no"
            number = clean_number(sheet.roster_row(row).cells.get(field, ""))
            yield Person(verdict.number, verdict.label.strip(), number, "")


def _among_ours(session: Session, actor: Actor, people: Sequence[Person], found: Found) -> None:
    by_name: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        by_name[person.name].append(person)
    columns = (Member.id, Member.name, Member.birth, Member.village_code, Member.row_key, Member.id_no_sealed)
    for part in chunks(sorted(by_name)):
        query = select(*columns).where(Member.name.in_(part), Member.left_on.is_(None)).order_by(Member.name, Member.id)
        namesakes: defaultdict[str, int] = defaultdict(int)
        for ours in session.execute(query):
            namesakes[ours.name] += 1
            if namesakes[ours.name] <= MOST_NAMESAKES:
                _compare(actor, by_name[ours.name], ours, found)


def _compare(actor: Actor, people: Sequence[Person], ours: Any, found: Found) -> None:
    birth, number = ours.birth.isoformat(), ""
    for person in people:
        code = ""
        if person.birth and person.birth == birth:
            code = "perhaps_same"
        else:
            number = number or unseal("member.id_no", ours.row_key, ours.id_no_sealed)
            if near(person.number, number):
                code = "perhaps_near" if person.birth else "perhaps_known"
        if code and not within(actor, ours.village_code):
            _add(found[person.row], "perhaps_elsewhere")
        elif code:
            _add(found[person.row], code, of=ours.id, name=ours.name)


def _among_themselves(group: Sequence[Person], found: Mapping[int, list[Problem]]) -> None:
    """Bearers of one name: born on the same day, or with numbers that differ in one digit."""
    some = group[:MOST_NAMESAKES]
    births: dict[str, list[Person]] = {one.birth: [] for one in some}
    alike: dict[str, list[Person]] = {part: [] for one in some for part in _halves(one.number)}
    for person in group:
        if person.birth in births:
            births[person.birth].append(person)
        for part in _halves(person.number):
            if part in alike:
                alike[part].append(person)
    for one in some:
        same = [o.row for o in births[one.birth] if one.birth and o is not one and o.number != one.number]
        likely = {o.row: o for part in _halves(one.number) for o in alike[part] if o is not one}
        close = [o.row for o in likely.values() if o.row not in same and near(o.number, one.number)]
        for code, rows in (("perhaps_same_here", same), ("perhaps_near_here", sorted(close))):
            if rows:
                _add(found[one.row], code, rows=rows)


def _halves(number: str) -> tuple[str, str]:
    """The parts of a number, of which one wrong digit leaves one as it was."""
    return number[:PARTED], number[PARTED:BODY]


def _among_accounts(
    session: Session, actor: Actor, accounts: Sequence[tuple[str, int, int | None]], found: Found
) -> None:
    by_account: defaultdict[str, list[tuple[int, int | None]]] = defaultdict(list)
    for number, row, family in accounts:
        by_account[number].append((row, family))
    numbers = sorted(by_account)
    hashes, home = dict(zip(blind_all("account", numbers), numbers, strict=True)), Household
    columns = (home.id, home.head_name, home.village_code, home.account_hash, home.one_card_hash)
    here = {
        mark for name in ("account_hash", "one_card_hash")
        for mark in known(session, "household", name, hashes, "dissolved_on IS NULL")
    }  # fmt: skip
    for part in chunks(sorted(here)):
        theirs = or_(home.account_hash.in_(part), home.one_card_hash.in_(part))
        for ours in session.execute(select(*columns).where(theirs, home.dissolved_on.is_(None))):
            for mark in {ours.account_hash, ours.one_card_hash} & hashes.keys():
                _shared(actor, ours, by_account[hashes[mark]], found)


def _shared(actor: Actor, ours: Any, rows: Sequence[tuple[int, int | None]], found: Found) -> None:
    for row, home in rows:
        if home == ours.id:
            continue
        if within(actor, ours.village_code):
            _add(found[row], "same_account", household=ours.id, head=ours.head_name)
        else:
            _add(found[row], "perhaps_elsewhere")


def _accounts(lot: "Judged") -> Iterator[tuple[int, int | None, Iterable[str]]]:
    """Rows with the id of their family here, and the account numbers that they give a family anew."""
    for row in lot.newcomers.heads:
        yield row.number, None, {number for number in (row.account, row.onecard) if number}
    for verdict in lot.verdicts:
        own = verdict.row_id if verdict.table == "household" else None
        content = verdict.content.get("household") or (verdict.content if verdict.table == "household" else {})
        yield verdict.number, own, {number for number in (content.get("account"), content.get("one_card")) if number}


def _add(problems: list[Problem], code: str, **args: Any) -> None:
    if not any(known.code == code and dict(known.args) == args for known in problems):
        problems.append(Problem("", "", code, args=args))
