"""A sender is known again for two key periods, and without the number being kept."""

from datetime import timedelta
from pathlib import Path

import pytest

from hotline.errors import Misconfigured
from hotline.vault.envelope import SealBroken
from hotline.vault.threads import PERIOD, ThreadKeys, new_thread_secret, tag
from tests.vault.conftest import NOW

MARIA = ("sms", "+15005550001", "+15005550006")


@pytest.fixture
def keys(tmp_path: Path) -> ThreadKeys:
    keys = ThreadKeys(tmp_path / "run" / "threads.key")
    assert keys.rotate(NOW)
    return keys


def test_the_same_sender_on_the_same_line_gets_the_same_ticket(keys: ThreadKeys) -> None:
    now, before = keys.tickets(*MARIA)
    assert keys.tickets(*MARIA) == (now, before)
    assert len(now.token) == 32
    assert now.token != before.token


@pytest.mark.parametrize(
    "other",
    [
        ("whatsapp", "+15005550001", "+15005550006"),
        ("sms", "+15005550002", "+15005550006"),
        ("sms", "+15005550001", "+15005550007"),
        ("sms", "+1500555000", "1+15005550006"),
    ],
)
def test_another_sender_line_or_channel_gets_another(
    keys: ThreadKeys, other: tuple[str, str, str]
) -> None:
    mine = {ticket.token for ticket in keys.tickets(*MARIA)}
    assert mine.isdisjoint(ticket.token for ticket in keys.tickets(*other))


def test_a_ticket_opens_the_thread_secret_and_another_does_not(keys: ThreadKeys) -> None:
    secret = new_thread_secret()
    mine, _ = keys.tickets(*MARIA)
    theirs, _ = keys.tickets("sms", "+15005550001", "+15005550007")
    sealed = mine.seal(secret)
    assert mine.open(sealed) == secret
    with pytest.raises(SealBroken):
        theirs.open(sealed)


def test_the_key_turns_after_seven_days_and_the_last_one_still_counts(keys: ThreadKeys) -> None:
    first = keys.tickets(*MARIA)[0]
    assert not keys.rotate(NOW + PERIOD - timedelta(seconds=1))
    assert keys.rotate(NOW + PERIOD)
    second, previous = keys.tickets(*MARIA)
    assert previous == first
    # After two turns nobody can tell any more that the thread was hers.
    assert keys.rotate(NOW + 2 * PERIOD)
    assert first not in keys.tickets(*MARIA)
    assert second in keys.tickets(*MARIA)


def test_another_process_sees_the_turn(keys: ThreadKeys, tmp_path: Path) -> None:
    other = ThreadKeys(tmp_path / "run" / "threads.key")
    assert other.tickets(*MARIA) == keys.tickets(*MARIA)
    assert other.rotate(NOW + PERIOD)
    assert keys.tickets(*MARIA) == other.tickets(*MARIA)
    # Who asks late does not turn it a second time.
    assert not keys.rotate(NOW + PERIOD)


def test_the_key_file_is_private(keys: ThreadKeys, tmp_path: Path) -> None:
    assert (tmp_path / "run" / "threads.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "run").stat().st_mode & 0o077 == 0


def test_without_a_key_there_is_no_ticket(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        ThreadKeys(tmp_path / "none").tickets(*MARIA)


@pytest.mark.parametrize("content", [b"", b"HLT1", b"HLT2" + bytes(72)])
def test_a_damaged_key_file_is_noticed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "threads.key"
    path.write_bytes(content)
    with pytest.raises(Misconfigured):
        ThreadKeys(path).tickets(*MARIA)


def test_a_ticket_does_not_show_its_key(keys: ThreadKeys) -> None:
    assert "_key" not in repr(keys.tickets(*MARIA)[0])


def test_a_tag_is_the_same_within_a_thread_only() -> None:
    one, other = new_thread_secret(), new_thread_secret()
    assert tag(one, "ramon") == tag(one, "ramon")
    assert tag(one, "ramon") != tag(other, "ramon")
    assert tag(one, "ramon") != tag(one, "rosa")
    assert len(tag(one, "\ud800")) == 16
