"""A recording in a real browser: silent until a key starts it, with seek, without scripts, on the narrowest screen."""

import io
import re
import wave
from typing import Any

import pytest

from hotline.domain.report import Channel, IncomingMessage
from tests.console.test_listening import Spoken
from tests.console.test_reviewing_in_a_browser import (
    EITHER_WAY,
    arrives,
    scrolls_sideways,
    site,
    tab_to,
)
from tests.house import House
from tests.served import browser

__all__ = ["browser", "site"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("listening in a browser")]

SECONDS = 90


def spoken() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\x10\x00\x20\x00" * 4000 * SECONDS)
    return file.getvalue()


@pytest.fixture
def called(site: House) -> House:
    file = Spoken("recording", "audio/x-wav")
    file.add(spoken())
    file.finish()
    message = IncomingMessage(Channel.VOICE, "…", "en", media=1)
    site.hotline.reception.receive(message, at=site.clock(), files=[file])
    return site


def says(page: Any, what: str) -> Any:
    return page.evaluate(f"document.querySelector('audio').{what}")


def comes_to(page: Any, what: str) -> None:
    for _ in range(100):
        if page.evaluate(
            f"(() => {{ const a = document.querySelector('audio'); return {what}; }})()"
        ):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"it never comes to {what}")


@pytest.mark.parametrize("lang", EITHER_WAY)
def test_it_is_heard_by_keyboard_alone_and_typed(browser: Any, called: House, lang: str) -> None:
    noor = arrives(browser, called, "noor", lang)
    asked: list[int] = []
    noor.on("response", lambda got: asked.append(got.status) if "/file/" in got.url else None)
    noor.click("a[href*='/console/report/'] >> nth=0")
    noor.select_option("#reveal-what", "1 attachments")
    noor.check("input[name=purpose][value=translation]")
    noor.fill("#why-reveal", "to type it")
    noor.click(".seal__ask button")
    noor.click("button[formaction$='/listen']")

    # Nothing of it is fetched, and nothing sounds, before somebody starts it.
    noor.wait_for_timeout(300)
    assert (asked, says(noor, "paused")) == ([], True)
    assert not scrolls_sideways(noor)

    # By key it plays; and it can be moved to near its end, from where the rest is fetched.
    tab_to(noor, "audio")
    noor.keyboard.press("Space")
    comes_to(noor, "!a.paused && a.currentTime > 0")
    assert round(says(noor, "duration")) == SECONDS
    says(noor, f"currentTime = {SECONDS - 5}")
    comes_to(noor, f"!a.seeking && a.currentTime >= {SECONDS - 5}")
    assert set(asked) == {206}

    tab_to(noor, "textarea")
    noor.keyboard.type("they keep us in a locked room")
    noor.keyboard.press("Tab")
    noor.keyboard.press("Enter")
    noor.wait_for_url(re.compile("#message-2$"))
    assert "they keep us in a locked room" in noor.text_content("#message-2")
