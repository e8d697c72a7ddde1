"""Staff work with what was told: every act of the desk leaves its own canary behind."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from hotline.contact.tables import conversations, sends
from hotline.leads.disclose import FIELDS
from hotline.operate.seizure import voices
from hotline.operate.seizure.browser import Browser, Unanswered, form_of, forms, links
from hotline.operate.seizure.house import House, wait_for

_REPORTS = "/console/report/"
_SHOWN = re.compile('src="(/console/report/[^"]+)"')
_LEAD = {
    "country": "US",
    "exploitation": "ForcedLabour",
    "indicators": "ilo-retention-of-identity-documents",
    "could_know": "5+",
    "language": "en",
}


@dataclass
class Desk:
    """Who is signed in, each at a browser of their own, and where the reports of the main desk are."""

    browsers: dict[str, Browser] = field(default_factory=dict)
    texted: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    @property
    def reports(self) -> list[str]:
        return [*self.texted, *self.written]


def work(house: House) -> Desk:
    """Let everybody sign in and do what they do."""
    desk = Desk({username: sign_in(house, username) for username in house.members})
    noor = desk.browsers["noor"]
    take_a_call(house, noor)
    go_on_call(house, noor)
    be_paged(house, noor)
    called = voices.hear(house, noor)
    for path in [path for path in reports_of(noor) if path != called]:
        page = noor.get(path)
        is_text = ">SMS<" in page or ">WhatsApp<" in page
        (desk.texted if is_text else desk.written).append(path)
    handle(house, desk)
    return desk


def sign_in(house: House, username: str) -> Browser:
    """Sign in as one member, and keep the cookies as canaries."""
    member, browser = house.members[username], Browser(house.url)
    typed = {"name": username, "passphrase": member.passphrase, "totp": member.code()}
    browser.tries("POST", "/console/signin", data=typed, allow_redirects=False)
    if not browser.cookie("key", "__Host-key"):
        raise Unanswered(f"{username} could not sign in")
    for cookie in browser.session.cookies:
        if cookie.value and len(cookie.value) > 16:
            house.canaries.keep("session.cookie", cookie.value)
    return browser


def take_a_call(house: House, noor: Browser) -> None:
    canaries = house.canaries
    noor.submit(
        "/console/new",
        "/new",
        channel="call",
        language="en",
        account=f"A caller named {canaries.name('call.name')} says {canaries.phrase('call.account')}",
        place=canaries.name("call.place"),
        number=canaries.number("call.number"),
        hours=canaries.name("call.hours"),
        word=canaries.name("call.word"),
    )


def go_on_call(house: House, noor: Browser) -> None:
    """Say that calls may be put through to her own phone, for some hours."""
    until = datetime.now(UTC) + timedelta(hours=6)
    number = house.canaries.number("oncall.number")
    noor.submit("/console/on-call", "/on-call", number=number, until=f"{until:%H:%M}")


def be_paged(house: House, noor: Browser) -> None:
    """Say that pages go to her own phone, from now on."""
    (own,) = links(noor.get("/console/rota"), "/console/rota/")
    noor.submit(own, "/rota/pager", number=house.canaries.number("pager.number"))


def reports_of(browser: Browser) -> list[str]:
    """Return the paths of the reports that somebody's queue shows."""
    found = links(browser.get("/console/"), _REPORTS)
    return sorted(path for path in found if path.count("/") == _REPORTS.count("/"))


def handle(house: House, desk: Desk) -> None:
    """Note, answer, reveal, give words back, agree, let out, offer, and close."""
    canaries, noor = house.canaries, desk.browsers["noor"]
    first = desk.texted[0]
    for path in (first, *desk.written[:1]):
        words = f"{canaries.phrase('desk.note')} {canaries.name('desk.name')}"
        noor.submit(path, "/note", note=words)
        reveal_everything(house, noor, path)
        give_names_back(house, noor, path)
    judge(house, desk)
    look_at_files(house, desk)
    have_it_interpreted(house, desk)
    _they_are_there(house)
    answer = f"{canaries.phrase('desk.answer')} {canaries.name('desk.address')}"
    for path in desk.texted:
        noor.submit(path, "/reply", words=answer, sure="1")
    wait_for(lambda: not _waiting(house), "the answers to be sent")
    house.network.weather.requests.extend(["down"] * 200)
    noor.submit(first, "/reply", words=f"{canaries.phrase('desk.waiting')} 1 yes 2 no", sure="1")
    let_out(house, noor, first)
    noor.submit(f"{first}/referral", "/offer", **first_offer(noor, first))
    close(house, noor, desk.written[-1])


def judge(house: House, desk: Desk) -> None:
    """Say what is still to be done, what points to the alleged, and that a reason of the machine is wrong."""
    noor, due = desk.browsers["noor"], datetime.now(UTC) + timedelta(days=2)
    words = f"ring {house.canaries.name('task.name')}"
    noor.submit(desk.texted[0], "/task", task=words, due=f"{due:%Y-%m-%dT%H:%M}")
    account = house.canaries.name("desk.selector")
    noor.submit(desk.texted[0], "/selector", kind="handle", selector=account)
    path = next(path for path in desk.reports if "/disagree" in noor.get(path))
    noor.submit(path, "/disagree", choice="other", words=why(house, "dispute"))


def close(house: House, noor: Browser, path: str) -> None:
    """Close a report with what came of it, and look back at it."""
    noor.submit(path, "/close", outcome="safe_now", why=why(house, "close"))
    noor.post(f"{path}/learned", {"cost": why(house, "lesson")})


def reveal_everything(house: House, noor: Browser, path: str) -> None:
    """Look at each field of each message that the page offers to open."""
    form = form_of(noor.get(path), "/reveal")
    purpose = form.choices.get("purpose", ["review"])[-1] or "review"
    for what in form.choices.get("what", [""]):
        asked: dict[str, Any] = {**form.fields, "purpose": purpose, "why": why(house, "reveal")}
        noor.post(form.action, {**asked, **({"what": what} if what else {})})


def have_it_interpreted(house: House, desk: Desk) -> None:
    """Hand one message of one report to an interpreter, who has no part in it and translates it."""
    ivan, path = desk.browsers["ivan"], desk.texted[0]
    page = desk.browsers["noor"].get(path)
    who = form_of(page, "/interpreter").choices["interpreter"][0]
    desk.browsers["noor"].fill_in(page, "/interpreter", interpreter=who, text=["1"])
    no_part = {"knows": "no", "near": "no", "paid": "no", "language": "yes"}
    ivan.submit("/console/assigned", "/declare", **no_part)
    ivan.submit("/console/assigned", "/message/1", text=house.canaries.name("desk.translation"))


def look_at_files(house: House, desk: Desk) -> None:
    """Look at the clean copy of the picture that came over the web, and keep what it says as words.

    Raises:
        Unanswered: there is none.
    """
    noor, why_look = desk.browsers["noor"], why(house, "look")
    for path in desk.written:
        form = form_of(noor.get(path), "/reveal")
        files = [what for what in form.choices.get("what", []) if what.endswith(" attachments")]
        if files:
            asked = {**form.fields, "what": files[:1], "purpose": "review", "why": why_look}
            form = form_of(noor.post(form.action, asked), "/attachment")
            page = noor.post(f"{path}/look", {**form.fields, "file": "1"})
            for address in _SHOWN.findall(page):
                noor.get(address)
            noor.fill_in(page, "/file-says")
            return
    raise Unanswered("no report shows its files")


def give_names_back(house: House, noor: Browser, path: str) -> None:
    """Take every masked word for ordinary, names too: until a supervisor decides they lie sealed."""
    form = form_of(noor.get(path), "/reveal")
    asked = {**form.fields, "what": "1 words", "purpose": "review", "why": why(house, "review")}
    page = noor.fill_in(noor.post(form.action, asked), "/review")
    words = form_of(page, "/give").choices.get("word", [])
    noor.fill_in(page, "/give", word=words)


def reveal_first(noor: Browser, path: str) -> str:
    """Look at the first thing that the page of a report offers to open, and return what is shown."""
    form = form_of(noor.get(path), "/reveal")
    return noor.post(form.action, {**form.fields, "purpose": "review", "why": "to check"})


def let_out(house: House, noor: Browser, path: str) -> None:
    """Write down what they agreed to and whom it must not reach, and let a lead leave by that."""
    named = house.canaries.name("desk.name")
    until = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
    terms = {"to": "lead investigators", "fields": [f"lead {name}" for name in FIELDS]}
    page = noor.submit(f"{path}/consent", "/look", until=until, **terms)
    heard = {"put": "pasted", "words": f"I agree. {named} asked me.", "words_locale": "en"}
    noor.fill_in(page, "/consent", given_how="written", **heard)
    said = {"reason": "asked", "words": f"Not {named}."}
    noor.submit(f"{path}/consent", "/exclusions", **said)
    words = house.canaries.phrase("lead.words")
    lead = {**_LEAD, "headline": words.capitalize(), "summary": words.capitalize() + "."}
    review(noor, path)
    page = noor.submit(f"{path}/lead", "/lead", **lead)
    noor.fill_in(page, "/publish")


def review(noor: Browser, path: str) -> None:
    """Say of every message of a report that what is masked in it is reviewed."""
    ends = [form for form in forms(noor.get(path)) if form.action.endswith("/spans/done")]
    whole = max(ends, key=lambda form: len(form.fields))
    noor.post(whole.action, whole.fields)


def first_offer(noor: Browser, path: str) -> dict[str, str]:
    """Return the choice of the best service that was not offered yet."""
    form = form_of(noor.get(f"{path}/referral"), "/offer")
    return {"offer": form.choices["offer"][0]}


def _they_are_there(house: House) -> None:
    """Let everyone who texted have said that now is a good time, so that answers go out."""
    until = datetime.now(UTC) + timedelta(minutes=30)
    with house.store() as store:
        store.write(lambda session: session.execute(update(conversations).values(open_until=until)))


def _waiting(house: House) -> int:
    """Return how many texts are on their way still."""
    query = select(func.count()).where(sends.c.sealed.is_not(None))
    with house.store() as store, store.read() as session:
        return int(session.execute(query).scalar_one())


def why(house: House, act: str) -> str:
    """Return free words of staff: they must not be readable where the act is written down."""
    return f"because of {house.canaries.name(f'why.{act}')}"
