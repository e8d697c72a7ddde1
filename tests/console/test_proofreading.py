"""A native speaker reads what a language promises, signs it or says what is wrong; then people are answered in it, or not."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.factory import create_app
from hotline.i18n import Languages
from hotline.proofreading.marking import marks_of
from hotline.proofreading.signed import Signed
from hotline.reviews import State
from hotline.triage.languages import speak
from hotline.vault.tables import desk_words
from hotline.worker import WORK
from tests.cast import Member
from tests.console.test_charts import tables
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House
from tests.rules.test_reviews import Shelf

LIST = "/console/languages"
SPANISH = f"{LIST}/es"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "shelf"
    folder.mkdir()
    shelf = Shelf(folder)
    shelf.writes("es")
    shelf.writes("ar", promise="أبدا.")
    shelf.says("es", "cross-checked", doubts='[{ sentence = "We tell nobody.", why = "stiff" }]')
    (folder / "es" / "back.toml").write_text('"Never." = "Not ever."\n')
    return shelf


@pytest.fixture
def opens_anew(house: House, shelf: Shelf) -> Callable[[], House]:
    """Start the house again over what stands on the shelf now: production, which offers what is reviewed."""

    def start() -> House:
        signed = Signed(house.hotline.store)
        languages = Languages(shelf.folder, least=State.REVIEWED, signed=signed)
        config = replace(house.hotline.config, offer_locales=State.REVIEWED)
        hotline = replace(house.hotline, config=config, languages=languages, signed=signed)
        again = replace(house, hotline=hotline)
        again.__dict__["app"] = create_app(hotline)
        return again

    return start


@pytest.fixture
def production(opens_anew: Callable[[], House]) -> House:
    return opens_anew()


def at_desk(house: House, username: str, *languages: str) -> Member:
    """Sign somebody in who reads *languages*."""
    member = Member(house, username)
    me = member.keyholder()
    house.hotline.store.write(lambda session: speak(session, me.staff_id, me.desk, languages))
    return member


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', page)
    return found[1] if found else ""


def offered(house: House) -> tuple[str, ...]:
    return house.hotline.languages.offered


def signs(member: Member, expect: int = 303) -> str:
    version = version_on(member.opens(SPANISH))
    return member.sends(f"{SPANISH}/sign", expect=expect, version=version, read="1").text


def sentence_on(page: str) -> str:
    return re.findall(r'<tr role="row" id="s-(\w{32})"', page)[0]


def test_who_reads_it_signs_and_people_are_answered_in_it_at_once(production: House) -> None:
    noor = at_desk(production, "noor", "es")
    page = noor.opens(SPANISH)
    assert faults_in(page) == []
    # Each promise stands beside its translation and what another reader understood; what is doubted comes first.
    assert '<p lang="es" dir="ltr"><bdi>Never.</bdi></p>' in page
    assert page.index("Doubt:") < page.index(">On the web<", page.index('id="doubts"'))
    for words in ("We tell nobody.", "Not ever.", "stiff", "not read back yet", "cross-checked"):
        assert words in page
    assert ("Go" in page, "Hi." in page) == (True, True)
    assert offered(production) == ("en",)

    # Not without saying that all was read, and not for anything else than what stood there.
    sent = noor.sends(f"{SPANISH}/sign", expect=422, version=version_on(page))
    assert "Say that you have read them." in sent.text
    noor.sends(f"{SPANISH}/sign", expect=409, version="0" * 32, read="1")
    noor.sends(f"{SPANISH}/sign", expect=409, read="1")
    assert offered(production) == ("en",)

    signs(noor)
    assert offered(production) == ("en", "es")
    page = noor.opens(SPANISH)
    assert 'readers = [\n  { name = "…", on = 2026-03-02, version = "' in page
    assert "Noor</bdi> signed on" in page
    assert version_on(page) == ""
    # A second reader may sign, too; both stand there, and in the log.
    ines = at_desk(production, "ines", "es")
    signs(ines)
    row = tables(ines.opens(LIST))["Languages, and where each is offered"]
    spanish = next(one for one in row if one[0].startswith("Spanish"))
    assert "reviewed" in spanish[4]
    assert "signed by 2 native speakers" in spanish[4]
    enzo = Member(production, "enzo")
    enzo.signs_in()
    assert enzo.opens("/console/audit").count("signed the sentences of a language") == 2


def test_a_signature_is_taken_back_by_who_gave_it_or_who_runs_the_house(
    production: House,
) -> None:
    noor, omar = at_desk(production, "noor", "es"), at_desk(production, "omar", "es")
    whose = noor.keyholder().staff_id
    signs(noor)
    omar.sends(f"{SPANISH}/withdraw", expect=403, whose=whose)
    omar.sends(f"{SPANISH}/withdraw", expect=404, whose=omar.keyholder().staff_id)
    assert offered(production) == ("en", "es")
    noor.sends(f"{SPANISH}/withdraw", whose=whose)
    assert offered(production) == ("en",)
    signs(noor)
    ada = at_desk(production, "ada")
    ada.sends(f"{SPANISH}/withdraw", whose=whose)
    assert offered(production) == ("en",)


def test_a_changed_sentence_is_read_anew(
    production: House, shelf: Shelf, opens_anew: Callable[[], House]
) -> None:
    signs(at_desk(production, "noor", "es"))
    shelf.writes("es", promise="Jamás.")
    later = opens_anew()
    assert offered(later) == ("en",)
    noor = at_desk(later, "noor", "es")
    assert "counts no more: sentences have changed since" in noor.opens(SPANISH)
    assert "signature lapsed" in noor.opens(LIST)
    signs(noor)
    assert offered(later) == ("en", "es")


def test_a_sentence_that_is_wrong_blocks_until_it_is_mended(
    production: House, shelf: Shelf, opens_anew: Callable[[], House]
) -> None:
    noor, ines = at_desk(production, "noor", "es"), at_desk(production, "ines", "es")
    signs(noor)
    sentence = sentence_on(ines.opens(SPANISH))
    its = f"{SPANISH}/{sentence}"
    page = ines.opens(its)
    assert faults_in(page) == []
    assert "a promise that takes two lines." in page
    ines.sends(f"{its}/wrong", expect=422, words=" ")
    ines.sends(f"{its}/wrong", words="It should say: a nadie")
    # What was signed counts no more, and nobody can sign over it.
    assert offered(production) == ("en",)
    assert version_on(noor.opens(SPANISH)) == ""
    noor.sends(f"{SPANISH}/sign", expect=409, version=shelf.version("es"), read="1")
    assert "a sentence is marked as wrong" in noor.opens(LIST)
    # The desk reads what it should say; the database does not, nor who runs the house.
    assert "It should say: a nadie" in noor.opens(its)
    ada, ivo = at_desk(production, "ada"), at_desk(production, "ivo", "es")
    for other in (ada, ivo):
        assert "It should say" not in other.opens(its)
        assert "sealed for their desk" in other.opens(its)
    store = production.hotline.store
    assert "nadie" not in Path(store.url.removeprefix("sqlite:///")).read_bytes().decode("latin-1")
    # Who marked it takes it back, or who runs the house; then the signature counts again.
    mark = re.findall(r'name="mark" value="(\w{32})"', ines.opens(its))[0]
    noor.sends(f"{its}/right", expect=403, mark=mark)
    ada.sends(f"{its}/right", expect=404, mark="0" * 32)
    ada.sends(f"{its}/right", mark=mark)
    assert offered(production) == ("en", "es")
    # A mark ends with the sentence.
    ines.sends(f"{its}/wrong", words="It should say: a nadie")
    shelf.writes("es", promise="A nadie.")
    later = opens_anew()
    noor = at_desk(later, "noor", "es")
    assert noor.client.get(its, base_url=ORIGIN).status_code == 404
    signs(noor)
    assert offered(later) == ("en", "es")
    # Its words go with the sweep.
    with later.hotline.store.read() as session:
        assert len(marks_of(session, "es")) == 1
    WORK["sweep"](later.hotline, "")
    with later.hotline.store.read() as session:
        assert marks_of(session, "es") == ()
        assert session.execute(select(func.count()).select_from(desk_words)).scalar_one() == 0


def test_only_who_reads_it_signs_or_marks(production: House) -> None:
    shown = version_on(at_desk(production, "noor", "es").opens(SPANISH))
    for member in (at_desk(production, "omar", "fr"), at_desk(production, "ada")):
        page = member.opens(SPANISH)
        assert version_on(page) == ""
        its = f"{SPANISH}/{sentence_on(page)}"
        assert 'name="words"' not in member.opens(its)
        member.sends(f"{SPANISH}/sign", expect=403, version=shown, read="1")
        member.sends(f"{its}/wrong", expect=403, words="no")
    # An interpreter who reads it may; other sites may ask for nothing.
    ivo = at_desk(production, "ivo", "es")
    away = {"Sec-Fetch-Site": "cross-site"}
    form = {"version": shown, "read": "1"}
    sent = ivo.client.post(f"{SPANISH}/sign", data=form, base_url=ORIGIN, headers=away)
    assert sent.status_code == 403
    assert offered(production) == ("en",)
    signs(ivo)
    assert offered(production) == ("en", "es")
    for path in (f"{LIST}/en", f"{LIST}/xx", f"{SPANISH}/{'0' * 32}"):
        assert ivo.client.get(path, base_url=ORIGIN).status_code == 404


def test_another_process_sees_it_within_a_minute(production: House) -> None:
    ticks = [0.0]
    elsewhere = Signed(production.hotline.store, ticks=lambda: ticks[0])
    assert not elsewhere().signed
    signs(at_desk(production, "noor", "es"))
    ticks[0] = 59
    assert not elsewhere().signed
    ticks[0] = 61
    assert {locale for locale, _ in elsewhere().signed} == {"es"}


def test_a_translation_stands_in_its_own_direction(production: House) -> None:
    noor = at_desk(production, "noor", "ar")
    page = noor.opens(f"{LIST}/ar")
    assert '<p lang="ar" dir="rtl"><bdi>أبدا.</bdi></p>' in page
    assert '<p lang="en" dir="ltr"><bdi>We tell nobody.</bdi></p>' in page
