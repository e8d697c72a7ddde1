"""The anonymizer over JSON lines: ``{"text": …, "lang": …}`` in, ``{"text": …, "lang": …, "spans": […]}`` out.

Explained, a line also says why: ``decisions`` count characters of what came in, the places of ``roles`` those of the
redacted text, because there a proposed role is read off the words that everybody may see.
"""

import json
from collections.abc import Iterable, Iterator

from hotline.anonymize.explaining import explain
from hotline.anonymize.redacting import redact
from hotline.anonymize.roles import propose
from hotline.domain.identity import Redaction

UNREADABLE = json.dumps({"error": "this line is not a JSON object with a text"})


def redact_lines(lines: Iterable[str], *, explained: bool = False) -> Iterator[str]:
    """Yield one line for each line of *lines*; one that cannot be read gives a fixed sentence, never its words."""
    for line in lines:
        if line.strip():
            yield _redact_line(line, explained=explained)


def _redact_line(line: str, *, explained: bool) -> str:
    try:
        asked = json.loads(line)
        text, hint = asked["text"], asked.get("lang") or ""
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return UNREADABLE
    if not isinstance(text, str) or not isinstance(hint, str):
        return UNREADABLE
    languages = (hint,) if hint else ()
    redaction = redact(text, languages=languages)
    answer = _answer(redaction)
    if explained:
        answer["decisions"] = _decisions(text, languages)
        answer["roles"] = _roles(redaction)
    return json.dumps(answer)


def _answer(redaction: Redaction) -> dict[str, object]:
    spans = [
        {"start": span.start, "end": span.end, "label": str(span.label)} for span in redaction.spans
    ]
    return {"text": redaction.text, "lang": redaction.language, "spans": spans}


def _decisions(text: str, languages: tuple[str, ...]) -> list[dict[str, object]]:
    return [
        {
            "start": each.start,
            "end": each.end,
            "masked": each.masked,
            "rule": str(each.rule),
            "label": str(each.label) if each.label else None,
        }
        for each in explain(text, languages=languages)
    ]


def _roles(redaction: Redaction) -> list[dict[str, object]]:
    return [
        {
            "placeholder": each.placeholder,
            "role": str(each.role),
            "rule": str(each.rule),
            "start": each.start,
            "end": each.end,
        }
        for each in propose(redaction)
    ]
