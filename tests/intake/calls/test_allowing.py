"""Somebody calls with code and number, and with keys alone hears, gives and takes back what we may tell others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline import consent
from hotline.consent import ConsentRefused, GivenHow, Purpose, Why, Words
from hotline.dialogue.calls.turns import Heard
from hotline.errors import Unavailable
from hotline.intake import calls as leading
from hotline.reports.tables import reports
from hotline.retention.asking import is_asked
from hotline.triage.copies import copy_asked
from tests.house import found_house
from tests.intake.calls.caller import Caller
from tests.intake.calls.test_returning import NUMBER, Written, words

WAY = ["way", "way_mine", "hear_promise"]
WORDS = Words("web/consent", "en", "May we tell investigators?")


class Hers(Written):
    """María's report; she has a number of her own, and may have said yes."""

    def __init__(self, house):
        super().__init__(house, NUMBER)

    def says_yes(self, *, days=60, fields=("country",), recipient=consent.INVESTIGATORS):
        house = self.house
        return house.hotline.store.write(
            lambda session: consent.record(
                session,
                house.hotline.keyring,
                report_id=self.report_id,
                purpose=Purpose.LEAD if recipient == consent.INVESTIGATORS else Purpose.HANDOFF,
                recipient=recipient,
                fields=fields,
                given_how=GivenHow.WEB,
                words=WORDS,
                until=(house.clock() + timedelta(days=days)).date(),
                at=house.clock(),
            )
        )

    def is_asked(self, *, days=60, fields=("country", "summary")):
        house = self.house
        return house.hotline.store.write(
            lambda session: consent.ask(
                session,
                report_id=self.report_id,
                purpose=Purpose.LEAD,
                recipient=consent.INVESTIGATORS,
                fields=fields,
                until=(house.clock() + timedelta(days=days)).date(),
                by="noor",
                at=house.clock(),
            )
        )

    def is_doubted(self):
        its = update(reports).where(reports.c.id == self.report_id).values(duress=True)
        self.house.hotline.store.write(lambda session: session.execute(its))

    def calls(self, sender="+4915112345678"):
        call = Caller(self.house, sender=sender).dials().chooses("en")
        return call.presses("#", self.keys, f"{NUMBER}#")

    @property
    def given(self):
        with self.house.hotline.store.read() as session:
            return consent.of_report(session, self.report_id)

    @property
    def standing(self):
        return [one for one in self.given if one.stands(at=self.house.clock())]

    @property
    def messages(self):
        its = select(reports.c.messages).where(reports.c.id == self.report_id)
        with self.house.hotline.store.read() as session:
            return session.execute(its).scalar_one()

    @property
    def waiting(self):
        with self.house.hotline.store.read() as session:
            return consent.pending(session, self.report_id, at=self.house.clock())

    def asked_for(self, what):
        with self.house.hotline.store.read() as session:
            return bool(what(session, self.report_id))


@pytest.fixture
def hers(house):
    return Hers(house)


def test_she_hears_what_she_allowed(hers):
    hers.says_yes()
    call = hers.calls().presses("5", "1")
    assert call.prompts == [
        *["yes_count", "to_investigators", "yes_until", "not_told"],
        "mine",
    ]
    assert words(call) == ["May 1"]


def test_an_old_yes_stands_still_until_it_is_asked_for_again(hers):
    hers.says_yes(days=90)
    hers.house.clock.passes(days=40)
    assert "stands_still" in hers.calls().presses("5", "1").prompts


def test_one_key_takes_back_every_yes(hers):
    hers.says_yes()
    hers.says_yes(recipient="harbor-house", fields=("need",))
    call = hers.calls().presses("5", "2")
    assert call.prompts == ["taken_back", "mine"]
    assert len(hers.given) == 2
    assert not hers.standing
    assert call.presses("1").prompts == ["yes_none", "mine"]


def test_a_yes_in_a_call_is_kept_in_the_words_that_were_spoken(hers):
    hers.is_asked()
    call = hers.calls()
    assert "question_waits" in call.prompts
    call.presses("5", "5", "1")
    assert not hers.standing
    assert call.presses("1").prompts == ["said_yes", *WAY]
    (given,) = hers.standing
    assert (given.given_how, given.by, given.witness) == ("voice", "", "")
    assert (given.fields, given.words_locale) == (("country", "summary"), "en")
    # What is only spoken stands for a month, and that was said.
    assert given.expires_day == "2026-04-02"
    with hers.house.hotline.store.read() as session:
        said = consent.open_words(session, hers.noor, given.id)
    assert said.startswith("May we tell investigators what happened?")
    assert "What happened, without names Your yes ends on: April 2 A no changes nothing" in said
    assert said.endswith("You said yes. If you are sure, press 1. To go back, press 2.")
    assert not hers.waiting


def test_a_no_is_kept_as_one(hers):
    hers.is_asked()
    assert hers.calls().presses("5", "5", "2").prompts == ["said_no", *WAY]
    assert not hers.given
    assert not hers.waiting


@pytest.mark.parametrize("keys", [["5"], ["5", "5"], ["5", "5", "1"], ["5", "4"], ["5", "3"]])
def test_whoever_hangs_up_before_being_sure_changed_nothing(hers, keys):
    hers.says_yes()
    hers.is_asked()
    call = hers.calls().presses(*keys)
    call.hangs_up()
    assert len(hers.standing) == len(hers.waiting) == 1
    assert not hers.asked_for(is_asked)
    assert not hers.asked_for(copy_asked)


def test_a_yes_that_arrives_after_the_end_is_none_and_a_taking_back_is_one(hers):
    hers.says_yes()
    hers.is_asked()
    late = hers.calls().presses("5", "5", "1")
    late.hangs_up().presses("1")
    assert len(hers.waiting) == 1
    other = hers.calls().presses("5")
    other.hangs_up().presses("2")
    assert not hers.standing


@pytest.mark.parametrize("keys", [["5", "2"], ["5", "5", "2"], ["5", "3", "1"], ["5", "4", "1"]])
def test_a_line_that_breaks_after_the_last_key_loses_nothing(hers, keys):
    hers.says_yes()
    hers.is_asked()
    hers.calls().presses(*keys).hangs_up()
    done = {
        "2": not hers.standing,
        "5": not hers.waiting,
        "3": hers.asked_for(copy_asked),
        "4": hers.asked_for(is_asked),
    }
    assert done[keys[1]]


def test_erasure_can_be_taken_back_in_a_call(hers):
    call = hers.calls().presses("5", "4", "1")
    assert call.prompts == ["erase_asked", "mine"]
    assert hers.asked_for(is_asked)
    assert call.presses("4").prompts == ["sure_keep"]
    assert call.presses("1").prompts == ["kept_after_all", "mine"]
    assert not hers.asked_for(is_asked)


def test_a_copy_is_asked_of_the_desk_once(hers):
    hers.calls().presses("5", "3", "1")
    assert hers.calls().presses("5", "3", "1").prompts == ["copy_asked", "mine"]
    assert hers.asked_for(copy_asked)


def test_with_the_code_alone_nothing_of_it_is_there(house):
    written = Written(house)
    call = Caller(house).dials().chooses("en").presses("#", written.keys)
    assert "way_mine" not in call.prompts
    assert call.presses("5").prompts == ["not_an_answer", "way", "hear_promise"]


def test_two_wrong_numbers_open_none_of_it(hers):
    hers.says_yes()
    hers.is_asked()
    call = Caller(hers.house).dials().chooses("en").presses("#", hers.keys, "1111#", "2222#")
    for key in ("5", "2", "5", "1", "1"):
        call.presses(key)
        assert not {"mine", "taken_back", "said_yes"} & set(call.prompts)
    assert len(hers.standing) == len(hers.waiting) == 1


# While staff doubt who calls.


def test_while_staff_doubt_it_nobody_hears_whom_we_told(hers):
    hers.says_yes()
    hers.is_asked()
    hers.is_doubted()
    call = hers.calls()
    assert "question_waits" not in call.prompts
    assert call.presses("5").prompts == ["mine"]
    assert call.presses("1").prompts == ["yes_none", "mine"]


def test_while_staff_doubt_it_a_question_is_over_and_nothing_changes(hers):
    hers.says_yes()
    hers.is_asked()
    call = hers.calls().presses("5", "5", "1")
    hers.is_doubted()
    # As where a caseworker took the question back.
    assert call.presses("1").prompts == ["question_over", *WAY]
    assert len(hers.waiting) == 1
    (given,) = hers.given
    assert given.given_how == "web"
    assert call.presses("5", "2").prompts == ["taken_back", "mine"]
    (given,) = hers.given
    assert (bool(given.back_asked_day), given.revoked_day) == (True, "")
    assert call.presses("4", "1").prompts == ["erase_asked", "mine"]


def test_a_question_that_was_taken_back_meanwhile_is_over(hers):
    ask_id = hers.is_asked()
    call = hers.calls().presses("5", "5", "1")
    hers.house.hotline.store.write(
        lambda session: consent.asking.take_question_back(
            session, ask_id, report_id=hers.report_id, by="noor", at=hers.house.clock()
        )
    )
    assert call.presses("1").prompts == ["question_over", *WAY]
    # Heard again, it is the same.
    assert call.again(Heard("")) == call.hears
    assert not hers.given


# At once.


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request, tmp_path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    house = found_house(tmp_path, database_url=url)
    yield Hers(house)
    house.close()


def test_a_yes_and_a_no_in_two_calls_at_once_are_one_answer(anywhere):
    anywhere.is_asked()
    one = anywhere.calls().presses("5", "5", "1")
    other = anywhere.calls("+4915199999999").presses("5", "5")
    anywhere.house.clock.passes(seconds=5)
    with ThreadPoolExecutor(2) as workers:
        heard = workers.map(
            lambda each: each[0].again(Heard(each[0].step, digits=each[1])),
            [(one, "1"), (other, "2")],
        )
    first = [document.lines[0].prompt for document in heard]
    assert sorted(first) in (["question_over", "said_yes"], ["question_over", "said_no"])
    assert len(anywhere.given) == first.count("said_yes")


def test_the_same_key_on_four_workers_is_done_once(anywhere):
    anywhere.is_asked()
    call = anywhere.calls().presses("5", "5", "1")
    anywhere.house.clock.passes(seconds=5)
    heard = Heard(call.step, digits="1")
    with ThreadPoolExecutor(4) as workers:
        answers = list(workers.map(call.again, [heard] * 4))
    assert len(set(answers)) == 1
    assert answers[0].lines[0].prompt == "said_yes"
    assert len(anywhere.given) == 1


def test_two_take_back_at_once_and_both_hear_that_it_is_done(anywhere):
    anywhere.says_yes()
    calls = [anywhere.calls().presses("5"), anywhere.calls("+4915199999999").presses("5")]
    anywhere.house.clock.passes(seconds=5)
    with ThreadPoolExecutor(2) as workers:
        heard = list(workers.map(lambda call: call.again(Heard(call.step, digits="2")), calls))
    assert [document.lines[0].prompt for document in heard] == ["taken_back"] * 2
    assert not anywhere.standing


def test_a_worker_that_dies_as_it_takes_a_yes_took_none(hers, monkeypatch):
    hers.is_asked()
    call = hers.calls().presses("5", "5", "1")

    def dies(*_args, **_kwargs):
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(leading, "keep_state", dies)
        with pytest.raises(Unavailable):
            call.presses("1")
    assert not hers.given
    assert call.presses("1").prompts == ["said_yes", *WAY]
    assert len(hers.standing) == 1


def test_a_yes_is_refused_for_a_child_whom_nobody_decided_for(hers):
    hers.is_asked()
    call = hers.calls().presses("5", "5", "1")
    its = update(reports).where(reports.c.id == hers.report_id).values(minor=True)
    hers.house.hotline.store.write(lambda session: session.execute(its))
    assert call.presses("1").prompts == ["question_over", *WAY]
    assert not hers.given


def test_no_word_of_the_question_stands_in_the_report(hers):
    hers.is_asked()
    call = hers.calls()
    kept = hers.messages
    call.presses("5", "5", "1", "1")
    assert len(hers.standing) == 1
    assert hers.messages == kept


def test_a_refusal_is_named(hers):
    with pytest.raises(ConsentRefused) as refused:
        hers.says_yes(days=400)
    assert refused.value.why is Why.TOO_LONG
