"""机关代字: the word in an office's numbers, its own or the usual one; no two offices share one."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Division, IssuedPaper, PaperOffice
from policy.paper_numbers import lawful_word, usual_word
from policy.vocabulary import Role
from workflows import audit
from workflows.actor import Actor
from workflows.office import county
from workflows.reason import Reason, Refused, Stale

KEEPERS = (Role.SUPERVISOR, Role.SYSTEM_ADMIN)


def words(session: Session) -> dict[str, str]:
    """The word of every office of the county by its code: what was chosen, else the usual one."""
    names = _names(session)
    chosen = {row.code: row.word for row in session.scalars(select(PaperOffice))}
    return {code: chosen.get(code) or usual_word(code, names) for code in names}


def choose(session: Session, actor: Actor, code: str, word: str, version: int, now: datetime) -> None:
    """Give an office its word from the next number on; raises Refused or Stale. The caller commits."""
    row, word = session.get(PaperOffice, code), "".join(word.split())
    have = row.row_version if row else 0
    if faults := _faults(session, actor, code, word, now.year):
        raise Refused(faults)
    if version != have:
        raise Stale(version, have)
    audit.attribute(session, actor, now)
    if row is None:
        session.add(PaperOffice(code=code, word=word))
    else:
        row.word = word
    session.flush()


def _faults(session: Session, actor: Actor, code: str, word: str, year: int) -> list[Reason]:
    if actor.role not in KEEPERS:
        return [Reason("not_your_role", roles=KEEPERS)]
    now = words(session)
    if code not in now or not code.startswith(actor.division_code):
        return [Reason("not_in_your_division")]
    if not lawful_word(word):
        return [Reason("paper_word_shape")]
    taken = [other for other, its in now.items() if its == word and other != code]
    used = select(IssuedPaper.id).where(
        IssuedPaper.word == word, IssuedPaper.year == year, IssuedPaper.office_code != code
    )
    if taken or session.scalar(used.limit(1)) is not None:
        return [Reason("paper_word_taken", word=word)]
    return []


def _names(session: Session) -> dict[str, str]:
    """Names of the county and its townships by code."""
    home = county(session).code
    offices = Division.code.startswith(home) & (func.length(Division.code) <= 9)
    return {row.code: row.name for row in session.execute(select(Division.code, Division.name).where(offices))}
