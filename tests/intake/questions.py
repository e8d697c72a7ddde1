"""What tests of consent by text do again and again: a caseworker has a question for the person's yes or no."""

import re
from datetime import timedelta

from sqlalchemy import insert, select

from hotline import consent, contact
from hotline.consent import Ask, Grant
from hotline.domain.report import Channel
from hotline.messages import render
from hotline.reports.tables import reports
from hotline.triage.ending import set_duress
from hotline.vault.codes import ReturnCode, parse
from hotline.worker import work_off
from referral.tables import organization
from tests.cast import Member, Texter
from tests.house import House

HARBOR = "harbor"
WORD = "Sparrow"


def said(house: House, name: str, locale: str = "en", **facts: object) -> str:
    return render(house.hotline.languages, name, Channel.SMS, locale, **facts)


def works(house: House) -> None:
    """Let the worker do what is due."""
    while work_off(house.hotline):
        pass


def agrees(texter: Texter, *, code: str = "1", word: str = WORD) -> ReturnCode | None:
    """Go through all questions, choose a code word, and take a return code where that is wanted."""
    for text in ("they keep my passport", "1", *"0000000", "1", word):
        texter.texts(text)
    found = re.search(r"[\d-]{27}", texter.texts(code))
    return parse(found[0]) if found else None


def first_report(house: House) -> str:
    with house.hotline.store.read() as session:
        return session.execute(select(reports.c.id).order_by(reports.c.messages.desc())).scalar()


def is_doubted(house: House) -> bool:
    with house.hotline.store.read() as session:
        return session.execute(
            select(reports.c.duress).where(reports.c.id == first_report(house))
        ).scalar_one()


def asks(house: House, report_id: str = "", purpose: str = "lead", **terms: object) -> str:
    """Let Noor ask, an hour later, and the worker knock; return the id of the question."""
    house.clock.passes(hours=1)
    noor, hotline, at = Member(house, "noor").keyholder(), house.hotline, house.clock()
    report_id = report_id or first_report(house)
    facts = {
        "recipient": consent.INVESTIGATORS if purpose == "lead" else HARBOR,
        "fields": ["*"] if purpose == "lead" else ["need", "contact"],
        "until": (at + timedelta(days=28)).date(),
    }

    def work(session: object) -> str:
        if purpose == "handoff":
            known = select(organization.c.id).where(organization.c.id == HARBOR)
            if session.execute(known).first() is None:
                row = {"id": HARBOR, "name": "Harbor House", "description": "x"}
                session.execute(insert(organization), row)
        asked = consent.ask(
            session,
            report_id=report_id,
            purpose=purpose,
            by=noor.staff_id,
            at=at,
            **{**facts, **terms},
        )
        contact.ask_by_text(
            session,
            noor,
            hotline.relay_public,
            languages=hotline.languages,
            house_public=hotline.log_key.public,
            report_id=report_id,
            at=at,
        )
        return asked

    asked = hotline.store.write(work)
    works(house)
    return asked


def doubts(house: House, *, is_set: bool = True) -> None:
    """Let Noor say that somebody else may hold the phone, or that this is over."""
    hotline = house.hotline
    noor = Member(house, "noor").keyholder()
    hotline.store.write(
        lambda session: set_duress(
            session,
            first_report(house),
            keyring=hotline.keyring,
            desk="main",
            is_set=is_set,
            by=noor.staff_id,
            why="He answered her phone.",
            at=house.clock(),
        )
    )


def question(house: House, ask_id: str) -> Ask:
    with house.hotline.store.read() as session:
        return consent.asking.find(session, ask_id)


def given(house: House) -> list[Grant]:
    with house.hotline.store.read() as session:
        return consent.of_report(session, first_report(house))


def words_of(house: House, grant: Grant) -> str:
    noor = Member(house, "noor").keyholder()
    with house.hotline.store.read() as session:
        return consent.open_words(session, noor, grant.id)


def says_yes(texter: Texter, word: str = WORD) -> str:
    """Answer the knock, say who they are, and say yes; return what comes back."""
    for text in ("1", word, "1"):
        texter.texts(text)
    return texter.texts(word)
