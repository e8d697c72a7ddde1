"""Staff ask services by links: one takes the person in, after a question; another has not looked at its link yet."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from hotline.handoff.tables import handoffs
from hotline.operate.seizure.browser import Browser, Unanswered, form_of
from hotline.operate.seizure.desk import Desk, first_offer, review
from hotline.operate.seizure.house import House

_TOLD = ("need", "area", "name", "account")
_LINK = re.compile(r"/handoff/([\w-]{43})")
_PIN = re.compile(r"once__pin[^>]*>(\d{4}) (\d{4})<")


def refer(house: House, desk: Desk) -> None:
    """Ask for two people; what each service is told, and says, is a canary of its own."""
    canaries, noor = house.canaries, desk.browsers["noor"]
    taken, waiting = desk.texted[1:3]
    page = ask(house, noor, taken, tell=canaries.name("desk.told"))
    harbor, path = open_link(house, page)
    harbor.post(path, {"answer": "ask", "words": f"Who is {canaries.name('asked.question')}?"})
    answer = f"Of {canaries.name('asked.answer')}."
    noor.submit(f"{taken}/referral", "/answer", words=answer, sure="1")
    if canaries.name("asked.answer") not in harbor.get(path):
        raise Unanswered("a service of the drill does not read what it was answered")
    harbor.post(path, {"answer": "yes"})
    ask(house, noor, waiting, tell=canaries.name("prepared.words"))


def ask(house: House, noor: Browser, path: str, *, tell: str) -> str:
    """Offer the best service to the person, who says yes, and ask it; return the page that shows link and PIN."""
    canaries = house.canaries
    noor.submit(f"{path}/referral", "/offer", **first_offer(noor, path))
    with house.store() as store, store.read() as session:
        its = select(handoffs).where(handoffs.c.report_id == path.rpartition("/")[2])
        offer = session.execute(its.order_by(handoffs.c.number.desc())).first()
    if offer is None:
        raise Unanswered("nothing was offered in the drill")
    until = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    to = {"to": f"handoff {offer.organization_id}", "fields": [f"handoff {f}" for f in _TOLD]}
    page = noor.submit(f"{path}/consent", "/look", until=until, **to)
    heard = {"put": "ready", "words_locale": "en"}
    noor.fill_in(page, "/consent", given_how="written", **heard)
    review(noor, path)
    packet: dict[str, Any] = {
        "fields": list(_TOLD),
        "need": offer.need,
        "area": canaries.name("packet.area"),
        "name": canaries.name("packet.name"),
        "account": f"They know {canaries.name('packet.account')}.",
        "tell": tell,
        "sure": "1",
        "until": until,
        "within": "60",
        "speaks": "en",
    }
    where = f"{path}/referral/{offer.id}/ask"
    form = form_of(noor.submit(where, "/ask", **packet), "/ask")
    page = noor.post(f"{where}/link", {**form.fields, **packet})
    canaries.keep("link.token", _found(_LINK, page)[1])
    return page


def open_link(house: House, page: str) -> tuple[Browser, str]:
    """Open the link that *page* shows as the service does; return its browser and the link's path."""
    harbor, path = Browser(house.url), _found(_LINK, page)[0]
    shown = harbor.post(path, {"pin": "".join(_found(_PIN, page).groups())})
    if house.canaries.name("packet.name") not in shown:
        raise Unanswered("a link of the drill does not open")
    house.canaries.keep("link.ticket", harbor.cookie("seat", "__Secure-seat"))
    return harbor, path


def _found(pattern: re.Pattern[str], page: str) -> re.Match[str]:
    found = pattern.search(page)
    if found is None:
        raise Unanswered("a link of the drill is not shown")
    return found
