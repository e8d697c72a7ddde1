"""Ruth begins at the desk on Monday. Ines invites her and reads a code out on the phone; Ruth makes her own way in at her
own browser, which runs no scripts; both compare six words, Ines lets her in, and Ruth signs in and reads the queue."""

import base64
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from hotline.vault.totp import step_at, totp_code
from tests.cast import MARIA, Member, Texter
from tests.house import House, found_house
from tests.served import browser
from tests.servers import free_port

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.exhaustive]
"""She joins without a browser in `tests/console/test_joining.py`, at every run."""

PASSPHRASE = "an owl sleeps till dusk"


@dataclass
class Desk:
    house: House
    url: str

    def digits(self, spelled: str) -> str:
        """Return what an authenticator shows next that was told *spelled*."""
        at = self.house.clock.passes(seconds=30)
        return totp_code(base64.b32decode(spelled.replace(" ", "")), step_at(at))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    house = found_house(tmp_path, adjust=lambda config: replace(config, public_url=url))
    server = make_server("127.0.0.1", port, house.app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Desk(house, url)
    server.shutdown()
    server.server_close()
    house.close()


def signs_in(page: Any, desk: Desk, name: str, passphrase: str, digits: str) -> None:
    page.goto(f"{desk.url}/console/signin")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_label("Six digits").fill(digits)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/console/")


def listed(page: Any, kind: str) -> list[str]:
    items = page.locator(f"ol.{kind} > li")
    items.first.wait_for()
    return items.all_text_contents()


def test_a_newcomer_joins_without_scripts(browser: Any, desk: Desk) -> None:
    hers, other = (browser.new_context(java_script_enabled=False) for _ in range(2))
    ines, ruth = hers.new_page(), other.new_page()
    supervisor = Member(desk.house, "ines")
    desk.house.clock.passes(seconds=30)
    signs_in(ines, desk, "ines", "correct horse battery ines", supervisor.code())

    # Ines invites her, and reads the digits out.
    ines.get_by_role("link", name="Staff").click()
    ines.get_by_label("Name to sign in with").fill("ruth")
    ines.get_by_label("Name, as colleagues say it").fill("Ruth")
    ines.get_by_label("Pseudonym outside the desk").fill("Reed")
    ines.get_by_label("Role").select_option("caseworker")
    ines.get_by_role("button", name="Make an invitation").click()
    code = " ".join(listed(ines, "code-digits"))

    # Ruth chooses a passphrase, tells her authenticator, and gets codes for paper and six words.
    ruth.goto(f"{desk.url}/console/join")
    ruth.get_by_label("The code you were given").fill(code)
    ruth.get_by_role("button", name="Go on").click()
    for label in ("New passphrase", "The same again"):
        ruth.get_by_label(label).fill(PASSPHRASE)
    ruth.get_by_role("button", name="Go on").click()
    spelled = ruth.locator(".qr__text").text_content()
    ruth.get_by_label("Six digits").fill(desk.digits(spelled))
    ruth.get_by_role("button", name="Go on").click()
    assert len(listed(ruth, "once")) == 10
    words = ruth.locator("ol.code-words:not(.once) > li").all_text_contents()
    assert len(words) == 6

    # Until she is let in, her passphrase opens nothing.
    knocks = other.new_page()
    knocks.goto(f"{desk.url}/console/")
    assert knocks.url.endswith("/console/signin")

    # Ines has the same six words before her, and lets her in.
    ines.get_by_role("link", name="They have it").click()
    assert listed(ines, "code-words") == words
    ines.get_by_role("button", name="All six are the same").click()
    ines.get_by_role("rowheader", name="Ruth").wait_for()

    # What María texts now, Ruth reads at her first sign-in.
    Texter(desk.house, MARIA).texts("he keeps my passport and locks the door at night")
    ruth.get_by_role("link", name="They let me in").click()
    signs_in(ruth, desk, "ruth", PASSPHRASE, desk.digits(spelled))
    ruth.locator("tbody a").first.click()
    ruth.get_by_role("main").filter(has_text="passport").wait_for()
    for context in (hers, other):
        context.close()
