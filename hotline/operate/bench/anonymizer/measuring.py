"""Redact sets of labelled texts, as written and as people text them, and keep what came of it."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hotline.anonymize import redact
from hotline.anonymize.language import detect
from hotline.assess import assess
from hotline.operate.bench.anonymizer.labelled import Labelled, TextSet
from hotline.operate.bench.anonymizer.scoring import (
    Mask,
    Score,
    Tally,
    covered,
    score,
    words_of,
)

Masks = Sequence[Sequence[Mask]]
# From texts to what is hidden of each, and the seconds of one processor that it took.
Redactor = Callable[[Sequence[Labelled]], tuple[Masks, float]]

SNIPPET = 48
_FEWEST_LETTERS = 12
_WARM = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one redactor made of one set. *lower* is missing where a script has no capitals."""

    of: TextSet
    written: Score
    lower: Score | None
    masks: Masks


@dataclass(frozen=True, slots=True)
class Heard:
    """How often a language was told rightly, and what leaked of persons where it was and where it was not."""

    snippets: int
    right: int
    leaks_heard: Tally
    leaks_misheard: Tally
    romanized: int = 0
    romanized_right: int = 0


@dataclass(frozen=True, slots=True)
class Readable:
    """How many words gave a reason of the assessment, and how many of them were hidden."""

    words: int
    hidden: int


def hide(texts: Sequence[Labelled]) -> tuple[Masks, float]:
    """Redact *texts* as the webhook does: nobody says which language they are in."""
    start = time.process_time()
    found = [redact(each.text).spans for each in texts]
    spent = time.process_time() - start
    return [[(span.start, span.end) for span in spans] for spans in found], spent


def measure(sets: Iterable[TextSet], redactor: Redactor) -> list[Outcome]:
    """Return what *redactor* makes of each of *sets*."""
    return [_outcome(each, redactor) for each in sets]


def _outcome(of: TextSet, redactor: Redactor) -> Outcome:
    redactor(of.texts[:_WARM])
    masks, seconds = redactor(of.texts)
    lower = None
    if of.is_cased:
        typed = [each.in_lower_case() for each in of.texts]
        lower = score(typed, *redactor(typed))
    return Outcome(of, score(of.texts, masks, seconds), lower, masks)


def hear(outcome: Outcome) -> Heard:
    """Ask of each text of a set which language it is in, of its first characters in lower case."""
    telling = [each for each in outcome.of.texts if _has_enough_letters(each.text[:SNIPPET])]
    right = [is_heard(each, each.in_lower_case().text[:SNIPPET]) for each in telling]
    romanized = [told for each, told in zip(telling, right, strict=True) if each.is_romanized]
    whole = [is_heard(each, each.text) for each in outcome.of.texts]
    return Heard(
        snippets=len(right),
        right=sum(right),
        leaks_heard=_persons(outcome, whole, heard=True),
        leaks_misheard=_persons(outcome, whole, heard=False),
        romanized=len(romanized),
        romanized_right=sum(romanized),
    )


def is_heard(each: Labelled, words: str) -> bool:
    return detect(words) == each.language


def read_reasons(outcome: Outcome) -> Readable:
    """Count the words that made an account urgent or stated an indicator, outside of what identifies."""
    words = hidden = 0
    for each, masks in zip(outcome.of.texts, outcome.masks, strict=True):
        because = covered(each.text, _reasons(each))
        labelled = covered(each.text, ((span.start, span.end) for span in each.spans))
        laid = covered(each.text, masks)
        for start, end in words_of(each.text):
            if any(because[start:end]) and not any(labelled[start:end]):
                words += 1
                hidden += any(laid[start:end])
    return Readable(words, hidden)


def _reasons(each: Labelled) -> list[Mask]:
    found = assess(each.text, language=each.language)
    return [(reason.start, reason.end) for reason in found.reasons]


def _persons(outcome: Outcome, whole: Sequence[bool], *, heard: bool) -> Tally:
    chosen = [at for at, told in enumerate(whole) if told is heard]
    texts = [outcome.of.texts[at] for at in chosen]
    return score(texts, [outcome.masks[at] for at in chosen]).of("PERSON")


def _has_enough_letters(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= _FEWEST_LETTERS
