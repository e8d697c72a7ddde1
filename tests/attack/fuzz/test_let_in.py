"""Whoever is let in from outside, an agency with its token and a provider with link and PIN: no fault of ours, and no more than theirs."""

from typing import Any

from hypothesis import strategies as st

from tests.attack.fuzz.filling import forms_on
from tests.attack.fuzz.hostile import CANARY, MARKUP, by_name, forms, fuzz, json_values, sendable
from tests.channels.provider.asking import Harbor, asking
from tests.channels.provider.test_room import beds_of
from tests.house import ORIGIN, House
from tests.leads.desk import Desk

SUBSCRIPTIONS = "/feeds/webhooks"
ACTS = ("", "/pause", "/resume", "/replay", "/secret", "/receipts", "/x", "/receipts/x")
GIVEN = ("https://tool.example/leads", "https://127.0.0.1/", "https://[::1]/", "https://x@tool.example", 0, 2**53, True, None)  # fmt: skip


def test_no_subscription_of_an_agency_is_a_fault_of_ours_or_anothers(house: House) -> None:
    desk = Desk(house.hotline.store)
    dele, other = desk.admits("National unit", "RO"), desk.admits("Other unit", "RO")
    client = house.app.test_client()

    def asks(token: str, path: str, method: str = "GET", **more: Any) -> Any:
        shown = {"Authorization": f"Bearer {token}"}
        return client.open(SUBSCRIPTIONS + path, method=method, headers=shown, **more)

    its = {"json": {"url": GIVEN[0]}, "base_url": ORIGIN}
    theirs = asks(other.token, "", "POST", **its).json["id"]
    ours = asks(dele.token, "", "POST", **its).json["id"]
    before = asks(other.token, f"/{theirs}").json
    ids = st.sampled_from([ours, ours, ours, theirs, "0" * 32, "\0", "..", ours[:31]])
    told = st.one_of(st.sampled_from(GIVEN), json_values())
    bodies = st.one_of(st.fixed_dictionaries({"url": told, "since": told}), json_values())
    queries = forms(("limit", "before", "since"), st.one_of(ids, sendable(20)))
    methods = st.sampled_from(["GET", "POST", "POST", "PUT", "PATCH", "OPTIONS"])

    @fuzz(80, 5_000, methods, st.one_of(st.just(""), ids), st.sampled_from(ACTS), bodies, queries)
    def ask(method: str, webhook: str, act: str, body: Any, query: Any) -> None:
        house.clock.passes(seconds=61)
        path = f"/{webhook}{act}" if webhook else ""
        more = {"query_string": by_name(query)} if method == "GET" else {"json": body}
        answer = asks(dele.token, path, method, **more)
        assert answer.status_code < 500
        assert answer.status_code == 404 or webhook != theirs or method not in ("GET", "POST")
        assert CANARY not in answer.text or method == "POST"

    ask()
    assert asks(other.token, f"/{theirs}").json == before


def test_no_form_of_a_provider_is_a_fault_of_ours_or_about_another_person(house: House) -> None:
    noor, harbor = asking(house), Harbor(house.app.test_client())
    beside = noor.again()
    sent, another, room = noor.asks(), beside.asks(), beds_of(house, noor)
    fields, known = {"pin": ""}, {"pin", sent.offer_id}
    for link in (sent, room):
        for form in forms_on(harbor.opens(link).text, link.path):
            fields |= form.fields
            known |= form.offered
    values = st.one_of(st.sampled_from(sorted(known)), sendable(40))
    paths = (sent.path, sent.path, room.path, another.path, f"{sent.path}/x", f"{room.path}-")
    hers = beside.offer(another)

    @fuzz(
        60,
        5_000,
        st.sampled_from(["GET", "POST"]),
        st.sampled_from(paths),
        forms(sorted(fields), values),
    )
    def ask(method: str, path: str, form: Any) -> None:
        where = {"query_string" if method == "GET" else "data": by_name(form)}
        answer = harbor.browser.open(path, method=method, base_url=ORIGIN, **where)
        assert answer.status_code < 500
        assert MARKUP.encode() not in answer.data
        assert path == sent.path or "Amina" not in answer.text

    ask()
    assert beside.offer(another) == hers
