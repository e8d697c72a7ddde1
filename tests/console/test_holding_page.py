"""Operators see what the provider still holds: how much and for how long, never what."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from hotline import audit
from hotline.audit import Line
from hotline.console.holding import Check
from hotline.contact import erase_later
from hotline.contact.carrier import CarrierBusy, Held
from hotline.contact.tables import erase_at_provider, pictures
from hotline.factory import create_app
from hotline.jobs import ensure, jobs
from hotline.worker import work_off
from tests.cast import Member
from tests.house import ORIGIN

SM = "SM" + "1" * 32
PAGE = "/console/provider"


@pytest.fixture
def ada(house) -> Member:
    ada = Member(house, "ada")
    ada.signs_in()
    return ada


def write(house, work):
    return house.hotline.store.write(work)


def asks(house, kind="message", provider_id=SM, **ago):
    at = house.clock() - timedelta(**ago)
    write(house, lambda session: erase_later(session, kind, provider_id, at=at))


def checked(house, what):
    write(
        house,
        lambda session: audit.record(
            session, at=house.clock(), who="system", did="provider_checked", what=what
        ),
    )


def test_administrators_and_supervisors_see_the_page_and_nobody_else(house, supervisor, ada):
    for member in (supervisor, ada):
        assert "<h1>At the provider</h1>" in member.opens(PAGE)
    for username in ("noor", "abel", "ivo", "isa", "enzo"):
        other = Member(house, username)
        other.signs_in()
        for method in (other.client.get, other.client.post):
            assert method(PAGE, base_url=ORIGIN).status_code in (403, 405)
        assert other.client.post(PAGE + "/check", base_url=ORIGIN).status_code == 403


def test_before_anything_happened_it_says_so(ada):
    page = ada.opens(PAGE)
    assert "Nobody has checked yet." in page
    assert "Nothing waits." in page


def test_without_a_provider_there_is_nothing_to_check(house):
    house.app = create_app(replace(house.hotline, carrier=None))
    ada = Member(house, "ada")
    ada.signs_in()
    page = ada.opens(PAGE)
    assert "No provider is set up" in page
    assert "Check now" not in page


def test_what_waits_is_told_by_kind_number_and_age(house, ada):
    asks(house, hours=3)
    asks(house, provider_id="SM" + "2" * 32, minutes=5)
    asks(house, "recording", "RE" + "3" * 32, days=15)
    write(
        house,
        lambda session: session.execute(
            update(erase_at_provider)
            .where(erase_at_provider.c.kind == "recording")
            .values(is_stuck=True)
        ),
    )
    row = {"id": "a" * 32, "id_hash": b"1" * 32, "sealed": b"x", "since": house.clock()}
    write(house, lambda session: session.execute(insert(pictures), row))
    page = ada.opens(PAGE)
    for words in ("Texts<", "3 hours", "Recordings", "2 weeks", "refused for two weeks: 1"):
        assert words in page, words
    assert "Texts whose pictures are still to be fetched" in page
    for provider_id in (SM, "SM" + "2" * 32, "RE" + "3" * 32):
        assert provider_id not in page


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("0 left", "Nothing was left that is older than 30 minutes."),
        ("1 left, oldest 95 min", "1 thing was left, for 95 minutes."),
        ("3 left, oldest 45 min", "3 things were left, the oldest for 45 minutes."),
        ("3 left, oldest 4000 min", "It should have gone the day before."),
        ("broke off", "It could not be asked: nobody can say what is left."),
        ("broke off, 7 left, oldest 95 min", "Its list broke off after 7 things"),
        ("", "It could not be asked: nobody can say what is left."),
        ("who knows", "It could not be asked: nobody can say what is left."),
    ],
)
def test_a_check_is_told_in_words(house, ada, what, words):
    checked(house, what)
    assert words in ada.opens(PAGE)


def test_only_a_whole_list_without_anything_on_it_reads_as_nothing_left():
    for what in ("0 left", "0 left, oldest 5 min"):
        check = Check.of(Line(0, "", timedelta(), "", "", what=what))
        assert (check.left, check.is_whole) == (0, True)
    for what in ("broke off, 0 left", "broke off", "", ", ", "0", "x0 left", "0 left or so"):
        assert not Check.of(Line(0, "", timedelta(), "", "", what=what)).is_whole


def test_whoever_asks_gets_a_check_at_once(house, ada):
    at = house.clock() + timedelta(hours=20)
    write(house, lambda session: ensure(session, ["prove_erased"], at=at))
    assert "Next: 3 Mar 2026 08:00 UTC" in ada.opens(PAGE)
    ada.sends(PAGE + "/check")
    assert "One is about to begin" in ada.opens(PAGE)
    work_off(house.hotline)
    page = ada.opens(PAGE)
    assert "Nothing was left that is older than 30 minutes." in page
    assert "Next: 3 Mar 2026" in page


def test_asking_twice_asks_once(house, ada):
    for _ in range(2):
        ada.sends(PAGE + "/check")
    with house.hotline.store.read() as session:
        names = session.execute(select(jobs.c.name)).scalars().all()
    assert names.count("prove_erased") == 1


def test_a_failing_provider_is_told_and_what_stays_calls_a_supervisor(house, supervisor):
    old = house.clock() - timedelta(days=2)
    house.carrier.holds = [(old, Held("message", SM, old, is_incoming=True))]
    supervisor.sends(PAGE + "/check")
    work_off(house.hotline)
    assert "1 thing was left, for 2 days." in supervisor.opens(PAGE)
    alerts = supervisor.opens("/console/alerts")
    assert "Something of ours may stay at the provider" in alerts
    assert PAGE in alerts

    def breaks(*, before):
        raise CarrierBusy

    house.carrier.list_held = breaks
    supervisor.sends(PAGE + "/check")
    work_off(house.hotline)
    assert "It could not be asked" in supervisor.opens(PAGE)


def test_the_audit_has_the_checks_in_words(house, auditor):
    for what in ("0 left", "3 left, oldest 95 min", "broke off", "broke off, 1 left, oldest 9 min"):
        checked(house, what)
    for page in (auditor.opens("/console/audit"), auditor.opens("/console/audit?kind=house")):
        assert page.count("checked what the provider still holds") == 4
        for words in ("nothing was left", "3 things were left", "it could not be asked"):
            assert words in page
        assert "the list broke off after 1 thing<" in page


@pytest.mark.parametrize("lang", ["es", "fr", "ar", "ru"])
def test_the_page_is_there_in_every_language_of_the_desk(house, ada, lang):
    asks(house, hours=3)
    checked(house, "3 left, oldest 45 min")
    page = ada.opens(f"{PAGE}?lang={lang}")
    assert f'lang="{lang}"' in page
    assert "At the provider" not in page.partition("<main")[2]
