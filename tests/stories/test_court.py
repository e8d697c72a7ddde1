"""A court asks for everything about a report that Noor closed. Ines writes it down, holds the report, objects, and
hands over the chain of custody, which a stranger checks and which names nobody. The person is told. While the hold
lasts nothing ends; when it has run out, the report ends like any other."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from hotline import audit
from hotline.audit import check_proof
from hotline.retention import docket, legal
from hotline.vault.logkey import LogSigner
from tests.cast import MARIA, Member, Texter
from tests.house import House
from tests.retention.rows import tables_naming

SAID = "My boss took my passport and locks the door at night. My name is Maria Lopez"


def checkpoint(house: House) -> None:
    at = house.clock.passes(hours=26)
    signer = LogSigner(house.hotline.config.log_name, house.hotline.log_key)

    def sign(session):
        audit.sequence(session, at=at)
        audit.checkpoint(session, signer, at)

    house.hotline.store.write(sign)


def test_a_court_asks(
    house: House,
    maria: Texter,
    noor: Member,
    ines: Member,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # María texts, Noor answers and closes the report: it would end within four months.
    maria.texts(SAID)
    noor.signs_in()
    report = noor.first_report()
    page = f"/console/report/{report}"
    noor.sends(f"{page}/reply", words="Can you talk?")
    noor.sends(f"{page}/close", why="she is safe", keep="rules", outcome="safe_now")

    # A court asks. Ines writes it down, and holds the report for half a year.
    ines.signs_in()
    until = house.clock().date() + timedelta(days=180)
    asked = {"kind": "court_order", "words": "County court: all that is kept", "until": until}
    ines.sends(f"{page}/legal", **asked, deadline=house.clock().date() + timedelta(days=10))
    (process,) = read(house, docket.open_processes, "main")
    ines.sends(f"{page}/legal/{process.id}", step="objected", words="it names nobody we know")

    # After the next checkpoint she makes the document. It names nobody,
    checkpoint(house)
    ines.signs_in()
    made = ines.sends(f"{page}/custody", expect=200, format="json").text
    for secret in ("Maria", "Lopez", MARIA, "passport", "Noor", "Ines"):
        assert secret not in made

    # and a stranger checks it with nothing but Python.
    kept = tmp_path / "custody.json"
    kept.write_text(made)
    assert check_proof.main(str(kept)) == 0
    assert "DOES NOT STAND" not in capsys.readouterr().out
    parts = [part for message in json.loads(made)["messages"] for part in message["parts"]]
    assert {(part["match"], part["proven"]) for part in parts} == {("same", True)}

    # It leaves the house, and the person is told.
    ines.sends(f"{page}/legal/{process.id}", step="complied", words="the chain of custody alone")
    assert [one.id for one in read(house, docket.untold_processes, "main")] == [process.id]
    ines.sends(f"{page}/legal/{process.id}", step="told", words="by an answer")
    assert read(house, docket.untold_processes, "main") == ()

    # Long after its day the report is still there, because it is held;
    sweep_on(house, until)
    assert "envelopes" in tables_naming(house.hotline.store, report)

    # when the hold is over a supervisor gets three days to see it coming, and then it is gone, as if nobody had asked.
    sweep_on(house, until + timedelta(days=1))
    assert not read(house, legal.is_held, report, at=house.clock())
    assert "envelopes" in tables_naming(house.hotline.store, report)
    sweep_on(house, until + timedelta(days=4))
    assert not {"envelopes", "holds", "legal_processes"} & tables_naming(
        house.hotline.store, report
    )


def read(house: House, what, *about, **facts):
    with house.hotline.store.read() as session:
        return what(session, *about, **facts)


def sweep_on(house: House, day: date) -> None:
    house.clock.at = house.clock().replace(year=day.year, month=day.month, day=day.day)
    at = house.clock()
    house.hotline.store.write(lambda session: legal.end_holds(session, at=at))
    while house.hotline.sweeper.sweep(at=at):
        pass
