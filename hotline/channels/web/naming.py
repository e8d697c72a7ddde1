"""By which name somebody who may be told stands on a page."""

from hotline.consent import INVESTIGATORS, Purpose
from hotline.leads import agencies
from hotline.store import Session
from referral.organizations import organization_names


def name_of(session: Session, purpose: str, recipient: str) -> str | None:
    """Return the name of *recipient*, empty for the group of investigators; None where nobody has that id any more."""
    if recipient == INVESTIGATORS:
        return ""
    if purpose == Purpose.LEAD:
        names = {agency.id: agency.name for agency in agencies.everyone(session)}
    else:
        names = organization_names(session, [recipient])
    return " ".join(names.get(recipient, "").split()) or None
