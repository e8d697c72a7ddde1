"""Sam says whom it must not reach: sealed, heeded at once, and never read back by the page."""

import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline import consent
from hotline.consent import Why
from hotline.domain.report import Channel, IncomingMessage
from hotline.jobs.tables import jobs
from hotline.parts import Hotline
from hotline.reports.tables import messages, reports
from hotline.triage.alerts import PAGE, Alert, Kind, open_alerts
from hotline.vault.codes import parse
from hotline.vault.opening import Keyholder
from tests.channels.web.consenting import admits, agrees, doubts
from tests.channels.web.reading import STORY, digits, slip
from tests.contact.conftest import signs_in
from tests.house import House

WORD, NAMED = "lantern", "Not the police station at the harbour"


@pytest.fixture
def code(sam: FlaskClient) -> str:
    return digits(sam.post("/en/new", data={"account": STORY, "word": "Lantern"}).text)


def only_report(hotline: Hotline) -> str:
    with hotline.store.read() as session:
        return session.execute(select(reports.c.id)).scalar_one()


@pytest.fixture
def noor(house: House, hotline: Hotline) -> Keyholder:
    return signs_in(house, "noor")


def named(house: House, noor: Keyholder) -> list[str]:
    """Return whom Sam named, as Noor reads it."""
    report = only_report(house.hotline)
    with house.hotline.store.read() as session:
        its = consent.excluding.of_report(session, report)
        return [consent.excluding.open_words(session, noor, one.id) for one in its]


def why_not(house: House) -> Why | None:
    report = only_report(house.hotline)
    unit = consent.Recipient(consent.Purpose.LEAD, admits(house))
    with house.hotline.store.read() as session:
        return consent.may(session, report, unit, "country", at=house.clock()).why


def test_what_is_told_with_the_first_words_is_sealed_and_stops_everything(
    house: House, noor: Keyholder, hotline: Hotline, sam: FlaskClient
) -> None:
    sam.post("/en/new", data={"account": STORY, "not_to": NAMED})
    assert named(house, noor) == [NAMED]
    agrees(house, only_report(hotline), fields="*")
    assert why_not(house) is Why.UNREAD
    with hotline.store.read() as session:
        account = noor.open_accounts(session, only_report(hotline), [1])[1]
    assert "harbour" not in account.to_json().decode()


def test_it_is_enough_by_itself_and_stands_nowhere_in_the_clear(
    house: House, noor: Keyholder, hotline: Hotline, sam: FlaskClient
) -> None:
    assert sam.post("/en/new", data={"not_to": NAMED}).status_code == 200
    assert named(house, noor) == [NAMED]
    path = Path(hotline.config.database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as database:
        kept = "\n".join(map(str, database.iterdump()))
    assert "harbour" not in kept
    assert NAMED.encode().hex() not in kept.lower()


def test_it_comes_back_to_be_changed_and_is_looked_over_and_saved_with_the_rest(
    house: House, noor: Keyholder, hotline: Hotline, sam: FlaskClient
) -> None:
    written = {"account": STORY, "not_to": NAMED, "word": WORD}
    over = sam.post("/en/new?act=look", data=written).text
    assert f'<bdi dir="auto">{NAMED}</bdi>' in over
    assert f'name="not_to" value="{NAMED}"' in over
    assert f'value="{NAMED}"' in sam.post("/en/new?act=change", data=written).text
    code = digits(sam.post("/en/new?act=save", data=written).text)
    assert f'value="{NAMED}"' in sam.post("/en/again", data={"code": code, "word": WORD}).text
    with hotline.store.read() as session:
        assert session.execute(select(reports)).all() == []
    sam.post("/en/new", data={**written, "code": code, "locked": WORD})
    assert named(house, noor) == [NAMED]


def test_a_form_that_is_sent_twice_names_them_once(
    house: House, noor: Keyholder, sam: FlaskClient
) -> None:
    form = {"account": STORY, "not_to": NAMED, "slip": slip(sam.get("/en/new").text)}
    for _ in range(2):
        assert sam.post("/en/new", data=form).status_code == 200
    assert named(house, noor) == [NAMED]


def test_it_is_told_later_with_code_and_word_and_the_desk_hears_of_it(
    house: House, noor: Keyholder, hotline: Hotline, sam: FlaskClient, code: str
) -> None:
    its = {"code": code, "word": WORD}
    page = sam.post("/en/again", data=its).text
    assert "Who must not know this?" in page
    assert "whom it must not reach" not in page
    form = {**its, "ask": "not_to", "not_to": NAMED, "slip": slip(page)}
    for _ in range(2):
        page = sam.post("/en/again", data=form).text
        assert "We have it. Thank you." in page
        assert "We pass on nothing before a person has read it." in page
        assert NAMED not in page
    assert named(house, noor) == [NAMED]
    page = sam.post("/en/again", data=its).text
    assert "You told us on Mon, Mar 2 whom it must not reach." in page
    with hotline.store.read() as session:
        kinds = [alert.kind for alert in open_alerts(session, "main")]
    assert kinds.count(Kind.EXCLUSION_SAID) == 1

    # When somebody has read it, it is said no more that it waits.
    report, at = only_report(hotline), house.clock()
    with hotline.store.read() as session:
        (theirs,) = consent.excluding.of_report(session, report)
    hotline.store.write(
        lambda session: consent.excluding.read_words(
            session, theirs.id, report_id=report, means=[], by="a" * 32, at=at
        )
    )
    page = sam.post("/en/again", data=its).text
    fold = page[page.index("You told us on") :]
    assert "We pass on nothing before" not in fold[: fold.index("<form")]


@pytest.mark.parametrize("word", ["", "candle"])
def test_without_the_word_nobody_names_anybody(
    house: House, noor: Keyholder, sam: FlaskClient, code: str, word: str
) -> None:
    form = {"code": code, "word": word, "ask": "not_to", "not_to": NAMED}
    page = sam.post("/en/again", data=form).text
    assert "must not" not in page
    assert named(house, noor) == []


def test_nothing_named_is_nothing_kept(
    house: House, noor: Keyholder, sam: FlaskClient, code: str
) -> None:
    page = sam.post("/en/again", data={"code": code, "word": WORD, "ask": "not_to", "not_to": " "})
    assert page.status_code == 422
    assert "There is nothing to save yet" in page.text
    assert named(house, noor) == []


def test_while_staff_doubt_who_it_is_it_looks_the_same_and_is_kept(
    house: House, noor: Keyholder, sam: FlaskClient, code: str
) -> None:
    doubts(house)
    form = {"code": code, "word": WORD, "ask": "not_to", "not_to": NAMED}
    assert "We have it. Thank you." in sam.post("/en/again", data=form).text
    assert named(house, noor) == [NAMED]


def test_where_too_many_are_named_the_words_are_not_lost(
    house: House, hotline: Hotline, sam: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Fifty by hand would take the test long.
    monkeypatch.setattr(consent.excluding, "MOST", 0)
    form = {"code": code, "word": WORD, "ask": "not_to", "not_to": NAMED}
    page = sam.post("/en/again", data=form)
    assert page.status_code == 422
    assert NAMED in page.text
    assert "write it to us instead" in page.text
    # What is told beside them is kept all the same.
    assert sam.post("/en/new", data={"account": "Another.", "not_to": NAMED}).status_code == 200
    with hotline.store.read() as session:
        assert len(session.execute(select(reports)).all()) == 2


def alerted(hotline: Hotline) -> dict[Kind, Alert]:
    with hotline.store.read() as session:
        found = open_alerts(session, "main")
    kinds = {Kind(one.kind): one for one in found}
    assert len(kinds) == len(found)
    return kinds


def urgencies(hotline: Hotline) -> list[int]:
    with hotline.store.read() as session:
        return list(session.execute(select(reports.c.urgency)).scalars())


def due(hotline: Hotline) -> list[str]:
    with hotline.store.read() as session:
        return list(session.execute(select(jobs.c.name)).scalars())


def accounts(hotline: Hotline, noor: Keyholder) -> list[str]:
    report = only_report(hotline)
    with hotline.store.read() as session:
        seqs = session.execute(select(messages.c.seq)).scalars().all()
        return [one.text for one in noor.open_accounts(session, report, seqs).values()]


def test_whoever_names_many_buries_nothing_and_the_desk_hears_of_it_once(
    house: House, noor: Keyholder, hotline: Hotline, sam: FlaskClient, code: str
) -> None:
    form = {"code": code, "word": WORD, "ask": "not_to"}
    for number in range(5):
        sam.post("/en/again", data={**form, "not_to": f"x{number}"})
    assert set(alerted(hotline)) == {Kind.EXCLUSION_SAID}
    for words in ("x5", "x6", "Not my neighbours at the market"):
        page = sam.post("/en/again", data={**form, "not_to": words})
        assert page.status_code == 200
        assert "We have it. Thank you." in page.text
    # Five forms are enough to read; the person's own words have come all the same.
    assert sorted(named(house, noor)) == [f"x{number}" for number in range(5)]
    assert "Not my neighbours at the market" in accounts(hotline, noor)
    assert set(alerted(hotline)) == {Kind.EXCLUSION_SAID, Kind.SOMEONE_ELSE}


def test_what_has_no_room_beside_a_form_that_is_sent_once_more_stands_in_its_account(
    house: House, noor: Keyholder, hotline: Hotline, sam: FlaskClient, code: str
) -> None:
    for number in range(5):
        sam.post(
            "/en/again",
            data={"code": code, "word": WORD, "ask": "not_to", "not_to": f"x{number}"},
        )
    key = hotline.codes.derive(parse(code))
    message = IncomingMessage(Channel.WEB, "And this.", "en", not_to="Not the market")
    hotline.reception.again(message, key, at=house.clock())
    assert "And this.\n\nNot the market" in accounts(hotline, noor)


def test_the_desk_is_told_to_the_hour(
    house: House, hotline: Hotline, sam: FlaskClient, code: str
) -> None:
    house.clock.passes(minutes=17)
    sam.post("/en/again", data={"code": code, "word": WORD, "ask": "not_to", "not_to": NAMED})
    assert alerted(hotline)[Kind.EXCLUSION_SAID].at.minute == 0


CRY = "He will kill me tonight with the knife, please send help now, he is at the door"


@pytest.mark.parametrize("account", ["", "hello there"])
def test_a_cry_among_these_words_is_heard_like_any(
    hotline: Hotline, sam: FlaskClient, account: str
) -> None:
    sam.post("/en/new", data={"account": account or CRY})
    sam.post("/en/new", data={"account": account, "not_to": CRY})
    assert max(urgencies(hotline)) == 3
    sam.post("/en/new", data={"account": "hello there", "not_to": "not my uncle"})
    assert min(urgencies(hotline)) < 3


def test_a_cry_on_the_page_is_heard_and_calls_the_desk(
    house: House, noor: Keyholder, hotline: Hotline, sam: FlaskClient
) -> None:
    code = digits(sam.post("/en/new", data={"account": "hello there", "word": WORD}).text)
    form = {"code": code, "word": WORD, "ask": "not_to"}
    sam.post("/en/again", data={**form, "not_to": NAMED})
    (before,) = urgencies(hotline)
    assert PAGE not in due(hotline)
    sam.post("/en/again", data={**form, "not_to": CRY})
    assert urgencies(hotline) == [3]
    assert before < 3
    assert sorted(named(house, noor)) == sorted([NAMED, CRY])
    assert PAGE in due(hotline)


def test_no_page_tells_which_agencies_there_are(house: House, sam: FlaskClient, code: str) -> None:
    admits(house, "National unit")
    for page in (sam.get("/en/new"), sam.post("/en/again", data={"code": code, "word": WORD})):
        assert "National unit" not in page.text


def test_another_site_names_nobody(
    house: House, noor: Keyholder, sam: FlaskClient, code: str
) -> None:
    form = {"code": code, "word": WORD, "ask": "not_to", "not_to": NAMED}
    sam.post("/en/again", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert named(house, noor) == []
