"""From the link to the person's phone: what a provider answers reaches them, or a colleague who tells them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.contact.tables import prepared_answers
from hotline.errors import NotFound
from hotline.handoff import answering
from hotline.handoff.linked import Closed
from hotline.retention import Sweeper
from hotline.triage import providers, tasks
from hotline.triage.tables import alerts
from hotline.triage.taking_back import take_back
from tests.contact.conftest import NOW, Desk, desk_in
from tests.contact.test_knocking import bodies, comes
from tests.contact.test_preparing import WORDS, prepares
from tests.handoff.desk import BAYT, HARBOR, Referring, Sent
from tests.house import House
from tests.triage.test_providers import of, terms

SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def desk(house: House) -> Desk:
    return desk_in(house)


@pytest.fixture
def maria(desk: Desk) -> Referring:
    return Referring(desk.store, desk.report_id, NOW)


def asks(desk: Desk, maria: Referring, organization: str = HARBOR) -> Sent:
    """Ask a provider, with what María is told once they say yes."""
    maria.says_yes(organization)
    offer_id = maria.is_offered(organization)
    return maria.asks(offer_id, prepared_id=prepares(desk))


def accepts(desk: Desk, sent: Sent) -> None:
    """Let the provider accept as their page does: in one transaction with all that follows."""

    def work(session):
        happened = answering.accept(session, sent.id, at=SOON)
        providers.happened(session, terms(desk), happened, at=SOON)

    desk.store.write(work)


def test_they_accept_and_she_is_told_when_it_is_safe(desk: Desk, maria: Referring) -> None:
    sent = asks(desk, maria)
    maria.opens(sent)
    accepts(desk, sent)
    desk.works(at=SOON)
    desk.works(at=SOON)
    assert (len(bodies(desk)), WORDS in bodies(desk)) == (1, False)
    comes(desk, at=SOON)
    desk.works(at=SOON)
    assert bodies(desk)[1:] == [WORDS]
    assert (maria.status(sent), of(desk)) == ("accepted", [])


def test_of_two_who_were_asked_one_yes_tells_her_once(desk: Desk, maria: Referring) -> None:
    first, second = asks(desk, maria), asks(desk, maria, BAYT)
    maria.opens(first)
    maria.opens(second)
    accepts(desk, second)
    assert not desk.rows(select(prepared_answers))
    accepts(desk, first)
    assert (maria.status(first), maria.status(second)) == ("not_needed", "accepted")
    desk.is_there(at=SOON)
    desk.works(at=SOON)
    assert bodies(desk) == [WORDS]
    assert of(desk) == []


def test_she_wrote_meanwhile_so_a_colleague_tells_her(desk: Desk, maria: Referring) -> None:
    sent = asks(desk, maria)
    maria.opens(sent)
    desk.replies("Otra cosa.")
    accepts(desk, sent)
    assert [kind for kind, _ in of(desk)] == [tasks.Kind.TELL_PERSON]
    desk.works(at=SOON)
    assert bodies(desk) == ["Otra cosa."]


def test_her_no_closes_the_link_and_forgets_the_words_at_once(desk: Desk, maria: Referring) -> None:
    sent = asks(desk, maria)
    maria.opens(sent)
    grant = maria.given[HARBOR]
    desk.store.write(
        lambda session: take_back(session, desk.report_id, grant, by="reporter", at=SOON)
    )
    assert not desk.rows(select(prepared_answers))
    assert isinstance(maria.tries(sent), Closed)
    with pytest.raises(NotFound):
        accepts(desk, sent)
    desk.works(at=SOON)
    assert (bodies(desk), of(desk)) == ([], [])


def test_her_report_is_erased_with_all_of_it(desk: Desk, maria: Referring) -> None:
    sent = asks(desk, maria)
    maria.opens(sent)
    sweeper: Sweeper = desk.hotline.sweeper
    sweeper.eraser.erase(desk.report_id, by="system", at=SOON)
    assert not desk.rows(select(prepared_answers))
    assert isinstance(maria.tries(sent), Closed)
    with pytest.raises(NotFound):
        accepts(desk, sent)


def test_each_silence_is_told_by_its_packet_and_not_by_its_minute(
    desk: Desk, maria: Referring
) -> None:
    maria.says_yes()
    offer_id = maria.is_offered()
    sent = []
    for _ in range(2):
        sent.append(maria.asks(offer_id, minutes=15))
        maria.passes(minutes=15)
        desk.store.write(lambda session: providers.sweep(session, terms(desk), at=maria.at))
    its = select(alerts.c.once).where(alerts.c.kind == "provider_silent")
    said = {row.once for row in desk.rows(its)}
    assert said == {f"{offer_id} {one.packet.short}" for one in sent}
