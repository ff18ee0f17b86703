"""CSV bytes → rows, inside the reading child: a fixed chain of charsets, quotes taken seriously."""

import csv
import io
from collections.abc import Iterator

from workflows.exchange.reader_error import Bad


def decode(data: bytes) -> tuple[str, str]:
    """Text and charset by a fixed chain, never by guessing; the caller still has to find known headers in it."""
    if data.startswith(b"\xef\xbb\xbf"):
        chain: tuple[str, ...] = ("utf-8-sig",)
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        chain = ("utf-16",)
    else:
        chain = ("utf-8", "gb18030")
    for charset in chain:
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if "\0" in text:  # UTF-16 without its mark reads as rubbish full of NUL
            raise Bad("charset" if text.count("\0") * 20 > len(text) else "nul")
        if "\ufffd" in text:
            raise Bad("charset")
        return text.removeprefix("\ufeff"), charset
    raise Bad("charset")


def delimiter_of(text: str) -> str:
    """Comma, tab (Excel's Unicode text) or semicolon, whichever the first lines hold most of."""
    head = "\n".join(text.splitlines()[:20])
    return max(",\t;", key=head.count)


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the row number a spreadsheet would show; an unclosed quote is an error, not one huge cell."""
    csv.field_size_limit(max(len(text) + 1, 1))
    delimiter = delimiter_of(text)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if any("\n" in cell and cell.count(delimiter) >= 10 for cell in cells):
                raise Bad("quote", row=number)
            yield number, cells
    except csv.Error:
        raise Bad("quote", row=number + 1) from None
