"""What the page of a file as it looks shows and takes: charsets, sheets, forms, and a field for each column."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models import ImportBatch
from views import import_words, matching_words
from views.numbers import json_in, whole
from workflows.actor import Actor
from workflows.exchange import kept
from workflows.exchange.asked import BLANKS, CHARSETS, COMPLETE, Asked
from workflows.exchange.layouts import BY_CODE, LAYOUTS
from workflows.exchange.look import Look, Seen
from workflows.exchange.reading import Unreadable
from workflows.matching import kinds

LONG_NUMBER = 12
NOBODY = ""
MOST_HEADER_ROW = 10_000
SOURCES: dict[str, Any] = {
    "header": _l("by its header"), "saved": _l("as kept under a name"), "values": _l("guessed by its values"),
    "hand": _l("chosen by hand"), "": _l("not taken"),
}  # fmt: skip
TONES = {"values": "warn", "": "", "header": "ok", "saved": "ok", "hand": "now"}
BLANK_WORDS: dict[str, Any] = {
    "keep": _l("An empty cell means no news: what stands here stays"),
    "clear": _l("An empty cell clears what stands here"),
}
COMPLETE_WORDS: dict[str, Any] = {
    "": _l("No: who is missing in the file is of no concern"),
    "families": _l("Everybody of the families in the file: list members who are missing"),
    "places": _l("Everybody of the townships in the file: list families and members who are missing"),
}
CHARSET_WORDS: dict[str, Any] = {
    "": _l("found by itself"), "utf-8": "UTF-8", "gb18030": "GB18030 (GBK)", "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE", "big5": "Big5",
}  # fmt: skip


def asked(form: Mapping[str, str]) -> Asked:
    """What was decided; columns hold only for the headers that they were chosen for."""
    shape: dict[str, Any] = {
        "charset": _one_of(form.get("charset", ""), ("", *CHARSETS)), "sheet": form.get("sheet", "")[:100],
        "header_row": _number(form.get("header_row", "")), "header_rows": 2 if form.get("header_rows") == "2" else 1,
        "layout": _one_of(form.get("layout", ""), ("", *BY_CODE)),
    }  # fmt: skip
    before = _shape_of(form.get("shape", ""))
    same = before == list(shape.values())
    if before and not same and before[-1] == shape["layout"]:
        shape["layout"] = ""  # other headers may be of another form
    return Asked(
        **shape, mapping=_mapping(form) if same else {},
        skip_hidden=form.get("skip_hidden") == "y", create_villages=form.get("create_villages") == "y",
        blanks=_one_of(form.get("blanks", ""), BLANKS, "keep"), complete=_one_of(form.get("complete", ""), COMPLETE),
    )  # fmt: skip


def _shape_of(text: str) -> list[Any]:
    found = json_in(text)
    return found if isinstance(found, list) else []


def shape(asked: Asked, seen: Look | None) -> str:
    """Which sheet, headers and form the choices of columns are made for; posted back to tell whether they still fit."""
    if seen is None:
        return ""
    values = [asked.charset, seen.sheet, seen.header.number, seen.header.rows, seen.layout.code]
    return json.dumps(values, ensure_ascii=False)


def _mapping(form: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, field in form.items():
        at = whole(name.removeprefix("col-")) if name.startswith("col-") and field else None
        if at is not None:
            found.setdefault(field, at)
    return found


def _number(text: str) -> int:
    number = whole(text) or 0
    return number if number <= MOST_HEADER_ROW else 0


def _one_of(text: str, allowed: Any, otherwise: str = "") -> str:
    return text if text in allowed else otherwise


def pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Names as choices."""
    return [(name, name) for name in names]


def layouts() -> list[tuple[str, Any]]:
    """Forms to choose from."""
    return [(layout.code, gettext(layout.label_en)) for layout in LAYOUTS]


def fields(seen: Look) -> list[tuple[str, str]]:
    """What a column may be, by the headers of the form."""
    named = [(column.field, column.header + (" *" if column.required else "")) for column in seen.layout.columns]
    return [(NOBODY, gettext("do not take")), *named, *((c.field, c.header) for c in seen.layout.extra)]


def samples(column: Seen) -> str:
    """A few values; long numbers show their end only."""
    return " · ".join(_short(value) for value in column.samples)


def _short(value: str) -> str:
    digits = sum(sign.isdigit() for sign in value)
    if digits >= LONG_NUMBER:
        return "*" * 4 + value[-4:]
    return value if len(value) <= 24 else value[:24] + "…"


def several(asked: Asked, seen: Look | None) -> str:
    """That a file holds several rosters, until somebody has chosen one."""
    if seen is None or asked.sheet or len(seen.rosters) < 2:
        return ""
    return import_words.unreadable(Unreadable("several_sheets", names=list(seen.rosters)))


def hint(seen: Look) -> str:
    """What to do about a sheet that tells families apart by a number of its own or by merged cells."""
    if seen.layout.kind != "members" or seen.layout.header("head_id_no") not in seen.missing:
        return ""
    return gettext(
        "A family number, merged cells or the order of the rows do not tell who belongs together. If the file has no"
        " such column, add it in the spreadsheet: on every row the ID number of the family's head, on the head's own"
        " row their own."
    )


def department(seen: Look | None) -> tuple[str, Any] | None:
    """Kind and name of the department's list that a file seems to be which lacks what a roster needs."""
    kind = kinds.recognise(seen.header.headers) if seen and seen.missing else ""
    return (kind, matching_words.KIND_NAMES[kind]) if kind else None


def charset(seen: Look) -> str:
    """The charset as offices call it."""
    return str(CHARSET_WORDS.get(seen.charset, seen.charset.upper())) if seen.charset else seen.kind


def told(batch: ImportBatch) -> list[str]:
    """What stood in the way when the file was checked outside the request."""
    bad = batch.counts.get("unreadable")
    return [import_words.unreadable(Unreadable(bad[0], **bad[1]))] if bad else []


def may_create(actor: Actor) -> bool:
    """Whether this person may have villages made."""
    return actor.role in kept.MAY_CREATE_VILLAGES
