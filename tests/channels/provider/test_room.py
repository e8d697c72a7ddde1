"""A service says by its link how much is free and whether it is open today; it stands in the directory at once."""

from datetime import time

import pytest
from sqlalchemy import insert, select, update

from hotline.store import new_id
from referral import capacity
from referral.tables import service, service_capacity, unit
from tests.channels.provider.asking import Asking, Harbor, Sent, heading, words_of
from tests.channels.web.consenting import lists
from tests.house import House

BED, COT = "bed", "cot"


@pytest.fixture
def beds(house: House, noor: Asking) -> Sent:
    return beds_of(house, noor)


def beds_of(house: House, noor: Asking) -> Sent:
    """The link of a shelter that never counted."""
    its = {"id": new_id(), "organization_id": lists(house, "Harbor House")}
    its |= {"name": "Night <shelter>", "status": "active"}
    units = [{"id": one, "name": one} for one in (BED, COT)]

    def work(session: object) -> None:
        session.execute(insert(service), its)  # type: ignore[attr-defined]
        session.execute(insert(unit), units)  # type: ignore[attr-defined]

    house.hotline.store.write(work)
    return noor.counts(its["id"])


def counted(house: House) -> list[tuple[str, int]]:
    with house.hotline.store.read() as session:
        rows = session.execute(select(service_capacity.c.unit_id, service_capacity.c.available))
        return [(row.unit_id, int(row.available)) for row in rows]


def hours(house: House) -> capacity.Today:
    with house.hotline.store.read() as session:
        its = session.scalar(select(service.c.id))
        return capacity.today(session, str(its), house.clock())


def test_what_is_free_is_said_and_stands_in_the_directory(
    house: House, beds: Sent, harbor: Harbor, other: Harbor
) -> None:
    page = harbor.looks(beds)
    # Whose link it is only the PIN tells.
    assert heading(page) == "A message for you"
    assert "Harbor House" not in page.text
    page = harbor.opens(beds)
    assert heading(page) == "Room at Night <shelter>"
    assert "This link is for Beds of Harbor House." in words_of(page)
    page = harbor.sends(beds, answer="room", unit=BED, free="٤")
    assert "Saved. Thank you." in page.text
    assert counted(house) == [(BED, 4)]

    house.clock.passes(minutes=20)
    page = harbor.looks(beds)
    assert "4 free, 20 minutes ago" in words_of(page)
    assert "cot" not in page.text
    with house.hotline.store.read() as session:
        [its] = session.scalars(select(service_capacity.c.id))
    harbor.sends(beds, answer="room", **{f"free {its}": "2"})
    assert counted(house) == [(BED, 2)]

    # More than there ever were is kept when it is said twice.
    with_most = update(service_capacity).values(maximum=6)
    house.hotline.store.write(lambda session: session.execute(with_most))
    page = harbor.sends(beds, answer="room", **{f"free {its}": " ١٥"})
    assert "Do you have ١٥ now?" in page.text
    assert f'name="sure {its}" value="15"' in page.text
    for sure in ("14", ""):
        page = harbor.sends(beds, answer="room", **{f"free {its}": "16", f"sure {its}": sure})
        assert "Do you have 16 now?" in page.text
    assert counted(house) == [(BED, 2)]
    page = harbor.sends(beds, answer="room", **{f"free {its}": "15", f"sure {its}": "15"})
    assert "Saved. Thank you." in page.text
    assert counted(house) == [(BED, 15)]
    harbor.sends(beds, answer="room", **{f"free {its}": "2"})

    # A visit ends after half an hour; link and PIN open the next, in any browser.
    house.clock.passes(minutes=11)
    assert "PIN, eight digits" in harbor.looks(beds).text
    assert harbor.sends(beds, answer="room", **{f"free {its}": "9"}).status_code == 200
    assert counted(house) == [(BED, 2)]
    assert heading(other.opens(beds)) == "Room at Night <shelter>"


def test_the_hours_of_today_are_said(house: House, beds: Sent, harbor: Harbor) -> None:
    assert "We do not know your hours." in harbor.opens(beds).text
    page = harbor.sends(beds, answer="room", **{"open": "hours", "from": "21:00", "until": "07:30"})
    assert "We have: 21:00–07:30" in words_of(page)
    assert hours(house).spans == ((time(21), time(7, 30)),)
    page = harbor.sends(beds, answer="room", **{"open": "hours", "from": "9.30", "until": "2400"})
    assert hours(house).spans == ((time(9, 30), time(0)),)
    page = harbor.sends(beds, answer="room", open="closed")
    assert "We have: closed today" in words_of(page)
    harbor.sends(beds, answer="room", open="")
    assert hours(house).said
    harbor.sends(beds, answer="room", open="usual")
    assert not hours(house).said


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"unit": BED, "free": "many"}, "free-1"),
        ({"unit": BED, "free": "-1"}, "free-1"),
        ({"unit": BED, "free": "²"}, "free-1"),
        ({"unit": BED, "free": "10000"}, "free-1"),
        ({"unit": BED, "free": "3", "open": "hours", "from": "09:00"}, "from"),
        ({"unit": BED, "free": "3", "open": "hours", "from": "9", "until": "25:00"}, "from"),
    ],
)
def test_what_cannot_be_read_is_marked_and_nothing_is_kept(
    house: House, beds: Sent, harbor: Harbor, form: dict[str, str], field: str
) -> None:
    harbor.opens(beds)
    page = harbor.sends(beds, answer="room", **form)
    assert page.status_code == 400
    assert f'href="#{field}"' in page.text
    assert f'value="{form["free"]}"' in page.text
    assert counted(house) == []
    assert not hours(house).said


def test_a_service_that_left_the_directory_has_no_page(
    house: House, noor: Asking, harbor: Harbor
) -> None:
    gone = noor.counts(new_id())
    assert harbor.sends(gone, pin=gone.pin).status_code == 404
    assert harbor.sends(gone, answer="room").status_code == 404
