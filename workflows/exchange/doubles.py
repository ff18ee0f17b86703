"""Rows that may be somebody who is here already, or twice in the file: a person decides, nothing is merged by itself.

The check digit lets no single wrong digit through, so a number "differing by one digit" is one whose first 17 digits
differ in one place, or one that was refused for its check digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Household, Member
from models.lots import Column
from models.sealing import blind_all, unseal
from policy.identity import clean_number
from workflows.actor import Actor, within
from workflows.exchange.existing import chunks, known
from workflows.exchange.rows import Problem

if TYPE_CHECKING:
    from workflows.exchange.reading import Sheet
    from workflows.exchange.verdicts import Judged, Verdict

CODES = (
    "perhaps_same", "perhaps_near", "perhaps_known", "perhaps_elsewhere", "perhaps_same_here", "perhaps_near_here",
    "same_account", "same_account_here",
)  # fmt: skip
MOST_NAMESAKES = 20
BODY, PARTED = 17, 14


Found = defaultdict[int, list[Problem]]
"""Doubts by row number."""
Account = tuple[str, int, int | None]
"""Its number, the row that gives it, and the id of the row's family here."""


class Person(NamedTuple):
    """Somebody as a row has them."""

    row: int
    name: str
    number: str
    birth: str


class People(NamedTuple):
    """The same of many, by columns."""

    rows: list[int]
    names: list[str]
    numbers: list[str]
    births: list[str]

    def add(self, rows: Column, names: Column, numbers: Column, births: Column) -> None:
        """Some more."""
        self.rows.extend(rows)
        self.names.extend(names)
        self.numbers.extend(numbers)
        self.births.extend(births)


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
        self.people = People([], [], [], [])
        self.accounts, self.rows = list[str](), list[int]()
        """Account numbers, and the row that gives each."""

    def mark(self, sheet: "Sheet", lot: "Judged") -> None:
        """Add to some rows what speaks for their being the double of somebody here."""
        new, others = lot.newcomers, list(_people(sheet, lot))
        told = new.said["number"], new.wanted["name"], new.wanted["id_no"], new.wanted["birth"]
        for some in (told, tuple(zip(*others, strict=True))) if others else (told,):
            self.people.add(*some)
        for field in ("account", "onecard"):
            self.accounts += new.founding[field]
            self.rows += new.founding["number"]
        accounts = [(number, row, home) for row, home, numbers in _accounts(lot.verdicts) for number in numbers]
        self.accounts += [number for number, _, _ in accounts]
        self.rows += [row for _, row, _ in accounts]
        if self.anybody:
            self._mark_ours(lot, others, accounts)

    def _mark_ours(self, lot: "Judged", others: Sequence[Person], accounts: Sequence[Account]) -> None:
        """What speaks for somebody who stands in our tables."""
        found: Found = defaultdict(list)
        new = lot.newcomers
        told = map(Person, new.said["number"], new.wanted["name"], new.wanted["id_no"], new.wanted["birth"])
        given = [(number, row.number, None) for row in new.heads for number in {row.account, row.onecard} if number]
        _among_ours(self.session, self.actor, [*told, *others], found)
        _among_accounts(self.session, self.actor, [*given, *accounts], found)
        for verdict in lot.verdicts if found else ():
            verdict.warnings += found.pop(verdict.number, ())
        new.found |= found

    def common(self) -> dict[int, list[Problem]]:
        """What rows of the whole file have in common with one another, by row number."""
        found: Found = defaultdict(list)
        _among_themselves(self.people, found)
        for number, places in met_again(self.accounts).items():
            rows = {self.rows[place] for place in places}
            for row in rows if number and len(rows) > 1 else ():
                _add(found[row], "same_account_here", rows=sorted(rows - {row}))
        return found


def met_again(keys: Sequence[Any]) -> dict[Any, list[int]]:
    """The places of each key that stands in more than one of them."""
    if len(set(keys)) == len(keys):
        return {}
    first: dict[Any, int] = {}
    found: dict[Any, list[int]] = {}
    for place, key in enumerate(keys):
        met = first.setdefault(key, place)
        if met != place:
            found.setdefault(key, [met]).append(place)
    return found


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


def _among_themselves(people: People, found: Found) -> None:
    """Bearers of one name: born on the same day, or with numbers that differ in one digit."""
    rows, numbers, births = people.rows, people.numbers, people.births
    halves = (number[:PARTED] for number in numbers), (number[PARTED:BODY] for number in numbers)
    alike = [_alike(people.names, column) for column in (births, *halves)]
    for one in _first_namesakes(people.names, sorted(set(chain(*alike)))):
        born, first, last = (told.get(one, ()) for told in alike)
        same = [rows[at] for at in born if births[one] and numbers[at] != numbers[one]]
        likely = {*first, *last}.difference(born if births[one] else ())
        close = sorted(rows[at] for at in likely if near(numbers[at], numbers[one]))
        for code, others in (("perhaps_same_here", same), ("perhaps_near_here", close)):
            if others:
                _add(found[rows[one]], code, rows=others)


def _alike(names: Iterable[str], column: Iterable[str]) -> dict[int, list[int]]:
    """The places of all bearers of one name who say the same, by the place of each of them."""
    found = met_again(list(zip(names, column, strict=True)))
    return {place: places for places in found.values() for place in places}


def _first_namesakes(names: Sequence[str], places: Iterable[int]) -> Iterator[int]:
    """Those of some places whose name few have borne before."""
    before = defaultdict[str, Iterator[int]](count)
    borne = [next(before[name]) for name in names]
    return (place for place in places if borne[place] < MOST_NAMESAKES)


def _among_accounts(session: Session, actor: Actor, accounts: Sequence[Account], found: Found) -> None:
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


def _accounts(verdicts: Sequence["Verdict"]) -> Iterator[tuple[int, int | None, Iterable[str]]]:
    """Rows with the id of their family here, and the account numbers that they give a family anew."""
    for verdict in verdicts:
        own = verdict.row_id if verdict.table == "household" else None
        content = verdict.content.get("household") or (verdict.content if verdict.table == "household" else {})
        yield verdict.number, own, {number for number in (content.get("account"), content.get("one_card")) if number}


def _add(problems: list[Problem], code: str, **args: Any) -> None:
    if not any(known.code == code and dict(known.args) == args for known in problems):
        problems.append(Problem("", "", code, args=args))
