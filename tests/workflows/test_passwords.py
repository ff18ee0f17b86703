"""What a county asks of passwords, and how they are kept."""

import pytest

from workflows import passwords
from workflows.passwords import PROFILES

GOOD = "Tulip-7-Harbour"


def codes(password, profile="dengbao", names=(), old=()):
    return [reason.code for reason in passwords.faults(password, PROFILES[profile], names, old)]


def test_hashing_costs_what_the_owasp_floor_asks():
    # The tests themselves hash quickly; this is what the office does.
    assert (passwords.PASSES, passwords.MEMORY_KIB) == (2, 19 * 1024)


def test_a_hash_is_argon2id_with_a_salt_of_its_own():
    one, other = passwords.hash_password(GOOD), passwords.hash_password(GOOD)
    assert one.startswith("$argon2id$")
    assert one != other
    assert passwords.verify_password(one, GOOD)
    assert not passwords.verify_password(one, GOOD.lower())


def test_nobodys_password_is_checked_as_long_as_anybodys(monkeypatch):
    checked = []
    passwords._nobodys_hash()
    real = passwords._hasher

    class Watching:
        def verify(self, hashed, password):
            checked.append(hashed)
            return real.verify(hashed, password)

    monkeypatch.setattr(passwords, "_hasher", Watching())
    assert not passwords.verify_password(None, GOOD)
    assert checked[0].split("$")[1:4] == real.hash("x").split("$")[1:4]


def test_a_broken_hash_opens_nothing():
    assert not passwords.verify_password("not a hash", GOOD)


@pytest.mark.parametrize(
    ("password", "expected"),
    [("Tulip-7-H", ["password_short"]), ("Tulip-7-Ha", []), ("Tulip-7-Har", [])],
)
def test_ten_characters_are_enough_in_the_usual_profile(password, expected):
    assert codes(password) == expected


@pytest.mark.parametrize(
    ("password", "expected"),
    [("tulips harbour", ["password_kinds"]), ("tulips-harbour-7", []), ("Tulips-harbour-7", [])],
)
def test_three_of_four_kinds_are_enough_in_the_usual_profile(password, expected):
    assert codes(password) == expected


@pytest.mark.parametrize(
    ("length", "expected"), [(14, ["password_short"]), (15, []), (64, []), (128, []), (129, ["password_long"])]
)
def test_the_modern_profile_asks_for_length_alone(length, expected):
    assert codes(("correcthorsebatterystaple" * 6)[:length], "modern") == expected


def test_nothing_is_cut_off_a_long_password():
    long = "correct horse battery staple " * 3
    assert not passwords.verify_password(passwords.hash_password(long), long[:72])


@pytest.mark.parametrize(
    "password",
    [
        "Password123!",
        "P@ssw0rd2024",
        "1234567890Aa",
        "Qwertyuiop1!",
        "1qaz2wsx3edC",
        "Aa1Aa1Aa1Aa1",
        "Minzheng@2026",
        "Dibao-123456",
    ],
)
def test_what_is_guessed_first_is_refused(password):
    assert "password_common" in codes(password)


@pytest.mark.parametrize("password", ["Zhangwei-2X9k", "我是张伟2026Xy", "xX珙县-20267a"])
def test_no_password_holds_the_name_the_login_or_the_county(password):
    assert codes(password, names=("zhangwei", "张伟", "珙县")) == ["password_name"]


def test_an_old_password_is_refused():
    assert codes(GOOD, old=(passwords.hash_password(GOOD),)) == ["password_used"]


def test_full_width_letters_are_the_same_password():
    assert passwords.verify_password(passwords.hash_password(GOOD), "Ｔｕｌｉｐ－７－Ｈａｒｂｏｕｒ")


def test_one_use_passwords_keep_every_profile_and_never_repeat():
    made = {passwords.one_use_password() for _ in range(50)}
    assert len(made) == 50
    assert all(not codes(password) and not codes(password, "modern") for password in made)
