"""Assess accounts that come as JSON lines, for measuring and for other programs."""

import json
from collections.abc import Callable, Iterable, Iterator

from hotline.assess.assessment import assess
from hotline.domain.report import Assessment


def assess_lines(lines: Iterable[str], *, detect: Callable[[str], str]) -> Iterator[str]:
    """Yield one JSON line for each line of *lines* that is not empty.

    In: ``{"text": …, "lang": …}``, where *detect* finds a missing language. Out: ``urgency``,
    ``minor``, ``indicators``, ``needs``, and ``reasons`` whose ``start`` and ``end`` count
    characters of the input.
    """
    for line in lines:
        if line.strip():
            asked = json.loads(line)
            text = asked["text"]
            found = assess(text, language=asked.get("lang") or detect(text))
            yield json.dumps(_as_json(found), ensure_ascii=False)


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
