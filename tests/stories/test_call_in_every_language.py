"""Whoever calls, from wherever, hears their own language, and is led through every question in it by keys alone."""

import pytest
from sqlalchemy import select

from hotline.reports.tables import reports
from tests.demo.conftest import live  # noqa: F401 - a fixture.
from tests.intake.calls.test_language import COUNTRIES, number_in
from tests.stories.test_call import KEYS, LINE

pytestmark = pytest.mark.xdist_group("calls")
MOST = 40


class Anyone:
    """A phone of some country, whose owner understands one language."""

    def __init__(self, live, locale):  # noqa: F811 - the fixture.
        self.prompts = live.hotline.prompts
        self.names = {self.words_of(name, locale): name for name in self.prompts.names}
        self.phone = live.network.dial(sender=number_in(COUNTRIES[locale]), line=LINE)
        self.locale = locale

    def words_of(self, name, locale):
        """Return what is heard of a prompt: its words, or the name of the sound that plays."""
        sound = self.prompts.sound(name, locale)
        return sound.digest if sound else self.prompts.words(name, locale)

    def heard(self):
        return [self.names.get(one.sound or one.words, "") for one in self.phone.hears]

    def chooses(self):
        while "language" not in self.heard():
            self.phone.waits(1)
        place = self.heard().index("language")
        while len(self.heard()) < place + 2:
            self.phone.waits(1)
        self.phone.presses(self.heard()[place + 1].removeprefix("digit_"))

    def answers(self):
        for _ in range(MOST):
            self.phone.hears_out()
            asked = next(name for name in reversed(self.heard()) if name != "hear_promise")
            if asked == "done" or self.phone.is_over:
                return asked
            self.phone.presses({"ask_clock": "1200"}.get(asked) or KEYS.get(asked, "2"))
        return ""


def test_a_silent_call_is_led_to_its_end_in_languages_of_three_scripts(live):  # noqa: F811 - the fixture.
    leads_to_the_end(live, ["en", "ar", "th"])


@pytest.mark.exhaustive
def test_a_silent_call_is_led_to_its_end_in_every_language(live):  # noqa: F811 - the fixture.
    leads_to_the_end(live, live.hotline.prompts.offered)


def leads_to_the_end(live, locales):  # noqa: F811 - what the fixture gives.
    for locale in locales:
        caller = Anyone(live, locale)
        caller.chooses()
        assert caller.answers() == "done", locale
        own = {one.locale for one in caller.phone.hears[-3:]}
        assert len(own) == 1, locale
        caller.phone.hangs_up()
    with live.hotline.store.read() as session:
        kept = session.execute(select(reports.c.locale, reports.c.channel)).all()
    assert sorted(row.locale for row in kept) == sorted(locales)
    assert {row.channel for row in kept} == {"voice"}
