"""An emergency is looked at within a day, or it is raised again, each day; and nothing opens without its claim."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import hotline
from hotline import jobs
from hotline.errors import Refused
from hotline.triage import emergency
from hotline.triage.alerts import Alert, GoesByItself, open_alerts, settle
from hotline.triage.claims import Held, claim
from hotline.vault.opening import Keyholder
from tests.cast import MARIA, Member, Texter
from tests.house import House, found_house
from tests.retention.rows import only_report


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = found_house(tmp_path)
    yield house
    house.close()


@pytest.fixture
def noor(house: House) -> Keyholder:
    return Member(house, "noor").keyholder()


@pytest.fixture
def report(house: House) -> str:
    Texter(house, MARIA).texts("he has a knife, we are at 12 Quay Street")
    return only_report(house.hotline.store)


def opens(house: House, by: Keyholder, report: str) -> object:
    at, keyring = house.clock(), house.hotline.keyring
    return emergency.open_number_and_place(
        house.hotline.store, by, keyring, report_id=report, words="", at=at
    )


def waiting(house: House) -> list[Alert]:
    with house.hotline.store.read() as session:
        return list(open_alerts(session, "main"))


def pages(house: House) -> int:
    with house.hotline.store.read() as session:
        return len(session.execute(select(jobs.jobs.c.id).where(jobs.jobs.c.name == "page")).all())


def sweep(house: House) -> None:
    house.hotline.store.write(lambda session: emergency.sweep(session, at=house.clock()))


def look_at(house: House, alert: Alert, by: str = "s" * 32) -> None:
    house.hotline.store.write(
        lambda session: settle(
            session,
            alert.id,
            keyring=house.hotline.keyring,
            desk="main",
            by=by,
            remark="asked them",
            at=house.clock(),
        )
    )


def test_what_nobody_looked_at_within_a_day_is_raised_and_paged_again_each_day(
    house: House, noor: Keyholder, report: str
) -> None:
    opens(house, noor, report)
    (first,) = waiting(house)
    assert first.due_at == first.at + timedelta(hours=24)
    house.clock.at = first.at + timedelta(hours=24) - timedelta(minutes=1)
    sweep(house)
    assert (len(waiting(house)), pages(house)) == (1, 1)
    for days in (1, 2, 3):
        house.clock.at = first.at + timedelta(days=days)
        sweep(house)
        sweep(house)
        late, still = waiting(house)
        assert (late.kind, late.report_id, late.who) == ("review_late", report, noor.staff_id)
        assert still == first
        assert pages(house) == 1 + days
    with pytest.raises(GoesByItself):
        look_at(house, late)
    look_at(house, first)
    assert waiting(house) == []
    house.clock.passes(days=1)
    sweep(house)
    assert (waiting(house), pages(house)) == ([], 4)


def test_a_look_at_one_emergency_leaves_the_reminder_of_another(
    house: House, noor: Keyholder, report: str
) -> None:
    opens(house, noor, report)
    house.clock.passes(hours=2)
    opens(house, noor, report)
    house.clock.passes(hours=25)
    sweep(house)
    newest, *_rest = [one for one in waiting(house) if one.kind == "emergency"]
    look_at(house, newest)
    assert sorted(one.kind for one in waiting(house)) == ["emergency", "review_late"]


def test_what_is_opened_again_after_it_was_looked_at_is_looked_at_again(
    house: House, noor: Keyholder, report: str
) -> None:
    opens(house, noor, report)
    look_at(house, waiting(house)[0])
    opens(house, noor, report)
    assert [one.kind for one in waiting(house)] == ["emergency"]


def test_an_interpreter_claims_nothing_this_way(house: House, report: str) -> None:
    ivo = Member(house, "ivo").keyholder()
    with pytest.raises(Refused):
        opens(house, ivo, report)
    assert waiting(house) == []


def test_what_somebody_else_holds_leaves_no_line_and_pages_nobody(
    house: House, noor: Keyholder, report: str
) -> None:
    at = house.clock()
    house.hotline.store.write(
        lambda session: claim(session, report, desk="main", by="o" * 32, at=at)
    )
    with pytest.raises(Held):
        opens(house, noor, report)
    assert (waiting(house), pages(house)) == ([], 0)
    with house.hotline.store.read() as session:
        assert emergency.acts(session, report) == []


def test_only_the_act_that_claims_and_pages_opens_number_and_place() -> None:
    """Nothing else in the house calls the vault's way to them."""
    house = Path(hotline.__file__).parent
    uses = [
        path.relative_to(house).as_posix()
        for path in house.rglob("*.py")
        if re.search(r"\bopen_urgent\b", path.read_text(encoding="utf-8"))
    ]
    assert sorted(uses) == ["triage/emergency.py", "vault/emergency.py"]
