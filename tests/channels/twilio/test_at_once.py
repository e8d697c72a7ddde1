"""One text delivered many times in the same moment, to several processes on one database: kept once, answered alike."""

import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select

from hotline.contact.tables import erase_at_provider, sends
from hotline.reports.tables import messages, reports, seen
from tests.cast import new_sid
from tests.channels.twilio.serving import GRANIAN, served
from tests.house import ACCOUNT, SMS_LINE
from tests.servers import empty_database

pytestmark = pytest.mark.xdist_group("web servers")

AT_ONCE = 12


@pytest.fixture(scope="module")
def server(tmp_path_factory, postgres):
    """A hotline of two processes on PostgreSQL, as `hotline serve` starts it."""
    with (
        empty_database(postgres) as url,
        served(GRANIAN, tmp_path_factory.mktemp("at"), database_url=url) as one,
    ):
        yield one


def text(number: int, **changes) -> dict[str, str]:
    return {
        "MessageSid": new_sid(),
        "AccountSid": ACCOUNT,
        "From": f"+1500555{number:04d}",
        "To": SMS_LINE,
        "Body": "no puedo salir de la casa",
        "NumMedia": "0",
        "SmsStatus": "received",
        **changes,
    }


def all_at_once(server, texts, tries=30):
    """Deliver *texts* in one moment, each until it is answered, as a provider does; return the answers."""
    ready = Barrier(len(texts))

    def deliver(fields):
        ready.wait(30)
        for _ in range(tries):
            answer = server.posts(fields)
            if answer.status != 503:
                return answer
        return answer

    with ThreadPoolExecutor(len(texts)) as pool:
        return list(pool.map(deliver, texts))


def counted(server, table) -> int:
    with server.store.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def grown(server, before=None):
    """Count what the database holds now, less what it held *before*."""
    tables = {"reports": reports, "messages": messages, "seen": seen, "to erase": erase_at_provider}
    now = Counter({name: counted(server, table) for name, table in tables.items()})
    return now - (before or Counter())


def test_the_same_text_at_once_is_kept_once_and_answered_alike(server):
    before, rounds = grown(server), 4
    for number in range(rounds):
        answers = all_at_once(server, [text(number)] * AT_ONCE)
        assert Counter(answer.status for answer in answers) == {200: AT_ONCE}
        assert len({answer.body for answer in answers}) == 1
        assert b"<Message>" in answers[0].body
    assert set(grown(server, before).values()) == {rounds}


def test_a_text_and_its_fallback_at_once_are_one(server):
    before, ready, fields = grown(server), Barrier(AT_ONCE), text(100)

    def deliver(number):
        ready.wait(30)
        return server.posts(fields, target="/twilio/fallback" if number % 2 else "/twilio/sms")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(deliver, range(AT_ONCE)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert grown(server, before)["messages"] == 1


def on_its_way(server) -> str:
    """Put a text of ours on its way, and return by what news of it is told."""
    row = {
        "id": secrets.token_hex(16),
        "report_id": "0" * 32,
        "seq": 2,
        "channel": "sms",
        "sealed": b"x",
        "rank": 0,
        "state": "waiting",
        "expires_at": datetime.now(UTC),
    }
    server.store.write(lambda session: session.execute(insert(sends), row))
    return row["id"]


def test_news_at_once_in_any_order_ends_as_the_provider_meant_it(server):
    ref = on_its_way(server)
    words = ["queued", "sending", "sent", "delivered", "brand new", ""] * 2
    ready = Barrier(len(words))

    def tell(word):
        ready.wait(30)
        fields = {"AccountSid": ACCOUNT, "MessageSid": "SM" + "5" * 32, "MessageStatus": word}
        return server.posts(fields, target=f"/twilio/sms/status/{ref}")

    with ThreadPoolExecutor(len(words)) as pool:
        answers = list(pool.map(tell, words))
    assert {(answer.status, answer.body) for answer in answers} == {(204, b"")}
    with server.store.read() as session:
        its = select(sends.c.state).where(sends.c.id == ref)
        assert session.execute(its).scalar_one() == "delivered"


def test_many_texts_of_one_person_at_once_are_all_kept_in_one_report(server):
    before = grown(server)
    answers = all_at_once(server, [text(200) for _ in range(AT_ONCE)])
    assert {answer.status for answer in answers} == {200}
    now = grown(server, before)
    assert (now["reports"], now["messages"]) == (1, AT_ONCE)
    largest = select(func.max(messages.c.seq))
    with server.store.read() as session:
        assert session.execute(largest).scalar_one() == AT_ONCE
