"""Fetch what callers said on a call: sealed here while it comes in, then erased at the provider.

The provider tells of a recording before the caller's next step, after it, twice, or never. Each is asked for once,
whoever asks first; whose it is stands with the call (`Belongs`), and what nobody tells us of is found in the
provider's list. What there is no room for today is fetched another day: it lies nowhere else, so it is never erased
there before it is kept.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite

from hotline.contact.carrier import Carrier, CarrierBusy, CarrierRefused
from hotline.contact.erasing import erase_later
from hotline.contact.fetching import LEFT_OUT, RECORDINGS, Wanted, desk_of, note, write_down
from hotline.contact.sending import Tell, Trouble
from hotline.domain.report import day
from hotline.reports.tables import seen
from hotline.store import Session, Store
from hotline.vault.attachments import keep_files, next_number
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.pouring import PouredFile
from hotline.vault.relay import RelayKey
from hotline.vault.seen import seen_key
from hotline.vault.spare import room_for_recordings
from hotline.vault.stream import CHUNK

KIND = "audio/x-wav"
MOST_BYTES = 512 << 20
"""Nine hours at the provider's rate; callers are cut off long before."""

PATIENCE = timedelta(minutes=15)
"""For so long a provider may not find yet what it has just told of; after that it is gone."""

COMPLETED, ABSENT, FAILED = "completed", "absent", "failed"

Belongs = Callable[[Session, str], tuple[str, int] | None]
"""From a call to the report and the number of the message to which a recording of it belongs, if it is ours."""

_HEADER = 44
"""Bytes of a WAV file without any sound."""

_DAY = timedelta(days=1)


class _NoRoom(Exception):
    """There is a recording, and today no room for it."""


def recorded(
    session: Session,
    relay_public: PublicKey,
    *,
    call_id: str,
    recording_id: str,
    status: str,
    belongs: Belongs,
    at: datetime,
    seconds: int | None = None,
) -> None:
    """Heed what the provider tells of a recording: fetch it, or say with its message that there is none.

    *status* is ``completed``, ``absent`` or ``failed``; any other is no news. *seconds* is how long it is, where that
    is told. Of a call that nobody knows nothing is fetched yet: its next step, or the provider's list, asks again.
    """
    where = belongs(session, call_id)
    if status == COMPLETED and seconds != 0:
        if where and recording_id:
            report_id, seq = where
            fetch_recording_later(
                session,
                relay_public,
                recording_id=recording_id,
                report_id=report_id,
                seq=seq,
                at=at,
            )
    elif status in (COMPLETED, ABSENT, FAILED):
        if recording_id and not _is_news(session, recording_id, at):
            return
        if where:
            note(session, Wanted(recording_id, *where), LEFT_OUT)
        if recording_id:
            erase_later(session, "recording", recording_id, at=at)


def fetch_recording_later(
    session: Session,
    relay_public: PublicKey,
    *,
    recording_id: str,
    report_id: str,
    seq: int,
    at: datetime,
) -> bool:
    """Ask, if *session* commits, that a recording be kept with a message; tell whether nobody ever had asked.

    The message is there already: it says that the recording is on its way.
    """
    if not _is_news(session, recording_id, at):
        return False
    return RECORDINGS.add(session, relay_public, Wanted(recording_id, report_id, seq), at)


def claim_recordings(
    session: Session,
    *,
    relay_public: PublicKey,
    found: Iterable[tuple[str, str]],
    belongs: Belongs,
    at: datetime,
) -> None:
    """Ask for those recordings in the provider's list that are ours and that nobody asked for.

    *found* are pairs of a call and its recording.
    """
    for call_id, recording_id in found:
        recorded(
            session,
            relay_public,
            call_id=call_id,
            recording_id=recording_id,
            status=COMPLETED,
            belongs=belongs,
            at=at,
        )


def ask_recordings_again(session: Session) -> None:
    """Ask for the recordings that no job stands for any more."""
    RECORDINGS.ask_again(session)


def fetch_recording(
    store: Store,
    carrier: Carrier,
    relay: RelayKey,
    keyring: Keyring,
    ref: str,
    *,
    at: datetime,
    budget: int,
    tell: Tell = lambda _session, _trouble, _code: None,
) -> None:
    """Do the job: fetch one recording, keep it with its message, and have it erased there.

    What is empty or gone is left out, and the message says so. What there is no room for today, of *budget* chunks for
    all, stays there and is asked for again when the day is over; operators are told.

    Raises:
        CarrierBusy: it could not be fetched whole; the job comes back, and nothing of it stays.
    """
    wanted = RECORDINGS.open(store, relay, ref)
    if wanted is None:
        return
    try:
        _fetch(store, carrier, keyring, ref, wanted, at=at, budget=budget)
    except _NoRoom:
        store.write(lambda session: _wait(session, ref, tell, at))


def _wait(session: Session, ref: str, tell: Tell, at: datetime) -> None:
    morrow = (at + _DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    RECORDINGS.wait(session, ref, until=morrow)
    tell(session, Trouble.NO_ROOM, "")


def _fetch(
    store: Store,
    carrier: Carrier,
    keyring: Keyring,
    ref: str,
    wanted: Wanted,
    *,
    at: datetime,
    budget: int,
) -> None:
    desk = desk_of(store, wanted)
    # Of a report that was erased in the meantime nothing is fetched.
    file = _fetched(store, carrier, wanted, at, _room(store, wanted, at, budget)) if desk else None
    try:
        store.write(
            lambda session: _record(session, keyring, desk, ref, wanted, file, at=at, budget=budget)
        )
    except Exception:
        if file:
            file.drop()
        raise
    if file:
        file.drop()


def _room(store: Store, wanted: Wanted, at: datetime, budget: int) -> int:
    """Return for how many bytes there is room today.

    Raises:
        _NoRoom: for none.
    """
    with store.read() as session:
        chunks = room_for_recordings(session, wanted.report_id, day=day(at), budget=budget)
    if not chunks:
        raise _NoRoom
    return min(chunks * CHUNK, MOST_BYTES)


def _fetched(
    store: Store, carrier: Carrier, wanted: Wanted, at: datetime, room: int
) -> PouredFile | None:
    """Return the recording, whole, or nothing where it is to be left out.

    Raises:
        _NoRoom: it is larger than *room*; nothing of it stays here.
    """
    file = PouredFile("recording", KIND, store=store, clock=lambda: at, is_recording=True)
    try:
        if _pour(carrier.fetch_recording(wanted.provider_id), file, room):
            return file
    except CarrierRefused:
        file.drop()
        if wanted.since and at - wanted.since < PATIENCE:
            raise CarrierBusy from None
        return None
    except Exception:
        file.drop()
        raise
    file.drop()
    return None


def _pour(pieces: Iterable[bytes], file: PouredFile, room: int) -> bool:
    """Take *pieces* over into *file*; tell whether there is something in them."""
    for piece in pieces:
        if file.size + len(piece) > room:
            raise _NoRoom
        file.add(piece)
    if file.size <= _HEADER:
        return False
    file.finish()
    return True


def _record(
    session: Session,
    keyring: Keyring,
    desk: str,
    ref: str,
    wanted: Wanted,
    file: PouredFile | None,
    *,
    at: datetime,
    budget: int,
) -> None:
    """Keep the file, write down which bytes it is, and ask for the recording to be erased there.

    Whoever else fetched the same finds nothing left to do, so nothing is ever kept twice.

    Raises:
        _NoRoom: it does not fit into the day any more.
    """
    is_first = RECORDINGS.take(session, ref)
    is_there = is_first and note(session, wanted, "" if file else LEFT_OUT)
    if file and is_there:
        _keep(session, keyring, desk, wanted, file, at=at, budget=budget)
    if is_first:
        erase_later(session, "recording", wanted.provider_id, at=at)


def _keep(
    session: Session,
    keyring: Keyring,
    desk: str,
    wanted: Wanted,
    file: PouredFile,
    *,
    at: datetime,
    budget: int,
) -> None:
    report_id, seq = wanted.report_id, wanted.seq
    number = next_number(session, report_id, seq)
    sealed = file.seal(keyring, desk=desk, report_id=report_id, seq=seq, number=number)
    kept = keep_files(session, [sealed], day=day(at), budget=budget)
    if not kept:
        raise _NoRoom
    for one in kept:
        write_down(session, one, at=at)


def _is_news(session: Session, recording_id: str, at: datetime) -> bool:
    """Remember a recording for as long as the provider may repeat itself; tell whether nobody knew of it."""
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    its = {"id_hash": seen_key(recording_id), "answer_sealed": b"", "day": day(at)}
    row = dialect.insert(seen).values(its).on_conflict_do_nothing().returning(seen.c.id_hash)
    return session.execute(row).first() is not None
