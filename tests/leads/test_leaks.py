"""María told us things that must not travel. Whatever an investigator asks, none of it is in the answer."""

import io
import json
import zipfile
from datetime import date

from flask import Flask
from sqlalchemy import select

from hotline.leads.tables import agencies, lead_sources, stix_objects
from tests.leads.desk import COLLECTION, NOOR, Desk, Reader

FEED, MANIFEST = "/feeds/leads.json", "/feeds/misp/manifest.json"


def everything_answered(app: Flask, dele: Reader) -> bytes:
    """Return all bytes of all answers, headers too, of every address and of some that do not exist."""
    ids = [found["id"] for found in dele.reads(app)]
    paths = ["/taxii2/", "/taxii2/leads/", "/taxii2/leads/collections/", COLLECTION, FEED]
    paths += [COLLECTION + tail for tail in ("manifest/", "objects/", "objects/?limit=1", "none/")]
    paths += [f"{COLLECTION}objects/{name}/{tail}" for name in ids for tail in ("", "versions/")]
    paths += ["/feeds/leads.csv", "/feeds/key.pem", "/feeds/misp/hashes.csv", MANIFEST]
    paths += [f"/feeds/misp/{event}.json" for event in json.loads(dele.asks(app, MANIFEST).data)]
    answers = [dele.asks(app, path) for path in paths]
    bundle = dele.asks(app, "/feeds/bundle")
    with zipfile.ZipFile(io.BytesIO(bundle.data)) as archive:
        packed = [archive.read(name) for name in archive.namelist()]
    said = [str(answer.headers).encode() + answer.data for answer in (*answers, bundle)]
    return b"".join([*said, *packed])


def test_no_answer_holds_what_must_not_travel(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report()
    consent_id = desk.consents(report_id)
    lead_id = desk.publishes(
        report_id,
        area="RO-CT",
        seen=date(2026, 10, 17),
        people=6,
        account="Soy María, seis hombres duermen en el contenedor detrás del lavadero de coches.",
    )
    told = everything_answered(app, dele)
    desk.recalls(lead_id)
    told += everything_answered(app, dele)
    for canary in (
        report_id,
        report_id[:12],
        consent_id,
        NOOR,
        dele.token,
        "María",
        "contenedor",
        "2026-10-17",
        "17.10",
        '"6"',
        "bystander",
        "survivor",
        "sms",
    ):
        assert canary.encode() not in told, canary
    assert b'"2026-10"' in told


def test_the_report_is_named_in_one_table_alone(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    assert lead_id != report_id
    with desk.store.read() as session:
        source = session.execute(select(lead_sources)).one()
        assert (source.lead_id, source.report_id) == (lead_id, report_id)
        bodies = "".join(session.execute(select(stix_objects.c.body)).scalars())
    assert report_id not in bodies


def test_a_token_is_kept_as_a_hash(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    with desk.store.read() as session:
        kept = [str(value) for value in session.execute(select(agencies)).one()]
    assert dele.token not in "".join(kept)
    assert len(bytes.fromhex(dele.token)) == 32
