"""A provider asks, says yes or no, and says what came of it; what follows at the desk is asked for at once."""

import pytest
from sqlalchemy import select

from hotline.handoff import answering, links, talking
from hotline.triage.tables import tasks
from tests.channels.provider.asking import Asking, Harbor, heading, words_of
from tests.house import House


def kinds(house: House) -> list[str]:
    """Return what the desk has to do."""
    with house.hotline.store.read() as session:
        return sorted(session.scalars(select(tasks.c.kind)))


def test_they_ask_and_the_answer_comes_to_their_page(
    noor: Asking, harbor: Harbor, house: House
) -> None:
    sent = noor.asks()
    harbor.opens(sent)
    page = harbor.sends(sent, answer="ask", words="Is the girl <older> than twelve?")
    assert "Is the girl &lt;older&gt; than twelve?" in page.text
    assert "We answer here. Look again in a few minutes." in page.text
    assert noor.hears(sent) == ["Is the girl <older> than twelve?"]
    assert kinds(house) == ["answer_provider"]
    noor.answers(sent, "She is nine.")
    page = harbor.looks(sent)
    assert "She is nine." in page.text
    assert "We answer here." not in page.text


def test_a_question_without_words_is_not_sent(noor: Asking, harbor: Harbor) -> None:
    sent = noor.asks()
    harbor.opens(sent)
    page = harbor.sends(sent, answer="ask", words="  ")
    assert page.status_code == 400
    assert 'href="#words"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert noor.hears(sent) == []


def test_a_yes_is_kept_once_and_then_they_say_what_came_of_it(
    noor: Asking, harbor: Harbor, other: Harbor, house: House
) -> None:
    sent = noor.asks()
    harbor.opens(sent)
    page = harbor.sends(sent, answer="yes")
    assert heading(page) == "You said yes. Thank you."
    assert "Amina" in page.text
    assert noor.offer(sent).status == "accepted"
    assert kinds(house) == ["tell_person"]
    assert heading(harbor.sends(sent, answer="yes")) == "You said yes. Thank you."
    for form in ({}, {"reason": "full"}):
        assert heading(harbor.sends(sent, answer="no", **form)) == "You said yes. Thank you."

    harbor.sends(sent, answer="ask", words="Come to the side door.")
    assert noor.hears(sent) == ["Come to the side door."]

    page = harbor.sends(sent, outcome="waiting")
    assert "You told us: We still wait for them." in words_of(page)
    # A colleague elsewhere, with link and PIN, says the rest without seeing the packet.
    page = other.opens(sent)
    assert "Amina" not in page.text
    page = other.sends(sent, outcome="arrived")
    assert "You told us: They arrived." in words_of(page)
    assert "We had no room after all" not in page.text
    page = other.sends(sent, outcome="arrived")
    assert "You told us: They arrived." in words_of(page)
    # A place that falls through is asked for once more, by a page that says what follows.
    page = harbor.sends(sent, outcome="left")
    assert heading(page) == "They left again"
    assert "our desk is told to look after them" in page.text
    assert "next_service" not in kinds(house)
    page = harbor.sends(sent, outcome="left", sure="yes")
    assert heading(page) == "Thank you for telling us"
    assert "next_service" in kinds(house)
    assert "Amina" not in harbor.looks(sent).text
    assert other.looks(sent).status_code == 404


def test_a_no_needs_its_reason_and_may_have_a_word(
    noor: Asking, harbor: Harbor, house: House
) -> None:
    sent = noor.asks()
    harbor.opens(sent)
    for form in ({}, {"reason": "because"}):
        page = harbor.sends(sent, answer="no", words="From Monday on.", **form)
        assert page.status_code == 400
        assert 'href="#why-full"' in page.text
        assert "From Monday on.</textarea>" in page.text
    assert noor.offer(sent).status == "asked"
    page = harbor.sends(sent, answer="no", reason="full", words="From Monday on.")
    assert heading(page) == "Thank you for telling us"
    assert noor.offer(sent).status == "declined"
    assert noor.hears(sent) == ["From Monday on."]
    assert kinds(house) == ["next_service"]
    again = harbor.looks(sent)
    assert heading(again) == "Thank you for telling us"
    assert "Amina" not in again.text


def test_after_many_words_they_are_told_to_call_and_a_no_still_counts(
    noor: Asking, harbor: Harbor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "MOST", 2)
    sent = noor.asks()
    harbor.opens(sent)
    for words in ("One?", "Two?"):
        harbor.sends(sent, answer="ask", words=words)
        noor.answers(sent, "Yes.")
    page = harbor.sends(sent, answer="ask", words="Three?")
    assert page.status_code == 400
    assert "You wrote too many messages here." in page.text
    assert len(noor.hears(sent)) == 4
    noor.answers(sent, "What staff say is not counted.")
    page = harbor.sends(sent, answer="no", reason="full", words="From Monday on.")
    assert heading(page) == "Thank you for telling us"
    assert noor.offer(sent).status == "declined"


def test_a_no_with_words_that_is_not_needed_is_thanked(
    noor: Asking, harbor: Harbor, other: Harbor
) -> None:
    first, second = noor.asks("Harbor House"), noor.asks("Bayt al-Amal")
    harbor.opens(first)
    other.opens(second)
    harbor.sends(first, answer="yes")
    page = other.sends(second, answer="no", reason="full", words="From Monday on.")
    assert heading(page) == "Not needed any more. Thank you."


def test_who_is_second_hears_that_somebody_else_helps(
    noor: Asking, harbor: Harbor, other: Harbor
) -> None:
    first, second = noor.asks("Harbor House"), noor.asks("Bayt al-Amal")
    harbor.opens(first)
    other.opens(second)
    harbor.sends(first, answer="yes")
    page = other.sends(second, answer="yes")
    assert heading(page) == "Not needed any more. Thank you."
    assert heading(other.looks(second)) == "Not needed any more. Thank you."
    assert noor.offer(first).status == "accepted"
    assert noor.offer(second).status == "not_needed"


def test_what_was_taken_back_meanwhile_is_not_answered(noor: Asking, harbor: Harbor) -> None:
    sent = noor.asks()
    harbor.opens(sent)
    noor.takes_back(sent)
    for page in (harbor.sends(sent, answer="yes"), harbor.looks(sent)):
        assert (page.status_code, heading(page)) == (200, "It was taken back")
        assert "Amina" not in page.text
    assert noor.offer(sent).status == "withdrawn"


def test_how_it_ended_is_told_to_the_browser_that_opened_it_alone(
    noor: Asking, harbor: Harbor, other: Harbor, house: House
) -> None:
    sent = noor.asks()
    harbor.opens(sent)
    colleague = Harbor(house.app.test_client())
    colleague.opens(sent)
    at = house.clock.passes(minutes=16)
    for swept in (False, True):
        if swept:
            house.hotline.store.write(lambda session: answering.expire(session, at))
        assert heading(harbor.looks(sent)) == "Its time is over"
        assert heading(harbor.sends(sent, answer="yes")) == "Its time is over"
        for nobody in (colleague, other):
            assert nobody.looks(sent).status_code == 404
            assert nobody.sends(sent, pin=sent.pin).status_code == 404
    again = noor.asks()
    harbor.opens(again)
    harbor.sends(again, answer="yes")
    house.hotline.store.write(lambda session: links.close_links(session, noor.report_id))
    page = harbor.looks(again)
    assert heading(page) == "Not needed any more. Thank you."
    assert not any(words in page.text for words in ("Amina", "shelter", again.pin))


def test_a_place_that_was_not_there_has_the_desk_warn_the_person_once_it_is_sure(
    noor: Asking, harbor: Harbor, house: House
) -> None:
    sent = noor.asks()
    harbor.opens(sent)
    harbor.sends(sent, answer="yes")
    page = harbor.sends(sent, outcome="no_space")
    assert heading(page) == "We had no room after all"
    assert "our desk is told to warn them" in page.text
    assert noor.offer(sent).outcome == ""
    assert heading(harbor.looks(sent)) == "You said yes. Thank you."
    page = harbor.sends(sent, outcome="no_space", sure="yes")
    assert heading(page) == "Thank you for telling us"
    assert noor.offer(sent).outcome == "no_space"


def test_a_form_that_says_nothing_changes_nothing(noor: Asking, harbor: Harbor) -> None:
    sent = noor.asks(need="legal")
    assert heading(harbor.opens(sent)) == "Can you help them?"
    for form in ({}, {"answer": "maybe"}, {"outcome": "arrived"}, {"pin": "1"}):
        assert heading(harbor.sends(sent, **form)) == "Can you help them?"
    assert noor.offer(sent).status == "asked"


def test_a_day_is_named_where_there_is_more_time(noor: Asking, harbor: Harbor) -> None:
    sent = noor.asks(minutes=24 * 60)
    assert "Answer by 3 Mar 2026, 12:00 (Coordinated Universal Time)" in words_of(
        harbor.opens(sent)
    )
