"""Verdicts on rows of the lists beside the rosters: accounts, aid that was paid, 特困, and what a 变动表 says.

None of them edits an approved amount: accounts are changed and called out, finished aid and running support are taken
over where nothing of the kind stands here, and changes are candidates for the steps that people take.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models import Benefit, Household, Member
from models import TekunPerson as T
from policy.identity import parse_id_number
from policy.vocabulary import Relation, Scheme
from workflows.actor import scoped, within
from workflows.exchange.existing import Family, Person, chunks
from workflows.exchange.list_rows import AccountRow, AidRow, ChangeRow, TekunRow, said, support_cells
from workflows.exchange.wanted import Flat, as_read, flat

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workflows.exchange.judging_rows import Judge
    from workflows.exchange.verdicts import Verdict

EVENTS = {
    "changes_new": "join", "changes_stop": "stop", "changes_death": "death", "changes_end": "stop",
    "changes_amount": "amount",
}  # fmt: skip


def account(judge: "Judge", row: AccountRow, verdict: "Verdict") -> None:
    """A person's family gets the account; a name that is not the person's refuses the row, for money follows it.

    An empty account of somebody who is here is no news.
    """
    person, family = _known(judge, row.id_no, verdict)
    if person is None or family is None:
        return
    if row.name != as_read("name", person.values["name"]):
        verdict.problems.append(judge.problem("name", "name_differs"))
        return
    told = {"one_card": row.onecard, "bank": row.bank, "account_name": row.account_name}
    wanted: Flat = {name: text for name, text in told.items() if text}
    if row.onecard and row.onecard != family.values.get("one_card"):
        wanted.setdefault("account_name", row.name)  # whose a new card is, where the list does not say
    earlier = judge.accounts.setdefault(family.id, (row.number, row.onecard)) if row.onecard else (row.number, "")
    if earlier[1] != row.onecard:
        verdict.problems.append(judge.problem("onecard", "account_conflict", rows=[earlier[0]]))
        return
    verdict.table, verdict.label = "household", family.head_name
    judge.compare(verdict, family, family.values, wanted if earlier[0] == row.number else {})
    if family.values.get("one_card") and "one_card" in verdict.content:
        verdict.warnings.append(judge.problem("onecard", "account_changes"))
    holder = judge.existing.person(row.holder_id_no) if row.holder_id_no else None
    if row.holder_id_no and (holder is None or holder.household_id != family.id):
        verdict.warnings.append(judge.problem("holder_id_no", "holder_outside"))


def aid(judge: "Judge", row: AidRow, verdict: "Verdict") -> None:
    """Aid that was paid becomes a finished case of the person's family, or of one that is founded with the person."""
    given = {
        "scheme": Scheme.TEMPORARY.value, "amount_fen": row.amount_fen, "decided_on": row.decided_on.isoformat(),
        "reason": row.reason, "own_cost_fen": row.own_cost_fen, "covered": row.people or 1, "first_month": None,
    }  # fmt: skip
    person = judge.existing.person(row.id_no)
    if person is not None:
        _, family = _known(judge, row.id_no, verdict)
        if family is None:
            return
        if (row.decided_on, row.amount_fen) in judge.aid_known.get(family.id, ()):
            verdict.outcome, verdict.row_id, verdict.village_code = "unchanged", family.id, family.village_code
            return
        verdict.village_code, verdict.content = family.village_code, {"household_id": family.id, "case": given}
        return
    if row.id_no in judge.founded_by_aid:
        verdict.content = {"head_of": row.id_no, "case": given}
        verdict.village_code = judge.founded_by_aid[row.id_no]
        return
    place = judge.village_of(row, verdict)
    verdict.village_code = place
    head = {"name": row.name, "relation": Relation.HEAD.value, "id_no": row.id_no, **_born(row.id_no)}
    home = {"head_name": row.name, "address": row.address, "phone": row.phone, "account": row.account}
    verdict.content = {"household": {k: v for k, v in home.items() if v}, "head": head, "case": given}
    if place:
        judge.founded_by_aid[row.id_no] = place


def tekun(judge: "Judge", row: TekunRow, verdict: "Verdict") -> None:
    """After the person was judged as a member: the family's support is taken over where none stands here.

    Who comes to it must have a mode of support; of those whose support stands here already an empty one is no news.
    """
    family, person = judge.existing.family_of(row.member.head_id_no), judge.existing.person(row.member.id_no)
    supported = person is not None and family is not None and family.tekun_no is not None
    if row.mode is None and not supported:
        verdict.problems.append(judge.problem("mode", "empty"))
    if verdict.problems or row.number != judge.tekun_first.get(row.member.head_id_no):
        return
    fen, people = judge.tekun_sums[row.member.head_id_no]
    if not fen:
        return
    first = row.member.first_month.isoformat() if row.member.first_month else None
    case = {"scheme": Scheme.TEKUN.value, "amount_fen": fen, "covered": people, "first_month": first}
    if family is None:
        verdict.content["case"] = case
    elif family.tekun_no is None:
        verdict.content |= {"case": case, "household_id": family.id}
        verdict.outcome = "changed" if verdict.outcome == "unchanged" else verdict.outcome
    elif fen != family.tekun_fen:
        told = {"case_no": family.tekun_no, "ours_fen": family.tekun_fen, "theirs_fen": fen}
        verdict.warnings.append(judge.problem("total_fen", "tekun_amount_differs", "", **told))


def change(judge: "Judge", row: ChangeRow, verdict: "Verdict") -> None:
    """A candidate for a step: who it is about, and what the sheet says; somebody takes the step on its page."""
    layout = judge.sheet.layout.code
    said = {name: flat(getattr(row, name)) for name in
            ("on", "before_fen", "after_fen", "reason", "into", "grace", "kind", "person")}  # fmt: skip
    told = {name: value for name, value in said.items() if value not in (None, "")}
    verdict.content = {"event": EVENTS[layout], **told}
    person = judge.existing.person(row.id_no) if row.id_no else judge.by_birth.get((row.name, row.birth))
    if person is not None and within(judge.actor, person.village_code):
        family = judge.existing.families[person.household_id]
        verdict.table, verdict.row_id, verdict.row_version = "household", family.id, family.row_version
        verdict.village_code = family.village_code
        if _stands(EVENTS[layout], row, family):
            verdict.content, verdict.outcome = {}, "unchanged"
            return
        if row.before_fen is not None and _of_allowance(row, family) and row.before_fen != family.monthly_fen:
            told = {"case_no": family.case_no, "ours_fen": family.monthly_fen, "theirs_fen": row.before_fen}
            verdict.warnings.append(judge.problem("before_fen", "amount_differs", "", **told))
        if row.person and row.person not in judge.names_here.get(family.id, ()):
            verdict.warnings.append(judge.problem("person", "dead_not_here", row.person, head=family.head_name))
        for case_no in family.held if EVENTS[layout] == "join" else ():
            verdict.warnings.append(judge.problem("name", "joins_open_case", case_no=case_no))
    elif person is not None:
        verdict.problems.append(judge.problem("id_no", "registered_elsewhere"))
    elif EVENTS[layout] != "join":
        verdict.problems.append(judge.problem("id_no" if row.id_no else "birth", "unknown_person"))
    verdict.outcome = "candidate"


def _stands(event: str, row: ChangeRow, family: Family) -> bool:
    """Whether what a row says has happened here already: the case it stops has ended, the amount is the new one."""
    if event == "amount":
        return _of_allowance(row, family) and row.after_fen == family.monthly_fen
    ended = {"低保": family.case_no is None, "特困": family.tekun_no is None}
    return event == "stop" and any(gone and _names(word, row.kind) for word, gone in ended.items())


def _of_allowance(row: ChangeRow, family: Family) -> bool:
    """Whether amounts of a row are of the family's 低保 in force: its class says so, or says nothing."""
    return family.in_force and (not row.kind or _names("低保", row.kind))


def _names(scheme: str, kind: str) -> bool:
    """Whether the class in a row is of this scheme; 低保边缘家庭 are no families of 低保."""
    return scheme in kind and "边缘" not in kind


def _known(judge: "Judge", id_no: str, verdict: "Verdict") -> tuple[Person | None, Family | None]:
    """The person and their family, where they stand here and in the importer's division; else the row says why not."""
    person = judge.existing.person(id_no)
    if person is None:
        verdict.problems.append(judge.problem("id_no", "unknown_person"))
        return None, None
    if not within(judge.actor, person.village_code):
        verdict.problems.append(judge.problem("id_no", "registered_elsewhere"))
        return None, None
    return person, judge.existing.families[person.household_id]


def _born(id_no: str) -> Flat:
    identity = parse_id_number(id_no)
    return {"sex": flat(identity.sex), "birth": identity.birth.isoformat()}


def aid_of(session: "Session", household_ids: list[int]) -> dict[int, set[tuple[Any, int]]]:
    """(day decided, 分) of the aid that these families had."""
    found: dict[int, set[tuple[Any, int]]] = {}
    columns = (Benefit.household_id, Benefit.decided_on, Benefit.one_off_fen)
    for start in range(0, len(household_ids), 500):
        part = household_ids[start : start + 500]
        query = select(*columns).where(Benefit.household_id.in_(part), Benefit.scheme == Scheme.TEMPORARY,
                                       Benefit.one_off_fen > 0)  # fmt: skip
        for household, day, fen in session.execute(query):
            found.setdefault(household, set()).add((day, fen))
    return found


def names_of(session: "Session", household_ids: list[int]) -> dict[int, set[str]]:
    """The names of everybody who is present in these families."""
    found: dict[int, set[str]] = {}
    for part in chunks(household_ids):
        query = select(Member.household_id, Member.name).where(Member.household_id.in_(part), Member.left_on.is_(None))
        for household_id, name in session.execute(query):
            found.setdefault(household_id, set()).add(name)
    return found


def support_of(session: "Session", people: Mapping[str, Person]) -> dict[str, list[str]]:
    """What is on file of these people's support, as parts of a note, by ID number."""
    found: dict[str, list[str]] = {}
    numbers = {person.id: number for number, person in people.items()}
    columns = (T.member_id, T.unmet, T.home, T.home_until, T.guardian)
    for part in chunks(sorted(numbers)):
        for member_id, unmet, home, until, guardian in session.execute(select(*columns).where(T.member_id.in_(part))):
            cells = support_cells(unmet, home if until is None else "", guardian)
            told = said({name: as_read(name, text) for name, text in cells.items()})
            found.setdefault(numbers[member_id], []).extend(told)
    return found


def heads_born(session: "Session", actor: Any, names: list[str]) -> dict[tuple[str, Any], str]:
    """ID numbers of present heads by name and birth, as far as they are in reach and no two are alike."""
    found: dict[tuple[str, Any], list[str]] = {}
    for start in range(0, len(names), 500):
        query: Any = select(Member).join(Household, Household.id == Member.household_id)
        query = query.where(Member.name.in_(names[start : start + 500]), Member.left_on.is_(None))
        for member in session.scalars(scoped(query.where(Member.relation == Relation.HEAD), Member, actor)):
            found.setdefault((member.name, member.birth), []).append(member.id_no)
    return {key: numbers[0] for key, numbers in found.items() if len(numbers) == 1}
