"""Staff reach a service by mail and telephone; the houses are told to nobody but who may go there."""

from referral.reaching import houses_of, ways_to
from tests.referral.packages import key, organization, service, write_package
from tests.referral.test_withheld import STREET, the_house


def test_a_service_is_reached_as_it_and_its_organization_say_but_by_no_telephone_of_a_house(
    directory, tmp_path
):
    told = the_house(
        organization=[organization(email="office@harbor.example")],
        service=[service(email="nights@harbor.example")],
    )
    shelter = key("Night shelter")
    told["phone"] += [
        {"id": key("a"), "organization_id": key("Harbor House"), "number": "+1 500 555 0100"},
        {"id": key("b"), "service_id": shelter, "number": "+1 500 555 0101"},
    ]
    directory.load(write_package(tmp_path / "p", **told))
    with directory.read() as connection:
        found = ways_to(connection, shelter)
        (house,) = houses_of(connection, shelter)
        assert houses_of(connection, key("Nowhere")) == ()
        assert ways_to(connection, key("Nowhere")).mail == ()

    assert found.mail == ("nights@harbor.example", "office@harbor.example")
    assert found.telephones == ("+1 500 555 0101", "+1 500 555 0100")
    assert house.lines[0] == STREET
    assert STREET not in repr(house)
