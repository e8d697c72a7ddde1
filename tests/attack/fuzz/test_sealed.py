"""Everything sealed, as a hostile hand changes it: it opens as it was sealed, or says `SealBroken` and nothing else."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example
from hypothesis import strategies as st

from hotline.audit import NoteRefused
from hotline.errors import Malformed, Misconfigured
from hotline.vault.attachments import FileSpot
from hotline.vault.digests import Digests
from hotline.vault.envelope import (
    Place,
    Purpose,
    SealBroken,
    open_field,
    seal_field,
    unpad,
    unwrap_secret,
    wrap_info,
    wrap_secret,
)
from hotline.vault.erasedlist import ErasedList
from hotline.vault.found import NOTHING_YET, Found
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.letters import open_letter, seal_letter
from hotline.vault.links import LinkKey, seal_to_link
from hotline.vault.logkey import LogKey, LogPin
from hotline.vault.pin import Pin
from hotline.vault.relay import RelayKey, load_relay_public, seal_for_relay, seal_webhook_secret
from hotline.vault.reporters import ReporterKey
from hotline.vault.roster import RosterRefused, Signed, read_roster
from hotline.vault.seen import open_answer, seal_answer
from hotline.vault.stream import Sealer, open_chunks, open_range
from hotline.vault.threads import ThreadKeys, open_state, seal_state
from tests.attack.fuzz.hostile import CANARY, fuzz, mutated, refusing, texts

SECRET = bytes(range(32))
PLAIN = f"{CANARY} is held above the shop".encode()
PLACE = Place(Purpose.RECORD, "harbor", "a" * 32, "account", 3)
KEY = PrivateKey(bytes(32))
INFO = wrap_info(PLACE, "e" * 32)
SPOT = FileSpot("harbor", "a" * 32, 3, 1, "b" * 32)
FOUND = Found(scan="clean", facts=(("place", "41.38790, 2.16992"),))
LINK, REPORTER, RELAY = LinkKey(SECRET), ReporterKey(SECRET), RelayKey(KEY)
WAYS: dict[str, tuple[bytes, Callable[[bytes], object], object]] = {
    "record": (seal_field(SECRET, PLAIN, PLACE), lambda raw: open_field(SECRET, raw, PLACE), PLAIN),
    "wrap": (
        wrap_secret(SECRET, KEY.public, info=INFO),
        lambda raw: unwrap_secret(raw, KEY, info=INFO),
        SECRET,
    ),
    "letter": (
        seal_letter(KEY.public, PLAIN, PLACE, reader="r"),
        lambda raw: open_letter(KEY, raw, PLACE, reader="r"),
        PLAIN,
    ),
    "answer": (
        seal_answer("SM1", PLAIN.decode()),
        lambda raw: open_answer("SM1", raw).encode(),
        PLAIN,
    ),
    "state": (
        seal_state(SECRET, PLAIN, report_id="r"),
        lambda raw: open_state(SECRET, raw, report_id="r"),
        PLAIN,
    ),
    "packet": (LINK.seal(PLAIN), LINK.open, PLAIN),
    "letter to a link": (
        seal_to_link(LINK.public, PLAIN, "i"),
        lambda raw: LINK.open_letter(raw, "i"),
        PLAIN,
    ),
    "thread": (REPORTER.seal(SECRET), REPORTER.open, SECRET),
    "draft": (
        REPORTER.seal_draft(PLAIN, "lantern"),
        lambda raw: REPORTER.open_draft(raw, "lantern"),
        PLAIN,
    ),
    "relay": (seal_for_relay(KEY.public, PLAIN), RELAY.open, PLAIN),
    "secret of a webhook": (
        seal_webhook_secret(KEY.public, "whsec", "w"),
        lambda raw: RELAY.open_webhook_secret(raw, "w"),
        "whsec",
    ),
    "what a look found": (
        FOUND.seal(SECRET, SPOT),
        lambda raw: Found.open(SECRET, raw, SPOT),
        FOUND,
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_changed_is_broken(way: str) -> None:
    sealed, opens, plain = WAYS[way]

    @fuzz(10, 2_000, st.one_of(mutated(sealed), mutated(*(one[0] for one in WAYS.values()))))
    def meet(raw: bytes) -> None:
        with refusing(SealBroken) as said:
            assert opens(raw) in ((plain,) if raw == sealed else (plain, NOTHING_YET))
        assert said == [] or (raw != sealed and said == ["this seal does not open"])

    meet()


padded = st.one_of(st.binary(max_size=600), mutated(*(bytes([byte]) * 600 for byte in (0, 1, 255))))


@fuzz(30, 2_000, padded)
def test_padding_is_undone_or_refused(raw: bytes) -> None:
    with suppress(SealBroken):
        assert unpad(raw) == raw[4 : 4 + int.from_bytes(raw[:4])]


def sealed_file(content: bytes) -> list[bytes]:
    sealer = Sealer(SECRET, PLACE)
    return [*sealer.add(content), *sealer.finish()]


FILE = PLAIN * 3_000
CHUNKS = sealed_file(FILE)


@fuzz(
    30,
    2_000,
    st.lists(st.one_of(st.sampled_from(CHUNKS), mutated(*CHUNKS)), max_size=4),
    st.one_of(st.just(len(FILE)), st.integers(0, 1 << 62)),
    st.integers(0, 1 << 40),
)
def test_a_stream_gives_what_was_poured_into_it_or_breaks_off(
    chunks: list[bytes], size: int, start: int
) -> None:
    came = b""
    try:
        for piece in open_chunks(SECRET, PLACE, chunks, size=size):
            came += piece
        assert came == FILE
    except SealBroken:
        assert FILE.startswith(came)
    with suppress(SealBroken):
        for piece in open_range(SECRET, PLACE, chunks, size=size, start=start, stop=start + 100):
            assert piece in FILE


def test_a_key_file_is_a_key_or_refused(tmp_path: Path) -> None:
    path, _at = tmp_path / "key", datetime(2026, 3, 2, tzinfo=UTC)

    @fuzz(30, 2_000, mutated(KEY.public.raw, SECRET, b"HLT1" + bytes(72), b'{"roster": [1, ""]}'))
    @example(b"\xff")
    def meet(raw: bytes) -> None:
        path.unlink(missing_ok=True)
        path.write_bytes(raw)
        for make in (PublicKey, PrivateKey, LinkKey):
            with suppress(Malformed):
                make(raw)
        with suppress(Misconfigured):
            RelayKey.load(path)
        with suppress(Misconfigured):
            ThreadKeys(path).tickets("sms", "a", "b")
        with suppress(RosterRefused), Pin(path).held():
            pass
        for load in (LogKey.load, load_relay_public):
            with suppress(Misconfigured):
                load(path)
        with suppress(NoteRefused):
            LogPin(path).read()
        with suppress(Misconfigured):
            ErasedList(path).ids()

    meet()


@fuzz(40, 2_000, texts())
@example("[" * 20_000)
@example("[]")
@example('{"number":1e999}')
def test_a_document_of_the_house_is_read_or_refused(text: str) -> None:
    with suppress(RosterRefused):
        read_roster(Signed(1, text.encode("utf-8", "surrogatepass"), b"", "x"))
    Digests.parse(text)
