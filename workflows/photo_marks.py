"""Photos without what cameras write beside the picture: place, time, device, comments. The picture itself is untouched.

Which way up it is meant to be shown stays, as the one mark that is kept. It is done by the structure of the files
alone, without a library of pictures: nothing is decoded, so nothing of the picture is lost.
"""

import re
import struct
from collections.abc import Callable, Iterator
from zlib import crc32

_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
_UPRIGHT = 1
_BEGIN, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_MARK = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]", re.DOTALL)
_AFTER = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)
"""What a segment begins with, and what packed lines end before."""
_LAST = bytes([0xFF, _END])
_APPS = range(0xE0, 0xF0)
_APPS_KEPT = {0xE0: (b"JFIF\0",), 0xE2: (b"ICC_PROFILE\0",), 0xEE: (b"Adobe",)}
"""Segments of programs that a picture needs: its density, its colours. The others tell of camera, place and edits."""
_PNG_DROPPED = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
_WEBP_PICTURE = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
_WEBP_HEAD, _WEBP_FLAGS = 12, 20

MOST_PARTS = 10_000
"""No picture has more segments, chunks or frames; a file of nothing else would keep the panel busy for seconds."""


def without_marks(ending: str, content: bytes) -> bytes | None:
    """The file without the marks of its camera where it is a photo; any other as it is. ``ending``: of its kind.

    None for what falls into more than ``MOST_PARTS``, which is no photo.
    """
    clean = _CLEAN.get(ending)
    return clean(content) if clean else content


def _jpeg(content: bytes) -> bytes | None:
    """Segment by segment up to the end of the picture; what hangs behind it (other pictures, films) goes.

    Bytes that stand between segments go too: readers pass over them. Where the structure breaks off, the rest stays as
    it is.
    """
    kept, way, at, seen, parts = bytearray(content[:2]), _UPRIGHT, 2, False, 0
    while (found := _MARK.search(content, at)) is not None:
        at = found.end() - 2
        mark, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if mark in (_BEGIN, _END) or size < 2:
            break
        parts += 1
        if parts > MOST_PARTS:
            return None
        end = at + 2 + size
        body = content[at + 4 : end]
        if mark == 0xE1 and body.startswith(_EXIF):
            way = _way(body[len(_EXIF) :]) or way
        if _needed(mark, body):
            kept += content[at:end]
        at = end
        if mark == _SCAN:
            after = _scanned(content, at)
            kept += content[at:after]
            at, seen = after, True
    kept += _LAST if seen and content[at : at + 2] == _LAST else content[at:]
    own = _EXIF + _tiff(way)
    if way != _UPRIGHT:
        kept[2:2] = b"\xff\xe1" + struct.pack(">H", len(own) + 2) + own
    return bytes(kept)


def _needed(mark: int, body: bytes) -> bool:
    if mark == _COMMENT:
        return False
    return mark not in _APPS or (body.startswith(_APPS_KEPT.get(mark, ())) and mark in _APPS_KEPT)


def _scanned(content: bytes, at: int) -> int:
    """Where the packed lines that begin here end: before the next mark that is none of theirs."""
    after = _AFTER.search(content, at)
    return after.start() if after else len(content)


def _way(tiff: bytes) -> int:
    """Which way up a picture is, 1 to 8, as its block of marks tells; 0 where it does not tell."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 0
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    if first + 2 > len(tiff):
        return 0
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for at in range(first + 2, min(first + 2 + 12 * count, len(tiff) - 11), 12):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if tag == _ORIENTATION:
            return int(value) if value in range(1, 9) else 0
    return 0


def _tiff(way: int) -> bytes:
    """A block of marks that tells nothing but which way up."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, way, 0, 0)


def _png(content: bytes) -> bytes | None:
    kept, way, read = [content[:8]], _UPRIGHT, 8
    name = b""
    for parts, (name, whole, body) in enumerate(_png_parts(content), 1):
        if parts > MOST_PARTS:
            return None
        read += len(whole)
        if name == b"eXIf":
            way = _way(body) or way
        elif name not in _PNG_DROPPED:
            kept.append(whole)
    if way != _UPRIGHT:
        own = b"eXIf" + _tiff(way)
        kept.insert(2, struct.pack(">I", len(own) - 4) + own + struct.pack(">I", crc32(own)))
    if name != b"IEND":
        kept.append(content[read:])
    return b"".join(kept)


def _png_parts(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, whole and body of each part, up to the last one of the picture or to what is no part."""
    at, name = 8, b""
    while name != b"IEND" and (name := content[at + 4 : at + 8]).isalpha():
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        yield name, content[at:end], content[at + 8 : end - 4]
        at = end


def _webp(content: bytes) -> bytes | None:
    kept, way, read, dropped = bytearray(b"RIFF\0\0\0\0WEBP"), _UPRIGHT, _WEBP_HEAD, False
    for parts, (name, body) in enumerate(_webp_parts(content), 1):
        if parts > MOST_PARTS:
            return None
        read += 8 + len(body) + len(body) % 2
        if name in _WEBP_DROPPED:
            dropped, way = True, (name == b"EXIF" and _way(body.removeprefix(_EXIF))) or way
        else:
            _webp_add(kept, name, body)
    if not dropped:
        return content[: max(read, _webp_end(content))]
    if kept[_WEBP_HEAD : _WEBP_HEAD + 4] == b"VP8X" and any(kept[_WEBP_HEAD + 4 : _WEBP_FLAGS]):
        kept[_WEBP_FLAGS] &= ~(_WEBP_EXIF | _WEBP_XMP)
        if way != _UPRIGHT:
            kept[_WEBP_FLAGS] |= _WEBP_EXIF
            _webp_add(kept, b"EXIF", _tiff(way))
    kept[4:8] = struct.pack("<I", len(kept) - 8)
    return bytes(kept)


def _webp_add(kept: bytearray, name: bytes, body: bytes) -> None:
    kept += name + struct.pack("<I", len(body))
    kept += body
    kept += b"\0" * (len(body) % 2)


def _webp_end(content: bytes) -> int:
    """Where the file says that it ends."""
    return 8 + int.from_bytes(content[4:8], "little")


def _webp_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each part up to where the file says it ends; that counts once the picture has come."""
    at, end, seen = _WEBP_HEAD, _webp_end(content), False
    while at + 8 <= len(content) and not (seen and at >= end):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        seen = seen or name in _WEBP_PICTURE
        yield name, content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


_CLEAN: dict[str, Callable[[bytes], bytes | None]] = {"jpg": _jpeg, "png": _png, "webp": _webp}
