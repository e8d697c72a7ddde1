"""A redacted account as a scene: who is mentioned where, which words around them tell a part, who is speaking."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from hotline.anonymize.cues import Cue, Cues, Distances, Kind, Mention, cues_in, verb_stands
from hotline.domain.identity import Label, Redaction

WORD = 3  # `Distances` count in thirds of words.


class Role(StrEnum):
    """What part somebody, or something of theirs, plays in what is told; never a finding about a person."""

    VICTIM = "victim"
    REPORTER = "reporter"
    THIRD_PARTY = "third_party"
    SUSPECT = "suspect"
    VENUE_OF_EXPLOITATION = "venue_of_exploitation"


class RoleRule(StrEnum):
    """Why a role is proposed: what the words at the proposal's place say of the placeholder."""

    NAMES_SELF = "names_self"
    OWN_CONTACT = "own_contact"
    IN_CHARGE = "in_charge"
    DOES_HARM = "does_harm"
    HARMED = "harmed"
    RELATIVE = "relative"
    FELLOW = "fellow"
    BESIDE = "beside"
    HIRED_BY = "hired_by"
    KEPT_AT = "kept_at"
    CARRIED_IN = "carried_in"
    LURED_BY = "lured_by"
    LIVES_AT = "lives_at"


class Says(NamedTuple):
    """What one cue says of one mention, and how strongly."""

    role: Role
    rule: RoleRule
    strength: int
    cue: Cue


class Scene:
    """What `roles` reads. *parts* are the roles found for persons so far: things that stand beside them take theirs."""

    def __init__(self, redaction: Redaction, mentions: Sequence[Mention]) -> None:
        self.cues = cues_in(redaction)
        self.distance = Distances(redaction.text)
        self.verb_stands = verb_stands(redaction.language)
        self.parts: dict[str, Role] = {}
        self._persons = [each for each in mentions if each.label is Label.PERSON]
        self._starts = [each.start for each in self._persons]
        self._ends = [each.end for each in self._persons]
        self.sender = sender_of(self.cues)

    def before(self, mention: Mention, within: int, *kinds: Kind) -> Cue | None:
        """Return the nearest cue before *mention*, at most *within* words away and with no other person between."""
        found = [cue for kind in kinds if (cue := self.cues[kind].last_before(mention.start))]
        nearest = max(found, key=lambda cue: (cue.end, cue.end - cue.start), default=None)
        if nearest is None or self.distance(nearest.end, mention.start) > within * WORD:
            return None
        return None if self.person_between(nearest.end, mention.start) else nearest

    def after(self, mention: Mention, within: int, *kinds: Kind) -> Cue | None:
        """Return the nearest cue after *mention*, at most *within* words away and with no other person between."""
        found = [cue for kind in kinds if (cue := self.cues[kind].first_after(mention.end))]
        nearest = min(found, key=lambda cue: (cue.start, cue.start - cue.end), default=None)
        if nearest is None or self.distance(mention.end, nearest.start) > within * WORD:
            return None
        return None if self.person_between(mention.end, nearest.start) else nearest

    def around(self, mention: Mention, within: int, *kinds: Kind) -> Cue | None:
        """Return the nearest cue on either side of *mention*."""
        return self.before(mention, within, *kinds) or self.after(mention, within, *kinds)

    def person_between(self, start: int, end: int) -> bool:
        return bisect_left(self._starts, start) < bisect_right(self._ends, end)

    def person_before(self, mention: Mention, within: int) -> Mention | None:
        """Return the person named last before *mention*, at most *within* words away."""
        index = bisect_right(self._ends, mention.start)
        if not index or self.distance(self._ends[index - 1], mention.start) > within * WORD:
            return None
        return self._persons[index - 1]

    def is_cue_between(self, start: int, end: int, kinds: Iterable[Kind]) -> bool:
        """Say whether somebody else is spoken of between two places, who is then the one who does what follows."""
        found = (self.cues[kind].first_after(start) for kind in kinds)
        return any(cue is not None and cue.end <= end for cue in found)


def sender_of(cues: dict[Kind, Cues]) -> Role | None:
    """Return whether the writer is harmed or saw harm, by how often they say "we" or "I saw"; nothing in doubt.

    A colleague or a girl that is spoken of counts once: who says "we" once and speaks of somebody may be either.
    """
    own = len(cues[Kind.US]) + len(cues[Kind.ACTS_ON_ME])
    others = 2 * len(cues[Kind.WITNESS]) + len(cues[Kind.KIN]) + min(len(cues[Kind.FELLOW]), 1)
    if own > others:
        return Role.VICTIM
    return Role.REPORTER if others > own else None
