"""Word files as the tests of letters upload and read them."""

import io
import zipfile

from docx import Document


def docx(*paragraphs: str, head: str = "") -> bytes:
    """A document of these paragraphs, with a page header where one is given."""
    document, out = Document(), io.BytesIO()
    for words in paragraphs:
        document.add_paragraph(words)
    if head:
        document.sections[0].header.paragraphs[0].text = head
    document.save(out)
    return out.getvalue()


def changed(content: bytes, **parts: bytes) -> bytes:
    """The same package with parts added or replaced; "/" and "." written as "__" and "_dot_"."""
    given = {name.replace("__", "/").replace("_dot_", "."): body for name, body in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in given:
                new.writestr(part, old.read(part))
        for name, body in given.items():
            new.writestr(name, body)
    return out.getvalue()


def text_of(content: bytes) -> str:
    """The paragraphs of a document, one a line."""
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
