"""Photos are kept without what the camera wrote beside the picture; which way up it is shown stays."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.photo_marks import MOST_PARTS, without_marks

PLACE = b"N28\xb027E105\xb001"
PICTURE = b"\x12\x34\xff\x00\x56\xff\xd0\x78"
ICC, JFIF = b"ICC_PROFILE\0\1\1colours", b"JFIF\0\1\2\0\0\1\0\1\0\0"


def marks(way: int, order: str = ">") -> bytes:
    """What a camera tells: which way up, and where it stood."""
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(f"{order}I", 8)
    entries = [(0x010F, 2, len(PLACE), 38, "I"), (0x0112, 3, 1, way, "H"), (0x8825, 4, 1, 38, "I")]
    body = b"".join(struct.pack(f"{order}HHI{kind}", *e).ljust(12, b"\0") for *e, kind in entries)
    return head + struct.pack(f"{order}H", len(entries)) + body + struct.pack(f"{order}I", 0) + PLACE


def segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(body) + 2) + body


def jpeg(way: int, order: str = ">") -> bytes:
    parts = [
        segment(0xE0, JFIF), segment(0xE1, b"Exif\0\0" + marks(way, order)), segment(0xE2, ICC),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE), segment(0xED, b"Photoshop" + PLACE),
        segment(0xE2, b"MPF\0" + PLACE), segment(0xFE, PLACE), segment(0xDB, b"table"), segment(0xC2, b"frame"),
        b"\xff" + segment(0xDA, b"scan") + PICTURE, segment(0xC4, b"codes"), segment(0xDA, b"more") + PICTURE,
    ]  # fmt: skip
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9" + b"\xff\xd8second picture" + PLACE


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(way: int) -> bytes:
    marked = [chunk(b"eXIf", marks(way)), chunk(b"tEXt", PLACE), chunk(b"iTXt", PLACE), chunk(b"zTXt", PLACE)]
    whole = [chunk(b"IHDR", b"head"), *marked, chunk(b"IDAT", PICTURE), chunk(b"tIME", PLACE), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(whole) + PLACE


def webp(way: int) -> bytes:
    parts = [(b"VP8X", b"\x2c\0\0\0" + b"\1" * 6), (b"ICCP", ICC + b"!"), (b"VP8 ", PICTURE + b"!")]
    parts += [(b"EXIF", marks(way)), (b"XMP ", PLACE)]
    body = b"WEBP" + b"".join(n + struct.pack("<I", len(b)) + b + b"\0" * (len(b) % 2) for n, b in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


MADE = {"jpg": jpeg, "png": png, "webp": webp}


def way_of(content: bytes) -> int:
    """The way up that is told; upright where nothing is."""
    at = content.find(b"MM\0*")
    if at < 0:
        return 1
    assert content[at : at + 12] == b"MM\0*\0\0\0\x08\0\x01\x01\x12"  # that one mark and no other
    return int.from_bytes(content[at + 18 : at + 20], "big")


@pytest.mark.parametrize("ending", MADE)
@pytest.mark.parametrize("way", [1, 2, 6, 8])
def test_place_and_device_go_and_the_way_up_and_the_picture_stay(ending, way):
    given = MADE[ending](way)
    clean = without_marks(ending, given)
    assert PLACE in given and PLACE not in clean and PICTURE in clean and way_of(clean) == way
    assert without_marks(ending, clean) == clean


@pytest.mark.parametrize(("way", "told"), [(0, 1), (1, 1), (8, 8), (9, 1)])
def test_a_way_up_that_there_is_not_is_upright(way, told):
    assert way_of(without_marks("jpg", jpeg(way))) == told


def test_a_camera_that_writes_the_small_byte_first_is_read_too():
    assert way_of(without_marks("jpg", jpeg(6, "<"))) == 6


def test_of_a_photo_stays_what_its_picture_needs_and_nothing_behind_its_end():
    own = segment(0xE1, b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0))
    frame = segment(0xE0, JFIF) + segment(0xE2, ICC) + segment(0xDB, b"table") + segment(0xC2, b"frame")
    scans = segment(0xDA, b"scan") + PICTURE + segment(0xC4, b"codes") + segment(0xDA, b"more") + PICTURE
    assert without_marks("jpg", jpeg(6)) == b"\xff\xd8" + own + frame + scans + b"\xff\xd9"


def test_the_parts_of_other_pictures_are_whole_and_their_sums_right():
    clean = without_marks("png", png(6))
    at, names = 8, []
    while at < len(clean):
        size, name = struct.unpack_from(">I4s", clean, at)
        names.append(name)
        assert struct.unpack_from(">I", clean, at + 8 + size) == (zlib.crc32(clean[at + 4 : at + 8 + size]),)
        at += 12 + size
    assert names == [b"IHDR", b"eXIf", b"IDAT", b"IEND"]
    for way, flags in ((1, 0x20), (6, 0x28)):
        clean = without_marks("webp", webp(way))
        assert struct.unpack_from("<I", clean, 4) == (len(clean) - 8,) and clean[20] == flags


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
def test_what_is_no_photo_stays_as_it_is(ending):
    assert without_marks(ending, jpeg(6)) == jpeg(6)


STRAY = [b"\0", b"\x12\x34", b"\xff", b"\xff\x00", b"\xff\x01", b"\xff\xd0"]


@pytest.mark.parametrize("stray", STRAY, ids=bytes.hex)
@pytest.mark.parametrize("before", [b"\xff\xe1\0", b"\xff\xdb\0"], ids=["marks", "table"])
def test_bytes_that_stand_between_segments_hide_no_marks(stray, before):
    given = jpeg(6).replace(before, stray + before, 1)
    assert given != jpeg(6) and without_marks("jpg", given) == without_marks("jpg", jpeg(6))


@pytest.mark.parametrize("body", [b"\xff\xd9", segment(0xDB, b"table")[:3] + b"\0" + b"Exif", b"\xff\xd8" + PICTURE])
def test_what_ends_or_breaks_off_before_its_picture_stays_as_it_is(body):
    given = b"\xff\xd8" + segment(0xE0, JFIF) + body + segment(0xDA, b"scan") + PICTURE + b"\xff\xd9"
    assert without_marks("jpg", given) == given


@pytest.mark.parametrize("told", [0, 3, 4, 21, 30, 60, 67])
def test_a_picture_that_says_it_is_shorter_than_it_is_stays_whole(told):
    whole, marked = without_marks("webp", webp(1)), webp(6)
    assert told < whole.index(PICTURE) + len(PICTURE) - 8
    lying = whole[:4] + struct.pack("<I", told) + whole[8:]
    assert without_marks("webp", lying) == lying
    clean = without_marks("webp", marked[:4] + struct.pack("<I", told) + marked[8:])
    assert PICTURE in clean and PLACE not in clean


def test_what_hangs_behind_the_end_of_a_picture_goes():
    whole = without_marks("webp", webp(1))
    assert without_marks("webp", whole + b"film" + struct.pack("<I", len(PLACE)) + PLACE) == whole


def pieces(ending: str, count: int) -> bytes:
    """A photo of so many parts, the last ones empty."""
    if ending == "jpg":
        return b"\xff\xd8" + b"\xff\xfe\0\2" * (count - 1) + segment(0xDA, b"scan") + PICTURE + b"\xff\xd9"
    if ending == "png":
        head, end = chunk(b"IHDR", b"head"), chunk(b"IEND", b"")
        return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"") * (count - 2) + end
    body = b"WEBPVP8 " + bytes(4) + b"EXIF" + bytes(4) + (b"ABCD" + bytes(4)) * (count - 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("ending", MADE)
@pytest.mark.parametrize(("over", "taken"), [(-1, True), (0, True), (1, False)])
def test_what_falls_into_thousands_of_parts_is_no_photo(ending, over, taken):
    assert (without_marks(ending, pieces(ending, MOST_PARTS + over)) is not None) is taken


@pytest.mark.parametrize("ending", MADE)
def test_of_a_photo_that_is_cut_short_no_mark_is_kept(ending):
    whole = MADE[ending](6)
    for size in range(12, len(whole) + 1):
        assert PLACE not in without_marks(ending, whole[:size]), size


@pytest.mark.parametrize("ending", MADE)
@given(data=st.data())
def test_a_damaged_photo_is_no_error_and_hardly_grows(ending, data):
    whole = MADE[ending](6)
    cut = whole[: data.draw(st.integers(12, len(whole)))]
    at, byte = data.draw(st.integers(0, len(cut) - 1)), data.draw(st.integers(0, 255))
    clean = without_marks(ending, cut[:at] + bytes([byte]) + cut[at + 1 :])
    assert len(clean) <= len(cut) + 40
