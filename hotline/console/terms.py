"""What somebody may be asked to agree to, as the form says it: whom, what of it, until when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from werkzeug.datastructures import MultiDict

from hotline.consent import GivenHow, Purpose, Recipient
from hotline.consent.fields import HANDOFF
from hotline.errors import Malformed
from hotline.leads.disclose import FIELDS as LEAD

FIELDS: dict[str, tuple[str, ...]] = {Purpose.LEAD: LEAD, Purpose.HANDOFF: HANDOFF}
SUGGESTED = timedelta(days=30)
_LONGEST_ID = 64
_LONGEST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class Terms:
    """What would be agreed to. *recipient* is the id of an agency, an organization or a group; empty while none is chosen."""

    purpose: Purpose
    recipient: str
    fields: tuple[str, ...]
    until: date

    @property
    def value(self) -> str:
        return f"{self.purpose} {self.recipient}"

    def told(self, country: str) -> Recipient:
        """Return who would be told of what happens in *country*."""
        return Recipient(self.purpose, self.recipient, frozenset({country} - {""}))


def terms_in(form: MultiDict[str, str], *, at: datetime) -> Terms:
    """Read whom, what and until when from *form*.

    A field counts for the purpose that it stands under: what is ticked for a lead says nothing about a handoff.

    Raises:
        Malformed: no page of ours sends such a purpose or such a day.
    """
    purpose, _, recipient = form.get("to", "").partition(" ")
    if purpose not in list(Purpose) and form.get("to"):
        raise Malformed
    its = Purpose(purpose or Purpose.LEAD)
    ticked = form.getlist("fields")
    fields = tuple(name for name in FIELDS[its] if f"{its} {name}" in ticked)
    return Terms(its, recipient[:_LONGEST_ID], fields, _day(form.get("until"), at))


def organization_in(form: MultiDict[str, str]) -> str:
    """Return the id of the organization that *form* chooses; empty where it is none, or nobody's."""
    purpose, _, recipient = form.get("to", "").partition(" ")
    return recipient[:_LONGEST_ID] if purpose == Purpose.HANDOFF else ""


def how_in(form: MultiDict[str, str]) -> GivenHow:
    how = form.get("given_how", "")
    if how not in list(GivenHow):
        raise Malformed
    return GivenHow(how)


def text_in(form: MultiDict[str, str], name: str) -> str:
    """Return what somebody typed at length, without the line ends of their system."""
    return form.get(name, "").replace("\r\n", "\n").strip()[:_LONGEST_WORDS]


def _day(text: str | None, at: datetime) -> date:
    try:
        return date.fromisoformat(text) if text else (at + SUGGESTED).date()
    except ValueError:
        raise Malformed from None
