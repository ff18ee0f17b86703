"""Which files may become the template of a letter: a plain Word document, whole, that can run and fetch nothing."""

import io
import zipfile

import pytest

from tests.views.word_files import changed, docx
from tests.workflows.refusals import codes
from views.papers_word import look
from workflows import paper_templates
from workflows.reason import Refused

DOCUMENT_RELS = "word___rels__document_dot_xml_dot_rels"
OUTSIDE = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
    b' Target="file:///c:/x.dotm" TargetMode="External"/></Relationships>'
)  # fmt: skip
DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]><a/>'
EBCDIC = f'<?xml version="1.0" encoding="cp037"?>{DOCTYPE}'.encode("cp037")
TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
CALLS = (
    b'<w:instrText xml:space="preserve"> DDEAUTO c:\\cmd </w:instrText>',
    b"<w:instrText><![CDATA[ includetext a.txt]]></w:instrText>",
    b'<w:fldChar/><w:instrText> INCLUDE</w:instrText><w:instrText>PICTURE "a"</w:instrText><w:fldChar/>',
    b'<w:fldSimple w:instr=" INCLUDETEXT a.txt"/>', b'<v:fldSimple xmlns:v="w" v:instr=" DD&#69; a"/>',
)  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"word__vbaProject_dot_bin": b"x"}, "template_macros"),
        ({"word__embeddings__oleObject1_dot_bin": b"x"}, "template_macros"),
        ({"word__activeX__activeX1_dot_xml": b"<a/>"}, "template_macros"),
        ({DOCUMENT_RELS: OUTSIDE}, "template_outside"),
        ({DOCUMENT_RELS: OUTSIDE.replace(b"External", b"e&#120;ternal")}, "template_outside"),
        (
            {DOCUMENT_RELS: OUTSIDE.decode().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")},
            "template_outside",
        ),
        (
            {DOCUMENT_RELS: OUTSIDE.replace(b' TargetMode="External"', b"").replace(b"attachedTemplate", b"oleObject")},
            "template_macros",
        ),
        ({"word__extra_dot_xml": b'<w:altChunk xmlns:w="w"/>'}, "template_outside"),
        *[({"word__extra_dot_xml": b'<w:r xmlns:w="w">%s</w:r>' % code}, "template_calls") for code in CALLS],
        ({"word__extra_dot_xml": DOCTYPE.encode()}, "template_doctype"),
        (
            {"word__extra_dot_xml": f'<?xml version="1.0" encoding="UTF-16"?>{DOCTYPE}'.encode("utf-16")},
            "template_doctype",
        ),
        ({"word__extra_dot_xml": EBCDIC}, "template_not_docx"),
        ({"word__extra_dot_xml": b'<?xml version="1.0" encoding="none-such"?><a/>'}, "template_not_docx"),
        ({"[Content_Types]_dot_xml": TYPES.replace(b"document.xml", b"document.dat")}, "template_not_docx"),
        (
            {"[Content_Types]_dot_xml": TYPES.replace(b"document.main", b"document.macroEnabled.main")},
            "template_macros",
        ),
        ({"..__evil_dot_xml": b"<a/>"}, "template_not_docx"),
        ({"word__big_dot_xml": b" " * 5_000_000}, "template_not_docx"),
    ],
)
def test_what_could_run_fetch_or_swell_is_refused(parts, code):
    with pytest.raises(Refused) as caught:
        paper_templates.check(changed(docx("好"), **parts))
    assert codes(caught) == [code]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"x" * 100, docx("好")[:-40]])
def test_what_is_no_word_document_is_refused(content):
    with pytest.raises(Refused) as caught:
        paper_templates.check(content)
    assert codes(caught) == ["template_not_docx"]


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_document_damaged_on_the_way_is_refused(packed):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as package:
        for name in ("[Content_Types].xml", "word/document.xml"):
            package.writestr(name, f"<a>{name * 400}</a>")
    damaged = bytearray(out.getvalue())
    begins = damaged.index(b"word/document.xml") + len("word/document.xml") + 9
    damaged[begins : begins + 11] = bytes(sign ^ 255 for sign in damaged[begins : begins + 11])
    with pytest.raises(Refused) as caught:
        paper_templates.check(bytes(damaged))
    assert codes(caught) == ["template_not_docx"]


@pytest.mark.parametrize("main", [b"<a/>", b'<w:document xmlns:w="%s"/>', b'<w:styles xmlns:w="%s"/>'])
def test_a_package_without_a_text_is_refused(main):
    words = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    empty = changed(docx("x"), word__document_dot_xml=main.replace(b"%s", words))
    paper_templates.check(empty)
    with pytest.raises(Refused) as caught:
        look(empty)
    assert codes(caught) == ["template_not_docx"]


def test_a_sheet_named_docx_is_refused():
    from openpyxl import Workbook

    out = io.BytesIO()
    Workbook().save(out)
    with pytest.raises(Refused):
        paper_templates.check(out.getvalue())


def test_a_template_may_be_as_large_as_is_said_and_no_larger():
    most = paper_templates.MOST_BYTES
    with pytest.raises(Refused) as caught:
        paper_templates.check(b"PK\x03\x04" + b"x" * (most - 3))
    assert codes(caught) == ["template_too_large"]
    with pytest.raises(Refused) as caught:
        paper_templates.check(b"PK\x03\x04" + b"x" * (most - 4))
    assert codes(caught) == ["template_not_docx"]


def test_a_plain_document_passes():
    paper_templates.check(docx("{{ 受文人 }}：{{ 文号 }}", head="{{ 出具单位 }}"))
