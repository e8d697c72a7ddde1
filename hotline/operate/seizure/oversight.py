"""What happens seldom: four eyes, an emergency, the law, a court, a newcomer, and somebody who wants to be forgotten."""

import base64
import re
from datetime import UTC, datetime, timedelta

from hotline.domain.report import reference
from hotline.operate.seizure.browser import Browser, Unanswered, form_of, forms
from hotline.operate.seizure.desk import Desk, reports_of, why
from hotline.operate.seizure.house import House
from hotline.vault import codes
from hotline.vault.totp import step_at, totp_code

_GROUPS = re.compile(r"<li>(\d{3})</li>")
_SECRET = re.compile(r"secret=([A-Z2-7]{20,})|\b([A-Z2-7]{32})\b")


def oversee(house: House, desk: Desk) -> None:
    """Let each of it happen once, with words of its own."""
    look_with_four_eyes(house, desk)
    act_in_an_emergency(house, desk)
    be_asked_by_the_law(house, desk)
    doubt(house, desk)
    invite(house, desk)
    be_forgotten(house, desk)


def look_with_four_eyes(house: House, desk: Desk) -> None:
    """Let one member ask, the other approve, and the first look."""
    lena, kofi = desk.browsers["lena"], desk.browsers["kofi"]
    path = reports_of(lena)[0]
    asked = {"what": "1 words", "purpose": "review", "why": why(house, "four eyes")}
    lena.submit(path, "/reveal", **asked)
    kofi.submit("/console/approvals", "/approve")
    page = lena.submit(path, "/reveal/granted")
    if house.canaries.name("quiet.name") not in page:
        raise Unanswered("what was approved with four eyes did not open")


def act_in_an_emergency(house: House, desk: Desk) -> None:
    noor, path = desk.browsers["noor"], desk.texted[0]
    noor.submit(path, "/emergency", why=why(house, "emergency"))
    named = house.canaries.name("desk.name")
    told = {"to": "ambulance", "fields": ["number", "place"], "words": f"{named} takes the call"}
    noor.submit(path, "/emergency/told", although=why(house, "although"), **told)
    ines = desk.browsers["ines"]
    ines.submit("/console/alerts", "/settle", remark=why(house, "alert"))


def be_asked_by_the_law(house: House, desk: Desk) -> None:
    """Write down what an authority asks, hold the report, and make the document for a court."""
    ines, path = desk.browsers["ines"], desk.texted[0]
    until = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    page = ines.get(f"{path}/legal")
    kind = form_of(page, "/legal").choices["kind"][0]
    ines.fill_in(page, "/legal", kind=kind, words=why(house, "law"), deadline=until)
    ines.submit(f"{path}/legal", "/hold", words=why(house, "hold"), until=until)
    form = form_of(ines.get(f"{path}/custody"), "/custody")
    asked = {"format": form.choices.get("format", ["html"])[0], "why": why(house, "custody")}
    ines.post(form.action, {**form.fields, **asked, "reveal": form.choices.get("reveal", [])[:1]})


def doubt(house: House, desk: Desk) -> None:
    """Say that a reporter may be under somebody's hand."""
    desk.browsers["noor"].submit(desk.texted[-1], "/duress", duress="on", why=why(house, "duress"))


def invite(house: House, desk: Desk) -> None:
    """Invite a newcomer, who chooses a passphrase and an authenticator and is let in."""
    ines, canaries, newcomer = desk.browsers["ines"], house.canaries, Browser(house.url)
    person = {"username": "pia", "name": canaries.name("colleague.pia"), "pseudonym": "PIA"}
    page = ines.submit("/console/staff", "/invite", **person, role="caseworker")
    code = " ".join(_GROUPS.findall(page))
    canaries.keep("code.invitation", code)
    canaries.keep("code.invitation", code.replace(" ", ""))
    passphrase = codes.mint().words
    canaries.keep("staff.passphrase", passphrase)
    newcomer.submit("/console/join", "/join", code=code)
    newcomer.submit(
        "/console/join/passphrase", "/passphrase", passphrase=passphrase, again=passphrase
    )
    page = newcomer.get("/console/join/authenticator")
    secret = _secret_in(page)
    canaries.keep("staff.totp", secret)
    page = newcomer.fill_in(
        page, "/authenticator", totp=totp_code(secret, step_at(datetime.now(UTC)))
    )
    for recovery in re.findall(r"<li[^>]*>\s*(?:<[^>]*>)*([a-z0-9-]{9,})", page):
        canaries.keep("code.recovery", recovery)
    page = ines.get("/console/staff")
    form = form_of(page, "/admit")
    ines.post(form.action, {**form.fields, "shown": form.choices["shown"][0]})


def be_forgotten(house: House, desk: Desk) -> None:
    """Tell something, and have it erased by a supervisor at once."""
    canaries, ines = house.canaries, desk.browsers["ines"]
    before = set(reports_of(ines))
    words = f"I am {canaries.name('erased.name')}, {canaries.phrase('erased.account')}"
    told = {"account": words, "number": canaries.number("erased.number"), "how": "text"}
    Browser(house.url).post(
        "/en/new", told, files=[(canaries.name("erased.file"), "text/plain", b"x")]
    )
    (path,) = set(reports_of(ines)) - before
    form = next(form for form in forms(ines.get(path)) if form.action.endswith("/close"))
    name = reference(path.rpartition("/")[2])
    sure = {"keep": "erase", "sure": name, "outcome": "not_a_report", "why": why(house, "erase")}
    ines.post(form.action, {**form.fields, **sure})


def _secret_in(page: str) -> bytes:
    """Return the authenticator's secret that *page* shows."""
    text = "".join(page.split())
    found = _SECRET.search(page) or _SECRET.search(text)
    if found is None:
        raise Unanswered("the newcomer was shown no secret")
    return base64.b32decode(found.group(1) or found.group(2))
