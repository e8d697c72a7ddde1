"""Leads carried into a closed network: checked with `openssl` and `sha256sum`, read with tools that ask nobody else."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import stix2
from flask import Flask
from sqlalchemy import text

from tests.leads.desk import ORIGIN, Desk, Reader

BUNDLE = "/feeds/bundle"


def fetch(dele: Reader, app: Flask, folder: Path, address: str = BUNDLE) -> str:
    """Unpack the archive and the key into *folder*; return where the next one is."""
    answer = dele.asks(app, address)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["leads.json", "leads.txt", "leads.sig"]
        archive.extractall(folder)
    (folder / "key.pem").write_bytes(dele.asks(app, "/feeds/key.pem").data)
    link = answer.headers.get("Link", "")
    return link.partition(">")[0].removeprefix("<").removeprefix(ORIGIN)


def verifies(folder: Path) -> bool:
    """Check the signature and then the hash, as somebody does who has nothing but a shell."""
    checks = (
        "openssl pkeyutl -verify -rawin -pubin -inkey key.pem -in leads.txt -sigfile leads.sig",
        "sha256sum --check --status leads.txt",
        "grep --quiet --line-regexp '# hotline-leads-bundle/1' leads.txt",
    )
    return all(
        subprocess.run(check, shell=True, cwd=folder, capture_output=True).returncode == 0
        for check in checks
    )


def objects(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((folder / "leads.json").read_text())["objects"]
    return found


def test_openssl_knows_what_we_signed_and_what_was_changed(
    desk: Desk, app: Flask, tmp_path: Path
) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    fetch(dele, app, tmp_path)
    assert verifies(tmp_path)
    for name in ("leads.json", "leads.txt", "leads.sig"):
        whole = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert not verifies(tmp_path), name
        (tmp_path / name).write_bytes(whole)
    assert verifies(tmp_path)


def test_each_bundle_is_whole_in_itself_and_they_follow_each_other(
    desk: Desk, app: Flask, tmp_path: Path
) -> None:
    dele = desk.admits("National unit", "RO")
    published = []
    for number in range(5):
        # Two leads tell of one page, which is one object.
        published.append(desk.publishes(links=(f"https://ads.example.com/{number // 2}",)))
        desk.at += timedelta(seconds=1)
    address, found = f"{BUNDLE}?limit=2", []
    while address:
        address = fetch(dele, app, tmp_path, address)
        bundle = stix2.parse((tmp_path / "leads.json").read_text(), allow_custom=False)
        ids = {one["id"] for one in bundle.objects}
        for one in objects(tmp_path):
            named = [*one.get("object_refs", []), one.get("created_by_ref"), one.get("object_ref")]
            marked = one.get("object_marking_refs", [])
            assert set(filter(None, [*named, *marked])) <= ids
        reports = [one for one in objects(tmp_path) if one["type"] == "report"]
        found += [str(one["id"]).replace("-", "")[-32:] for one in reports]
    assert found == published
    statement = (tmp_path / "leads.txt").read_text()
    last = statement.partition("# last: ")[2].partition("\n")[0]
    assert "# more: no" in statement
    # Whoever has read that far is told that there is no more, until something is recalled.
    assert dele.asks(app, f"{BUNDLE}?since={last}").status_code == 404
    desk.recalls(published[0])
    fetch(dele, app, tmp_path, f"{BUNDLE}?since={last}")
    (report,) = [one for one in objects(tmp_path) if one["type"] == "report"]
    assert report["revoked"]
    assert "car wash" not in (tmp_path / "leads.json").read_text()


def test_one_state_of_the_collection_is_one_archive(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    first, again = dele.asks(app, BUNDLE), dele.asks(app, BUNDLE)
    assert first.data == again.data
    assert first.headers["ETag"] == again.headers["ETag"]


def test_a_bundle_reads_its_own_leads_alone(desk: Desk, app: Flask, tmp_path: Path) -> None:
    dele = desk.admits("National unit", "RO")
    other = desk.admits("Second unit", "RO", "BG")
    for _ in range(3):
        desk.publishes()
    desk.publishes(country="BG")
    fetch(dele, app, tmp_path)
    assert len([one for one in objects(tmp_path) if one["type"] == "report"]) == 3
    fetch(other, app, tmp_path, f"{BUNDLE}?country=BG")
    assert len([one for one in objects(tmp_path) if one["type"] == "report"]) == 1


def test_no_bundle_walks_the_collection(desk: Desk) -> None:
    query = "SELECT body FROM stix_objects WHERE collection = 'c' AND lead_id IN ('a', 'b')"
    with desk.store.read() as session:
        plan = " ".join(row[-1] for row in session.execute(text(f"EXPLAIN QUERY PLAN {query}")))
    assert "stix_objects_of_lead" in plan


def test_misp_converts_it_and_shows_its_codes(desk: Desk, app: Flask, tmp_path: Path) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes(links=("https://ads.example.com/1",), area="RO-CT")
    fetch(dele, app, tmp_path)
    # In a process of its own: it leaves old importers behind.
    convert = Path(sys.executable).with_name("misp_stix_converter")
    given = ["import", "-v", "2", "-f", "leads.json", "-o", "out", "--single-event"]
    subprocess.run([convert, *given], cwd=tmp_path, check=True, capture_output=True)
    told = (tmp_path / "out").read_text()
    for words in ("ForcedLabour", "WithholdsDocuments", "retention-of-identity-documents"):
        assert words in told
    event = json.loads(told)
    assert "tlp:amber+strict" in {tag["name"] for tag in event["Tag"]}
    assert not any(one["to_ids"] for one in event.get("Attribute", []))
