"""Who pumps texts into the line does not live on its answers; and what comes in has no cap."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.config import Config
from hotline.contact import Caps, Trouble, may_answer
from hotline.contact.carrier import CarrierBusy, CarrierRefused
from hotline.contact.sending import OverCap
from hotline.contact.spending import forget_before, spent
from hotline.contact.tables import spending
from hotline.errors import Misconfigured
from hotline.migrations import create_all
from hotline.store import Store
from tests.contact.conftest import NOW

DAY = "2026-03-02"
SMALL = Caps(per_day=10, per_country=6)


def ask(store, country, parts, day=DAY):
    return store.write(
        lambda session: may_answer(session, country=country, parts=parts, day=day, caps=SMALL)
    )


def check_caps(store):
    assert [ask(store, "ES", 3) for _ in range(3)] == [True, True, False]
    # Another country has its own share, up to what the day has in all.
    assert [ask(store, "FR", 2) for _ in range(3)] == [True, True, False]
    # What may not go was not counted,
    with store.read() as session:
        assert spent(session, day=DAY) == {"ES": 6, "FR": 4}
    # and the next day begins anew.
    assert ask(store, "ES", 6, day="2026-03-03")


def test_each_country_and_the_day_have_a_cap(store):
    check_caps(store)


def test_on_postgresql_too(postgres_url):
    store = Store(postgres_url)
    create_all(store)
    check_caps(store)
    store.close()


def test_one_text_that_is_too_much_leaves_room_for_a_smaller_one(store):
    assert not ask(store, "ES", 7)
    assert ask(store, "ES", 6)


def test_a_phone_of_no_known_country_counts_too(store):
    assert [ask(store, "", 4) for _ in range(2)] == [True, False]


def test_what_was_counted_long_ago_is_forgotten(store):
    ask(store, "ES", 1)
    store.write(lambda session: forget_before(session, "2026-03-03"))
    with store.read() as session:
        assert not session.execute(select(spending)).all()


def told(desk, caps, at=NOW):
    """Work, and return what operators hear."""
    heard = []
    with pytest.raises(OverCap):
        desk.works(
            at=at, caps=caps, tell=lambda _session, trouble, code: heard.append((trouble, code))
        )
    return heard


def test_an_answer_over_the_cap_waits_and_operators_hear(desk):
    desk.replies("a" * 161)
    assert told(desk, Caps(per_day=1)) == [(Trouble.CAPPED, "")]
    assert desk.states() == ["stuck"]
    assert not desk.carrier.sent
    assert desk.sends()[0].sealed is not None


def test_only_what_went_is_counted(desk):
    desk.replies("a" * 161)
    desk.carrier.fails = [CarrierBusy()]
    with pytest.raises(CarrierBusy):
        desk.works()
    with desk.store.read() as session:
        assert spent(session, day=DAY) == {}
    desk.carrier.fails = [CarrierRefused(ref="21211")]
    desk.works(at=NOW + timedelta(minutes=3))
    with desk.store.read() as session:
        assert spent(session, day=DAY) == {}


def test_an_answer_is_counted_by_its_parts(desk):
    desk.replies("a" * 161)
    desk.works()
    with desk.store.read() as session:
        assert spent(session, day=DAY) == {"": 2}
    assert desk.sends()[0].parts == 2


def test_operators_set_the_caps():
    caps = Caps.of(
        Config("https://x.example", "sqlite:///x", None, spend_parts_per_day=7)  # type: ignore[arg-type]
    )
    assert caps == Caps(7, 1000)


@pytest.mark.parametrize("written", ["many", "-1", "1.5", "12345678"])
@pytest.mark.parametrize("name", ["SPEND_PARTS_PER_DAY", "SPEND_PARTS_PER_COUNTRY"])
def test_a_cap_is_a_number(tmp_path, name, written):
    env = {
        "PUBLIC_URL": "https://line.example",
        "DATABASE_URL": "sqlite:///x.db",
        "KEYS_DIR": str(tmp_path),
    }
    assert Config.from_env(env).spend_parts_per_day == 5000
    assert getattr(Config.from_env({**env, name: "12"}), name.lower()) == 12
    with pytest.raises(Misconfigured, match=name):
        Config.from_env({**env, name: written})
