"""Assess accounts that come as JSON lines, for measuring and for other programs."""

import json
from collections.abc import Callable, Iterable, Iterator

from hotline.assess.assessment import assess
from hotline.domain.report import Assessment

UNREADABLE = json.dumps({"error": "this line is not a JSON object with a text"})


def assess_lines(lines: Iterable[str], *, detect: Callable[[str], str]) -> Iterator[str]:
    """Yield one JSON line for each line of *lines* that is not empty.

    In: ``{"text": …, "lang": …}``, where *detect* finds a missing language. Out: ``urgency``,
    ``minor``, ``indicators``, ``needs``, and ``reasons`` whose ``start`` and ``end`` count
    characters of the input. A line that cannot be read gives a fixed sentence, never its words.
    """
    for line in lines:
        if line.strip():
            yield _assess_line(line, detect)


def _assess_line(line: str, detect: Callable[[str], str]) -> str:
    try:
        asked = json.loads(line)
        text, language = asked["text"], asked.get("lang") or ""
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return UNREADABLE
    if not isinstance(text, str) or not isinstance(language, str):
        return UNREADABLE
    return json.dumps(_as_json(assess(text, language=language or detect(text))))


def _as_json(found: Assessment) -> dict[str, object]:
    return {
        "urgency": found.urgency,
        "minor": found.minor,
        "indicators": sorted(found.indicators),
        "needs": sorted(found.needs),
        "reasons": [
            {"rule": reason.rule, "start": reason.start, "end": reason.end}
            for reason in found.reasons
        ],
    }
