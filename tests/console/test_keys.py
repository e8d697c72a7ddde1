"""Ines looks after the keys of her desk: she begins a period, seals anew what stays, and closes the old one."""

import re
from importlib import import_module

import pytest
from sqlalchemy import update

from hotline import audit
from hotline.vault.erasing import is_sealed_to, older_epochs, sealed_left
from hotline.vault.roster import RECOVERY
from hotline.vault.tables import epoch_wraps
from tests.cast import Member, Texter
from tests.console.test_markup import faults_in
from tests.house import House

# The room gives the module's name to its blueprint.
page_of_keys = import_module("hotline.console.keys")
TOMORROW = {"hours": 25}


def dids(house: House) -> list[str]:
    with house.hotline.store.read() as session:
        return [line.did for line in audit.page(session)]


def left(house: House) -> int:
    keyring = house.hotline.keyring
    older = {epoch.id for epoch in older_epochs(keyring, "main")}
    with house.hotline.store.read() as session:
        counts = sealed_left(session, keyring, "main")
    return sum(count for epoch_id, count in counts.items() if epoch_id in older)


def reports(maria: Texter, count: int) -> None:
    for number in range(count):
        maria.texts(f"They keep my passport, day {number}")


def form_of(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form that leads to *action*."""
    found = re.search(rf'<form[^>]*action="{action}[^"]*".*?</form>', page, re.DOTALL)
    assert found, action
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[0]))


def test_the_page_says_who_opens_what_and_since_when(supervisor: Member, maria: Texter) -> None:
    reports(maria, 2)
    page = supervisor.opens("/console/keys")
    for said in ("What was said", "Who said it, and files", "How they are reached"):
        assert said in page
    assert "Noor" in page
    assert "and the recovery papers" in page
    assert "Nothing that you can open is sealed to an older key." in page
    assert page.count("in use") == 4
    # Abel reads the log alone.
    words = page[page.index("Words of staff in the log") :]
    assert "Abel" in words
    assert "Noor" not in words[: words.index("</table>")]


def test_papers_are_named_where_they_open_a_period_alone(house: House, supervisor: Member) -> None:
    """A wrap to papers that were replaced opens nothing to those who have the new ones."""
    rows = epoch_wraps.c
    its = update(epoch_wraps).where(rows.member_id == RECOVERY).values(wrap=b"to other papers")
    supervisor.opens("/console/keys")
    house.hotline.store.write(lambda session: session.execute(its))
    assert "and the recovery papers" not in supervisor.opens("/console/keys")


@pytest.mark.parametrize("who", ["at_desk", "auditor"])
def test_whoever_holds_no_keys_sees_and_does_nothing_here(
    who: str, request: pytest.FixtureRequest
) -> None:
    member: Member = request.getfixturevalue(who)
    for path in ("/console/keys/begin", "/console/keys/reseal", "/console/keys/close/x"):
        member.sends(path, expect=403)
    assert member.client.get("/console/keys", base_url="https://line.example").status_code == 403


def test_a_new_period_begins_and_is_written_down(house: House, supervisor: Member) -> None:
    before = house.hotline.keyring.current("main", "desk").id
    supervisor.sends("/console/keys/begin")
    assert house.hotline.keyring.current("main", "desk").id != before
    assert "begin epochs" in dids(house)


def test_without_a_script_a_button_goes_on_until_all_is_sealed_anew(
    house: House, supervisor: Member, maria: Texter, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports(maria, 3)
    supervisor.sends("/console/keys/begin")
    count = left(house)
    assert f"{count} records are still sealed" in supervisor.opens("/console/keys")
    # A step of no time seals one slice; slices of two make many steps.
    monkeypatch.setattr(page_of_keys, "_SECONDS_A_STEP", 0.0)
    monkeypatch.setattr(page_of_keys, "SLICE", 2)
    form = form_of(supervisor.opens("/console/keys"), "/console/keys/reseal")
    assert form == {"total": str(count)}
    steps = [count]
    while steps[-1]:
        page = supervisor.sends("/console/keys/reseal", expect=200, **form).text
        steps.append(left(house))
        assert steps[-1] < steps[-2]
        if steps[-1]:
            assert f'value="{count - steps[-1]}"' in page
            assert f"{count - steps[-1]} of {count} are sealed anew" in page
            form = form_of(page, "/console/keys/reseal")
    assert len(steps) > 3
    assert "Nothing that you can open is sealed to an older key." in page
    assert "<progress" not in page


def test_it_may_be_left_and_taken_up_again(
    house: House, supervisor: Member, maria: Texter, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports(maria, 2)
    supervisor.sends("/console/keys/begin")
    monkeypatch.setattr(page_of_keys, "_SECONDS_A_STEP", 0.0)
    monkeypatch.setattr(page_of_keys, "SLICE", 2)
    supervisor.sends("/console/keys/reseal", expect=200)
    some = left(house)
    assert some
    assert "still sealed" in supervisor.opens("/console/keys")
    monkeypatch.undo()
    page = supervisor.sends("/console/keys/reseal", expect=200, total=str(some)).text
    assert left(house) == 0
    assert "Nothing that you can open is sealed to an older key." in page


def test_a_period_closes_for_good_once_it_is_empty_and_meant(
    house: House, supervisor: Member, maria: Texter
) -> None:
    reports(maria, 1)
    old = house.hotline.keyring.current("main", "desk").id
    path = f"/console/keys/close/{old}"
    supervisor.sends(path, expect=409, sure="yes")
    supervisor.sends("/console/keys/begin")
    supervisor.sends(path, expect=409, sure="yes")
    supervisor.sends("/console/keys/reseal", expect=200)
    # Another process may still seal to it today.
    assert "can be closed tomorrow" in supervisor.opens("/console/keys")
    supervisor.sends(path, expect=409, sure="yes")
    house.clock.passes(**TOMORROW)
    supervisor.signs_in()
    assert path in supervisor.opens("/console/keys")
    asked = supervisor.sends(path, expect=200)
    assert "This cannot be undone by anyone" in asked.text
    assert (house.hotline.config.keys / "locks" / old).exists()
    supervisor.sends(path, sure="yes")
    assert not (house.hotline.config.keys / "locks" / old).exists()
    assert old not in {epoch.id for epoch in house.hotline.keyring.roster.epochs}
    assert "close epoch" in dids(house)
    supervisor.sends(path, expect=404, sure="yes")
    assert "passport" in supervisor.opens(f"/console/report/{supervisor.first_report()}")


def test_while_something_is_sealed_to_it_a_period_stays(
    house: House, supervisor: Member, maria: Texter
) -> None:
    reports(maria, 1)
    old = house.hotline.keyring.current("main", "identity").id
    supervisor.sends("/console/keys/begin")
    house.clock.passes(**TOMORROW)
    supervisor.signs_in()
    page = supervisor.opens("/console/keys")
    assert "older; needed" in page
    assert f"/console/keys/close/{old}" not in page
    supervisor.sends(f"/console/keys/close/{old}", expect=409, sure="yes")
    with house.hotline.store.read() as session:
        assert is_sealed_to(session, old)


def test_what_somebody_broke_is_said_and_hinders_nothing(
    house: House, supervisor: Member, maria: Texter
) -> None:
    reports(maria, 1)
    supervisor.sends("/console/keys/begin")
    broken = "UPDATE envelopes SET wrap = X'00' WHERE audience = 'desk'"
    house.hotline.store.write(lambda session: session.exec_driver_sql(broken))
    page = supervisor.sends("/console/keys/reseal", expect=200).text
    assert left(house) == 1
    assert "Some records do not open any more" in page
    assert "data-goes-on" not in page


def test_each_of_its_pages_closes_what_it_opens(
    house: House, supervisor: Member, maria: Texter, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports(maria, 2)
    old = house.hotline.keyring.current("main", "identity").id
    supervisor.sends("/console/keys/begin")
    pages = [supervisor.opens("/console/keys")]
    monkeypatch.setattr(page_of_keys, "_SECONDS_A_STEP", 0.0)
    monkeypatch.setattr(page_of_keys, "SLICE", 2)
    pages.append(supervisor.sends("/console/keys/reseal", expect=200).text)
    assert "<progress" in pages[-1]
    monkeypatch.undo()
    pages.append(supervisor.sends("/console/keys/reseal", expect=200).text)
    house.clock.passes(**TOMORROW)
    supervisor.signs_in()
    pages.append(supervisor.opens("/console/keys"))
    pages.append(supervisor.sends(f"/console/keys/close/{old}", expect=200).text)
    assert [faults_in(page) for page in pages] == [[]] * 5


@pytest.mark.parametrize("total", ["x", "-1", "9" * 12])
def test_a_number_that_is_none_changes_nothing(supervisor: Member, total: str) -> None:
    supervisor.sends("/console/keys/reseal", expect=400, total=total)
