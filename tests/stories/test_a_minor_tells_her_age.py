"""Amina is fifteen and texts the line. Before anybody asks how old she is, she reads that the house must tell child
protection of someone under 18; she answers all the same. The law of the place, signed by counsel, starts a clock. Noor
takes the report up, Ines is called, again when half of the time is over, reads a draft that names nobody, telephones
the agency and writes down what she said; nothing is erased meanwhile. Then Amina is told in an answer what was said to
whom, and her own page shows it from that day on."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hotline import consent
from hotline.retention import duties
from hotline.retention.holds import is_held
from hotline.worker import WORK
from tests.cast import AMINA, Member, Texter
from tests.house import House, found_house
from tests.law.files import jurisdiction_file
from tests.retention.rows import only_report

SAID = "My name is Amina Haddad. They lock the kitchen at night and keep our papers."
MUST = "If someone under 18 is in this, we must tell child protection."


@pytest.fixture
def irish(tmp_path: Path) -> Iterator[House]:
    house = found_house(
        tmp_path / "house",
        adjust=lambda config: replace(
            config, jurisdictions=jurisdiction_file(tmp_path / "law"), jurisdiction="IE"
        ),
    )
    yield house
    house.close()


def test_a_minor_tells_her_age_after_having_been_told_what_follows(irish: House) -> None:
    # Amina texts what happens. It does not say how old she is, and nothing begins.
    amina, store = Texter(irish, AMINA), irish.hotline.store
    amina.texts(SAID)
    report_id = only_report(store)
    WORK["sweep"](irish.hotline, "")
    assert owed(irish, report_id) == ()

    # She is asked one thing after the other; what a yes leads to she reads before she is asked for it,
    question = until_asked(amina)
    assert question.index(MUST) < question.index("Anyone under 18?") < question.index("1 yes")
    assert owed(irish, report_id) == ()
    # and she says yes.
    amina.texts("1")

    # Noor takes the report up: the duty opens, with its clock.
    noor = Member(irish, "noor")
    noor.signs_in()
    noor.sends(f"/console/report/{report_id}/claim")
    (duty,) = owed(irish, report_id)
    assert (duty.jurisdiction, duty.rule) == ("IE", "children_first")
    assert "Under 18 said" in noor.opens(f"/console/report/{report_id}")

    # From now on nothing of it is erased before the duty is settled.
    with store.read() as session:
        assert is_held(session, report_id, at=irish.clock())

    # Ines is called, and again a day later, when half of the time has passed.
    irish.clock.passes(hours=25)
    WORK["sweep"](irish.hotline, "")
    assert owed(irish, report_id)[0].calls == 2
    ines = Member(irish, "ines")
    ines.signs_in()
    assert "The law makes us tell of a report with a child in it" in ines.opens("/console/alerts")
    assert "The Child and Family Agency" in ines.opens("/console/duties")

    # Her draft holds what Amina said and chose, and neither her name nor her number.
    page = f"/console/report/{report_id}/duty/{duty.id}"
    draft = ines.opens(page).partition('id="draft"')[2]
    assert "lock the kitchen at night" in draft
    assert "Someone under 18" in draft
    assert "Haddad" not in draft
    assert AMINA not in draft

    # She tells the agency, and writes down whom and what.
    ines.sends(
        page,
        step="made",
        to="child_protection",
        fields=["age_band", "account"],
        words="Social worker on duty, by telephone, and the form: fifteen, locked in at night.",
    )
    assert "The law makes us tell" not in ines.opens("/console/alerts")
    with store.read() as session:
        assert not is_held(session, report_id, at=irish.clock())
        (told,) = consent.telling.of_report(session, report_id)
    assert (told.ground, told.to, told.shown_day) == ("law", "child_protection", "")

    # Amina does not know yet, and that stays a task
    assert "the person does not know yet" in ines.opens("/console/duties")
    # until somebody has told her, in an answer.
    noor.signs_in()
    noor.sends(
        f"/console/report/{report_id}/reply",
        words="We told child protection that you are locked in at night. Not your name.",
    )
    ines.sends(page, step="told", words="in our answer of today")
    assert "the person does not know yet" not in ines.opens("/console/duties")
    with store.read() as session:
        (told,) = consent.telling.of_report(session, report_id)
    assert told.shown_day == "2026-03-03"


def owed(house: House, report_id: str) -> tuple[duties.Owed, ...]:
    with house.hotline.store.read() as session:
        return duties.of_report(session, report_id)


def until_asked(amina: Texter) -> str:
    """Answer what is asked before the question of age; return the text that asks it."""
    for key in ("1", "1", "1", "1", "1"):
        answer = amina.texts(key)
        if re.search(r"under 18", answer):
            return answer
    raise AssertionError("nobody asked")
