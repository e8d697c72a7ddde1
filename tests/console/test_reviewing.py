"""What was masked is explained word by word, and a word that is ordinary goes back to where people decide about it."""

import re
from collections.abc import Iterator
from enum import StrEnum
from html import unescape
from pathlib import Path

import pytest

from hotline import audit
from hotline.anonymize import Rule
from hotline.anonymize.roles import Role, RoleRule
from hotline.console.explained import GIVEABLE
from hotline.domain.report import Channel, IncomingMessage
from hotline.i18n import CONSOLE
from tests.cast import MARIA, Member, Texter
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House, found_house

WORD = "quillofeather"
SAID = f"they keep the {WORD} in a locked room and took my passport, call +1 500 555 0188"
LOOK = {"what": "1 words", "purpose": "review", "why": "is it a name?"}


@pytest.fixture
def told(maria: Texter, at_desk: Member) -> str:
    """The id of a report in which an ordinary word was masked."""
    maria.texts(SAID)
    return at_desk.first_report()


@pytest.fixture
def four_eyes(tmp_path: Path) -> Iterator[House]:
    """A house at whose desk nobody reveals alone."""
    house = found_house(tmp_path / "four", four_eyes=True)
    yield house
    house.close()


def reviews(member: Member, report: str, path: str = "", expect: int = 200, **form: object) -> str:
    answer = member.sends(f"/console/report/{report}/review{path}", expect, **{**LOOK, **form})
    return unescape(answer.text)


def placeholder_of(page: str, words: str) -> str:
    """Return what the message calls *words*, such as ``PERSON 1``, as the form of the page sends it."""
    found = re.search(
        rf'name="word" value="([A-Z_]+ \d+)"> [^<]*<span class="heard">: <bdi dir="auto">{words}<',
        page,
    )
    assert found, f"{words} cannot be given back"
    return found[1]


def gives(member: Member, report: str, words: str = WORD) -> str:
    name = placeholder_of(reviews(member, report), words)
    return reviews(member, report, "/give", word=name)


def lines(house: House) -> list[tuple[str, str]]:
    with house.hotline.store.read() as session:
        return [(line.did, line.what) for line in audit.page(session)]


def decided(house: House) -> list[str]:
    """Return what was decided about words, newest first."""
    return [did for did, _ in lines(house) if did.startswith("word_")]


def candidate_in(page: str) -> str:
    found = re.search(r'id="word-([0-9a-f]{32})"', page)
    assert found, "no word waits"
    return found[1]


def account_of(member: Member, report: str) -> str:
    page = member.opens(f"/console/report/{report}")
    return page.partition('id="account"')[2].partition("</section>")[0]


def everything_in(house: House) -> bytes:
    """Return every byte of the database as it lies on the disk."""
    return b"".join(path.read_bytes() for path in house.var.glob("hotline.db*"))


def test_a_look_is_written_down_and_tells_why_each_word_went_or_stayed(
    house: House, at_desk: Member, told: str
) -> None:
    page = reviews(at_desk, told)
    assert lines(house)[0] == ("reveal", "1 words")
    assert WORD in page
    assert "No word list of this text’s languages knows it as ordinary." in page
    assert "It has the form of a number, address or account name that leads to somebody." in page
    assert "It is an ordinary word." in page
    assert faults_in(page) == []


def test_each_masked_part_is_a_link_to_why(at_desk: Member, told: str) -> None:
    page = reviews(at_desk, told)
    links = re.findall(r'<a class="span span--masked" href="#(masked-\d+)"', page)
    assert len(links) >= 2
    for link in links:
        assert f'id="{link}"' in page


def test_the_revealed_words_lead_to_it(at_desk: Member, told: str) -> None:
    path = f"/console/report/{told}"
    assert "/review" not in at_desk.opens(path)
    shown = at_desk.sends(f"{path}/reveal", expect=200, **LOOK).text
    assert f'action="{path}/review"' in shown
    other = at_desk.sends(f"{path}/reveal", expect=200, **{**LOOK, "what": "1 sender"}).text
    assert "/review" not in other


def test_it_closes_by_itself_and_nothing_keeps_it(at_desk: Member, told: str) -> None:
    answer = at_desk.sends(f"/console/report/{told}/review", expect=200, **LOOK)
    assert answer.headers["Refresh"] == f"300; url=/console/report/{told}"
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_a_purpose_or_for_something_else_nothing_opens(
    house: House, at_desk: Member, told: str
) -> None:
    before = len(lines(house))
    assert WORD not in reviews(at_desk, told, expect=422, why="")
    reviews(at_desk, told, expect=400, what="1 sender")
    reviews(at_desk, told, expect=400, purpose="curiosity")
    reviews(at_desk, told, expect=404, what="7 words")
    assert len(lines(house)) == before


@pytest.mark.parametrize("who", ["ivo", "abel", "ada", "isa"])
def test_who_may_not_reveal_reviews_nothing(house: House, told: str, who: str) -> None:
    member = Member(house, who)
    member.signs_in()
    assert WORD not in reviews(member, told, expect=403)


def test_another_desk_finds_no_such_report(house: House, told: str) -> None:
    tala = Member(house, "tala")
    tala.signs_in()
    reviews(tala, told, expect=404)


def test_a_word_that_waits_is_in_the_clear_nowhere(
    house: House, at_desk: Member, told: str
) -> None:
    page = gives(at_desk, told)
    assert "1 word was handed over, sealed." in page
    assert "given back; a supervisor decides" in page
    assert [did for did, _ in lines(house)][:2] == ["word_given", "reveal"]
    house.hotline.store.truncate_log()
    stored = everything_in(house)
    assert len(stored) > 10_000
    assert WORD.encode() not in stored.lower()
    assert WORD not in at_desk.opens(f"/console/report/{told}")


def test_what_a_detector_found_and_what_is_no_single_word_cannot_be_given_back(
    house: House, at_desk: Member, maria: Texter
) -> None:
    maria.texts(
        "Call +1 500 555 0188 or write to zelda@quill.example. My name is Zelda Quillfeather, it was 12 March"
    )
    report = at_desk.first_report()
    page = reviews(at_desk, report)
    assert 'name="word"' not in page
    for name in set(
        re.findall(r'value="1 ([A-Z_]+ \d+)"', at_desk.opens(f"/console/report/{report}"))
    ):
        reviews(at_desk, report, "/give", expect=400, word=name)
    reviews(at_desk, report, "/give", expect=400, word="PERSON 99")
    assert "word_given" not in {did for did, _ in lines(house)}


def test_rules_about_the_words_around_or_a_form_give_nothing_back() -> None:
    assert {Rule.FORM, Rule.NUMBER, Rule.DATE, Rule.INTRODUCED, Rule.BESIDE} & GIVEABLE == set()


def test_a_supervisor_sees_the_word_and_never_the_report(
    at_desk: Member, supervisor: Member, told: str
) -> None:
    gives(at_desk, told)
    page = supervisor.opens("/console/given")
    waiting = page.partition('<ol class="alerts"')[2].partition("</ol>")[0]
    assert WORD in waiting
    assert "English" in waiting
    assert "1 person" in waiting
    # Rosa is the pseudonym of Noor.
    assert "Rosa" in waiting
    assert "Noor" not in waiting
    assert told not in page
    assert faults_in(page) == []


def test_an_accepted_word_stays_in_the_next_account(
    at_desk: Member, supervisor: Member, told: str, amina: Texter
) -> None:
    assert WORD not in account_of(at_desk, told)
    gives(at_desk, told)
    waits = candidate_in(supervisor.opens("/console/given"))
    amina.texts(SAID)
    (before,) = _others(at_desk, told)
    assert WORD not in account_of(at_desk, before)
    supervisor.sends(f"/console/given/{waits}/keep")
    amina.texts(f"they keep the {WORD} in a locked room")
    assert WORD in account_of(at_desk, before)
    page = supervisor.opens("/console/given")
    assert "No word waits" in page
    assert WORD in page
    # What came in before stays as it was, and the review says that the lists have changed.
    assert WORD not in account_of(at_desk, told)
    review = reviews(at_desk, told)
    assert "The word lists have changed since this message came in." in review
    assert "It was given back, and a supervisor of this house accepted it." in review


def _others(member: Member, report: str) -> set[str]:
    found = set(re.findall(r"/console/report/([0-9a-f]{32})", member.opens("/console/")))
    return found - {report}


def test_a_refused_word_goes_on_being_masked(
    house: House, at_desk: Member, supervisor: Member, told: str, maria: Texter
) -> None:
    gives(at_desk, told)
    supervisor.sends(f"/console/given/{candidate_in(supervisor.opens('/console/given'))}/refuse")
    assert "No word waits" in supervisor.opens("/console/given")
    maria.texts(SAID)
    assert WORD not in account_of(at_desk, told)
    assert decided(house)[0] == "word_refused"


def test_who_gave_a_word_does_not_decide_about_it(supervisor: Member, told: str) -> None:
    gives(supervisor, told)
    page = supervisor.opens("/console/given")
    assert "You gave this one back. Another supervisor decides about it." in page
    waits = candidate_in(page)
    assert f"/console/given/{waits}/keep" not in page
    supervisor.sends(f"/console/given/{waits}/keep", expect=403)
    supervisor.sends(f"/console/given/{waits}/refuse", expect=403)
    assert WORD in supervisor.opens("/console/given")


def test_what_people_are_called_is_accepted_in_two_steps(
    at_desk: Member, supervisor: Member, maria: Texter
) -> None:
    maria.texts("they keep the quispe in a locked room")
    gives(at_desk, at_desk.first_report(), "quispe")
    page = supervisor.opens("/console/given")
    assert "People bear this as a name" in page
    waits = candidate_in(page)
    asked = supervisor.sends(f"/console/given/{waits}/keep", expect=422).text
    assert "Accept it all the same" in asked
    assert faults_in(asked) == []
    supervisor.sends(f"/console/given/{waits}/keep", sure="1")
    assert "Mask it again" in supervisor.opens("/console/given")


def test_a_word_that_was_accepted_can_be_masked_again(
    house: House, at_desk: Member, supervisor: Member, told: str, amina: Texter
) -> None:
    gives(at_desk, told)
    supervisor.sends(f"/console/given/{candidate_in(supervisor.opens('/console/given'))}/keep")
    supervisor.sends("/console/given/out", language="en", word=WORD)
    amina.texts(f"they keep the {WORD} in a locked room")
    assert WORD not in account_of(at_desk, _others(at_desk, told).pop())
    assert decided(house)[0] == "word_taken_out"
    supervisor.sends("/console/given/out", expect=404, language="en", word=WORD)


def test_a_message_that_was_sealed_whole_has_nothing_to_review(
    house: House, at_desk: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = IncomingMessage(channel=Channel.WEB, text="he locks the door", locale="en")

    def fails(*_: object, **__: object) -> None:
        raise ValueError

    # No input makes the anonymizer fail, so it is made to.
    monkeypatch.setattr("hotline.intake.receive.read_words", _reading_with(fails))
    report = house.hotline.reception.receive(message, at=house.clock()).report_id
    shown = at_desk.sends(f"/console/report/{report}/reveal", expect=200, **LOOK).text
    assert "he locks the door" in shown
    assert "/review" not in shown
    before = len(lines(house))
    reviews(at_desk, report, expect=404)
    assert len(lines(house)) == before


def _reading_with(fails: object):
    from hotline.intake.understanding import read_words

    return lambda message, *, redact: read_words(message, redact=fails)


@pytest.mark.parametrize(
    ("macro", "codes"), [("rule", Rule), ("role", Role), ("because", RoleRule)]
)
def test_every_rule_and_role_has_words_of_its_own_in_every_language(
    house: House, macro: str, codes: type[StrEnum]
) -> None:
    languages = house.hotline.languages
    assert {"en", "es", "fr", "ar", "ru"} <= set(languages.complete(CONSOLE))
    in_english: set[str] = set()
    for locale in languages.complete(CONSOLE):
        words = languages.environment(locale, CONSOLE).get_template("console/review/words.html")
        told = {str(getattr(words.module, macro)(code.value)).strip() for code in codes}
        assert len(told) == len(codes), locale
        assert not {code.value for code in codes} & told, locale
        assert not in_english & told, locale
        in_english |= told if locale == "en" else set()


def test_a_part_is_proposed_with_the_words_that_decided_and_only_a_person_accepts_it(
    house: House, at_desk: Member, maria: Texter
) -> None:
    maria.texts("My boss Ramon Quispe took my passport and he locks the door")
    report = at_desk.first_report()
    page = reviews(at_desk, report)
    assert "Proposed part: alleged to do harm." in page
    assert "It stands with a word for who is in charge:" in page
    assert "accepted by" not in page
    (offered,) = re.findall(r'name="role" value="(PERSON \d+ suspect)"', page)
    page = reviews(at_desk, report, "/role", role=offered)
    assert "accepted by" in page
    assert offered not in page
    assert lines(house)[0] == ("role_accepted", f"1 {offered.removesuffix(' suspect')}")
    # Once more leaves one row; what was never proposed is refused.
    reviews(at_desk, report, "/role", role=offered)
    for role in (offered.replace("suspect", "victim"), "PERSON 9 suspect", "suspect", ""):
        reviews(at_desk, report, "/role", expect=400, role=role)
    assert faults_in(page) == []


def test_who_may_not_reveal_accepts_no_part(house: House, told: str) -> None:
    ivo = Member(house, "ivo")
    ivo.signs_in()
    reviews(ivo, told, "/role", expect=403, role="PERSON 1 suspect")


@pytest.mark.parametrize(
    "locale",
    ["ar", *(pytest.param(one, marks=pytest.mark.exhaustive) for one in ("en", "es", "fr", "ru"))],
)
def test_both_pages_speak_the_language_of_the_reader(
    at_desk: Member, supervisor: Member, told: str, locale: str
) -> None:
    for member in (at_desk, supervisor):
        member.client.get(f"/console/?lang={locale}", base_url=ORIGIN)
    gives(at_desk, told)
    direction = "rtl" if locale == "ar" else "ltr"
    for page in (reviews(at_desk, told), supervisor.opens("/console/given")):
        assert f'<html lang="{locale}" dir="{direction}">' in page
        assert faults_in(page) == []


def test_at_a_desk_with_four_eyes_a_colleague_is_asked_first(four_eyes: House) -> None:
    noor, ines = Member(four_eyes, "noor"), Member(four_eyes, "ines")
    noor.signs_in()
    ines.signs_in()
    Texter(four_eyes, MARIA).texts(SAID)
    report = noor.first_report()
    answer = noor.sends(f"/console/report/{report}/review", expect=303, **LOOK)
    assert answer.headers["Location"].endswith("#identity")
    waits = re.search(r"/approvals/([0-9a-f]{32})/approve", ines.opens("/console/approvals"))
    assert waits
    ines.approves(waits[1])
    page = reviews(noor, report, request=waits[1])
    assert WORD in page
    name = placeholder_of(page, WORD)
    given = noor.sends(
        f"/console/report/{report}/review/give", expect=200, request=waits[1], word=name
    )
    assert "1 word was handed over" in given.text


def test_on_postgresql_it_is_the_same(tmp_path: Path, postgres_url: str) -> None:
    house = found_house(tmp_path / "postgresql", database_url=postgres_url)
    noor, ines = Member(house, "noor"), Member(house, "ines")
    noor.signs_in()
    ines.signs_in()
    Texter(house, MARIA).texts(SAID)
    report = noor.first_report()
    name = placeholder_of(reviews(noor, report), WORD)
    assert "1 word was handed over" in reviews(noor, report, "/give", word=name)
    # A second click leaves no second row.
    assert "handed over" not in reviews(noor, report, "/give", word=name)
    assert [did for did, _ in lines(house)].count("word_given") == 1
    page = ines.opens("/console/given")
    assert page.count(f'<h2><bdi dir="auto">{WORD}<') == 1
    ines.sends(f"/console/given/{candidate_in(page)}/keep")
    Texter(house, MARIA).texts(SAID)
    assert WORD in account_of(noor, report)
    ines.sends("/console/given/out", language="en", word=WORD)
    house.close()
