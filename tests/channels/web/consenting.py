"""What Sam is asked, and says yes to, beside the pages: by staff, or written down at once."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from hotline import consent
from hotline.leads import agencies, publish
from hotline.reports.tables import reports
from hotline.store import new_id
from referral.tables import organization
from tests.house import House
from tests.leads.desk import draft

NOOR = "a" * 32
WORDS = consent.Words("consent", "en", "May we tell them?")


def agrees(house: House, report: str, **terms: Any) -> str:
    """Write down what Sam agreed to, and return the id of the grant."""
    at = house.clock()
    said: dict[str, Any] = {
        "purpose": "lead",
        "recipient": consent.INVESTIGATORS,
        "fields": ["country", "summary"],
        "given_how": "web",
        "words": WORDS,
        "until": (at + timedelta(days=30)).date(),
        **terms,
    }
    hotline = house.hotline
    return hotline.store.write(
        lambda session: consent.record(session, hotline.keyring, at=at, report_id=report, **said)
    )


def is_asked(house: House, report: str, **terms: Any) -> str:
    """Ask Sam, and return the id of the question."""
    at = house.clock()
    said: dict[str, Any] = {
        "purpose": "lead",
        "recipient": consent.INVESTIGATORS,
        "fields": ["country", "summary"],
        "until": (at + timedelta(days=90)).date(),
        "by": NOOR,
        **terms,
    }
    return house.hotline.store.write(
        lambda session: consent.ask(session, report_id=report, at=at, **said)
    )


def lets_out(house: House, report: str) -> str:
    """Let a lead out, and return its id."""
    at = house.clock()
    return house.hotline.store.write(
        lambda session: publish.publish(session, draft(), report_id=report, by=NOOR, at=at)
    )


def tells(house: House, report: str, *, ground: str = "emergency", to: str = "ambulance") -> str:
    """Tell somebody without a yes, and return the id of the disclosure; the page does not show it yet."""
    at, hotline = house.clock(), house.hotline
    return hotline.store.write(
        lambda session: consent.tell(
            session,
            hotline.keyring,
            report_id=report,
            ground=ground,
            to=to,
            fields=["number", "place"],
            words="The ambulance of the town: where she is.",
            by=NOOR,
            at=at,
        )
    )


def admits(house: House, name: str = "National unit", country: str = "RO") -> str:
    """Admit an agency, and return its id."""
    at = house.clock()
    house.hotline.store.write(lambda session: agencies.admit(session, name, [country], at=at))
    with house.hotline.store.read() as session:
        return next(one.id for one in agencies.everyone(session) if one.name == name)


def lists(house: House, name: str) -> str:
    """Enter an organization in the directory, and return its id."""
    its: dict[str, Any] = {"id": new_id(), "name": name, "description": "Helps."}
    house.hotline.store.write(lambda session: session.execute(insert(organization).values(its)))
    return str(its["id"])


def doubts(house: House, is_set: bool = True) -> None:
    """Let staff doubt who holds the code, of every report."""
    house.hotline.store.write(
        lambda session: session.execute(update(reports).values(duress=is_set))
    )
