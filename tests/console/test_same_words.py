"""What staff see before they ask is what the person is sent or shown, and what is kept of a yes, word for word."""

from datetime import date, timedelta
from html import unescape
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from hotline import consent
from hotline.consent import GivenHow, Purpose
from hotline.consent.fields import HANDOFF, ORDER
from hotline.consent.grant import tidy
from hotline.console.putting import Put, ready_words, words_put
from hotline.console.terms import FIELDS, Terms
from hotline.domain.report import Channel
from hotline.intake.putting import page_words, text_question
from hotline.intake.saying import Speech
from hotline.leads.disclose import FIELDS as LEAD
from hotline.messages import segments
from referral.tables import organization
from tests.cast import Member, Texter
from tests.console.agreeing import GROWN
from tests.dialogue.harness import EVERY_LANGUAGE
from tests.examples import examples
from tests.house import House
from tests.intake import questions
from tests.intake.questions import (
    HARBOR,
    WORD,
    agrees,
    asks,
    first_report,
    said,
    words_of,
)

NAMES = {Purpose.LEAD: "", Purpose.HANDOFF: "Harbor House"}
LONGEST = 1600
"""The provider takes no longer answer, whatever it counts as."""


def preview(house: House, purpose: Purpose, fields: list[str]) -> dict[Channel, Put]:
    to = consent.INVESTIGATORS if purpose is Purpose.LEAD else HARBOR
    terms = Terms(purpose, to, tuple(fields), (house.clock() + timedelta(days=28)).date())
    put = words_put(house.hotline.languages, terms, NAMES[purpose], locale="en", reads="en")
    return {one.channel: one for one in put}


def some_of(purpose: Purpose, seed: int) -> list[str]:
    random = Random(seed)
    return random.sample(FIELDS[purpose], random.randint(1, len(FIELDS[purpose])))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_text_says_what_staff_saw_and_that_is_kept(
    house: House, maria: Texter, purpose: Purpose, seed: int
) -> None:
    fields = some_of(purpose, seed)
    agrees(maria)
    asks(house, purpose=purpose, fields=fields)
    shown = preview(house, purpose, fields)[Channel.SMS]
    maria.texts("1")
    put = maria.texts(WORD)
    sure = maria.texts("1")
    maria.texts(WORD)
    (grant,) = questions.given(house)
    assert words_of(house, grant) == f"{put}\n{sure}" == shown.text
    assert shown.parts == segments(put) + segments(sure)
    assert set(grant.fields) == set(fields)
    listed = [line for line in put.splitlines() if line.startswith("+ ")]
    assert len(listed) == len(set(fields) - ({"need"} if purpose is Purpose.HANDOFF else set()))


@examples(40)
@given(st.data(), st.sampled_from(Purpose), st.sampled_from(EVERY_LANGUAGE.offered))
def test_in_every_language_all_say_the_same_in_the_same_order(
    data: st.DataObject, purpose: Purpose, locale: str
) -> None:
    fields = data.draw(st.lists(st.sampled_from(FIELDS[purpose]), min_size=1, unique=True))
    kept = tidy(data.draw(st.permutations(fields)))
    until = data.draw(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
    who = data.draw(st.sampled_from(["", "Harbor  House", "مركز النور"]))
    whom = "office" if who else consent.INVESTIGATORS
    terms = Terms(purpose, whom, tuple(fields), until)
    web, text = words_put(EVERY_LANGUAGE, terms, who, locale=locale, reads=locale)
    asked = {"purpose": purpose, "who": who, "fields": kept, "until": until}
    page = page_words(EVERY_LANGUAGE, **asked, locale=locale)
    assert web.text == page.text
    assert ready_words(EVERY_LANGUAGE, terms, who, locale=locale) == page
    speech = Speech(EVERY_LANGUAGE)
    assert text.text == speech.put(text_question("", **asked), locale, Channel.SMS).text


@pytest.mark.parametrize("locale", EVERY_LANGUAGE.offered)
def test_all_facts_at_once_still_fit_one_answer(locale: str) -> None:
    speech = Speech(EVERY_LANGUAGE)
    for purpose, fields in FIELDS.items():
        until = date(2026, 9, 30)
        asked = text_question("", purpose=purpose, who="H" * 60, fields=fields, until=until)
        assert len(speech.put(asked, locale, Channel.SMS, sure=False).text) < LONGEST


@pytest.mark.parametrize("order", [LEAD, HANDOFF])
def test_every_fact_has_its_place_in_the_one_order(order: tuple[str, ...]) -> None:
    assert set(order) <= set(ORDER)
    assert tidy(reversed(order)) == tuple(name for name in ORDER if name in order)
    assert len(set(ORDER)) == len(ORDER)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_paper_is_written_down_with_the_words_that_staff_saw(
    house: House, maria: Texter, at_desk: Member, purpose: Purpose
) -> None:
    fields = some_of(purpose, 3)
    maria.texts(GROWN)
    row = {"id": HARBOR, "name": "Harbor House", "description": "x"}
    house.hotline.store.write(lambda session: session.execute(insert(organization), row))
    report, shown = first_report(house), preview(house, purpose, fields)[Channel.WEB]
    to = consent.INVESTIGATORS if purpose is Purpose.LEAD else HARBOR
    form = {
        "to": f"{purpose} {to}",
        "fields": [f"{purpose} {name}" for name in fields],
        "until": (house.clock() + timedelta(days=28)).date().isoformat(),
    }
    page = at_desk.sends(f"/console/report/{report}/consent/look", expect=200, **form).text
    assert shown.text in unescape(page)
    written = {"given_how": GivenHow.WRITTEN, "put": "ready", "words_locale": "en"}
    at_desk.sends(f"/console/report/{report}/consent", **form, **written)
    (grant,) = questions.given(house)
    assert words_of(house, grant) == shown.text
    assert said(house, "ask_sure") not in shown.text
