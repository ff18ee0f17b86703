"""What kinds of files are kept, told by their ending and by what is in them; both must agree."""

import io
import zipfile
from collections.abc import Callable
from typing import NamedTuple

OFFICE = "application/vnd.openxmlformats-officedocument."
MOST_PARTS = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 200
ACTIVE = ("vbaproject", "activex", "externallink", "embeddings/")


class Kind(NamedTuple):
    """A kind of file: the ending it is stored under, its media type, and how it is known."""

    ending: str
    media: str
    fits: Callable[[bytes], bool]


def _begins(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signs)


def _webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _office(folder: str) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(b"PK\x03\x04") and _is_office(content, folder)


def _is_office(content: bytes, folder: str) -> bool:
    """A document of this folder ("word/", "xl/") without macros, not too large to unpack; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError):
        return False
    names = [part.filename.replace("\\", "/").lower() for part in parts]
    whole = sum(part.file_size for part in parts)
    sound = len(parts) <= MOST_PARTS and whole <= min(MOST_UNPACKED, max(len(content), 1024) * MOST_RATIO)
    plain = not any(part.flag_bits & 1 for part in parts)  # an encrypted part cannot be looked into
    inside = plain and not any(name.startswith("/") or ".." in name.split("/") for name in names)
    office = "[content_types].xml" in names and any(name.startswith(folder) for name in names)
    return sound and inside and office and not any(mark in name for name in names for mark in ACTIVE)


_JPEG = _begins(b"\xff\xd8\xff")
KINDS: dict[str, Kind] = {
    "pdf": Kind("pdf", "application/pdf", _begins(b"%PDF-")),
    "jpg": Kind("jpg", "image/jpeg", _JPEG),
    "jpeg": Kind("jpg", "image/jpeg", _JPEG),
    "png": Kind("png", "image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "webp": Kind("webp", "image/webp", _webp),
    "docx": Kind("docx", OFFICE + "wordprocessingml.document", _office("word/")),
    "xlsx": Kind("xlsx", OFFICE + "spreadsheetml.sheet", _office("xl/")),
}


def kind_of(ending: str, content: bytes) -> Kind | None:
    """The kind of a file with this ending; None where its content is something else."""
    kind = KINDS.get(ending)
    return kind if kind and kind.fits(content) else None
