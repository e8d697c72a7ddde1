"""The search of the seizure drill finds a canary in whatever form it may lie somewhere, and nothing where none is."""

import base64
import gzip
import json
import os
import quopri
import urllib.parse
import zlib

import pytest

from hotline.operate.seizure.canaries import Canaries
from hotline.operate.seizure.searching import Search

KEY = bytes(range(100, 132))


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    made = Canaries()
    made.name("web.name")
    made.arabic("sms.arabic")
    made.cyrillic("sms.cyrillic")
    made.number("sms.number")
    made.phrase("web.account")
    made.keep("key.private", KEY)
    return made


@pytest.fixture(scope="module")
def search(canaries: Canaries) -> Search:
    return Search(canaries)


AS_BYTES = {
    "as it is": lambda raw: raw,
    "base64": lambda raw: base64.b64encode(b"to " + raw + b" from"),
    "base64 for addresses": lambda raw: base64.urlsafe_b64encode(b"t" + raw),
    "base32": lambda raw: base64.b32encode(b"12" + raw + b"3456789"),
    "hexadecimal": lambda raw: raw.hex().encode(),
    "zlib": lambda raw: zlib.compress(raw * 3),
    "gzip": lambda raw: gzip.compress(b"before " + raw),
    "zlib in base64": lambda raw: base64.b64encode(zlib.compress(b"x" + raw)),
    "base64 in hexadecimal": lambda raw: base64.b64encode(b"xy" + raw).hex().encode(),
}
AS_TEXT = {
    "small": str.lower,
    "capitals": str.upper,
    "JSON": json.dumps,
    "percent signs": urllib.parse.quote,
    "a query": urllib.parse.quote_plus,
}
LABELS = ["web.name", "sms.arabic", "sms.cyrillic", "sms.number", "web.account"]


def value_of(canaries: Canaries, label: str):
    return next(canary.value for canary in canaries if canary.label == label)


@pytest.mark.parametrize("form", AS_BYTES)
@pytest.mark.parametrize("label", [*LABELS, "key.private"])
def test_what_is_packed_is_found(canaries, search, label, form):
    value = value_of(canaries, label)
    raw = value if isinstance(value, bytes) else value.encode()
    assert label in search.found(b"junk" + AS_BYTES[form](raw) + b"junk")


@pytest.mark.parametrize("form", AS_TEXT)
@pytest.mark.parametrize("label", LABELS)
def test_what_is_written_otherwise_is_found(canaries, search, label, form):
    assert label in search.found(AS_TEXT[form](value_of(canaries, label)).encode())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("label", LABELS)
def test_what_is_in_wide_letters_is_found(canaries, search, label, encoding):
    assert label in search.found(b"\x01" + value_of(canaries, label).encode(encoding))


def test_quoted_printable_is_found(canaries, search):
    value = value_of(canaries, "sms.arabic").encode()
    assert "sms.arabic" in search.found(quopri.encodestring(value))


@pytest.mark.parametrize("form", ["as it is", "base64", "hexadecimal", "zlib"])
@pytest.mark.parametrize("label", ["web.name", "sms.number", "key.private"])
def test_in_what_is_large_the_commonest_forms_are_found(canaries, label, form):
    value = value_of(canaries, label)
    raw = value if isinstance(value, bytes) else value.encode()
    packed = AS_BYTES[form](raw)
    search = Search(canaries, deep=100)
    found = search.found(bytes(100) + b"\n" + packed + b"\n")
    assert found & {label, "some name"}


def test_a_name_that_a_database_squeezed_is_found(canaries, search):
    # PostgreSQL's compression puts a byte of its own between every eight letters that it keeps.
    name = value_of(canaries, "web.name").lower()
    squeezed = "\x00".join(name[start : start + 3] for start in range(0, len(name), 3))
    assert search.found_raw(squeezed.encode()) == {"some name"}


def test_nothing_is_found_where_nothing_is(search):
    assert search.found(os.urandom(200_000)) == set()
    assert search.found(base64.b64encode(os.urandom(200_000))) == set()
    assert search.found(b"an ordinary line of a log\n" * 1000) == set()


def test_no_two_labels_share_a_word():
    # One of 9,000 numbers each: of 200 two would share one in nine runs of ten.
    made = Canaries()
    numbers = [made.number(f"number {index}") for index in range(200)]
    assert len(set(numbers)) == len(numbers)
