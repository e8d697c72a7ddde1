"""Organizations are found by a part of their name, and known by their ids."""

import pytest

from referral.organizations import organization_names, organizations


@pytest.fixture
def connection(ansel):
    with ansel.engine.connect() as connection:
        yield connection


def test_they_stand_in_the_order_of_letters_and_no_more_than_asked_for(connection):
    every = organizations(connection)
    assert [name for _, name in every] == sorted(name for _, name in every)
    assert organizations(connection, limit=2) == every[:2]


def test_a_part_of_a_name_finds_them_however_it_is_written(connection):
    its_id, name = organizations(connection)[0]
    assert (its_id, name) in organizations(connection, named=f"  {name[1:5].upper()} ")
    # What a search takes for "anything" is a letter like any other.
    assert organizations(connection, named="%") == ()
    assert organizations(connection, named="_") == ()


def test_an_id_that_nobody_has_has_no_name(connection):
    its_id, name = organizations(connection)[0]
    assert organization_names(connection, [its_id, "nobody"]) == {its_id: name}
    assert organization_names(connection, []) == {}
