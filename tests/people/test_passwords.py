"""Passwords in Vietnamese, guessable ones, and hashing beside greenlets."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest

from crisis_desk.people import passwords


def test_a_password_fits_however_the_keyboard_composes_it() -> None:
    composed = unicodedata.normalize("NFC", "Trường Sa lớn")
    kept = passwords.hash_password(composed)
    assert passwords.is_password(kept, unicodedata.normalize("NFD", composed))
    assert not passwords.is_password(kept, "Truong Sa lon")


def test_without_a_hash_the_answer_is_no_even_for_the_dummy_s_password() -> None:
    assert passwords.is_password(None, "nobody has this password") is False


def test_a_damaged_hash_lets_nobody_in() -> None:
    assert passwords.is_password("x", "anything at all") is False


@pytest.mark.parametrize(
    ("password", "count"),
    [
        ("hoa sen trong ao", 0),
        ("ngắn quá", 1),
        ("aaaaaaaaaaaa", 1),
        ("lê thị thử", 1),
        ("lethu.nguyen", 1),
        ("lethu.nguyen123", 1),
        ("x y" * 100, 2),
    ],
)
def test_faults_of_a_password(password: str, count: int) -> None:
    assert len(passwords.faults(password, name="Lê Thị Thử", email="lethu.nguyen@desk.invalid")) == count


def test_settings_of_the_hash_are_argon2id_with_19_mib() -> None:
    assert passwords.hash_password("hoa sen trong ao").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_hashing_lets_other_greenlets_run() -> None:
    program = (
        "from gevent import monkey; monkey.patch_all()\n"
        "import gevent\n"
        "from crisis_desk.people import passwords\n"
        "ticks = []\n"
        "def tick():\n"
        "    while True:\n"
        "        ticks.append(1); gevent.sleep(0)\n"
        "ticking = gevent.spawn(tick)\n"
        "passwords.hash_password('hoa sen trong ao')\n"
        "print(len(ticks) > 10)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "True\n"
