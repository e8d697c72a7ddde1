"""Every address of the desk, times every role: allowed or refused, and none forgotten.

The addresses come from the application itself. A blueprint that is not named here fails the test: say who may be
there, and the rest follows.
"""

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from tests.cast import Member
from tests.house import ORIGIN, House

NOBODY = "0" * 32
EVERY_ROLE = {
    "noor": "caseworker",
    "ines": "supervisor",
    "ivo": "interpreter",
    "abel": "auditor",
    "enzo": "auditor",
    "ada": "administrator",
    "isa": "investigator",
}
READERS = {"caseworker", "supervisor"}
CASEWORK = {"caseworker", "supervisor"}
SUPERVISION = {"supervisor"}

OUTSIDE = {"door", "habits", "joining"}
"""Open to whoever has no session: the way in, and single keys."""

MAY: dict[str, set[str]] = {
    "account": set(EVERY_ROLE.values()),
    "acts": CASEWORK,
    "alerts": SUPERVISION,
    "approvals": CASEWORK,
    "assigned": {"interpreter"},
    "auditing": {"supervisor", "auditor"},
    "calling_back": CASEWORK,
    "capacity_links": {"supervisor", "administrator"},
    "charts": SUPERVISION,
    "choosing": CASEWORK,
    "closing": CASEWORK,
    "complaints": SUPERVISION,
    "consenting": CASEWORK,
    "children": CASEWORK,
    "custody": SUPERVISION,
    "deciding": CASEWORK,
    "services": {*CASEWORK, "administrator"},
    "keeping": {"supervisor", "administrator"},
    "dismissing": CASEWORK,
    "duties": SUPERVISION,
    "excluding": CASEWORK,
    "given": SUPERVISION,
    "holding": {"supervisor", "administrator"},
    "interpreting": CASEWORK,
    "keys": SUPERVISION,
    "leading": CASEWORK,
    "released_leads": CASEWORK,
    "lead_links": CASEWORK,
    "answering_agencies": CASEWORK,
    "legal": SUPERVISION,
    "listening": CASEWORK,
    "looking": CASEWORK,
    "notes": READERS,
    "on_call": CASEWORK,
    "pages": CASEWORK,
    "prompts": {"supervisor", "administrator"},
    "proofreading": {*READERS, "interpreter", "administrator"},
    "quarantine": READERS,
    "queue": READERS,
    "referring": CASEWORK,
    "asking_providers": CASEWORK,
    "following_offers": CASEWORK,
    "released": {"investigator"},
    "recalls": {"investigator"},
    "subscriptions": {"investigator"},
    "tokens": {"investigator"},
    "recipes": {"investigator"},
    "fetched": {"investigator"},
    "agencies": {"administrator"},
    "admitting": {"administrator"},
    "replying": CASEWORK,
    "report": READERS,
    "restricting": SUPERVISION,
    "retaining": SUPERVISION,
    "revealing": CASEWORK,
    "reviewing": CASEWORK,
    "settings": set(EVERY_ROLE.values()),
    "rota": CASEWORK,
    "searching": CASEWORK,
    "sorting": CASEWORK,
    "sharing": CASEWORK,
    "spans": CASEWORK,
    "speaking": {*READERS, "interpreter"},
    "staffing": {"supervisor", "administrator"},
    "state": READERS,
    "taking": CASEWORK,
    "taking_over": SUPERVISION,
    "closed": CASEWORK,
    "exporting": SUPERVISION,
    "feedback": CASEWORK,
    "judging": CASEWORK,
    "languages": {*READERS, "interpreter", "administrator"},
    "listing": SUPERVISION,
    "providers": {"administrator"},
    "sampling": SUPERVISION,
    "tagging": CASEWORK,
    "tasking": CASEWORK,
    "timeline": READERS,
    "tying": CASEWORK,
    "merging": CASEWORK,
    "urgent": CASEWORK,
    "workload": SUPERVISION,
}

NARROWER: dict[str, set[str]] = {
    "closing.erase_closed": SUPERVISION,
    "staffing.block": {"administrator"},
    "staffing.unblock": {"administrator"},
}
"""Routes for fewer than their blueprint; whoever else works in it hears first that there is no such report."""

REFUSES_BY_ITSELF = {"revealing.show_granted"}
"""Also refuses whoever has the role, where nothing was granted to them."""


def rules(house: House) -> Iterator[Rule]:
    for rule in house.app.url_map.iter_rules():
        if rule.rule.startswith("/console"):
            yield rule


def blueprint_of(rule: Rule) -> str:
    return rule.endpoint.partition(".")[0]


def test_every_address_says_who_may_be_there(house: House) -> None:
    found = {blueprint_of(rule) for rule in rules(house)}
    assert found - OUTSIDE == set(MAY), "name each blueprint of the desk in MAY, and only those"
    assert set(NARROWER) <= {rule.endpoint for rule in rules(house)}


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("who", EVERY_ROLE)
def test_each_role_reaches_its_rooms_and_no_others(house: House, who: str, whole: bool) -> None:
    """What rooms answer at their door is tried at one address of each kind, and at every one in the long run."""
    member, role = Member(house, who), EVERY_ROLE[who]
    member.signs_in()
    tried: set[tuple[str, str, bool]] = set()
    for rule in rules(house):
        room = blueprint_of(rule)
        if room in OUTSIDE or rule.endpoint == "account.leave_everywhere":
            continue
        allowed = NARROWER.get(rule.endpoint, MAY[room])
        path = re.sub(r"<[^>]+>", NOBODY, rule.rule)
        names_report = "report_id" in rule.arguments
        is_answered_at_the_door = names_report or role not in MAY[room]
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            kind = (room, method, names_report)
            if is_answered_at_the_door and kind in tried and not whole:
                continue
            tried.add(kind)
            answer = member.client.open(path, method=method, base_url=ORIGIN)
            if role in allowed:
                if rule.endpoint not in REFUSES_BY_ITSELF:
                    assert answer.status_code != 403, (who, method, path)
                assert answer.headers.get("Location") != "/console/signin", (who, method, path)
                assert answer.status_code < 500, (who, method, path)
            elif rule.endpoint == "queue.show_queue":
                assert answer.status_code == 303, (who, method, path)
            elif role in MAY[room] and names_report:
                assert answer.status_code == 404, (who, method, path)
            else:
                assert answer.status_code == 403, (who, method, path)


ARRIVES = {
    "ines": "/console/",
    "noor": "/console/",
    "ivo": "/console/assigned",
    "abel": "/console/audit",
    "enzo": "/console/audit",
    "ada": "/console/staff",
    "isa": "/console/released",
}


def test_each_role_arrives_where_its_work_is(house: House) -> None:
    addresses = house.app.url_map.bind("line.example")
    opened: set[str] = set()
    for who, where in ARRIVES.items():
        member, role = Member(house, who), EVERY_ROLE[who]
        assert member.signs_in().headers["Location"] == where
        page = member.opens(where)
        # Whoever asks for the front of the desk is shown on to it, too.
        front = member.client.get("/console/", base_url=ORIGIN)
        assert front.status_code == 200 or front.headers["Location"] == where
        # No link of theirs leads to where they are refused.
        for address in set(re.findall(r'href="(/console/[^"]*)"', page)):
            endpoint, _ = addresses.match(address.partition("?")[0])
            room = endpoint.partition(".")[0]
            assert room in OUTSIDE or role in NARROWER.get(endpoint, MAY[room]), (who, address)
            if address not in opened:
                answer = member.client.get(address, base_url=ORIGIN)
                assert answer.status_code in (200, 303), (who, address)
                opened.add(address)
