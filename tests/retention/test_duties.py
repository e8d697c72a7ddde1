"""What a law in force makes us tell: it opens by itself, calls, is settled in words, and the person hears of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hotline import audit, consent
from hotline.errors import Conflict, NotFound
from hotline.law import Law
from hotline.reports.tables import reports
from hotline.retention import ErasureHeld, duties
from hotline.retention.duties import State
from hotline.retention.holds import WordsMissing, is_held
from hotline.triage import duties as calls
from hotline.triage.alerts import GoesByItself, Kind, open_alerts, settle
from hotline.worker import WORK
from tests.cast import MARIA, Texter
from tests.contact.conftest import signs_in
from tests.house import House, found_house
from tests.law.files import jurisdiction_file
from tests.retention.rows import only_report

TOLD = "Tusla, duty social worker, by its form: her age and what she said"


class Desk:
    """A house in Ireland whose counsel has read the file, with a report of a child in it."""

    def __init__(self, house: House) -> None:
        self.house = house
        Texter(house, MARIA).texts("I am 15. He took my passport and locks the door at night.")
        self.report_id = only_report(house.hotline.store)
        self.is_minor = self.read(
            lambda session: session.execute(select(reports.c.minor)).scalar_one()
        )
        self.ines = signs_in(house, "ines")

    @property
    def law(self) -> Law:
        return self.house.hotline.law

    def write(self, act):
        return self.house.hotline.store.write(act)

    def read(self, act):
        with self.house.hotline.store.read() as session:
            return act(session)

    def sweeps(self) -> None:
        WORK["sweep"](self.house.hotline, "")

    def owed(self) -> tuple[duties.Owed, ...]:
        return self.read(lambda session: duties.of_report(session, self.report_id))

    def alerts(self) -> list[str]:
        found = self.read(lambda session: open_alerts(session, "main"))
        return [one.kind for one in found if one.kind == Kind.DUTY_DUE]

    def settles(self, act, **facts):
        owed = self.owed()[0]
        its = {"keyring": self.house.hotline.keyring, "desk": "main", "by": self.ines.staff_id}
        its |= {"at": self.house.clock(), "words": TOLD, **facts}
        return self.write(lambda session: act(session, owed.id, **its))

    def made(self, **facts):
        return self.settles(
            duties.made, **{"to": "child_protection", "fields": ["age_band", "account"], **facts}
        )


def desk_with(tmp_path: Path, *changes: tuple[str, str], **settings) -> Desk:
    folder = jurisdiction_file(tmp_path / "law", *changes)
    settings = {"jurisdictions": folder, "jurisdiction": "IE", **settings}
    return Desk(found_house(tmp_path / "house", adjust=lambda c: replace(c, **settings)))


@pytest.fixture
def desk(tmp_path):
    desk = desk_with(tmp_path)
    yield desk
    desk.house.close()


def test_a_child_in_a_report_opens_the_duty_and_calls_a_supervisor(desk):
    assert desk.is_minor
    assert desk.owed() == ()
    desk.sweeps()
    (owed,) = desk.owed()
    assert (owed.jurisdiction, owed.rule, owed.state) == ("IE", "children_first", State.DUE)
    assert owed.due_at - owed.opened_at == timedelta(hours=48)
    assert owed.opened_at == desk.house.clock().replace(minute=0, second=0, microsecond=0)
    assert desk.alerts() == ["duty_due"]


def test_a_second_sweep_opens_nothing_twice(desk):
    for _ in range(3):
        desk.sweeps()
    assert len(desk.owed()) == 1
    assert len(desk.alerts()) == 1


def test_no_child_no_duty(desk):
    desk.write(lambda session: session.execute(update(reports).values(minor=False)))
    desk.sweeps()
    assert desk.owed() == ()


@pytest.mark.parametrize(
    "counsel",
    [
        ('name = "Aoife Byrne, solicitor"', 'name = ""'),
        ('date = "2026-01-15"', 'date = ""'),
        ('date = "2026-01-15"', 'date = "2026-03-03"'),
    ],
)
def test_a_rule_that_counsel_did_not_sign_opens_nothing(tmp_path, counsel):
    desk = desk_with(tmp_path, counsel)
    desk.sweeps()
    assert desk.owed() == ()
    assert desk.alerts() == []


def test_another_country_s_rule_is_only_for_reports_from_there(tmp_path):
    desk = desk_with(tmp_path, jurisdiction="US")
    desk.sweeps()
    assert desk.owed() == ()
    desk.write(lambda session: session.execute(update(reports).values(country="IE")))
    desk.sweeps()
    assert [owed.jurisdiction for owed in desk.owed()] == ["IE"]


def test_it_calls_again_at_half_of_the_time_and_when_it_is_over(desk):
    desk.sweeps()
    seen = []
    for _ in range(8):
        desk.house.clock.passes(hours=8)
        desk.sweeps()
        seen.append((desk.owed()[0].calls, len(desk.alerts())))
    assert seen == [(1, 1), (1, 1), (2, 1), (2, 1), (2, 1), (3, 1), (3, 1), (3, 1)]
    assert desk.owed()[0].is_over(desk.house.clock())


def test_at_once_rings_again_within_the_hour(tmp_path):
    desk = desk_with(tmp_path, ("within = 48", 'within = "at once"'))
    desk.sweeps()
    desk.house.clock.passes(hours=1)
    desk.sweeps()
    assert desk.owed()[0].calls == 3


def test_nobody_settles_the_alert_in_place_of_the_duty(desk):
    desk.sweeps()
    alert = desk.read(lambda session: open_alerts(session, "main"))
    its = next(one for one in alert if one.kind == Kind.DUTY_DUE)
    with pytest.raises(GoesByItself):
        desk.write(
            lambda session: settle(
                session,
                its.id,
                keyring=desk.house.hotline.keyring,
                desk="main",
                by=desk.ines.staff_id,
                remark="seen",
                at=desk.house.clock(),
            )
        )


def test_what_was_told_stands_among_what_was_told_without_a_yes(desk):
    desk.sweeps()
    desk.made()
    (told,) = desk.read(lambda session: consent.telling.of_report(session, desk.report_id))
    assert (told.ground, told.to, set(told.fields)) == (
        "law", "child_protection", {"age_band", "account"},
    )  # fmt: skip
    assert told.shown_day == ""
    words = desk.read(lambda session: consent.telling.open_words(session, desk.ines, told.id))
    assert words[1] == TOLD
    (owed,) = desk.owed()
    assert (owed.state, owed.by, owed.disclosure_id) == (State.MADE, desk.ines.staff_id, told.id)
    assert owed.is_to_tell


def test_the_words_are_sealed(desk):
    desk.sweeps()
    desk.made()
    assert b"Tusla" not in (desk.house.var / "hotline.db").read_bytes()
    lines = desk.read(lambda session: audit.of_report(session, desk.report_id))
    made = next(line for line in lines if line.did == "duty_made")
    assert "Tusla" not in made.what


def test_the_person_is_to_be_told_until_they_were(desk):
    desk.sweeps()
    desk.made()
    waits = desk.read(lambda session: duties.untold(session, "main"))
    assert [owed.report_id for owed in waits] == [desk.report_id]
    desk.settles(duties.tell_person, words="in an answer, on a day that she chose")
    assert desk.read(lambda session: duties.untold(session, "main")) == ()
    assert desk.owed()[0].told_day == "2026-03-02"
    (told,) = desk.read(lambda session: consent.telling.of_report(session, desk.report_id))
    assert told.shown_day == "2026-03-02"
    with pytest.raises(Conflict):
        desk.settles(duties.tell_person)


def test_a_duty_may_not_be_needed_and_then_nobody_has_to_be_told(desk):
    desk.sweeps()
    desk.settles(duties.not_needed, words="she turned eighteen in January")
    (owed,) = desk.owed()
    assert owed.state is State.NOT_NEEDED
    assert not owed.is_to_tell
    assert desk.read(lambda session: consent.telling.of_report(session, desk.report_id)) == []
    with pytest.raises(Conflict):
        desk.made()
    desk.sweeps()
    assert len(desk.owed()) == 1


@pytest.mark.parametrize("act", [duties.not_needed, duties.tell_person])
def test_nothing_is_settled_without_words(desk, act):
    desk.sweeps()
    with pytest.raises(WordsMissing):
        desk.settles(act, words=" \n ")
    with pytest.raises(WordsMissing):
        desk.made(words="")


def test_nothing_is_told_that_never_leaves(desk):
    desk.sweeps()
    with pytest.raises(consent.ConsentRefused):
        desk.made(fields=["account", "immigration_status"])
    with pytest.raises(consent.ConsentRefused):
        desk.made(fields=[])
    assert desk.owed()[0].is_open


def test_the_person_is_not_told_of_what_was_not_made(desk):
    desk.sweeps()
    with pytest.raises(Conflict):
        desk.settles(duties.tell_person)


def test_two_who_settle_it_at_once_settle_it_once(desk):
    desk.sweeps()
    desk.made()
    with pytest.raises(Conflict):
        desk.settles(duties.not_needed)
    assert len(desk.read(lambda session: consent.telling.of_report(session, desk.report_id))) == 1


def test_another_desk_has_no_such_duty(desk):
    desk.sweeps()
    with pytest.raises(NotFound):
        desk.settles(duties.not_needed, desk="north")
    assert desk.read(lambda session: duties.open_duties(session, "north")) == ()


def test_while_a_duty_is_open_nothing_of_its_report_is_erased(desk):
    desk.sweeps()
    at, eraser = desk.house.clock(), desk.house.hotline.sweeper.eraser
    assert desk.read(lambda session: is_held(session, desk.report_id, at=at))
    with pytest.raises(ErasureHeld):
        eraser.erase(desk.report_id, by="reporter", at=at)
    desk.settles(duties.not_needed)
    assert not desk.read(lambda session: is_held(session, desk.report_id, at=at))
    eraser.erase(desk.report_id, by="reporter", at=at)
    assert desk.owed() == ()


def test_a_caseworker_may_say_that_a_child_is_in_it(desk):
    desk.write(lambda session: session.execute(update(reports).values(minor=False)))
    noor = desk.house.staff["noor"].member_id
    for _ in range(2):
        desk.write(
            lambda session: calls.mark_child(
                session,
                desk.report_id,
                keyring=desk.house.hotline.keyring,
                law=desk.law,
                desk="main",
                by=noor,
                at=desk.house.clock(),
            )
        )
    assert len(desk.owed()) == 1
    lines = desk.read(lambda session: audit.of_report(session, desk.report_id))
    assert [line.did for line in lines].count("minor") == 1


def test_the_page_of_open_duties_goes_on_where_it_ended(desk):
    desk.sweeps()
    first = desk.owed()[0]
    page = desk.read(lambda session: duties.open_duties(session, "main", limit=1))
    assert [owed.id for owed in page] == [first.id]
    assert desk.read(lambda session: duties.open_duties(session, "main", after=first.id)) == ()
