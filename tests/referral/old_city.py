"""A made-up city that was published in HSDS 1.1 years ago, by hand and with every fault that is seen in such data."""

import csv
import json

OPEN_SERVICE = "7"


def write(folder, *, organizations=30, services=120):
    """Write the package; return how many rows of each kind are sound."""
    folder.mkdir(exist_ok=True)
    files = _files(organizations, services)
    for name, rows in files.items():
        fields = list(dict.fromkeys(field for row in rows for field in row))
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fields)
            writer.writeheader()
            writer.writerows(rows)
    listed = [{"name": _RESOURCES.get(name, name), "path": f"{name}.csv"} for name in files]
    (folder / "datapackage.json").write_text(json.dumps({"resources": listed}))
    return folder


_RESOURCES = {
    "services_at_location": "service_at_location",
    "services_taxonomy": "service_taxonomy",
}


def _files(organizations, services):
    numbers = [str(n) for n in range(1, services + 1)]
    return {
        "organizations": [
            {"id": str(n), "name": f"Org {n}", "alternate_name": "", "description": "Helps"}
            | {"email": "", "url": _URLS.get(n, f"http://org{n}.example"), "tax_id": ""}
            | {"year_incorporated": "1987-01-01", "legal_status": ""}
            for n in range(1, organizations + 1)
        ],
        "programs": [{"id": "1", "organization_id": "1", "name": "Winter", "alternate_name": ""}],
        "services": [
            {"id": n, "organization_id": _org(int(n), organizations), "program_id": ""}
            | {"name": f"Service {n}", "description": "Soup", "url": "", "email": ""}
            | {"status": "active", "accrediations": "AIRS", "taxonomy_ids": "", "fees": ""}
            for n in numbers
        ],
        "services_taxonomy": [
            {"id": n, "service_id": n, "taxonomy_id": "BD-1800", "taxonomy_detail": ""}
            for n in numbers
        ],
        "taxonomy": [
            {"id": "BD", "name": "Food", "parent_id": "", "parent_name": "", "vocabulary": "Own"},
            {"id": "BD-1800", "name": "Soup", "parent_id": "BD", "parent_name": "Food"}
            | {"vocabulary": "Own"},
            {"id": "BD-9", "name": "Lost", "parent_id": "XX", "parent_name": "", "vocabulary": ""},
        ],
        "locations": [
            {"id": n, "organization_id": _org(int(n), organizations), "name": f"Place {n}"}
            | {"latitude": "0" if n != "5" else "91.5", "longitude": "10.5", "description": ""}
            for n in numbers
        ],
        "services_at_location": [
            {"id": n, "service_id": n, "location_id": n, "description": ""} for n in numbers
        ],
        "physical_addresses": [
            {"id": n, "location_id": n, "address_1": f"{n} Street", "address_2": "Floor 2"}
            | {"address_3": "Room 3", "address_4": "", "city": "Ansel", "state_province": "AN"}
            | {"postal_code": "" if n == "6" else "1", "country": "US"}
            for n in numbers
        ],
        "postal_addresses": [
            {"id": "1", "location_id": "1", "address_1": "PO Box 9", "city": "Ansel"}
            | {"state_province": "AN", "postal_code": "1", "country": "US"}
        ],
        "phones": [
            {"id": "1", "service_id": "1", "number": "+1 500 555 0006", "language": "en,es"}
            | {"extension": "", "department": "Kitchen", "description": ""},
            {"id": "2", "service_id": "1", "number": "", "language": "", "extension": ""},
            {"id": "3", "service_id": "gone", "number": "1", "language": "", "extension": "x7"},
        ],
        "contacts": [{"id": "1", "service_id": "1", "name": "Ann Persona", "email": "ann at x"}],
        "regular_schedules": [
            {"id": n, "service_id": OPEN_SERVICE, "weekday": day, "opens_at": "9:00 AM"}
            | {"closes_at": "17:00"}
            for n, day in (("1", "1"), ("2", "Tuesday"), ("3", "7"), ("4", "someday"))
        ],
        "holiday_schedules": [
            {"id": "1", "service_id": OPEN_SERVICE, "closed": "true", "opens_at": "09:00"}
            | {"closes_at": "", "start_date": "2017-12-25", "end_date": "2017-12-26"},
            {"id": "2", "service_id": OPEN_SERVICE, "closed": "false", "opens_at": "10:00"}
            | {"closes_at": "12:00", "start_date": "1/1/2018", "end_date": "2018-01-01"},
        ],
        "languages": [{"id": "1", "service_id": "1", "location_id": "", "language": "Polski, yi"}],
        "eligibility": [
            {"id": "1", "service_id": "1", "eligibility": "adult"},
            {"id": "2", "service_id": "1", "eligibility": "female"},
        ],
        "payments_accepted": [{"id": "1", "service_id": "1", "payment": "cash"}],
        "service_areas": [
            {"id": "1", "service_id": "1", "service_area": "Ansel", "description": ""}
        ],
        "accessibility_for_disabilities": [
            {"id": "1", "location_id": "1", "accessibility": "ramp", "details": "steep"}
        ],
        "required_documents": [{"id": "1", "service_id": "1", "document": "None"}],
        "funding": [{"id": "1", "organization_id": "1", "service_id": "", "source": "City"}],
        "metadata": [
            {"id": "1", "resource_id": "1", "last_action_date": "2017-01-01T00:00:00Z"}
            | dict.fromkeys(("last_action_type", "field_name", "previous_value"), "x")
            | dict.fromkeys(("replacement_value", "updated_by"), "x")
        ],
        "beds": [{"id": "1", "service_id": "1"}],
    }


_URLS = {2: "www.org2.example", 3: "http://org 3.example", 4: "see facebook"}


def _org(number, organizations):
    """Every ninth belongs to an organization that was left out."""
    return "9999" if number % 9 == 0 else str(number % organizations + 1)
