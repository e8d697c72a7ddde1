"""What is released to an agency reaches its own tools: signed, in order, again until it was taken, and only what it may know."""

import logging
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from standardwebhooks import WebhookVerificationError

from hotline import audit, jobs
from hotline.leads import agencies, fetching
from hotline.leads.tables import agencies as agency_rows
from hotline.leads.tables import fetches, webhook_receipts, webhooks
from hotline.leads.webhooks import delivering, subscribing
from hotline.leads.webhooks.calling import Answer
from hotline.leads.webhooks.subscribing import State, Why
from hotline.vault.keys import PrivateKey
from hotline.vault.relay import RelayKey
from tests.leads.desk import NOOR, Desk, Reader
from tests.leads.webhooks.post import Hook, Post
from tests.leads.webhooks.receiver import Receiver, caller


@pytest.fixture
def unit(post: Post) -> Reader:
    return post.desk.admits("National unit", "RO")


@pytest.fixture
def hook(post: Post, unit: Reader, receiver: Receiver) -> Hook:
    return post.subscribes(unit, receiver.url)


def types(receiver: Receiver) -> list[str]:
    return [one.type for one in receiver.taken]


def test_an_agency_hears_of_a_lead_and_of_its_recall(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    post.desk.at = post.at
    lead_id = post.desk.publishes()
    post.works()
    told = receiver.taken[0].opened(hook.secret)
    assert told["type"] == "lead.released"
    assert told["timestamp"] == told["data"]["date_published"]
    assert "locked container" in told["data"]["content_text"]
    # The instant of a release is not in it.
    assert "T00:00:00" in told["timestamp"]

    post.desk.recalls(lead_id)
    post.works()
    taken_back = receiver.taken[1].opened(hook.secret)
    assert taken_back["type"] == "lead.recalled"
    assert taken_back["data"]["id"] == told["data"]["id"]
    assert "container" not in receiver.taken[1].body
    assert len(set(receiver.ids())) == 2

    # Who read it when is known before it left.
    with post.store.read() as session:
        readings = fetching.readers_of(session, lead_id)
        lines = [line.did for line in audit.page(session, limit=50)]
    assert [(one.agency_id, one.way) for one in readings] == [(unit.id, "webhook")]
    assert lines.count("leads_fetched") == 2


def test_what_was_tampered_with_is_not_taken_for_ours(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    post.releases(unit)
    post.works()
    (taken,) = receiver.taken
    assert taken.opened(hook.secret)["type"] == "lead.released"
    taken.body = taken.body.replace("locked", "locked ")
    with pytest.raises(WebhookVerificationError):
        taken.opened(hook.secret)


def test_everything_comes_in_order_and_once(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    released = [post.releases(unit) for _ in range(25)]
    while post.works():
        pass
    arrived = [one.opened(hook.secret)["data"]["id"] for one in receiver.taken]
    assert arrived == [f"report--{lead_id}" for lead_id in released]
    assert post.jobs() == []
    assert all(one.is_delivered for one in post.receipts(unit, hook))


def test_what_is_not_taken_is_tried_again_under_its_id_and_holds_up_the_rest(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    receiver.answers(500, 302, 204)
    first = post.releases(unit)
    post.works()
    second = post.releases(unit)
    # Before its time nothing is tried, whatever is released meanwhile.
    post.works()
    assert len(receiver.taken) == 1
    assert post.hook(unit, hook).failures == 1
    assert [one.status for one in post.receipts(unit, hook)] == [500]
    post.passes(seconds=5)
    post.works()
    assert post.hook(unit, hook).failures == 2
    post.passes(minutes=5)
    post.works()
    assert len(set(receiver.ids()[:3])) == 1
    assert len({one.body for one in receiver.taken[:3]}) == 1
    told = [one.body for one in receiver.taken]
    assert [lead in body for lead, body in zip([first, first, first, second], told, strict=True)]
    assert post.hook(unit, hook).failures == 0
    assert {one.status for one in post.receipts(unit, hook)} == {204}


def test_a_recall_overtakes_what_is_not_taken(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    first = post.releases(unit)
    post.works()
    # What comes next the receiver does not take, again and again.
    receiver.answers(500)
    post.releases(unit)
    for _ in range(5):
        post.works()
        post.at = post.hook(unit, hook).due or post.at
    post.works()
    receiver.taken.clear()
    # A person takes back what they agreed to: that is told now, before what waits for hours,
    receiver.answers(204, 500)
    post.releases(unit, recalls=first)
    post.works()
    assert types(receiver) == ["lead.recalled", "lead.released"]
    # once,
    post.at = post.hook(unit, hook).due or post.at
    post.works()
    assert types(receiver) == ["lead.recalled", "lead.released", "lead.released"]
    # and again in its turn, under the same id.
    receiver.answers(204)
    post.at = post.hook(unit, hook).due or post.at
    post.works()
    assert types(receiver)[3:] == ["lead.released", "lead.recalled"]
    assert receiver.ids()[0] == receiver.ids()[-1]


def test_a_recall_overtakes_a_backlog_that_is_being_taken(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    # After each message others have their turn.
    monkeypatch.setattr(delivering, "_AT_ONCE", 0.0)
    released = [post.releases(unit) for _ in range(110)]
    post.store.write(lambda session: session.execute(delete(jobs.jobs)))
    post.releases(unit, recalls=released[0])
    post.works()
    assert types(receiver) == ["lead.recalled"]
    # It is told again in its turn alone.
    post.works()
    post.works()
    assert types(receiver)[1:] == ["lead.released", "lead.released"]
    assert len(post.jobs()) == 1


def test_what_is_recalled_while_a_try_fails_is_told_at_once(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    first, second = post.releases(unit), post.releases(unit)
    post.works()
    receiver.answers(500)
    post.releases(unit)
    post.works()
    post.passes(minutes=10)
    receiver.taken.clear()

    def recalls(handler: Any) -> None:
        receiver.talk = None
        for lead_id in (first, second):
            post.releases(unit, recalls=lead_id)
        handler.wfile.write(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")

    receiver.talk = recalls
    for _ in range(5):
        post.works()
    # Each is tried once before anything waits: a receiver that takes none is not called without end.
    assert types(receiver) == ["lead.released", "lead.recalled", "lead.recalled"]
    assert post.hook(unit, hook).due
    receiver.answers(204)
    post.at = post.hook(unit, hook).due or post.at
    post.works()
    assert types(receiver)[3:5] == ["lead.recalled", "lead.recalled"]
    assert receiver.ids()[3:5] == receiver.ids()[1:3]


def test_nobody_is_asked_sooner_than_they_wish(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    receiver.answers(503, 204, Retry_After="600")
    post.releases(unit)
    post.works()
    post.passes(seconds=599)
    assert post.works() == 0
    post.passes(seconds=1)
    post.works()
    assert len(receiver.taken) == 2


def test_a_worker_that_dies_before_it_records_has_it_brought_again(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    class Killed(BaseException):
        pass

    class Dies:
        def post(self, *message: Any) -> Answer:
            alive.post(*message)
            raise Killed

    post.releases(unit)
    alive, post.caller = post.caller, Dies()  # type: ignore[assignment]
    with pytest.raises(Killed):
        # Its hold of the webhook ends a little later than its claim of the job.
        post.works(after=3)
    post.caller = alive
    # While it holds the webhook nobody else brings anything,
    post.releases(unit)
    for _ in range(2):
        assert post.works() <= 1
    assert len(receiver.taken) == 1
    post.passes(seconds=118)
    assert post.works() == 1
    assert len(receiver.taken) == 1
    # and when its hold is over the same message comes again.
    post.passes(seconds=2)
    post.works()
    assert len(receiver.taken) == 3
    assert receiver.ids()[0] == receiver.ids()[1] != receiver.ids()[2]
    assert post.jobs() == []
    assert {one.status for one in post.receipts(unit, hook)} == {204}


def test_a_receiver_that_is_gone_is_not_called_again(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    receiver.answers(410)
    post.releases(unit)
    post.works()
    its = post.hook(unit, hook)
    assert (its.state, its.why) == (State.OFF, Why.GONE)
    post.releases(unit)
    assert post.works() == 0
    # The agency may have it go on.
    receiver.answers(204)
    post.store.write(lambda session: subscribing.resume(session, unit.id, hook.id, at=post.at))
    post.works()
    assert len(receiver.taken) == 3
    assert post.hook(unit, hook).state is State.ON


def test_a_receiver_that_is_down_for_days_misses_nothing(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    receiver.answers(500)
    released = [post.releases(unit) for _ in range(3)]
    started = post.at
    tries = 0
    while post.hook(unit, hook).state is State.ON:
        due = post.hook(unit, hook).due
        post.at = due or post.at
        post.works()
        tries += 1
    assert timedelta(days=5) <= post.at - started < timedelta(days=7)
    assert tries < 15
    assert post.hook(unit, hook).why is Why.DOWN
    # Nothing is tried any more,
    post.passes(days=30)
    post.releases(unit)
    assert post.works() == 0
    # and all of it comes when the agency asks for it.
    receiver.answers(204)
    receiver.taken.clear()
    cursor = post.hook(unit, hook).cursor
    post.store.write(
        lambda session: subscribing.replay(session, unit.id, hook.id, cursor, at=post.at)
    )
    post.works()
    arrived = [one.body for one in receiver.taken]
    assert len(arrived) == 4
    assert all(lead in body for lead, body in zip(released, arrived, strict=False))


def test_a_replay_brings_the_same_messages_from_where_it_is_asked_for(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    for _ in range(3):
        post.releases(unit)
        post.passes(seconds=1)
    post.works()
    first = [(one.id, one.body) for one in receiver.taken]
    receiver.taken.clear()
    with post.store.read() as session:
        added = sorted(session.execute(select(fetches.c.first)).scalars())
    for since, many in ((added[0], 2), (0, 3), (added[-1], 0)):
        post.store.write(
            lambda session, since=since: subscribing.replay(
                session, unit.id, hook.id, since, at=post.at
            )
        )
        post.works()
        assert [(one.id, one.body) for one in receiver.taken] == first[3 - many :]
        receiver.taken.clear()
    # A replay is a reading, too.
    with post.store.read() as session:
        lines = [line.did for line in audit.page(session, limit=50)]
    assert lines.count("leads_fetched") == 3 + 2 + 3


def test_a_new_webhook_brings_what_is_released_from_then_on(
    post: Post, unit: Reader, receiver: Receiver
) -> None:
    post.releases(unit)
    post.subscribes(unit, receiver.url)
    post.works()
    assert receiver.taken == []
    post.passes(seconds=1)
    post.releases(unit)
    post.works()
    assert types(receiver) == ["lead.released"]


def test_a_pause_keeps_for_later_what_is_released(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    post.store.write(lambda session: subscribing.pause(session, unit.id, hook.id, at=post.at))
    post.releases(unit)
    post.works()
    assert receiver.taken == []
    post.store.write(lambda session: subscribing.resume(session, unit.id, hook.id, at=post.at))
    post.works()
    assert len(receiver.taken) == 1


def test_an_agency_gets_nothing_that_it_may_not_be_told_meanwhile(
    post: Post, receiver: Receiver
) -> None:
    unit = post.desk.admits("National unit", "RO", "BG")
    post.subscribes(unit, receiver.url)
    post.releases(unit, country="BG")
    recalled = post.releases(unit, country="BG")
    post.releases(unit, country="RO")
    post.releases(unit, recalls=recalled)
    # Its scope becomes narrower, by whatever way its releases are left as they are.
    post.store.write(
        lambda session: session.execute(
            update(agency_rows).where(agency_rows.c.id == unit.id).values(countries=["RO"])
        )
    )
    post.works()
    # The recall comes first, and again in its turn.
    assert ["container" in one.body for one in receiver.taken] == [False, True, False]


def test_an_agency_that_was_let_go_gets_nothing(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    post.releases(unit)
    post.store.write(lambda session: agencies.dismiss(session, unit.id, at=post.at, by=NOOR))
    post.works()
    assert receiver.taken == []
    with post.store.read() as session:
        assert session.execute(select(webhooks)).first() is None


def test_another_agencys_leads_and_webhooks_stay_apart(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    other = post.desk.admits("Second unit", "RO")
    post.releases(other)
    post.works()
    assert receiver.taken == []


def test_a_worker_whose_key_was_replaced_asks_for_a_new_secret(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    post.relay = RelayKey(PrivateKey.fresh())
    post.releases(unit)
    post.works()
    its = post.hook(unit, hook)
    assert (its.state, its.why) == (State.FAILING, Why.UNSIGNED)
    assert receiver.taken == []
    secret = post.store.write(
        lambda session: subscribing.renew(session, post.relay.public, unit.id, hook.id, at=post.at)
    )
    post.works()
    assert receiver.taken[0].opened(secret)["type"] == "lead.released"
    with pytest.raises(WebhookVerificationError):
        receiver.taken[0].opened(hook.secret)


def test_a_replay_during_a_call_is_not_lost(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    """The agency asks for a replay while a message is on its way: that message does not move the cursor back."""
    post.releases(unit)

    def asks(handler: Any) -> None:
        receiver.talk = None
        post.store.write(
            lambda session: subscribing.replay(session, unit.id, hook.id, 0, at=post.at)
        )
        handler.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    receiver.talk = asks
    while post.works():
        pass
    assert len(receiver.taken) == 2
    assert len(set(receiver.ids())) == 1


def test_an_address_that_leads_inside_by_now_is_a_failure_like_any_other(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver, authority: ssl.SSLContext
) -> None:
    post.releases(unit)
    post.caller = caller(authority, also=())
    post.works()
    assert receiver.taken == []
    assert [one.status for one in post.receipts(unit, hook)] == [0]
    assert post.hook(unit, hook).failures == 1


def test_no_secret_token_or_address_is_where_it_must_not_be(
    desk: Desk,
    post: Post,
    unit: Reader,
    hook: Hook,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answers(500, 204)
    post.releases(unit)
    post.works()
    post.passes(seconds=5)
    post.works()
    assert len(receiver.taken) == 2
    post.store.truncate_log()
    everything = Path(post.store.url.removeprefix("sqlite:///")).read_bytes()
    secret = hook.secret.removeprefix("whsec_")
    for canary in (secret, unit.token, receiver.taken[0].headers["webhook-signature"]):
        assert canary.encode() not in everything
    logged = "".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    for canary in (secret, unit.token, "/leads?of=unit", "container"):
        assert canary not in logged
    assert hook.secret not in repr(post.hook(unit, hook))


def test_old_receipts_are_forgotten(
    post: Post, unit: Reader, hook: Hook, receiver: Receiver
) -> None:
    post.releases(unit)
    post.works()
    post.passes(days=91)
    post.releases(unit)
    post.works()
    post.store.write(lambda session: subscribing.sweep(session, at=post.at))
    assert len(post.receipts(unit, hook)) == 1
    post.store.write(lambda session: subscribing.end(session, unit.id, hook.id, at=post.at))
    with post.store.read() as session:
        assert session.execute(select(webhook_receipts)).first() is None
