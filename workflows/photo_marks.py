"""Photos without what cameras write beside the picture: place, time, device, comments. The picture itself is untouched.

Which way up it is meant to be shown stays, as the one mark that is kept. It is done by the structure of the files
alone, without a library of pictures: nothing is decoded, so nothing of the picture is lost.
"""

import struct
from collections.abc import Callable, Iterator
from itertools import chain
from zlib import crc32

_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
_UPRIGHT = 1
_END, _SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_LAST = bytes([0xFF, _END])
_APPS = range(0xE0, 0xF0)
_APPS_KEPT = {0xE0: (b"JFIF\0",), 0xE2: (b"ICC_PROFILE\0",), 0xEE: (b"Adobe",)}
"""Segments of programs that a picture needs: its density, its colours. The others tell of camera, place and edits."""
_PNG_DROPPED = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04


def without_marks(ending: str, content: bytes) -> bytes:
    """The file without the marks of its camera where it is a photo; any other as it is. ``ending``: of its kind."""
    clean = _CLEAN.get(ending)
    return clean(content) if clean else content


def _jpeg(content: bytes) -> bytes:
    """Segment by segment up to the end of the picture; what hangs behind it (other pictures, films) goes.

    Where the structure breaks off, the rest stays as it is.
    """
    kept, way, at = bytearray(content[:2]), _UPRIGHT, 2
    while at + 2 <= len(content) and content[at] == 0xFF:
        mark, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if mark == 0xFF:  # a byte to fill up
            at += 1
            continue
        if mark == _END or size < 2:
            break
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
            at = after
    kept += content[at : at + 2] if content[at : at + 2] == _LAST else content[at:]
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
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2
    return len(content)


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


def _png(content: bytes) -> bytes:
    kept, way, read = [content[:8]], _UPRIGHT, 8
    name = b""
    for name, whole, body in _png_parts(content):
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
    """Name, whole and body of each part, up to the last one of the picture."""
    at, name = 8, b""
    while at + 8 <= len(content) and name != b"IEND":
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        yield name, content[at:end], content[at + 8 : end - 4]
        at = end


def _webp(content: bytes) -> bytes:
    content = content[: 8 + int.from_bytes(content[4:8], "little")]
    parts, kept, way = list(_webp_parts(content)), list[tuple[bytes, bytes]](), _UPRIGHT
    if not any(name in _WEBP_DROPPED for name, _ in parts):
        return content
    for name, body in parts:
        if name == b"EXIF":
            way = _way(body.removeprefix(_EXIF)) or way
        elif name not in _WEBP_DROPPED:
            kept.append((name, body))
    turned = way != _UPRIGHT and bool(kept) and kept[0][0] == b"VP8X"
    if kept and kept[0][0] == b"VP8X" and kept[0][1]:
        flags = kept[0][1][0] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if turned else 0)
        kept[0] = (b"VP8X", bytes([flags]) + kept[0][1][1:])
    written = [
        name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        for name, body in chain(kept, [(b"EXIF", _tiff(way))] if turned else [])
    ]
    told = b"WEBP" + b"".join(written)
    return b"RIFF" + struct.pack("<I", len(told)) + told


def _webp_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each part."""
    at = 12
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        yield content[at : at + 4], content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


_CLEAN: dict[str, Callable[[bytes], bytes]] = {"jpg": _jpeg, "png": _png, "webp": _webp}
