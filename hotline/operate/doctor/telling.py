"""Tell what was found, in words or as JSON, and as an exit status."""

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from hotline.operate.doctor.examining import UNREACHABLE
from hotline.operate.doctor.findings import Finding, Severity

ALL_WELL, SOMETHING_WRONG, COULD_NOT_LOOK = 0, 1, 2

_ORDER = list(Severity)
_HEADS = {
    Severity.WRONG: "Wrong",
    Severity.WARNING: "To consider",
    Severity.UNKNOWN: "Cannot be seen from here",
    Severity.WELL: "Well",
}


def status_of(findings: Iterable[Finding]) -> int:
    """Return 1 when something is wrong, 2 when the provider did not answer, and otherwise 0."""
    found = list(findings)
    if any(one.severity is Severity.WRONG for one in found):
        return SOMETHING_WRONG
    return COULD_NOT_LOOK if any(one.code == UNREACHABLE for one in found) else ALL_WELL


def in_words(findings: Sequence[Finding]) -> str:
    """Return the findings as text, the worst first."""
    lines: list[str] = []
    for severity in _ORDER:
        some = [one for one in findings if one.severity is severity]
        if some:
            lines += [f"{_HEADS[severity]}:", *(told(one) for one in some), ""]
    counts = Counter(one.severity for one in findings)
    lines.append(", ".join(f"{counts[severity]} {severity}" for severity in _ORDER))
    return "\n".join(lines)


def as_json(findings: Sequence[Finding]) -> str:
    ordered = sorted(findings, key=lambda one: _ORDER.index(one.severity))
    whole = {"exit": status_of(findings), "findings": [asdict(one) for one in ordered]}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def told(finding: Finding) -> str:
    """Return one finding as text, with what to do."""
    about = f"[{finding.about}] " if finding.about else ""
    text = _wrapped(f"{about}{finding.what} ({finding.code})", "  - ", "    ")
    return f"{text}\n{_wrapped(finding.do, '    > ', '      ')}" if finding.do else text


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(
        text,
        100,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
