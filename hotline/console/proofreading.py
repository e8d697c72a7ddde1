"""A native speaker reads each safety sentence of a locale beside what another reader understood, and signs or says what is wrong.

Whoever here reads the language may, and nobody else; those who run the house may take back what others did.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.reading_along import reads
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import NotFound, Refused
from hotline.i18n import PHRASES, SOURCE, VOICE, direction
from hotline.parts import here
from hotline.proofreading import marking, signing
from hotline.proofreading.marking import Mark
from hotline.reviews import Sentence, version_of
from hotline.vault.desk_words import open_words_of

proofreading = room("proofreading", Right.STAFF, Right.READ, Right.INTERPRET)

_FIELD = re.compile(r"%\((\w+)\)[sd]")
TEXTS, WEB = "texts", "web"
GROUPS = (TEXTS, WEB, VOICE, PHRASES)
"""Where a sentence is met."""


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence, how each of its *forms* is said and was understood (empty: not read back yet), and what is doubted.

    What is filled in later stands in it as ``[who]``.
    """

    sentence: Sentence
    english: str
    forms: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...]
    marks: tuple[Mark, ...]

    @property
    def group(self) -> str:
        if self.sentence.domain in (VOICE, PHRASES):
            return self.sentence.domain
        places = self.sentence.places
        is_web = any(name.startswith("web/") or name.endswith("/web.txt") for name in places)
        return WEB if is_web else TEXTS


@dataclass(frozen=True, slots=True)
class Doubted:
    """A sentence that is no promise and no warning, and *why* its translation may be wrong."""

    english: str
    said: tuple[str, ...]
    why: str


@proofreading.get("/languages/<locale>")
def show_language(locale: str) -> Response:
    return _page(locale)


@proofreading.get("/languages/<locale>/<sentence>")
def show_sentence(locale: str, sentence: str) -> Response:
    return _sentence_page(locale, sentence)


@proofreading.post("/languages/<locale>/<sentence>/wrong")
def mark(locale: str, sentence: str) -> AnyResponse:
    """Mark a sentence as wrong; without a word on what it should say, the page comes again."""
    hotline, me, at, its = here(), g.keyholder, g.at, _sentence(locale, sentence)
    _only_who_reads(locale)
    words = request.form.get("words", "")
    if not words.strip():
        return _sentence_page(locale, sentence, status=422, fault="empty")
    hotline.store.write(
        lambda session: marking.mark(
            session,
            hotline.keyring,
            locale,
            its.id,
            words,
            desk=me.desk,
            by=me.staff_id,
            at=at,
        )
    )
    return _back(locale, f"s-{its.id}")


@proofreading.post("/languages/<locale>/<sentence>/right")
def unmark(locale: str, sentence: str) -> AnyResponse:
    """Take a mark back: one's own, or, for those who run the house, anybody's."""
    me, at, its = g.keyholder, g.at, _sentence(locale, sentence)
    mark_id = request.form.get("mark", "")
    with here().store.read() as session:
        found = [one for one in marking.marks_of(session, locale) if one.id == mark_id]
    if not found or found[0].sentence != its.id:
        raise NotFound
    _only_own(found[0].staff_id)
    here().store.write(
        lambda session: marking.unmark(session, locale, mark_id, by=me.staff_id, at=at)
    )
    return _back(locale, f"s-{its.id}")


@proofreading.post("/languages/<locale>/sign")
def sign(locale: str) -> AnyResponse:
    """Sign what was read; the form holds its version, so that nothing else comes in its place."""
    me, at, sentences = g.keyholder, g.at, _safety(locale)
    version = request.form.get("version", "")
    _only_who_reads(locale)
    if "read" not in request.form:
        return _page(locale, status=422, fault="unread")
    here().store.write(
        lambda session: signing.sign(
            session, locale, sentences, version=version, by=me.staff_id, at=at
        )
    )
    return _back(locale, "signed")


@proofreading.post("/languages/<locale>/withdraw")
def withdraw(locale: str) -> AnyResponse:
    """Take a signature back: one's own, or, for those who run the house, anybody's."""
    me, at, whose = g.keyholder, g.at, request.form.get("whose", "")
    _safety(locale)
    with here().store.read() as session:
        if whose not in {one.staff_id for one in signing.sign_offs_of(session, locale)}:
            raise NotFound
    _only_own(whose)
    here().store.write(
        lambda session: signing.withdraw(session, locale, whose, by=me.staff_id, at=at)
    )
    return _back(locale, "signed")


@proofreading.errorhandler(signing.OtherVersion)
def read_again(_error: signing.OtherVersion) -> Response:
    return _page((request.view_args or {})["locale"], status=409, fault="changed")


@proofreading.errorhandler(signing.MarkedWrong)
def mend_first(_error: signing.MarkedWrong) -> Response:
    return _page((request.view_args or {})["locale"], status=409, fault="wrong")


def _page(locale: str, *, status: int = 200, fault: str = "") -> Response:
    known, sentences = here().languages, _safety(locale)
    with here().store.read() as session:
        marks = marking.marks_of(session, locale)
        signed = signing.sign_offs_of(session, locale)
        is_reader = locale in reads(session)
    found = list(_read(locale, sentences, marks))
    doubted = [one for one in found if one.doubts]
    return show(
        "console/proofreading.html",
        status=status,
        fault=fault,
        spoken=locale,
        spoken_direction=direction(locale),
        state=known.state(locale).value,
        groups={name: [one for one in found if one.group == name] for name in GROUPS},
        doubted=doubted,
        others=_other_doubts(locale, sentences),
        count=len(found),
        unread=sum(not back for one in found for _, back in one.forms),
        marked=sum(bool(one.marks) for one in found),
        version=version_of(sentences),
        readers=known.review(locale).readers,
        signed=signed,
        is_reader=is_reader,
        is_offered=locale in known.offered,
    )


def _sentence_page(locale: str, sentence: str, *, status: int = 200, fault: str = "") -> Response:
    its = _sentence(locale, sentence)
    me = g.keyholder
    with here().store.read() as session:
        marks = marking.marks_of(session, locale)
        its_marks = [one.id for one in marks if one.sentence == its.id]
        words = open_words_of(session, me, its_marks) if me.may(Right.READ) else {}
        is_reader = locale in reads(session)
    (read,) = _read(locale, (its,), marks)
    return show(
        "console/proofreading_sentence.html",
        status=status,
        fault=fault,
        spoken=locale,
        spoken_direction=direction(locale),
        one=read,
        words=words,
        longest=marking.LONGEST,
        is_reader=is_reader,
    )


def _read(locale: str, sentences: tuple[Sentence, ...], marks: tuple[Mark, ...]) -> Iterator[Read]:
    known = here().languages
    back: Mapping[str, str] = known.read_back(locale)
    doubts = known.review(locale).doubts
    for one in sentences:
        yield Read(
            one,
            _filled(one.english),
            tuple((_filled(form), _filled(back.get(form, ""))) for form in one.said),
            tuple(doubt.why for doubt in doubts if doubt.sentence == one.english),
            tuple(mark for mark in marks if mark.sentence == one.id),
        )


def _other_doubts(locale: str, sentences: tuple[Sentence, ...]) -> list[Doubted]:
    known, here_already = here().languages, {one.english for one in sentences}
    return [
        Doubted(
            _filled(one.sentence),
            tuple(_filled(form) for form in known.said(locale, one.sentence)),
            one.why,
        )
        for one in known.review(locale).doubts
        if one.sentence not in here_already
    ]


def _filled(text: str) -> str:
    """Return *text* with its fields as they are read, each kept together where the text runs from right to left."""
    return _FIELD.sub("\u2068[\\1]\u2069", text).replace("%%", "%")


def _safety(locale: str) -> tuple[Sentence, ...]:
    """Return what is to be read of *locale*.

    Raises:
        NotFound: there is nothing in it.
    """
    known = here().languages
    if locale == SOURCE or locale not in known.locales():
        raise NotFound
    return known.safety(locale)


def _sentence(locale: str, its_id: str) -> Sentence:
    """Return the sentence that an address is about, as it stands today.

    Raises:
        NotFound: there is none, or it has changed since.
    """
    found = next((one for one in _safety(locale) if one.id == its_id), None)
    if found is None:
        raise NotFound
    return found


def _only_who_reads(locale: str) -> None:
    with here().store.read() as session:
        if locale not in reads(session):
            raise Refused


def _only_own(staff_id: str) -> None:
    if staff_id != g.keyholder.staff_id and not g.keyholder.may(Right.STAFF):
        raise Refused


def _back(locale: str, anchor: str) -> AnyResponse:
    here().signed.refresh()
    return go("proofreading.show_language", locale=locale, _anchor=anchor)
