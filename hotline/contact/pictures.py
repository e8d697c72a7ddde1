"""Fetch the pictures of a text: sealed here, then erased at the provider.

Which text it is stands sealed to the relay key, because the provider's id must not lie beside a report.
With each picture or document goes a copy without what cameras and programs write into a file.
"""

from dataclasses import dataclass, field
from datetime import datetime

from hotline.anonymize.files import CopyBroken, Unclean, clean_apart
from hotline.contact.carrier import Carrier, CarrierRefused, ProviderFile
from hotline.contact.erasing import erase_later
from hotline.contact.fetching import (
    FETCHING,
    LEFT_OUT,
    PICTURES,
    Wanted,
    desk_of,
    note,
    write_down,
)
from hotline.domain.report import day
from hotline.store import Session, Store
from hotline.vault.attachments import Attachment, HeldFile, keep_files
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.relay import RelayKey
from hotline.vault.spare import REPORT_LIMIT
from hotline.vault.stream import CHUNK

__all__ = ["FETCHING", "LEFT_OUT", "ask_pictures_again", "fetch_later", "fetch_picture"]

MOST_FILES = 10
MOST_BYTES = 16 << 20
MOST_IN_ALL = REPORT_LIMIT * CHUNK
"""What a report may hold is the most that is worth reading; of one file, the most that a provider takes."""

_FAMILIES = ("image/", "audio/", "video/")
_KINDS = frozenset(
    {
        "application/pdf", "application/vcard", "text/vcard", "text/x-vcard", "text/directory",
        "text/plain", "text/csv", "text/calendar", "text/rtf", "text/richtext",
    }
)  # fmt: skip
# A drawing that is a program.
_UNWELCOME = frozenset({"image/svg+xml"})


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
    return PICTURES.add(session, relay_public, Wanted(provider_id, report_id, seq), at)


def ask_pictures_again(session: Session) -> None:
    """Ask for the pictures that no job stands for any more."""
    PICTURES.ask_again(session)


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
    wanted = PICTURES.open(store, relay, ref)
    if wanted is None:
        return
    desk = desk_of(store, wanted)
    # Of a report that was erased in the meantime nothing is fetched.
    brought = _fetched(carrier, wanted.provider_id) if desk else Brought()
    files = _sealed(keyring, desk, wanted, brought)
    store.write(lambda session: _record(session, ref, wanted, brought, files, at, budget))


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
    clean = clean_apart(content, str(number), kind)
    if isinstance(clean, Unclean):
        return None
    copy = HeldFile(f"{number} clean copy", clean.kind, copy_of=number)
    try:
        for piece in clean.content:
            copy.add(piece)
    except CopyBroken:
        return None
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
    if not PICTURES.take(session, ref):
        return
    is_there = note(session, wanted, "")
    kept = keep_files(session, files, day=day(at), budget=budget) if is_there else []
    for file in kept:
        write_down(session, file, at=at)
    room = sum(file.spot.number <= len(brought.originals) for file in kept)
    if brought.left_out or room < len(brought.originals):
        note(session, wanted, LEFT_OUT)
    for media in brought.media:
        erase_later(session, "media", media, at=at)
    erase_later(session, "message", wanted.provider_id, at=at)
