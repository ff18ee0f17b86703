"""A list of near relatives copied from a sheet: columns parted by tabs (or commas), one relative a line."""

import re
from collections.abc import Mapping, Sequence

from policy.vocabulary import Relation
from views.formats import label
from workflows.near_relatives import NEAR, Entry
from workflows.reason import Reason

COLUMNS = 6
HEADER = re.compile(r"姓名|身份证|name", re.IGNORECASE)
ALSO: Mapping[str, str] = {
    "配偶": "spouse", "丈夫": "spouse", "妻子": "spouse", "父亲": "parent", "母亲": "parent", "父母": "parent",
    "儿子": "son", "子": "son", "女儿": "daughter", "女": "daughter", "子女": "son",
    "兄弟": "sibling", "姐妹": "sibling", "兄弟姐妹": "sibling", "哥哥": "sibling", "弟弟": "sibling",
    "姐姐": "sibling", "妹妹": "sibling", "祖父母": "grandparent", "外祖父母": "grandparent", "祖父": "grandparent",
    "祖母": "grandparent", "外祖父": "grandparent", "外祖母": "grandparent", "孙子": "grandchild", "孙女": "grandchild",
    "外孙": "grandchild", "外孙女": "grandchild", "孙子女": "grandchild", "外孙子女": "grandchild",
}  # fmt: skip
"""How sheets call a relation, beside the panel's own words."""


def read(text: str, divisions: Sequence[tuple[str, str]]) -> tuple[list[tuple[int, Entry]], list[tuple[int, Reason]]]:
    """Entries with their lines, and what is wrong with the shape of a line (counted from 0 in the text).

    Columns: name, ID number, relation, staff member, post, division (its name or code).
    """
    entries: list[tuple[int, Entry]] = []
    odd: list[tuple[int, Reason]] = []
    for line, cells in _cells(text):
        if len(cells) != COLUMNS:
            odd.append((line, Reason("line_columns", have=len(cells), want=COLUMNS)))
            continue
        name, number, relation, staff, post, division = cells
        word = _relation(relation)
        if word is None:
            odd.append((line, Reason("relation_not_near")))
        entry = Entry(name[:50], number[:40], word, staff[:50], post[:80], _division(division, divisions))
        entries.append((line, entry))
    return entries, odd


def _cells(text: str) -> list[tuple[int, list[str]]]:
    found = []
    for line, row in enumerate(text.splitlines()):
        if not row.strip() or (line == 0 and HEADER.search(row) and not re.search(r"[0-9]{15}", row)):
            continue
        parts = row.split("\t") if "\t" in row else re.split("[,，]", row)
        found.append((line, [part.strip() for part in parts]))
    return found


def _relation(text: str) -> Relation | None:
    code = ALSO.get(text, text)
    return next((word for word in NEAR if code in (word.value, label(word))), None)


def _division(text: str, divisions: Sequence[tuple[str, str]]) -> str:
    """The code of a division told by code or by name; nothing where it is not one, or not one alone."""
    found = [code for code, name in divisions if text in (code, name)]
    return found[0] if len(found) == 1 else ""
