"""Catalogs as files: gathered twice they are the same, compiled they say the same, made up they keep what must stay."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline import cli
from hotline.catalogs import TRANSLATIONS
from hotline.i18n import Languages, direction
from hotline.operate import strings
from hotline.operate.strings import catalogs, compiling, pseudo
from tests.operate.strings.made_up import SAID, check


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in files(folder)}


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def test_gathering_twice_changes_nothing(made_up: Path) -> None:
    before = contents(made_up)
    strings.extract(made_up / "translations", made_up / "templates")
    assert contents(made_up) == before


def test_gathering_brings_a_new_sentence_and_takes_an_old_one(made_up: Path) -> None:
    page = made_up / "templates/web/page.html"
    page.write_text(page.read_text("utf-8").replace("Nobody else can", "Only we can"), "utf-8")
    strings.extract(made_up / "translations", made_up / "templates")
    path = made_up / "translations/ar/LC_MESSAGES/messages.po"
    catalog = catalogs.read(path)
    assert catalog.get("Nobody else can read it.") is None
    assert catalog["Only we can read it."].string == ""
    # No word is guessed for it, and the language still counts as it does.
    assert not catalog["Only we can read it."].fuzzy
    assert b"nplurals=6" in path.read_bytes()
    told = "ar/messages.po: not translated: 'Only we can read it.'"
    assert told in check(made_up)


def test_what_is_compiled_says_what_the_catalog_says(made_up: Path) -> None:
    translations = made_up / "translations"
    assert list(compiling.write(translations, check(made_up))) == []
    with (translations / "ru/LC_MESSAGES/messages.mo").open("rb") as file:
        russian = gettext.GNUTranslations(file)
    assert russian.gettext("We read it soon.") == SAID["ru"]["We read it soon."]
    one, few, many = SAID["ru"]["%(count)s day left."]
    said = [russian.ngettext("%(count)s day left.", "%(count)s days left.", n) for n in (21, 3, 11)]
    assert said == [one, few, many]


def test_what_the_check_refuses_is_not_compiled_and_does_not_stay(made_up: Path) -> None:
    translations = made_up / "translations"
    assert list(compiling.write(translations, [])) == []
    path = translations / "es/LC_MESSAGES/messages.po"
    path.write_text(path.read_text("utf-8").replace("Hola, %(name)s", "Hola"), "utf-8")
    refused = list(compiling.write(translations, check(made_up)))
    assert refused == ["es/messages.po: not compiled, because the check refuses it"]
    assert not path.with_suffix(".mo").exists()
    assert (translations / "es/LC_MESSAGES/voice.mo").exists()


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invented")
    assert cli.main(["strings", "pseudo", "--to", str(folder)]) == 0
    return folder


def test_made_up_languages_are_whole_and_can_be_spoken(invented: Path) -> None:
    languages = Languages(invented)
    assert set(languages.offered) == {"en", pseudo.LONG, pseudo.MIRRORED}
    assert (direction(pseudo.LONG), direction(pseudo.MIRRORED)) == ("ltr", "rtl")
    for locale in (pseudo.LONG, pseudo.MIRRORED):
        for name in ("received", "tell_code"):
            text = languages.render(f"messages/{name}/sms.txt", locale, code="482-719")
            assert text.strip().startswith("["), text
            assert "482-719" in text or name == "received"


def test_made_up_sentences_keep_fields_and_tags_and_nothing_else() -> None:
    sentence = 'Lost it, %(name)s? <a href="%(url)s">Write again</a> at 100 %%.'
    long, mirrored = (pseudo.say(sentence, one) for one in (pseudo.LONG, pseudo.MIRRORED))
    for said in (long, mirrored):
        assert re.findall(r"<[^>]+>|%\(\w+\)s|%%", said) == [
            "%(name)s",
            '<a href="%(url)s">',
            "</a>",
            "%%",
        ]
        assert said[0] + said[-1] == "[]"
        assert not any(word in said for word in ("Lost", "Write", "again"))
    assert len(pseudo.say("You can take it back", pseudo.LONG)) > 1.3 * len("You can take it back")
    assert not re.search("[A-Za-z]", re.sub(r"%\(\w+\)s|<[^>]+>", "", mirrored))


def test_every_sentence_of_ours_can_be_made_up(invented: Path) -> None:
    for domain in strings.FOLDERS:
        template = catalogs.read(TRANSLATIONS / f"{domain}.pot")
        catalog = catalogs.read(catalogs.place_of(invented, pseudo.LONG, domain))
        assert len(catalog) == len(template)
        assert all(all(catalogs.said(message)) for message in catalog if message.id)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ('msgid "One"\nmsgstr "Uno\n', "line 2: it does not stand between two"),
        ('msgid "One"\nmsgstr "U"n"o"\n', "line 2: it does not stand between two"),
        ('msgid "One"\nmsgstr "A"\n\nmsgid ""\n"O"\n"ne"\nmsgstr "B"\n', "it says twice: 'One'"),
        ('msgid "One"\nmsgstr "\udcff"\n', "it is not written in UTF-8"),
    ],
)
def test_a_slip_of_the_hand_is_told_and_not_read_otherwise(
    tmp_path: Path, sentence: str, told: str
) -> None:
    path = tmp_path / "some.pot"
    path.write_text(sentence, "utf-8", "surrogateescape")
    with pytest.raises(catalogs.Unreadable, match=re.escape(told)):
        catalogs.read(path)


@pytest.mark.parametrize(
    ("file", "words", "told"),
    [
        ("ru/glossary.toml", 'never = "слово"\n', "ru/glossary.toml: never: no list of words"),
        (
            "ALLOWED.toml",
            '[[same]]\nin = "ru"\nallow = ["Web"]\nwhy = "A name."\n',
            "`in` and `allow`",
        ),
        ("ALLOWED.toml", '[[same]]\nwhy = "A name."\n', "`in` and `allow` are lists"),
        ("REVIEW.toml", '[ru]\nstate = "drafted"\nreaders = ["me"]\n', "a signature without"),
    ],
)
def test_a_word_where_a_list_is_wanted_is_told(
    made_up: Path, file: str, words: str, told: str
) -> None:
    (made_up / "translations" / file).write_text(words, "utf-8")
    assert any(told in fault for fault in check(made_up))


def test_a_file_in_another_encoding_is_told(made_up: Path) -> None:
    path = made_up / "translations/ru/LC_MESSAGES/messages.po"
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    assert "ru/messages.po: it cannot be read: it is not written in UTF-8" in check(made_up)


def test_a_folder_that_is_no_language_stops_nobody(made_up: Path) -> None:
    (made_up / "translations/.idea").mkdir()
    languages = Languages(made_up / "translations", made_up / "templates")
    assert ".idea" not in languages.locales()
