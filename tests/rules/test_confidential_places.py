"""Harbor House hides who is looked for. Where it lies stands in the directory, and nowhere else that anybody sees."""

import io
import json
import logging
import re
from collections import Counter
from html import unescape

import pytest
from sqlalchemy import select

from hotline import handoff, logs
from hotline.audit.tables import audit_log, audit_waiting
from hotline.operate import directory as office
from hotline.store import metadata
from referral.candidate import NEEDS
from referral.numbers import numbers
from tests.cast import Member
from tests.console.agreeing import GROWN, agrees
from tests.house import ORIGIN
from tests.referral.packages import key, service, write_package
from tests.referral.test_api import COLLECTIONS
from tests.referral.test_withheld import LATITUDE, LONGITUDE, STREET, mark, the_house

MAP = f"https://map.example/?at={LATITUDE},{LONGITUDE}"
SECRETS = ("wren close", "wren+close", "48.512", "48,512", "123.209", "an99", "quillwort")
SECRETS += ("the green door", "3rd floor", "5550177", "5550178", "map.example")
PARTS = (("address", "address"), ("phone", "phone"), ("phone", "p2"), ("phone", "marked"))
PARTS += (("contact", "contact"), ("schedule", "schedule"), ("service_at_location", "site"))
LOGS = (audit_log, audit_waiting)
ROLES = ("noor", "ines", "ivo", "abel", "ada", "isa")
_LINK = re.compile(r'(?:href|src)="(/console/(?![^"#]*\blang=)[^"#]*)')
"""Another page: a link to the same one in another language shows the same places."""
_MOST = {"services": 20, "keeping": 20, "referring": 20, "asking_providers": 20}
_OTHERWISE = 2
_BETWEEN = re.compile(r"[\s()\u00a0./-]+(?=\d)")


def the_city():
    """The house, everything about it in every text that could tell it, and a service beside it that anybody may know."""
    city = the_house()
    city["service"] = [
        service(description="A bed tonight", url=MAP, alert=f"Come to {STREET.upper()}"),
        service("Day room", description="Soup"),
    ]
    city["contact"][0]["name"] = "Quillwort"
    city["phone"] += [
        {"id": key("marked"), "service_id": key("Night shelter"), "number": "+1 (500) 555-0178"},
        {"id": key("open"), "service_id": key("Day room"), "number": "+1 500 555 0111"},
    ]
    city["attribute"] += [
        mark(key("marked"), id=key("mark of the phone"), link_entity="phone"),
        {**city["attribute"][1], "id": key("soup"), "link_id": key("Day room")},
    ]
    return city


def told_in(text):
    """Return the secrets that *text* holds, however its letters, spaces and numbers are written."""
    read = unescape(text).casefold()
    whole = read + _BETWEEN.sub("", read)
    return [secret for secret in SECRETS if secret in whole]


@pytest.fixture
def lines(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.start(logging.DEBUG)
    yield stream.getvalue
    root.handlers[:] = handlers
    root.setLevel(level)


class Watch:
    """Whoever looks at pages, and what each of them told that it must not."""

    def __init__(self, house):
        self.house, self.leaks, self.seen = house, [], 0

    def looks(self, where, text):
        self.seen += 1
        self.leaks += [f"{where} tells {secret}" for secret in told_in(text)]
        return text

    def gets(self, client, path, **more):
        answer = client.get(path, base_url=ORIGIN, **more)
        assert answer.status_code != 500, path
        is_read = answer.mimetype.startswith(("text/", "application/"))
        return self.looks(path, answer.get_data().decode(errors="replace") if is_read else "")

    def crawls(self, member):
        """Follow the links of the desk from its first page; of pages of a kind, of which there are many, some."""
        waiting, seen, kinds = ["/console/"], {"/console/signout"}, Counter()
        adapter = self.house.app.url_map.bind("line.example")
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            kind = adapter.match(path.partition("?")[0])[0]
            kinds[kind] += 1
            if kinds[kind] <= _MOST.get(kind.partition(".")[0], _OTHERWISE):
                waiting += _LINK.findall(unescape(self.gets(member.client, path)))
        return kinds


def test_where_a_confidential_house_lies_is_told_nowhere(house, maria, noor, lines, tmp_path):
    # It is loaded as keepers do it; what they are told of it names no street.
    watch, store = Watch(house), house.hotline.store
    report = office.load(store, write_package(tmp_path / "p", **the_city()), source="city")
    watch.looks("the report of the import", f"{report}\n{report.preview()}")
    assert {bad.field for bad in report.bad} == {"url", "alert"}

    # Noor finds it for María, offers it, and asks it by a link; it takes her in.
    noor.signs_in()
    maria.texts(GROWN)
    about = f"/console/report/{noor.first_report()}"
    found = noor.sends(f"{about}/referral", expect=200, need="shelter").text
    assert "Night shelter" in watch.looks("matching", found)
    noor.sends(f"{about}/referral/offer", offer=key("Night shelter"), need="shelter")
    with store.read() as session:
        (offer,) = handoff.offers(session, about.rpartition("/")[2])
    agrees(
        noor,
        about.rpartition("/")[2],
        to=f"handoff {offer.organization_id}",
        fields=["handoff need"],
    )
    form = {"fields": "need", "need": "shelter", "within": "15", "speaks": "en"}
    form["until"] = house.clock().date().isoformat()
    where, asked = (f"{about}/referral/{offer.id}/{what}" for what in ("houses", "ask"))
    watch.looks("where to go, too early", noor.sends(where, expect=409).text)
    watch.gets(noor.client, asked)
    shown = watch.looks("a packet", noor.sends(asked, expect=200, **form).text)
    form |= dict(re.findall(r'name="(nonce|digest)" value="([^"]+)"', shown))
    once = watch.looks("a link", noor.sends(f"{asked}/link", expect=200, **form).text)
    path = re.search(r"/handoff/[\w-]{43}", once)[0]
    pin = "".join(re.search(r"(\d{4}) (\d{4})</bdi>", once).groups())
    harbor = house.app.test_client()
    watch.gets(harbor, path)
    for sent in ({"pin": pin}, {"answer": "ask", "words": "When?"}, {"answer": "yes"}):
        page = harbor.post(path, data=sent, base_url=ORIGIN, follow_redirects=True)
        assert page.status_code == 200
        watch.looks("the page of a provider", page.text)
    with store.read() as session:
        (offer,) = handoff.offers(session, about.rpartition("/")[2])
    assert offer.status == "accepted"

    # Now, and only by asking for it, Noor sees where to go; a reload shows it no more.
    assert STREET in noor.sends(where, expect=200).text
    watch.gets(noor.client, f"{about}/referral")

    # No page of the desk tells it to anybody, of whichever role.
    kept = Counter()
    for name in ROLES:
        member = noor if name == "noor" else Member(house, name)
        if name != "noor":
            member.signs_in()
        kept += watch.crawls(member)
    assert {"services.show_record", "keeping.ask", "referring.show_matches"} <= set(kept)

    # Who keeps the directory opens it, and that is written down; who only reads it cannot.
    its = f"/console/directory/location/{key('house')}"
    noor.sends(f"{its}/open", expect=403)
    ines = Member(house, "ines")
    ines.signs_in()
    assert STREET in ines.sends(f"{its}/open", expect=200).text
    assert told_in(ines.opens(its)) == []
    for part, name in PARTS:
        its = f"/console/directory/{part}/{key(name)}"
        watch.gets(ines.client, f"{its}/edit")
        assert told_in(ines.sends(f"{its}/open", expect=200, what="form").text)
    shown = ines.sends(f"{its}/open", expect=200, what="form").text
    seen = re.search(r'name="seen" value="([^"]*)"', shown)[1]
    changed = {"location_id": key("house"), "description": "Behind the green door"}
    ines.sends(f"{its}/edit", seen=seen, **changed)
    for member, kind, name in (
        (ines, "service", "Night shelter"),
        (noor, "service", "Night shelter"),
        (ines, "location", "house"),
    ):
        page = watch.gets(member.client, f"/console/directory/{kind}/{key(name)}/history")
        assert (kind == "location") or "Alba" in page
    with store.read() as session:
        did = [line.did for table in LOGS for line in session.execute(select(table.c.did))]
    assert {"directory_opened", "houses_opened"} <= set(did)

    # Nor do the directory's addresses, in any form, nor what can be asked of them.
    reader = house.app.test_client()
    for name in COLLECTIONS:
        for query in ("", "?full=true&full_service=true", "?format=ndjson&full_service=true"):
            whole = watch.gets(reader, f"/directory/{name}{query}")
        for line in whole.splitlines():
            watch.gets(reader, f"/directory/{name}/{json.loads(line)['id']}")
        for search in ("wren", "close", "14", "floor", "quillwort", "map.example", "0177"):
            answer = reader.get(f"/directory/{name}", query_string={"search": search})
            assert answer.get_json()["empty"]
        for asked in ("postcode=AN99 1", "postcode=an991&proximity=90000", "search=wren%00"):
            assert told_in(reader.get(f"/directory/{name}?{asked}").text) == []

    # Nor any page that anybody may open, nor what is handed out, nor whom somebody may call by themselves.
    for rule in house.app.url_map.iter_rules():
        if not rule.arguments and "GET" in rule.methods:
            watch.gets(reader, rule.rule)
    for way in ("csv", "json"):
        office.hand_out(store, tmp_path / way, form=way)
        for file in (tmp_path / way).iterdir():
            watch.looks(file.name, file.read_text())
    with store.read() as session:
        named = numbers(session, needs=[NEEDS], at=house.clock())
    assert [one.name for one in named] == ["Day room"]
    watch.looks("a number to call", repr(named))

    # Outside the directory's own tables nothing was written down of it, and nothing was logged.
    with store.read() as session:
        for table in metadata.sorted_tables:
            for row in session.execute(select(table)).all():
                watch.looks(table.name, repr(tuple(row)))
    watch.looks("the log", lines())
    assert watch.leaks == []
    assert watch.seen > 300
