"""Whoever reads a report sees that pictures are on their way, that one was left out, and which file is a clean copy."""

import pytest
from sqlalchemy import update

from hotline.contact.carrier import ProviderFile
from hotline.contact.pictures import FETCHING, LEFT_OUT
from hotline.reports.tables import messages
from hotline.worker import work_off
from tests.contact.test_pictures import photo


def says(house, state):
    house.hotline.store.write(lambda session: session.execute(update(messages).values(state=state)))


@pytest.mark.parametrize(
    ("state", "words"),
    [(FETCHING, "Its pictures are being fetched."), (LEFT_OUT, "A file was left out")],
)
def test_the_message_says_what_is_with_its_pictures(house, report, at_desk, state, words):
    assert words not in at_desk.opens(f"/console/report/{report}")
    says(house, state)
    assert words in at_desk.opens(f"/console/report/{report}")


def test_a_picture_that_came_by_text_can_be_seen_with_its_clean_copy(house, maria, at_desk):
    photos = [ProviderFile("ME" + "1" * 32, "image/jpeg", iter([photo()]))]
    house.carrier.fetch_media = lambda _message_id: photos
    maria.texts("mira lo que pasa aqui, no nos dejan salir", NumMedia="1")
    house.clock.passes(seconds=5)
    while work_off(house.hotline):
        pass
    report = at_desk.first_report()
    opened = at_desk.client.post(
        f"/console/report/{report}/reveal",
        data={"what": "1 attachments", "purpose": "life", "why": "she sent it"},
        base_url="https://line.example",
    ).text
    assert '1: <bdi dir="auto">image/jpeg</bdi>' in opened
    assert "has a clean copy" in opened
