"""What one desk is told, another desk does not see: not a report, not a line, not a person of it."""

import re
from html import unescape

import pytest
from sqlalchemy import Table, select

from hotline.store import metadata
from hotline.worker import work_off
from tests.cast import Member, Texter
from tests.console.conftest import is_there
from tests.house import ORIGIN, STAFF, House

PLACEHOLDER = re.compile(r"<([^>:]*:)?([^>]+)>")


THERE = pytest.mark.parametrize("who", [pytest.param("tala", marks=pytest.mark.exhaustive), "mira"])
"""Who works at the other desk; its supervisor reaches whatever its caseworker does."""


@pytest.fixture
def ids(house: House, report: str, supervisor: Member) -> dict[str, str]:
    """Real ids of the main desk, by the names that addresses have for them."""
    supervisor.sends(
        "/console/staff/invite",
        expect=200,
        username="ruth",
        name="Ruth",
        pseudonym="Reed",
        role="auditor",
    )
    noor = next(m.id for m in house.hotline.keyring.members if m.username == "noor")
    found = {"report_id": report, "member_id": noor}
    for name, table in (("candidate_id", "candidates"), ("alert_id", "alerts")):
        found[name] = first_id(house, metadata.tables[table])
    return found


def first_id(house: House, table: Table) -> str:
    with house.hotline.store.read() as session:
        row = session.execute(select(table.c.id).where(table.c.desk == "main").limit(1)).first()
    return str(row.id) if row else "0" * 32


def everything(house: House) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that a stranger's act could have changed."""
    aside = {"sessions", "devices", "audit_waiting", "audit", "jobs", "sign_in_tries", "seen"}
    with house.hotline.store.read() as session:
        return {
            name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for name, table in metadata.tables.items()
            if name not in aside
        }


@THERE
def test_another_desk_finds_nothing_of_ours_and_changes_nothing(
    house: House, ids: dict[str, str], who: str
) -> None:
    stranger = Member(house, who)
    stranger.signs_in()
    before = everything(house)
    walked = 0
    for rule in house.app.url_map.iter_rules():
        names = [name for _, name in PLACEHOLDER.findall(rule.rule)]
        if not rule.rule.startswith("/console") or not names:
            continue
        path = PLACEHOLDER.sub(lambda found: ids.get(found[2], "0" * 32), rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = stranger.client.open(
                path, method=method, base_url=ORIGIN, data=_form(rule.rule)
            )
            # 403 where the role is not for it at any desk, 400 and 422 where the form is asked for first.
            expected = {404, 403} if method == "GET" else {404, 403, 400, 422}
            assert answer.status_code in expected, (who, method, path, answer.status_code)
            for ours in ("passport", "Noor", "Ruth"):
                assert ours not in answer.text, (who, method, path)
            walked += 1
    assert walked > 20
    assert everything(house) == before


def _form(path: str) -> dict[str, str]:
    """Return a form that is as whole as a stranger can make it."""
    words = {"why": "because", "words": "because", "purpose": "reply", "urgency": "high"}
    return {**words, "text": "hello", "note": "hello", "field": "words", "seq": "1", "read": "1"}


@THERE
def test_no_list_of_another_desk_shows_ours(house: House, ids: dict[str, str], who: str) -> None:
    stranger = Member(house, who)
    stranger.signs_in()
    for rule in house.app.url_map.iter_rules():
        if not rule.rule.startswith("/console") or "<" in rule.rule or "GET" not in rule.methods:
            continue
        answer = stranger.client.get(rule.rule, base_url=ORIGIN)
        shown = unescape(answer.text)
        for ours in (
            ids["report_id"],
            ids["candidate_id"],
            ids["member_id"],
            "Noor",
            "Ines",
            "Ruth",
        ):
            assert ours not in shown, (who, rule.rule, ours)
    assert "passport" not in stranger.opens("/console/")


def test_outside_the_desk_staff_are_known_by_their_pseudonym_alone(
    house: House, maria: Texter, report: str, at_desk: Member
) -> None:
    at_desk.sends(f"/console/report/{report}/claim")
    is_there(house, report)
    at_desk.sends(f"/console/report/{report}/reply", words="We hear you. Are you safe now?")
    work_off(house.hotline)
    assert "We hear you" in str(house.carrier.sent)
    names = [new.name for new in STAFF if new.name != new.pseudonym]
    # What went to the reporter's phone,
    told = str(house.carrier.sent)
    # and what strangers and agencies can read,
    client = house.app.test_client()
    for path in ("/", "/en/new", "/en/again", "/log/", "/feeds/leads.json", "/taxii2/"):
        told += client.get(path, base_url=ORIGIN).text
    # and an investigator of the house.
    isa = Member(house, "isa")
    isa.signs_in()
    told += isa.opens("/console/released").replace("Isa", "")
    for name in names:
        assert not re.search(rf"\b{name}\b", told), name
    # Colleagues of the desk see the name.
    assert "Noor" in at_desk.opens(f"/console/report/{report}")


def test_an_administrator_is_a_pseudonym_in_the_log_of_a_desk(
    house: House, supervisor: Member
) -> None:
    ada = Member(house, "ada")
    ada.signs_in()
    noor = next(m.id for m in house.hotline.keyring.members if m.username == "noor")
    ada.sends(f"/console/staff/{noor}/block")
    log = supervisor.opens("/console/audit")
    assert "blocked a colleague" in log
    assert "Key" in log
    assert not re.search(r"\bAda\b", log)
