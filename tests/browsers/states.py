"""Each page that a reporter can come to, and each state of it, made by doing what leads there."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline import consent
from hotline.channels.web.desk import Brake, Desk
from hotline.errors import Unavailable
from hotline.intake.admission import Admission, Verdict
from hotline.vault.codes import parse
from hotline.vault.opening import Keyholder
from hotline.vault.reporters import find_reporter
from referral.load import SAMPLE_CITY, load_package
from tests.browsers.replaying import Replays
from tests.channels.web.answering import answers
from tests.channels.web.consenting import NOOR, admits, agrees, is_asked, lists, tells
from tests.channels.web.reading import STORY, digits, version
from tests.house import House

WORD = "lantern"
WRONG_CODE = "123 456 789 012 345 678 901"
TYPED: dict[str, Any] = {
    "account": f"{STORY}\nThey took my phone, too.",
    "safe": "no",
    "go": "sometimes",
    "who": "known",
    "young": "no",
    "need": ["place", "doctor", "papers"],
    "place": "Near the harbour",
    "how": "text",
    "number": "+15005550142",
    "hours": "after nine in the evening",
    "word": WORD,
    "not_to": "Not the police station at the harbour",
}


@dataclass
class Visit:
    """Sam's visit in one language: every page that he comes to is put where the audit finds it."""

    house: House
    replays: Replays
    noor: Keyholder
    locale: str

    @property
    def sam(self) -> FlaskClient:
        return self.house.app.test_client()

    def address(self, word: str) -> str:
        return f"/{self.locale}/{word}"

    def writes(self, act: str = "", /, **form: Any) -> TestResponse:
        return self.sam.post(f"{self.address('new')}?act={act}", data=form)

    def returns(self, **form: Any) -> TestResponse:
        return self.sam.post(self.address("again"), data=form)

    def words(self, **form: Any) -> TestResponse:
        return self.sam.post(self.address("word"), data=form)

    def solves(self, **form: Any) -> TestResponse:
        return self.sam.post(self.address("sooner"), data=form)

    def forgets(self) -> None:
        """Let two minutes pass: what was read a moment ago is old now."""
        desk = self.house.app.extensions["web"]
        desk.read.forget_all()
        desk.sent.forget_all()

    def report_of(self, code: str) -> str:
        key = self.house.hotline.codes.derive(parse(code))
        with self.house.hotline.store.read() as session:
            found = find_reporter(session, key.lookup)
        assert found
        return found.report_id


def states(visit: Visit) -> Iterator[tuple[str, str]]:
    """Yield the name of each page that *visit* comes to, and the address at which it is shown."""
    yield "first page", visit.address("")
    yield "languages", visit.address("languages")
    yield "form", visit.address("new")
    yield "code asked", visit.address("again")
    yield "what happens next", visit.address("how")
    if visit.locale == "en":
        yield "log", "/log/"
    missing = visit.sam.get(visit.address("nothing"))
    yield "missing", visit.replays.keep(missing, stands_for=visit.address(""))
    for walk in (_writing, _wording, _saving, _coming_back, _deciding, _allowing, _calling):
        for name, answer in walk(visit):
            yield name, visit.replays.keep(answer, stands_for=visit.address("again"))


def solution(page: str) -> dict[str, str]:
    """Return the form of the sum that *page* asks for, with its answer: as many as there are dots."""
    hidden = dict(re.findall(r'name="(code|puzzle)" value="([^"]+)"', page))
    return hidden | {"sum": str(page.count("●"))}


Walk = Iterator[tuple[str, TestResponse]]


def _writing(visit: Visit) -> Walk:
    yield "form, nothing written", visit.writes()
    yield "form, everything written", visit.writes("change", **TYPED)
    with _nothing_can_be_kept(visit.house):
        yield "form, nothing can be kept", visit.writes(**TYPED)
    yield "look it over", visit.writes("look", **TYPED)
    yield "code", visit.writes(**TYPED)
    with patch.object(Admission, "judge", return_value=Verdict(waits=True)):
        offered = visit.writes(account=STORY)
    yield "code, a sum offered", offered
    visit.house.clock.passes(seconds=5)
    asked = visit.solves(**{**solution(offered.text), "sum": "99"})
    yield "code, a sum that does not fit", asked
    visit.house.clock.passes(seconds=5)
    yield "code, the sum solved", visit.solves(**solution(asked.text))


def _wording(visit: Visit) -> Walk:
    shown = visit.writes(account=STORY).text
    its = dict(re.findall(r'name="(code|proof)" value="([^"]+)"', shown))
    yield "code, no word made up", visit.words(**its, word="")
    yield "code, a word made up", visit.words(**its, word=WORD)
    yield "code, another word made up", visit.words(**its, word="candle")


def _saving(visit: Visit) -> Walk:
    saved = visit.writes("save", **TYPED)
    code = digits(saved.text)
    yield "saved for later", saved
    yield "saved, its word asked", visit.returns(code=code)
    yield "saved, another word", visit.returns(code=code, word="candle")
    yield "saved, opened", visit.returns(code=code, word=WORD)


def _coming_back(visit: Visit) -> Walk:
    code = digits(visit.writes(account=STORY, word=WORD).text)
    yield "code asked, a wrong one", visit.returns(code=WRONG_CODE)
    yield "code asked, no code", visit.returns(code="")
    with _everybody_tries(visit.house):
        yield "code asked, busy", visit.returns(code=code)
    yield "no answer", visit.returns(code=code)
    answers(
        visit.house,
        visit.noor,
        visit.report_of(code),
        "You did nothing wrong.\nNo one may keep it.",
    )
    yield "an answer", visit.returns(code=code)
    visit.forgets()
    yield "another word", visit.returns(code=code, word="candle")
    yield "more was written", visit.returns(code=code, more="They moved us.")


def _deciding(visit: Visit) -> Walk:
    code = digits(visit.writes(account=STORY, word=WORD).text)
    its: dict[str, Any] = {"code": code, "word": WORD}
    report_id = visit.report_of(code)
    answers(visit.house, visit.noor, report_id, "You did nothing wrong.")
    agrees(visit.house, report_id, fields="*")
    grant = agrees(visit.house, report_id, recipient=admits(visit.house, f"Unit {visit.locale}"))
    yield "conversation", visit.returns(**its)
    yield (
        "how to answer, a wrong number",
        visit.returns(**its, ask="reach", number="12", how="text"),
    )
    yield "how to answer, saved", visit.returns(**its, ask="reach", hours="after nine", how="here")
    yield "take a yes back", visit.returns(**its, ask="back", grant=grant)
    yield "a yes taken back", visit.returns(**its, ask="back_sure", grant=grant)
    yield "whom it must not reach, nobody named", visit.returns(**its, ask="not_to")
    named = visit.returns(**its, ask="not_to", not_to="No one in my town")
    yield "whom it must not reach, kept", named
    yield "a copy asked for", visit.returns(**its, ask="copy")
    yield "erase", visit.returns(**its, ask="erase")
    yield "erase, asked for", visit.returns(**its, ask="sure")
    yield "erase, not any more", visit.returns(**its, ask="keep")


def _allowing(visit: Visit) -> Walk:
    code = digits(visit.writes(account=STORY, word=WORD).text)
    its: dict[str, Any] = {"code": code, "word": WORD}
    house, report_id = visit.house, visit.report_of(code)
    harbor = lists(house, f"Harbor House of the Old Town, {visit.locale}")
    asked = is_asked(
        house,
        report_id,
        purpose="handoff",
        recipient=harbor,
        fields=["need", "language", "contact", "hours", "with_children"],
    )
    page = visit.returns(**its)
    yield "a question", page
    yield "a question, not now", visit.returns(**its, ask="later", question=asked)
    its |= {"question": asked, "words": version(page.text)}
    yield "a question, say yes", visit.returns(**its, ask="yes")
    yield "a question, other words", visit.returns(**its | {"words": ""}, ask="yes_sure")
    yield "a question, yes", visit.returns(**its, ask="yes_sure")
    is_asked(house, report_id)
    agrees(house, report_id, recipient=admits(house, f"Unit {visit.locale}"), fields="*")
    told, at = tells(house, report_id), house.clock()
    house.hotline.store.write(
        lambda session: consent.let_know(session, told, report_id=report_id, by=NOOR, at=at)
    )
    yield "what was told", visit.returns(**its, ask="later")
    yield "a question, over", visit.returns(**its | {"question": "f" * 32}, ask="no")
    yield "take all back", visit.returns(**its, ask="back_all")
    yield "all taken back", visit.returns(**its, ask="back_all_sure")


def _calling(visit: Visit) -> Walk:
    visit.house.hotline.store.write(lambda session: load_package(session, SAMPLE_CITY))
    # Noor did nothing for so long that nobody is awake.
    visit.house.clock.passes(minutes=31)
    shown = visit.writes(account=STORY)
    its = dict(re.findall(r'name="(code|shown)" value="([^"]+)"', shown.text))
    yield "code, numbers may be asked for", shown
    form = {**its, "near": "yes", "need": "place"}
    yield "code, numbers to call", visit.sam.post(visit.address("numbers"), data=form)
    code = digits(visit.writes(account=STORY, word=WORD, not_to="my uncle").text)
    yield "no answer, nobody to call", visit.returns(code=code, word=WORD, near="yes")


@contextmanager
def _nothing_can_be_kept(house: House) -> Iterator[None]:
    def fails(*_work: Callable[..., object]) -> None:
        raise Unavailable

    # A broken disk: nothing smaller than the store itself can refuse.
    with pytest.MonkeyPatch.context() as failing:
        failing.setattr(house.hotline.store, "write", fails)
        yield


@contextmanager
def _everybody_tries(house: House) -> Iterator[None]:
    before = house.app.extensions["web"]
    house.app.extensions["web"] = Desk(brake=Brake(at_once=0, wrong_takes=0))
    yield
    house.app.extensions["web"] = before
