"""Sam learns, a month later and with code and code word, that something came of it: never what, who or when."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.leads import outcomes
from hotline.reports.tables import reports
from tests.channels.web.consenting import admits, agrees, doubts, lets_out
from tests.channels.web.reading import STORY, digits
from tests.house import House

SENTENCE = "Something came of what you told us."
ISA = "b" * 32


def test_it_stands_on_the_page_after_a_month_and_never_while_we_doubt(
    house: House, sam: FlaskClient
) -> None:
    code = digits(sam.post("/en/new", data={"account": STORY, "word": "Lantern"}).text)
    store, agency = house.hotline.store, admits(house)
    with store.read() as session:
        report = session.execute(select(reports.c.id)).scalar_one()
    until = (house.clock() + timedelta(days=60)).date()
    agrees(house, report, fields=["*"], until=until)
    lead = lets_out(house, report)
    at = house.clock()
    store.write(
        lambda session: outcomes.say(session, agency, lead, "used", may_tell=True, by=ISA, at=at)
    )

    def page(word: str = "lantern") -> str:
        return sam.post("/en/again", data={"code": code, "word": word}).text

    assert SENTENCE not in page()
    house.clock.passes(days=31)
    assert SENTENCE in page()
    # Whoever found the code alone reads nothing of it.
    assert SENTENCE not in page("")
    doubts(house)
    assert SENTENCE not in page()
