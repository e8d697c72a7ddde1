"""Fetch the pictures of a text: sealed here, then erased at the provider.

Which text it is stands sealed to the relay key, because the provider's id must not lie beside a report.
With each picture or document goes a copy without what cameras and programs write into a file.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline import audit
from hotline.anonymize.files import clean_apart
from hotline.contact.carrier import Carrier, CarrierRefused, ProviderFile
from hotline.contact.erasing import erase_later
from hotline.contact.tables import pictures
from hotline.domain.report import day
from hotline.errors import Malformed
from hotline.jobs import Job, jobs, later
from hotline.reports.tables import messages, reports
from hotline.store import Session, Store, new_id
from hotline.vault.attachments import REPORT_LIMIT, Attachment, HeldFile, keep_files
from hotline.vault.envelope import SealBroken
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.relay import RelayKey, seal_for_relay
from hotline.vault.seen import seen_key
from hotline.vault.stream import CHUNK

MOST_FILES = 10
MOST_BYTES = 16 << 20
MOST_IN_ALL = REPORT_LIMIT * CHUNK
"""What a report may hold is the most that is worth reading; of one file, the most that a provider takes."""

FETCHING, LEFT_OUT = "fetching", "left_out"
"""What stands as the state of a reporter's message: its pictures are on their way; one of them is not kept."""

_FAMILIES = ("image/", "audio/", "video/")
_KINDS = frozenset(
    {
        "application/pdf", "application/vcard", "text/vcard", "text/x-vcard", "text/directory",
        "text/plain", "text/csv", "text/calendar", "text/rtf", "text/richtext",
    }
)  # fmt: skip
# A drawing that is a program.
_UNWELCOME = frozenset({"image/svg+xml"})
_MARK = "pictures"
_MANY = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """The pictures of the provider's text *provider_id*, which is a message of ours."""

    provider_id: str = field(repr=False)
    report_id: str
    seq: int

    def to_json(self) -> bytes:
        return json.dumps([_MARK, self.provider_id, self.report_id, self.seq]).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> "Wanted":
        """Read what `to_json` wrote.

        Raises:
            Malformed: it is something else that was sealed for the worker.
        """
        match json.loads(plain):
            case [mark, str(provider_id), str(report_id), int(seq)] if mark == _MARK:
                return cls(provider_id, report_id, seq)
        raise Malformed


@dataclass(slots=True)
class Brought:
    """What came of fetching: originals and clean copies to keep, how many are left out, what is to be erased."""

    originals: list[HeldFile] = field(default_factory=list)
    copies: list[HeldFile] = field(default_factory=list)
    left_out: int = 0
    media: list[str] = field(default_factory=list, repr=False)


def fetch_later(
    session: Session,
    relay_public: PublicKey,
    *,
    provider_id: str,
    report_id: str,
    seq: int,
    at: datetime,
) -> bool:
    """Ask, if *session* commits, that the pictures of a text be kept with a message; tell whether nobody had asked.

    The message is there already: it says that they are on their way.
    """
    ref = new_id()
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    wish = dialect.insert(pictures).values(
        id=ref,
        id_hash=seen_key(provider_id),
        sealed=seal_for_relay(relay_public, Wanted(provider_id, report_id, seq).to_json()),
        since=at,
    )
    asked = session.execute(wish.on_conflict_do_nothing().returning(pictures.c.id))
    if asked.first() is None:
        return False
    _note(session, report_id, seq, FETCHING)
    later(session, Job("fetch_picture", ref, at))
    return True


def ask_pictures_again(session: Session) -> None:
    """Ask for the pictures that no job stands for any more."""
    lost = select(pictures.c.id).where(pictures.c.id.not_in(select(jobs.c.ref))).limit(_MANY)
    for ref in session.execute(lost).scalars().all():
        later(session, Job("fetch_picture", ref))


def fetch_picture(
    store: Store,
    carrier: Carrier,
    relay: RelayKey,
    keyring: Keyring,
    ref: str,
    *,
    at: datetime,
    budget: int,
) -> None:
    """Do the job: fetch the pictures of one text, keep them with its message, and have them erased there.

    What is too large, of a kind that nobody needs, or gone is left out, and the message says so.

    Raises:
        CarrierBusy: they could not be fetched whole; the job comes back.
    """
    with store.read() as session:
        sealed = session.execute(
            select(pictures.c.sealed).where(pictures.c.id == ref)
        ).scalar_one_or_none()
    if sealed is None:
        return
    try:
        wanted = Wanted.from_json(relay.open(sealed))
    except (SealBroken, Malformed, ValueError):
        # Nobody can say any more what it was: the provider's list will show what nobody waits for.
        store.write(lambda session: _is_first(session, ref))
        return
    desk = _desk(store, wanted)
    # Of a report that was erased in the meantime nothing is fetched.
    brought = _fetched(carrier, wanted.provider_id) if desk else Brought()
    files = _sealed(keyring, desk, wanted, brought)
    store.write(lambda session: _record(session, ref, wanted, brought, files, at, budget))


def _desk(store: Store, wanted: Wanted) -> str:
    """Return whose report the message belongs to; nothing when it was erased."""
    said = messages.c
    query = (
        select(reports.c.desk)
        .join(messages, said.report_id == reports.c.id)
        .where(said.report_id == wanted.report_id, said.seq == wanted.seq)
    )
    with store.read() as session:
        return session.execute(query).scalar_one_or_none() or ""


def _fetched(carrier: Carrier, provider_id: str) -> Brought:
    brought = Brought()
    for file in carrier.fetch_media(provider_id):
        brought.media.append(f"{provider_id}/{file.media_id}")
        if len(brought.media) > MOST_FILES or not _take(file, brought):
            brought.left_out += 1
    # The text had pictures: where there are none now, the provider has lost them.
    brought.left_out += not brought.media
    return brought


def _take(file: ProviderFile, brought: Brought) -> bool:
    """Take a file over, and make its clean copy; tell whether it may be kept and is there at all."""
    kind = file.kind.partition(";")[0].strip().lower()
    if not _is_welcome(kind):
        return False
    number = len(brought.originals) + 1
    original, content = HeldFile(str(number), kind), bytearray()
    room = min(MOST_BYTES, MOST_IN_ALL - sum(other.size for other in brought.originals))
    try:
        for piece in file.content:
            if original.size + len(piece) > room:
                return False
            original.add(piece)
            content += piece
    except CarrierRefused:
        return False
    original.finish()
    brought.originals.append(original)
    copy = _clean_copy(bytes(content), kind, number)
    brought.copies.extend([copy] if copy else [])
    return True


def _is_welcome(kind: str) -> bool:
    return kind not in _UNWELCOME and (kind in _KINDS or kind.startswith(_FAMILIES))


def _clean_copy(content: bytes, kind: str, number: int) -> HeldFile | None:
    """Return a copy of a picture or document without what it says beside what it shows, where one can be made."""
    if not kind.startswith("image/") and kind != "application/pdf":
        return None
    clean = clean_apart(content)
    if clean is None:
        return None
    copy = HeldFile(f"{number} clean copy", clean.kind, copy_of=number)
    copy.add(clean.content)
    copy.finish()
    return copy


def _sealed(
    keyring: Keyring, desk: str, wanted: Wanted, brought: Brought
) -> tuple[Attachment, ...]:
    """Seal originals before copies, so that where room is short the originals have it."""
    return tuple(
        file.seal(keyring, desk=desk, report_id=wanted.report_id, seq=wanted.seq, number=number)
        for number, file in enumerate([*brought.originals, *brought.copies], 1)
    )


def _record(
    session: Session,
    ref: str,
    wanted: Wanted,
    brought: Brought,
    files: tuple[Attachment, ...],
    at: datetime,
    budget: int,
) -> None:
    """Keep the files, write down which bytes they are, and ask for what the provider has to be erased.

    Whoever else fetched the same finds nothing left to do, so nothing is ever kept twice.
    """
    if not _is_first(session, ref):
        return
    is_there = _note(session, wanted.report_id, wanted.seq, "")
    kept = keep_files(session, files, day=day(at), budget=budget) if is_there else []
    for file in kept:
        audit.record(
            session,
            at=at,
            who="system",
            did="receive",
            desk=file.spot.desk,
            report_id=wanted.report_id,
            what=file.digest_line,
        )
    room = sum(file.spot.number <= len(brought.originals) for file in kept)
    if brought.left_out or room < len(brought.originals):
        _note(session, wanted.report_id, wanted.seq, LEFT_OUT)
    for media in brought.media:
        erase_later(session, "media", media, at=at)
    erase_later(session, "message", wanted.provider_id, at=at)


def _is_first(session: Session, ref: str) -> bool:
    """Take the wish out of the table, and tell whether it still was there."""
    return session.execute(delete(pictures).where(pictures.c.id == ref)).rowcount == 1


def _note(session: Session, report_id: str, seq: int, state: str) -> bool:
    """Say what is with the pictures of a message; tell whether there is one."""
    mine = (messages.c.report_id == report_id) & (messages.c.seq == seq)
    return session.execute(update(messages).where(mine).values(state=state)).rowcount == 1
