"""Take the who out of the what: one text in, the same text with placeholders out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from hotline.anonymize import placeholders
from hotline.anonymize.addresses import hide_addresses
from hotline.anonymize.calendar_days import hide_days
from hotline.anonymize.company import hide_names
from hotline.anonymize.counting import hide_numbers
from hotline.anonymize.detectors import (
    AMONG_WORDS,
    WITH_DIGITS,
    WITHOUT_DIGITS,
    plate,
    spoken_number,
    unseen,
)
from hotline.anonymize.labelling import label_of_run
from hotline.anonymize.language import named
from hotline.anonymize.place_names import hide_place_names
from hotline.anonymize.reading import Reading, Word, read
from hotline.anonymize.vehicles import hide_vehicles
from hotline.anonymize.venues import hide_venues
from hotline.domain.identity import Label, Redaction, Span
from hotline.lexicon.folding import without_unseen

_DIGITS = re.compile(r"\d(?:.?\d)*")
_MARGIN = 30


def redact(
    text: str, *, languages: Sequence[str] = (), also: frozenset[str] = frozenset()
) -> Redaction:
    """Return *text* with each identifier replaced by ``[KIND n]``; its spans count characters of *text*.

    *languages* are hints (the language of a form, of a line), asked where the text itself tells too little. *also* are
    folded words that the house has found ordinary. Where findings overlap they become one span, labelled as the longest.
    """
    reading, spans, _ = decide(text, languages, also)
    return placeholders.place(text, spans, named(reading.languages))


def decide(
    text: str, languages: Sequence[str], also: frozenset[str]
) -> tuple[Reading, list[Span], Sequence[int] | None]:
    """Return *text* as it was read and decided about, what must go, and where each character read stands in *text*."""
    seen, places = without_unseen(text)
    written = list(placeholders.find(seen))
    reading = read(placeholders.blanked(seen) if written else seen, tuple(languages), also)
    if written:
        # The capitals of what was hidden told something of the words that were left.
        reading.was_redacted = reading.capitals_tell = True
    found = _structured(reading) + written
    _cover(reading.words, found)
    hide_days(reading)
    hide_numbers(reading)
    hide_names(reading)
    spoken_number.hide_beside_names(reading)
    hide_place_names(reading)
    hide_addresses(reading)
    hide_vehicles(reading)
    hide_venues(reading)
    spans = settle(found + _runs(reading))
    if places is not None:
        spans = settle([_as_written(span, places) for span in spans] + list(unseen.find(text)))
    return reading, spans, places


def settle(found: Sequence[Span]) -> list[Span]:
    """Return *found* sorted, with what overlaps joined under the label of the longest part."""
    settled: list[Span] = []
    longest = 0
    for span in sorted(found, key=lambda each: (each.start, -each.end)):
        if settled and span.start < settled[-1].end:
            last = settled[-1]
            label = last.label
            if span.end - span.start > longest:
                label, longest = span.label, span.end - span.start
            settled[-1] = Span(last.start, max(last.end, span.end), label)
        else:
            settled.append(span)
            longest = span.end - span.start
    return settled


def _structured(reading: Reading) -> list[Span]:
    folded = reading.folded
    found = [span for find in WITHOUT_DIGITS for span in find(folded)]
    found += [span for find in AMONG_WORDS for span in find(reading)]
    if reading.digits:
        finders = [find for fewest, find in WITH_DIGITS if reading.digits >= fewest]
        for start, end in _around_digits(folded):
            near = folded[start:end]
            found += [_moved(span, start) for find in finders for span in find(near)]
            found += [_moved(span, start) for span in plate.find(reading.text[start:end])]
    return [span for span in found if span.end > span.start]


def _around_digits(folded: str) -> list[tuple[int, int]]:
    """Return the parts of a text that hold its digits and what may belong to them, cut at spaces."""
    parts: list[tuple[int, int]] = []
    for found in _DIGITS.finditer(folded):
        start, end = found.start() - _MARGIN, found.end() + _MARGIN
        start = folded.rfind(" ", 0, start) + 1 if start > 0 else 0
        end = folded.find(" ", end)
        end = len(folded) if end < 0 else end
        if parts and start <= parts[-1][1]:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return parts


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by, span.label) if by else span


def _as_written(span: Span, places: Sequence[int]) -> Span:
    """Return *span* where it stands in the text as it was written, with what cannot be seen."""
    return Span(places[span.start], places[span.end], span.label)


def _cover(words: list[Word], found: Sequence[Span]) -> None:
    """Mark the words inside *found* as hidden; names do not spread from them."""
    if not found:
        return
    starts, ends = [word.start for word in words], [word.end for word in words]
    for span in found:
        for word in words[bisect_right(ends, span.start) : bisect_left(starts, span.end)]:
            word.hidden = True
            word.label = span.label


def _runs(reading: Reading) -> list[Span]:
    """Return one span for each run of hidden words that stand together."""
    spans: list[Span] = []
    run: list[Word] = []
    for word in reading.words:
        if run and not (word.hidden and word.joined and _same_kind(run[-1], word)):
            spans.append(Span(run[0].start, run[-1].end, label_of_run(run, reading.languages)))
            run = []
        if word.hidden:
            run.append(word)
    if run:
        spans.append(Span(run[0].start, run[-1].end, label_of_run(run, reading.languages)))
    return spans


def _same_kind(before: Word, word: Word) -> bool:
    """Names join names; a structured identifier or an address joins what carries the same label."""
    return before.label is word.label or {before.label, word.label} <= {
        None,
        Label.OTHER_ID,
        Label.DATE,
    }
