"""`hotline status` says on one screen how the house is and who is needed, and names nobody."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hotline import jobs, worker
from hotline.cli import main
from hotline.operate import stamps, status
from hotline.operate.doctor.telling import COULD_NOT_LOOK
from hotline.operate.doctor.visit import House as Examined
from hotline.operate.machine import Machine
from hotline.operate.spans import spoken
from tests.cast import Texter
from tests.house import House
from tests.operate.doctor.conftest import WELL


@pytest.fixture
def seen(house: House, monkeypatch: pytest.MonkeyPatch) -> Examined:
    """A house that does its work, on a machine with nothing to find, whose address and provider answer."""
    for path in house.var.glob("hotline.db*"):
        path.chmod(0o600)
    store, at = house.hotline.store, house.clock()
    store.write(lambda session: jobs.ensure(session, list(worker.STANDING), at=at))
    while worker.work_off(house.hotline):
        pass
    for name in (stamps.BACKUP, stamps.DRILL):
        stamps.stamp(house.hotline.config.keys, name, at=at)
    monkeypatch.setattr(Machine, "of", lambda _config: WELL)
    monkeypatch.setattr(status, "_served", lambda _config: "ok")
    monkeypatch.setattr(status, "_reach", lambda _config: "answers")
    config = replace(house.hotline.config, public_url="http://127.0.0.1:9")
    return Examined(config, {}, house.clock)


def test_a_house_that_is_well_needs_nobody(seen: Examined) -> None:
    told = status.status_of(seen)
    assert (told.exit, told.needs) == (status.FINE, ())
    assert told.lines["waiting"] == "no open report"
    assert told.lines["staff"] == "nobody on duty, nobody taking calls"
    assert status.as_text(told).endswith("Nothing needs anybody.")


def test_what_waits_is_told_without_who(house: House, seen: Examined) -> None:
    Texter(house, "+15005550142").texts("Soy María. Ramón tiene mi pasaporte y me pega")
    house.clock.passes(hours=30)
    told = status.status_of(Examined(seen.config, {}, house.clock))
    assert told.exit == status.NEEDS_SOMEBODY
    assert {"reports-wait", "work-stopped"} <= {one.code for one in told.needs}
    assert "the first waits for 30 hours" in told.lines["waiting"]
    for said in (status.as_text(told), status.as_json(told)):
        assert not any(word in said for word in ("0142", "María", "Ramón", "main", '"es"'))
    assert json.loads(status.as_json(told))["exit"] == status.NEEDS_SOMEBODY


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("_served", "", "not-serving"),
        ("_served", "degraded", "degraded"),
        ("_reach", "does not answer", "provider-away"),
        ("_reach", "does not let our token in", "provider-away"),
    ],
)
def test_what_does_not_answer_needs_somebody(
    seen: Examined, monkeypatch: pytest.MonkeyPatch, name: str, said: str, code: str
) -> None:
    monkeypatch.setattr(status, name, lambda _config: said)
    told = status.status_of(seen)
    assert ([one.code for one in told.needs], told.exit) == ([code], status.NEEDS_SOMEBODY)


def test_without_the_database_it_says_that_it_cannot_look(tmp_path: Path, seen: Examined) -> None:
    missing = tmp_path / "missing.db"
    config = replace(seen.config, database_url=f"sqlite:///{missing}")
    told = status.status_of(Examined(config, {}, seen.clock))
    assert told.exit == COULD_NOT_LOOK
    assert "could not be looked at" in status.as_text(told)
    # It was looked at, and not made.
    assert not missing.exists()


def test_nothing_that_answers_is_told_as_such(house: House) -> None:
    config = replace(house.hotline.config, public_url="http://127.0.0.1:9")
    assert status._served(config) == ""
    assert status._reach(replace(config, twilio=None)) == "none is set up"


def test_the_command_needs_settings_that_can_be_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    assert main(["status"]) == COULD_NOT_LOOK
    assert "PUBLIC_URL" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-5, "0 seconds"), (1, "1 second"), (119, "119 seconds"), (120, "2 minutes"), (86_400, "24 hours"), (200_000, "2 days")],
)  # fmt: skip
def test_a_span_is_told_as_one_says_it(seconds: int, told: str) -> None:
    assert spoken(timedelta(seconds=seconds)) == told
