"""Villages that a sheet names and nobody knew: made when it is applied, unless somebody has made them meanwhile."""

from datetime import date

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from models import Division, ImportBatch, ImportRow
from workflows.exchange import staged
from workflows.exchange.villages import read_villages


def wait(session: Session, batch: ImportBatch) -> None:
    """Keep the townships that get villages; while two are applied at once the second waits here for the first.

    To be done before anything is looked at that the first may write.
    """
    towns = {village["township"] for village in batch.counts.get("villages", ())}
    if towns:
        query = select(Division.code).where(Division.code.in_(towns)).order_by(Division.code)
        session.execute(query.with_for_update(key_share=True))


def make(session: Session, batch: ImportBatch, on: date) -> None:
    """Make the villages that rows to be taken name, and let the rows go to what those are called now.

    The preview chose their provisional codes. Another import may since have made the same village, or given its code
    to another one: see ``wait``.
    """
    chosen = {village["code"]: village for village in batch.counts.get("villages", ())}
    if not chosen:
        return
    used = select(ImportRow.village_code).where(staged.of(batch.id, *staged.TAKEN)).distinct()
    wanted = [chosen[code] for code in sorted(chosen.keys() & set(session.scalars(used)))]
    here, moved = read_villages(session), dict[str, str]()
    for village in wanted:
        before, town, name = village["code"], village["township"], village["name"]
        code = here.village(town, name)
        if code is None:
            code = here.unknown[town, name] = before if before not in here.taken() else here.provisional(town)
            session.add(Division(code=code, parent_code=town, name=name, valid_from=on))
        if code != before:
            moved[before] = code
    session.flush()
    if moved:
        _go_there(session, batch, moved)


def _go_there(session: Session, batch: ImportBatch, moved: dict[str, str]) -> None:
    """All at once: one may get the code that another had."""
    code = ImportRow.village_code
    rows = update(ImportRow).where(ImportRow.batch_id == batch.id, code.in_(moved))
    session.execute(rows.values(village_code=case(moved, value=code)).execution_options(synchronize_session=False))
    told = [village | {"code": moved.get(village["code"], village["code"])} for village in batch.counts["villages"]]
    batch.counts = {**batch.counts, "villages": told}
