"""What the provider still holds goes as soon as we have it, and not before."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from hotline.contact import erase_held, erase_later, waiting, waiting_files
from hotline.contact.carrier import Held
from hotline.contact.leaving import Waiting
from hotline.contact.tables import call_backs, erase_at_provider, pictures, ring_calls, sends
from hotline.reports.tables import seen
from hotline.vault.seen import seen_key

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
OLD = NOW - timedelta(hours=3)
SM, MM, ME = "SM" + "1" * 32, "MM" + "2" * 32, "ME" + "3" * 32
RE, CA = "RE" + "4" * 32, "CA" + "5" * 32


def goes(store, *held):
    """Return what of *held* is asked to be erased."""
    store.write(lambda session: erase_held(session, held, at=NOW))
    with store.read() as session:
        rows = session.execute(select(erase_at_provider.c.kind, erase_at_provider.c.provider_id))
        return sorted(tuple(row) for row in rows)


def remembers(store, provider_id):
    row = {"id_hash": seen_key(provider_id), "answer_sealed": b"", "day": "2026-11-25"}
    store.write(lambda session: session.execute(insert(seen), row))


def wants_pictures(store, provider_id, since=OLD):
    row = {"id": provider_id[:32], "id_hash": seen_key(provider_id), "sealed": b"", "since": since}
    store.write(lambda session: session.execute(insert(pictures), row))


def incoming(kind, provider_id):
    return Held(kind, provider_id, OLD, is_incoming=True)


def test_calls_recordings_and_our_own_texts_go(store):
    held = [Held("call", CA, OLD), Held("recording", RE, OLD), Held("message", SM, OLD)]
    assert goes(store, *held) == [("call", CA), ("message", SM), ("recording", RE)]


def test_a_text_that_was_not_kept_stays(store):
    media = incoming("media", f"{MM}/{ME}")
    assert goes(store, incoming("message", SM), incoming("message", MM), media) == []


def test_a_text_that_was_kept_goes_with_its_media(store):
    remembers(store, MM)
    assert goes(store, incoming("message", MM), incoming("media", f"{MM}/{ME}")) == [
        ("media", f"{MM}/{ME}"),
        ("message", MM),
    ]


def test_its_pictures_stay_until_they_are_fetched(store):
    remembers(store, MM)
    wants_pictures(store, MM)
    assert goes(store, incoming("message", MM), incoming("media", f"{MM}/{ME}")) == []


def test_what_was_asked_to_be_erased_was_kept_however_long_ago(store):
    store.write(lambda session: erase_later(session, "text", SM, at=NOW))
    assert goes(store, incoming("message", SM)) == [("message", SM), ("text", SM)]


def test_our_texts_stay_while_we_do_not_know_whether_one_was_sent(store):
    send = {
        "id": "5" * 32, "report_id": "6" * 32, "seq": 1, "channel": "sms", "sealed": b"x",
        "rank": 0, "state": "waiting", "expires_at": NOW, "tried_at": NOW,
    }  # fmt: skip
    store.write(lambda session: session.execute(insert(sends), send))
    assert goes(store, Held("message", SM, OLD), Held("call", CA, OLD)) == [("call", CA)]


def test_people_see_how_much_waits_and_since_when_and_never_what(store):
    assert store.write(waiting) == []
    for kind, provider_id, at in (("message", SM, NOW), ("message", MM, OLD), ("call", CA, NOW)):
        store.write(
            lambda session, its=(kind, provider_id), at=at: erase_later(session, *its, at=at)
        )
    assert store.write(waiting) == [Waiting("call", 1, NOW, 0), Waiting("message", 2, OLD, 0)]
    assert store.write(waiting_files) == []
    wants_pictures(store, MM)
    wants_pictures(store, SM, since=NOW)
    assert store.write(waiting_files) == [Waiting("pictures", 2, OLD, 0)]


def test_a_call_stays_while_one_of_ours_is_looked_for(store):
    call = {
        "id": "9" * 32,
        "report_id": "8" * 32,
        "open_for": "8" * 32,
        "by": "noor",
        "sealed": b"x",
        "state": "calling",
        "expires_at": NOW + timedelta(hours=1),
        "tried_at": NOW,
    }
    store.write(lambda session: session.execute(insert(call_backs), call))
    held = [Held("call", CA, OLD), Held("message", SM, OLD)]
    assert goes(store, *held) == [("message", SM)]
    store.write(lambda session: session.execute(call_backs.update().values(receipt=b"y")))
    leg = {"id": "7" * 32, "ring_id": "6" * 32, "staff_id": "noor", "turn": 0, "tried_at": NOW}
    store.write(lambda session: session.execute(insert(ring_calls), leg | {"state": "asked"}))
    assert goes(store, *held) == [("message", SM)]
    store.write(lambda session: session.execute(ring_calls.update().values(state="rings")))
    assert goes(store, *held) == [("call", CA), ("message", SM)]
