"""Say of each word of a text why it was hidden, or why it stayed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotline.anonymize.reading import Reading, Rule, Word
from hotline.anonymize.redacting import decide
from hotline.domain.identity import Label, Span

_BY_LABEL = {
    Label.DATE: Rule.DATE,
    Label.ADDRESS: Rule.ADDRESS,
    Label.VEHICLE: Rule.VEHICLE,
    Label.VENUE: Rule.VENUE,
    Label.AGE: Rule.NUMBER,
    Label.OTHER_ID: Rule.NUMBER,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about characters *start* to *end* of a text; *label* is that of the span it went with."""

    start: int
    end: int
    masked: bool
    rule: Rule
    label: Label | None = None


def explain(
    text: str, *, languages: Sequence[str] = (), also: frozenset[str] = frozenset()
) -> tuple[Decision, ...]:
    """Return a decision for every word, number and identifier of *text*, in their order."""
    reading, spans, places = decide(text, languages, also)
    decisions = list(_of_words(reading, spans, places))
    told = {decision.start for decision in decisions if decision.masked}
    silent = (span for span in spans if told.isdisjoint(range(span.start, span.end)))
    decisions += [Decision(span.start, span.end, True, Rule.FORM, span.label) for span in silent]
    return tuple(sorted(decisions, key=lambda decision: decision.start))


def _of_words(
    reading: Reading, spans: Sequence[Span], places: Sequence[int] | None
) -> Iterator[Decision]:
    waiting = iter(spans)
    span = next(waiting, None)
    for word in reading.words:
        start = word.start if places is None else places[word.start]
        end = word.end if places is None else places[word.end]
        while span is not None and span.end <= start:
            span = next(waiting, None)
        if span is not None and span.start < end:
            yield Decision(start, end, True, _why_hidden(word), span.label)
        else:
            yield Decision(start, end, False, _why_kept(word))


def _why_hidden(word: Word) -> Rule:
    if word.hidden and word.rule is not None and word.rule is not Rule.ALSO:
        return word.rule
    return _BY_LABEL.get(word.label, Rule.FORM) if word.label else Rule.FORM


def _why_kept(word: Word) -> Rule:
    if word.is_number:
        return Rule.COUNT
    return Rule.ALSO if word.rule is Rule.ALSO else Rule.ORDINARY
