"""Whom it must not reach: read by a person, shown wherever something could be sent, and kept from them."""

import re

import pytest
from sqlalchemy import select

from hotline.consent import excluding
from hotline.triage import excluding as shutting
from hotline.triage.tables import alerts
from referral.shortlist import candidate
from tests.cast import Member, Texter
from tests.city import give_city
from tests.console.agreeing import GROWN, LEAD, agrees, until
from tests.house import House

WORDS = "Not the police in my town. My cousin works there."


@pytest.fixture
def report(maria: Texter, at_desk: Member) -> str:
    maria.texts(GROWN)
    return at_desk.first_report()


def said(house: House, report: str) -> str:
    """Let the person say in words whom it must not reach; return the id."""
    hotline, at = house.hotline, house.clock()
    return hotline.store.write(
        lambda session: shutting.exclude(
            session, hotline.keyring, report, kind="words", words=WORDS, at=at
        )
    )


def shut(house: House, report: str) -> list[excluding.Exclusion]:
    with house.hotline.store.read() as session:
        return excluding.of_report(session, report)


def path(report: str, rest: str = "") -> str:
    return f"/console/report/{report}/exclusions{rest}"


def test_what_the_person_said_stops_everything_until_it_is_read(
    house: House, at_desk: Member, supervisor: Member, report: str, agency: str
) -> None:
    agrees(at_desk, report)
    its_id = said(house, report)
    for address in ("", "/consent", "/lead", "/referral"):
        page = at_desk.opens(f"/console/report/{report}{address}")
        assert WORDS in page, address
        assert "Nothing leaves before you have read it" in page, address
    alerts = supervisor.opens("/console/alerts")
    assert "A person said whom it must not reach" in alerts
    assert "Whom do these words mean?" in at_desk.opens(f"/console/report/{report}/consent")
    neither = at_desk.sends(path(report, f"/{its_id}/read"), expect=422).text
    assert "Tick whom they mean" in neither
    both = {"means": f"agency {agency}", "nobody": "1"}
    at_desk.sends(path(report, f"/{its_id}/read"), expect=422, **both)
    assert shut(house, report)[0].is_unread
    at_desk.sends(path(report, f"/{its_id}/read"), means=f"agency {agency}")
    page = at_desk.opens(f"/console/report/{report}/consent")
    assert 'It means: <bdi dir="auto">National unit</bdi>' in page
    assert f'value="lead {agency}" disabled' in page
    lead = at_desk.opens(f"/console/report/{report}/lead")
    assert '<s><bdi dir="auto">National unit</bdi></s>' in lead
    # Said anew, it may also mean nobody whom we know.
    at_desk.sends(path(report, f"/{its_id}/read"), nobody="1")
    assert "It means nobody whom we could tell." in at_desk.opens(
        f"/console/report/{report}/consent"
    )
    assert "May not leave now" not in at_desk.opens(f"/console/report/{report}/lead")


def test_nobody_excluded_is_asked_about(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    at_desk.sends(path(report), reason="asked", words="", means=f"agency {agency}")
    terms = {**LEAD, "to": f"lead {agency}", "until": until(at_desk)}
    page = at_desk.sends(f"/console/report/{report}/consent/look", expect=200, **terms).text
    assert "May not be asked now" in page
    assert "It must not reach them" in page
    at_desk.sends(f"/console/report/{report}/consent/ask", expect=422, **terms)
    agrees(at_desk, report, expect=422, to=f"lead {agency}")


def test_words_that_staff_heard_are_kept_with_whom_they_mean(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    at_desk.sends(path(report), reason="asked", words=WORDS, means=["country US", ""])
    (words, country) = sorted(shut(house, report), key=lambda one: one.meant_by)
    assert country.meant_by == words.id
    assert not words.is_unread
    page = at_desk.opens(f"/console/report/{report}/lead")
    assert "every agency of United States" in page
    assert WORDS in page


def test_an_organization_that_is_excluded_falls_out_of_the_matches_with_the_reason(
    house: House, at_desk: Member, report: str
) -> None:
    give_city(house.hotline.store)
    address = f"/console/report/{report}/referral"
    page = at_desk.sends(address, expect=200, need="shelter").text
    assert "They may be told nothing yet:" in page
    service_id = re.findall(r'name="offer" value="([^"]+)"', page)[0]
    with house.hotline.store.read() as session:
        service = candidate(session, service_id)
    assert service is not None
    found = at_desk.sends(path(report), expect=200, find="1", named=service.organization[:9]).text
    value = f"organization {service.organization_id}"
    assert f'name="means" value="{value}"' in found
    at_desk.sends(path(report), reason="asked", words="", means=value)
    page = at_desk.sends(address, expect=200, need="shelter").text
    assert f'value="{service_id}"' not in page
    fallen = page.partition('id="out"')[2]
    assert "the person said that it must not reach them" in fallen
    # Whoever still has the page of before open offers it to nobody.
    late = at_desk.sends(f"{address}/offer", expect=422, offer=service_id, need="shelter").text
    assert "Not offered" in late


def test_it_is_lifted_with_a_reason(
    house: House, at_desk: Member, supervisor: Member, report: str, agency: str
) -> None:
    at_desk.sends(path(report), reason="asked", words="", means=f"agency {agency}")
    its_id = shut(house, report)[0].id
    assert "Say why first" in at_desk.sends(path(report, f"/{its_id}/lift"), expect=422).text
    at_desk.sends(path(report, f"/{its_id}/lift"), why="they asked for them now")
    assert shut(house, report) == []
    assert "they asked for them now" in supervisor.opens("/console/audit")
    # A colleague who lifts it at the same moment finds that it is done.
    supervisor.sends(path(report, f"/{its_id}/lift"), expect=404, why="me too")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"reason": "asked"}, 422),
        ({"reason": "mood", "means": "agency x"}, 400),
        ({"reason": "asked", "means": "everyone x"}, 400),
        ({"reason": "asked", "means": "agency"}, 400),
        ({"reason": "asked", "means": "agency " + "0" * 32}, 404),
        ({"reason": "asked", "means": "organization " + "0" * 32}, 404),
        ({"reason": "asked", "means": "country XX"}, 404),
    ],
)
def test_what_names_nobody_is_not_kept(
    house: House, at_desk: Member, report: str, form: dict[str, str], status: int
) -> None:
    at_desk.sends(path(report), expect=status, **form)
    assert shut(house, report) == []


def test_exclusions_of_another_report_or_desk_are_not_found(
    house: House, at_desk: Member, amina: Texter, report: str, agency: str
) -> None:
    its_id = said(house, report)
    amina.texts("He keeps my passport.")
    other = next(
        each
        for each in re.findall(r"/console/report/([0-9a-f]{32})", at_desk.opens("/console/"))
        if each != report
    )
    at_desk.sends(path(other, f"/{its_id}/read"), expect=404, nobody="1")
    at_desk.sends(path(other, f"/{its_id}/lift"), expect=404, why="because")
    tala = Member(house, "tala")
    tala.signs_in()
    tala.sends(path(report, f"/{its_id}/read"), expect=404, nobody="1")
    tala.sends(path(report), expect=404, reason="asked", words="x")
    assert [one.is_unread for one in shut(house, report)] == [True]


def kinds(house: House) -> list[str]:
    with house.hotline.store.read() as session:
        return list(session.scalars(select(alerts.c.kind)))


def test_who_lifts_it_has_a_supervisor_look_at_that(
    house: House, at_desk: Member, supervisor: Member, report: str, agency: str
) -> None:
    at_desk.sends(path(report), reason="asked", words="", means=f"agency {agency}")
    at_desk.sends(path(report, f"/{shut(house, report)[0].id}/lift"), why="they asked for them now")
    assert kinds(house) == ["exclusion_lifted"]
    page = supervisor.opens("/console/alerts")
    assert "Somebody whom it must not reach may be told again" in page
    assert "What you found" in page


def test_who_lifted_it_does_not_settle_that(
    house: House, supervisor: Member, report: str, agency: str
) -> None:
    supervisor.sends(path(report), reason="asked", words="", means=f"agency {agency}")
    supervisor.sends(path(report, f"/{shut(house, report)[0].id}/lift"), why="they asked")
    assert "This was you. Another supervisor looks at it." in supervisor.opens("/console/alerts")


def test_words_that_mean_fewer_than_before_are_looked_at(
    house: House, at_desk: Member, report: str, agency: str
) -> None:
    its_id = said(house, report)
    at_desk.sends(path(report, f"/{its_id}/read"), means=f"agency {agency}")
    at_desk.sends(path(report, f"/{its_id}/read"), means=[f"agency {agency}", "country HU"])
    assert "exclusion_lifted" not in kinds(house)
    at_desk.sends(path(report, f"/{its_id}/read"), nobody="1")
    assert "exclusion_lifted" in kinds(house)


def test_an_official_who_is_in_it_is_let_back_by_another_supervisor_alone(
    house: House, at_desk: Member, supervisor: Member, report: str, agency: str
) -> None:
    involved = {"reason": "involved", "words": "", "means": f"agency {agency}"}
    at_desk.sends(path(report), **involved)
    lift = path(report, f"/{shut(house, report)[0].id}/lift")
    assert "only a supervisor" in at_desk.sends(lift, expect=422, why="a mistake").text
    assert len(shut(house, report)) == 1
    supervisor.sends(lift, why="another station")
    supervisor.sends(path(report), **involved)
    lift = path(report, f"/{shut(house, report)[0].id}/lift")
    assert "only a supervisor" in supervisor.sends(lift, expect=422, why="a mistake").text
    in_words = {**involved, "words": "one of them drives him"}
    at_desk.sends(path(report), **in_words)
    words = next(one for one in shut(house, report) if one.kind == "words")
    at_desk.sends(path(report, f"/{words.id}/read"), expect=422, nobody="1")
