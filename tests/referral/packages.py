"""Small HSDS packages, written by hand, as a directory's keeper would send them."""

import csv
import json
from uuid import NAMESPACE_DNS, uuid5

FILES = {
    "organization": "organizations.csv",
    "service": "services.csv",
    "location": "locations.csv",
    "service_at_location": "service_at_location.csv",
    "address": "addresses.csv",
    "phone": "phones.csv",
    "contact": "contacts.csv",
    "schedule": "schedules.csv",
    "taxonomy": "taxonomies.csv",
    "taxonomy_term": "taxonomy_terms.csv",
    "attribute": "attributes.csv",
    "language": "languages.csv",
    "service_area": "service_areas.csv",
    "cost_option": "cost_options.csv",
    "required_document": "required_documents.csv",
    "unit": "units.csv",
    "funding": "funding.csv",
    "service_capacity": "service_capacity.csv",
    "program": "programs.csv",
    "accessibility": "accessibility.csv",
    "organization_identifier": "organization_identifiers.csv",
    "url": "url.csv",
    "metadata": "metadata.csv",
    "meta_table_description": "meta_table_descriptions.csv",
}


def key(name):
    """Return the id that *name* stands for in these tests."""
    return str(uuid5(NAMESPACE_DNS, f"{name}.example"))


def organization(name="Harbor House", **fields):
    return {"id": key(name), "name": name, "description": "Help by the sea"} | fields


def service(name="Night shelter", by="Harbor House", **fields):
    return {
        "id": key(name),
        "organization_id": key(by),
        "name": name,
        "status": "active",
    } | fields


def write_package(folder, described=True, **tables):
    """Write each of *tables*, a list of rows by HSDS table, as CSV; rows may differ in their fields."""
    folder.mkdir(exist_ok=True)
    for table, rows in tables.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        with (folder / FILES[table]).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    if described:
        listed = [{"name": table, "path": FILES[table]} for table in tables]
        (folder / "datapackage.json").write_text(json.dumps({"resources": listed}))
    return folder
