"""The panel beside stock Flask-Admin over the same families in plain text: every figure is a ratio within one run.

`python -m benchmarks panel --members 10000 --members 100000`, with --postgres on both engines, with --postgres alone on
that one, with --members 1000000 at full size. Requests of the two are asked in turn, so that whatever else the machine
does falls on both. Times are the processor's, which no other program lengthens; on PostgreSQL together with what its
own processes took to answer.

What is timed is what a server does with a request of either: it calls the WSGI application with an environ, joins the
body that comes back and closes it. Putting the environ together and keeping cookies, as browser and server do, is not.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, func, make_url, select, text, update
from sqlalchemy.orm import Session

from benchmarks import county, panel_process, stock
from benchmarks.caller import Answer, Caller, Send, cookie_of
from benchmarks.forms import shown
from benchmarks.measure import processor
from benchmarks.pages import browser_of
from benchmarks.plain import copy_families
from models import Benefit, DeskSummary, Household, Member
from models.base import reading
from policy.vocabulary import Role
from views.db import db

TOWN, ELSEWHERE = "511526100", "511526101"
WARM = 12
"""Each page is asked so often before the clock counts: PostgreSQL plans a statement ten times before it keeps a plan,
of the two alike, and a panel serves for weeks."""
C, T, S = Role.COUNTY_REVIEWER, Role.TOWNSHIP_OFFICER, Role.SUPERVISOR
Ask = Callable[[], Send]
"""Puts a request together, untimed, and returns what sends it."""


@dataclass(frozen=True)
class Target:
    """What is asked of a page: at most so many times what stock takes, or what our own first page takes."""

    most: float
    at_a_million: float | None = None
    of_first: bool = False
    slack_ms: float = 0.0
    from_members: int = 0

    def limit(self, members: int) -> float:
        """The ratio allowed in a county of that size."""
        return self.at_a_million if self.at_a_million and members >= 1_000_000 else self.most


LIST, FLAT = Target(0.6, 0.3), Target(1.3, of_first=True, slack_ms=2.0)
TARGETS = {
    "list, first page": LIST,
    "list, deep page": FLAT,
    "list of a township": FLAT,
    "list by name": FLAT,
    "search by ID number": Target(0.05, from_members=100_000),
    "search by name": Target(0.1, from_members=100_000),
    "desk, others at work elsewhere": Target(0.05, from_members=100_000),
    "desk, a case of it changed": Target(0.05, from_members=100_000),
    "county's desk, looked at again": Target(0.05, from_members=100_000),
    "county's desk, a case changed": Target(0.05, from_members=100_000),
    "family with its people": Target(1.0),
    "save with history": Target(1.0),
}


@dataclass
class Pair:
    """A page of ours and of stock, side by side: medians in ms, bytes of ours."""

    ours: float
    stock: float
    size: int


def report(folder: Path, sizes: list[int], rounds: int, postgres: str | None) -> Iterator[str]:
    """Markdown lines for each size and engine, as they are measured; ``postgres``: "too", or "alone"."""
    engines = {None: ("sqlite",), "too": ("sqlite", "postgresql"), "alone": ("postgresql",)}[postgres]
    yield "| members | engine | page | ours ms | stock ms | × stock | × first page | asked | KB |"
    yield "|---:|---|---|---:|---:|---:|---:|---|---:|"
    for members in sizes:
        for engine in engines:
            with _county(folder, members, engine) as (ours, rival):
                yield from _told(members, engine, walk(ours, rival, rounds, _clock(ours, rival)))
    yield ""
    if "sqlite" in engines:
        yield from panel_process.served(folder, sizes[-1])
        yield from panel_process.started(folder, sizes[0])


def _clock(ours: Flask, rival: Flask) -> Callable[[], float]:
    with ours.app_context():
        engine = db.engine
    with rival.app_context():
        return processor(engine, stock.db.engine)


def _told(members: int, engine: str, found: dict[str, Pair]) -> Iterator[str]:
    first = found["list, first page"].ours
    for name, pair in found.items():
        target = TARGETS[name]
        ratio, beside = pair.ours / pair.stock, pair.ours / first
        limit = target.limit(members)
        if target.of_first:
            asked, held = f"≤ {limit} × first", beside <= limit or pair.ours <= first + target.slack_ms
        else:
            asked, held = f"≤ {limit} × stock", ratio <= limit
        verdict = "" if members < target.from_members else f"{asked} {'✓' if held else '✗'}"
        yield (f"| {members:,} | {engine} | {name} | {pair.ours:.1f} | {pair.stock:.1f} | {ratio:.3f} | {beside:.2f}"
               f" | {verdict} | {pair.size / 1000:.0f} |")  # fmt: skip


# --- two counties -----------------------------------------------------------------------------------------------------


@contextmanager
def _county(folder: Path, members: int, engine: str) -> Iterator[tuple[Flask, Flask]]:
    """The panel and its rival over one county, built where it is not there yet."""
    households = county.households_of(members)
    with _database(engine) as url:
        home = folder if url is None else folder / "postgresql"
        county.build(home, households, anew=False, url=url and url("ours"))
        ours = county.opened(home, households, url and url("ours"))
        its = url("stock") if url else f"sqlite:///{(home / str(households) / stock.FILE).as_posix()}"
        rival = stock.create_app(its)
        copy_families(ours, rival)
        if url:
            _settled(url("ours"), url("stock"))
        yield ours, rival


def _settled(*urls: str) -> None:
    """As PostgreSQL leaves tables that grew within a minute: until then each count looks at every row itself."""
    for url in urls:
        with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _database(engine: str) -> Any:
    if engine == "sqlite":
        return nullcontext(None)
    return _postgres()


@contextmanager
def _postgres() -> Iterator[Callable[[str], str]]:
    from tests import postgres  # a server of the tests' own, gone afterwards

    with postgres.server() as server, postgres.database(server, "ours") as a, postgres.database(server, "stock") as b:
        yield {"ours": _alone(a), "stock": _alone(b)}.__getitem__


def _alone(url: str) -> str:
    """Without helpers for a statement, whose work would not be counted; together they do more than one does alone."""
    options = make_url(url).update_query_dict({"options": "-cmax_parallel_workers_per_gather=0"})
    return options.render_as_string(hide_password=False)


# --- page beside page -------------------------------------------------------------------------------------------------


def walk(ours: Flask, rival: Flask, rounds: int, clock: Callable[[], float] = perf_counter) -> dict[str, Pair]:
    """Each page of the two, asked in turn and timed by ``clock``."""
    its = _its(ours)
    county_, officer, supervisor = (Caller(ours, cookie_of(browser_of(ours, role))) for role in (C, T, S))
    plain = Caller(rival)
    deep = its["pages"] - 1
    family = its["household"]
    save = (
        _saver(supervisor, f"/household/{family}/edit/", {"reason": "门牌号更正，按户口簿"}),
        _saver(plain, f"/household/edit/?id={family}", {}),
    )
    lists = {
        "list, first page": _get(county_, "/member/?size=50", plain, "/member/"),
        "list, deep page": _get(county_, f"/member/?size=50&page={deep + 1}", plain, f"/member/?page={deep}"),
        "list of a township": _get(county_, f"/member/?size=50&township={TOWN}", plain, f"/member/?flt0_2={TOWN}"),
        "list by name": _get(county_, "/member/?size=50&sort=name", plain, "/member/?sort=0"),
    }
    others: dict[str, tuple[Ask, Ask]] = {
        "search by ID number": (
            lambda: county_.ready("/search/", {"q": its["id_no"]}),
            lambda: plain.ready("/member/", search=its["id_no"]),
        ),
        "search by name": (
            lambda: county_.ready("/member/", size=50, name=its["name"]),
            lambda: plain.ready("/member/", search=its["name"]),
        ),
        "desk, others at work elsewhere": _after(_work(ours, ELSEWHERE), _get(officer, "/desk/", plain, "/")),
        "desk, a case of it changed": _after(_work(ours, TOWN), _get(officer, "/desk/", plain, "/")),
        "county's desk, looked at again": _get(supervisor, "/desk/", plain, "/"),
        "county's desk, a case changed": _after(_work(ours, TOWN), _get(supervisor, "/desk/", plain, "/")),
        "family with its people": _get(county_, f"/household/{family}/", plain, f"/household/edit/?id={family}"),
        "save with history": save,
    }  # fmt: skip
    found = _measured(lists, rounds, clock)  # together: pages that are compared are asked at one pace of the machine
    for name, pair in others.items():
        found |= _measured({name: pair}, rounds, clock)
    return found


def _get(ours: Caller, where: str, plain: Caller, there: str) -> tuple[Ask, Ask]:
    return (lambda: ours.ready(where)), (lambda: plain.ready(there))


def _saver(caller: Caller, where: str, more: dict[str, str]) -> Ask:
    """Open the form once more, untimed, and send it with another address."""
    numbers = count(1)

    def ready() -> Send:
        data = shown(caller.open(where)) | {"address": [f"新村{next(numbers)}号"]} | more
        send = caller.ready(where, data)

        def save() -> Answer:
            answer = send()
            assert answer.status in (302, 303), answer.body.decode()[:2000]
            return answer

        return save

    return ready


def _work(app: Flask, town: str) -> Callable[[], None]:
    """Give the head of a township's first waiting case another name, and count one person more in payment there."""
    numbers = count(1)
    mine = (Benefit.township_code == town, Benefit.waiting_role == Role.TOWNSHIP_OFFICER)
    first = (
        select(Benefit.household_id)
        .where(*mine)
        .order_by(Benefit.step_due_on.is_(None), Benefit.step_due_on, Benefit.id)
        .limit(1)
    )
    paid = update(DeskSummary).where(DeskSummary.village_code.in_((town, "")), DeskSummary.kind == "stage:dibao:active")

    def work() -> None:
        with app.app_context(), db.engine.begin() as connection:
            home = update(Household).where(Household.id == connection.scalar(first))
            connection.execute(home.values(head_name=f"张{next(numbers)}"))
            connection.execute(paid.values(persons=DeskSummary.persons + 1))

    return work


def _after(write: Callable[[], None], asks: tuple[Ask, Ask]) -> tuple[Ask, Ask]:
    """Ask ours after something was written, untimed; stock keeps nothing of an earlier answer."""

    def ready() -> Send:
        write()
        return asks[0]()

    return ready, asks[1]


def _measured(pairs: dict[str, tuple[Ask, Ask]], rounds: int, clock: Callable[[], float]) -> dict[str, Pair]:
    """These pages of the two, all asked in turn."""
    sizes = {name: len([_answer(ask) for ask in pair for _ in range(WARM)][0].body) for name, pair in pairs.items()}
    times: dict[Ask, list[float]] = {ask: [] for pair in pairs.values() for ask in pair}
    for _ in range(rounds):
        for ask in times:
            send = ask()
            began = clock()
            send()
            times[ask].append((clock() - began) * 1000)
    return {name: Pair(median(times[a]), median(times[b]), sizes[name]) for name, (a, b) in pairs.items()}


def _answer(ask: Ask) -> Answer:
    answer = ask()()
    assert answer.status < 400, answer.status
    return answer


def _its(app: Flask) -> dict[str, Any]:
    """A family of some size in the first township, one of its people, and how many pages a list has."""
    with app.app_context(), Session(db.engine) as session, reading():
        family = session.scalars(
            select(Household).where(Household.township_code == TOWN, Household.persons >= 4).order_by(Household.id)
        ).first()
        assert family is not None
        people = session.scalar(select(func.count(Member.id)).where(Member.left_on.is_(None))) or 0
        one = family.members[-1]
        # As deep as a list can be paged to; beyond it asks to narrow the search.
        return {"household": family.id, "id_no": one.id_no, "name": one.name, "pages": min(people // 50, 1_000)}
