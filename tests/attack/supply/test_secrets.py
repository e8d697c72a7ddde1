"""No secret lies in what is handed on: no key, no token of a provider, nothing that looks drawn by lot and is no test's."""

import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

SHAPES = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a key of age": r"AGE-SECRET-KEY-1[0-9A-Z]{50,}",
    "a key of Twilio": r"\bSK[0-9a-f]{32}\b",
    "an account of Twilio": r"\bAC[0-9a-f]{32}\b",
    "a key of Amazon": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of a forge": r"\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{60,}|glpat-[\w-]{20})\b",
    "a token of Slack": r"\bxox[abprs]-[\w-]{20,}",
    "a key of Google": r"\bAIza[\w-]{35}\b",
    "a token of JWT": r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}",
    "a password in an address": r"[a-z]+://[^\s/:@'\"{}<>$]+:(?!password@)[^\s/:@'\"{}<>$]{8,}@[^\s'\"]+",
}
OF_NOBODY = re.compile(
    r"\b(?:AC|SK)(?:([0-9a-f]{1,4})\1+|[0-9a-f]*(?:0{8}|0123456|1234567))", re.IGNORECASE
)
"""An account that a test made up: a few signs again and again."""

DRAWN = re.compile(
    r"""(?i)(?:secret|token|passw(?:or)?d|api_?key|auth)\w*["']?\s*[:=]\s*["']([\w+/=-]{20,})["']"""
)
_BITS = 4.0
"""Bits a sign from which on a string was drawn by lot: words and hexadecimal patterns stay below."""


def bits(text: str) -> float:
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def secrets_in(text: str) -> Iterator[str]:
    for name, shape in SHAPES.items():
        for found in re.finditer(shape, text):
            if not OF_NOBODY.match(found[0]) and "example" not in found[0]:
                yield f"{name}: {found[0][:24]}"
    for found in DRAWN.finditer(text):
        if bits(found[1]) > _BITS:
            yield f"drawn by lot: {found[1][:6]}"


@pytest.mark.exhaustive
def test_no_file_that_is_handed_on_holds_a_secret() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    looked, found = 0, []
    for name in filter(None, listed):
        path = ROOT / name
        # This file describes them.
        if not path.is_file() or path == Path(__file__) or path.stat().st_size > 2_000_000:
            continue
        content = path.read_bytes()
        if b"\0" not in content[:1000]:
            found += [f"{name}: {one}" for one in secrets_in(content.decode(errors="replace"))]
            looked += 1
    assert looked > 1000
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "-----BEGIN PRIVATE " + "KEY-----",
        "AC" + "9f3b2c1d8e7a6b5c" + "4d3e2f1a0b9c8d7e",
        "SK" + "9f3b2c1d8e7a6b5c" + "4d3e2f1a0b9c8d7e",
        "postgresql://hotline:tr0ub4dor" + "&3@db.internal/hotline",
        'auth_token = "k3J9xQ2' + 'vLm8TzR4wYb7NcA1s"',
    ],
)
def test_a_secret_would_be_found(planted: str) -> None:
    assert list(secrets_in(f"x = {planted}\n"))
