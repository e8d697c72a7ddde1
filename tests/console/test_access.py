"""A restricted report is there for those who are named for it, and for nobody else."""

import pytest
from sqlalchemy import select

from hotline.domain.report import reference
from hotline.errors import NotFound
from hotline.reports import reports
from hotline.triage import access
from hotline.triage.access import (
    NobodyNamed,
    hidden_from,
    lift,
    named_for,
    require_seen,
    restrict,
    seen_by,
)
from hotline.triage.alerts import Kind, raise_alert
from hotline.triage.languages import languages_of, readers, speak
from hotline.worker import WORK
from tests.cast import Member, Texter
from tests.house import ORIGIN, House


def ids(house: House) -> dict[str, str]:
    return {member.username: member.id for member in house.hotline.keyring.members}


def restricts(house: House, report: str, by: str, *to: str) -> None:
    staff = ids(house)
    house.hotline.store.write(
        lambda session: restrict(
            session,
            report,
            keyring=house.hotline.keyring,
            desk="main",
            by=staff[by],
            to=[staff[name] for name in to],
            at=house.clock(),
        )
    )


def sees(house: House, report: str, who: str) -> bool:
    staff_id = ids(house)[who]
    with house.hotline.store.read() as session:
        listed = session.execute(select(reports.c.id).where(seen_by(staff_id))).scalars().all()
        is_hidden = report in session.execute(hidden_from(staff_id)).scalars().all()
        try:
            require_seen(session, report, desk="main", staff_id=staff_id)
        except NotFound:
            assert report not in listed
            assert is_hidden
            return False
        assert report in listed
        assert not is_hidden
        return True


def test_only_who_is_named_sees_it_until_that_is_lifted(house: House, report: str) -> None:
    assert sees(house, report, "omar")
    restricts(house, report, "ines", "ines", "noor")
    assert sees(house, report, "ines")
    assert sees(house, report, "noor")
    assert not sees(house, report, "omar")
    # Who does not see it neither names anybody nor lifts it.
    with pytest.raises(NotFound):
        restricts(house, report, "omar", "omar")
    staff = ids(house)
    with pytest.raises(NotFound):
        house.hotline.store.write(
            lambda session: lift(session, report, desk="main", by=staff["omar"], at=house.clock())
        )
    house.hotline.store.write(
        lambda session: lift(session, report, desk="main", by=staff["noor"], at=house.clock())
    )
    assert sees(house, report, "omar")
    with house.hotline.store.read() as session:
        assert named_for(session, report) == ()


@pytest.mark.parametrize("to", [(), ("noor",), ("ines", "tala"), ("ines", "ada")])
def test_whoever_restricts_stays_among_the_named_who_all_work_there(
    house: House, report: str, to: tuple[str, ...]
) -> None:
    with pytest.raises(NobodyNamed):
        restricts(house, report, "ines", *to)
    assert sees(house, report, "omar")


def test_what_staff_read_is_what_they_said_last(house: House) -> None:
    staff = ids(house)
    for name, languages in (
        ("noor", ("ti", "ar")),
        ("omar", ("ar", "not a code")),
        ("noor", ("ar", "am")),
    ):
        house.hotline.store.write(
            lambda session, name=name, languages=languages: speak(
                session, staff[name], "main", languages
            )
        )
    with house.hotline.store.read() as session:
        assert languages_of(session, staff["noor"]) == ("am", "ar")
        assert readers(session, "main") == {
            "am": (staff["noor"],),
            "ar": tuple(sorted((staff["noor"], staff["omar"]))),
        }


@pytest.fixture
def secret(house: House, report: str, supervisor: Member) -> str:
    """María's report, which Ines and Noor alone may see."""
    staff = ids(house)
    supervisor.sends(f"/console/report/{report}/restrict", to=[staff["ines"], staff["noor"]])
    return report


def test_for_everyone_else_it_is_not_there(
    house: House, secret: str, supervisor: Member, at_desk: Member
) -> None:
    omar = Member(house, "omar")
    omar.signs_in()
    for who, is_shown in ((supervisor, True), (at_desk, True), (omar, False)):
        answer = who.client.get(f"/console/report/{secret}", base_url=ORIGIN)
        assert (answer.status_code == 200) == is_shown
        assert answer.status_code in (200, 404)
    page = supervisor.opens(f"/console/report/{secret}")
    assert "Only these people see this report" in page
    # What he may not see he cannot do anything to, in the words that a report has which never was.
    never = omar.client.post(f"/console/report/{'0' * 32}/claim", base_url=ORIGIN)
    tried = omar.client.post(f"/console/report/{secret}/claim", base_url=ORIGIN)
    assert (tried.status_code, tried.text) == (never.status_code, never.text)


def test_no_list_of_a_supervisor_who_is_not_named_shows_it(
    house: House, report: str, supervisor: Member
) -> None:
    hotline, staff = house.hotline, ids(house)
    hotline.store.write(
        lambda session: raise_alert(
            session, desk="main", kind=Kind.ERASURE_ASKED, at=house.clock(), report_id=report
        )
    )
    for path in ("/console/alerts", "/console/audit"):
        assert reference(report) in supervisor.opens(path) or report in supervisor.opens(path), path
    # Another supervisor restricted it: as the rooms below know it, Ines is not among the named.
    hotline.store.write(
        lambda session: restrict(
            session,
            report,
            keyring=hotline.keyring,
            desk="main",
            by=staff["noor"],
            to=[staff["noor"]],
            at=house.clock(),
        )
    )
    for path in (
        "/console/alerts",
        "/console/audit",
        "/console/retention",
        "/console/legal",
        "/console/duties",
    ):
        page = supervisor.opens(path)
        assert reference(report) not in page, path
        assert report not in page, path
    assert '<span class="count">0</span>' in supervisor.opens("/console/alerts")
    assert "0 open alerts" in supervisor.opens("/console/workload")
    # Nobody who oversees the desk is named: the sweep lets its supervisors see it again.
    WORK["sweep"](hotline, "")
    assert "Only these people see this report" in supervisor.opens(f"/console/report/{report}")
    assert "as nobody else could" in supervisor.opens("/console/audit")


def test_of_very_many_restricted_ones_those_are_found_that_nobody_could_lift(
    house: House, report: str, amina: Texter, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina.texts("They keep my wages")
    with house.hotline.store.read() as session:
        first, second = sorted(session.execute(select(reports.c.id)).scalars())
    restricts(house, first, "ines", "ines")
    restricts(house, second, "noor", "noor")
    monkeypatch.setattr(access, "_MOST", 1)
    WORK["sweep"](house.hotline, "")
    assert sees(house, second, "ines")
    assert not sees(house, first, "noor")


def test_whoever_is_not_named_holds_it_no_more(
    house: House, report: str, supervisor: Member, at_desk: Member
) -> None:
    omar = Member(house, "omar")
    omar.signs_in()
    omar.sends(f"/console/report/{report}/claim")
    staff = ids(house)
    supervisor.sends(f"/console/report/{report}/restrict", to=[staff["ines"], staff["noor"]])
    at_desk.sends(f"/console/report/{report}/claim")
    assert "Yours for" in at_desk.opens(f"/console/report/{report}")


def test_who_restricts_names_themselves_and_keeps_what_was_chosen(
    house: House, report: str, supervisor: Member, at_desk: Member
) -> None:
    staff = ids(house)
    path = f"/console/report/{report}/restrict"
    assert "yourself among them" in supervisor.sends(path, expect=422, to=[staff["noor"]]).text
    assert "yourself among them" in supervisor.sends(path, expect=422).text
    at_desk.sends(path, expect=403, to=[staff["noor"]])
    supervisor.sends(path, to=[staff["ines"]])
    assert at_desk.client.get(f"/console/report/{report}", base_url=ORIGIN).status_code == 404
    supervisor.sends(f"{path}/lift")
    assert at_desk.opens(f"/console/report/{report}")
