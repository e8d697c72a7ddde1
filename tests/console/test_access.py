"""A restricted report is there for those who are named for it, and for nobody else."""

import pytest
from sqlalchemy import select

from hotline.errors import NotFound
from hotline.reports import reports
from hotline.triage.access import (
    NobodyNamed,
    hidden_from,
    lift,
    named_for,
    require_seen,
    restrict,
    seen_by,
)
from hotline.triage.languages import languages_of, readers, speak
from tests.house import House


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
