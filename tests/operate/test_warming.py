"""What a process reads once is read before somebody waits for it, a piece after the other."""

import pytest
from sqlalchemy import func, select

from hotline.i18n import CONSOLE, SOURCE
from hotline.operate import warming
from hotline.reports import reports
from tests.house import found_house


@pytest.fixture
def hotline(tmp_path, monkeypatch):
    # What this process holds must not be kept for ever by a test; and all templates take seconds.
    monkeypatch.setattr(warming.gc, "freeze", lambda: None)
    monkeypatch.setattr(warming, "_TEMPLATES", ((CONSOLE, "console/queue"),))
    house = found_house(tmp_path)
    yield house.hotline
    house.close()


def test_the_first_page_finds_everything_ready(hotline, monkeypatch):
    def fails(*_words, **_more):
        raise RuntimeError

    # What cannot be made ready keeps nothing else back.
    monkeypatch.setattr(warming, "read_words", fails)
    rested = []
    warming.warm(hotline, rest=rested.append)

    ready = {name for _loader, name in hotline.languages.environment(SOURCE, CONSOLE).cache}
    assert "console/queue.html" in ready
    # Whoever texts meanwhile is let before it again and again.
    assert len(rested) == sum(1 for _piece in warming._pieces(hotline))


def test_the_text_of_nobody_is_kept_nowhere(hotline):
    warming._text(hotline)
    with hotline.store.read() as session:
        assert session.execute(select(func.count()).select_from(reports)).scalar_one() == 0
