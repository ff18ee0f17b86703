"""Documents: what is kept, what is refused, and that a row and its file stand or fall together."""

import hashlib
import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from models import Attachment, AuditEntry
from policy.vocabulary import Paper, Role
from tests import factories
from tests.clock import START
from tests.workflows.test_photo_marks import PLACE, jpeg, pieces
from workflows import attachments
from workflows.actor import Actor
from workflows.attachments import Owner, Upload, clean_name
from workflows.photo_marks import MOST_PARTS, without_marks
from workflows.reason import Refused

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 16
PDF = b"%PDF-1.7\n"
WEBP = b"RIFF\x10\0\0\0WEBPVP8 "
HERE = Actor(None, "李", Role.TOWNSHIP_OFFICER, factories.XUNCHANG)


def package(*names: str, content: bytes = b"<x/>", compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        for name in names:
            file.writestr(name, content)
    return out.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
XLSX = package("[Content_Types].xml", "xl/workbook.xml")
GOOD = {"照片.JPG": JPG, "a.jpeg": JPG, "b.png": PNG, "c.webp": WEBP, "d.pdf": PDF, "e.docx": DOCX, "f.xlsx": XLSX}
HOSTILE = {
    "a program with a picture's name": ("身份证.png", b"MZ\x90\0"),
    "a page with a picture's name": ("照片.jpg", b"<script>alert(1)</script>"),
    "a page before a PDF": ("证明.pdf", b"<html>%PDF-1.7"),
    "a picture with a PDF's name": ("证明.pdf", PNG),
    "a drawing that can run": ("图.svg", b"<svg onload='alert(1)'/>"),
    "a page": ("公示.html", b"<html></html>"),
    "an old document": ("表.doc", b"\xd0\xcf\x11\xe0"),
    "a document with macros": ("表.docm", DOCX),
    "macros under another name": (
        "表.docx",
        package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    ),
    "a bare archive": ("表.docx", package("readme.txt")),
    "a sheet with a document's name": ("表.docx", XLSX),
    "a package that climbs out": ("表.xlsx", package("[Content_Types].xml", "xl/workbook.xml", "../../etc/passwd")),
    "a bomb": (
        "表.xlsx",
        package("[Content_Types].xml", "xl/a.xml", content=b"\0" * 9_000_000, compression=zipfile.ZIP_DEFLATED),
    ),
    "a torn package": ("表.xlsx", XLSX[:40]),
    "no ending": ("身份证", PNG),
    "an ending that hides another": ("照片.png.exe", PNG),
    "a NUL in the name": ("照片.exe\0.png", b"MZ"),
    "a photo of nothing but parts": ("照片.webp", pieces("webp", MOST_PARTS + 1)),
    "nothing in it": ("照片.png", b""),
}


@pytest.fixture
def home(session):
    factories.places(session)
    return factories.household(session)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "uploads"


def store(session, home, folder, *uploads, actor=HERE):
    return attachments.store(session, actor, START, folder, Owner(home), Paper.ID_CARD, [Upload(*u) for u in uploads])


def test_a_photo_is_kept_without_the_place_where_it_was_taken(session, home, folder):
    (row,) = store(session, home, folder, ("入户.JPEG", jpeg(6)))
    kept = attachments.path_of(folder, row).read_bytes()
    assert PLACE not in kept and kept == without_marks("jpg", jpeg(6))
    assert (row.size, row.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())


def test_every_allowed_kind_is_kept_whole_under_a_name_that_says_nothing(session, home, folder):
    rows = store(session, home, folder, *GOOD.items())
    assert [row.name for row in rows] == list(GOOD)
    for row, content in zip(rows, GOOD.values(), strict=True):
        file = attachments.path_of(folder, row)
        assert file.read_bytes() == content
        assert row.stored.partition(".")[0] not in row.name
        assert row.size == len(content)
        assert len(row.sha256) == 64
    if os.name == "posix":
        assert {file.stat().st_mode & 0o777 for file in (folder).iterdir()} == {0o600}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_strange_file_is_refused_with_its_name_and_nothing_is_written(session, home, folder, name):
    with pytest.raises(Refused) as refusal:
        store(session, home, folder, ("好.png", PNG), HOSTILE[name])
    assert len(refusal.value.reasons) == 1
    assert refusal.value.reasons[0].args["name"]
    assert not folder.exists()
    assert session.scalar(select(func.count(Attachment.id))) == 0


def test_each_bad_file_of_a_lot_is_named(session, home, folder):
    with pytest.raises(Refused) as refusal:
        store(session, home, folder, ("a.exe", b"MZ"), ("b.png", b"x"), ("c.png", b""))
    assert [r.code for r in refusal.value.reasons] == ["file_kind", "file_not_what_it_says", "file_empty"]


@pytest.mark.parametrize(("over", "kept"), [(-1, True), (0, True), (1, False)])
def test_ten_megabytes_are_the_most(session, home, folder, over, kept):
    upload = ("大.png", PNG + b"\0" * (attachments.MOST_BYTES - len(PNG) + over))
    if kept:
        assert store(session, home, folder, upload)
    else:
        with pytest.raises(Refused, match="file_too_large"):
            store(session, home, folder, upload)


@pytest.mark.parametrize(("count", "kept"), [(0, False), (1, True), (20, True), (21, False)])
def test_from_one_to_twenty_files_come_at_once(session, home, folder, count, kept):
    uploads = [(f"{n}.png", PNG) for n in range(count)]
    if kept:
        assert len(store(session, home, folder, *uploads)) == count
    else:
        with pytest.raises(Refused):
            store(session, home, folder, *uploads)


def test_a_family_elsewhere_gets_no_document(session, home, folder):
    elsewhere = Actor(None, "王", Role.TOWNSHIP_OFFICER, factories.XIAOER)
    with pytest.raises(Refused, match="not_in_your_division"):
        store(session, home, folder, ("a.png", PNG), actor=elsewhere)
    [row] = store(session, home, folder, ("a.png", PNG))
    with pytest.raises(Refused, match="not_in_your_division"):
        attachments.withdraw(session, elsewhere, START, row, "看错了")


def test_a_document_is_withdrawn_once_with_a_reason_and_stays(session, home, folder):
    [row] = store(session, home, folder, ("a.png", PNG))
    with pytest.raises(Refused, match="why_missing"):
        attachments.withdraw(session, HERE, START, row, " ")
    session.commit()
    attachments.withdraw(session, HERE, START, row, "传错了户")
    with pytest.raises(Refused, match="withdrawn_before"):
        attachments.withdraw(session, HERE, START, row, "再来")
    session.commit()
    assert attachments.path_of(folder, row).exists()
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.table_name == "attachment").order_by(AuditEntry.id)
    ).all()
    assert entries[-1].after["withdrawn_why"] == entries[-1].reason == "传错了户"


def test_files_without_a_row_are_swept_after_a_day_and_no_others(session, home, folder):
    [row] = store(session, home, folder, ("a.png", PNG))
    (folder / f"{'ab' * 16}.png").write_bytes(PNG)
    (folder / f"{'cd' * 16}.png.part").write_bytes(PNG)
    long_ago = START.timestamp() - timedelta(days=30).total_seconds()
    for file in folder.iterdir():
        os.utime(file, (long_ago, long_ago))
    (folder / f"{'ef' * 16}.png").write_bytes(PNG)
    os.utime(folder / f"{'ef' * 16}.png", (START.timestamp(), START.timestamp()))
    (folder / "somebody's own.txt").write_text("mine")
    os.utime(folder / "somebody's own.txt", (long_ago, long_ago))
    assert attachments.sweep(session, folder, START) == 2
    assert {file.name for file in folder.iterdir()} == {row.stored, "somebody's own.txt", f"{'ef' * 16}.png"}


def test_a_file_that_goes_while_the_folder_is_swept_stops_nobody(session, folder, monkeypatch):
    folder.mkdir(exist_ok=True)
    monkeypatch.setattr(Path, "iterdir", lambda folder: iter([folder / f"{'ab' * 16}.png.part"]))
    assert attachments.sweep(session, folder, START) == 0


@pytest.mark.parametrize(("name", "clean"), [
    ("户口簿 第1页.pdf", "户口簿 第1页.pdf"),
    ("../../etc/passwd.png", "passwd.png"),
    ("C:\\Users\\李\\照片.jpg", "照片.jpg"),
    ('a"b<c>.png', "abc.png"),
    ("照\u202e片.png", "照片.png"),
    ("．．／..＼照片.png", "．．..照片.png"),
    ("  . 照片.png. ", "照片.png"),
])  # fmt: skip
def test_a_name_keeps_what_people_wrote_and_no_path(name, clean):
    assert clean_name(name) == clean


@given(st.text(max_size=400))
def test_a_clean_name_fits_and_holds_no_path(name):
    clean = clean_name(name)
    assert len(clean) <= attachments.LONGEST_NAME + 1
    assert not set(clean) & set('/\\\0\n<>:"|?*')
