"""What a call says: its keys are those of the source, it can be said aloud, and who overhears it learns nothing."""

import re
from collections.abc import Iterator

from hotline.operate.strings.entries import FIELD, Entry, Fault, digits

LONGEST_PROMPT = 400
"""Letters of what a call says in one breath; how long it takes is measured apart."""

# Whoever overhears a call must not learn from it whom someone called: nothing names us, or what we are for.
BANNED_IN_CALLS = re.compile(
    r"\b(hotline|helpline|traffick\w*|slavery|exploit\w*|police|polaris|unicef|iom|ngo|charity|shelter|refuge|rescue)\b",
    re.IGNORECASE,
)
# A machine reads these in any way it likes, or not at all.
UNREADABLE = re.compile(r"[#*@&/\\<>\[\]{}%_|~^=+]|https?:|www\.")


def keys(entry: Entry) -> Iterator[Fault]:
    if any(digits(said) != digits(entry.sources[0]) for said in entry.said):
        yield Fault("other digits, or in another order")


def breath(entry: Entry) -> Iterator[Fault]:
    if any(len(said) > LONGEST_PROMPT for said in entry.said):
        yield Fault(f"longer than {LONGEST_PROMPT} letters")


def sayable(entry: Entry) -> Iterator[Fault]:
    if any(FIELD.search(said) or UNREADABLE.search(said) for said in entry.said):
        yield Fault("a sign that cannot be said aloud")


def overheard(entry: Entry) -> Iterator[Fault]:
    if any(BANNED_IN_CALLS.search(said) for said in entry.said):
        yield Fault("it tells who overhears it too much")
