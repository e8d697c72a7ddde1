"""A link opens once, by its PIN, for one browser; what does not open looks the same for every reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from hotline import handoff
from hotline.audit.tables import audit_waiting
from hotline.consent import ConsentRefused, Why
from hotline.errors import Conflict, Malformed, NotFound
from hotline.handoff import answering, links
from hotline.handoff.events import Event
from hotline.handoff.linked import Closed, Opened, WrongPin
from hotline.handoff.tables import handoff_links, handoffs
from hotline.reports.tables import reports
from hotline.store import Store
from hotline.vault.links import lookup, new_link, new_ticket
from tests.handoff.desk import BAYT, DESK, HARBOR, KEYHOLDER, VALUES, Referring, Sent


def test_the_right_pin_opens_once_and_looking_changes_nothing(maria: Referring) -> None:
    sent = maria.sends()
    before = maria.link(sent)
    for _ in range(3):
        found = maria.finds(sent)
        assert found is not None
        assert not found.is_opened
        assert found.locale == "fr"
    assert maria.link(sent) == before
    assert maria.offer(sent.offer_id).fields == []

    opened = maria.opens(sent)
    assert opened.packet is not None
    assert dict(opened.packet.values) == VALUES
    assert opened.packet.digest == maria.offer(sent.offer_id).digest
    assert opened.its["status"] == "asked"
    # The organization knows it from now on.
    offer = maria.offer(sent.offer_id)
    assert (offer.fields, offer.handed_day) == (sorted(VALUES), "2026-11-25")
    # Whoever opened it sees it again; only they do.
    again = maria.resumes(sent, opened.ticket)
    assert again is not None
    assert again.packet == opened.packet
    assert maria.resumes(sent, new_ticket()) is None
    assert maria.resumes(sent, b"") is None


def test_link_and_pin_afterwards_show_no_packet(maria: Referring) -> None:
    sent = maria.sends()
    opened = maria.opens(sent)
    other = maria.opens(sent)
    assert (other.packet, other.key, other.talk) == (None, None, ())
    assert other.its["service_name"] == HARBOR
    assert other.ticket != opened.ticket
    seen = maria.resumes(sent, other.ticket)
    assert seen is not None
    assert (seen.packet, seen.key) == (None, None)
    # The visit ends; who opened it goes on.
    maria.passes(minutes=31)
    assert maria.resumes(sent, other.ticket) is None
    assert maria.resumes(sent, opened.ticket) is not None


def test_a_pin_in_other_digits_and_with_gaps_is_the_same(maria: Referring) -> None:
    sent = maria.sends()
    arabic = sent.pin.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert isinstance(maria.tries(sent, f" {arabic[:4]} {arabic[4:]}\u200f"), Opened)


def test_what_is_no_pin_is_no_try(maria: Referring) -> None:
    sent = maria.sends()
    for _ in range(9):
        assert maria.tries(sent, "1234567") == WrongPin(5)
        assert maria.tries(sent, "a letter") == WrongPin(5)
    assert isinstance(maria.tries(sent), Opened)


def test_five_wrong_pins_close_it_for_good(maria: Referring) -> None:
    sent = maria.sends()
    left = [maria.tries(sent, sent.wrong_pin) for _ in range(5)]
    assert left == [WrongPin(4), WrongPin(3), WrongPin(2), WrongPin(1), Closed()]
    assert maria.tries(sent) == Closed()
    assert maria.finds(sent) is None
    assert maria.link(sent).sealed is None
    # The offer can be asked again at once; staff hear of it.
    assert maria.status(sent) == "offered"
    assert [one.event for one in maria.expires()] == [Event.PIN_CLOSED]
    assert maria.expires() == []
    assert maria.link(sent) is None
    assert isinstance(maria.tries(maria.asks(sent.offer_id)), Opened)


def test_a_right_pin_gives_no_new_tries_at_others(maria: Referring) -> None:
    sent = maria.sends()
    for _ in range(4):
        maria.tries(sent, sent.wrong_pin)
    opened = maria.opens(sent)
    visit = maria.opens(sent)
    assert maria.tries(sent, sent.wrong_pin) == Closed()
    assert maria.tries(sent) == Closed()
    # They close the way by PIN; who opened it keeps what they opened, and answers.
    assert maria.resumes(sent, visit.ticket) is None
    assert maria.expires() == []
    again = maria.resumes(sent, opened.ticket)
    assert again is not None
    assert again.packet == opened.packet
    found = maria.finds(sent)
    assert found is not None
    assert (found.is_opened, found.opens_by_pin) == (True, False)
    assert maria.accepts(sent).event == Event.ACCEPTED


@pytest.mark.parametrize("was_opened", [True, False])
def test_wrong_pins_after_a_yes_are_told_so_that_somebody_calls(
    maria: Referring, was_opened: bool
) -> None:
    sent = maria.sends()
    if was_opened:
        ticket = maria.opens(sent).ticket
        maria.accepts(sent)
    else:
        terms = (KEYHOLDER, sent.offer_id, "yes", "", maria.at)
        maria.store.write(lambda session: answering.answer_by_staff(session, *terms))
    for _ in range(5):
        maria.tries(sent, sent.wrong_pin)
    assert maria.status(sent) == "accepted"
    assert maria.expires() == []
    due = maria.store.write(lambda session: answering.due_outcomes(session, maria.at))
    assert [one.event for one in due] == [Event.ASK_ARRIVED]
    assert (maria.link(sent) is not None) == was_opened
    if was_opened:
        assert maria.resumes(sent, ticket) is not None
        assert maria.tells(sent, "arrived").event == Event.ARRIVED


def test_a_try_counts_before_it_is_known_whether_it_is_right(
    maria: Referring, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = maria.sends()
    seen = []

    class Slow:
        def derive(self, token: str, pin: str):
            seen.append(maria.link(sent).tries)
            return DESK.derive(token, pin)

    links.try_pin(maria.store, Slow(), sent.token, sent.wrong_pin, maria.at)  # type: ignore[arg-type]
    assert seen == [1]


class Failing:
    """Derives nothing: as without memory, or in a process that is killed."""

    def __init__(self, error: type[BaseException]) -> None:
        self.error = error

    def derive(self, _token: str, _pin: str):
        raise self.error


def fails(maria: Referring, sent: Sent, error: type[BaseException]) -> None:
    desk = Failing(error)
    with pytest.raises(error):
        links.try_pin(maria.store, desk, sent.token, sent.pin, maria.at)  # type: ignore[arg-type]


def test_a_try_of_which_nothing_was_learned_is_given_back(maria: Referring) -> None:
    sent = maria.sends()
    maria.tries(sent, sent.wrong_pin)
    for _ in range(9):
        fails(maria, sent, MemoryError)
    link = maria.link(sent)
    assert (link.tries, link.wrong, link.tried_at) == (1, 1, None)
    assert maria.tries(sent, sent.wrong_pin) == WrongPin(3)


def test_what_a_process_tried_that_died_counts_as_none_after_a_minute(maria: Referring) -> None:
    sent = maria.sends()
    maria.tries(sent, sent.wrong_pin)
    for _ in range(4):
        fails(maria, sent, KeyboardInterrupt)
    assert maria.tries(sent) == Closed()
    maria.passes(seconds=59)
    maria.expires()
    assert maria.tries(sent) == Closed()
    maria.passes(seconds=1)
    assert maria.expires() == []
    assert (maria.link(sent).tries, maria.link(sent).tried_at) == (1, None)
    assert maria.tries(sent, sent.wrong_pin) == WrongPin(3)
    assert isinstance(maria.tries(sent), Opened)


def test_tries_that_are_slower_than_the_sweep_give_no_sixth(maria: Referring) -> None:
    sent = maria.sends()

    class Slow:
        """While it derives, the sweep takes its try for one that nobody finished, and others try on."""

        def __init__(self, others: int) -> None:
            self.others = others

        def derive(self, token: str, pin: str):
            maria.passes(minutes=1)
            maria.expires()
            for _ in range(self.others):
                maria.tries(sent, sent.wrong_pin)
            return DESK.derive(token, pin)

    slow = Slow(4)
    assert links.try_pin(maria.store, slow, sent.token, sent.wrong_pin, maria.at) == Closed()  # type: ignore[arg-type]
    assert maria.tries(sent) == Closed()
    other = sent = maria.sends(BAYT)
    assert links.try_pin(maria.store, Slow(5), other.token, other.pin, maria.at) == Closed()  # type: ignore[arg-type]
    assert maria.link(other) is None or maria.link(other).seat is None


def test_a_visit_is_forgotten_once_it_is_over(maria: Referring) -> None:
    sent = maria.sends()
    ticket = maria.opens(sent).ticket
    maria.passes(seconds=42)
    maria.opens(sent)
    until = maria.link(sent).visit_until
    assert (until.second, until.microsecond) == (0, 0)
    maria.passes(minutes=30)
    maria.expires()
    assert (maria.link(sent).visitor, maria.link(sent).visit_until) == (None, None)
    assert maria.resumes(sent, ticket) is not None


def _takes_back(maria: Referring, _sent: Sent) -> None:
    maria.takes_back()


def _takes_back_and_reviews(maria: Referring, _sent: Sent) -> None:
    maria.takes_back()
    assert maria.reviews()


def _is_excluded(maria: Referring, _sent: Sent) -> None:
    maria.excludes()


def _is_withdrawn(maria: Referring, _sent: Sent) -> None:
    maria.store.write(
        lambda session: handoff.withdraw(session, maria.report_id, by="system", at=maria.at)
    )


def _is_called_back(maria: Referring, sent: Sent) -> None:
    maria.store.write(
        lambda session: links.take_back(session, KEYHOLDER, sent.offer_id, at=maria.at)
    )


def _case_ends(maria: Referring, _sent: Sent) -> None:
    maria.store.write(lambda session: links.close_links(session, maria.report_id))


def _is_erased(maria: Referring, _sent: Sent) -> None:
    def work(session):
        handoff.forget(session, maria.report_id)
        session.execute(delete(reports).where(reports.c.id == maria.report_id))

    maria.store.write(work)


def _is_late(maria: Referring, _sent: Sent) -> None:
    maria.passes(minutes=60)


def _is_late_and_swept(maria: Referring, _sent: Sent) -> None:
    maria.passes(minutes=60)
    assert maria.expires()


def _its_day_is_past(maria: Referring, _sent: Sent) -> None:
    maria.passes(days=6)


def _yes_ends(maria: Referring, _sent: Sent) -> None:
    its = update(handoffs).values(answer_by=maria.at + timedelta(days=90))
    maria.store.write(lambda session: session.execute(its))
    maria.passes(days=31)


def _is_guessed_at(maria: Referring, sent: Sent) -> None:
    for _ in range(5):
        maria.tries(sent, sent.wrong_pin)


def _is_asked_anew(maria: Referring, sent: Sent) -> None:
    maria.store.write(
        lambda session: links.take_back(session, KEYHOLDER, sent.offer_id, at=maria.at)
    )
    maria.asks(sent.offer_id)


def _another_accepts(maria: Referring, _sent: Sent) -> None:
    other = maria.sends(BAYT)
    maria.opens(other)
    assert maria.accepts(other).event == Event.ACCEPTED


def _is_offered_to_another_service_by_force(maria: Referring, _sent: Sent) -> None:
    """Somebody who writes to the database gives the link to another organization."""
    its = update(handoffs).values(organization_id=BAYT)
    maria.store.write(lambda session: session.execute(its))


WAYS_TO_CLOSE = [
    _takes_back,
    _takes_back_and_reviews,
    _is_excluded,
    _is_withdrawn,
    _is_called_back,
    _case_ends,
    _is_erased,
    _is_late,
    _is_late_and_swept,
    _its_day_is_past,
    _yes_ends,
    _is_guessed_at,
    _is_asked_anew,
    _another_accepts,
    _is_offered_to_another_service_by_force,
]


TOLD_TO_WHO_OPENED_IT = [
    _takes_back_and_reviews,
    _is_called_back,
    _case_ends,
    _is_late,
    _is_late_and_swept,
    _another_accepts,
]


@pytest.mark.parametrize(
    ("closes", "was_opened"),
    [
        (way, was_opened)
        for way in WAYS_TO_CLOSE
        for was_opened in (False, True)
        # Wrong PINs take nothing from who opened it.
        if not (was_opened and way is _is_guessed_at)
    ],
)
def test_a_closed_link_opens_in_no_way(
    maria: Referring, closes: Callable[[Referring, Sent], None], was_opened: bool
) -> None:
    sent = maria.sends()
    ticket = maria.opens(sent).ticket if was_opened else sent.key.root
    closes(maria, sent)
    for pin in (sent.pin, sent.wrong_pin, "", "no pin"):
        assert maria.tries(sent, pin) == Closed()
    assert maria.finds(sent) is None
    seen = maria.resumes(sent, ticket)
    assert seen is None or (seen.packet, seen.key) == (None, None)
    assert seen is None or (seen.is_closed and seen.talk == ())
    assert (seen is not None) == (was_opened and closes in TOLD_TO_WHO_OPENED_IT)
    for act in (maria.accepts, maria.declines):
        if was_opened and closes is _another_accepts:
            assert act(sent).event == Event.NOT_NEEDED
        else:
            with pytest.raises((NotFound, Conflict)):
                act(sent)
    with pytest.raises((NotFound, Conflict)):
        maria.tells(sent, "arrived")


@pytest.mark.parametrize("token", ["", "x", "a" * 42, "a" * 44, "é" * 43, "A" * 43, "../" * 15])
def test_an_address_that_nobody_made_is_as_a_closed_one(maria: Referring, token: str) -> None:
    maria.sends()
    with maria.store.read() as session:
        assert links.find(session, token, maria.at) is None
        assert links.resume(session, token, new_ticket(), maria.at) is None
    assert links.try_pin(maria.store, DESK, token, "12345678", maria.at) == Closed()


@pytest.mark.parametrize(
    "facts", [{"duress": True}, {"minor": True}], ids=["somebody holds the phone", "a child"]
)
def test_while_nothing_new_may_leave_it_does_not_open_and_is_not_used_up(
    maria: Referring, facts: dict[str, bool]
) -> None:
    sent = maria.sends()
    maria.becomes(**facts)
    assert maria.finds(sent) is None
    assert maria.tries(sent) == Closed()
    assert maria.tries(sent, sent.wrong_pin) == Closed()
    maria.becomes(**dict.fromkeys(facts, False))
    assert isinstance(maria.tries(sent), Opened)


def test_what_has_left_stays_open_to_them_while_nothing_new_may_leave(maria: Referring) -> None:
    sent = maria.sends()
    opened = maria.opens(sent)
    maria.becomes(duress=True)
    again = maria.resumes(sent, opened.ticket)
    assert again is not None
    assert again.packet == opened.packet


def test_nothing_of_a_link_stands_in_the_log_but_what_was_done(maria: Referring) -> None:
    sent = maria.sends()
    maria.opens(sent)
    with maria.store.read() as session:
        lines = session.execute(audit_waiting.select()).all()
    done = {line.did: line for line in lines}
    assert done["provider_asked"].what == f"{sent.offer_id} {sent.packet.short}"
    assert done["provider_opened"].what == f"{sent.offer_id} {sent.packet.short}"
    assert done["provider_opened"].who == "provider"
    said = str(lines)
    assert sent.token not in said
    assert sent.pin not in said


def test_a_packet_that_was_changed_where_it_lies_does_not_open(maria: Referring) -> None:
    sent, other = maria.sends(), maria.sends(BAYT)
    swapped = update(handoff_links).where(handoff_links.c.id == sent.id)
    changed = swapped.values(sealed=maria.link(other).sealed)
    maria.store.write(lambda session: session.execute(changed))
    assert maria.tries(sent) == Closed()
    assert maria.link(sent).seat is None


@pytest.mark.parametrize("changed", [{"digest": "0" * 64}, {"organization_id": BAYT}], ids=list)
def test_only_what_was_previewed_opens_and_only_for_whom(
    maria: Referring, changed: dict[str, str]
) -> None:
    sent = maria.sends()
    maria.says_yes(BAYT)
    its = update(handoffs).where(handoffs.c.id == sent.offer_id).values(changed)
    maria.store.write(lambda session: session.execute(its))
    assert maria.tries(sent) == Closed()
    assert maria.link(sent).seat is None


def test_names_of_fields_in_the_database_decide_nothing(maria: Referring) -> None:
    """Whoever writes to the database cannot let out what is in the packet and no more agreed to."""
    sent = maria.sends()
    maria.says_yes(fields=["need"])
    hidden = update(handoff_links).values(fields=["need"])
    maria.store.write(lambda session: session.execute(hidden))
    assert maria.tries(sent) == Closed()


def test_what_may_not_be_told_is_not_sent(maria: Referring) -> None:
    maria.says_yes()
    offer = maria.is_offered()
    packet = maria.composes()
    late = maria.composes(days=20)
    maria.says_yes(fields=["need"])
    with pytest.raises(ConsentRefused) as refused:
        maria.asks(offer, packet)
    assert refused.value.why == Why.NOT_IN_CONSENT
    maria.says_yes(days=10)
    with pytest.raises(ConsentRefused) as refused:
        maria.asks(offer, late)
    assert refused.value.why == Why.TOO_LONG
    with pytest.raises(Malformed):
        maria.asks(offer, packet, minutes=0)
    maria.says_yes(BAYT)
    with pytest.raises(Malformed):
        maria.asks(offer, maria.composes(BAYT))


def test_nobody_is_asked_twice_at_once_or_for_what_somebody_took_in(maria: Referring) -> None:
    sent = maria.sends()
    with pytest.raises(Conflict):
        maria.asks(sent.offer_id)
    maria.opens(sent)
    maria.accepts(sent)
    maria.says_yes(BAYT)
    other = maria.is_offered(BAYT)
    with pytest.raises(Conflict):
        maria.asks(other)
    # They left again: the need is free.
    maria.tells(sent, "left")
    assert isinstance(maria.tries(maria.asks(other)), Opened)
    # For another need they may be asked all along.
    maria.sends(HARBOR, "legal")


def test_one_organization_with_two_offers_has_two_links(maria: Referring) -> None:
    one, two = maria.sends(), maria.sends(HARBOR, "legal")
    assert maria.opens(one).ticket != maria.opens(two).ticket
    # The PIN of one is not that of the other.
    assert one.key.public.raw != two.key.public.raw
    crossed = links.try_pin(maria.store, DESK, one.token, two.pin, maria.at)
    assert crossed == WrongPin(4) or one.pin == two.pin
    with maria.store.read() as session:
        assert set(links.links_of(session, maria.report_id)) == {one.offer_id, two.offer_id}


def test_a_capacity_link_opens_again_and_again_for_half_an_hour(store: Store) -> None:
    maria = Referring(store, "0" * 32)
    token, pin = new_link()[0], "00000001"
    key = DESK.derive(token, pin)
    link_id = store.write(
        lambda session: links.write_capacity_link(
            session,
            service_id="s1",
            name="Night desk",
            key=key,
            token_lookup=lookup(token),
            locale="ar",
            expires_at=maria.at + timedelta(days=90),
        )
    )
    for _ in range(2):
        opened = links.try_pin(store, DESK, token, pin, maria.at)
        assert isinstance(opened, Opened)
        assert (opened.packet, opened.key, opened.its) == (None, None, {})
        assert (opened.link.kind, opened.link.name) == (links.Kind.CAPACITY, "Night desk")
        with store.read() as session:
            assert links.resume(session, token, opened.ticket, maria.at) is not None
    maria.passes(minutes=30)
    with store.read() as session:
        assert links.resume(session, token, opened.ticket, maria.at) is None
        assert links.resume(session, token, key.root, maria.at) is None
        assert links.find(session, token, maria.at) is not None
    for left in (4, 3, 2, 1):
        assert links.try_pin(store, DESK, token, "99999999", maria.at) == WrongPin(left)
    # Whoever has it for a year mistypes now and then: a right PIN begins the count anew.
    opened = links.try_pin(store, DESK, token, pin, maria.at)
    assert isinstance(opened, Opened)
    for left in (4, 3, 2, 1):
        assert links.try_pin(store, DESK, token, "99999999", maria.at) == WrongPin(left)
    assert links.try_pin(store, DESK, token, "99999999", maria.at) == Closed()
    with store.read() as session:
        assert links.find(session, token, maria.at) is None
        assert links.resume(session, token, opened.ticket, maria.at) is None
    # Nobody is told by a task: it is about no report.
    assert store.write(lambda session: answering.expire(session, maria.at)) == []
    assert store.write(lambda session: links.close_link(session, link_id))
    assert not store.write(lambda session: links.close_link(session, link_id))
    assert links.try_pin(store, DESK, token, pin, maria.at) == Closed()
