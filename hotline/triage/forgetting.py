"""Every room that keeps something about a report, in the order in which they forget it.

First what it shut is kept in what it is merged with. Lines that only point at a report go before what they point at;
the report itself goes last but for the keys.
"""

from hotline import audit, consent, contact, handoff
from hotline.handoff import mailing
from hotline.leads import publish as leads
from hotline.leads import unions
from hotline.reports import forgetting as its_rows
from hotline.retention import asking, endings
from hotline.retention import forgetting as legal
from hotline.retention.ending import Sweeper
from hotline.retention.erasing import Eraser, Forget
from hotline.retention.rules import Kind
from hotline.store import Session, Store
from hotline.triage import (
    access,
    alerts,
    disagreeing,
    interpreting,
    linking,
    merging,
    outcomes,
    paging,
    proposals,
    reviews,
    roles,
    sampling,
    selectors,
    skipping,
    tags,
    tasks,
)
from hotline.triage.ending import withdraw
from hotline.vault import attachments, desk_words, given, requests
from hotline.vault.erasedlist import ErasedList
from hotline.vault.erasing import shred, shred_audience
from hotline.vault.keyring import CONTACT, IDENTITY
from hotline.vault.sealing import ADDED, URGENT

FORGETS: tuple[Forget, ...] = (
    merging.keep_shut,
    leads.forget,
    unions.forget,
    mailing.forget,
    handoff.forget,
    consent.forget,
    contact.forget,
    alerts.forget,
    requests.forget,
    given.forget,
    sampling.forget,
    desk_words.forget,
    roles.forget,
    reviews.forget,
    access.forget,
    paging.forget,
    skipping.forget,
    tasks.forget,
    tags.forget,
    linking.forget,
    selectors.forget,
    interpreting.forget,
    outcomes.forget,
    disagreeing.forget,
    proposals.forget,
    legal.forget,
    attachments.forget,
    shred,
    merging.forget,
    its_rows.forget,
)


def forget_everything(session: Session, report_id: str) -> None:
    """Delete a report that is in the database again although it was erased, as after a restore."""
    for forget in (*FORGETS, audit.forget, endings.drop, asking.forget):
        forget(session, report_id)


def forget_identity(session: Session, report_id: str) -> None:
    """Delete who somebody is; also what of it an emergency would open, what a colleague was asked to open,
    and the words that were given back."""
    shred_audience(session, report_id, IDENTITY)
    shred_audience(session, report_id, ADDED)
    shred_audience(session, report_id, URGENT)
    requests.forget(session, report_id)
    given.forget(session, report_id)


def forget_contact(session: Session, report_id: str) -> None:
    """Delete how somebody is reached, also where an emergency would open it, and stop what is on its way."""
    shred_audience(session, report_id, CONTACT)
    shred_audience(session, report_id, URGENT)
    contact.forget(session, report_id)


PARTS: dict[Kind, Forget] = {
    Kind.IDENTITY: forget_identity,
    Kind.CONTACT: forget_contact,
    Kind.ATTACHMENTS: attachments.forget,
}


def sweeper(store: Store, listed: ErasedList) -> Sweeper:
    """Return what ends reports in *store*, in all of the house's rooms."""
    eraser = Eraser(store, withdraw, FORGETS, audit.forget, listed)
    return Sweeper(store, eraser, PARTS)
