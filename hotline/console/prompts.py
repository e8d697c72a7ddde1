"""What callers hear, sentence by sentence, and the recordings with which an operator replaces a machine's voice.

One person uploads, another listens and approves. What is uploaded is read in memory and kept without its name.
"""

from dataclasses import dataclass

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import RIGHTS, Right
from hotline.errors import NotFound
from hotline.i18n import SOURCE, VOICE, autonym, direction
from hotline.pages import CONTENT_SECURITY_POLICY, with_headers
from hotline.parts import here
from hotline.prompts import Sound, limits, recordings
from hotline.prompts.audio import LARGEST, NoRecording, read_audio
from hotline.prompts.recordings import APPROVED, UPLOADED, OwnRecording, Recording
from hotline.store import Session

prompts = room("prompts", Right.STAFF, Right.OVERSEE)

_ANSWERS = frozenset({Right.STAFF, Right.OVERSEE})
_FORM = 64 << 10
"""Bytes of a form around its file."""
_READ_PAST = 128 << 20
_CHUNK = 64 << 10
_WITH_SOUND = f"{CONTENT_SECURITY_POLICY}; media-src 'self'"


@dataclass(frozen=True, slots=True)
class Heard:
    """A prompt in one language: *how* callers hear it (own, voice, synthetic, nothing) and its recordings."""

    name: str
    words: str
    source: str
    how: str
    sound: Sound | None
    digest: str
    own: Recording | None = None
    waiting: Recording | None = None

    @property
    def is_outdated(self) -> bool:
        """Tell whether the recording that was approved speaks other words than today's."""
        return self.own is not None and self.own.words != self.digest

    @property
    def waits_for_nothing(self) -> bool:
        """Tell whether the sentence changed since the recording that waits was made."""
        return self.waiting is not None and self.waiting.words != self.digest


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language with its prompts counted by how they are heard."""

    locale: str
    autonym: str
    direction: str
    is_offered: bool
    counts: dict[str, int]
    waiting: int
    outdated: int


@prompts.get("/prompts")
def show_languages() -> Response:
    known = here().prompts
    with here().store.read() as session:
        kept = recordings.recordings(session)
    offered = frozenset(known.offered)
    return show(
        "console/prompts.html",
        tongues=[_counted(locale, kept, locale in offered) for locale in _locales()],
        total=len(known.names),
    )


@prompts.get("/prompts/<locale>")
def show_language(locale: str) -> Response:
    return _page(locale)


@prompts.get("/prompts/sound/<digest>")
def play(digest: str) -> AnyResponse:
    """Play what callers hear, or what waits until someone has heard it."""
    found = here().prompts.content(digest)
    if found is None:
        with here().store.read() as session:
            found = recordings.content(session, digest, states=(UPLOADED, APPROVED))
    if found is None:
        raise NotFound
    return with_headers(Response(found[1], mimetype=found[0]))


@prompts.post("/prompts/<locale>/<name>/upload")
def upload(locale: str, name: str) -> AnyResponse:
    known, me, at = _known(locale, name), g.keyholder, g.at
    audio = read_audio(_file(), longest=limits.longest(name))

    def work(session: Session) -> None:
        digest = recordings.upload(session, locale, name, audio, words=known, by=me.staff_id, at=at)
        told = recordings.told(locale, name, digest)
        audit.record(session, at=at, who=me.staff_id, did="prompt_uploaded", what=told)

    here().store.write(work)
    return _back(locale, name)


@prompts.post("/prompts/<locale>/<name>/approve")
def approve(locale: str, name: str) -> AnyResponse:
    """Let callers hear it; the form holds which recording was listened to, so no other comes in its place."""
    known, me, at = _known(locale, name), g.keyholder, g.at
    digest, is_alone = request.form.get("digest", ""), _is_alone()

    def work(session: Session) -> None:
        was_own = recordings.approve(
            session,
            locale,
            name,
            digest,
            words=known,
            by=me.staff_id,
            is_alone=is_alone,
            at=at,
        )
        did = "prompt_approved_alone" if was_own else "prompt_approved"
        told = recordings.told(locale, name, digest)
        audit.record(session, at=at, who=me.staff_id, did=did, what=told)

    here().store.write(work)
    return _back(locale, name)


@prompts.post("/prompts/<locale>/<name>/withdraw")
def withdraw(locale: str, name: str) -> AnyResponse:
    _known(locale, name)
    me, at, digest = g.keyholder, g.at, request.form.get("digest", "")

    def work(session: Session) -> None:
        recordings.withdraw(session, locale, name, digest)
        told = recordings.told(locale, name, digest)
        audit.record(session, at=at, who=me.staff_id, did="prompt_withdrawn", what=told)

    here().store.write(work)
    return _back(locale, name)


@prompts.errorhandler(NoRecording)
def ask_again(error: NoRecording) -> Response:
    """Show the page again, with what is wrong at the sentence that it is about."""
    asked = request.view_args or {}
    return _page(asked["locale"], status=422, fault=error.why, at_prompt=asked["name"])


@prompts.errorhandler(OwnRecording)
def ask_another(_error: OwnRecording) -> Response:
    asked = request.view_args or {}
    return _page(asked["locale"], status=403, fault="own", at_prompt=asked["name"])


def _page(locale: str, *, status: int = 200, fault: str = "", at_prompt: str = "") -> Response:
    if locale not in _locales():
        raise NotFound
    with here().store.read() as session:
        kept = recordings.recordings(session, locale=locale)
    response = show(
        "console/prompts_language.html",
        status=status,
        fault=fault,
        at_prompt=at_prompt,
        spoken=locale,
        spoken_direction=direction(locale),
        is_offered=locale in here().prompts.offered,
        heard=[_heard(name, locale, kept) for name in here().prompts.names],
        is_alone=_is_alone(),
        longest=limits.longest,
        megabytes=LARGEST >> 20,
    )
    response.headers["Content-Security-Policy"] = _WITH_SOUND
    return response


def _heard(name: str, locale: str, kept: list[Recording]) -> Heard:
    known = here().prompts
    sound = known.sound(name, locale)
    its = {one.state: one for one in kept if (one.locale, one.prompt) == (locale, name)}
    how = "voice" if known.voice(locale) else "nothing"
    if sound:
        how = "synthetic" if sound.is_synthetic else "own"
    return Heard(
        name,
        known.words(name, locale),
        known.words(name, SOURCE),
        how,
        sound,
        known.words_digest(name, locale),
        its.get(APPROVED),
        its.get(UPLOADED),
    )


def _counted(locale: str, kept: list[Recording], is_offered: bool) -> Tongue:
    heard = [_heard(name, locale, kept) for name in here().prompts.names]
    hows = [one.how for one in heard]
    return Tongue(
        locale,
        autonym(locale),
        direction(locale),
        is_offered,
        {how: hows.count(how) for how in ("own", "voice", "synthetic", "nothing") if how in hows},
        sum(one.waiting is not None for one in heard),
        sum(one.is_outdated for one in heard),
    )


def _locales() -> tuple[str, ...]:
    """Return the languages in which every sentence of a call is translated."""
    return here().languages.whole(VOICE)


def _known(locale: str, name: str) -> str:
    """Return the digest of the sentence that a form is about.

    Raises:
        NotFound: there is no such sentence.
    """
    if locale not in _locales() or name not in here().prompts.names:
        raise NotFound
    return here().prompts.words_digest(name, locale)


def _is_alone() -> bool:
    """Tell whether nobody else could listen; a blocked colleague still could, or blocking would make one alone."""
    me = g.keyholder.staff_id
    return not any(
        RIGHTS[member.role] & _ANSWERS for member in here().keyring.members if member.id != me
    )


def _file() -> bytes:
    """Return what was uploaded; a body that is far too large is read past, so that its browser sees our answer.

    Raises:
        NoRecording: it is too large.
    """
    if (request.content_length or 0) > LARGEST + _FORM:
        request.max_content_length = _READ_PAST
        while request.stream.read(_CHUNK):
            pass
        raise NoRecording("large")
    sent = request.files.get("recording")
    return sent.stream.read() if sent else b""


def _back(locale: str, name: str) -> AnyResponse:
    here().prompts.forget()
    return go("prompts.show_language", locale=locale, _anchor=f"prompt-{name}")
