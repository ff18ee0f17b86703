"""A first look at a file, before it is checked: its sheets, its headers, what each column would mean and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from workflows.exchange import guessing, headers
from workflows.exchange.asked import AS_IT_LOOKS, Asked
from workflows.exchange.headers import Header
from workflows.exchange.layouts import BY_CODE, ENOUGH_HEADERS, LAYOUTS, Layout, header_key, match, missing, recognise
from workflows.exchange.lots import Row
from workflows.exchange.no_data import is_no_data
from workflows.exchange.reader_child import letters
from workflows.exchange.reading import LIMITS, Limits, Unreadable, extension_of, sheets_of

PEEK = 120
SAMPLES = 3


class Saved(NamedTuple):
    """A mapping that somebody named: field by header (as ``header_key`` writes it)."""

    name: str
    layout: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Seen:
    """A column as it looks; ``source`` says how its field was found: header, saved, values, hand, or nothing."""

    index: int
    letters: str
    header: str
    samples: tuple[str, ...]
    field: str = ""
    source: str = ""


class Look(NamedTuple):
    """A file as it looks. ``sure``: every needed column is known by its header, in one sheet, none twice."""

    kind: str
    charset: str
    sheets: tuple[str, ...]
    sheet: str
    rosters: tuple[str, ...]
    header: Header
    layout: Layout
    columns: tuple[Seen, ...]
    hidden: int
    saved: str = ""

    @property
    def mapping(self) -> dict[str, int]:
        """Columns by field."""
        return {seen.field: seen.index for seen in self.columns if seen.field}

    @property
    def missing(self) -> tuple[str, ...]:
        """Headers that this form must have and nobody found."""
        return missing(self.layout, self.mapping)

    @property
    def sure(self) -> bool:
        """Whether nobody needs to be asked."""
        known = all(seen.source in ("", "header", "saved") for seen in self.columns)
        names = [header_key(seen.header) for seen in self.columns if seen.header and not seen.field]
        twice = any(name in _keys(self.layout) for name in names)
        return known and not self.missing and not twice and len(self.rosters) <= 1

    @property
    def asked(self) -> Asked:
        """The decisions that read the file as it looks here."""
        by_hand = any(seen.source not in ("", "header") for seen in self.columns)
        return Asked(
            sheet=self.sheet, header_row=self.header.number, header_rows=self.header.rows, layout=self.layout.code,
            mapping=self.mapping if by_hand else {},
        )  # fmt: skip


def look(
    data: bytes, filename: str, asked: Asked = AS_IT_LOOKS, saved: Sequence[Saved] = (), *, limits: Limits = LIMITS
) -> Look:
    """What a file seems to be; raises Unreadable where not even that can be said."""
    sheets = list(sheets_of(data, filename, replace(limits, peek=PEEK), asked.charset))
    if not sheets:
        raise Unreadable("empty_file")
    rosters = tuple(name for name, _, rows in sheets if headers.find(_plain(rows), recognise) or _by_saved(rows, saved))
    names = tuple(name for name, _, _ in sheets)
    wanted = asked.sheet if asked.sheet in names else (rosters or names)[0]
    name, charset, rows = next(sheet for sheet in sheets if sheet[0] == wanted)
    header, layout, columns, by = _columns(rows, asked, saved)
    hidden = sum(row.hidden for row in rows)
    return Look(extension_of(filename), charset, names, name, rosters, header, layout, columns, hidden, by)


def _plain(rows: Sequence[Row]) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in rows]


def _columns(rows: Sequence[Row], asked: Asked, saved: Sequence[Saved]) -> tuple[Header, Layout, tuple[Seen, ...], str]:
    """The headers, the layout, each column, and the name of the saved mapping that told them."""
    plain, own = _plain(rows), None if asked.layout else _by_saved(rows, saved)
    header = headers.at_row(plain, asked.header_row, asked.header_rows) if asked.header_row else None
    header = header or headers.find(plain, recognise) or (own[1] if own else None) or headers.widest(plain)
    if header is None:
        raise Unreadable("no_header", within=headers.HEADER_WITHIN, charset="")
    values = _values(rows[header.last + 1 :], len(header.headers))
    if own and not asked.mapping:
        found = {field: (at, "saved") for field, at in _read_saved(own[0], header.headers).items()}
        return header, BY_CODE[own[0].layout], _seen(header, values, found), own[0].name
    layout, found = _found(header, values, asked)
    return header, layout, _seen(header, values, found), ""


def _found(
    header: Header, values: Mapping[int, Sequence[str]], asked: Asked
) -> tuple[Layout, dict[str, tuple[int, str]]]:
    """The layout and (column, how found) by field: by hand, else by header, then by values."""
    if asked.layout in BY_CODE and asked.mapping:
        layout = BY_CODE[asked.layout]
        told = match(layout, header.headers).mapping
        by = {field: (at, "header" if told.get(field) == at else "hand") for field, at in asked.mapping.items()}
        return layout, by
    known = recognise(header.headers)
    chosen = BY_CODE.get(asked.layout) or (known.layout if known else None)
    tried = [_guessed(header, values, one) for one in ([chosen] if chosen else LAYOUTS)]
    best = max(tried, key=lambda one: len(one[1]) - len(missing(one[0], one[1])))
    if not chosen and len(best[1]) < ENOUGH_HEADERS:
        raise Unreadable("no_header", within=headers.HEADER_WITHIN, charset="")
    return best


def _guessed(
    header: Header, values: Mapping[int, Sequence[str]], layout: Layout
) -> tuple[Layout, dict[str, tuple[int, str]]]:
    found = {field: (at, "header") for field, at in match(layout, header.headers).mapping.items()}
    if not missing(layout, found):
        return layout, found
    taken = {at for at, _ in found.values()}
    rest = {at: cells for at, cells in values.items() if at not in taken}
    guessed = guessing.by_values(rest, layout, found, header.headers)
    return layout, found | {f: (at, "values") for f, at in guessed.items()}


def _values(rows: Sequence[Row], width: int) -> dict[int, list[str]]:
    data = [row.cells for row in rows if not is_no_data(row)]
    return {at: [cells[at] if at < len(cells) else "" for cells in data] for at in range(width)}


def _seen(
    header: Header, values: Mapping[int, Sequence[str]], found: Mapping[str, tuple[int, str]]
) -> tuple[Seen, ...]:
    by_column = {at: (field, source) for field, (at, source) in found.items()}
    columns = []
    for at, text in enumerate(header.headers):
        samples = tuple(dict.fromkeys(value for value in values.get(at, ()) if value.strip()))[:SAMPLES]
        if text or samples:
            columns.append(Seen(at, letters(at), text, samples, *by_column.get(at, ("", ""))))
    return tuple(columns)


def _by_saved(rows: Sequence[Row], saved: Sequence[Saved]) -> tuple[Saved, Header] | None:
    """The saved mapping that fits best, where its headers all stand in one row."""
    fitting = []
    for number, cells in _plain(rows):
        if number > headers.HEADER_WITHIN:
            break
        for one in saved:
            keys = {header_key(cell) for cell in cells}
            if one.layout in BY_CODE and len(one.headers) >= FEWEST_SAVED and one.headers.keys() <= keys:
                header = headers.at_row(_plain(rows), number, 1)
                fitting += [(len(one.headers), one, header)] if header else []
    best = max(fitting, key=lambda fit: fit[0], default=None)
    return (best[1], best[2]) if best else None


FEWEST_SAVED = 2


def _read_saved(saved: Saved, texts: Sequence[str]) -> dict[str, int]:
    places = {header_key(text): at for at, text in reversed(list(enumerate(texts)))}
    return {field: places[key] for key, field in saved.headers.items() if key in places}


def _keys(layout: Layout) -> set[str]:
    return {header_key(text) for column in layout.columns + layout.extra for text in (column.header, *column.aliases)}
