"""What strangers and broken programs send: texts, bytes, JSON and forms that a parser must live through."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import examples

CANARY = "Zyrkanowitz"
"""A name that stands in no list: wherever it is found again, it came from what was sent."""

MARKUP = f"<script>alert('{CANARY}')</script>"
"""Must never stand in a page as it is."""

NASTY = (
    "",
    "\0",
    f"{CANARY}\0{CANARY}",
    "\ud800",
    f"\udfff{CANARY}\udc80",
    "\u202e\u2066\u2069\u200f\ufeff\u00ad",
    "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028\u2029",
    MARKUP,
    f"'\"><b>{CANARY}</b>{{{{7*7}}}}%(x)s%n{{0.__class__}}${{7*7}}",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "C:\\nul",
    "=cmd|'/C calc'!A0",
    "\r\nSet-Cookie: a=b\r\n\r\n",
    "٣١٢٣٤٥٦٧٨٩٠١٢",
    "²³①⑴Ⅷ൬六",
    "１２３",
    "-1",
    "1e400",
    "NaN",
    "0x7fffffff",
    "2026-13-45T99:99:99Z",
    "+15005550142",
    "[::1",
    "http://[",
    "ﷺ" * 300,
    "\U000e0041\U0001f469\u200d\U0001f469",
)

LONG = ("9" * 5000, "é" * 2000, "e" + "\u0301" * 3000, f"{CANARY} " * 2000)


def fuzz(
    few: int, many: int, *args: st.SearchStrategy[Any], **kwargs: st.SearchStrategy[Any]
) -> Callable[[Any], Any]:
    """Run a test over *few* fixed examples, and in the long run over *many* new ones."""
    how = settings(
        max_examples=many if examples.at_length else few,
        derandomize=not examples.at_length,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: how(given(*args, **kwargs)(test))


@contextmanager
def refusing(kind: type[Exception]) -> Iterator[list[str]]:
    """Let *kind* pass and nothing else; yields what it said, in which nothing of what was sent may stand."""
    said: list[str] = []
    try:
        yield said
    except kind as refusal:
        said.append(str(refusal))
    assert CANARY not in "".join(said)


def texts(most: int = 200) -> st.SearchStrategy[str]:
    """Any text: lone surrogates, controls, every script; and the worst that is known."""
    every = st.text(st.characters(codec=None, categories=None), max_size=most)
    worst = st.one_of(st.sampled_from(NASTY), st.sampled_from((*NASTY, *LONG)))
    return st.one_of(every, worst, st.tuples(every, every).map(CANARY.join))


def sendable(most: int = 200) -> st.SearchStrategy[str]:
    """Any text that can be encoded."""
    return texts(most).map(lambda text: text.encode("utf-8", "replace").decode())


def headers(names: Sequence[str], *usual: str) -> st.SearchStrategy[dict[str, str]]:
    """Some of *names*, each with what may stand in a head of HTTP, or one of the *usual* values."""
    values = st.one_of(st.sampled_from(usual or ("*",)), on_a_line())
    return st.dictionaries(st.sampled_from(names), values, max_size=3)


def on_a_line() -> st.SearchStrategy[str]:
    """Any text as a server hands it on from a head of HTTP: bytes, as Latin-1."""
    return sendable(40).map(lambda text: "".join(text.splitlines()).encode().decode("latin-1"))


def mutated(*samples: bytes) -> st.SearchStrategy[bytes]:
    """One of *samples* as a hostile hand changes it: bits, pieces, lengths; cut, doubled and mixed."""
    return st.tuples(st.sampled_from(samples), st.lists(_changes(samples), max_size=6)).map(
        _changed
    )


def _changes(samples: Sequence[bytes]) -> st.SearchStrategy[tuple[int, float, float, bytes]]:
    piece = st.one_of(
        st.sampled_from(
            [b"\0", b"\xff" * 4, b"\x7f\xff\xff\xff", b"\0\0\0\0", b"<", b"\r\n", b"-1"]
        ),
        st.binary(max_size=16),
        st.sampled_from(samples).map(lambda whole: whole[: len(whole) // 2]),
    )
    return st.tuples(st.integers(0, 4), st.floats(0, 1), st.floats(0, 0.2), piece)


def _changed(given: tuple[bytes, Sequence[tuple[int, float, float, bytes]]]) -> bytes:
    content, changes = given
    for how, where, share, piece in changes:
        start = int(where * len(content))
        end = start + int(share * len(content)) + 1
        before, middle, after = content[:start], content[start:end], content[end:]
        content = {
            0: before + bytes([middle[0] ^ (1 << len(piece) % 8)]) + middle[1:] + after
            if middle
            else before,
            1: before,
            2: before + after,
            3: before + piece + content[start + len(piece) :],
            4: before + middle + middle + piece + after,
        }[how]
    return content


def json_values() -> st.SearchStrategy[Any]:
    """Whatever JSON can say."""
    numbers = st.one_of(st.integers(), st.floats(), st.just(10**400), st.just(-0.0))
    plain = st.one_of(st.none(), st.booleans(), numbers, sendable(40))
    return st.recursive(
        plain,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(sendable(20), inner, max_size=4)
        ),
        max_leaves=8,
    )


def forms(names: Sequence[str], values: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Fields of a form, some of them twice or under names that nobody asked for."""
    name = st.one_of(st.sampled_from(names), st.sampled_from(names), sendable(20))
    return st.lists(st.tuples(name, values), max_size=12)


def by_name(pairs: Sequence[tuple[str, str]]) -> Mapping[str, list[str]]:
    """Return *pairs* as the test client takes them."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
