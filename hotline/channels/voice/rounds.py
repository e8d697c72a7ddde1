"""The worker's part in calls of ours: ring those on call, call somebody back, and let go of what is over."""

from hotline.contact import Trouble, dialing, ringing, ringing_back
from hotline.contact.calling_back import sweep as sweep_call_backs
from hotline.contact.sending import Tell
from hotline.parts import Hotline
from hotline.store import Session
from hotline.triage import alerts


def ring_people(hotline: Hotline, ref: str) -> None:
    if hotline.carrier:
        dialing.ring_people(
            hotline.store,
            hotline.carrier,
            hotline.relay,
            ref,
            roster=hotline.keyring.member,
            at=hotline.clock,
            tell=_tell(hotline),
        )


def end_ring(hotline: Hotline, ref: str) -> None:
    if hotline.carrier:
        dialing.end_ring(hotline.store, hotline.carrier, hotline.relay, ref, at=hotline.clock())


def call_back(hotline: Hotline, ref: str) -> None:
    if hotline.carrier:
        ringing_back.call_back(
            hotline.store,
            hotline.carrier,
            hotline.relay,
            ref,
            at=hotline.clock(),
            tell=_tell(hotline),
        )


def end_call_back(hotline: Hotline, ref: str) -> None:
    ringing_back.end_call_back(hotline.store, ref, at=hotline.clock())


def sweep(hotline: Hotline) -> None:
    """Forget rings, call backs and numbers of staff that are over."""
    at = hotline.clock()
    hotline.store.write(lambda session: ringing.sweep(session, at=at))
    hotline.store.write(lambda session: sweep_call_backs(session, at=at))


def _tell(hotline: Hotline) -> Tell:
    desk = hotline.config.desk

    def tell(session: Session, trouble: Trouble, code: str) -> None:
        alerts.raise_trouble(session, trouble, code, desk=desk, at=hotline.clock())

    return tell
