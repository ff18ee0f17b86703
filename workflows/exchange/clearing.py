"""What an empty cell takes away, where somebody decided that empty means "clear" and not "no news"."""

from collections.abc import Mapping

from workflows.exchange.lots import Later
from workflows.exchange.reading import Sheet
from workflows.exchange.wanted import FIELD_IN_ROW, Flat

CLEARABLE = {
    "household": (
        "address", "certificate_no", "bank", "account_name", "phone", "account", "one_card", "causes", "houses",
        "house_area", "financial_fen", "other_assets",
    ),
    "member": (
        "ethnicity", "marital", "schooling", "political", "employment", "workplace", "school", "disability_kind",
        "disability_level", "disability_cert", "illness", "illness_name", "labour", "health", "insurance", "note",
        "income_year_fen",
    ),
}  # fmt: skip
"""Our fields by table; whoever a person is (name, number, sex, birth, relation) is never cleared."""
TOGETHER = frozenset({"disability_kind", "disability_level"})


def cleared(sheet: Sheet, table: str, row: Later | None, now: Flat) -> Flat:
    """Fields whose column is there and whose cell is empty, as None; those that are empty anyhow are left out."""
    if sheet.asked.blanks != "clear" or row is None:
        return {}
    cells = sheet.roster_row(row).cells
    blank = {name for name in CLEARABLE[table] if _is_blank(sheet, cells, FIELD_IN_ROW.get(name, name))}
    if not blank >= TOGETHER:
        blank -= TOGETHER  # a kind without its level would say nothing
    return {name: None for name in CLEARABLE[table] if name in blank and now.get(name) not in (None, "", [])}


def _is_blank(sheet: Sheet, cells: Mapping[str, str], field: str) -> bool:
    return field in sheet.match.mapping and not cells.get(field, "").strip()
