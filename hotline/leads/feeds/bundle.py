"""Leads to be carried into a closed network: a STIX bundle that refers to nothing outside itself, and our signature.

A ZIP archive of three files::

    leads.json   the bundle (STIX 2.1)
    leads.txt    "# hotline-leads-bundle/1", from which lead to which, and the SHA-256 of leads.json as `sha256sum` takes it
    leads.sig    64 bytes: Ed25519 over leads.txt

Whoever has our public key from elsewhere needs `openssl` and `sha256sum` to know that nobody changed it on the way.
"""

import hashlib
import io
import re
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select

from hotline.leads.agencies import Agency
from hotline.leads.feeds.paging import Page
from hotline.leads.tables import stix_objects
from hotline.store import Session
from hotline.vault.logkey import LogKey

_ID = re.compile(r'"([a-z0-9-]+--[0-9a-f-]{36})"')
_OBJECT = stix_objects.c
# An archive of the same leads is the same, so its time says nothing.
_TIME = (1980, 1, 1, 0, 0, 0)


def bodies_of(session: Session, agency: Agency, lead_ids: Sequence[str]) -> list[str]:
    """Return the objects of these leads and all that they refer to, as they are kept, in the order of their coming."""
    own = session.execute(_found(agency).where(_OBJECT.lead_id.in_(lead_ids))).all()
    known = {row.stix_id: row for row in own}
    wanted = _named(row.body for row in own) - known.keys()
    while wanted:
        more = session.execute(_found(agency).where(_OBJECT.stix_id.in_(sorted(wanted)))).all()
        known |= {row.stix_id: row for row in more}
        wanted = _named(row.body for row in more) - known.keys()
    return [row.body for row in sorted(known.values(), key=lambda row: row.added)]


def archive(agency: Agency, page: Page, bodies: Sequence[str], key: LogKey) -> bytes:
    """Return the archive of a page that is not empty."""
    seed = f"{agency.collection} {page.first} {page.last} {agency.last_added}"
    bundle_id = uuid.UUID(bytes=hashlib.sha256(seed.encode()).digest()[:16], version=4)
    bundle = f'{{"type":"bundle","id":"bundle--{bundle_id}","objects":[{",".join(bodies)}]}}'
    content = bundle.encode()
    statement, signature = key.sign_bundle(_statement(agency, page, content))
    files = {"leads.json": content, "leads.txt": statement, "leads.sig": signature}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for name, data in files.items():
            into.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _statement(agency: Agency, page: Page, content: bytes) -> str:
    lines = [
        f"# collection: {agency.collection}",
        f"# first: {page.first}",
        f"# last: {page.last}",
        f"# more: {'yes' if page.is_more else 'no'}",
        f"{hashlib.sha256(content).hexdigest()}  leads.json",
    ]
    return "".join(f"{line}\n" for line in lines)


def _found(agency: Agency) -> Select[Any]:
    columns = (_OBJECT.added, _OBJECT.stix_id, _OBJECT.body)
    return select(*columns).where(_OBJECT.collection == agency.collection)


def _named(bodies: Iterable[str]) -> set[str]:
    return {found for body in bodies for found in _ID.findall(body)}
