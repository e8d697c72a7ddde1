"""What a process reads once is read before somebody waits for it, a piece after the other."""

import pytest

from hotline.i18n import CONSOLE, SOURCE
from hotline.operate import warming
from tests.house import found_house


@pytest.fixture
def hotline(tmp_path):
    house = found_house(tmp_path)
    yield house.hotline
    house.close()


def test_the_first_page_of_the_desk_finds_everything_ready(hotline, monkeypatch):
    # What this process holds must not be kept for ever by a test.
    monkeypatch.setattr(warming.gc, "freeze", lambda: None)
    rested = []
    warming.warm(hotline, rest=rested.append)

    desk = hotline.languages.environment(SOURCE, CONSOLE)
    ready = {name for _loader, name in desk.cache}
    assert {"console/queue.html", "console/report.html", "console/base.html"} <= ready

    # Whoever texts meanwhile is let before it again and again.
    assert len(rested) > len(ready)


def test_what_cannot_be_made_ready_keeps_nothing_else_back(hotline, monkeypatch):
    def fails(*_words, **_more):
        raise RuntimeError

    monkeypatch.setattr(warming.gc, "freeze", lambda: None)
    monkeypatch.setattr(warming.anonymize, "redact", fails)
    monkeypatch.setattr(warming, "_TEMPLATES", ((CONSOLE, "console/rail"),))
    rested = []
    warming.warm(hotline, rest=rested.append)
    assert len(rested) > 2
