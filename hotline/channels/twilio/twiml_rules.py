"""Find what is wrong with a document before the provider does: there it would end a call with an error.

The verbs and what each may carry stand in ``twiml.toml``, the languages and voices in ``speech.toml``. A fault
has the code of the provider's own debugger, and a sentence that names the place and never repeats words.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from hotline.channels.twilio.twiml import LONGEST_TEXT

LARGEST = 64 * 1024
"""Bytes that the provider reads."""
LONGEST_WORDS = 4096
"""Characters that one <Say> may speak."""
LONGEST_ADDRESS = 2000

TOO_LARGE, NOT_READ, NOT_SO = 11750, 12100, 12200

_LONGEST = {"words": LONGEST_WORDS, "message": LONGEST_TEXT}
_HERE = Path(__file__).parent
_THIS_MACHINE = ("127.0.0.1", "localhost")
_SHAPES = {
    "@keys": re.compile(r"[0-9*#]{0,12}"),
    "@number": re.compile(r"\+[1-9][0-9]{6,14}"),
    "@hints": re.compile(r"[^<>]{1,1000}"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. *code* is what the provider's debugger would show."""

    code: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb may carry and hold, and whether the call goes no further than it."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    holds: frozenset[str] = frozenset()
    text: str = ""
    ends: bool = False


@cache
def verbs() -> Mapping[str, Verb]:
    """Return each verb by its name."""
    written = tomllib.loads((_HERE / "twiml.toml").read_text(encoding="utf-8"))
    return {
        name: Verb(
            attributes=one.get("attributes", {}),
            needs=frozenset(one.get("needs", "").split()),
            holds=frozenset(one.get("holds", "").split()),
            text=one.get("text", ""),
            ends=one.get("ends", False),
        )
        for name, one in written.items()
    }


@dataclass(frozen=True, slots=True)
class Speech:
    """What the provider speaks and hears: *voices* are its voices, each with the languages that it has."""

    said: frozenset[str]
    heard: frozenset[str]
    same: Mapping[str, str]
    voices: Mapping[str, frozenset[str]]

    def has(self, voice: str, language: str) -> bool:
        """Tell whether *voice* speaks *language*; without one, a voice speaks its own."""
        return not language or self.same.get(language, language) in self.voices.get(voice, ())


@cache
def speech() -> Speech:
    """Return what the provider documents for speech."""
    written = tomllib.loads((_HERE / "speech.toml").read_text(encoding="utf-8"))
    same = written["same"]
    voices = {
        f"Google.{language}-{kind}-{name}": frozenset({same.get(language, language)})
        for language, kinds in written["google"].items()
        for kind, names in kinds.items()
        for name in names.split()
    }
    for name, one in written["polly"].items():
        for kind in one["kinds"].split():
            ending = "" if kind == "Standard" else f"-{kind}"
            voices[f"Polly.{name}{ending}"] = frozenset(one["speaks"].split())
    return Speech(
        frozenset(written["said"].split()), frozenset(written["heard"].split()), same, voices
    )


def faults(document: bytes | str) -> list[Fault]:
    """Return everything that is wrong with *document*; nothing, where the provider will do as it says."""
    body = document.encode("utf-8", "surrogatepass") if isinstance(document, str) else document
    if len(body) > LARGEST:
        return [Fault(TOO_LARGE, "the document is larger than the provider reads")]
    if b"<!" in body:
        return [Fault(NOT_READ, "the document declares or hides something")]
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no declarations, so nothing that expands.
    except (ElementTree.ParseError, ValueError, LookupError):
        return [Fault(NOT_READ, "the document is not well-formed")]
    if root.tag != "Response" or root.attrib:
        return [Fault(NOT_SO, "the document is no <Response>")]
    return [Fault(NOT_SO, sentence) for sentence in _inside(root)]


def _inside(root: ElementTree.Element) -> Iterator[str]:
    yield from _held(root, verbs()["Response"])
    yield from _way(root)


def _way(root: ElementTree.Element) -> Iterator[str]:
    """Follow the verbs as the call does: none stands behind the end, and there is one."""
    if not len(root) or root[0].tag == "Message":
        return
    for verb in root[:-1]:
        if _ends(verb):
            yield f"what follows <{verb.tag}> is never reached"
    if not _ends(root[-1]) and root[-1].tag != "Gather":
        yield f"the call breaks off behind <{root[-1].tag}>"


def _ends(verb: ElementTree.Element) -> bool:
    known = verbs().get(verb.tag)
    return bool(known and known.ends and ("action" not in known.attributes or verb.get("action")))


def _held(parent: ElementTree.Element, known: Verb) -> Iterator[str]:
    yield from _text(parent, known.text)
    for child in parent:
        verb = verbs().get(child.tag)
        if (child.tail or "").strip():
            yield f"<{parent.tag}> has words between its verbs"
        if verb is None or child.tag not in known.holds:
            yield f"<{parent.tag}> holds what it may not"
            continue
        yield from _attributes(child, verb)
        yield from _held(child, verb)


def _text(element: ElementTree.Element, kind: str) -> Iterator[str]:
    text = element.text or ""
    if not kind:
        if text.strip():
            yield f"<{element.tag}> has words inside"
    elif kind in _LONGEST:
        if not text.strip() or len(text) > _LONGEST[kind]:
            yield f"<{element.tag}> says nothing, or too much"
    elif kind == "address":
        if not _is_address(text):
            yield f"<{element.tag}> has no address inside"
    elif not _is_name(text, kind):
        yield f"<{element.tag}> names nothing"


def _is_name(text: str, kind: str) -> bool:
    if kind == "number":
        return bool(_SHAPES["@number"].fullmatch(text))
    return bool(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text))


def _attributes(element: ElementTree.Element, verb: Verb) -> Iterator[str]:
    for name in sorted(verb.needs - set(element.attrib)):
        yield f"<{element.tag}> is without {name}"
    for name, value in element.attrib.items():
        rule = verb.attributes.get(name)
        if rule is None:
            yield f"<{element.tag}> carries what it may not"
        elif not _fits(value, rule):
            yield f"<{element.tag}> has a wrong {name}"
    voice, language = element.get("voice"), element.get("language", "")
    if voice and not speech().has(voice, language):
        yield f"<{element.tag}> has a voice of another language"
    if element.tag == "Gather":
        yield from _gathering(element)


def _gathering(gather: ElementTree.Element) -> Iterator[str]:
    if ("speech" in gather.get("input", "").split()) != ("language" in gather.attrib):
        yield "<Gather> hears without a language, or has one and does not hear"
    if "numDigits" not in gather.attrib and not gather.get("finishOnKey"):
        yield "<Gather> has no end but silence"


def _fits(value: str, rule: str) -> bool:
    """Tell whether *value* is one that *rule* allows, as they are written in ``twiml.toml``."""
    if rule.startswith("@"):
        return _fits_named(value, rule)
    if rule.startswith("+"):
        chosen = value.split(" ")
        return set(chosen) <= set(rule[1:].split()) and len(set(chosen)) == len(chosen)
    if span := re.fullmatch(r"(\d+)-(\d+)", rule):
        is_number = value.isascii() and value.isdigit() and len(value) < 10
        return is_number and int(span[1]) <= int(value) <= int(span[2])
    return value in rule.split("|")


def _fits_named(value: str, rule: str) -> bool:
    if rule == "@address":
        return _is_address(value)
    if rule == "@voice":
        return value in speech().voices
    if rule == "@said":
        return value in speech().said
    if rule == "@heard":
        return value in speech().heard
    return bool(_SHAPES[rule].fullmatch(value))


def _is_address(value: str) -> bool:
    """Tell whether *value* is where the provider may ask: encrypted, or this machine, or a path of the same place."""
    if not value.isascii() or re.search(r"[\s\\]", value) or len(value) > LONGEST_ADDRESS:
        return False
    if value.startswith("/"):
        return not value.startswith("//")
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    if parts.scheme == "http":
        return parts.hostname in _THIS_MACHINE
    return parts.scheme == "https" and bool(parts.hostname)
