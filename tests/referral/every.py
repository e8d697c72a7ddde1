"""One record of every object of HSDS 3.1 with every field filled, all joined to one another."""

from tests.referral.packages import key

_TEXT = "Soup, beds & “a door that opens”, at night"
_OWNERS = {
    "organization_id": key("org"),
    "service_id": key("service"),
    "location_id": key("place"),
    "service_at_location_id": key("site"),
    "contact_id": key("contact"),
    "phone_id": key("phone"),
}


def _of(*names, **fields):
    return {name: _OWNERS[name] for name in names} | fields


EVERY = {
    "taxonomy": [
        {"id": key("taxonomy"), "name": "Needs", "description": _TEXT}
        | {"uri": "https://needs.example/", "version": "2"}
    ],
    "taxonomy_term": [
        {"id": key("term"), "code": "soup", "name": "Soup", "description": _TEXT}
        | {"parent_id": key("food"), "taxonomy": "Needs", "language": "en"}
        | {"taxonomy_id": key("taxonomy"), "term_uri": "https://needs.example/soup"},
        {"id": key("food"), "code": "food", "name": "Food", "description": "To eat"}
        | {"taxonomy_id": key("taxonomy")},
    ],
    "organization": [
        {"id": key("org"), "name": "Harbor House", "alternate_name": "Harbour House"}
        | {"description": _TEXT, "email": "door@harbor.example"}
        | {"website": "https://harbor.example/", "tax_status": "exempt", "tax_id": "12"}
        | {"year_incorporated": "1987", "legal_status": "charity", "logo": "harbor.png"}
        | {"uri": "urn:uuid:harbor", "parent_organization_id": key("mother")},
        {"id": key("mother"), "name": "Harbors", "description": "All of them"},
    ],
    "program": [
        _of("organization_id", id=key("program"), name="Winter", description=_TEXT)
        | {"alternate_name": "Cold nights"}
    ],
    "service": [
        _of("organization_id", id=key("service"), name="Night soup", description=_TEXT)
        | {"program_id": key("program"), "alternate_name": "Soup", "status": "active"}
        | {"url": "https://harbor.example/soup", "email": "soup@harbor.example"}
        | dict.fromkeys(("interpretation_services", "application_process", "fees"), _TEXT)
        | dict.fromkeys(("fees_description", "wait_time", "accreditations"), _TEXT)
        | dict.fromkeys(("eligibility_description", "licenses", "alert"), _TEXT)
        | {"minimum_age": "16", "maximum_age": "99.5", "assured_date": "2026-11-01"}
        | {"assurer_email": "a@harbor.example", "last_modified": "2026-11-02T03:04:05+01:00"}
    ],
    "location": [
        _of("organization_id", id=key("place"), location_type="physical", name="Quay 3")
        | {"url": "https://harbor.example/quay", "alternate_name": "The Quay"}
        | {"description": _TEXT, "transportation": "Bus 1", "latitude": "-48.5"}
        | {"longitude": "12.25", "external_identifier": "77"}
        | {"external_identifier_type": "UPRN"}
    ],
    "service_at_location": [
        _of("service_id", "location_id", id=key("site"), description=_TEXT),
    ],
    "contact": [
        _of("organization_id", "service_id", "service_at_location_id", "location_id")
        | {"id": key("contact"), "name": "Ann Persona", "title": "Cook"}
        | {"department": "Kitchen", "email": "ann@harbor.example"},
        {"id": key("nobody's"), "name": "Somebody"},
    ],
    "phone": [
        _of("location_id", "service_id", "organization_id", "contact_id")
        | _of("service_at_location_id", id=key("phone"), number='"+1 500 555 0006"')
        | {"extension": "7", "type": "voice", "description": _TEXT},
        {"id": key("their phone"), "contact_id": key("nobody's"), "number": "1"},
    ],
    "address": [
        _of("location_id", id=key("address"), attention="Ann", address_1="3 Quay", city="Ansel")
        | {"address_2": "Back door", "region": "South", "state_province": "AN"}
        | {"postal_code": "AN1", "country": "US", "address_type": "physical"}
    ],
    "schedule": [
        _of("service_id", "location_id", "service_at_location_id", id=key("schedule"))
        | dict.fromkeys(("valid_from", "valid_to", "dtstart", "until"), "2026-11-25")
        | {"timezone": "-5.5", "count": "3", "wkst": "TU", "freq": "MONTHLY", "interval": "2"}
        | {"byday": "MO,-1FR", "byweekno": "1,2", "bymonthday": "-1", "byyearday": "100"}
        | {"description": _TEXT, "opens_at": "20:00", "closes_at": "02:00+01:00"}
        | {"schedule_link": "https://harbor.example/when", "attending_type": "in person"}
        | {"notes": _TEXT}
    ],
    "funding": [_of("organization_id", "service_id", id=key("funding"), source=_TEXT)],
    "service_area": [
        _of("service_id", "service_at_location_id", id=key("area"), name="Ansel")
        | {"description": _TEXT, "extent": '{"type": "Point"}', "extent_type": "geojson"}
        | {"uri": "https://ansel.example/"}
    ],
    "required_document": [
        _of("service_id", id=key("document"), document="None", uri="https://none.example/")
    ],
    "language": [
        _of("service_id", "location_id", "phone_id", id=key("language"), name="Polski")
        | {"code": "pl", "note": _TEXT}
    ],
    "accessibility": [
        _of("location_id", id=key("ramp"), description="Ramp", details=_TEXT)
        | {"url": "https://harbor.example/ramp"}
    ],
    "cost_option": [
        _of("service_id", id=key("cost"), option="Guests", currency="EUR", amount="0.5")
        | {"valid_from": "2026-01-01", "valid_to": "2026-12-31", "amount_description": _TEXT}
    ],
    "organization_identifier": [
        _of("organization_id", id=key("number"), identifier_scheme="GB-CHC")
        | {"identifier_type": "Charity", "identifier": "123"}
    ],
    "unit": [
        {"id": key("unit"), "name": "bowl", "scheme": "SI", "identifier": "b"}
        | {"uri": "https://bowls.example/"},
        {"id": key("unused"), "name": "spoon"},
    ],
    "service_capacity": [
        _of("service_id", id=key("capacity"), unit_id=key("unit"), available="12")
        | {"maximum": "20", "description": _TEXT, "updated": "2026-11-25T10:00:00Z"}
    ],
    "url": [
        _of("organization_id", "service_id", id=key("url"), label="More")
        | {"url": "https://more.example/"}
    ],
    "attribute": [
        {"id": key("attribute"), "link_id": key("service"), "link_entity": "service"}
        | {"taxonomy_term_id": key("term"), "link_type": "service type", "value": "x"}
        | {"label": _TEXT},
        {"id": key("on the address"), "link_id": key("address"), "link_entity": "address"}
        | {"taxonomy_term_id": key("food")},
        {"id": key("on nothing"), "link_id": key("elsewhere"), "taxonomy_term_id": key("food")},
    ],
    "metadata": [
        {"id": key(f"change of {what}"), "resource_id": key(what), "resource_type": kind}
        | {"last_action_date": "2026-11-01", "last_action_type": "update"}
        | {"field_name": "name", "previous_value": "Soup", "replacement_value": "Night soup"}
        | {"updated_by": "Ann"}
        for what, kind in (("service", "service"), ("attribute", "attribute"), ("gone", "program"))
    ],
    "meta_table_description": [
        {"id": key("meta"), "name": "services", "language": "en", "character_set": "UTF-8"}
    ],
}
