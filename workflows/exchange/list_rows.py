"""Rows of the lists beside the rosters, before and after cleaning; none shows a person's data in its repr."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy.vocabulary import Mode
from workflows.exchange import values, words
from workflows.exchange.cleaning import LONGEST, MOST_MONTHLY_YUAN, Cells, clean_member
from workflows.exchange.rows import MemberRow, Problem, RosterRow

MODE = words.Table({Mode.HOME: "分散 分散供养 居家 散居", Mode.CENTRAL: "集中 集中供养 机构 机构供养"})
MOST_AID_YUAN = 1_000_000
CERTAIN = {"id_no", "head_id_no", "relation"}
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
    """A line of the 一卡通 list: whose money goes to which account. Its amounts are the bank's, not ours."""

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


def clean_tekun(row: RosterRow, on: date) -> TekunRow | tuple[Problem, ...]:
    """A row of 特困人员; who has no head of their own is one."""
    cells = dict(row.cells)
    if not cells.get("head_id_no", "").strip():
        cells["head_id_no"], cells["relation"] = cells.get("id_no", ""), "户主"
    own = Cells(row, on)
    mode = own.take("mode", values.word, MODE, required=True)
    basic, care = (own.money(field, MOST_MONTHLY_YUAN) for field in ("basic_fen", "care_fen"))
    told = {name: own.text(name) for name in TOLD}
    member = clean_member(RosterRow(row.number, cells, row.headers, row.surplus), on)
    problems = (*own.problems, *(member if isinstance(member, tuple) else ()))
    if problems or isinstance(member, tuple):
        return tuple(one for at, one in enumerate(problems) if one not in problems[:at])
    return TekunRow(member, mode, basic, care, tuple(said(told)))


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


def clean_account(row: RosterRow, on: date) -> AccountRow | tuple[Problem, ...]:
    """A row of the 一卡通 list."""
    cells = Cells(row, on)
    holder = cells.take("holder_id_no", values.person, on)
    found = {
        "name": cells.take("name", values.name, required=True) or "", "id_no": cells.id_number("id_no"),
        "account_name": cells.take("account_name", values.name) or "", "holder_id_no": holder.number if holder else "",
        "onecard": cells.take("onecard", values.account, required=True) or "", "bank": cells.text("bank"),
    }  # fmt: skip
    return tuple(cells.problems) or AccountRow(row.number, **found, warnings=tuple(cells.warnings))


def clean_aid(row: RosterRow, on: date) -> AidRow | tuple[Problem, ...]:
    """A row of paid 临时救助."""
    cells = Cells(row, on)
    found: dict[str, Any] = {
        "name": cells.take("name", values.name, required=True) or "", "id_no": cells.id_number("id_no"),
        "people": cells.take("people", values.count), "phone": cells.take("phone", values.phone) or "",
        "amount_fen": cells.money("amount_fen", MOST_AID_YUAN, required=True),
        "decided_on": cells.take("decided_on", values.day, on, required=True), "reason": cells.text("reason"),
        "own_cost_fen": cells.money("own_cost_fen"), "account": cells.take("account", values.account) or "",
        **{name: cells.text(name) for name in ("address", "county", "township", "village")},
    }  # fmt: skip
    return tuple(cells.problems) or AidRow(row.number, **found, warnings=tuple(cells.warnings))


def clean_change(row: RosterRow, on: date) -> ChangeRow | tuple[Problem, ...]:
    """A row of a 变动表; a time may be a day or a month."""
    cells = Cells(row, on)
    person = cells.take("id_no", values.person, on, required="birth" not in row.cells)
    found: dict[str, Any] = {
        "name": cells.take("name", values.name, required=True) or "", "id_no": person.number if person else "",
        "birth": cells.take("birth", values.day, on), "person": cells.take("person", values.name) or "",
        "on": cells.take("on", _day_or_month, on), "before_fen": cells.money("before_fen", MOST_MONTHLY_YUAN),
        "after_fen": cells.money("after_fen", MOST_MONTHLY_YUAN),
        "grace": cells.take("grace", values.word, words.YES_NO),
        **{name: cells.text(name) for name in ("reason", "into", "kind", "address")},
    }  # fmt: skip
    return tuple(cells.problems) or ChangeRow(row.number, **found, warnings=tuple(cells.warnings))


def _day_or_month(text: str, on: date) -> date | None:
    try:
        return values.day(text, on)
    except values.BadCell as bad:
        if bad.code != "bad_date":
            raise
        return values.month(text, on)


CLEAN = {"accounts": clean_account, "aid": clean_aid, "changes": clean_change}
"""By the kind of a layout."""
