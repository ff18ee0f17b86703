"""The parts that every .xlsx has, and how a cell is written in one."""

from collections.abc import Sequence
from typing import NamedTuple

STYLES = {
    "text": 1, "money": 2, "count": 3, "date": 4, "month": 5, "moment": 6, "header": 7, "title": 8, "note": 9,
    "begin": 10,
}  # fmt: skip
"""Where each kind of cell stands among the formats below."""
UNLINED = 10
"""From there on the kinds stand once more, without lines: for columns, whose format goes on below the table."""
TEXT = '<c s="1" t="inlineStr"><is><t>%s</t></is></c>'
EMPTY = '<c s="1"/>'
LEFT_EMPTY = ((TEXT % "", EMPTY), ("<v></v></c>", "</c>"))
"""What cells put together at once look like when they are empty, and how they are written then."""
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


LONGEST_TAB = 31
SCREEN, PAPER = 150, 240
"""Places of all columns together: beyond the first a title in the middle is out of sight when the sheet opens, beyond
the second one page for all of them is too small to read."""


def column_name(number: int) -> str:
    """The letters of a column, counted from 0: A, Z, AA; XlsxWriter knows them too, and takes a moment to load."""
    letters = ""
    while number >= 0:
        letters, number = chr(65 + number % 26) + letters, number // 26 - 1
    return letters


def text(safe: str, style: str = "text") -> str:
    """A cell of text that is XML already."""
    return f'<c s="{STYLES[style]}" t="inlineStr"><is><t xml:space="preserve">{safe}</t></is></c>'


def number(value: str, kind: str) -> str:
    """A cell of a number, a day among them."""
    return f'<c s="{STYLES[kind]}"><v>{value}</v></c>'


def begin(widths: Sequence[int], kinds: Sequence[str], above: int) -> str:
    """A sheet up to its first row; the first ``above`` rows stay in sight."""
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" style="{STYLES[kind] + UNLINED}" customWidth="1"/>'
        for at, (width, kind) in enumerate(zip(widths, kinds, strict=True), 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}">'
        f'<sheetPr><pageSetUpPr fitToPage="{int(sum(widths) <= PAPER)}"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{above}" topLeftCell="A{above + 1}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="18" customHeight="1"/>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def end(above: int, columns: int) -> str:
    """A sheet from its last row on; what stands above the headers goes across all columns."""
    last = column_name(max(columns - 1, 0))
    merged = "".join(f'<mergeCell ref="A{row}:{last}{row}"/>' for row in range(1, above + 1)) if columns > 1 else ""
    told = f'<mergeCells count="{above}">{merged}</mergeCells>' if merged else ""
    page = '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.2" footer="0.2"/>'
    page += '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    page += "<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>"
    return f"</sheetData>{told}{page}</worksheet>"


class Tab(NamedTuple):
    """A sheet written: what it and those it goes on from are called, which of them it is, rows up to the headers."""

    name: str
    nth: int
    above: int

    @property
    def called(self) -> str:
        """Its own name; the second and further ones have their number. ``name`` holds nothing that XML minds."""
        end = f"（{self.nth}）" if self.nth > 1 else ""
        return f"{self.name[: LONGEST_TAB - len(end)]}{end}"


def frame(written: Sequence[Tab]) -> dict[str, str]:
    """Everything but the sheets themselves, which repeat their first rows on every page."""
    sheets = list(enumerate(written, 1))
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET}.worksheet+xml"/>' for n, _ in sheets
    )
    tabs = "".join(f'<sheet name="{tab.called}" sheetId="{n}" r:id="rId{n}"/>' for n, tab in sheets)
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{n - 1}">\'{tab.called}\'!$1:${tab.above}</definedName>'
        for n, tab in sheets
    )
    links = "".join(_link(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n, _ in sheets)
    links += _link(f"rId{len(sheets) + 1}", "styles", "styles.xml")
    return {
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{tabs}</sheets>'
        f"<definedNames>{titles}</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": _links(links),
        "_rels/.rels": _links(_link("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/styles.xml": _styles(),
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/>{kinds}</Types>'
        ),
    }


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_REL}/{kind}" Target="{target}"/>'


def _links(links: str) -> str:
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


_FORMATS = ((164, "yyyy\\-mm\\-dd"), (165, "yyyy\\-mm"), (166, "yyyy\\-mm\\-dd\\ hh:mm"))
_FACE = '<name val="宋体"/><charset val="134"/>'
_FONTS = (
    f'<font><sz val="11"/>{_FACE}</font><font><b/><sz val="11"/>{_FACE}</font><font><b/><sz val="16"/>{_FACE}</font>'
    f'<font><sz val="10"/><color rgb="FF595959"/>{_FACE}</font>'
)
_FILLS = (
    '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF7"/><bgColor indexed="64"/></patternFill></fill>'
)
_SIDES = "".join(
    f'<{side} style="thin"><color rgb="FF8C8C8C"/></{side}>' for side in ("left", "right", "top", "bottom")
)
_BORDERS = f"<border><left/><right/><top/><bottom/><diagonal/></border><border>{_SIDES}<diagonal/></border>"


def _looks() -> list[tuple[int, int, int, int, str]]:
    """The formats of cells in the order of ``STYLES``: (number format, font, fill, line, how it stands)."""
    middle = '<alignment horizontal="center" vertical="center"/>'
    header = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
    right, left = '<alignment horizontal="right" vertical="center" indent="1"/>', '<alignment vertical="center"/>'
    kinds = ((49, left), (4, right), (1, middle), (164, middle), (165, middle), (166, middle))
    return [
        (0, 0, 0, 0, ""), *((form, 0, 0, 1, stands) for form, stands in kinds),
        (49, 1, 2, 1, header), (49, 2, 0, 0, middle), (49, 3, 0, 0, left), (49, 2, 0, 0, left),
        *((form, 0, 0, 0, stands) for form, stands in kinds),
    ]  # fmt: skip


def _styles() -> str:
    """The part that says how cells look."""
    looks = _looks()
    formats = "".join(f'<numFmt numFmtId="{at}" formatCode="{code}"/>' for at, code in _FORMATS)
    cells = "".join(
        f'<xf numFmtId="{form}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyNumberFormat="1"'
        f' applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">{stands}</xf>'
        for form, font, fill, border, stands in looks
    )
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="3">{formats}</numFmts><fonts count="4">{_FONTS}</fonts>'
        f'<fills count="3">{_FILLS}</fills><borders count="2">{_BORDERS}</borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(looks)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
