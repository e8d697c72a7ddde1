"""Sam sees, with code and code word, who may know what, and takes a yes back: at once, and truthfully."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hotline import audit, consent, handoff
from hotline.channels.web.again import CLOSES_AFTER
from hotline.errors import Unavailable
from hotline.leads import agencies, publish
from hotline.leads.tables import leads
from hotline.parts import Hotline
from hotline.reports.tables import reports
from tests.channels.web.reading import STORY, digits
from tests.contact.conftest import signs_in
from tests.house import House
from tests.leads.desk import draft

WORD = "lantern"
THEIRS = {"given_how": "web", "words_locale": "en", "words_version": "1"}


@pytest.fixture
def code(sam: FlaskClient) -> str:
    return digits(sam.post("/en/new", data={"account": STORY, "word": "Lantern"}).text)


@pytest.fixture
def report(hotline: Hotline, code: str) -> str:
    with hotline.store.read() as session:
        return session.execute(select(reports.c.id)).scalar_one()


@pytest.fixture
def agency(house: House, hotline: Hotline) -> str:
    at = house.clock()
    hotline.store.write(lambda session: agencies.admit(session, "National unit", ["RO"], at=at))
    with hotline.store.read() as session:
        return agencies.everyone(session)[0].id


def agrees(house: House, report: str, **terms: Any) -> str:
    """Write down what Sam agreed to, and return the id of the consent."""
    at = house.clock()
    said: dict[str, Any] = {
        "purpose": "lead",
        "recipient": consent.INVESTIGATORS,
        "fields": ["country", "summary"],
        "until": (at + timedelta(days=30)).date(),
        **THEIRS,
        **terms,
    }
    return house.hotline.store.write(
        lambda session: consent.record(session, at=at, report_id=report, **said)
    )


def lets_out(house: House, consent_id: str) -> str:
    """Let a lead out on a consent, and return its id."""
    at, ground = house.clock(), publish.WithConsent(consent_id)
    return house.hotline.store.write(
        lambda session: publish.publish(session, draft(), by="a" * 32, at=at, ground=ground)
    )


def revoked(house: House) -> list[str]:
    with house.hotline.store.read() as session:
        return list(session.execute(select(consent.consents.c.revoked_day)).scalars())


def test_each_yes_stands_there_in_plain_words(
    house: House, sam: FlaskClient, code: str, report: str, agency: str
) -> None:
    given = agrees(house, report, fields="*", excluded=[agency])
    page = unescape(sam.post("/en/again", data={"code": code, "word": WORD}).text)
    assert "Who may know what" in page
    assert "Investigators" in page
    assert "But not" in page
    assert "National unit" in page
    assert "All that we pass on. Never your name." in page
    assert "So that they can look into it" in page
    assert "They were told nothing." in page
    assert "Wed, Apr 1" in page
    assert "You said yes" in page
    assert f'name="grant" value="{given}"' in page


def test_a_service_has_the_name_that_it_was_offered_by(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    noor, at = signs_in(house, "noor"), house.clock()
    offered = {"service_id": "s1", "service_name": "Harbor <House>", "need": "shelter"}
    hotline.store.write(
        lambda session: handoff.offer(session, noor, report_id=report, at=at, **offered)
    )
    agrees(house, report, purpose="handoff", recipient="s1", fields=["person_language"])
    page = sam.post("/en/again", data={"code": code, "word": WORD}).text
    assert "Harbor &lt;House&gt;" in page
    assert "Your language" in page
    assert "So that they can help you" in page
    assert "They were told" not in page


def test_without_the_word_nothing_of_it_is_shown_or_done(
    house: House, sam: FlaskClient, code: str, report: str
) -> None:
    given = agrees(house, report)
    for word in ("", "candle"):
        for ask in ("", "back", "back_sure"):
            form = {"code": code, "word": word, "ask": ask, "grant": given}
            page = sam.post("/en/again", data=form).text
            assert "Who may know what" not in page
            assert "taken back" not in page.lower()
            assert given not in page
    assert revoked(house) == [""]


def test_taking_back_is_asked_once_more_and_then_done_with_all_that_rests_on_it(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str, agency: str
) -> None:
    given = agrees(house, report, fields="*")
    lets_out(house, given)
    form = {"code": code, "word": WORD, "grant": given}
    assert "They were told on Mon, Mar 2." in sam.post("/en/again", data=form).text

    # Sam is asked once more, and nothing happens before Sam says so.
    asked = sam.post("/en/again", data={**form, "ask": "back"})
    assert "Take this yes back?" in asked.text
    assert "What they have read, they may still know." in asked.text
    assert asked.headers["Refresh"].startswith(str(CLOSES_AFTER))
    assert revoked(house) == [""]

    # Then consent and lead are taken back, and only that is said which was done.
    done = sam.post("/en/again", data={**form, "ask": "back_sure"}).text
    assert "It is taken back" in done
    assert "They see at once that it counts no more." in done
    assert "What they have read, they may still know." in done
    assert "Since Mon, Mar 2 they see that it counts no more." in done
    assert revoked(house) == ["2026-03-02"]
    with hotline.store.read() as session:
        lead = session.execute(select(leads)).one()
        did = [line.did for line in audit.of_report(session, report)]
    assert (lead.recalled_day, lead.told) == ("2026-03-02", {})
    assert did.count("consent_revoked") == 1
    assert did.count("recall") == 1


def test_a_yes_of_which_nobody_learned_is_taken_back_without_a_word_of_them(
    house: House, sam: FlaskClient, code: str, report: str
) -> None:
    form = {"code": code, "word": WORD, "grant": agrees(house, report), "ask": "back_sure"}
    page = sam.post("/en/again", data=form).text
    assert "This yes counts no more." in page
    assert "They see" not in page
    assert "they may still know" not in page


def test_taking_back_twice_changes_nothing_and_says_the_same(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    form = {"code": code, "word": WORD, "grant": agrees(house, report), "ask": "back_sure"}
    for _ in range(2):
        assert "It is taken back" in sam.post("/en/again", data=form).text
    with hotline.store.read() as session:
        did = [line.did for line in audit.of_report(session, report)]
    assert did.count("consent_revoked") == 1
    # What is taken back is not asked about any more.
    assert "Take this yes" not in sam.post("/en/again", data={**form, "ask": "back"}).text


@pytest.mark.parametrize("forged", ["", "f" * 32, "' OR 1=1 --", "\0", "x" * 10_000])
def test_a_forged_name_of_a_yes_takes_nothing_back(
    house: House, sam: FlaskClient, code: str, report: str, forged: str
) -> None:
    agrees(house, report)
    for ask in ("back", "back_sure"):
        form = {"code": code, "word": WORD, "ask": ask, "grant": forged}
        page = sam.post("/en/again", data=form)
        assert page.status_code == 200
        assert "taken back" not in page.text.lower()
    assert revoked(house) == [""]


def test_a_yes_of_another_report_is_nobody_elses(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    sam.post("/en/new", data={"account": "Another story.", "word": "candle"})
    with hotline.store.read() as session:
        other = session.execute(select(reports.c.id).where(reports.c.id != report)).scalar_one()
    theirs = agrees(house, other)
    for ask in ("back", "back_sure"):
        form = {"code": code, "word": WORD, "ask": ask, "grant": theirs}
        page = sam.post("/en/again", data=form).text
        assert theirs not in page
        assert "taken back" not in page.lower()
    assert revoked(house) == [""]


def test_another_site_cannot_have_it_taken_back(
    house: House, sam: FlaskClient, code: str, report: str
) -> None:
    form = {"code": code, "word": WORD, "grant": agrees(house, report), "ask": "back_sure"}
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert sam.post("/en/again", data=form, headers=header).status_code == 200
    assert revoked(house) == [""]
    sam.post("/en/again", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert revoked(house) == ["2026-03-02"]


def test_where_nothing_can_be_written_it_says_so_and_claims_nothing(
    house: House,
    hotline: Hotline,
    sam: FlaskClient,
    code: str,
    report: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(_work: object) -> None:
        raise Unavailable

    form = {"code": code, "word": WORD, "grant": agrees(house, report), "ask": "back_sure"}
    # A full disk: nothing smaller than the store itself can refuse.
    with monkeypatch.context() as full:
        full.setattr(hotline.store, "write", fails)
        for ask in ("back_sure", "sure", "keep"):
            page = sam.post("/en/again", data={**form, "ask": ask})
            assert page.status_code == 503
            assert "We could not do this just now" in page.text
            assert "taken back" not in page.text.lower()
            assert "You said yes" in page.text
    assert "It is taken back" in sam.post("/en/again", data=form).text


def test_a_report_that_is_erased_in_between_is_gone_and_nothing_fails(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    form = {"code": code, "word": WORD, "grant": agrees(house, report), "ask": "back_sure"}
    hotline.store.write(lambda session: consent.forget(session, report))
    page = sam.post("/en/again", data=form)
    assert page.status_code == 200
    assert "taken back" not in page.text.lower()
    assert sam.post("/en/again", data=form).status_code == 200


def test_while_staff_doubt_who_it_is_nothing_is_shown_and_taking_back_is_heeded(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    # Whoever forced code and word out of Sam must not read here that investigators were told.
    given = agrees(house, report)
    hotline.store.write(lambda session: session.execute(update(reports).values(duress=True)))
    form = {"code": code, "word": WORD, "grant": given}
    for ask in ("", "back"):
        page = sam.post("/en/again", data={**form, "ask": ask}).text
        assert "Investigators" not in page
        assert given not in page
    sam.post("/en/again", data={**form, "ask": "back_sure"})
    assert revoked(house) == ["2026-03-02"]


def test_a_yes_that_ended_says_so(house: House, sam: FlaskClient, code: str, report: str) -> None:
    agrees(house, report, until=house.clock().date())
    house.clock.passes(days=2)
    page = sam.post("/en/again", data={"code": code, "word": WORD}).text
    assert "It has ended" in page
    assert "Take it back" not in page


def test_it_is_told_in_arabic_too(house: House, sam: FlaskClient, code: str, report: str) -> None:
    given = agrees(house, report)
    page = sam.post("/ar/again", data={"code": code, "word": WORD}).text
    assert 'dir="rtl"' in page
    assert given in page


def test_a_page_that_a_code_opened_closes_by_itself_and_says_so(
    sam: FlaskClient, code: str
) -> None:
    for word in ("", WORD, "candle"):
        page = sam.post("/en/again", data={"code": code, "word": word})
        assert page.headers["Refresh"] == f"{CLOSES_AFTER}; url=/en/"
        assert f"closes by itself after {CLOSES_AFTER // 60} minutes" in page.text
    assert "Refresh" not in sam.get("/en/again").headers
    assert "Refresh" not in sam.post("/en/again", data={"code": "1"}).headers
