"""Rows of the lists beside the rosters, before and after cleaning; none shows a person's data in its repr."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from policy.vocabulary import Mode
from workflows.exchange import values, words
from workflows.exchange.cleaning import (
    ACCOUNT,
    COUNT,
    DAY,
    LONGEST,
    MONTHLY,
    NAME,
    PERSON,
    Cells,
    Field,
    Kind,
    money,
    text,
    word,
)
from workflows.exchange.cleaning_households import HOUSEHOLD
from workflows.exchange.cleaning_members import MEMBER, member
from workflows.exchange.columns import Layout
from workflows.exchange.rows import MemberRow, Problem

MODE = words.Table({Mode.HOME: "分散 分散供养 居家 散居", Mode.CENTRAL: "集中 集中供养 机构 机构供养"})
MOST_AID_YUAN = 1_000_000
TOLD = {"institution": "供养机构", "self_care": "自理能力", "carer_name": "照料人"}
"""Columns of 特困 that go into the note, by the word they stand behind there."""


@dataclass(frozen=True, slots=True, repr=False)
class TekunRow:
    """A person of 特困: as a member, with the mode of support and what it costs a month (分)."""

    member: MemberRow
    mode: Mode | None
    basic_fen: int | None
    care_fen: int | None
    told: tuple[str, ...] = ()
    """What the sheet says of home, self-care and carer, as it goes into the note where nothing here says it."""

    @property
    def number(self) -> int:
        """The row number the spreadsheet shows."""
        return self.member.number

    @property
    def monthly_fen(self) -> int:
        """Support and care a month (分); the sheet's total where it names no parts."""
        parts = (self.basic_fen or 0) + (self.care_fen or 0)
        return parts or self.member.total_fen or self.member.monthly_fen or 0


@dataclass(frozen=True, slots=True, repr=False)
class AccountRow:
    """A line of the 一卡通 list: whose money goes to which account; without one it tells nothing new of it.

    Its amounts are the bank's, not ours.
    """

    number: int
    name: str
    id_no: str
    account_name: str
    holder_id_no: str
    onecard: str
    bank: str
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class AidRow:
    """Temporary assistance that was paid: to whom, how much (分), when it was decided, why."""

    number: int
    name: str
    id_no: str
    people: int | None
    address: str
    phone: str
    amount_fen: int
    decided_on: date
    reason: str
    own_cost_fen: int | None
    account: str
    county: str
    township: str
    village: str
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ChangeRow:
    """A line of a 变动表: what is said to have happened to whom; ``person`` is who died, amounts in 分 a month."""

    number: int
    name: str
    id_no: str
    birth: date | None
    person: str
    on: date | None
    before_fen: int | None
    after_fen: int | None
    reason: str
    into: str
    grace: bool | None
    kind: str
    address: str
    warnings: tuple[Problem, ...] = ()


def _own_heads(texts: dict[str, Sequence[str]]) -> None:
    """Who has no head of their own is one."""
    none = ("",) * len(next(iter(texts.values()), ()))
    people, heads, relations = (texts.get(name) or none for name in ("id_no", "head_id_no", "relation"))
    rows = zip(people, heads, relations, strict=True)
    told = [(head, relation) if head.strip() else (person, "户主") for person, head, relation in rows]
    texts["head_id_no"], texts["relation"] = [head for head, _ in told], [relation for _, relation in told]


def _tekun(cells: Cells) -> TekunRow | tuple[Problem, ...]:
    mode, basic, care = (cells.found.pop(name) for name in ("mode", "basic_fen", "care_fen"))
    told = {name: cells.found.pop(name) for name in TOLD}
    row = member(cells)
    return TekunRow(row, mode, basic, care, tuple(said(told))) if isinstance(row, MemberRow) else row


def said(told: Mapping[str, str]) -> list[str]:
    """What a sheet tells of somebody's support, as parts of a note."""
    return [f"{TOLD[name]}：{text}" for name, text in told.items() if text]


def told_before(note: str) -> dict[str, str]:
    """What an earlier sheet told of somebody's support, from the note that it was kept in."""
    parts = dict(part.split("：", 1) for part in note.split("；") if "：" in part)
    return {name: parts[word] for name, word in TOLD.items() if parts.get(word)}


def noted(note: str, told: Iterable[str], known: Collection[str]) -> str:
    """A note with what the sheet tells beside it, as far as neither the note nor what is on file says so."""
    more = [part for part in told if part not in known and part not in note.split("；")]
    return "；".join(filter(None, (note, *more)))[: LONGEST["note"]]


def support_cells(unmet: int | None, home: str, guardian: str) -> dict[str, str]:
    """What is on file of somebody's support, as a roster tells it; ``unmet`` of the six items of self-care."""
    care = "" if unmet is None else f"{unmet}项不达标" if unmet else "六项全达标"
    return {"institution": home, "self_care": care, "carer_name": guardian}


def _account(cells: Cells) -> AccountRow | tuple[Problem, ...]:
    found = cells.found | {name: cells.number_of(name) for name in ("id_no", "holder_id_no")}
    return tuple(cells.problems) or AccountRow(cells.row.number, **found, warnings=tuple(cells.warnings))


def _aid(cells: Cells) -> AidRow | tuple[Problem, ...]:
    found = cells.found | {"id_no": cells.number_of("id_no")}
    return tuple(cells.problems) or AidRow(cells.row.number, **found, warnings=tuple(cells.warnings))


def _change(cells: Cells) -> ChangeRow | tuple[Problem, ...]:
    """A row of a 变动表, which names its person by the number where it has no column of births."""
    unread = any(problem.field == "id_no" for problem in cells.problems)
    if cells.found["id_no"] is None and "birth" not in cells.row.cells and not unread:
        cells.problems.append(cells.problem("id_no", "empty"))
    found = cells.found | {"id_no": cells.number_of("id_no")}
    return tuple(cells.problems) or ChangeRow(cells.row.number, **found, warnings=tuple(cells.warnings))


def _day_or_month(text: str, on: date) -> date | None:
    try:
        return values.day(text, on)
    except values.BadCell as bad:
        if bad.code != "bad_date":
            raise
        return values.month(text, on)


PHONE = Field(values.phone, "")
TEKUN = Kind(
    {
        "mode": word(MODE), "basic_fen": MONTHLY, "care_fen": MONTHLY, **{name: text(name) for name in TOLD},
        **MEMBER.fields,
    },
    _tekun, beforehand=_own_heads,
)  # fmt: skip
ACCOUNTS = Kind(
    {
        "holder_id_no": PERSON, "name": NAME.must(), "id_no": PERSON.must(), "account_name": NAME,
        "onecard": ACCOUNT, "bank": text("bank"),
    },
    _account,
)  # fmt: skip
AID = Kind(
    {
        "name": NAME.must(), "id_no": PERSON.must(), "people": COUNT, "phone": PHONE,
        "amount_fen": money(MOST_AID_YUAN).must(), "decided_on": DAY.must(), "reason": text("reason"),
        "own_cost_fen": money(), "account": ACCOUNT,
        **{name: text(name) for name in ("address", "county", "township", "village")},
    },
    _aid,
)  # fmt: skip
CHANGES = Kind(
    {
        "id_no": PERSON, "name": NAME.must(), "birth": DAY, "person": NAME, "on": Field(_day_or_month, dated=True),
        "before_fen": MONTHLY, "after_fen": MONTHLY, "grace": word(words.YES_NO),
        **{name: text(name) for name in ("reason", "into", "kind", "address")},
    },
    _change,
)  # fmt: skip
KINDS = {"households": HOUSEHOLD, "members": MEMBER, "accounts": ACCOUNTS, "aid": AID, "changes": CHANGES}
"""By the kind of a layout."""


def kind_of(layout: Layout) -> Kind:
    """The kind of the rows of a layout."""
    return TEKUN if layout.code == "tekun_members" else KINDS[layout.kind]
