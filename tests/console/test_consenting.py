"""A person is asked in exact words, a yes on paper is written down with them, and each may be taken back."""

import re
from datetime import timedelta
from typing import Any

import pytest

from hotline import consent
from hotline.consent import GivenHow, Words, asking, granting
from hotline.worker import work_off
from referral.organizations import organizations
from tests.cast import Member, Texter
from tests.city import give_city
from tests.console.agreeing import GROWN, LEAD, WRITTEN, agrees, until
from tests.console.test_markup import faults_in
from tests.house import House


@pytest.fixture
def report(maria: Texter, at_desk: Member) -> str:
    maria.texts(GROWN)
    return at_desk.first_report()


@pytest.fixture
def harbor(house: House) -> tuple[str, str]:
    """An organization of the directory: its id and its name."""
    give_city(house.hotline.store)
    with house.hotline.store.read() as session:
        return organizations(session)[0]


@pytest.fixture
def other(amina: Texter, at_desk: Member, report: str) -> str:
    """Another report of the desk."""
    amina.texts("He keeps my passport.")
    found = re.findall(r"/console/report/([0-9a-f]{32})", at_desk.opens("/console/"))
    return next(each for each in found if each != report)


def given(house: House, report: str) -> list[consent.Grant]:
    with house.hotline.store.read() as session:
        return granting.of_report(session, report)


def asked(house: House, report: str) -> list[consent.Ask]:
    with house.hotline.store.read() as session:
        return asking.of_report(session, report)


def path(report: str, rest: str = "") -> str:
    return f"/console/report/{report}/consent{rest}"


def test_nothing_is_chosen_beforehand_but_a_month(at_desk: Member, report: str) -> None:
    page = at_desk.opens(path(report))
    form = page.partition('id="terms"')[2].partition("</form>")[0]
    assert 'name="fields" value="lead country"' in form
    assert 'name="fields" value="handoff name"' in form
    assert " checked" not in form
    assert f'value="{until(at_desk, 30)}"' in form


def test_the_exact_words_are_shown_in_their_language_and_in_ours(
    house: House, maria: Texter, at_desk: Member, report: str, agency: str
) -> None:
    terms = {**LEAD, "to": f"lead {agency}", "until": until(at_desk)}
    page = at_desk.sends(path(report, "/look"), expect=200, **terms).text
    assert "National unit" in page.partition('id="put"')[2]
    assert "Ask the person" in page
    spanish = at_desk.sends(path(report, "/look") + "?lang=es", expect=200, **terms).text
    words = spanish.partition('id="put"')[2]
    assert "May we tell" in words
    assert 'lang="en"' in words
    assert words.count("<details") >= 2


def test_who_is_asked_has_a_question_that_waits_and_can_be_taken_back(
    house: House, at_desk: Member, report: str
) -> None:
    terms = {**LEAD, "fields": ["lead country", "handoff name"], "until": until(at_desk)}
    at_desk.sends(path(report, "/ask"), **terms)
    (one,) = asked(house, report)
    assert one.fields == ("country",)
    assert one.by == house.staff["noor"].member_id
    page = at_desk.opens(path(report))
    assert "waits for an answer" in page
    # A second click, or a colleague at the same moment, asks nothing twice.
    again = at_desk.sends(path(report, "/ask"), expect=422, **terms).text
    assert "A question waits for an answer." in again
    at_desk.sends(path(report, f"/ask/{one.id}/withdraw"))
    at_desk.sends(path(report, f"/ask/{one.id}/withdraw"))
    assert asked(house, report)[0].state == "withdrawn"
    assert "question taken back" in at_desk.opens(path(report))


def test_a_text_asks_first_whether_now_is_a_good_time(
    house: House, at_desk: Member, report: str
) -> None:
    at_desk.sends(path(report, "/ask"), **{**LEAD, "until": until(at_desk)})
    work_off(house.hotline)
    texts = str(house.carrier.sent)
    assert texts != "[]"
    assert "investigators" not in texts


def test_asked_too_often_says_from_when_again(house: House, at_desk: Member, report: str) -> None:
    terms = {**LEAD, "until": until(at_desk)}
    at_desk.sends(path(report, "/ask"), **terms)
    at_desk.sends(path(report, f"/ask/{asked(house, report)[0].id}/withdraw"))
    page = at_desk.sends(path(report, "/look"), expect=200, **terms).text
    assert "May not be asked now" in page
    assert "was asked about them often enough" in page
    assert re.search(r"Again from \d+ \w+ \d{4}\.", page)
    assert 'consent/ask"' not in page
    at_desk.sends(path(report, "/ask"), expect=422, **terms)


def test_a_handoff_may_be_asked_for_any_organization_of_the_directory(
    house: House, at_desk: Member, report: str, harbor: tuple[str, str]
) -> None:
    its_id, name = harbor
    found = at_desk.sends(path(report, "/look"), expect=200, find="1", named=name[:8]).text
    assert f'value="handoff {its_id}"' in found
    none = at_desk.sends(path(report, "/look"), expect=200, find="1", named="zzzz").text
    assert "The directory has none of that name." in none
    terms = {"to": f"handoff {its_id}", "fields": ["handoff need", "lead country"]}
    page = at_desk.sends(path(report, "/look"), expect=200, until=until(at_desk), **terms).text
    assert name in page.partition('id="put"')[2]
    at_desk.sends(path(report, "/ask"), until=until(at_desk), **terms)
    (one,) = asked(house, report)
    assert (one.purpose, one.recipient, one.fields) == ("handoff", its_id, ("need",))


def test_a_yes_on_paper_is_kept_with_its_exact_words(
    house: House, at_desk: Member, report: str
) -> None:
    agrees(at_desk, report, put="pasted", words="I agree that the unit\nis told of the house.")
    (one,) = given(house, report)
    assert (
        one.words_version == Words("", "en", "I agree that the unit\nis told of the house.").version
    )
    page = at_desk.opens(path(report))
    assert "I agree that the unit\nis told of the house." in page
    assert "written down by" in page
    agrees(at_desk, report)
    newest = next(each for each in given(house, report) if not each.ended_day)
    assert newest.words_name == "consent"
    assert len(given(house, report)) == 2
    assert "May we tell investigators what happened?" in at_desk.opens(path(report))


MISSING: list[tuple[dict[str, Any], str]] = [
    ({"put": "pasted", "words": "  "}, "Say in which words the person was asked"),
    ({"put": ""}, "Say in which words the person was asked"),
    (
        {"put": "pasted", "words": "Я согласна.", "words_locale": "ru"},
        "The person chose another language.",
    ),
    ({"words_locale": "xx"}, "Say in which words the person was asked"),
    ({"given_how": "call"}, "Spoken consent needs a second member of staff"),
    ({"until": "2020-01-01"}, "Its last day is past."),
    ({"until": "2030-01-01"}, "It lasts too long"),
    ({"fields": []}, "Say what may be told."),
    ({"to": ""}, "Say who may be told."),
]


def test_what_is_missing_is_said_and_nothing_is_written_down(
    house: House, at_desk: Member, report: str
) -> None:
    for more, said in MISSING:
        page = agrees(at_desk, report, expect=422, **more)
        assert said in page
        assert given(house, report) == []


def test_everything_that_is_missing_is_said_at_once(at_desk: Member, report: str) -> None:
    page = agrees(at_desk, report, expect=422, put="", given_how="call", until="2030-01-01")
    for said in ("Say in which words", "needs a second member of staff", "It lasts too long"):
        assert said in page
    assert 'aria-describedby="words-fault-1"' in page
    assert 'aria-describedby="witness-fault-1"' in page


def test_spoken_consent_needs_somebody_else_who_heard_it(
    house: House, at_desk: Member, report: str
) -> None:
    noor, ines = (house.staff[name].member_id for name in ("noor", "ines"))
    spoken = {"given_how": "call", "until": until(at_desk, 7)}
    page = agrees(at_desk, report, expect=422, witness=noor, **spoken)
    assert "must be somebody else" in page
    agrees(at_desk, report, witness=ines, **spoken)
    assert given(house, report)[0].witness == ines


@pytest.mark.parametrize(
    "form", [{"to": "fun investigators"}, {"until": "soon"}, {"given_how": "dream"}]
)
def test_what_no_page_of_ours_sends_is_refused(
    house: House, at_desk: Member, report: str, form: dict[str, str]
) -> None:
    agrees(at_desk, report, expect=400, **form)
    assert given(house, report) == []


def test_a_yes_and_a_question_of_another_report_are_not_found(
    house: House, at_desk: Member, report: str, other: str
) -> None:
    agrees(at_desk, report)
    at_desk.sends(path(report, "/ask"), **{**LEAD, "to": "lead nobody", "until": until(at_desk)})
    its_grant, its_ask = given(house, report)[0].id, asked(house, report)[0].id
    at_desk.sends(path(other, f"/{its_grant}/revoke"), expect=404)
    at_desk.sends(path(other, f"/ask/{its_ask}/withdraw"), expect=404)
    at_desk.sends(path(report, f"/{'0' * 32}/revoke"), expect=404)
    assert given(house, report)[0].revoked_day == ""
    assert asked(house, report)[0].state == "asked"


def test_another_desk_reads_and_changes_nothing(house: House, at_desk: Member, report: str) -> None:
    agrees(at_desk, report)
    its_id = given(house, report)[0].id
    tala = Member(house, "tala")
    tala.signs_in()
    for rest in ("", "/look", "/ask", f"/{its_id}/revoke"):
        tala.sends(path(report, rest), expect=404, **{**LEAD, **WRITTEN, "until": until(tala)})
    assert given(house, report)[0].revoked_day == ""


def test_two_take_it_back_at_once(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    agrees(at_desk, report)
    its_id = given(house, report)[0].id
    for member in (at_desk, supervisor):
        member.sends(path(report, f"/{its_id}/revoke"))
    assert given(house, report)[0].revoked_day
    assert "taken back" in at_desk.opens(path(report))


def test_a_yes_says_when_it_must_be_asked_again_and_when_it_has_ended(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    agrees(at_desk, report)
    house.clock.passes(seconds=timedelta(days=31).total_seconds())
    at_desk.signs_in()
    assert "30 days old: ask again before it is used" in at_desk.opens(path(report))
    assert "agreed more than 30 days ago" in at_desk.opens(f"/console/report/{report}/lead")
    house.clock.passes(seconds=timedelta(days=40).total_seconds())
    at_desk.signs_in()
    assert '<span class="state">ended</span>' in at_desk.opens(path(report))
    assert "has ended. Ask again." in at_desk.opens(f"/console/report/{report}/lead")


def test_under_duress_nothing_is_asked_or_written_down_and_the_page_says_so(
    house: House, at_desk: Member, report: str
) -> None:
    agrees(at_desk, report)
    its_id = given(house, report)[0].id
    at_desk.sends(f"/console/report/{report}/duress", duress="on", why="another voice")
    store, at = house.hotline.store, house.clock()
    store.write(lambda session: consent.revoke(session, its_id, at=at))
    assert given(house, report)[0].revoked_day == ""
    for address in (f"/console/report/{report}", path(report), f"/console/report/{report}/lead"):
        page = at_desk.opens(address)
        assert "Somebody else may be answering" in page
        assert "1 yes was taken back meanwhile" in page
    assert "taken back while in doubt" in at_desk.opens(path(report))
    terms = {**LEAD, "until": until(at_desk)}
    page = at_desk.sends(path(report, "/look"), expect=200, **terms).text
    assert "May not be asked now" in page
    at_desk.sends(path(report, "/ask"), expect=422, **terms)
    agrees(at_desk, report, expect=422)
    # Once it is over, what was taken back meanwhile is taken back for good.
    at_desk.sends(f"/console/report/{report}/duress", duress="off", why="we talked")
    assert given(house, report)[0].revoked_day
    assert "Somebody else may be answering" not in at_desk.opens(f"/console/report/{report}")


def test_what_the_person_answers_is_shown(house: House, at_desk: Member, report: str) -> None:
    at_desk.sends(path(report, "/ask"), **{**LEAD, "until": until(at_desk)})
    (one,) = asked(house, report)
    hotline, at = house.hotline, house.clock()
    hotline.store.write(
        lambda session: consent.answer(
            session,
            hotline.keyring,
            one.id,
            report_id=report,
            yes=True,
            words=Words("consent", "en", "May we tell them?"),
            how=GivenHow.WEB,
            at=at,
        )
    )
    page = at_desk.opens(path(report))
    assert "May we tell them?" in page
    assert "on the web page" in page


@pytest.mark.parametrize("how", ["web", "sms", "voice"])
def test_staff_write_down_only_what_was_said_on_paper_or_in_a_call(
    house: House, at_desk: Member, report: str, how: str
) -> None:
    page = agrees(at_desk, report, expect=422, given_how=how, witness=house.staff["ines"].member_id)
    assert "Only the person says yes on their page" in page
    assert f'<option value="{how}"' not in page
    assert given(house, report) == []


@pytest.mark.parametrize("who", ["zzz", "0" * 32, "tala"])
def test_who_heard_it_works_at_this_desk(
    house: House, at_desk: Member, report: str, who: str
) -> None:
    witness = house.staff[who].member_id if who in house.staff else who
    page = agrees(
        at_desk, report, expect=422, given_how="call", until=until(at_desk, 7), witness=witness
    )
    assert "must be one of this desk" in page
    assert given(house, report) == []


def test_an_emergency_counts_only_where_number_and_place_were_opened(
    house: House, at_desk: Member, report: str
) -> None:
    spoken = {"given_how": "call", "until": until(at_desk, 2), "emergency": "1"}
    assert "this counts as no emergency" in agrees(at_desk, report, expect=422, **spoken)
    at_desk.sends(f"/console/report/{report}/emergency", expect=200, why="he has a knife")
    agrees(at_desk, report, **spoken)
    house.clock.passes(hours=24 * 4)
    at_desk.signs_in()
    later = {**spoken, "until": until(at_desk, 2)}
    assert "this counts as no emergency" in agrees(at_desk, report, expect=422, **later)


def test_after_a_no_a_yes_on_paper_needs_somebody_who_was_there(
    house: House, at_desk: Member, report: str
) -> None:
    at_desk.sends(path(report, "/ask"), **{**LEAD, "until": until(at_desk)})
    its_id, store, at = asked(house, report)[0].id, house.hotline.store, house.clock()
    store.write(
        lambda session: consent.answer(
            session,
            house.hotline.keyring,
            its_id,
            report_id=report,
            yes=False,
            words=Words("consent", "en", "May we?"),
            how=consent.GivenHow.SMS,
            at=at,
        )
    )
    page = agrees(at_desk, report, expect=422)
    assert "said no less than 30 days ago" in page
    assert given(house, report) == []
    agrees(at_desk, report, witness=house.staff["ines"].member_id)
    assert given(house, report)[0].witness == house.staff["ines"].member_id


def test_one_question_waits_at_a_time_and_few_are_put_in_a_month(
    house: House, at_desk: Member, report: str
) -> None:
    put = 0
    for number in range(8):
        whom = {**LEAD, "to": f"lead agency-{number}", "until": until(at_desk)}
        at_desk.sends(path(report, "/ask"), expect=303 if number < 6 else 422, **whom)
        put += number < 6
        if number == 0:
            page = at_desk.sends(
                path(report, "/ask"), expect=422, **{**whom, "to": "lead other"}
            ).text
            assert "A question waits for an answer." in page
        if number < 6:
            waiting = next(one for one in asked(house, report) if one.state == "asked")
            at_desk.sends(path(report, f"/ask/{waiting.id}/withdraw"))
    assert len(asked(house, report)) == put == 6


def test_the_report_leads_to_consent_and_says_how_it_stands(
    house: House, at_desk: Member, maria: Texter
) -> None:
    maria.texts(GROWN)
    report = at_desk.first_report()

    def says() -> str:
        page = at_desk.opens(f"/console/report/{report}")
        link = page.partition(f'href="/console/report/{report}/consent">')[2].partition("</a>")[0]
        return " ".join(re.sub("<[^>]+>", " ", link).split())

    assert says() == "Consent no yes"
    at_desk.sends(f"/console/report/{report}/consent/ask", **LEAD, until=until(at_desk))
    assert says() == "Consent asked"
    agrees(at_desk, report)
    assert says() == "Consent yes"
    with house.hotline.store.read() as session:
        (given,) = consent.of_report(session, report)
        (asked,) = consent.pending(session, report, at=house.clock())
    at_desk.sends(f"/console/report/{report}/consent/ask/{asked.id}/withdraw")
    at_desk.sends(f"/console/report/{report}/consent/{given.id}/revoke")
    assert says() == "Consent taken back"


def test_what_hindered_it_stands_on_top_in_the_title_and_under_the_focus(
    at_desk: Member, report: str
) -> None:
    page = at_desk.sends(f"/console/report/{report}/consent/look", expect=422).text
    assert "<title>Nothing was done · Consent</title>" in page
    top = page.partition('<section class="fault" tabindex="-1" autofocus')[2]
    top = top.partition("</section>")[0]
    assert "Say who may be told." in top
    assert 'href="#terms"' in top
    assert faults_in(page) == []
    means = at_desk.sends(
        f"/console/report/{report}/exclusions", expect=422, reason="asked", words=""
    ).text
    assert 'href="#excluded"' in means.partition("autofocus")[2].partition("</section>")[0]
    assert "<title>Consent</title>" in at_desk.opens(f"/console/report/{report}/consent")
