"""What fills a form of an application in: what is on file of a family, what the numbers in it say themselves."""

from typing import Any

from models import Asset, Household, Obligor
from policy.identity import BadIdNumber, disability_certificate, parse_id_number
from policy.money import yuan, yuan_cell
from workflows.application import present, state_of
from workflows.application_sheet import Row, Sheet


def fill_from_family(sheet: Sheet, household: Household) -> None:
    """Let the form begin from what is on file of a family; sealed numbers are not shown and stay as they are."""
    sheet.one |= {
        "household": str(household.id), "seen": state_of(household), "village": household.village_code,
        "address": household.address, "area": household.area.value, "bank": household.bank or "",
        "account_name": household.account_name or "", "home_note": household.note,
        "home_place": household.home_place,
    }  # fmt: skip
    sheet.several["causes"] = [row.cause.value for row in household.causes]
    sheet.several["tags"] = [row.tag.value for row in household.tags]
    people = present(household)
    for group in ("income", "spending"):
        typed = [line for line in sheet.of(group) if line.get("amount")]
        known = [
            {"whose": f"m{m.id}", "kind": line.kind.value, "amount": yuan(line.year_fen), "per": "year",
             "note": line.note}
            for m in people for line in getattr(m, group)
        ]  # fmt: skip
        sheet.rows[group] = known + typed
    sheet.rows["assets"] = [_asset_texts(asset) for asset in household.assets]
    sheet.rows["obligors"] = [_obligor_texts(obligor) for obligor in household.obligors]
    sheet.rows["members"] = [row for row in sheet.of("members") if row.get("name") or row.get("id_no")]


def fill_from_numbers(sheet: Sheet) -> None:
    """Fill in what an ID number or a disability certificate says, where nobody has typed it."""
    for row in sheet.of("members"):
        for name, value in _told(row):
            row[name] = row.get(name) or value


def _told(row: Row) -> list[tuple[str, str]]:
    found = []
    try:
        told = parse_id_number(row.get("id_no", ""))
        found += [("birth", told.birth.isoformat()), ("sex", told.sex.value)]
    except BadIdNumber:
        pass
    try:
        card = disability_certificate(row.get("disability_cert", ""))
        found += [("disability_kind", card.kind.value), ("disability_level", str(card.level))]
    except BadIdNumber:
        pass
    return found


def _asset_texts(asset: Asset) -> dict[str, str]:
    sizes = {
        name: "" if getattr(asset, name) is None else str(getattr(asset, name)) for name in ("quantity", "area_m2")
    }
    more = {"business": _yes_no(asset.business), "note": asset.note, **sizes}
    return {"kind": asset.kind.value, "value": yuan_cell(asset.value_fen), **more}


def _obligor_texts(obligor: Obligor) -> dict[str, str]:
    return {
        "row": str(obligor.id), "name": obligor.name, "relation": obligor.relation.value, "note": obligor.note,
        "income_month": yuan_cell(obligor.income_month_fen), "pays_month": yuan_cell(obligor.pays_month_fen),
        "agreed_month": yuan_cell(obligor.agreed_month_fen), "able": _yes_no(obligor.able),
        "property_ok": _yes_no(obligor.property_ok),
        **{name: _text(getattr(obligor, name)) for name in (
            "household_size", "supports", "birth", "receives", "disability_kind", "disability_level",
        )},
    }  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
