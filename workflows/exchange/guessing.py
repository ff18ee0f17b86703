"""Columns whose header nobody knows, told by the kind of their values; a person confirms what was guessed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from policy.identity import BadIdNumber, clean_number, parse_id_number
from workflows.exchange import words
from workflows.exchange.layouts import Layout

MOSTLY = 0.8
FEWEST = 2


def _id_number(text: str) -> bool:
    try:
        parse_id_number(clean_number(text))
    except BadIdNumber:
        return False
    return True


def _spoken(table: words.Table[object], ending: str = "") -> Callable[[str], bool]:
    return lambda text: table.read(text, ending) is not None


_SURNAMED = re.compile(r"[\u4e00-\u9fff·]{2,4}")
TESTS: dict[str, Callable[[str], bool]] = {
    "id": _id_number,
    "sex": _spoken(words.SEX),  # type: ignore[arg-type]
    "relation": _spoken(words.RELATION),  # type: ignore[arg-type]
    "marital": _spoken(words.MARITAL),  # type: ignore[arg-type]
    "labour": _spoken(words.LABOUR),  # type: ignore[arg-type]
    "disability_kind": _spoken(words.DISABILITY_KIND, "残疾"),  # type: ignore[arg-type]
    "phone": lambda text: bool(re.fullmatch(r"1[3-9]\d{9}", clean_number(text))),
    "account": lambda text: bool(re.fullmatch(r"\d{16,19}", clean_number(text))) and not _id_number(text),
    "birth": lambda text: bool(re.fullmatch(r"(19|20)\d{2}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?", text.strip())),
    "township": lambda text: bool(re.fullmatch(r"[\u4e00-\u9fff]{1,10}(镇|乡|街道)", "".join(text.split()))),
    "village": lambda text: bool(re.fullmatch(r"[\u4e00-\u9fff]{1,10}(村|社区|居委会|村委会)", "".join(text.split()))),
    "name": lambda text: bool(_SURNAMED.fullmatch("".join(text.split()))),
}
"""Kinds in the order in which they are tried; the first that fits nearly every value is the column's."""

_BY_KIND = {
    "sex": ("sex",), "relation": ("relation",), "marital": ("marital",), "labour": ("labour",),
    "disability_kind": ("disability_kind",), "phone": ("phone",), "account": ("account", "onecard"),
    "birth": ("birth",), "township": ("township",), "village": ("village",),
}  # fmt: skip
_OF_ACCOUNT = re.compile("[账帐卡]|户名|开户")


def kind_of(values: Iterable[str]) -> str:
    """The kind that nearly all of these values are of; empty for too few or mixed ones."""
    filled = [value for value in values if value.strip()]
    if len(filled) < FEWEST:
        return ""
    enough = MOSTLY * len(filled)
    return next((kind for kind, fits in TESTS.items() if sum(map(fits, filled)) >= enough), "")


def by_values(
    columns: Mapping[int, Sequence[str]], layout: Layout, taken: Iterable[str], headers: Sequence[str] = ()
) -> dict[str, int]:
    """Fields of a layout for columns that nobody claimed, by what stands in them; no field is given twice.

    Names alone do not tell whose they are: a header that names the head is the head's, and money goes to no name whose
    header does not speak of an account.
    """
    known = {column.field for column in layout.columns + layout.extra}
    fields = known - set(taken)
    kinds = {index: kind_of(values) for index, values in columns.items()}
    found = _numbers([i for i, kind in kinds.items() if kind == "id"], columns, fields)
    for index, kind in kinds.items():
        said = headers[index] if index < len(headers) else ""
        for field in _names(said, known) if kind == "name" else _BY_KIND.get(kind, ()):
            if field in fields and field not in found:
                found[field] = index
                break
    return found


def _names(header: str, known: set[str]) -> tuple[str, ...]:
    """What a column of names may be under this header, the likeliest first."""
    if "户主" in header:  # where each row is a person's, the head's name is nobody's own
        return ("head_name",) if "head_id_no" in known else ("head_name", "name")
    return ("account_name",) if _OF_ACCOUNT.search(header) else ("name", "head_name")


def _numbers(ids: Sequence[int], columns: Mapping[int, Sequence[str]], fields: set[str]) -> dict[str, int]:
    """Which column of ID numbers is the person's and which the head's: the head's repeats for each member."""
    order = sorted(ids, key=lambda index: -len({*filter(None, columns[index])}))
    wanted = [field for field in ("id_no", "head_id_no") if field in fields]
    return dict(zip(wanted, order, strict=False))
