"""What a token and a PIN give, what follows from either alone, and what does not."""

import threading
from pathlib import Path

import pytest

from hotline.errors import Malformed, Misconfigured
from hotline.vault.argon import CHEAPEST
from hotline.vault.envelope import SealBroken
from hotline.vault.links import (
    LinkDesk,
    LinkKey,
    is_token,
    lookup,
    new_link,
    new_ticket,
    read_pin,
    read_ticket,
    seal_to_link,
    seat_of,
    ticket_text,
)

DESK = LinkDesk(salt=b"l" * 16, profile=CHEAPEST)


def test_a_link_is_of_256_bits_and_its_pin_of_eight_digits() -> None:
    made = [new_link() for _ in range(50)]
    assert all(is_token(token) and len(token) == 43 for token, _ in made)
    assert all(read_pin(pin) == pin and len(pin) == 8 for _, pin in made)
    assert len({token for token, _ in made}) == 50


def test_both_open_and_neither_alone() -> None:
    (token, pin), (other, _) = new_link(), new_link()
    key = DESK.derive(token, pin)
    sealed = key.seal(b"a packet")
    assert DESK.derive(token, pin).open(sealed) == b"a packet"
    wrong = f"{(int(pin) + 1) % 10**8:08}"
    for stranger in (DESK.derive(token, wrong), DESK.derive(other, pin)):
        with pytest.raises(SealBroken):
            stranger.open(sealed)
        assert stranger.public.raw != key.public.raw
    # The look-up id follows from the token alone, and gives none of the rest.
    assert lookup(token) == lookup(token) != lookup(other)
    assert len({lookup(token), key.seat, key.root}) == 3
    # What stands before a PIN is no part of it: each is read with its length.
    assert DESK.derive("ab", "c").root != DESK.derive("a", "bc").root


def test_a_browser_keeps_the_root_and_the_database_its_hash() -> None:
    key = DESK.derive(*new_link())
    again = LinkKey(read_ticket(ticket_text(key.root)))
    assert again.open(key.seal(b"a packet")) == b"a packet"
    assert again.seat == key.seat == seat_of(key.root) != key.root
    assert "root" not in repr(key)
    for text in ("", "x", "=" * 43, "a" * 44, "ü" * 43):
        assert read_ticket(text) == b""
    with pytest.raises(Malformed):
        LinkKey(b"")
    assert len(new_ticket()) == 32


def test_a_letter_opens_under_its_own_id_and_for_its_own_link() -> None:
    key, other = DESK.derive(*new_link()), DESK.derive(*new_link())
    sealed = seal_to_link(key.public, b"Until nine.", "1" * 32)
    assert key.open_letter(sealed, "1" * 32) == b"Until nine."
    for reader, its_id in ((key, "2" * 32), (other, "1" * 32)):
        with pytest.raises(SealBroken):
            reader.open_letter(sealed, its_id)
    for end in (0, 10, len(sealed) - 1):
        with pytest.raises(SealBroken):
            key.open_letter(sealed[:end], "1" * 32)


@pytest.mark.parametrize(
    ("typed", "pin"),
    [
        ("01234567", "01234567"),
        (" 0123 4567\n", "01234567"),
        ("0123-4567", "01234567"),
        ("٠١٢٣ ٤٥٦٧", "01234567"),
        ("\u200e01234567\u200f", "01234567"),
        ("123456", ""),
        ("123456789", ""),
        ("1234567a", ""),
        ("", ""),
        ("²1234567", ""),
        ("1" * 10**5, ""),
    ],
)
def test_a_pin_is_eight_digits_of_any_script(typed: str, pin: str) -> None:
    assert read_pin(typed) == pin


def test_a_house_has_one_salt_which_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "links.salt"
    roots = set()

    def starts() -> None:
        desk = LinkDesk.load(path, profile=CHEAPEST)
        roots.add(desk.derive("token", "123456").root)

    threads = [threading.Thread(target=starts) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(roots) == 1
    assert len(path.read_bytes()) == 16
    assert path.stat().st_mode & 0o777 == 0o600
    # After a start it is the same; in another house it is another.
    starts()
    assert len(roots) == 1
    elsewhere = LinkDesk.load(tmp_path / "else.salt", profile=CHEAPEST)
    assert elsewhere.derive("token", "123456").root not in roots


def test_a_salt_that_is_none_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "links.salt").write_bytes(b"short")
    with pytest.raises(Misconfigured):
        LinkDesk.load(tmp_path / "links.salt", profile=CHEAPEST)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Misconfigured):
        LinkDesk.load(tmp_path / "file" / "links.salt", profile=CHEAPEST)
