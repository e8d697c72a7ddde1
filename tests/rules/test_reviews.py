"""People are answered in languages that somebody has read, as far as the house asks for; a changed sentence is read anew."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.i18n import CONSOLE, PHRASES, REPORTER, VOICE, Languages
from hotline.reviews import NOBODY, Doubt, Reader, Signatures, State, read_reviews, version_of

ROOT = Path(__file__).parents[2]
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
SAFETY = "#. safety. a promise that takes\n#. two lines.\n#: web/how.html\n"


@dataclass
class Shelf:
    """Translations of one's own: a promise and a button on the web, a sentence of a call, a phrase."""

    folder: Path
    signed: Signatures = NOBODY
    review: dict[str, str] = field(default_factory=dict)

    def writes(self, locale: str, promise: str = "Never.", button: str = "Go") -> None:
        for domain, said in (
            (REPORTER, (promise, button)),
            (VOICE, ("Hello.",)),
            (PHRASES, ("Safe?",)),
            (CONSOLE, ("Desk",)),
        ):
            path = self.folder / locale.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            ids = {REPORTER: ("We tell nobody.", "Go"), VOICE: ("Hi.",), PHRASES: ("Safe?",)}
            english = ids.get(domain, ("Desk",))
            path.write_text(HEAD + "".join(map(_entry, english, said)), "utf-8")
            template = [
                (SAFETY if one in ("We tell nobody.", "Hi.") else "") + _entry(one, "")
                for one in english
            ]
            (self.folder / f"{domain}.pot").write_text(HEAD + "".join(template), "utf-8")

    def says(self, locale: str, state: str, **more: str) -> None:
        lines = "".join(f"{name} = {value}\n" for name, value in more.items())
        self.review[locale] = f'[{locale}]\nstate = "{state}"\n{lines}'
        (self.folder / "REVIEW.toml").write_text("\n".join(self.review.values()), "utf-8")

    def offers(self, least: State, *only: str) -> tuple[str, ...]:
        return self.languages(least, *only).offered

    def languages(self, least: State = State.REVIEWED, *only: str) -> Languages:
        return Languages(self.folder, least=least, only=only, signed=lambda: self.signed)

    def version(self, locale: str) -> str:
        return version_of(self.languages().safety(locale))


def _entry(sentence: str, said: str) -> str:
    return f'msgid "{sentence}"\nmsgstr "{said}"\n\n'


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path)
    for locale in ("es", "fr", "so"):
        shelf.writes(locale)
    shelf.says("es", "drafted")
    shelf.says("fr", "cross-checked")
    return shelf


def test_each_state_reaches_those_before_it() -> None:
    reached = [[one.reaches(least) for least in State] for one in State]
    assert reached == [[True, False, False], [True, True, False], [True, True, True]]


def test_only_what_was_read_far_enough_is_offered_and_locales_narrows_it(shelf: Shelf) -> None:
    assert shelf.offers(State.DRAFTED) == ("en", "es", "fr", "so")
    assert shelf.offers(State.CROSS_CHECKED) == ("en", "fr")
    assert shelf.offers(State.REVIEWED) == ("en",)
    assert shelf.offers(State.CROSS_CHECKED, "es", "so") == ("en",)
    assert shelf.offers(State.DRAFTED, "es") == ("en", "es")
    # Staff and services can ask what is meant: their pages need only be whole.
    house = shelf.languages(State.REVIEWED)
    assert house.complete(CONSOLE) == house.whole(VOICE) == ("en", "es", "fr", "so")
    assert house.complete(VOICE) == house.complete(PHRASES) == ("en",)
    assert house.best(["fr"]) is None


def test_a_signature_of_this_house_counts_until_a_sentence_changes(shelf: Shelf) -> None:
    shelf.signed = Signatures(frozenset({("es", shelf.version("es"))}))
    assert shelf.offers(State.REVIEWED) == ("en", "es")
    # What is no promise and no warning may change,
    shelf.writes("es", button="Ir")
    assert shelf.offers(State.REVIEWED) == ("en", "es")
    # a promise may not: the language falls back to what the file says.
    shelf.writes("es", promise="Jamás.")
    assert shelf.offers(State.REVIEWED) == ("en",)
    assert shelf.languages().state("es") is State.DRAFTED


def test_it_takes_effect_while_the_service_runs(shelf: Shelf) -> None:
    house = shelf.languages()
    assert house.offered == ("en",)
    shelf.signed = Signatures(frozenset({("so", shelf.version("so"))}))
    assert house.offered == house.complete(VOICE) == ("en", "so")
    shelf.signed = NOBODY
    assert house.offered == ("en",)


def test_a_reader_in_the_file_counts_for_their_version_alone(shelf: Shelf) -> None:
    reader = '[{{ name = "Ana", on = 2026-11-26, version = "{}" }}]'
    shelf.says("es", "reviewed", readers=reader.format(shelf.version("es")))
    assert shelf.offers(State.REVIEWED) == ("en", "es")
    shelf.says("es", "reviewed", readers=reader.format("0" * 32))
    assert shelf.languages().state("es") is State.CROSS_CHECKED
    # The word alone is no reader, and a reader is none where the state does not say so.
    shelf.says("es", "reviewed")
    assert shelf.languages().state("es") is State.CROSS_CHECKED
    shelf.says("es", "drafted", readers=reader.format(shelf.version("es")))
    assert shelf.languages().state("es") is State.DRAFTED


def test_a_sentence_that_is_marked_as_wrong_outweighs_every_signature(shelf: Shelf) -> None:
    signed = frozenset({("fr", shelf.version("fr"))})
    sentence = shelf.languages().safety("fr")[0]
    shelf.signed = Signatures(signed, frozenset({("fr", sentence.id)}))
    assert shelf.offers(State.REVIEWED) == ("en",)
    assert shelf.languages().state("fr") is State.CROSS_CHECKED
    # The mark is of the sentence as it was, and of one language.
    shelf.signed = Signatures(signed, frozenset({("fr", "0" * 32), ("es", sentence.id)}))
    assert shelf.offers(State.REVIEWED) == ("en", "fr")


def test_there_is_nothing_to_sign_where_a_promise_is_not_translated(shelf: Shelf) -> None:
    shelf.writes("es", promise="")
    assert shelf.version("es") == ""
    shelf.signed = Signatures(frozenset({("es", "")}))
    assert shelf.languages().state("es") is State.DRAFTED


def test_what_is_read_is_every_safety_sentence_of_all_that_people_meet(shelf: Shelf) -> None:
    read = shelf.languages().safety("es")
    assert [(one.domain, one.english, one.said) for one in read] == [
        (REPORTER, "We tell nobody.", ("Never.",)),
        (VOICE, "Hi.", ("Hello.",)),
    ]
    assert read[0].comment == "a promise that takes two lines."
    assert read[0].places == ("web/how.html",)


def test_the_file_is_read_and_what_is_no_review_is_named(shelf: Shelf) -> None:
    shelf.says(
        "es",
        "cross-checked",
        doubts='[{ sentence = "Go", why = "short" }]',
        readers='[{ name = "Ana", on = 2026-11-26, version = "v" }]',
    )
    its = read_reviews(shelf.folder)["es"]
    assert its.doubts == (Doubt("Go", "short"),)
    assert its.readers == (Reader("Ana", date(2026, 11, 26), "v"),)
    for state, more in (
        ("read", {}),
        ("drafted", {"held_back": "true"}),
        ("drafted", {"doubts": '[{ sentence = "Go" }]'}),
        ("reviewed", {"readers": '[{ name = "Ana", on = "today", version = "v" }]'}),
    ):
        shelf.says("es", state, **more)
        with pytest.raises(Misconfigured, match="es"):
            read_reviews(shelf.folder)
    (shelf.folder / "REVIEW.toml").write_text("[es")
    with pytest.raises(Misconfigured, match="TOML"):
        read_reviews(shelf.folder)


def test_production_offers_what_is_reviewed_unless_its_operator_says_otherwise(
    tmp_path: Path,
) -> None:
    env = {
        "PUBLIC_URL": "https://line.example",
        "DATABASE_URL": "sqlite:///x.db",
        "KEYS_DIR": str(tmp_path),
    }
    assert Config.from_env(env).offer_locales is State.REVIEWED
    assert Config("https://line.example", "sqlite:///x.db", tmp_path).offer_locales is (
        State.REVIEWED
    )
    chosen = Config.from_env({**env, "OFFER_LOCALES": "cross-checked"})
    assert chosen.offer_locales is State.CROSS_CHECKED
    with pytest.raises(Misconfigured, match="OFFER_LOCALES is none of drafted, cross-checked"):
        Config.from_env({**env, "OFFER_LOCALES": "all"})


def test_our_own_file_speaks_of_every_language_and_of_no_other() -> None:
    folder = ROOT / "translations"
    known = set(Languages(folder).locales()) - {"en"}
    assert set(read_reviews(folder)) == known
    assert len(Languages(folder).safety("es")) > 300
