"""A word that a colleague gives back stays in texts only after somebody else has accepted it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from hotline import audit
from hotline.errors import NotFound, Refused
from hotline.reports import reports
from hotline.store import Store, new_id
from hotline.triage import given_back, kept_words
from hotline.triage.access import restrict
from hotline.triage.given_back import AlsoAName, Candidate, OwnWord, Word, is_one_word
from hotline.triage.kept_words import SECONDS, KeptWords
from hotline.vault.opening import Keyholder
from tests.cast import Member, Texter
from tests.house import NOON, House


def keyholder(house: House, username: str) -> Keyholder:
    member = Member(house, username)
    member.signs_in()
    cookie = member.client.get_cookie("__Host-key", domain="line.example")
    assert cookie is not None
    found = house.hotline.door.resume(house.hotline.store, cookie.value, at=house.clock())
    assert found is not None
    return found


@pytest.fixture
def noor(house: House) -> Keyholder:
    return keyholder(house, "noor")


@pytest.fixture
def ines(house: House) -> Keyholder:
    return keyholder(house, "ines")


@pytest.fixture
def gives(house: House) -> Callable[..., int]:
    """Somebody gives words of a report of its own back."""

    def give(who: Keyholder, *words: str, language: str = "es", report_id: str = "") -> int:
        masked = [Word(f"PERSON {n}", word) for n, word in enumerate(words, 1)]
        its = {"report_id": report_id or new_id(), "seq": 1, "language": language, "at": NOON}
        return house.hotline.store.write(
            lambda session: given_back.give_back(session, who, house.hotline.keyring, masked, **its)
        )

    return give


def waiting(house: House, who: Keyholder) -> list[Candidate]:
    with house.hotline.store.read() as session:
        return given_back.candidates(session, who)


def accepts(house: House, who: Keyholder, one: Candidate, *, is_sure: bool = False) -> None:
    given_back.accept(
        house.hotline.store, who, house.hotline.keyring, one.id, is_sure=is_sure, at=NOON
    )


def kept(store: Store) -> list[tuple[str, str]]:
    with store.read() as session:
        return [(one.language, one.word) for one in kept_words.page(session)]


def acts(store: Store) -> list[tuple[str, str]]:
    with store.read() as session:
        found = [(line.did, line.what) for line in audit.page(session)]
    return [act for act in found if act[0].startswith("word_")]


def test_a_word_waits_once_for_each_language_with_everybody_who_gave_it(
    house: House,
    noor: Keyholder,
    ines: Keyholder,
    gives: Callable[..., int],
) -> None:
    gives(noor, "Kafala", "visado")
    gives(ines, "kafala")
    gives(noor, "kafala", language="fr")
    found = {(one.language, one.word): len(one.givers) for one in waiting(house, ines)}
    assert found == {("es", "kafala"): 2, ("es", "visado"): 1, ("fr", "kafala"): 1}


def test_a_word_of_a_restricted_report_is_there_for_those_alone_who_are_named(
    house: House, noor: Keyholder, ines: Keyholder, maria: Texter, gives: Callable[..., int]
) -> None:
    maria.texts("My boss took my passport")
    with house.hotline.store.read() as session:
        report = session.execute(select(reports.c.id)).scalar_one()
    gives(noor, "kafala", report_id=report)
    (one,) = waiting(house, ines)
    its = {"keyring": house.hotline.keyring, "desk": "main", "by": noor.staff_id, "at": NOON}
    house.hotline.store.write(lambda session: restrict(session, report, to=[noor.staff_id], **its))
    assert waiting(house, ines) == []
    with pytest.raises(NotFound):
        accepts(house, ines, one)
    assert kept(house.hotline.store) == []


def test_an_accepted_word_is_kept_and_written_down(
    house: House,
    noor: Keyholder,
    ines: Keyholder,
    gives: Callable[..., int],
) -> None:
    gives(noor, "kafala")
    accepts(house, ines, waiting(house, ines)[0])
    assert kept(house.hotline.store) == [("es", "kafala")]
    assert waiting(house, ines) == []
    assert acts(house.hotline.store) == [("word_kept", "es"), ("word_given", "1 PERSON 1")]


def test_a_refused_word_is_gone_and_changes_nothing(
    house: House,
    noor: Keyholder,
    ines: Keyholder,
    gives: Callable[..., int],
) -> None:
    gives(noor, "kafala")
    one = waiting(house, ines)[0]
    given_back.refuse(house.hotline.store, ines, house.hotline.keyring, one.id, at=NOON)
    assert kept(house.hotline.store) == []
    assert waiting(house, ines) == []
    assert acts(house.hotline.store)[0] == ("word_refused", "es")
    with pytest.raises(NotFound):
        accepts(house, ines, one)


def test_nobody_decides_about_their_own_word(
    house: House,
    noor: Keyholder,
    ines: Keyholder,
    gives: Callable[..., int],
) -> None:
    gives(ines, "kafala")
    own = waiting(house, ines)[0]
    with pytest.raises(OwnWord):
        accepts(house, ines, own)
    with pytest.raises(OwnWord):
        given_back.refuse(house.hotline.store, ines, house.hotline.keyring, own.id, at=NOON)
    # A second person who takes it for ordinary makes it two.
    gives(noor, "kafala")
    accepts(house, ines, waiting(house, ines)[0])
    assert kept(house.hotline.store) == [("es", "kafala")]


def test_who_may_not_oversee_decides_nothing(
    house: House,
    noor: Keyholder,
    ines: Keyholder,
    gives: Callable[..., int],
) -> None:
    gives(ines, "kafala")
    one = waiting(house, ines)[0]
    for act in (
        lambda: accepts(house, noor, one),
        lambda: given_back.refuse(
            house.hotline.store, noor, house.hotline.keyring, one.id, at=NOON
        ),
        lambda: waiting(house, noor),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(Refused):
        gives(keyholder(house, "ivo"), "kafala")


def test_what_people_are_called_is_kept_only_when_it_is_meant_twice(
    house: House,
    noor: Keyholder,
    ines: Keyholder,
    gives: Callable[..., int],
) -> None:
    gives(noor, "Maria")
    one = waiting(house, ines)[0]
    with pytest.raises(AlsoAName):
        accepts(house, ines, one)
    assert kept(house.hotline.store) == []
    accepts(house, ines, one, is_sure=True)
    assert kept(house.hotline.store) == [("es", "maria")]


def test_a_kept_word_can_be_taken_out(
    house: House,
    noor: Keyholder,
    ines: Keyholder,
    gives: Callable[..., int],
) -> None:
    gives(noor, "kafala")
    accepts(house, ines, waiting(house, ines)[0])

    def take_out(who: Keyholder) -> None:
        its = {"language": "es", "word": "kafala", "at": NOON}
        house.hotline.store.write(
            lambda session: given_back.take_out(session, who, house.hotline.keyring, **its)
        )

    with pytest.raises(Refused):
        take_out(noor)
    take_out(ines)
    assert kept(house.hotline.store) == []
    with pytest.raises(NotFound):
        take_out(ines)


@pytest.mark.parametrize("word", ["kafala", "أجرة", "don't", "प्रवासी", "打工"])
def test_a_word_is_letters(word: str) -> None:
    assert is_one_word(word)


@pytest.mark.parametrize("word", ["", "two words", "b2b", "٣", "...", "a" * 65])
def test_what_is_no_word_cannot_be_given_back(word: str) -> None:
    assert not is_one_word(word)


def test_kept_words_are_read_once_a_minute_and_at_once_where_one_was_decided(
    store: Store,
) -> None:
    now = [0.0]
    words = KeptWords(store, ticks=lambda: now[0])
    assert words() == frozenset()
    store.write(lambda session: kept_words.keep(session, "es", "kafala", at=NOON))
    assert words() == frozenset()
    now[0] = SECONDS
    assert words() == {"kafala"}
    store.write(lambda session: kept_words.take_out(session, "es", "kafala"))
    words.refresh()
    assert words() == frozenset()


def test_where_they_cannot_be_read_those_of_before_stand(store: Store) -> None:
    now = [0.0]
    words = KeptWords(store, ticks=lambda: now[0])
    store.write(lambda session: kept_words.keep(session, "es", "kafala", at=NOON))
    assert words() == {"kafala"}
    store.write(lambda session: session.exec_driver_sql("DROP TABLE kept_words"))
    now[0] = SECONDS
    assert words() == {"kafala"}
