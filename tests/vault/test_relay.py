"""What is to be sent opens for the worker alone."""

from pathlib import Path

import pytest

from hotline.errors import Misconfigured
from hotline.vault.envelope import SealBroken
from hotline.vault.relay import (
    RelayKey,
    load_relay_public,
    seal_for_relay,
    seal_webhook_secret,
)

PAYLOAD = b'{"to": "+15005550006", "body": "We are here."}'


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "relay.key", tmp_path / "relay.pub"


def test_the_worker_opens_what_a_session_sealed(paths: tuple[Path, Path]) -> None:
    RelayKey.create(*paths)
    sealed = seal_for_relay(load_relay_public(paths[1]), PAYLOAD)
    assert b"5005550006" not in sealed
    assert RelayKey.load(paths[0]).open(sealed) == PAYLOAD


def test_another_worker_does_not(paths: tuple[Path, Path], tmp_path: Path) -> None:
    mine = RelayKey.create(*paths)
    theirs = RelayKey.create(tmp_path / "other.key", tmp_path / "other.pub")
    sealed = seal_for_relay(mine.public, PAYLOAD)
    for broken in (sealed[:-1], sealed[:100], b"", sealed + b"\0"):
        with pytest.raises(SealBroken):
            mine.open(broken)
    with pytest.raises(SealBroken):
        theirs.open(sealed)


def test_the_key_file_is_private_and_the_key_masked(paths: tuple[Path, Path]) -> None:
    key = RelayKey.create(*paths)
    assert paths[0].stat().st_mode & 0o077 == 0
    assert paths[0].read_bytes().hex() not in repr(key)


def test_a_missing_or_damaged_key_is_a_setting_to_mend(paths: tuple[Path, Path]) -> None:
    with pytest.raises(Misconfigured):
        RelayKey.load(paths[0])
    with pytest.raises(Misconfigured):
        load_relay_public(paths[1])
    for path in paths:
        path.write_bytes(b"short")
    with pytest.raises(Misconfigured):
        RelayKey.load(paths[0])
    with pytest.raises(Misconfigured):
        load_relay_public(paths[1])


def test_a_webhooks_secret_opens_for_that_webhook_alone(paths: tuple[Path, Path]) -> None:
    key = RelayKey.create(*paths)
    sealed = seal_webhook_secret(key.public, "whsec_secret", "a" * 32)
    assert b"whsec" not in sealed
    assert key.open_webhook_secret(sealed, "a" * 32) == "whsec_secret"
    with pytest.raises(SealBroken):
        key.open_webhook_secret(sealed, "b" * 32)
    with pytest.raises(SealBroken):
        key.open(sealed)
    with pytest.raises(SealBroken):
        key.open_webhook_secret(seal_for_relay(key.public, PAYLOAD), "a" * 32)
