"""The provider's news comes in any order, twice or never; what a caseworker sees only goes forward."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from hotline.contact import note_status
from hotline.contact.fate import _FATE, DOUBT, State, settle, waits
from hotline.contact.tables import sends

WORDS = [*_FATE, "receiving", "", "DELIVERED", "x" * 500]


def notes(desk, ref, news):
    for word in news:
        desk.store.write(lambda session, word=word: note_status(session, ref=ref, state=word))


def fate(desk):
    return desk.rows(select(sends.c.rank, sends.c.state))[0]


@pytest.fixture
def sent(desk):
    desk.replies("hola")
    return desk, desk.sends()[0].id


@settings(
    max_examples=60,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(news=st.lists(st.sampled_from(WORDS), max_size=6), data=st.data())
def test_the_order_of_the_news_does_not_matter(sent, news, data):
    desk, ref = sent
    ends = []
    for order in (news, data.draw(st.permutations(news)), news + news):
        desk.store.write(
            lambda session: session.execute(update(sends).values(rank=0, state="waiting"))
        )
        notes(desk, ref, order)
        ends.append(fate(desk))
    assert len(set(ends)) == 1


def test_the_rank_never_falls(sent):
    desk, ref = sent
    for order in permutations(["queued", "sent", "delivered", "undelivered"]):
        desk.store.write(
            lambda session: session.execute(update(sends).values(rank=0, state="waiting"))
        )
        ranks = []
        for word in order:
            notes(desk, ref, [word])
            ranks.append(fate(desk).rank)
        assert ranks == sorted(ranks)


def test_the_usual_course(sent):
    desk, ref = sent
    seen = []
    for word in ("queued", "sending", "sent", "delivered", "read"):
        notes(desk, ref, [word])
        seen.append(desk.states()[0])
    assert seen == ["waiting", "waiting", "sent", "delivered", "delivered"]


def test_a_closed_line_is_told_by_its_code(sent):
    desk, ref = sent
    desk.store.write(
        lambda session: note_status(session, ref=ref, state="undelivered", code="21610")
    )
    assert desk.states() == ["closed"]


def test_news_of_nothing_changes_nothing(sent):
    desk, _ = sent
    notes(desk, "0" * 32, ["delivered"])
    assert desk.states() == ["waiting"]


@pytest.mark.parametrize("state", ["held", "hours", "stuck"])
def test_what_it_waits_for_never_hides_what_became_of_it(sent, state):
    desk, ref = sent
    notes(desk, ref, ["sent"])
    desk.store.write(lambda session: waits(session, ref=ref, state=State(state), held=True))
    assert fate(desk).state == "sent"
    assert not desk.sends()[0].held


def test_any_news_ends_a_doubt(sent):
    desk, ref = sent
    for word, state in (("queued", "waiting"), ("delivered", "delivered")):
        desk.store.write(lambda session: settle(session, ref=ref, rank=DOUBT, state=State.UNSURE))
        notes(desk, ref, [word])
        assert fate(desk).state == state


@pytest.mark.parametrize(
    ("code", "kept"), [("30007", "30007"), ("", ""), ("x' OR 1", ""), ("9" * 20, ""), ("٣", "")]
)
def test_the_provider_s_code_is_kept_and_nothing_else(sent, code, kept):
    desk, ref = sent
    desk.store.write(lambda session: note_status(session, ref=ref, state="undelivered", code=code))
    assert desk.sends()[0].code == kept
