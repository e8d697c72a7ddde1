"""Ines keeps the directory of services, Noor reads it and says what she checked; nothing typed is lost."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from hotline import audit
from referral.load import SAMPLE_CITY, load_package
from referral.tables import TABLES, brought, phone, service
from referral.withheld import withheld
from tests.cast import Member
from tests.house import House

ROOT = "/console/directory"


@pytest.fixture
def city(house: House) -> House:
    """The house with the directory of the fictional city."""
    house.hotline.store.write(lambda session: load_package(session, SAMPLE_CITY))
    return house


def named(house: House, name: str) -> str:
    """Return the id of the service of that name."""
    with house.hotline.store.read() as session:
        return session.scalar(select(service.c.id).where(service.c.name == name).limit(1))


def test_every_page_opens(city: House, supervisor: Member) -> None:
    for view in ("services", "organizations", "locations", "stale"):
        assert "Directory of services" in supervisor.opens(f"{ROOT}?view={view}")
    key = named(city, "Town clinic")
    page = supervisor.opens(f"{ROOT}/service/{key}")
    for address in set(re.findall(rf'href="({ROOT}/[^"]*)"', page)):
        assert supervisor.opens(unescape(address))
