"""Propose what part each placeholder plays in an account: survivor, reporter, suspect, place of exploitation.

A proposal is never more than that. It is read off the words around a placeholder, with the words that decided, for a
caseworker who confirms or changes it; where they say nothing, nothing is proposed. Nothing is released, withheld,
ranked or routed on it: leads, handoff and referral must not reach this module, and a contract forbids it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hotline.anonymize.cues import Mention, mentions_in
from hotline.anonymize.parts import about
from hotline.anonymize.scene import Role, RoleRule, Says, Scene
from hotline.domain.identity import Label, Redaction

__all__ = ["Proposal", "Role", "RoleRule", "propose"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A role for a placeholder; *start* and *end* are the words that decided, in the redacted text."""

    placeholder: str
    role: Role
    rule: RoleRule
    start: int
    end: int


def propose(redaction: Redaction) -> tuple[Proposal, ...]:
    """Return at most one proposal for each placeholder of *redaction*, in the order of their first mention.

    Reads the redacted text and its language, nothing else; linear in the length of the text.
    """
    mentions = mentions_in(redaction.text)
    if not mentions:
        return ()
    scene = Scene(redaction, mentions)
    found: dict[str, Proposal] = {}
    for is_turn in (_is_person, _is_no_person):
        for placeholder, its in _by_placeholder(filter(is_turn, mentions)).items():
            said = [each for mention in its for each in about(scene, mention)]
            if best := _weightiest(said):
                found[placeholder] = Proposal(
                    placeholder, best.role, best.rule, best.cue.start, best.cue.end
                )
                scene.parts[placeholder] = best.role
    return tuple(found[name] for name in _by_placeholder(mentions) if name in found)


def _is_person(mention: Mention) -> bool:
    return mention.label is Label.PERSON


def _is_no_person(mention: Mention) -> bool:
    return mention.label is not Label.PERSON


def _by_placeholder(mentions: Iterable[Mention]) -> dict[str, list[Mention]]:
    grouped: dict[str, list[Mention]] = {}
    for mention in mentions:
        grouped.setdefault(mention.placeholder, []).append(mention)
    return grouped


def _weightiest(said: Iterable[Says]) -> Says | None:
    """Return the strongest reason for the role that has most for it; nothing where two roles have as much."""
    sums: dict[Role, int] = {}
    strongest: dict[Role, Says] = {}
    for each in said:
        sums[each.role] = sums.get(each.role, 0) + each.strength
        if each.role not in strongest or each.strength > strongest[each.role].strength:
            strongest[each.role] = each
    ranked = sorted(sums, key=lambda role: -sums[role])
    if not ranked or (len(ranked) > 1 and sums[ranked[0]] == sums[ranked[1]]):
        return None
    return strongest[ranked[0]]
