"""Say how a house's keys stand, in plain lines: desks, key periods with their age, members, and what is due."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime

from hotline.domain.staff import HOUSE, Role
from hotline.operate.keys_house import house, waiting_for_papers
from hotline.vault.epochs import holders
from hotline.vault.house import due_depths
from hotline.vault.keyring import Keyring
from hotline.vault.roster import HOUSE_DESK, DeskEntry, EpochEntry


def status(env: Mapping[str, str], *, at: datetime | None = None) -> Iterator[str]:
    """Yield the lines about the house of *env*, after every step from its first roster was verified.

    Raises:
        RosterRefused: a step was not signed by who may.
    """
    at = at or datetime.now(UTC)
    with house(env) as (store, keyring, locks):
        keyring.verify_whole()
        roster = keyring.roster
        with store.read() as session:
            lacking = [
                (epoch, holders(session, epoch.id, roster.members, locks))
                for epoch in waiting_for_papers(session, keyring, locks)
            ]
        yield f"Roster {roster.number}, under delegation {roster.delegation}."
        for desk in (*roster.desks, HOUSE_DESK):
            yield from _desk(keyring, desk, at)
            for epoch, held_by in lacking:
                if epoch.desk == desk.name:
                    yield _lacking(keyring, epoch, held_by)


def _desk(keyring: Keyring, desk: DeskEntry, at: datetime) -> Iterator[str]:
    roster = keyring.roster
    epochs = roster.epochs_of(desk.name)
    due = due_depths(epochs, at)
    yield ""
    yield _title(desk)
    roles = Counter(member.role for member in roster.members if member.desk == desk.name)
    yield "  members: " + (", ".join(_count(roles, role) for role in Role if roles[role]) or "none")
    signers = [s for s in keyring.link.delegation.signers if s.desk == desk.name]
    yield f"  may sign: {_names(keyring, [signer.member_id for signer in signers])}"
    for depth in dict.fromkeys(epoch.depth for epoch in epochs):
        yield _period([e for e in epochs if e.depth == depth], is_due=depth in due, at=at)


def _lacking(keyring: Keyring, epoch: EpochEntry, held_by: Collection[str]) -> str:
    said = f"  the papers do not open yet: {epoch.depth}, period {epoch.number}"
    if not held_by:
        return said + "; nobody holds it, and only older papers hand it on"
    return said + f"; handed on at the next sign-in of {_names(keyring, held_by)}"


def _title(desk: DeskEntry) -> str:
    if desk.name == HOUSE:
        return "The house itself"
    return f"Desk {desk.name}" + (", with four eyes" if desk.four_eyes else "")


def _period(epochs: list[EpochEntry], *, is_due: bool, at: datetime) -> str:
    newest = max(epochs, key=lambda epoch: epoch.number)
    days = (at.date() - date.fromisoformat(newest.begun)).days
    said = f"  {newest.depth}: period {newest.number}, {_days(days)} old"
    older = len(epochs) - 1
    if older:
        said += f", {older} older not closed"
    return said + ("; a new one is due" if is_due else "")


def _count(roles: Mapping[Role, int], role: Role) -> str:
    return f"{roles[role]} {role}" + ("s" if roles[role] > 1 else "")


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _names(keyring: Keyring, ids: Collection[str]) -> str:
    named = [member.username for member in keyring.members if member.id in ids]
    return ", ".join(named) or "the root alone"
