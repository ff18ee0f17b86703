"""Rows that may be somebody who is here already, or twice in the file: a person decides, nothing is merged by itself.

The check digit lets no single wrong digit through, so a number "differing by one digit" is one whose first 17 digits
differ in one place, or one that was refused for its check digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Household, Member
from models.sealing import blind, unseal
from policy.identity import clean_number
from workflows.actor import Actor, within
from workflows.exchange.existing import chunks
from workflows.exchange.rows import Problem

if TYPE_CHECKING:
    from workflows.exchange.checking import Checked
    from workflows.exchange.judging import Verdict

CODES = (
    "perhaps_same", "perhaps_near", "perhaps_known", "perhaps_elsewhere", "perhaps_same_here", "perhaps_near_here",
    "same_account", "same_account_here",
)  # fmt: skip
MOST_NAMESAKES = 20
BODY = 17


@dataclass(frozen=True)
class Person:
    """Somebody as a row has them."""

    verdict: "Verdict"
    name: str
    number: str
    birth: str


def near(one: str, other: str) -> bool:
    """Whether two numbers differ in one of their first 17 digits, or in the last sign alone."""
    if len(one) != len(other) or one == other:
        return False
    return sum(a != b for a, b in zip(one[:BODY], other[:BODY], strict=True)) <= 1


def mark(session: Session, actor: Actor, checked: Sequence["Checked"], verdicts: Sequence["Verdict"]) -> None:
    """Add to the rows what speaks for their being somebody else's double; who lies elsewhere is not told of."""
    people = list(_people(checked, verdicts))
    _among_ours(session, actor, people)
    _among_themselves(people)
    _accounts(session, actor, verdicts)


def _people(checked: Sequence["Checked"], verdicts: Sequence["Verdict"]) -> Iterator[Person]:
    for found, verdict in zip(checked, verdicts, strict=True):
        person = verdict.content.get("member") or verdict.content.get("head")
        if verdict.outcome == "new" and person:
            yield Person(verdict, person["name"], person["id_no"], person["birth"])
        elif any(problem.code == "check_digit" for problem in verdict.problems):
            field = "id_no" if verdict.table == "member" else "head_id_no"
            yield Person(verdict, verdict.label.strip(), clean_number(found.source.cells.get(field, "")), "")


def _among_ours(session: Session, actor: Actor, people: Sequence[Person]) -> None:
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
                for person in by_name[ours.name]:
                    _compare(actor, person, ours)


def _compare(actor: Actor, person: Person, ours: Any) -> None:
    code = ""
    if person.birth and person.birth == ours.birth.isoformat():
        code = "perhaps_same"
    elif near(person.number, unseal("member.id_no", ours.row_key, ours.id_no_sealed)):
        code = "perhaps_near" if person.birth else "perhaps_known"
    if code and not within(actor, ours.village_code):
        _warn(person.verdict, "perhaps_elsewhere")
    elif code:
        _warn(person.verdict, code, of=ours.id, name=ours.name)


def _among_themselves(people: Sequence[Person]) -> None:
    groups: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        groups[person.name].append(person)
    for group in groups.values():
        for one in group[: MOST_NAMESAKES if len(group) > 1 else 0]:
            others = [other for other in group if other is not one and other.number != one.number]
            same = [o.verdict.number for o in others if one.birth and o.birth == one.birth]
            close = [o.verdict.number for o in others if o.verdict.number not in same and near(o.number, one.number)]
            for code, rows in (("perhaps_same_here", same), ("perhaps_near_here", close)):
                if rows:
                    _warn(one.verdict, code, rows=rows)


def _accounts(session: Session, actor: Actor, verdicts: Sequence["Verdict"]) -> None:
    by_account: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        for number in _numbers(verdict):
            by_account[number].append(verdict)
    for sharing in by_account.values():
        if len({one.number for one in sharing}) > 1:
            for one in sharing:
                _warn(one, "same_account_here", rows=sorted({o.number for o in sharing if o is not one}))
    hashes = {blind("account", number): number for number in by_account}
    home = Household
    columns = (home.id, home.head_name, home.village_code, home.account_hash, home.one_card_hash)
    for part in chunks(sorted(hashes)):
        known = or_(Household.account_hash.in_(part), Household.one_card_hash.in_(part))
        for found in session.execute(select(*columns).where(known, home.dissolved_on.is_(None))):
            _shared(actor, found, hashes, by_account)


def _shared(actor: Actor, home: Any, hashes: dict[str, str], by_account: dict[str, list["Verdict"]]) -> None:
    for found in {home.account_hash, home.one_card_hash} & hashes.keys():
        for verdict in by_account[hashes[found]]:
            if verdict.table == "household" and verdict.row_id == home.id:
                continue
            if within(actor, home.village_code):
                _warn(verdict, "same_account", household=home.id, head=home.head_name)
            else:
                _warn(verdict, "perhaps_elsewhere")


def _numbers(verdict: "Verdict") -> Iterable[str]:
    """Account numbers that a row gives a family anew."""
    content = verdict.content.get("household") or (verdict.content if verdict.table == "household" else {})
    return {number for number in (content.get("account"), content.get("one_card")) if number}


def _warn(verdict: "Verdict", code: str, **args: Any) -> None:
    if not any(known.code == code and dict(known.args) == args for known in verdict.warnings):
        verdict.warnings.append(Problem("", "", code, args=args))
