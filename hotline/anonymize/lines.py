"""The anonymizer over JSON lines: ``{"text": …, "lang": …}`` in, ``{"text": …, "lang": …, "spans": […]}`` out."""

import json
from collections.abc import Iterable, Iterator

from hotline.anonymize.redacting import redact

UNREADABLE = json.dumps({"error": "this line is not a JSON object with a text"})


def redact_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield one line for each line of *lines*; one that cannot be read gives a fixed sentence, never its words."""
    for line in lines:
        if line.strip():
            yield _redact_line(line)


def _redact_line(line: str) -> str:
    try:
        asked = json.loads(line)
        text, hint = asked["text"], asked.get("lang") or ""
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return UNREADABLE
    if not isinstance(text, str) or not isinstance(hint, str):
        return UNREADABLE
    redaction = redact(text, languages=(hint,) if hint else ())
    spans = [
        {"start": span.start, "end": span.end, "label": str(span.label)} for span in redaction.spans
    ]
    return json.dumps({"text": redaction.text, "lang": redaction.language, "spans": spans})
