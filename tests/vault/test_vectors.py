"""Known answers. If one of these fails, what was sealed last year does not open any more."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from hotline.vault.codes import ReturnCode, parse
from hotline.vault.envelope import Place, Purpose, open_field, pad, seal_field, unwrap_secret
from hotline.vault.keys import PrivateKey
from hotline.vault.totp import totp_code

_FOLDER = Path(__file__).parent / "vectors"


def known(name: str) -> Any:
    return json.loads((_FOLDER / name).read_text())


@pytest.mark.parametrize("vector", known("records.json"), ids=lambda v: v["place"]["field"])
def test_a_record_is_sealed_and_opened_as_ever(vector: dict[str, Any]) -> None:
    facts = vector["place"]
    place = Place(**{**facts, "purpose": Purpose(facts["purpose"])})
    secret, plaintext = bytes.fromhex(vector["secret"]), bytes.fromhex(vector["plaintext"])
    sealed = bytes.fromhex(vector["sealed"])
    assert place.to_bytes().hex() == vector["associated"]
    assert seal_field(secret, plaintext, place, nonce=bytes.fromhex(vector["nonce"])) == sealed
    assert open_field(secret, sealed, place) == plaintext


def test_the_purposes_keep_their_numbers() -> None:
    assert {purpose.name: purpose.value for purpose in Purpose} == known("purposes.json")


def test_the_padding_has_its_buckets() -> None:
    vectors = known("padding.json")
    for vector in vectors["lengths"]:
        assert len(pad(bytes(vector["plaintext_length"]))) == vector["padded_length"]
    example = vectors["example"]
    assert pad(bytes.fromhex(example["plaintext"])).hex().startswith(example["padded_start"])


def test_a_key_pair_follows_from_its_seed_as_the_x_wing_draft_says() -> None:
    vector = known("wraps.json")
    public = PrivateKey(bytes.fromhex(vector["seed"])).public
    assert public.raw.hex().startswith(vector["public_start_in_the_xwing_draft"])
    assert hashlib.sha256(public.raw).hexdigest() == vector["public_sha256"]
    assert public.id.hex() == vector["key_id"]


def test_a_wrap_made_once_still_opens() -> None:
    vector = known("wraps.json")
    private = PrivateKey(bytes.fromhex(vector["seed"]))
    wrap, info = bytes.fromhex(vector["wrap"]), bytes.fromhex(vector["info"])
    assert unwrap_secret(wrap, private, info=info).hex() == vector["secret"]


@pytest.mark.parametrize("vector", known("codes.json"), ids=lambda v: v["number"])
def test_a_code_reads_the_same_in_digits_and_in_words(vector: dict[str, str]) -> None:
    code = ReturnCode(int(vector["number"]))
    assert (code.digits, code.words) == (vector["digits"], vector["words"])
    assert parse(vector["digits"]) == parse(vector["words"]) == code


@pytest.mark.parametrize("vector", known("totp.json"), ids=lambda v: str(v["seconds"]))
def test_the_totp_code_is_that_of_rfc_6238(vector: dict[str, Any]) -> None:
    # The RFC prints eight digits; authenticator apps show the last six.
    secret = b"12345678901234567890"
    assert totp_code(secret, vector["seconds"] // 30) == vector["eight_digits"][-6:]
