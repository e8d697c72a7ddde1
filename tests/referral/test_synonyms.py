"""Whoever searches by their own word for what they need finds who gives it."""

import tomllib

import pytest

from referral.candidate import NEEDS
from referral.directory import Collection, page
from referral.synonyms import SYNONYMS, pieces
from referral.wanted import Wanted


def found(directory, search, collection=Collection.SERVICES):
    with directory.read() as connection:
        return page(connection, collection, Wanted(search=search), size=100)


def test_every_need_has_words_in_each_language_of_the_console():
    listed = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))

    assert set(listed) == NEEDS
    for need, words in listed.items():
        assert set(words) == {"en", "es", "fr", "ar", "ru"}, need
        for language, its in words.items():
            assert len(its) >= 6, (need, language)
            assert len(its) == len(set(its)), (need, language)


@pytest.mark.parametrize(
    ("typed", "need"),
    [
        ("bed", "shelter"),
        ("Cama", "shelter"),
        ("l’hébergement", "shelter"),
        ("hebergement", "shelter"),
        ("المأوى", "shelter"),
        ("приют", "shelter"),
        ("abogada", "legal"),
        ("юрист", "legal"),
        ("médecin", "medical"),
        ("طَبيب", "medical"),
        ("psychologue", "psychological"),
        ("еда", "food"),
        ("billet", "transport"),
        ("carte d’identité", "documents"),
        ("جواز السفر", "documents"),
        ("lengua de signos", "interpretation"),
        ("опекун", "child_protection"),
        ("volver a casa", "repatriation"),
        ("полиция", "police"),
        ("إسعاف", "emergency"),
        ("child_protection", "child_protection"),
    ],
)
def test_a_word_means_a_need_in_five_languages(typed, need):
    assert any(need in needs for _, needs in pieces(typed))


def test_words_of_one_meaning_stay_together():
    assert list(pieces("warm place to sleep Ansel")) == [
        ("warm", frozenset()),
        ("place to sleep", frozenset({"shelter"})),
        ("Ansel", frozenset()),
    ]
    assert list(pieces("")) == []


@pytest.mark.parametrize("typed", ["cama", "место для ночлега", "سرير"])
def test_who_gives_a_bed_is_found_by_any_word_for_it(ansel, typed):
    names = {each["name"] for each in found(ansel, typed).contents}

    assert {"Night shelter for women", "House for men"} <= names
    assert "Lantern chat" not in names


def test_other_words_narrow_what_is_found(ansel):
    assert {each["name"] for each in found(ansel, "albergue Linden").contents} == {
        "Linden women’s house"
    }
    assert found(ansel, "albergue zzzz").total == 0


def test_where_a_service_is_given_is_found_by_what_it_answers(ansel):
    sites = found(ansel, "приют", Collection.SERVICE_AT_LOCATIONS)

    assert "House for men" in {each["service"]["name"] for each in sites.contents}
