"""How a reporter may be reached, without the number: by which channel, in which hours, under which cover."""

from dataclasses import dataclass

from hotline.contact import NoWayBack, way_back
from hotline.domain.report import Channel
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.store import Session
from hotline.vault.opening import EnvelopeNotFound, Keyholder


@dataclass(frozen=True, slots=True, repr=False)
class Reach:
    """*channel* is None where only the code reaches them. *hours* and *word* are theirs, as they wrote them."""

    channel: Channel | None
    has_code: bool
    how: str = ""
    hours: str = ""
    word: str = ""
    code_is_false: bool = False


def reach(session: Session, keyholder: Keyholder, report_id: str) -> Reach | None:
    """Return how the reporter is reached; None where nothing reaches them, or where one may not reply."""
    if not keyholder.may(Right.REPLY):
        return None
    try:
        way = way_back(session, keyholder, report_id, house_public=here().log_key.public)
    except NoWayBack:
        return None
    ways = _ways(session, keyholder, report_id)
    return Reach(
        way.channel,
        way.reporter is not None,
        ways.get("how", ""),
        ways.get("hours", ""),
        ways.get("word", ""),
        way.is_false,
    )


def _ways(session: Session, keyholder: Keyholder, report_id: str) -> dict[str, str]:
    try:
        return keyholder.open_contact(session, report_id)[1]
    except EnvelopeNotFound:
        return {}
