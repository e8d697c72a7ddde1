"""The digest of a message fits for as long as its sealed bytes are the same, and no longer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.vault.digests import Digests, body_digest
from hotline.vault.sealing import Envelope

AUDIENCES = ("desk", "identity", "reporter", "urgent")
BODIES = st.dictionaries(st.sampled_from(AUDIENCES), st.binary(min_size=1, max_size=64), min_size=1)


def _envelopes(seq: int, bodies: dict[str, bytes], wrap: bytes = b"w") -> list[Envelope]:
    return [
        Envelope("r" * 32, seq, audience, "main", "e" * 32, wrap, body)
        for audience, body in bodies.items()
    ]


@given(st.integers(min_value=1, max_value=10**9 - 1), BODIES)
def test_what_is_written_down_reads_as_it_was(seq: int, bodies: dict[str, bytes]) -> None:
    made = Digests.of(_envelopes(seq, bodies))
    assert Digests.parse(str(made)) == made
    assert Digests.parse(f"message {made}") == made
    assert dict(made.bodies) == {name: body_digest(body) for name, body in bodies.items()}


@given(BODIES)
def test_neither_order_nor_new_wraps_change_it(bodies: dict[str, bytes]) -> None:
    backwards = dict(reversed(bodies.items()))
    assert Digests.of(_envelopes(3, bodies)) == Digests.of(_envelopes(3, backwards, b"other"))


@given(BODIES, st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_changes_it(bodies: dict[str, bytes], where: int, flip: int) -> None:
    name = sorted(bodies)[where % len(bodies)]
    body = bytearray(bodies[name])
    body[where % len(body)] ^= flip
    changed = Digests.of(_envelopes(3, {**bodies, name: bytes(body)}))
    assert changed != Digests.of(_envelopes(3, bodies))


def test_the_contact_record_beside_a_message_is_left_out() -> None:
    bodies = {"desk": b"said", "identity": b"who"}
    contact = Envelope("r" * 32, 0, "contact", "main", "e" * 32, b"w", b"where")
    assert Digests.of([contact, *_envelopes(1, bodies)]) == Digests.of(_envelopes(1, bodies))


def test_all_of_a_message_fits_into_a_line_of_the_log() -> None:
    widest = Digests.of(_envelopes(9999, dict.fromkeys(("desk", "identity", "urgent"), b"x")))
    assert len(str(widest)) <= 128


@pytest.mark.parametrize("what", ["", "identity 1", "message 2", "until 2026-03-05", "1 desk=xyz"])
def test_a_line_about_something_else_is_none(what: str) -> None:
    assert Digests.parse(what) is None
