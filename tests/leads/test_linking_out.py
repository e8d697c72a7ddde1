"""Agencies are told which of their leads share something, and two that compare notes cannot join more than that."""

from typing import Any

import pytest
from flask import Flask

from hotline.errors import Malformed, NotFound
from hotline.leads import linking_out, rescoping
from hotline.leads.stix import stix_id_of
from tests.leads.desk import NOOR, Desk, Reader
from tests.leads.test_stix import assert_valid


def publishes(desk: Desk, **changes: Any) -> str:
    """Let a lead out that tells a plate of the alleged."""
    return desk.publishes(**{"plates": ("CT77ZZQ",), **changes})


def links(desk: Desk, *lead_ids: str) -> str:
    return desk.store.write(
        lambda session: linking_out.link_leads(session, lead_ids, by=NOOR, at=desk.at)
    )


def groups(app: Flask, dele: Reader) -> list[list[str]]:
    """Return what each grouping that stands refers to."""
    found = dele.reads(app, **{"match[type]": "grouping"})
    return [one["object_refs"] for one in found if not one.get("revoked")]


def refs(*lead_ids: str) -> list[str]:
    return [stix_id_of(lead_id) for lead_id in lead_ids]


def test_each_agency_is_told_of_its_own_leads_alone_under_its_own_id(
    desk: Desk, app: Flask
) -> None:
    dele, other = desk.admits("National unit", "RO"), desk.admits("Both", "RO", "BG")
    third = desk.admits("Elsewhere", "BG")
    first, second = publishes(desk), publishes(desk)
    abroad = publishes(desk, country="BG")
    entity_id = links(desk, first, second, abroad)
    assert groups(app, dele) == [refs(first, second)]
    assert groups(app, other) == [refs(first, second, abroad)]
    assert groups(app, third) == []
    ids = [
        one["id"]
        for reader in (dele, other)
        for one in reader.reads(app, **{"match[type]": "grouping"})
    ]
    assert len(set(ids)) == 2
    told = str([*dele.reads(app), *other.reads(app)])
    assert entity_id not in told.replace("-", "")
    assert_valid(other.reads(app))


def test_what_no_plate_number_account_or_page_tells_is_said_of_no_lead(
    desk: Desk, app: Flask
) -> None:
    dele = desk.admits("National unit", "RO")
    report = desk.report(bystander=True)
    first, second, third = publishes(desk, report_id=report), publishes(desk), publishes(desk)
    with pytest.raises(NotFound):
        links(desk, first, publishes(desk, plates=()))
    links(desk, first, second, third)
    # A newer version that tells none leaves the group, which is revised for the others.
    (before,) = dele.reads(app, **{"match[type]": "grouping"})
    publishes(desk, report_id=report, replaces=first, plates=())
    (after,) = dele.reads(app, **{"match[type]": "grouping"})
    assert after["object_refs"] == refs(second, third)
    assert (after["id"], after["created"]) == (before["id"], before["created"])
    assert after["modified"] > before["modified"]


def test_a_recalled_lead_leaves_the_group_and_the_last_two_end_it(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    first, second, third = publishes(desk), publishes(desk), publishes(desk)
    links(desk, first, second, third)
    desk.recalls(first)
    assert groups(app, dele) == [refs(second, third)]
    desk.recalls(second)
    (last,) = dele.reads(app, **{"match[type]": "grouping"})
    assert last["revoked"]
    assert stix_id_of(third) not in last["object_refs"]
    assert_valid(dele.reads(app))


def test_what_was_unlinked_and_linked_again_is_known_by_another_id(desk: Desk, app: Flask) -> None:
    dele = desk.admits("National unit", "RO")
    first, second = publishes(desk), publishes(desk)
    entity_id = links(desk, first, second)
    desk.store.write(
        lambda session: linking_out.unlink_leads(session, entity_id, by=NOOR, at=desk.at)
    )
    assert groups(app, dele) == []
    links(desk, first, second)
    revoked, again = dele.reads(app, **{"match[type]": "grouping"})
    assert revoked["revoked"]
    assert revoked["id"] != again["id"]


def test_what_an_agency_may_not_see_any_more_leaves_the_group(desk: Desk, app: Flask) -> None:
    dele = desk.admits("Both", "RO", "BG")
    first, second = publishes(desk), publishes(desk, country="BG")
    links(desk, first, second)
    desk.store.write(
        lambda session: rescoping.rescope(session, dele.id, ["RO"], at=desk.at, by="system")
    )
    assert groups(app, dele) == []
    its = [found for found in dele.reads(app) if stix_id_of(second) in str(found)]
    assert its
    assert all(found["revoked"] for found in its)


def test_only_leads_that_there_are_and_more_than_one_are_linked(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    lead_id = publishes(desk)
    with pytest.raises(NotFound):
        links(desk, lead_id, "f" * 32)
    with pytest.raises(Malformed):
        links(desk, lead_id, lead_id)
