"""Which new reports of the web go into the queue at once, and which wait in quarantine; none is ever refused.

Nothing is known of who sends: no address, no cookie. Two things are looked at, both in the memory of this process.
Accounts that are almost the same belong to one group, and from the sixth on they wait (urgent ones from the
twenty-sixth on: a few copies bury nobody). Of unlike ones a bucket for each rank of urgency lets so many in, and
another those that say nothing we understand. Whoever waits is offered a small puzzle, which takes them in, and so does
coming back with the code; a bucket of their own bounds that, too.
Signatures of accounts are forgotten after a day, mean nothing outside this process, and give no words back.
"""

import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nsmallest

from hotline.domain.report import Assessment
from hotline.domain.urgency import Urgency
from hotline.store import new_id

MOST_ALIKE, MOST_URGENT = 5, 25
"""So many of a group go into the queue: several people may well be told by somebody what to write."""

BURST, A_MINUTE = 120, 10
"""So many unlike ones of a rank go into the queue at once, and so many a minute after that: more than any hotline hears."""

UNCLEAR = (40, 10)
"""The same for those that say nothing we understand: they are called urgent, and would stand before who is."""

BACK = (10, 5)
"""So many, and so many a minute, are let in because they came back and wrote: that is for single people."""

_UNCLEAR = frozenset({"urgency_unclear", "urgency_unreadable", "urgency_unknown_language"})
"""Rules of `assess` that call a text urgent because nothing is understood of it."""

_DAY = timedelta(days=1)
_LETTERS = 5
_SHORTEST = 48
"""Fewer different pieces say too little: many people in need write the same few words."""
_LONGEST = 4_000
_SIGNATURE = 16
_SHARED = 10
_MOST_GROUPS = 3_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a report: the *alike* ones that it belongs to, and whether it *waits*. *group* is for `take_back`."""

    alike: str | None = None
    waits: bool = False
    group: str = ""


@dataclass(slots=True)
class _Group:
    signature: frozenset[int]
    since: datetime
    id: str = field(default_factory=new_id)
    count: int = 0
    is_let_in: bool = False


@dataclass(slots=True)
class _Bucket:
    """Lets *burst* in at once, and after that *a_minute*."""

    burst: int = BURST
    a_minute: int = A_MINUTE
    left: float = BURST
    since: datetime | None = None

    def take(self, at: datetime) -> bool:
        minutes = max(0.0, (at - (self.since or at)) / timedelta(minutes=1))
        self.left, self.since = min(self.burst, self.left + minutes * self.a_minute), at
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Admission:
    """The memory by which one process judges."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: OrderedDict[str, _Group] = OrderedDict()
        self._with: defaultdict[int, list[_Group]] = defaultdict(list)
        self._buckets = {urgency: _Bucket() for urgency in Urgency}
        self._buckets[Urgency.NONE] = _Bucket(*UNCLEAR, left=UNCLEAR[0])
        self._back = _Bucket(*BACK, left=BACK[0])

    def judge(self, words: str, found: Assessment, *, at: datetime) -> Verdict:
        """Return what becomes of a new report with these *words*, assessed as *found*; each call counts it."""
        signature = signature_of(words)
        with self._lock:
            self._forget(at)
            group = self._group(signature, at) if signature else None
            weight = _weight(found)
            if group and self._is_crowded(group, weight):
                return Verdict(group.id, waits=True, group=group.id)
            waits = not self._buckets[weight].take(at)
            if group is None:
                return Verdict(waits=waits)
            return Verdict(group.id if group.count > 1 else None, waits=waits, group=group.id)

    def take_back(self, verdict: Verdict) -> None:
        """Count a report no more that could not be kept: whoever tries again is not like themselves."""
        with self._lock:
            if verdict.group in self._groups:
                self._groups[verdict.group].count -= 1

    def lets_back(self, found: Assessment, *, at: datetime) -> bool:
        """Tell whether one that waits is let in by what its reporter writes now: not in masses, a cry for help always."""
        with self._lock:
            return _weight(found) is Urgency.IMMEDIATE or self._back.take(at)

    def let_in(self, alike: str) -> None:
        """Let what is like this group into the queue from now on: somebody looked, and it is no flood."""
        with self._lock:
            if alike in self._groups:
                self._groups[alike].is_let_in = True

    def _is_crowded(self, group: _Group, weight: Urgency) -> bool:
        most = MOST_URGENT if weight.rank >= Urgency.HIGH.rank else MOST_ALIKE
        return group.count > most and not group.is_let_in

    def _group(self, signature: frozenset[int], at: datetime) -> _Group:
        group = self._nearest(signature)
        if group is None:
            group = _Group(signature, at)
            self._groups[group.id] = group
            for piece in signature:
                self._with[piece].append(group)
        group.count += 1
        return group

    def _nearest(self, signature: frozenset[int]) -> _Group | None:
        shared: defaultdict[str, int] = defaultdict(int)
        for piece in signature:
            for group in self._with.get(piece, ()):
                shared[group.id] += 1
        nearest = max(shared, key=lambda its: shared[its], default=None)
        return self._groups[nearest] if nearest and shared[nearest] >= _SHARED else None

    def _forget(self, at: datetime) -> None:
        """Forget what is a day old; where there is too much, what stood alone for longest."""
        while self._groups and next(iter(self._groups.values())).since <= at - _DAY:
            self._drop(next(iter(self._groups.values())))
        if len(self._groups) >= _MOST_GROUPS:
            alone = (group for group in self._groups.values() if group.count == 1)
            self._drop(next(alone, next(iter(self._groups.values()))))

    def _drop(self, group: _Group) -> None:
        del self._groups[group.id]
        for piece in group.signature:
            self._with[piece].remove(group)
            if not self._with[piece]:
                del self._with[piece]


def _weight(found: Assessment) -> Urgency:
    """Return how urgent an account is by what it says; one that says nothing we understand, as if it said nothing."""
    says_why = any(reason.rule not in _UNCLEAR for reason in found.reasons)
    return found.urgency if says_why else Urgency.NONE


def signature_of(words: str) -> frozenset[int]:
    """Return sixteen numbers of which alike *words* share most; none of words too few to tell.

    They are the smallest hashes of all runs of five letters (MinHash, "bottom k"); Python salts them in each process.
    """
    letters = "".join(char for char in words[:_LONGEST].casefold() if char.isalpha())
    pieces = {hash(letters[at : at + _LETTERS]) for at in range(len(letters) - _LETTERS + 1)}
    return frozenset(nsmallest(_SIGNATURE, pieces)) if len(pieces) >= _SHORTEST else frozenset()
