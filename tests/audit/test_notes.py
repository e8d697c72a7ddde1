"""A checkpoint is a signed note as other tools write and read it; what is none is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.audit.notes import (
    Checkpoint,
    NoteRefused,
    SignedNote,
    key_id,
    sign,
    verifier_key,
)
from hotline.vault.logkey import LogKey, LogSigner, LogVerifier
from tests.audit.conftest import NAME, public_of

# Published examples: of the format itself, and of the package of Go that it comes from.
_CHECKPOINT = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""
_TWO_PARTS = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""
_NEUMANN = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
_NEUMANN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_the_published_checkpoint_is_read_and_written_alike() -> None:
    note = SignedNote.parse(_CHECKPOINT.encode())
    assert note.checkpoint.origin == "example.com/behind-the-sofa"
    assert note.checkpoint.size == 20852163
    assert str(note) == _CHECKPOINT
    assert note.checkpoint.text() == note.text


def test_the_text_ends_at_the_last_empty_line() -> None:
    note = SignedNote.parse(_TWO_PARTS.encode())
    assert note.text.endswith("\n\ned è subito sera.\n")
    assert str(note) == _TWO_PARTS
    with pytest.raises(NoteRefused):
        _ = note.checkpoint


def test_a_published_signature_verifies_and_its_key_is_named_alike() -> None:
    name, _, encoded = _NEUMANN_KEY.split("+", 2)
    key = LogVerifier(name, base64.b64decode(encoded)[1:])
    assert key.text == verifier_key(name, key.public) == _NEUMANN_KEY
    assert SignedNote.parse(_NEUMANN.encode()).is_signed_by(key)
    changed = _NEUMANN.replace("your problem is", "your answer is")
    assert not SignedNote.parse(changed.encode()).is_signed_by(key)


def test_what_we_sign_is_read_back_and_nobody_else_signed_it(signer: LogSigner) -> None:
    note = sign(Checkpoint(NAME, 7, bytes(range(32))), signer)
    again = SignedNote.parse(str(note).encode())
    assert again == note
    assert again.is_signed_by(public_of(signer))
    other = LogSigner(NAME, LogKey.fresh())
    assert not again.is_signed_by(public_of(other))
    elsewhere = LogVerifier("other.example/log", signer.key.public)
    assert not again.is_signed_by(elsewhere)
    assert key_id(NAME, signer.key.public) == signer.key_id


def test_what_our_key_signs_of_another_log_is_no_checkpoint_of_ours(signer: LogSigner) -> None:
    assert sign(Checkpoint(NAME, 7, bytes(32)), signer).is_checkpoint_of(public_of(signer))
    other = sign(Checkpoint("other.example/log", 7, bytes(32)), signer)
    assert other.is_signed_by(public_of(signer))
    assert not other.is_checkpoint_of(public_of(signer))


def test_a_signature_of_a_stranger_beside_ours_changes_nothing(signer: LogSigner) -> None:
    checkpoint = Checkpoint(NAME, 7, bytes(32))
    ours, theirs = (
        sign(checkpoint, signer),
        sign(checkpoint, LogSigner("w.example/1", LogKey.fresh())),
    )
    both = SignedNote(ours.text, (*theirs.signatures, *ours.signatures))
    assert SignedNote.parse(str(both).encode()).is_signed_by(public_of(signer))


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "\n",
        "no signature\n",
        _CHECKPOINT.rstrip("\n"),
        _CHECKPOINT.replace("— example", "- example"),
        _CHECKPOINT.replace("\n\n", "\n"),
        _CHECKPOINT.replace("Az3grlgt", "Az3grl!t"),
        _CHECKPOINT.replace(
            "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=",
            "Az3grg==",
        ),
        _CHECKPOINT.replace("— example.com/behind-the-sofa", "— a+b"),
        _CHECKPOINT.replace("2085", "2085\t"),
        _CHECKPOINT.replace("\n", "\r\n"),
    ],
)
def test_what_is_no_note_is_refused(damage: str) -> None:
    with pytest.raises(NoteRefused):
        SignedNote.parse(damage.encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("20852163", "020852163"),
        ("20852163", "-5"),
        ("20852163", "²"),
        ("20852163", "9" * 40),
        ("CsUY", "CsU"),
        ("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "AAAA"),
        ("example.com/behind-the-sofa\n2", "\n2"),
        ("q2I=\n", "q2I=\n\nmore\n"),
    ],
)
def test_a_note_that_is_no_checkpoint_is_refused(old: str, new: str) -> None:
    note = SignedNote.parse(_CHECKPOINT.replace(old, new, 1).encode())
    with pytest.raises(NoteRefused):
        _ = note.checkpoint


@given(st.binary(max_size=300))
def test_nothing_but_a_refusal_comes_of_noise(raw: bytes) -> None:
    try:
        _ = SignedNote.parse(raw).checkpoint
    except NoteRefused:
        return
