"""María calls and cannot speak. She hears her own language, presses its key, and tells by keys alone that she is not
safe, where she is and how to reach her. Noor reads a full case. Later María calls again with her code."""

import re

import pytest

from tests.cast import MARIA, Member
from tests.demo.conftest import live  # noqa: F401 - a fixture.

LINE = "+15005550007"
SPANISH = "2"
# What she presses at each question; anything else that is asked she answers with 2, no.
KEYS = {
    "start_more": "1",
    "cut": "1",
    "ask_safe": "2",
    "ask_who": "1",
    "ask_young": "2",
    "ask_need": "14#",
    "ask_go": "2",
    "ask_held": "1#",
    "ask_country": "1",
    "ask_area": "1",
    "ask_post_code": "94105#",
    "ask_back": "1",
    "ask_hours": "1",
    "ask_word": "4471#",
    "ask_code": "1",
}
pytestmark = pytest.mark.xdist_group("calls")


class Maria:
    """Somebody who says nothing and presses keys."""

    def __init__(self, live):  # noqa: F811 - the fixture.
        self.live = live
        self.prompts = live.hotline.prompts
        self.names = {self.prompts.words(name, "es"): name for name in self.prompts.names}
        self.phone = live.network.dial(sender=MARIA, line=LINE)

    def heard(self):
        return [self.names.get(one.words, one.words) for one in self.phone.hears]

    def chooses_spanish(self):
        """Listen until Spanish is offered, and press its key; return the second in which that was."""
        offer = self.prompts.words("language", "es")
        while not any(one.words == offer for one in self.phone.hears):
            self.phone.waits(1)
        self.phone.presses(SPANISH)
        return self.phone.second

    def answers(self, questions=100):
        """Answer so many questions, or all there are, and hang up where she may."""
        for _ in range(questions):
            self.phone.hears_out()
            if self.phone.is_over:
                return
            asked = next(name for name in reversed(self.heard()) if name != "hear_promise")
            if asked == "done":
                self.phone.hangs_up()
                return
            self.phone.presses(KEYS.get(asked, "2"))

    def code(self):
        """Return the digits that were read out last."""
        heard = self.heard()
        behind = heard[len(heard) - heard[::-1].index("tell_code") :]
        digits = [name.removeprefix("digit_") for name in behind if name.startswith("digit_")]
        return "".join(digits[: len(digits) // 2] if is_twice(digits) else digits)


def is_twice(digits):
    half = len(digits) // 2
    return digits[:half] == digits[half:]


@pytest.fixture
def noor(live):  # noqa: F811 - the fixture.
    return Member(live.house, "noor")


def page_of_the_report(live, noor):  # noqa: F811 - the fixture.
    live.network.settle()
    live.works()
    noor.signs_in()
    page = noor.opens(f"/console/report/{noor.first_report()}")
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_she_cannot_speak_and_becomes_a_full_case_by_keys_alone(live, noor):  # noqa: F811 - the fixture.
    maria = Maria(live)

    # Her own language comes within fifteen seconds, and from then on nothing else is spoken.
    assert maria.chooses_spanish() <= 15
    before = len(maria.phone.hears)
    maria.answers()
    assert {one.locale.partition("-")[0] for one in maria.phone.hears[before:]} == {"es"}

    # She was never asked to speak and never recorded, and hung up where she was told that she may.
    assert maria.phone.is_over
    assert not any("<Record" in document for document in maria.phone.documents)
    assert len(maria.code()) >= 6
    assert not live.network.webhooks.alerts

    # Noor reads all of it, and first that she is not safe.
    page = page_of_the_report(live, noor)
    assert "Call to the line" in page
    assert "Answered: not safe now" in page
    for fact in ("Papers kept", "A safe place", "A big city", "Asked for a call", "4471"):
        assert fact in page

    # The provider keeps nothing of it, once that may be deleted.
    live.works(hours=1)
    assert not len(live.network.calls)


@pytest.mark.parametrize("questions", [2, 4, 8])
def test_what_she_pressed_before_the_line_broke_is_kept(live, noor, questions):  # noqa: F811
    maria = Maria(live)
    maria.chooses_spanish()
    maria.answers(questions)
    maria.phone.drops()
    page = page_of_the_report(live, noor)
    assert "Call to the line" in page
    assert ("Answered: not safe now" in page) is (questions > 2)


def test_she_calls_again_with_her_code(live, noor):  # noqa: F811 - the fixture.
    maria = Maria(live)
    maria.chooses_spanish()
    maria.answers()
    code = maria.code()
    page_of_the_report(live, noor)

    again = Maria(live)
    again.chooses_spanish()
    again.phone.waits(2)
    again.phone.presses("#")
    again.phone.hears_out()
    assert again.heard()[-1] == "enter_code"
    again.phone.presses(f"{code}#")
    again.phone.hears_out()
    assert "code_unknown" not in again.heard()
