"""What a message says, without who: the redacted account, the facts, and what must be sealed away."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hotline import anonymize
from hotline.assess import assess_answers
from hotline.domain.identity import Label, Redaction, Span
from hotline.domain.report import Assessment, Channel, IncomingMessage, Reason
from hotline.domain.urgency import Urgency
from hotline.intake.country import country_of
from hotline.vault.contents import Account, Identity, placeholder_of
from hotline.vault.threads import tag

log = logging.getLogger(__name__)

Redact = Callable[..., Redaction]
Assess = Callable[..., Assessment]

_PREVIEW_BYTES = 480
HIDDEN = "…"
"""What the desk reads in the place of a code word."""
# Finer than a lead may be, coarser than a name: caseworkers of the desk may read these.
_FOR_THE_DESK = frozenset({Label.PLACE, Label.AGE, Label.DATE})


@dataclass(frozen=True, slots=True, repr=False)
class Understanding:
    """A message taken apart: *redaction* is None where it could not be redacted and is sealed whole.

    *is_key* says that it is no account: it only answers what we asked.
    """

    message: IncomingMessage
    original: str
    redaction: Redaction | None
    entities: tuple[tuple[str, str], ...]
    assessment: Assessment
    country: str
    is_key: bool = False
    sealed: str = ""

    @property
    def language(self) -> str:
        return self.redaction.language if self.redaction else "und"

    @property
    def preview(self) -> str:
        """The beginning of the redacted text, cut to what its fixed record holds."""
        if self.is_key and self.message.channel is Channel.VOICE:
            return ""
        line = " ".join((self.redaction.text if self.redaction else "").split())
        return line.encode()[:_PREVIEW_BYTES].decode(errors="ignore")

    def doubted(self) -> "Understanding":
        """Return this as said by someone who may have taken the phone: looked at soon, and first for that."""
        found = self.assessment
        urgency = Urgency.highest(found.urgency, Urgency.HIGH)
        reasons = (Reason("someone_else", 0, 0), *found.reasons)
        return replace(self, assessment=replace(found, urgency=urgency, reasons=reasons))

    def account(self, thread_secret: bytes) -> Account:
        """Return what the desk may read; equal identifiers of a thread carry equal tags."""
        details: dict[str, Any] = {"answers": dict(self.message.answers)}
        if self.is_key:
            details["key"] = True
        if self.redaction is None:
            details["withheld"] = True
        else:
            details["quasi"] = _quasi(self._first_words())
        return Account(
            text=self.redaction.text if self.redaction else "",
            language=self.language,
            tags={placeholder: tag(thread_secret, value) for placeholder, value in self.entities},
            reasons=self._mapped_reasons(),
            details=details,
        )

    def identity(self) -> Identity:
        """Return what must not travel."""
        return Identity(
            original=self.sealed or self.original,
            sender=self.message.sender,
            entities=list(self._first_words().items()),
            contact=dict(self.message.contact),
        )

    def _first_words(self) -> dict[str, str]:
        """Return the words behind each placeholder, as they were written where it stands first."""
        if self.redaction is None:
            return {}
        words: dict[str, str] = {}
        for span, start, end in _places_in_redacted(self.redaction):
            said = self.original[span.start : span.end]
            words.setdefault(self.redaction.text[start:end], said)
        return words

    def _mapped_reasons(self) -> list[Reason]:
        if self.redaction is None or (self.sealed and not self.original):
            return [Reason(reason.rule, 0, 0) for reason in self.assessment.reasons]
        places = _places_in_redacted(self.redaction)
        return [
            Reason(reason.rule, _moved(reason.start, places), _moved(reason.end, places))
            for reason in self.assessment.reasons
        ]


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """The words of a message, and without whom: *redaction* is None where they could not be redacted.

    *sealed* are all of its words, where a code word was among them that the desk does not read.
    """

    original: str
    redaction: Redaction | None
    entities: tuple[tuple[str, str], ...] = ()
    sealed: str = ""

    @property
    def language(self) -> str:
        return self.redaction.language if self.redaction else "und"

    def as_typed(self) -> "Reading":
        """Return the reading of one key: nobody is told by it."""
        return Reading(self.original, Redaction(self.original, self.language, ()))

    def hidden(self) -> "Reading":
        """Return the reading of words that nobody at the desk may read, because they open what is closed."""
        return Reading("", Redaction(HIDDEN, self.language, ()), sealed=self.original)


def read_words(message: IncomingMessage, *, redact: Redact) -> Reading:
    """Redact *message*; what fails is sealed whole."""
    original = _storable(
        "\n\n".join(filter(None, (message.text, message.contact.get("place", ""))))
    )
    hints = (message.locale,) if message.locale_is_chosen else ()
    try:
        redaction = redact(original, languages=hints)
        return Reading(original, redaction, tuple(anonymize.entities(original, redaction)))
    except Exception:
        log.exception("redaction failed", extra={"channel": message.channel})
        return Reading(original, None)


def understand(
    message: IncomingMessage, reading: Reading, *, assess: Assess, is_key: bool = False
) -> Understanding:
    """Assess *message*; what fails is looked at soon. *is_key* says that it only answers what we asked."""
    answers = {**message.earlier, **message.answers}
    try:
        if is_key:
            assessment = _at_least_a_call(message, assess_answers(answers))
        else:
            assessment = assess(
                reading.original or reading.sealed,
                language=reading.language,
                answers=answers,
            )
    except Exception:
        assessment = Assessment(Urgency.HIGH, reasons=(Reason("not_assessed", 0, 0),))
        log.exception("assessment failed", extra={"channel": message.channel})
    country = country_of(message.sender)
    return Understanding(
        message,
        reading.original,
        reading.redaction,
        reading.entities,
        assessment,
        country,
        is_key,
        reading.sealed,
    )


def _at_least_a_call(message: IncomingMessage, found: Assessment) -> Assessment:
    """Return *found* for somebody who called and pressed keys: that is never no report."""
    if message.channel is not Channel.VOICE or found.urgency is not Urgency.NONE:
        return found
    return replace(found, urgency=Urgency.NORMAL)


def _storable(text: str) -> str:
    """Replace lone surrogates, the only characters that no encoding can carry."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _quasi(words: Mapping[str, str]) -> Mapping[str, str]:
    """Return the words behind each placeholder of a place, an age or a date."""
    return {
        placeholder: said
        for placeholder, said in words.items()
        if (named := placeholder_of(placeholder)) and named[0] in _FOR_THE_DESK
    }


def _places_in_redacted(redaction: Redaction) -> list[tuple[Span, int, int]]:
    """Return each span with the start and the end of its placeholder."""
    places, shift = [], 0
    for span in redaction.spans:
        start = span.start + shift
        end = redaction.text.index("]", start) + 1
        places.append((span, start, end))
        shift = end - span.end
    return places


def _moved(position: int, places: list[tuple[Span, int, int]]) -> int:
    """Return where *position* of the original stands in the redacted text."""
    shift = 0
    for span, start, end in places:
        if position <= span.start:
            break
        if position < span.end:
            return start
        shift = end - span.end
    return position + shift
