"""Those who keep the directory give a service a link to say how much room it has; link and PIN are shown once."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline.audit.tables import audit_waiting
from hotline.handoff import capacity_links
from hotline.handoff.links import TRIES, Opened, try_pin
from hotline.handoff.tables import handoff_links
from referral.tables import service
from tests.cast import Member
from tests.city import give_city
from tests.house import ORIGIN, House

LINKS = "/console/capacity-links"


@pytest.fixture
def shelter(house: House) -> str:
    """Keep the sample city; return the id of a night shelter in it."""
    give_city(house.hotline.store)
    its = select(service.c.id).where(service.c.name == "Night shelter for women")
    with house.hotline.store.read() as session:
        return str(session.execute(its).scalar_one())


def made(member: Member, shelter: str, **form: str) -> tuple[str, str]:
    """Return token and PIN as the page shows them, once."""
    asked = {"name": "house team", "language": "en", "days": "90"} | form
    page = html.unescape(member.sends(f"{LINKS}/{shelter}", expect=200, **asked).text)
    token, pin = re.search(r"/handoff/([\w-]{43})<", page), re.search(r">(\d{4} \d{4})<", page)
    assert token
    assert pin
    return token[1], pin[1]


def test_a_link_is_shown_once_and_opens_the_room_of_one_service(
    house: House, supervisor: Member, shelter: str
) -> None:
    assert "No service has a link" in supervisor.opens(LINKS)
    token, pin = made(supervisor, shelter)
    page = supervisor.opens(f"{LINKS}/{shelter}")
    every = supervisor.opens(LINKS)

    assert token not in page + every
    assert pin not in page + every
    assert "house team" in page
    assert "Night shelter for women" in every
    opened = try_pin(house.hotline.store, house.hotline.links, token, pin, house.clock())
    assert isinstance(opened, Opened)
    assert opened.link.service_id == shelter
    with house.hotline.store.read() as session:
        stored = session.execute(select(handoff_links)).one()
        line = session.execute(
            select(audit_waiting.c.what).where(audit_waiting.c.did == "capacity_link_made")
        ).scalar_one()
    assert line == f"{stored.id} {shelter}"
    assert token.encode() not in stored.lookup + stored.public_key


def test_an_ended_link_opens_nothing(house: House, supervisor: Member, shelter: str) -> None:
    token, pin = made(supervisor, shelter)
    with house.hotline.store.read() as session:
        [link] = capacity_links.of_service(session, shelter, at=house.clock())
    supervisor.sends(f"{LINKS}/{shelter}/{link.id}/end")

    assert "house team" not in supervisor.opens(f"{LINKS}/{shelter}")
    opened = try_pin(house.hotline.store, house.hotline.links, token, pin, house.clock())
    assert not isinstance(opened, Opened)
    supervisor.sends(f"{LINKS}/{shelter}/{link.id}/end", expect=404)


def test_what_cannot_be_made_is_told_and_what_was_typed_stays(
    house: House, supervisor: Member, shelter: str
) -> None:
    nameless = supervisor.sends(f"{LINKS}/{shelter}", expect=422, name=" ", days="30").text
    assert "A link needs a name" in nameless
    assert re.search(r'<option value="30" selected', nameless)
    supervisor.sends(f"{LINKS}/{'0' * 36}", expect=404, name="desk")
    assert supervisor.client.get(f"{LINKS}/{'0' * 36}", base_url=ORIGIN).status_code == 404
    for _ in range(capacity_links.MOST_OF_SERVICE):
        made(supervisor, shelter)
    full = supervisor.sends(f"{LINKS}/{shelter}", expect=422, name="desk").text
    assert "as many links as it may" in full


def test_all_links_stand_in_pages_and_a_closed_one_says_so(
    house: House, supervisor: Member, shelter: str
) -> None:
    for days in ("90", "30", "366"):
        made(supervisor, shelter, name=f"for {days}", days=days)
    house.hotline.store.write(
        lambda session: session.execute(
            update(handoff_links).where(handoff_links.c.name == "for 30").values(wrong=TRIES)
        )
    )
    with house.hotline.store.read() as session:
        first = capacity_links.links(session, at=house.clock(), limit=2)
        rest = capacity_links.links(session, at=house.clock(), after=first[-1].id)

    assert [link.name for link in [*first, *rest]] == ["for 30", "for 90", "for 366"]
    assert "the PIN was wrong too often" in supervisor.opens(LINKS)
    rail = supervisor.opens("/console/directory").split("</nav>")[0]
    assert 'Capacity links <span class="count">1</span>' in rail
    with house.hotline.store.read() as session:
        assert capacity_links.count_locked(session, at=house.clock() + timedelta(days=31)) == 0
