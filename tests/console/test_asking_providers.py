"""Noor asks a service by a link and follows it: to a question, a yes, a house, and to the next best service."""

import re
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import delete, insert, select

from hotline import handoff
from hotline.consent import ConsentRefused, Why
from hotline.handoff import Offer
from hotline.handoff.tables import handoff_links
from hotline.parts import Hotline
from hotline.store import metadata
from hotline.triage import providers, tasks
from hotline.triage.alerts import open_alerts
from hotline.vault.tables import return_codes
from tests.cast import Member, Texter
from tests.channels.herald.test_messenger import mail_at
from tests.city import give_city
from tests.console.agreeing import GROWN, agrees
from tests.console.looking import did, words
from tests.console.test_markup import faults_in
from tests.console.test_referring import offers_in
from tests.house import ORIGIN, House

TOLD = ("need", "language", "area", "hours", "contact", "do_not", "account")
WISHES = {"need": "shelter", "where": "Quayside", "avoid": "North Coast", "around": "2"}


@dataclass
class Asking:
    """One report whose person was offered one service and agreed that it learns seven facts."""

    house: House
    noor: Member
    report: str
    token: str = ""
    pin: str = ""

    @property
    def page(self) -> str:
        return f"/console/report/{self.report}/referral"

    @property
    def offers(self) -> list[Offer]:
        with self.house.hotline.store.read() as session:
            return handoff.offers(session, self.report)

    def path(self, act: str, number: int = 0) -> str:
        return f"{self.page}/{self.offers[number].id}/{act}"

    def form(self, **more: object) -> dict[str, object]:
        """Return the form of a packet as the page has it, with what was typed into it."""
        page = self.noor.opens(self.path("ask"))
        until = re.search(r'name="until" required value="([\d-]+)"', page)
        assert until
        form = {"fields": ["need", "language"], "need": "shelter", "language": "en"}
        return {**form, "until": until[1], "within": "15", "speaks": "en", **more}

    def looks(self, **more: object) -> dict[str, object]:
        """Look at what they would see; return the form with what the page adds to it."""
        form = self.form(**more)
        page = self.noor.sends(self.path("ask"), expect=200, **form).text
        assert faults_in(page) == []
        hidden = dict(re.findall(r'name="(nonce|digest)" value="(\w+)"', page))
        return {**form, **hidden}

    def asks(self, **more: object) -> str:
        """Make the link, and return the page on which it stands."""
        page = self.noor.sends(self.path("ask/link"), expect=200, **self.looks(**more)).text
        self.token = re.search(rf"{ORIGIN}/handoff/([\w-]{{43}})", page)[1]
        self.pin = "".join(re.search(r"once__pin[^>]*>(\d{4}) (\d{4})<", page).groups())
        return page

    def opened(self):
        """Return a browser of the service that opened the link."""
        browser = self.house.app.test_client()
        self.answered(browser, pin=self.pin)
        return browser

    def answered(self, browser, **form: str) -> None:
        done = browser.post(f"/handoff/{self.token}", data=form, base_url=ORIGIN)
        assert done.status_code in (200, 303), done.text

    def kinds(self) -> list[str]:
        with self.house.hotline.store.read() as session:
            its = select(tasks.tasks.c.kind).where(tasks.tasks.c.state == "open")
            return sorted(session.scalars(its))


@pytest.fixture
def asking(house: House, at_desk: Member, maria: Texter) -> Asking:
    give_city(house.hotline.store)
    maria.texts(GROWN)
    asking = Asking(house, at_desk, at_desk.first_report())
    page = at_desk.sends(asking.page, expect=200, **WISHES).text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    at_desk.sends(f"{asking.page}/offer", **{**hidden, "offer": offers_in(page)[0]})
    to = f"handoff {asking.offers[0].organization_id}"
    agrees(at_desk, asking.report, to=to, fields=[f"handoff {name}" for name in TOLD])
    return asking


def test_a_packet_is_seen_before_it_goes_and_link_and_pin_are_shown_once(asking: Asking) -> None:
    page = asking.noor.opens(asking.path("ask"))
    assert re.findall(r'name="fields" value="(\w+)"', page) == list(TOLD)
    assert "Left out, the person did not allow it" in page
    form = asking.looks(fields=["need", "do_not"], do_not=["visit"], do_not_words="Ring twice")
    changed = {**form, "do_not_words": "Ring once"}
    again = asking.noor.sends(asking.path("ask/link"), expect=422, **changed).text
    assert "Something was changed since you looked." in again
    assert asking.offers[0].status == "offered"

    page = asking.asks(fields=["need", "do_not"], do_not=["visit"], do_not_words="Ring twice")
    assert faults_in(page) == []
    assert asking.offers[0].status == "asked"
    assert asking.offers[0].digest[:8] in page
    assert asking.token not in asking.noor.opens(asking.page)
    asked = asking.noor.opens(asking.page)
    assert "They have not opened it yet." in words(asked)
    assert faults_in(asked) == []
    asking.noor.sends(asking.path("ask/link"), expect=409, **asking.looks())


def test_what_stands_against_a_packet_is_said_at_its_field_and_nothing_goes(
    asking: Asking,
) -> None:
    for more, why in (
        ({"fields": ["need", "hours"], "hours_from": "09:00"}, "Choose days, from and until"),
        ({"fields": ["area"], "area": ""}, "Say it, or do not tick it."),
        ({"fields": []}, "Tick what they are told."),
        ({"fields": ["need", "name"], "name": "Maria"}, "The person did not agree"),
        ({"until": "2031-01-01"}, "This lasts longer than the person allowed"),
    ):
        page = asking.noor.sends(asking.path("ask"), expect=422, **asking.form(**more)).text
        assert why in words(page)
        assert faults_in(page) == []
    opened = asking.noor.opens(asking.path("ask"))
    assert "Not every message of the report is reviewed." in words(opened)
    assert 'value="account" disabled' in opened
    # Everything at once: nobody mends one thing after the other.
    several = {
        "fields": ["area", "hours", "account"],
        "hours_until": "09:00",
        "account": "A house.",
    }
    form = asking.form(**several, until="2020-01-01", tell="Come at ten.")
    for act in ("ask", "ask/link"):
        page = asking.noor.sends(asking.path(act), expect=422, **form).text
        for why in (
            "Choose days, from and until",
            "Say it, or do not tick it.",
            "Not every message of the report is reviewed.",
            "Its last day is past.",
            "4 fields below",
        ):
            assert why in words(page), why
        assert "A house." in page
        assert "Come at ten." in page
        assert faults_in(page) == []
    form = asking.looks(tell="Call +1 500 555 0100")
    page = asking.noor.sends(asking.path("ask/link"), expect=422, **form).text
    assert "It must stand" in page
    assert asking.offers[0].status == "offered"
    asking.asks(tell="Call +1 500 555 0100", sure="1")


def test_a_code_that_is_not_ours_is_told_where_words_are_prepared(asking: Asking) -> None:
    row = {"lookup": b"l" * 32, "report_id": asking.report, "public_key": b"k" * 32}
    row |= {"secret_sealed": b"", "word_check": b"", "attested": b""}
    store = asking.house.hotline.store
    store.write(
        lambda session: (
            session.execute(delete(return_codes).where(return_codes.c.report_id == asking.report)),
            session.execute(insert(return_codes).values(row)),
        )
    )
    asking.asks(tell="They expect you.")
    with store.read() as session:
        assert "false_code" in [one.kind for one in open_alerts(session, "main")]


def test_what_is_known_and_allowed_is_ticked_and_hours_are_chosen(asking: Asking) -> None:
    page = asking.noor.opens(asking.path("ask"))
    assert re.findall(r'name="fields" value="(\w+)" checked', page) == ["need", "language", "area"]
    rows = {"hours_days": ["mon-fri", "sat"], "hours_from": ["09:00", "10:00"]}
    chosen = {**rows, "hours_until": ["17:00", "24:00"], "hours_zone": "Europe/Athens"}
    page = asking.noor.sends(
        asking.path("ask"), expect=200, **asking.form(fields=["hours"], **chosen)
    ).text
    assert "What they would read" in page
    for said in ("Mon to Fri 09:00–17:00", "Sat 10:00–24:00", "by the clock of Athens"):
        assert said in words(page), said


def test_who_asks_has_read_what_was_written_meanwhile(asking: Asking, maria: Texter) -> None:
    page = asking.noor.opens(asking.path("ask"))
    seen = dict(re.findall(r'name="(read|read_joined)" value="(\d+)"', page))
    form = asking.looks(tell="The appointment is confirmed.", **seen)
    maria.texts("I do not want that any more.")
    for act in ("ask", "ask/link"):
        status = 409 if act == "ask/link" else 422
        page = asking.noor.sends(asking.path(act), expect=status, **form).text
        assert "read it first" in words(page)
        assert "The appointment is confirmed." in page
        assert faults_in(page) == []
    assert asking.offers[0].status == "offered"
    assert dict(re.findall(r'name="(read)" value="(\d+)"', page))["read"] > seen["read"]


def test_words_to_a_service_that_would_tell_who_is_meant_are_asked_about(asking: Asking) -> None:
    asking.asks()
    their = asking.opened()
    asking.answered(their, answer="ask", words="How can we reach her?")
    page = asking.noor.opens(asking.page)
    assert "May be told" in page
    assert "Their name" in words(page).partition("May not be told")[2][:300]
    risky = "Call +1 500 555 0100"
    page = asking.noor.sends(asking.path("answer"), expect=422, words=risky).text
    assert "These words could tell who is meant." in words(page)
    assert risky in page
    assert faults_in(page) == []
    address = f"/handoff/{asking.token}"
    assert risky not in their.get(address, base_url=ORIGIN).text
    asking.noor.sends(asking.path("answer"), words=risky, sure="1")
    assert risky in their.get(address, base_url=ORIGIN).text


def test_nothing_new_is_answered_once_the_person_took_it_back(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise ConsentRefused(Why.ASK_AGAIN)

    asking.asks()
    asking.answered(asking.opened(), answer="ask", words="Is she well?")
    monkeypatch.setattr(providers, "answer", refuses)
    page = asking.noor.sends(asking.path("answer"), expect=422, words="Yes, she is.").text
    assert "The person agreed more than 30 days ago." in words(page)
    assert "Yes, she is." in page
    assert faults_in(page) == []


def test_a_yes_or_no_by_telephone_is_written_down(asking: Asking) -> None:
    asking.asks()
    said = asking.path("said")
    page = asking.noor.sends(said, expect=422, answer="no", reason="").text
    assert "Say why they said no." in words(page)
    assert faults_in(page) == []
    asking.noor.sends(said, answer="no", reason="full")
    assert (asking.offers[0].status, asking.offers[0].declined_for) == ("declined", "full")
    assert "next_service" in asking.kinds()
    service = asking.offers[0].service_name
    listed = asking.noor.opens("/console/tasks")
    assert f"Ask the next service: {service}" in words(listed)
    assert f"/referral#offer-{asking.offers[0].id}" in listed
    asking.noor.sends(said, expect=409, answer="yes")
    asking.asks()
    asking.noor.sends(said, answer="yes")
    assert asking.offers[0].status == "accepted"
    page = asking.noor.sends(asking.path("houses"), expect=200).text
    assert "Telephone" in words(page).partition("Where to go")[2]
    asking.noor.sends(said, expect=409, answer="yes")


def test_consent_is_asked_for_with_the_organization_and_its_facts_chosen(
    asking: Asking,
) -> None:
    offer = asking.offers[0]
    page = asking.noor.sends(
        f"/console/report/{asking.report}/consent/look",
        expect=200,
        choose="1",
        to=f"handoff {offer.organization_id}",
        fields=["handoff need", "handoff area"],
    ).text
    assert f'value="handoff {offer.organization_id}" required checked' in page
    assert 'value="handoff area" checked' in page
    assert "Nothing was done" not in page
    form = {"to": f"handoff {offer.organization_id}", "fields": ["handoff need"]}
    look = f"/console/report/{asking.report}/consent/look"
    assert "They have no code word" in words(asking.noor.sends(look, expect=200, **form).text)


def test_from_the_question_of_a_service_to_the_next_one(asking: Asking, supervisor: Member) -> None:
    asking.asks()
    their = asking.opened()
    asking.answered(their, answer="ask", words="Has she medicine with her?")
    page = asking.noor.opens(asking.page)
    assert "Has she medicine with her?" in page
    assert "answer_provider" in asking.kinds()
    asking.noor.sends(asking.path("answer"), expect=422, words=" ")
    asking.noor.sends(asking.path("houses"), expect=409)
    asking.noor.sends(asking.path("answer"), words="For three days.")
    assert "answer_provider" not in asking.kinds()
    assert "For three days." in their.get(f"/handoff/{asking.token}", base_url=ORIGIN).text

    asking.answered(their, answer="yes")
    assert asking.offers[0].status == "accepted"
    page = asking.noor.opens(asking.page)
    assert 'id="houses-' not in page
    page = asking.noor.sends(asking.path("houses"), expect=200).text
    assert 'id="houses-' in page
    assert faults_in(page) == []
    assert did(asking.house).count("houses_opened") == 1

    page = asking.noor.sends(asking.path("outcome"), expect=422, outcome="").text
    assert "Say what came of it." in words(page)
    asking.noor.sends(asking.path("outcome"), outcome="no_space")
    assert "next_service" in asking.kinds()
    page = asking.noor.opens(asking.page)
    assert faults_in(page) == []
    assert "Next best:" in words(page)
    ready = page.partition("Next best:")[2].partition("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', ready))
    assert (hidden["where"], hidden["avoid"], hidden["around"]) == ("Quayside", "North Coast", "2")
    asking.noor.sends(f"{asking.page}/offer", **{**hidden, "offer": offers_in(ready)[0]})
    first, second = asking.offers
    assert first.service_id != second.service_id
    assert "Next best:" not in words(asking.noor.opens(asking.page))
    assert "looked where a service" in supervisor.opens("/console/audit")


def test_a_link_that_is_taken_back_opens_no_more(asking: Asking) -> None:
    asking.asks()
    asking.noor.sends(asking.path("back"))
    assert asking.offers[0].status == "offered"
    shut = asking.house.app.test_client().get(f"/handoff/{asking.token}", base_url=ORIGIN)
    assert shut.status_code == 404
    page = asking.noor.sends(asking.path("back"), expect=409).text
    assert "It has changed meanwhile." in words(page)


def test_neither_wishes_nor_packet_nor_pin_stand_in_the_clear(asking: Asking) -> None:
    asking.asks(
        fields=["need", "area"], area="Near the old mill", tell="The appointment is confirmed."
    )
    kept = everything_in(asking.house)
    service = asking.offers[0].service_name
    assert service in kept
    for secret in ("old mill", "appointment is confirmed", asking.token):
        assert secret not in kept, secret
    in_report = rows_of(asking.house, asking.report)
    for wish in ("Quayside", "North Coast"):
        assert wish not in in_report, wish


def everything_in(house: House) -> str:
    with house.hotline.store.read() as session:
        tables = metadata.sorted_tables
        return "\n".join(repr(row) for table in tables for row in session.execute(select(table)))


def rows_of(house: House, report: str) -> str:
    """Return every row of every table that names the report."""
    with house.hotline.store.read() as session:
        tables = [table for table in metadata.sorted_tables if "report_id" in table.c]
        found = [
            repr(row)
            for table in tables
            for row in session.execute(select(table).where(table.c.report_id == report))
        ]
    assert found
    return "\n".join(found)


def test_the_link_goes_by_mail_where_the_house_has_a_mail_server(asking: Asking) -> None:
    hotline: Hotline = asking.house.hotline
    config = replace(hotline.config, mail=mail_at("25"))
    asking.house.hotline = replace(hotline, config=config)
    asking.house.app.extensions["hotline"] = asking.house.hotline
    assert "By mail, from us." in asking.noor.opens(asking.path("ask"))
    for nowhere in ("nobody", ""):
        form = asking.form(by="mail", to=nowhere)
        page = asking.noor.sends(asking.path("ask"), expect=422, **form).text
        assert "This is no mail address." in words(page)
    page = asking.asks(by="mail", to="office@harbor.example")
    assert "It goes to office@harbor.example by mail." in words(page)
    kept = everything_in(asking.house)
    assert "office@harbor.example" not in kept
    with asking.house.hotline.store.read() as session:
        assert session.execute(select(handoff_links.c.id)).one()


def test_nobody_else_asks_and_no_other_offer_is_meant(asking: Asking, supervisor: Member) -> None:
    form = asking.looks()
    supervisor.sends(asking.path("ask/link"), expect=409, **form)
    other = f"{asking.page}/{'0' * 32}"
    for act in ("ask", "ask/link", "answer", "said", "outcome", "back", "houses"):
        asking.noor.sends(f"{other}/{act}", expect=404, **form)
    assert asking.offers[0].status == "offered"


def test_how_soon_services_answered_us_is_shown_and_ranks(asking: Asking, monkeypatch) -> None:
    services = offers_in(asking.noor.sends(asking.page, expect=200, need="legal").text)
    measured = {services[-1]: 3}
    monkeypatch.setattr(handoff, "responsiveness", lambda _session, _at: measured)
    page = asking.noor.sends(asking.page, expect=200, need="legal").text
    assert page.count("answered us in") == 1
    assert "3 min" in page.partition("answered us in")[2][:80]
