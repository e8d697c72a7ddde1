"""Make the copy of one file, in a process that has given up everything else: the other side of `cleaning`."""

import contextlib
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from hotline.anonymize.files import printing, sandbox
from hotline.anonymize.files.asked import question
from hotline.anonymize.files.copies import MOST_BYTES, Fact, Made, NoCopy, Why
from hotline.anonymize.files.kinds import Family, family_of, is_locked, office_ending

MEMORY = 1 << 30
PROCESSOR_SECONDS = 60
MOST_HELD = 64 << 20
"""Of what is taken apart as a whole: everything but streams."""

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class _Copy:
    kind: str
    made: Made
    content: bytes | memoryview


def answer() -> None:
    """Be the child: read one file from standard input, write its copy, or why there is none, to standard output."""
    printing.limit_for_office(PROCESSOR_SECONDS)
    head, content = question(MOST_BYTES)
    until = time.monotonic() + json.loads(head)["seconds"]
    family, form = family_of(content)
    office = printing.program() if family is Family.OFFICE else None
    if not (office and printing.move_in(office)):
        office = None
        sandbox.limit(memory=MEMORY, seconds=PROCESSOR_SECONDS)
        sandbox.close_off()
    facts: tuple[Fact, ...] = ()
    with contextlib.suppress(
        Exception
    ):  # What a file says of itself is no reason to have no copy of it.
        facts = _facts(family, form, content)
    try:
        copy = _copy(family, form, content, office, until)
    except Exception as trouble:  # A decoder of strangers' files raises whatever it meets first.
        _say({"why": _why(trouble)}, facts, b"")
    else:
        told = {"kind": copy.kind, "made": copy.made, "size": len(copy.content)}
        _say(told, facts, copy.content)


def _copy(
    family: Family | None, form: str, content: bytes, office: str | None, until: float
) -> _Copy:
    if len(content) > (MOST_BYTES if family is Family.STREAMS else MOST_HELD):
        raise NoCopy(Why.TOO_LARGE)
    match family:
        case Family.PICTURE:
            return _Copy(*_part("redrawing").redraw(content))
        case Family.PAGES:
            return _Copy("application/pdf", Made.PAGES, _part("paging").draw_pages(content, until))
        case Family.OFFICE:
            return _of_office(content, office, until)
        case Family.STREAMS:
            kind, into = _part("remuxing").remux(content, form, until)
            return _Copy(kind, Made.STREAMS, into.getbuffer())
        case Family.TEXT:
            words = content.decode("utf-8-sig")
            return _Copy("text/plain", Made.WORDS, _part("wording").as_text(words))
        case None:
            raise NoCopy(Why.UNKNOWN_KIND if content else Why.BROKEN)


def _part(module: str) -> Any:
    """Return one of those who copy: each loads a large library, and only one of them is needed."""
    return import_module(f"hotline.anonymize.files.{module}")


def _of_office(content: bytes, office: str | None, until: float) -> _Copy:
    """Copy a document as its office program prints it, or else its words."""
    if is_locked(content):
        raise NoCopy(Why.LOCKED)
    ending = office_ending(content)
    if not ending:
        raise NoCopy(Why.UNKNOWN_KIND)
    printed = _printed(content, ending, office, until) if office else b""
    if printed:
        return _Copy("application/pdf", Made.PAGES, _part("paging").draw_pages(printed, until))
    return _Copy("text/plain", Made.WORDS, _part("wording").words_of_document(content))


def _printed(content: bytes, ending: str, office: str, until: float) -> bytes:
    """Return a document as its office program prints it; nothing where that one does not understand it."""
    try:
        return printing.print_document(content, ending, office, until - time.monotonic())
    except NoCopy as trouble:
        if trouble.why is not Why.BROKEN:
            raise
        return b""
    finally:
        sandbox.limit(memory=MEMORY, seconds=PROCESSOR_SECONDS)


def _facts(family: Family | None, form: str, content: bytes) -> tuple[Fact, ...]:
    facts: tuple[Fact, ...] = ()
    if family is Family.STREAMS:
        facts = _part("remuxing").facts_of_streams(content, form)
    elif len(content) > MOST_HELD:
        return ()
    elif family is Family.PICTURE:
        facts = _part("redrawing").facts_of_picture(content)
    elif family is Family.PAGES:
        facts = _part("paging").facts_of_document(content)
    elif family is Family.OFFICE:
        facts = _part("wording").facts_of_office(content)
    return facts


def _why(trouble: Exception) -> Why:
    if isinstance(trouble, NoCopy):
        return trouble.why
    return Why.TOO_LARGE if isinstance(trouble, MemoryError) else Why.BROKEN


def _say(told: dict[str, object], facts: Iterable[Fact], content: bytes | memoryview) -> None:
    head = json.dumps(told | {"facts": [(fact.kind, fact.text) for fact in facts]}).encode()
    out = sys.stdout.buffer
    out.write(len(head).to_bytes(4, "big") + head)
    for start in range(0, len(content), _PIECE):
        out.write(content[start : start + _PIECE])
    out.flush()
