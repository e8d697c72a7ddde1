"""Approved phrases: put together in both languages, offered only where they can be said, marked when nothing else goes."""

import re
import shutil
from dataclasses import replace

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from hotline import messages
from hotline.catalogs import TRANSLATIONS
from hotline.i18n import PHRASES, SOURCE, Languages
from hotline.messages import APPROVED, is_approved, phrase, phrases
from hotline.operate import strings
from hotline.worker import work_off
from tests.cast import Member, Texter
from tests.channels.web.test_sentences import NEVER, sentences
from tests.console.conftest import is_there
from tests.console.test_markup import faults_in
from tests.dialogue.test_transcripts import TELLING
from tests.house import House

ENGLISH = Languages(TRANSLATIONS, only=[SOURCE])
WHEN, BELIEVE = "متى يمكننا أن نكتب؟", "نحن نصدقك."
SAID = {"When may we write?": WHEN, "We believe you.": BELIEVE}
ACCOUNT = "صاحب العمل أخذ جواز سفري ويقفل الباب في الليل"


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Languages:
    """Languages in which two phrases can be said in Arabic, and none in any other."""
    folder = tmp_path_factory.mktemp("translations")
    none_yet = shutil.ignore_patterns("phrases.po")
    shutil.copytree(TRANSLATIONS, folder, ignore=none_yet, dirs_exist_ok=True)
    catalog = Catalog(locale="ar")
    for sentence, said in SAID.items():
        catalog.add(sentence, said)
    with (folder / "ar" / "LC_MESSAGES" / "phrases.po").open("wb") as file:
        write_po(file, catalog)
    return Languages(folder)


@pytest.fixture
def speaking(house: House, arabic: Languages) -> House:
    """The house, with those languages."""
    house.hotline = replace(house.hotline, languages=arabic)
    return house


def test_phrases_are_short_plain_fit_one_part_and_give_nothing_away() -> None:
    said = phrases(ENGLISH, SOURCE)
    assert set(said) == {name for names in APPROVED.values() for name in names}
    assert len(set(said.values())) == len(said) >= 20
    for text in said.values():
        assert len(text.encode("utf-16-le")) // 2 <= 70, text
        assert messages.encoding(text) is messages.Encoding.GSM, text
        assert not strings.BANNED_WORDS.search(text.upper()), text
        assert not any(word in text.lower() for word in TELLING), text
        assert not re.search(NEVER["en"], text.lower()), text
        assert all(len(sentence.split()) <= 12 for sentence in sentences(text)), text
    template = strings.template(PHRASES)
    assert {entry.id for entry in template if entry.id} == set(said.values())


def test_a_phrase_is_offered_only_where_it_can_be_said(arabic: Languages) -> None:
    assert set(phrases(arabic, "ar").values()) == {WHEN, BELIEVE}
    assert phrase(arabic, "hurt", "ar") == ""
    assert phrase(arabic, "no such phrase", SOURCE) == ""
    assert phrases(arabic, "th") == {}
    assert phrase(arabic, "hurt", SOURCE) == "Is anyone hurt?"


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("We believe you.", True),
        (" We believe you.\n\nWhen may we write? ", True),
        ("We believe you.When may we write?", False),
        ("We believe you. Call me.", False),
        ("we believe you.", False),
        ("", False),
        ("  ", False),
    ],
)
def test_nothing_but_phrases_is_approved(text: str, is_so: bool) -> None:
    assert is_approved(text, phrases(ENGLISH, SOURCE).values()) is is_so


def test_phrases_are_put_together_in_both_languages_and_go_without_an_interpreter(
    speaking: House, at_desk: Member, maria: Texter
) -> None:
    maria.texts(ACCOUNT)
    report = at_desk.first_report()
    path = f"/console/report/{report}"
    page = at_desk.opens(path)
    offered = page.partition('id="phrases"')[2].partition("</details>")[0]
    assert offered.index(WHEN) < offered.index("When may we write?")
    assert "Is anyone hurt?" not in offered
    assert "Use approved phrases, or ask an interpreter." in page
    assert faults_in(page) == []

    page = at_desk.sends(f"{path}/reply", expect=200, words="", put="believe").text
    page = at_desk.sends(f"{path}/reply", expect=200, words=BELIEVE, put="when").text
    assert f"{BELIEVE} {WHEN}</textarea>" in page
    assert "Approved phrases only: no interpreter is needed" in page
    assert "These are words of your own" not in page
    assert speaking.carrier.sent == []
    # What cannot be said in their language is not put in.
    page = at_desk.sends(f"{path}/reply", expect=200, words=BELIEVE, put="hurt").text
    assert f"{BELIEVE}</textarea>" in page

    is_there(speaking, report)
    at_desk.sends(f"{path}/reply", words=f"{BELIEVE} {WHEN}")
    work_off(speaking.hotline)
    assert [body for _, _, body, _ in speaking.carrier.sent] == [f"{BELIEVE} {WHEN}"]
    assert "approved phrases only" in at_desk.opens(path)
    at_desk.sends(f"{path}/reply", words="Are you there?")
    assert at_desk.opens(path).count("approved phrases only") == 1


def test_words_of_ones_own_are_weighed_with_the_phrases(
    speaking: House, at_desk: Member, maria: Texter
) -> None:
    maria.texts(ACCOUNT)
    path = f"/console/report/{at_desk.first_report()}/reply"
    page = at_desk.sends(path, expect=200, words="+1 500 555 0177", put="when").text
    assert "Not sent yet" in page
    assert "These are words of your own" in page
    assert '<span data-encoding="gsm" hidden>' in page


def test_where_nothing_can_be_said_in_their_language_the_page_says_so(
    speaking: House, at_desk: Member, report: str
) -> None:
    from hotline.reports import reports

    its = reports.update().where(reports.c.id == report).values(language="ti")
    speaking.hotline.store.write(lambda session: session.execute(its))
    page = at_desk.opens(f"/console/report/{report}")
    assert "Nobody here has said that they read Tigrinya" in page
    assert "There are no approved phrases in it: ask an interpreter." in page
    assert "Approved phrases in English" in page
