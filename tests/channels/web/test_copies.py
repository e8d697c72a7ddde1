"""Sam asks for a copy of what was said: a person makes it, and the page remembers that it was asked for."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline import audit
from hotline.errors import Unavailable
from hotline.parts import Hotline
from hotline.reports.tables import reports
from hotline.triage.alerts import Kind, open_alerts
from hotline.triage.copies import copy_made
from tests.channels.web.consenting import doubts
from tests.channels.web.reading import STORY, digits
from tests.house import House

WORD = "lantern"
WAITS = "A person prepares it. It will stand here."


@pytest.fixture
def code(sam: FlaskClient) -> str:
    return digits(sam.post("/en/new", data={"account": STORY, "word": "Lantern"}).text)


def wishes(hotline: Hotline) -> int:
    with hotline.store.read() as session:
        return sum(one.kind == Kind.COPY_ASKED for one in open_alerts(session, "main"))


def test_it_is_asked_for_by_one_act_and_remembered(
    hotline: Hotline, sam: FlaskClient, code: str
) -> None:
    its = {"code": code, "word": WORD}
    assert "Ask for a copy" in sam.post("/en/again", data=its).text
    for _ in range(2):
        page = sam.post("/en/again", data={**its, "ask": "copy"}).text
        assert "You asked for a copy" in page
        assert WAITS in page
    page = sam.post("/en/again", data=its).text
    assert "You asked for it on Mon, Mar 2." in page
    assert "Ask for a copy" not in page
    assert wishes(hotline) == 1
    with hotline.store.read() as session:
        report = session.execute(select(reports.c.id)).scalar_one()
        did = [line.did for line in audit.of_report(session, report)]
    assert did.count("copy_asked") == 1

    # Once it is made, another may be asked for.
    hotline.store.write(lambda session: copy_made(session, report))
    assert wishes(hotline) == 0
    assert "Ask for a copy" in sam.post("/en/again", data=its).text
    sam.post("/en/again", data={**its, "ask": "copy"})
    assert wishes(hotline) == 1


@pytest.mark.parametrize("word", ["", "candle"])
def test_without_the_word_nobody_asks_or_learns_of_it(
    hotline: Hotline, sam: FlaskClient, code: str, word: str
) -> None:
    assert (
        "copy" not in sam.post("/en/again", data={"code": code, "word": word, "ask": "copy"}).text
    )
    assert wishes(hotline) == 0
    sam.post("/en/again", data={"code": code, "word": WORD, "ask": "copy"})
    assert "copy" not in sam.post("/en/again", data={"code": code, "word": word}).text


def test_while_staff_doubt_who_it_is_it_looks_the_same(
    house: House, sam: FlaskClient, code: str
) -> None:
    doubts(house)
    page = sam.post("/en/again", data={"code": code, "word": WORD, "ask": "copy"}).text
    assert "You asked for a copy" in page
    assert WAITS in page


def test_another_site_asks_for_none(hotline: Hotline, sam: FlaskClient, code: str) -> None:
    form = {"code": code, "word": WORD, "ask": "copy"}
    sam.post("/en/again", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert wishes(hotline) == 0


def test_where_nothing_can_be_written_it_claims_nothing(
    hotline: Hotline, sam: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_work: object) -> None:
        raise Unavailable

    # A full disk: nothing smaller than the store itself can refuse.
    monkeypatch.setattr(hotline.store, "write", fails)
    page = sam.post("/en/again", data={"code": code, "word": WORD, "ask": "copy"})
    assert page.status_code == 503
    assert "You asked for a copy" not in page.text
