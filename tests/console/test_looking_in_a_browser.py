"""A clean copy in a real browser: seen only when it is unfolded, grey at first, by keyboard alone and without scripts."""

from typing import Any

import pytest

from hotline.domain.report import Channel, IncomingMessage
from hotline.vault.attachments import HeldFile
from tests.console.looking import photograph
from tests.console.test_reviewing_in_a_browser import (
    EITHER_WAY,
    arrives,
    scrolls_sideways,
    site,
    tab_to,
)
from tests.house import House
from tests.served import browser
from tests.servers import wait_for

__all__ = ["browser", "site"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("looking in a browser")]


@pytest.fixture
def sent(site: House) -> House:
    file = HeldFile("IMG.jpg", "image/jpeg")
    file.add(photograph())
    file.finish()
    message = IncomingMessage(Channel.WEB, "look at the door", "en", media=1)
    site.hotline.reception.receive(message, at=site.clock(), files=[file])
    return site


def picture(page: Any, what: str) -> Any:
    return page.evaluate(f"(() => {{ const p = document.querySelector('img'); return {what}; }})()")


@pytest.mark.parametrize("lang", EITHER_WAY)
def test_it_is_unfolded_by_keyboard_alone_and_grey(browser: Any, sent: House, lang: str) -> None:
    noor = arrives(browser, sent, "noor", lang)
    fetched: list[int] = []
    noor.on("response", lambda got: fetched.append(got.status) if "/file/" in got.url else None)
    noor.click("a[href*='/console/report/'] >> nth=0")
    noor.select_option("#reveal-what", "1 attachments")
    noor.check("input[name=purpose][value=review]")
    noor.fill("#why-reveal", "the door")
    noor.click(".seal__ask button")
    assert not scrolls_sideways(noor)
    tab_to(noor, "button[formaction$='/look']")
    noor.keyboard.press("Enter")
    noor.wait_for_selector("details.look")

    # Nothing of it is seen before somebody unfolds it.
    assert not noor.is_visible("img")
    tab_to(noor, "details.look summary")
    noor.keyboard.press("Enter")
    wait_for(lambda: picture(noor, "p.naturalWidth") > 0)
    assert noor.is_visible("img")
    assert fetched == [200]
    assert picture(noor, "getComputedStyle(p).filter") == "grayscale(1)"
    assert not scrolls_sideways(noor)
    tab_to(noor, "#colour")
    noor.keyboard.press("Space")
    assert picture(noor, "getComputedStyle(p).filter") == "none"

    tab_to(noor, "form[action$='/file-says'] button")
    noor.keyboard.press("Enter")
    noor.wait_for_selector("#message-2")
    assert "41.38790" not in noor.content()
