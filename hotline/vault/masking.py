"""An account with what people masked, relabelled or put back in it (pure).

Details of an account tell what of it is no work of the machine: *by_hand* the placeholders that somebody put there,
*renamed* by their new names those that the machine called otherwise, *put_back* those whose words are read again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hotline.domain.identity import Label
from hotline.domain.report import Reason
from hotline.vault.contents import Account, placeholder_of
from hotline.vault.marks import PLACEHOLDER, Mark

FOR_THE_DESK = frozenset({Label.PLACE, Label.AGE, Label.DATE})
"""What stands behind these the desk may read: finer than a lead may be, coarser than a name."""

BY_HAND = "by_hand"
RENAMED = "renamed"
PUT_BACK = "put_back"

Place = tuple[int, int, int, int]
"""From where to where something stood, and from where to where stands what took its place."""


@dataclass(frozen=True, slots=True, repr=False)
class Masked:
    """An account with its marks in force. *places* say of each where it stood and where its placeholder stands.

    *words* are what each new placeholder stands for.
    """

    account: Account
    places: tuple[Place, ...] = ()
    words: tuple[tuple[str, str], ...] = ()

    def stored(self, position: int) -> int:
        """Return where *position* of the masked text stands in the text as it lies sealed."""
        shift = 0
        for start, end, at, to in self.places:
            if position <= at:
                break
            if position < to:
                return start
            shift = end - to
        return position + shift


def masked(account: Account, marks: Sequence[Mark]) -> Masked:
    """Return *account* with a placeholder in the place of each mark, numbered on from those that it has."""
    if not marks:
        return Masked(account)
    numbers = _numbers(account)
    names: dict[tuple[str, str, str], str] = {}
    text, places, done = "", [], 0
    for mark in marks:
        start, end = max(mark.start, done), min(mark.end, len(account.text))
        if start >= end:
            continue
        words = account.text[start:end]
        key = (mark.label.value, mark.tag, words)
        if key not in names:
            numbers[mark.label.value] = numbers.get(mark.label.value, 0) + 1
            names[key] = f"[{mark.label.value} {numbers[mark.label.value]}]"
        text += account.text[done:start]
        places.append((start, end, len(text), len(text) + len(names[key])))
        text += names[key]
        done = end
    text += account.text[done:]
    by_hand = [*account.details.get(BY_HAND, []), *names.values()]
    new = replace(
        account,
        text=text,
        tags={**account.tags, **{name: tag for (_, tag, _), name in names.items()}},
        reasons=tuple(_moved(reason, places) for reason in account.reasons),
        details={**account.details, BY_HAND: by_hand},
    )
    words_of = tuple((name, words) for (_, _, words), name in names.items())
    return Masked(new, tuple(places), words_of)


def relabelled(account: Account, labels: Mapping[str, str]) -> tuple[Account, dict[str, str]]:
    """Return *account* with placeholders (such as ``PERSON 3``) under other labels, and new by old names."""
    numbers = _numbers(account)
    renamed: dict[str, str] = {}
    for name, label in labels.items():
        old, parts = f"[{name}]", placeholder_of(name)
        if parts is None or parts[0].value == label or old not in account.text:
            continue
        numbers[label] = numbers.get(label, 0) + 1
        renamed[old] = f"[{label} {numbers[label]}]"
    if not renamed:
        return account, {}
    return _renamed(account, renamed), renamed


def put_back(account: Account, name: str, words: str) -> tuple[Account, tuple[Place, ...]]:
    """Return *account* with *words* wherever the placeholder *name* (with its brackets) stands, and where that was."""
    text, done = "", 0
    places: list[Place] = []
    for one in re.finditer(re.escape(name), account.text):
        text += account.text[done : one.start()]
        places.append((one.start(), one.end(), len(text), len(text) + len(words)))
        text += words
        done = one.end()
    text += account.text[done:]
    reasons = tuple(_moved(reason, places) for reason in account.reasons)
    tags = {each: tag for each, tag in account.tags.items() if each != name}
    details = {**account.details, PUT_BACK: [*account.details.get(PUT_BACK, []), name]}
    new = replace(account, text=text, tags=tags, reasons=reasons, details=details)
    return new, tuple(places)


def names_in(text: str) -> tuple[str, ...]:
    """Return the placeholders of *text*, such as ``PERSON 1``, each once, in reading order."""
    return tuple(dict.fromkeys(one[0][1:-1] for one in PLACEHOLDER.finditer(text)))


def as_machine_left_it(account: Account, words: Mapping[str, str]) -> str:
    """Return the text of *account* as it came in; *words* are what its placeholders stand for."""
    by_hand = set(account.details.get(BY_HAND, ()))
    renamed: Mapping[str, str] = account.details.get(RENAMED, {})

    def before(found: re.Match[str]) -> str:
        name = found[0]
        return words.get(name, name) if name in by_hand else renamed.get(name, name)

    return PLACEHOLDER.sub(before, account.text)


def _renamed(account: Account, renamed: Mapping[str, str]) -> Account:
    places, shift = [], 0
    for one in PLACEHOLDER.finditer(account.text):
        new = renamed.get(one[0], one[0])
        at = one.start() + shift
        places.append((one.start(), one.end(), at, at + len(new)))
        shift += len(new) - len(one[0])
    before: Mapping[str, str] = account.details.get(RENAMED, {})
    # What was renamed twice keeps the name that the machine gave it.
    by_new = {name: old for name, old in before.items() if name not in renamed}
    by_new |= {new: before.get(old, old) for old, new in renamed.items()}
    details = {**account.details, RENAMED: by_new}
    details[BY_HAND] = [renamed.get(name, name) for name in details.get(BY_HAND, [])]
    details["quasi"] = _finer(details.get("quasi", {}), renamed)
    return replace(
        account,
        text=PLACEHOLDER.sub(lambda one: renamed.get(one[0], one[0]), account.text),
        tags={renamed.get(name, name): tag for name, tag in account.tags.items()},
        reasons=tuple(_moved(reason, places) for reason in account.reasons),
        details=details,
    )


def _finer(finer: Mapping[str, str], renamed: Mapping[str, str]) -> dict[str, str]:
    """Return what the desk may read behind placeholders; behind one that is a name now it may read nothing."""
    kept = {}
    for name, said in finer.items():
        new = renamed.get(name, name)
        parts = placeholder_of(new)
        if parts is not None and (new == name or parts[0] in FOR_THE_DESK):
            kept[new] = said
    return kept


def _numbers(account: Account) -> dict[str, int]:
    """Return the highest number of each label that *account* knows, also where it does not stand in it any more."""
    numbers: dict[str, int] = {}
    known = (
        PLACEHOLDER.findall(account.text),
        account.tags,
        account.details.get(RENAMED, {}).values(),
    )
    for name in (name for names in known for name in names):
        parts = placeholder_of(name)
        if parts is not None:
            numbers[parts[0].value] = max(numbers.get(parts[0].value, 0), parts[1])
    return numbers


def _moved(reason: Reason, places: Iterable[Place]) -> Reason:
    start, end = reason.start, reason.end
    shift_start = shift_end = 0
    for left, right, at, to in places:
        if right <= reason.start:
            shift_start = to - right
        elif left <= reason.start:
            start, shift_start = at, 0
        if right <= reason.end:
            shift_end = to - right
        elif left < reason.end:
            end, shift_end = to, 0
    return Reason(reason.rule, start + shift_start, max(start + shift_start, end + shift_end))
