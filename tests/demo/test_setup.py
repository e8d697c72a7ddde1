"""The demo is founded once; a second start keeps it, and a start that broke off leaves nothing half made."""

import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from hotline import handoff
from hotline.config import Config
from hotline.demo import prepare
from hotline.errors import Misconfigured
from hotline.handoff.links import Opened, try_pin
from hotline.leads import agencies
from hotline.store import Store
from hotline.vault.argon import CHEAPEST
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.links import LinkDesk
from referral.capacity import units
from referral.match import match
from referral.shortlist import shortlist
from referral.tables import metadata as directory
from tests.servers import free_port


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    """A demo that was founded, and the port it was founded for. Tests of this module only read it."""
    var, port = tmp_path_factory.mktemp("demo") / "var", free_port()
    return var, port, prepare(var, port=port, profile=CHEAPEST)


def test_what_it_says_of_itself(founded):
    var, port, _ = founded
    facts = json.loads((var / "demo.json").read_text())
    assert facts["url"] == f"http://127.0.0.1:{port}"
    assert set(facts["twilio"]) == {
        "account_sid",
        "auth_token",
        "sms_number",
        "voice_number",
        "whatsapp_number",
    }
    for person in facts["staff"]:
        assert set(person) == {"name", "role", "username", "passphrase", "totp_secret"}
    for feed in facts["feeds"]:
        assert set(feed) == {"agency", "token", "taxii", "collection"}
        assert feed["taxii"] == f"{facts['url']}/taxii2/"
    roles = {person["role"] for person in facts["staff"]}
    assert roles >= {"caseworker", "supervisor"}


def test_only_its_owner_reads_it(founded):
    var, _, _ = founded
    assert var.stat().st_mode & 0o777 == 0o700
    assert (var / "demo.json").stat().st_mode & 0o777 == 0o600
    for file in (var / "keys").rglob("*"):
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_its_settings_are_an_operators_settings(founded):
    _, _, demo = founded
    config = Config.from_env(demo.environment)
    assert config.twilio
    assert config.twilio.auth_token == demo.facts.twilio["auth_token"]
    assert config.twilio.api_origin.startswith("http://127.0.0.1:")
    # No secret stands in the environment itself: a server copies that into every request.
    assert config.twilio.auth_token not in str(demo.environment)


def test_its_investigator_reads_for_an_agency(founded):
    _, _, demo = founded
    store = Store(demo.environment["DATABASE_URL"])
    with store.read() as session:
        read_for = [agencies.find(session, its).name for its in agencies.members(session).values()]
    store.close()
    assert read_for == ["Dele's unit"]


def test_the_feeds_are_open_to_their_tokens(founded):
    _, _, demo = founded
    store = Store(demo.environment["DATABASE_URL"])
    with store.read() as session:
        for feed in demo.facts.feeds:
            agency = agencies.by_token(session, feed["token"], at=datetime.now(UTC))
            assert agency is not None
            assert agency.name == feed["agency"]
            assert agency.collection == feed["collection"]
    store.close()


def test_the_city_is_there(founded):
    _, _, demo = founded
    store = Store(demo.environment["DATABASE_URL"])
    service = next(table for name, table in directory.tables.items() if name.endswith("service"))
    with store.read() as session:
        assert session.execute(select(func.count()).select_from(service)).scalar_one() >= 120
    store.close()


def test_a_second_start_keeps_everything(founded):
    var, port, demo = founded
    before = (var / "demo.json").read_bytes()
    again = prepare(var, port=port, profile=CHEAPEST)
    assert again == demo
    assert (var / "demo.json").read_bytes() == before


def test_a_taken_port_is_told(founded):
    var, _, _ = founded
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Misconfigured, match="port"):
            prepare(var, port=other.getsockname()[1])


def test_another_port_is_another_address_of_the_same_demo(founded):
    var, port, demo = founded
    moved = prepare(var, port=free_port(), profile=CHEAPEST)
    assert moved.facts.url != demo.facts.url
    assert moved.facts.staff == demo.facts.staff
    assert moved.facts.feeds[0]["taxii"].startswith(moved.facts.url)
    assert moved.facts.feeds[0]["token"] == demo.facts.feeds[0]["token"]
    assert prepare(var, port=port, profile=CHEAPEST) == demo


def test_a_start_that_broke_off_is_begun_anew(tmp_path, monkeypatch):
    # The disk is full at the last moment: the sample city cannot be loaded.
    def fails(*_):
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("hotline.demo.city.settle", fails)
        with pytest.raises(OSError):
            prepare(tmp_path, port=free_port(), profile=CHEAPEST)
    assert not (tmp_path / "demo.json").exists()
    assert prepare(tmp_path, port=free_port(), profile=CHEAPEST).facts.staff


def test_a_damaged_file_is_told_and_nothing_is_lost(tmp_path):
    (tmp_path / "demo.json").write_text("{")
    (tmp_path / "hotline.db").write_text("not to be touched")
    with pytest.raises(Misconfigured):
        prepare(tmp_path, port=free_port(), profile=CHEAPEST)
    assert (tmp_path / "hotline.db").read_text() == "not to be touched"


def test_its_city_is_as_of_today(founded):
    _, _, demo = founded
    at, store = datetime.now(UTC), Store(demo.environment["DATABASE_URL"])
    with store.read() as session:
        beds = {each.service_id: each for each in shortlist(session, need="shelter")}
        found = match(tuple(beds.values()), need="shelter", at=at).fitting
        closed = session.scalars(
            select(directory.tables["directory_schedule"].c.dtstart).where(
                directory.tables["directory_schedule"].c.notes.startswith("Closed")
            )
        ).all()
        fast = handoff.responsiveness(session, at)
    store.close()
    ranks = {each.score.room for each in found}
    assert ranks >= {0, 1, 2}
    assert any(each.capacities and not each.capacities[0].available for each in beds.values())
    assert min(closed) in {(at + timedelta(days=days)).date().isoformat() for days in (1, 2)}
    names = {beds[its].name for its in fast if its in beds}
    assert {"Night shelter for women", "House for men"} <= names
    assert {each.faith_based for each in beds.values()} == {True, False, None}
    assert any("ase" in each.interpreted for each in beds.values())


def test_some_of_its_services_may_say_how_much_room_they_have(founded):
    var, port, demo = founded
    store = Store(demo.environment["DATABASE_URL"])
    desk = LinkDesk.load(KeyFolder(var / "keys").link_salt, profile=CHEAPEST)
    for link in demo.facts.capacity:
        prefix, _, token = link["url"].rpartition("/")
        assert prefix == f"http://127.0.0.1:{port}/handoff"
        opened = try_pin(store, desk, token, link["pin"], datetime.now(UTC))
        assert isinstance(opened, Opened)
        with store.read() as session:
            assert units(session, opened.link.service_id)
    store.close()
    assert len({link["service"] for link in demo.facts.capacity}) == 3
