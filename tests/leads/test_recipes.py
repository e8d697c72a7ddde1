"""What we tell investigators to run is run: each recipe as it stands, by the client it is for."""

import json
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import requests
from flask import Flask
from pymisp import MISPEvent
from standardwebhooks import WebhookVerificationError

from hotline.leads import recipes
from hotline.leads.webhooks.messages import headers_of
from tests.leads.desk import Desk, Reader
from tests.leads.served import served

# The settings of connector external-import/taxii2, as its CONNECTOR_CONFIG_DOC.md lists them: it needs an OpenCTI
# to run, so its recipe is held against them and run by nobody.
OPENCTI = {
    "TAXII2_DISCOVERY_URL",
    "TAXII2_V21",
    "TAXII2_USE_TOKEN",
    "TAXII2_TOKEN",
    "TAXII2_VERIFY_SSL",
    "TAXII2_COLLECTIONS",
    "TAXII2_INITIAL_HISTORY",
    "TAXII2_ENABLE_URL_QUERY_LIMIT",
    "TAXII2_URL_QUERY_LIMIT",
    "TAXII2_CREATE_INDICATORS",
    "TAXII2_CREATE_OBSERVABLES",
    "TAXII2_SET_INDICATOR_AS_DETECTION",
    "CONNECTOR_DURATION_PERIOD",
}


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with served(app) as origin:
        yield origin


@pytest.fixture
def dele(desk: Desk) -> Reader:
    """Who reads two leads, of which the first was recalled."""
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes(headline="Workers at a restaurant")
    desk.at += timedelta(minutes=1)
    desk.publishes(headline="Workers at a car wash")
    desk.recalls(lead_id)
    return dele


def text_of(name: str, url: str) -> str:
    return next(recipe.text for recipe in recipes.all(url) if recipe.name == name)


def run(name: str, url: str, dele: Reader, folder: Path) -> str:
    """Run a recipe in *folder*, with the token where it says so, and return what it says."""
    program, text = [sys.executable], text_of(name, url)
    env = {**os.environ, "TOKEN": dele.token, "PYTHONPATH": ""}
    if name.endswith(".sh"):
        program, text = ["bash"], text.replace("export TOKEN=…\n", f"export TOKEN={dele.token}\n")
        del env["TOKEN"]
    (folder / name).write_text(text)
    done = subprocess.run(
        [*program, name], cwd=folder, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_has_a_title_and_our_address_and_no_token() -> None:
    found = recipes.all("https://line.example")
    assert len({recipe.name for recipe in found}) == len(found) == 8
    for recipe in found:
        assert recipe.title[0].isupper()
        assert "{{" not in recipe.text
        assert not re.search("[0-9a-f]{64}", recipe.text)
        for secret in re.findall(r"(?:\$|environ\[.)(TOKEN|SECRET)", recipe.text):
            assert f"export {secret}=…" in recipe.text, recipe.name


def test_curl_reads_every_form_and_nothing_twice(dele: Reader, url: str, tmp_path: Path) -> None:
    for _ in range(2):
        run("curl.sh", url, dele, tmp_path)
        feed = json.loads((tmp_path / "leads.feed.json").read_text())
        assert [item["title"] for item in feed["items"]] == [
            "Recalled lead",
            "Workers at a car wash",
        ]
        assert (tmp_path / "leads.csv").read_text().count("\n") == 3
        assert json.loads((tmp_path / "leads.taxii.json").read_text())["objects"]
    assert (tmp_path / "leads.token").stat().st_mode & 0o077 == 0


def test_taxii2_client_reads_what_stands_and_what_was_recalled(
    dele: Reader, url: str, tmp_path: Path
) -> None:
    said = run("read_taxii.py", url, dele, tmp_path)
    assert sorted(line.partition(" ")[2] for line in said.splitlines()) == [
        "Workers at a car wash",
        "recalled",
    ]


def test_misp_follows_the_feed_with_the_settings_that_we_name(dele: Reader, url: str) -> None:
    lines = [line for line in text_of("misp", url).splitlines() if not line.startswith("#")]
    settings = dict(line.split(": ", 1) for line in lines if line)
    # MISP sends each line of the field as a header of its own, and asks for these two addresses.
    name, _, value = settings["Any headers to be passed with requests"].partition(": ")
    headers = {name: value.replace("TOKEN", dele.token)}
    feed = settings["URL"]
    manifest = requests.get(f"{feed}/manifest.json", headers=headers, timeout=10).json()
    assert len(manifest) == 2
    for uuid in manifest:
        event = MISPEvent()
        event.load(requests.get(f"{feed}/{uuid}.json", headers=headers, timeout=10).json())
        assert UUID(event.uuid) == UUID(uuid)
    assert settings["Distribution"] == "Your organisation only"


def test_pymisp_reads_the_feed(dele: Reader, url: str, tmp_path: Path) -> None:
    said = run("read_misp.py", url, dele, tmp_path)
    assert "Workers at a car wash tlp:amber+strict" in said
    assert "Recalled lead tlp:amber+strict" in said
    assert "htcds:ForcedLabour" in said


def test_the_settings_for_opencti_are_those_of_its_connector() -> None:
    lines = text_of("opencti.env", "https://line.example").splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert settings.keys() == OPENCTI
    assert settings["TAXII2_DISCOVERY_URL"] == "https://line.example/taxii2/"
    assert settings["TAXII2_CREATE_INDICATORS"] == "false"


def test_a_bundle_is_carried_checked_and_read(dele: Reader, url: str, tmp_path: Path) -> None:
    said = run("bundle.sh", url, dele, tmp_path)
    assert "Signature Verified Successfully" in said
    assert "leads.json: OK" in said
    read = run("read_bundle.py", url, dele, tmp_path)
    assert sorted(line.partition(" ")[2] for line in read.splitlines()) == [
        "Workers at a car wash",
        "recalled",
    ]


def test_a_webhook_is_believed_only_as_it_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '{"type":"lead.recalled"}'
    now = datetime.now(UTC)
    headers = headers_of("msg_1", body, secret, at=now)
    monkeypatch.setenv("SECRET", secret)
    (tmp_path / "check_webhook.py").write_text(text_of("check_webhook.py", ""))
    read = runpy.run_path(str(tmp_path / "check_webhook.py"))["read"]
    assert read(body.encode(), headers) == {"type": "lead.recalled"}
    with pytest.raises(WebhookVerificationError):
        read(body.replace("recalled", "released").encode(), headers)
    old = {**headers, "webhook-timestamp": str(int(now.timestamp()) - 3600)}
    with pytest.raises(WebhookVerificationError):
        read(body.encode(), old)
