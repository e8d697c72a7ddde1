"""What ends, at the command line: days and counts, no report by its id; and what is due ends when asked to."""

import pytest

from hotline import triage
from hotline.cli import main
from hotline.domain.outcome import Outcome
from tests.house import NOON, ORIGIN, House
from tests.retention.rows import only_report


@pytest.fixture
def closed(house: House, maria, monkeypatch: pytest.MonkeyPatch) -> str:
    """A report that was closed long ago: by the clock on the wall it is due."""
    monkeypatch.delenv("LINES", raising=False)
    monkeypatch.setenv("PUBLIC_URL", ORIGIN)
    monkeypatch.setenv("DATABASE_URL", house.hotline.store.url)
    monkeypatch.setenv("KEYS_DIR", str(house.hotline.config.keys))
    maria.texts("My boss took my passport and locks the door at night.")
    report_id = only_report(house.hotline.store)
    house.hotline.store.write(
        lambda session: triage.close(
            session,
            report_id,
            keyring=house.hotline.keyring,
            desk="main",
            by=house.staff["noor"].member_id,
            why="done",
            outcome=Outcome.SAFE_NOW,
            at=NOON,
        )
    )
    return report_id


def test_the_preview_names_rules_and_counts_and_no_report(closed, capsys) -> None:
    assert main(["retention", "preview"]) == 0
    said = capsys.readouterr().out
    assert "main\taccount\t90 days\t1 end" in said
    assert closed not in said


def test_what_is_due_ends_when_it_is_asked_for(closed, capsys) -> None:
    assert main(["retention", "sweep"]) == 0
    assert not capsys.readouterr().out.startswith("ended: 0")
    assert main(["retention", "preview"]) == 0
    assert "main\taccount\t90 days\t0 end" in capsys.readouterr().out
