"""An agency has tokens that take over from each other, sees what it was admitted for, and asks as often as agreed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hotline.errors import Conflict, Malformed, NotFound
from hotline.leads import agencies, notices, rescoping
from hotline.leads.agencies import Agency, Token
from hotline.leads.codes import Tlp
from hotline.leads.disclose import CouldKnow
from hotline.leads.pacing import Pacing
from hotline.leads.tables import agency_tokens, observables, stix_objects
from hotline.leads.tokens import MOST
from tests.leads.desk import COLLECTION, NOW, Desk, Reader

LINK = "https://ads.example.com/post"
SCENE: dict[str, Any] = {"links": (LINK,), "could_know": CouldKnow.MANY}


def add(desk: Desk, dele: Reader, name: str, ends_day: str = "") -> str:
    return desk.store.write(
        lambda session: agencies.add_token(
            session, dele.id, name, ends_day, at=desk.at, by="system"
        )
    )


def tokens(desk: Desk, dele: Reader) -> list[Token]:
    with desk.store.read() as session:
        return agencies.tokens(session, dele.id)


def rescope(desk: Desk, dele: Reader, *countries: str, **scope: Any) -> None:
    desk.store.write(
        lambda session: rescoping.rescope(
            session, dele.id, countries, at=desk.at, by="system", **scope
        )
    )


def agency_of(desk: Desk, dele: Reader) -> Agency:
    with desk.store.read() as session:
        return agencies.find(session, dele.id)


def status(app: Flask, token: str) -> int:
    return Reader("", token).asks(app, "/taxii2/").status_code


def at(app: Flask, moment: datetime) -> None:
    app.extensions["hotline"].clock = lambda: moment


def test_one_token_takes_over_from_another(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    newer = add(desk, dele, "MISP at the unit", "2026-12-31")
    assert {status(app, dele.token), status(app, newer)} == {200}
    (former,) = (one for one in tokens(desk, dele) if not one.name)
    desk.store.write(
        lambda session: agencies.end_token(session, dele.id, former.id, at=desk.at, by="system")
    )
    assert (status(app, dele.token), status(app, newer)) == (401, 200)
    assert [(one.name, one.ends_day) for one in tokens(desk, dele)] == [
        ("MISP at the unit", "2026-12-31")
    ]


def test_a_token_opens_until_the_end_of_its_last_day(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    token = add(desk, dele, "curl", "2026-11-26")
    last = datetime.fromisoformat("2026-11-26T23:59:59+00:00")
    at(app, last)
    assert status(app, token) == 200
    at(app, last + timedelta(seconds=1))
    assert (status(app, token), status(app, dele.token)) == (401, 200)
    ended, wrong = (Reader("", one).asks(app, "/taxii2/") for one in (token, "f" * 64))
    assert (ended.data, list(ended.headers)) == (wrong.data, list(wrong.headers))


def test_a_token_stands_nowhere_in_the_clear(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    token = add(desk, dele, "curl")
    with desk.store.read() as session:
        kept = str(session.execute(select(agency_tokens)).all())
    assert token not in kept
    assert dele.token not in kept
    assert all(one.id not in (token, dele.token) for one in tokens(desk, dele))


def test_another_agencys_token_cannot_be_ended(desk: Desk, app: Flask) -> None:
    dele, other = desk.admits("National unit", "RO"), desk.admits("Second unit", "RO")
    (theirs,) = tokens(desk, other)
    with pytest.raises(NotFound):
        desk.store.write(
            lambda session: agencies.end_token(session, dele.id, theirs.id, at=desk.at, by="system")
        )
    assert status(app, other.token) == 200


def test_renewing_ends_every_token(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    more = add(desk, dele, "curl")
    renewed = desk.store.write(
        lambda session: agencies.renew(session, dele.id, at=desk.at, by="system")
    )
    assert [status(app, one) for one in (dele.token, more, renewed)] == [401, 401, 200]


@pytest.mark.parametrize(
    ("name", "ends_day"),
    [("", ""), (" ", ""), ("x" * 81, ""), ("curl", "tomorrow"), ("curl", "2026-11-24")],
)
def test_a_token_needs_a_name_and_a_day_to_come(desk: Desk, name: str, ends_day: str) -> None:
    dele = desk.admits("National unit", "RO")
    with pytest.raises(Malformed):
        add(desk, dele, name, ends_day)


def test_an_agency_has_so_many_tokens_and_those_that_ended_make_room(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    for number in range(MOST - 1):
        add(desk, dele, f"tool {number}", "2026-11-25")
    with pytest.raises(Conflict):
        add(desk, dele, "one more")
    desk.at += timedelta(days=1)
    assert add(desk, dele, "one more")
    assert len(tokens(desk, dele)) == 2


@pytest.mark.parametrize(
    "scope", [{"rate": 0}, {"rate": 10**6}, {"themes": ["none"]}, {"countries": ["XX"]}]
)
def test_an_agency_is_admitted_for_what_there_is(desk: Desk, scope: dict[str, Any]) -> None:
    its = {"countries": ["RO"], **scope}
    with pytest.raises(Malformed):
        desk.store.write(lambda session: agencies.admit(session, "Unit", at=desk.at, **its))


def test_what_is_beyond_the_themes_leaves_the_collection_at_once(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    desk.publishes(exploitation=("SexualExploitation",), **SCENE)
    rescope(desk, dele, "RO", themes=["labour"])
    kinds = [found["type"] for found in dele.reads(app) if not found.get("revoked")]
    assert (kinds.count("report"), kinds.count("note"), kinds.count("url")) == (1, 2, 0)
    assert agency_of(desk, dele).themes == ("labour",)


def test_what_is_marked_more_strictly_leaves_the_collection_at_once(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    strict, green = desk.publishes(), desk.publishes(tlp=Tlp.GREEN)
    rescope(desk, dele, "RO", tlp=Tlp.AMBER)
    reports = {
        found["id"].replace("-", "")[-32:]: found.get("revoked", False)
        for found in dele.reads(app, **{"match[type]": "report"})
    }
    assert reports == {green: False, strict: True}


def test_its_tools_learn_to_delete_what_it_may_not_be_told_any_more(desk: Desk, app: Flask) -> None:
    dele, other = desk.admits("Both", "RO", "BG"), desk.admits("National unit", "RO")
    lead_id = desk.publishes(**SCENE)
    rescope(desk, dele, "BG")
    its = dele.asks(app, f"{COLLECTION}objects/", **{"match[type]": "report,note,location"})
    assert {found.get("revoked") for found in its.get_json(force=True)["objects"]} == {True}
    (item,) = dele.asks(app, "/feeds/leads.json").get_json(force=True)["items"]
    assert item["_lead"]["recalled"]
    (entry,) = dele.asks(app, "/feeds/misp/manifest.json").get_json().values()
    assert entry["info"] == "Recalled lead"
    for path in (f"{COLLECTION}objects/", "/feeds/leads.json", "/feeds/leads.csv"):
        assert "car wash" not in dele.asks(app, path).text
        assert "car wash" in other.asks(app, path).text
    with desk.store.read() as session:
        assert [one.lead_id for one in notices.open_for(session, dele.id)] == [lead_id]
        assert notices.open_for(session, other.id) == []
    # Nothing of it comes back, nor is it recalled twice.
    rescope(desk, dele, "BG", "RO")
    desk.recalls(lead_id)
    assert len(dele.asks(app, "/feeds/leads.json").get_json(force=True)["items"]) == 1


def test_what_several_leads_tell_stays_while_one_of_them_may_be_told(
    desk: Desk, app: Flask
) -> None:
    dele = desk.admits("National unit", "RO", "BG")
    desk.publishes(**SCENE)
    desk.publishes(country="BG", **SCENE)
    rescope(desk, dele, "BG")
    assert [found["value"] for found in dele.reads(app, **{"match[type]": "url"})] == [LINK]
    rescope(desk, dele, "MT")
    left = [found for found in dele.reads(app) if not found.get("revoked")]
    assert not {"url", "location"} & {found["type"] for found in left}
    with desk.store.read() as session:
        assert session.execute(select(observables)).all() == []


def test_a_scope_keeps_what_is_not_said_anew(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    rescope(desk, dele, "RO", themes=["child"], tlp=Tlp.GREEN, rate=7)
    rescope(desk, dele, "BG")
    its = agency_of(desk, dele)
    assert (its.countries, its.themes, its.tlp, its.rate) == (("BG",), ("child",), Tlp.GREEN, 7)


def test_of_a_dismissed_agency_nothing_is_left(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    desk.publishes(**SCENE)
    desk.store.write(lambda s: agencies.dismiss(s, dele.id, at=desk.at, by="system"))
    with desk.store.read() as session:
        for table in (agency_tokens, stix_objects, observables):
            assert session.execute(select(table)).all() == []


def test_who_asks_too_often_is_told_when_to_come_again(desk: Desk, app: Flask) -> None:
    dele, other = desk.admits("National unit", "RO"), desk.admits("Second unit", "RO")
    rescope(desk, dele, "RO", rate=3)
    assert [status(app, dele.token) for _ in range(4)] == [200, 200, 200, 429]
    refused = dele.asks(app, COLLECTION + "objects/")
    assert refused.content_type == "application/taxii+json;version=2.1"
    assert refused.get_json(force=True)["http_status"] == "429"
    assert status(app, other.token) == 200
    at(app, NOW + timedelta(seconds=int(refused.headers["Retry-After"])))
    assert [status(app, dele.token) for _ in range(2)] == [200, 429]


def test_a_bucket_fills_by_the_minute_and_never_over() -> None:
    pacing = Pacing()
    assert [pacing.take("a", rate=2, at=NOW) for _ in range(3)] == [0, 0, 30]
    later = NOW + timedelta(hours=1)
    assert [pacing.take("a", rate=2, at=later) for _ in range(3)] == [0, 0, 30]
    # A clock that is set back gives nothing, and takes nothing.
    assert pacing.take("a", rate=2, at=NOW) == 30


def test_an_answer_costs_by_what_it_holds_and_nobody_waits_longer_than_a_minute() -> None:
    pacing = Pacing()
    assert pacing.take("a", rate=60, at=NOW) == 0
    pacing.charge("a", 100, rate=60, at=NOW)
    pacing.charge("b", 3_000, rate=60, at=NOW)
    assert [pacing.take(who, rate=60, at=NOW) for who in ("a", "b")] == [0, 0]
    pacing.charge("b", 5_000, rate=60, at=NOW)
    assert pacing.take("b", rate=60, at=NOW) == 20
    assert pacing.take("b", rate=60, at=NOW + timedelta(seconds=20)) == 0
    pacing.charge("b", 10**9, rate=60, at=NOW)
    assert pacing.take("b", rate=60, at=NOW + timedelta(seconds=20)) <= 61


def test_long_answers_use_up_the_rate(
    desk: Desk, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.leads.pacing.A_REQUEST", 1)
    dele = desk.admits("National unit", "RO")
    for _ in range(6):
        desk.publishes()
    for path in ("/feeds/misp/manifest.json", "/feeds/leads.csv", f"{COLLECTION}objects/"):
        rescope(desk, dele, "RO", rate=5)
        app.extensions.pop("pacing of leads", None)
        assert dele.asks(app, path).status_code == 200
        assert status(app, dele.token) == 429, path
