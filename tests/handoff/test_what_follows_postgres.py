"""On PostgreSQL several workers look at one clock, and many answers arrive at once: what follows happens once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.contact import send_prepared
from hotline.handoff.tables import handoffs
from hotline.reports.tables import messages
from hotline.worker import WORK
from tests.contact.conftest import NOW, Desk, desk_in
from tests.contact.test_preparing import prepares
from tests.handoff.desk import HARBOR, Referring
from tests.house import found_house
from tests.triage.test_providers import alerts, of


@pytest.fixture
def desk(tmp_path: Path, postgres_url: str) -> Iterator[Desk]:
    house = found_house(tmp_path, database_url=postgres_url)
    yield desk_in(house)
    house.close()


def test_what_many_workers_find_late_is_late_once(desk: Desk) -> None:
    maria = Referring(desk.store, desk.report_id, NOW)
    maria.says_yes(HARBOR)
    maria.asks(maria.is_offered(HARBOR), minutes=15, prepared_id=prepares(desk))
    desk.house.clock.at = NOW + timedelta(minutes=15)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: WORK["handoffs"](desk.hotline, ""), range(4)))
    assert [row.status for row in desk.rows(select(handoffs.c.status))] == ["unanswered"]
    assert [kind for kind, _ in of(desk)] == ["next_service"]
    assert alerts(desk) == [("provider_silent", desk.report_id)]


def test_what_was_prepared_goes_once_and_never_beside_another_answer(desk: Desk) -> None:
    prepared, at = prepares(desk), NOW + timedelta(minutes=5)

    def goes(_number: int) -> int:
        return desk.store.write(
            lambda session: send_prepared(session, desk.hotline.keyring, prepared, at=at)
        )

    with ThreadPoolExecutor(5) as pool:
        answering = pool.submit(desk.replies, "Otra cosa.", at=at)
        went = sum(map(bool, pool.map(goes, range(4))))
        answering.result()
    # Whichever was first: a second text goes only because a person wrote it after the first.
    places = [row.seq for row in desk.rows(select(messages.c.seq).order_by(messages.c.seq))]
    assert went in (0, 1)
    assert places == [2, 3][: 1 + went]
