"""Sam sees, with code and code word, who may know what, and takes a yes back: at once, and truthfully."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hotline import audit, consent, handoff
from hotline.channels.web.again import CLOSES_AFTER
from hotline.consent.tables import grants
from hotline.errors import Unavailable
from hotline.leads.disclose import FIELDS
from hotline.leads.tables import leads
from hotline.parts import Hotline
from hotline.reports.tables import reports
from hotline.store import Session
from tests.channels.web.consenting import (
    admits,
    agrees,
    doubts,
    is_asked,
    lets_out,
    lists,
    tells,
)
from tests.channels.web.reading import STORY, digits
from tests.contact.conftest import signs_in
from tests.house import House

WORD = "lantern"


@pytest.fixture
def code(sam: FlaskClient) -> str:
    return digits(sam.post("/en/new", data={"account": STORY, "word": "Lantern"}).text)


@pytest.fixture
def report(hotline: Hotline, code: str) -> str:
    with hotline.store.read() as session:
        return session.execute(select(reports.c.id)).scalar_one()


@pytest.fixture
def agency(house: House, hotline: Hotline) -> str:
    return admits(house)


def without_slip(page: str) -> str:
    return re.sub(r'name="slip" value="[^"]*"', "", page)


def revoked(house: House) -> list[str]:
    with house.hotline.store.read() as session:
        return list(session.execute(select(grants.c.revoked_day)).scalars())


def test_each_yes_stands_there_in_plain_words(
    house: House, sam: FlaskClient, code: str, report: str
) -> None:
    given = agrees(house, report, fields="*")
    page = unescape(sam.post("/en/again", data={"code": code, "word": WORD}).text)
    assert "Who may know what" in page
    assert "Investigators" in page
    assert "All that we pass on. Never your name." in page
    assert "So that they can look into it" in page
    assert "They were told nothing." in page
    assert "Wed, Apr 1" in page
    assert "You said yes" in page
    assert f'name="grant" value="{given}"' in page


def test_an_organization_has_its_name_and_what_it_was_told_stands_there(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    noor, at, harbor = signs_in(house, "noor"), house.clock(), lists(house, "Harbor <House>")
    named = {"service_id": "s1", "service_name": "Beds", "organization_id": harbor}
    offer = hotline.store.write(
        lambda session: handoff.offer(
            session, noor, report_id=report, at=at, need="shelter", **named
        )
    )
    given = agrees(house, report, purpose="handoff", recipient=harbor, fields=["language", "hours"])
    form = {"code": code, "word": WORD, "grant": given}
    page = sam.post("/en/again", data=form).text
    assert "Harbor &lt;House&gt;" in page
    assert "Your language" in page
    assert "So that they can help you" in page
    assert "They were told nothing." in page

    # What was handed over is named, and taking the yes back claims no more than is so.
    hotline.store.write(
        lambda session: handoff.hand_over(session, offer, ["language"], by=noor.staff_id, at=at)
    )
    assert "They were told this: Your language" in sam.post("/en/again", data=form).text
    done = sam.post("/en/again", data={**form, "ask": "back_sure"}).text
    assert "nobody can call back" in done
    assert "They see at once" not in done
    with hotline.store.read() as session:
        assert [one.status for one in handoff.offers(session, report)] == ["withdrawn"]


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
    lets_out(house, report)
    form = {"code": code, "word": WORD, "grant": given}
    assert "They were told on Mon, Mar 2." in sam.post("/en/again", data=form).text

    # Sam is asked once more, and nothing happens before Sam says so.
    asked = sam.post("/en/again", data={**form, "ask": "back"})
    assert "Take this yes back?" in asked.text
    assert "What they have read or kept, nobody can call back." in asked.text
    assert asked.headers["Refresh"].startswith(str(CLOSES_AFTER))
    assert revoked(house) == [""]

    # Then consent and lead are taken back, and only that is said which was done.
    done = sam.post("/en/again", data={**form, "ask": "back_sure"}).text
    assert "It is taken back" in done
    assert "They see at once that it counts no more." in done
    assert "What they have read or kept, nobody can call back." in done
    assert "Since Mon, Mar 2 they see that it counts no more." in done
    assert revoked(house) == ["2026-03-02"]
    with hotline.store.read() as session:
        lead = session.execute(select(leads)).one()
        did = [line.did for line in audit.of_report(session, report)]
    assert lead.recalled_day == "2026-03-02"
    assert did.count("consent_revoked") == 1
    assert did.count("recall") == 1


def test_a_yes_of_which_nobody_learned_is_taken_back_without_a_word_of_them(
    house: House, sam: FlaskClient, code: str, report: str
) -> None:
    form = {"code": code, "word": WORD, "grant": agrees(house, report), "ask": "back_sure"}
    page = sam.post("/en/again", data=form).text
    assert "This yes counts no more." in page
    assert "They see" not in page
    assert "They see" not in page


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


def test_while_staff_doubt_who_it_is_nothing_is_shown_and_taking_back_is_kept_for_later(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    # Whoever forced code and word out of Sam must not read here that investigators were told.
    given = agrees(house, report)
    form = {"code": code, "word": WORD, "grant": given}
    tells(house, report)
    doubts(house)
    for ask in ("", "back", "back_all"):
        page = sam.post("/en/again", data={**form, "ask": ask}).text
        assert "Investigators" not in page
        assert "in danger" not in page
        assert given not in page
    # What is said is the same; it is done when the doubt is gone, and nothing leaves meanwhile.
    said = sam.post("/en/again", data={**form, "ask": "back_sure"}).text
    assert "It is taken back" in said
    assert revoked(house) == [""]
    with hotline.store.read() as session:
        assert consent.find(session, given).back_asked_day == "2026-03-02"


def test_while_staff_doubt_who_it_is_the_page_is_that_of_somebody_who_never_said_yes(
    house: House, sam: FlaskClient, code: str, report: str, agency: str
) -> None:
    form = {"code": code, "word": WORD}
    before = without_slip(sam.post("/en/again", data=form).text)
    agrees(house, report, fields="*")
    is_asked(house, report, recipient=agency)
    lets_out(house, report)
    tells(house, report)
    doubts(house)
    assert without_slip(sam.post("/en/again", data=form).text) == before


def test_while_staff_doubt_who_it_is_a_question_of_theirs_goes_on_waiting(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    agrees(house, report)
    ask = is_asked(house, report, purpose="handoff", recipient=lists(house, "Harbor"))
    doubts(house)
    sam.post("/en/again", data={"code": code, "word": WORD, "ask": "back_all_sure"})
    with hotline.store.read() as session:
        assert [one.id for one in consent.pending(session, report, at=house.clock())] == [ask]
        assert consent.of_report(session, report)[0].back_asked_day
    # When it is over all is taken back as it was asked for, and the question is put.
    doubts(house, False)
    page = sam.post("/en/again", data={"code": code, "word": WORD}).text
    assert "Harbor" in page


def test_all_of_it_is_taken_back_by_one_act_that_is_asked_once_more(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str, agency: str
) -> None:
    agrees(house, report, fields="*")
    form = {"code": code, "word": WORD}
    assert "Take all of it back" not in sam.post("/en/again", data=form).text
    agrees(house, report, recipient=agency)
    is_asked(house, report, purpose="handoff", recipient=lists(house, "Harbor House"))
    lets_out(house, report)
    assert "Take all of it back" in sam.post("/en/again", data=form).text

    asked = sam.post("/en/again", data={**form, "ask": "back_all"}).text
    assert "Take all of it back?" in asked
    assert "National unit" in asked
    assert revoked(house) == ["", ""]

    for _ in range(2):
        done = sam.post("/en/again", data={**form, "ask": "back_all_sure"}).text
        assert "All of it is taken back" in done
        assert "They see at once that it counts no more." in done
        assert "Say yes" not in done
    assert revoked(house) == ["2026-03-02", "2026-03-02"]
    with hotline.store.read() as session:
        did = [line.did for line in audit.of_report(session, report)]
        assert consent.pending(session, report, at=house.clock()) == []
    assert did.count("consent_revoked") == 2
    assert did.count("recall") == 1


def may_know(house: House, report: str, agency: str) -> bool:
    told = consent.Recipient(consent.Purpose.LEAD, agency)
    with house.hotline.store.read() as session:
        return bool(consent.case_of(session, report).may(told, ("summary",), at=house.clock()))


def test_a_yes_to_one_office_taken_back_keeps_it_from_them_though_the_group_may_know(
    house: House, sam: FlaskClient, code: str, report: str, agency: str
) -> None:
    other = admits(house, "Town police")
    agrees(house, report, fields="*")
    one = agrees(house, report, recipient=agency, fields="*")
    lets_out(house, report)
    form = {"code": code, "word": WORD, "grant": one}
    for ask in ("back", "back_sure"):
        page = sam.post("/en/again", data={**form, "ask": ask}).text
        assert "They see at once that it counts no more." in page
    assert not may_know(house, report, agency)
    assert may_know(house, report, other)


def test_that_they_see_it_is_not_said_while_one_of_them_knows_it_by_a_yes_of_its_own(
    house: House, sam: FlaskClient, code: str, report: str, agency: str
) -> None:
    group = agrees(house, report, fields="*")
    agrees(house, report, recipient=agency, fields="*")
    lets_out(house, report)
    form = {"code": code, "word": WORD, "grant": group}
    for ask in ("back", "back_sure"):
        page = sam.post("/en/again", data={**form, "ask": ask}).text
        assert "They see at once" not in page
        assert "What they have read or kept, nobody can call back." in page
    assert may_know(house, report, agency)


def test_in_doubt_nobody_hears_that_somebody_was_told_and_sees_it_no_more(
    house: House, sam: FlaskClient, code: str, report: str, agency: str
) -> None:
    given = agrees(house, report, fields="*")
    lets_out(house, report)
    doubts(house)
    form = {"code": code, "word": WORD, "grant": given}
    for ask in ("back_sure", "back_all_sure"):
        page = sam.post("/en/again", data={**form, "ask": ask}).text
        assert "is taken back" in page
        assert "They see" not in page
        assert "read or kept" not in page


def decides(
    house: House,
    report: str,
    *,
    purpose: str = "lead",
    recipient: str = consent.INVESTIGATORS,
    fields: Sequence[str] = FIELDS,
) -> None:
    """Let two of staff decide that it is best for the child to tell *recipient*."""
    hotline, at = house.hotline, house.clock()

    def decide(session: Session) -> None:
        session.execute(update(reports).values(minor=True))
        its_id = consent.minors.propose(
            session,
            hotline.keyring,
            report_id=report,
            purpose=purpose,
            recipient=recipient,
            fields=fields,
            replaces_yes=True,
            reasons="It is best.",
            by="a" * 32,
            at=at,
        )
        consent.minors.agree(
            session,
            hotline.keyring,
            its_id,
            report_id=report,
            reasons="I think so, too.",
            by="b" * 32,
            at=at,
        )

    hotline.store.write(decide)


def test_a_child_sees_what_was_decided_to_be_told_and_takes_it_back(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str, agency: str
) -> None:
    decides(house, report)
    form = {"code": code, "word": WORD}
    assert "without your yes" not in sam.post("/en/again", data=form).text
    lets_out(house, report)
    page = sam.post("/en/again", data=form).text
    told = "We told someone who could help on Mon, Mar 2."
    assert "What we told without your yes" in page
    assert told in page
    assert "in danger" not in page
    assert "National unit" not in page
    assert "Take all of it back" in page
    # In doubt none of it is shown.
    doubts(house)
    assert told not in sam.post("/en/again", data=form).text
    doubts(house, False)
    asked = sam.post("/en/again", data={**form, "ask": "back_all"}).text
    assert "Take all of it back?" in asked
    assert "They see at once that it counts no more." in asked
    done = sam.post("/en/again", data={**form, "ask": "back_all_sure"}).text
    assert "All of it is taken back" in done
    assert "They see at once that it counts no more." in done
    assert told in done
    assert "Take all of it back" not in done
    with hotline.store.read() as session:
        assert session.execute(select(leads.c.recalled_day)).scalar_one() == "2026-03-02"
    assert not may_know(house, report, agency)


def test_a_child_sees_which_organization_was_told_and_that_it_cannot_be_called_back(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str
) -> None:
    noor, at, harbor = signs_in(house, "noor"), house.clock(), lists(house, "Harbor")
    named = {"service_id": "s1", "service_name": "Beds", "organization_id": harbor}
    decides(house, report, purpose="handoff", recipient=harbor, fields=["need"])

    def hand(session: Session) -> None:
        offer = handoff.offer(session, noor, report_id=report, at=at, need="shelter", **named)
        handoff.hand_over(session, offer, ["need"], by=noor.staff_id, at=at)

    hotline.store.write(hand)
    form = {"code": code, "word": WORD}
    page = sam.post("/en/again", data=form).text
    told = "We told someone who could help on Mon, Mar 2."
    assert told in page
    assert "What help you need" in page
    asked = sam.post("/en/again", data={**form, "ask": "back_all"}).text
    assert "They see at once" not in asked
    done = sam.post("/en/again", data={**form, "ask": "back_all_sure"}).text
    assert "nobody can call back" in done
    assert "They see at once" not in done
    assert told in done
    assert "Take all of it back" not in done
    with hotline.store.read() as session:
        assert [one.status for one in handoff.offers(session, report)] == ["withdrawn"]


def test_two_withdrawals_at_once_are_one(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, report: str, agency: str
) -> None:
    form = {"code": code, "word": WORD, "grant": agrees(house, report, fields="*")}
    lets_out(house, report)
    acts = ("back_sure", "back_all_sure", "back_sure")
    with ThreadPoolExecutor(3) as pool:
        clients = [house.app.test_client() for _ in acts]
        sending = [
            pool.submit(client.post, "/en/again", data={**form, "ask": act})
            for client, act in zip(clients, acts, strict=True)
        ]
        assert {page.result().status_code for page in sending} == {200}
    with hotline.store.read() as session:
        did = [line.did for line in audit.of_report(session, report)]
    assert (did.count("consent_revoked"), did.count("recall")) == (1, 1)


@pytest.mark.parametrize(
    ("ground", "to", "told"),
    [
        ("emergency", "ambulance", "A life was in danger. We told the ambulance on Mon, Mar 2."),
        ("emergency", "police", "We told the police on"),
        ("law", "child_protection", "The law made us. We told a child care office on"),
        ("law", "other", "We told someone who could help on"),
    ],
)
def test_what_was_told_without_a_yes_stands_there_once_that_is_safe(
    house: House,
    hotline: Hotline,
    sam: FlaskClient,
    code: str,
    report: str,
    ground: str,
    to: str,
    told: str,
) -> None:
    its_id, form = tells(house, report, ground=ground, to=to), {"code": code, "word": WORD}
    assert "without your yes" not in sam.post("/en/again", data=form).text
    at = house.clock()
    hotline.store.write(
        lambda session: consent.let_know(session, its_id, report_id=report, by="a" * 32, at=at)
    )
    page = sam.post("/en/again", data=form).text
    assert told in page
    assert "Your number · Where you are" in page
    assert "without your yes" not in sam.post("/en/again", data={"code": code}).text


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
