"""A row for each person, with what the sheet says of the family beside it."""

from collections.abc import Iterator, Sequence
from operator import itemgetter

from sqlalchemy import func, select

from models import IncomeLine, Member
from policy.vocabulary import (
    DisabilityKind,
    Employment,
    Health,
    Labour,
    Marital,
    Relation,
    Schooling,
    Sex,
    Word,
)  # fmt: skip
from workflows.exchange import words
from workflows.exchange.export_shared import (
    HOME_FIELDS,
    Cells,
    Reading,
    given,
    home_cells,
    raw,
    read_heads,
    read_homes,
    yuan,
)  # fmt: skip

M, L = Member.__table__.c, IncomeLine.__table__.c
PERSON = (
    M.id, M.row_key, M.household_id, M.name, raw(M.id_no_sealed), raw(M.relation), raw(M.sex), raw(M.birth),
    M.ethnicity, raw(M.marital), raw(M.schooling), M.political, raw(M.employment), raw(M.disability_kind),
    M.disability_level, raw(M.disability_cert_sealed), M.illness_name, raw(M.labour), raw(M.health), M.insurance,
    raw(M.registered_poor), M.note,
    select(func.sum(L.year_fen)).where(L.member_id == M.id).correlate(Member.__table__).scalar_subquery(),
)  # fmt: skip
PEOPLE = select(*PERSON).where(M.left_on.is_(None), given(M.id))
FIELDS = (
    "name", "id_no", "head_id_no", "relation", "sex", "birth", "age", "ethnicity", "marital", "schooling", "party",
    "employment", "income_year_fen", "disabled", "disability_certificate", "disability_kind", "disability_level",
    "illness", "labour", "health", "insurance", "poor_register", "note", *HOME_FIELDS,
)  # fmt: skip
YES = {True: words.YES_NO.spoken[True], False: words.YES_NO.spoken[False], None: words.YES_NO.spoken[False]}
LEVELS: dict[int | None, str] = {level: word for level, word in words.LEVELS.spoken.items()}  # noqa: C416
LEVELS[None] = ""


def _spoken(kind: type[Word]) -> dict[str | None, str]:
    return {None: "", **{word.value: words.spoken(word) for word in kind}}


SEX, MARITAL, SCHOOLING, EMPLOYMENT = map(_spoken, (Sex, Marital, Schooling, Employment))
KIND, LABOUR, HEALTH = map(_spoken, (DisabilityKind, Labour, Health))
RELATION = {(r.value, s.value): words.spoken_relation(r, s) for r in Relation for s in Sex}
HEAD = Relation.HEAD.value


def people(reading: Reading, ids: Sequence[int]) -> Iterator[Cells]:
    """Cells by ``FIELDS`` of these members who are present, in this order."""
    return map(itemgetter(1), told(reading, ids))


def told(reading: Reading, ids: Sequence[int]) -> Iterator[tuple[int, Cells]]:
    """``people``, each with the member's number."""
    rows = {row[0]: row for row in reading.all(PEOPLE, ids)}
    homes = home_cells(reading, read_homes(reading, sorted({row[2] for row in rows.values()})))
    keys, sealed = [row[1] for row in rows.values()], [row[4] for row in rows.values()]
    numbers = dict(zip(rows, reading.numbers("member", "id_no", keys, sealed), strict=True))
    heads = {row[2]: numbers[row[0]] for row in rows.values() if row[5] == HEAD}
    if lacking := sorted(homes.keys() - heads.keys()):
        heads |= read_heads(reading, lacking)
    cert, ages = reading.number("member", "disability_cert"), reading.ages
    for member_id in ids:
        row = rows.get(member_id)
        if row is None:
            continue
        (_, key, home, name, _, relation, sex, birth, ethnicity, marital, schooling, political, employment, kind,
         level, sealed, illness, labour, health, insurance, poor, note, income) = row  # fmt: skip
        yield member_id, (
            name, numbers[member_id], heads.get(home, ""), RELATION[relation, sex], SEX[sex], *ages[birth],
            ethnicity or "", MARITAL[marital], SCHOOLING[schooling], political or "", EMPLOYMENT[employment],
            "" if income is None else yuan(int(income)), YES[kind is not None], cert(key, sealed) if sealed else "",
            KIND[kind], LEVELS[level], illness or "", LABOUR[labour], HEALTH[health], insurance or "", YES[poor], note,
            *homes[home],
        )  # fmt: skip
