"""Amina told us everything on the web, and wants it to be gone. With her code and her word she asks for it, on the
web or by a text from any phone; nothing leaves from then on, and after three days nothing of it is left. Whoever
took her phone, with a wrong word, gets the same answer as to any text and erases nothing."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline import audit, consent, handoff
from hotline.channels.web.desk import Brake, Desk, WordBrake
from hotline.contact.carrier import ProviderMessage
from hotline.contact.tables import erase_at_provider
from hotline.domain.report import Channel, IncomingMessage
from hotline.handoff.tables import handoffs
from hotline.jobs import ensure, hasten, jobs
from hotline.leads import agencies, publish
from hotline.leads.tables import leads
from hotline.messages import render
from hotline.reports.tables import messages, reports, seen
from hotline.store import metadata
from hotline.triage.alerts import open_alerts
from hotline.worker import WORK, work_off
from tests.cast import AMINA, Member, Texter
from tests.consent.keys import keyring
from tests.house import NOON, ORIGIN, SMS_LINE, House, found_house
from tests.leads.desk import draft
from tests.retention.rows import hold, only_report, tables_naming

WORD = "Mustardseed"
TOLD = "My name is Zorvanthiel. He keeps my passport and locks the door."


@dataclass
class Amina:
    """At a browser without scripts, and with a telephone."""

    house: House
    browser: FlaskClient
    phone: Texter
    digits: str = ""
    words: str = ""
    page: str = field(default="", repr=False)

    def writes(self) -> str:
        self._sends("/en/new", account=TOLD, word=WORD, who="me")
        self.digits = " ".join(re.findall(r"<li>(\d{3})</li>", self.page))
        self.words = " ".join(re.findall(r"<li>([a-z]+)</li>", self.page))
        assert len(self.digits) == 27
        return only_report(self.house.hotline.store)

    def comes_back(self, word: str = WORD, **more: str) -> str:
        return self._sends("/en/again", code=self.digits, word=word, **more)

    def asks_on_the_web(self) -> str:
        assert "Erase everything?" in self.comes_back(ask="erase")
        return self.comes_back(ask="sure")

    def texts(self, body: str) -> str:
        return self.phone.texts(body)

    def _sends(self, path: str, **form: str) -> str:
        response = self.browser.post(path, data=form, base_url=ORIGIN)
        assert response.status_code in (200, 422), response.status
        self.page = unescape(response.text)
        return self.page


everywhere = pytest.mark.parametrize("whole", ["sqlite", "postgres"], indirect=True)
at_length = pytest.mark.parametrize(
    "whole", ["sqlite", pytest.param("postgres", marks=pytest.mark.exhaustive)], indirect=True
)
"""Everywhere, but only `make bench` goes through what no database does in a way of its own."""


@pytest.fixture
def whole(request, tmp_path):
    """A house; on each database where it is asked for `everywhere`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        house = found_house(tmp_path)
    else:
        house = found_house(tmp_path, database_url=request.getfixturevalue("postgres_url"))
    brake, words = Brake(sleep=lambda _seconds: None), WordBrake(sleep=lambda _seconds: None)
    house.app.extensions["web"] = Desk(brake=brake, words=words)
    yield house
    house.close()


@pytest.fixture
def amina(whole) -> Amina:
    return Amina(whole, whole.app.test_client(), Texter(whole, AMINA))


def works(house):
    """Let the worker do what is due, as often as there is anything."""
    at = house.clock()
    house.hotline.store.write(lambda session: _standing(session, at))
    while work_off(house.hotline):
        pass


def _standing(session, at):
    ensure(session, ["end"], at=at)
    hasten(session, ["end"], at=at)


def lines(house, did):
    with house.hotline.store.read() as session:
        return [line for line in audit.page(session) if line.did == did]


def bytes_left(house):
    return b"".join(path.read_bytes() for path in house.var.glob("hotline.db*"))


def sealed_of(house, report_id):
    with house.hotline.store.read() as session:
        table = metadata.tables["envelopes"]
        rows = session.execute(select(table).where(table.c.report_id == report_id)).all()
    return [part for row in rows for part in (row.wrap, row.body, row.preview) if part]


def nothing_is_left(house, report_id, sealed):
    assert tables_naming(house.hotline.store, report_id) == set()
    if house.hotline.store.is_sqlite:
        left = bytes_left(house)
        assert report_id.encode() not in left
        assert [part for part in sealed if part[:24] in left or part[-24:] in left] == []
    assert len(lines(house, "erased")) == 1


@everywhere
def test_asked_on_the_web_it_is_gone_after_three_days(whole, amina):
    report_id = amina.writes()
    sealed = sealed_of(whole, report_id)
    # She gives her word, reads what will happen, and says it once more.
    page = amina.asks_on_the_web()
    assert "This will be erased" in page
    assert "Mar 5" in page
    assert "Apr 4" in page
    # For three days nothing happens.
    whole.clock.passes(hours=71)
    works(whole)
    assert "envelopes" in tables_naming(whole.hotline.store, report_id)
    # Then it is gone, and it is written down that it is.
    whole.clock.passes(hours=1)
    works(whole)
    nothing_is_left(whole, report_id, sealed)
    assert lines(whole, "erased")[0].who == "reporter"
    # Her code opens nothing any more.
    assert "That code opens nothing" in amina.comes_back()


@at_length
@pytest.mark.parametrize("by", ["digits", "words"])
def test_asked_by_text_it_is_answered_like_any_text_and_gone_after_three_days(whole, amina, by):
    report_id = amina.writes()
    first = amina.texts("hello, is anyone there?")
    amina.texts("are you there")
    more = amina.texts("please")
    # A text with code, word and keyword, from a phone that wrote before: the same answer as to any.
    assert amina.texts(f"erase {getattr(amina, by)} {WORD.lower()}") == more
    stranger = Texter(whole, "+15005550149")
    assert stranger.texts(f"ERASE {getattr(amina, by)} {WORD}") == first
    # Nothing of it is kept as a message; that it came is known, and the provider forgets it.
    with whole.hotline.store.read() as session:
        assert len(session.execute(select(messages.c.seq)).all()) == 4
        assert len(session.execute(select(seen.c.day)).all()) == 5
        assert len(session.execute(select(erase_at_provider.c.id)).all()) == 5
    assert len(lines(whole, "erasure_asked")) == 1
    sealed = sealed_of(whole, report_id)
    whole.clock.passes(hours=72)
    works(whole)
    nothing_is_left(whole, report_id, sealed)


def test_a_text_in_another_language_asks_for_the_same(whole, amina):
    amina.writes()
    word = render(whole.hotline.languages, "erase_word", Channel.SMS, "es")
    amina.texts(f"{word}: {amina.digits}, {WORD}")
    assert len(lines(whole, "erasure_asked")) == 1


def test_a_wrong_word_erases_nothing_locks_nobody_out_and_is_kept(whole, amina):
    report_id = amina.writes()
    more = [amina.texts(text) for text in ("hello", "hello", "please")][-1]
    assert amina.texts(f"ERASE {amina.digits} he is here help me") == more
    assert amina.texts(f"ERASE {amina.words} he is here help me") == more
    assert lines(whole, "erasure_asked") == []
    # The right word still opens everything,
    assert "All that was written" in amina.comes_back()
    # and what the desk reads has neither the digits nor the words of her code.
    noor = Member(whole, "noor")
    noor.signs_in()
    with whole.hotline.store.read() as session:
        ids = session.execute(select(reports.c.id)).scalars().all()
    read = "".join(noor.opens(f"/console/report/{each}") for each in ids)
    assert "he is here help me" in re.sub("<[^>]+>", "", read)
    assert amina.digits not in read
    assert amina.digits.replace(" ", "") not in read
    assert amina.words not in read
    assert "envelopes" in tables_naming(whole.hotline.store, report_id)


def test_a_wrong_word_on_the_web_erases_nothing(whole, amina):
    amina.writes()
    assert "That word does not open more" in amina.comes_back("another", ask="sure")
    assert "Erase everything?" not in amina.comes_back("another", ask="erase")
    assert lines(whole, "erasure_asked") == []


def test_the_code_alone_erases_nothing(whole, amina):
    amina.writes()
    page = amina.comes_back("", ask="sure")
    assert "Erase what I told you" not in page
    amina.texts(f"ERASE {amina.digits}")
    assert lines(whole, "erasure_asked") == []


@pytest.mark.parametrize("way", ["web", "text"])
def test_she_can_take_it_back(whole, amina, way):
    report_id = amina.writes()
    amina.asks_on_the_web()
    whole.clock.passes(hours=60)
    if way == "web":
        page = amina.comes_back(ask="keep")
        assert "It is not erased" in page
    else:
        amina.texts(f"keep {amina.digits} {WORD}")
    assert len(lines(whole, "erasure_cancelled")) == 1
    whole.clock.passes(hours=60)
    works(whole)
    assert "envelopes" in tables_naming(whole.hotline.store, report_id)
    # Asked again, the three days begin anew.
    amina.asks_on_the_web()
    whole.clock.passes(hours=71)
    works(whole)
    assert "envelopes" in tables_naming(whole.hotline.store, report_id)
    whole.clock.passes(hours=1)
    works(whole)
    assert tables_naming(whole.hotline.store, report_id) == set()


def test_asking_twice_waits_no_longer(whole, amina):
    report_id = amina.writes()
    amina.asks_on_the_web()
    whole.clock.passes(hours=48)
    amina.texts(f"ERASE {amina.digits} {WORD}")
    whole.clock.passes(hours=24)
    works(whole)
    assert tables_naming(whole.hotline.store, report_id) == set()


@at_length
def test_while_staff_doubt_who_asked_it_stands_still(whole, amina):
    report_id = amina.writes()
    noor = Member(whole, "noor")
    noor.signs_in()
    noor.sends(f"/console/report/{report_id}/duress", duress="on", why="her brother called")
    page = amina.asks_on_the_web()
    # Whoever sits at her page sees what anybody would see,
    assert "Mar 5" in page
    # a supervisor hears of it,
    with whole.hotline.store.read() as session:
        assert [alert.kind for alert in open_alerts(session, "main")] == ["erasure_frozen"]
    # and nothing is erased, however long it takes.
    whole.clock.passes(days=10)
    works(whole)
    assert "envelopes" in tables_naming(whole.hotline.store, report_id)
    assert "erased soon" in amina.comes_back()
    # When the doubt is gone the three days begin anew.
    noor.signs_in()
    noor.sends(f"/console/report/{report_id}/duress", duress="off", why="she called herself")
    whole.clock.passes(hours=70)
    works(whole)
    assert "envelopes" in tables_naming(whole.hotline.store, report_id)
    whole.clock.passes(hours=3)
    works(whole)
    assert tables_naming(whole.hotline.store, report_id) == set()


def test_a_doubt_that_comes_later_freezes_too(whole, amina):
    report_id = amina.writes()
    amina.asks_on_the_web()
    noor = Member(whole, "noor")
    noor.signs_in()
    assert "asked to have everything erased" in noor.opens(f"/console/report/{report_id}")
    noor.sends(
        f"/console/report/{report_id}/duress", duress="on", why="a man was heard", expect=303
    )
    with whole.hotline.store.read() as session:
        kinds = {alert.kind for alert in open_alerts(session, "main")}
        assert kinds == {"erasure_asked", "erasure_frozen"}
    whole.clock.passes(days=4)
    works(whole)
    assert "envelopes" in tables_naming(whole.hotline.store, report_id)


@at_length
def test_what_the_law_holds_waits_and_she_is_told(whole, amina):
    report_id = amina.writes()
    hold(whole.hotline.store, report_id, date(2026, 3, 20))
    page = amina.asks_on_the_web()
    assert "as soon as we may" in page
    # nobody who forced code and word out of her learns that a court asked,
    assert "law" not in page
    whole.clock.passes(days=4)
    works(whole)
    assert "envelopes" in tables_naming(whole.hotline.store, report_id)
    whole.clock.passes(days=16)
    works(whole)
    assert tables_naming(whole.hotline.store, report_id) == set()


def let_out(house, report_id):
    """Let a lead out with her consent, and offer a service."""
    at, store = house.clock(), house.hotline.store
    store.write(lambda session: agencies.admit(session, "National unit", ["RO"], at=at))
    store.write(lambda session: agree(session, report_id, at))


def agree(session, report_id, at):
    consent.record(
        session,
        keyring(),
        at=at,
        report_id=report_id,
        purpose="lead",
        recipient=consent.INVESTIGATORS,
        fields=[consent.EVERY_FIELD],
        given_how="web",
        words=consent.Words("ask_lead", "en", "May we tell investigators?"),
        until=at.date() + timedelta(days=30),
    )
    return publish.publish(session, draft(), report_id=report_id, by="noor", at=at)


@at_length
def test_release_stops_at_once_and_what_had_left_is_recalled(whole, amina):
    report_id = amina.writes()
    store = whole.hotline.store
    let_out(whole, report_id)
    row = {"id": "f" * 32, "report_id": report_id, "number": 1, "service_id": "s", "need": "x"}
    more = {
        "service_name": "s",
        "organization_id": "o",
        "fields": [],
        "status": "accepted",
        "offered_by": "noor",
        "day": "2026-03-02",
    }
    store.write(lambda session: session.execute(handoffs.insert(), row | more))
    amina.asks_on_the_web()
    with store.read() as session:
        (lead,) = session.execute(select(leads)).all()
        assert lead.recalled_day == "2026-03-02"
        assert lead.told == {}
        assert all(given.revoked_day for given in consent.of_report(session, report_id))
        assert [offer.status for offer in handoff.offers(session, report_id)] == ["withdrawn"]
    # Nothing leaves any more, and no newer consent is taken either.
    with pytest.raises(consent.ConsentRefused) as refused:
        store.write(lambda session: agree(session, report_id, whole.clock()))
    assert refused.value.why is consent.Why.STOPPED
    sealed = sealed_of(whole, report_id)
    whole.clock.passes(hours=72)
    works(whole)
    nothing_is_left(whole, report_id, sealed)


def test_a_retry_of_the_provider_asks_nothing_again(whole, amina):
    amina.writes()
    amina.texts(f"ERASE {amina.digits} {WORD}")
    amina.comes_back(ask="keep")
    amina.phone.last = {**amina.phone.last}
    # The text before is delivered once more, after it was taken back.
    response = amina.phone.retries()
    assert response.status_code == 200
    assert len(lines(whole, "erasure_asked")) == 1


def test_a_text_that_only_the_providers_list_has_is_heard_too(whole, amina):
    amina.writes()
    lost = IncomingMessage(
        channel=Channel.SMS,
        text=f"ERASE {amina.digits} {WORD}",
        locale="",
        provider_id="SM" + "7" * 32,
        sender=AMINA,
        line=SMS_LINE,
    )
    whole.carrier.held = [ProviderMessage(lost.provider_id, lost)]
    WORK["reconcile"](whole.hotline, "")
    WORK["reconcile"](whole.hotline, "")
    assert len(lines(whole, "erasure_asked")) == 1
    with whole.hotline.store.read() as session:
        assert len(session.execute(select(reports.c.id)).all()) == 1
        assert len(session.execute(select(messages.c.seq)).all()) == 1


def test_the_hour_is_all_that_is_kept_of_when_she_asked(whole, amina):
    amina.writes()
    whole.clock.passes(minutes=17, seconds=31)
    amina.asks_on_the_web()
    with whole.hotline.store.read() as session:
        row = session.execute(select(metadata.tables["erasures"])).one()
    assert row.asked_at == NOON
    assert row.due_at == NOON + timedelta(hours=73)


def test_no_line_of_what_she_let_be_undone_tells_more_than_the_day(whole, amina):
    """A text asks for it: an hour beside a report, or beside its lead, would find it in a carrier's records."""
    report_id = amina.writes()
    let_out(whole, report_id)
    whole.clock.passes(minutes=17, seconds=31)
    amina.texts(f"ERASE {amina.digits} {WORD}")
    with whole.hotline.store.read() as session:
        hers = [line for line in audit.page(session) if line.who == "reporter"]
    assert {line.did for line in hers} >= {"erasure_asked", "consent_revoked", "recall"}
    assert {(line.at, line.report_id, line.desk) for line in hers} == {
        (NOON.replace(hour=0), report_id, "main")
    }
    assert all(line.is_waiting for line in hers)


@everywhere
def test_words_that_come_while_it_is_erased_are_kept(whole, amina, monkeypatch):
    report_id = amina.writes()
    hotline = whole.hotline
    received = hotline.reception.again

    def erased_meanwhile(*args, **more):
        hotline.sweeper.eraser.erase(report_id, by="reporter", at=whole.clock())
        return received(*args, **more)

    # Between the look at her code and the keeping of her words, the erasure happens.
    monkeypatch.setattr(
        type(hotline.reception), "again", lambda _self, *a, **m: erased_meanwhile(*a, **m)
    )
    assert "We have it" in amina.comes_back("", more="wait, he is back")
    new = only_report(hotline.store)
    assert new != report_id
    # The same code leads to them.
    assert "No new answer yet" in amina.comes_back("")


def test_jobs_of_an_erased_report_do_no_harm(whole, amina):
    report_id = amina.writes()
    amina.asks_on_the_web()
    whole.clock.passes(hours=72)
    works(whole)
    works(whole)
    with whole.hotline.store.read() as session:
        names = set(session.execute(select(jobs.c.name).where(jobs.c.tries > 0)).scalars())
    assert names == set()
    assert tables_naming(whole.hotline.store, report_id) == set()
