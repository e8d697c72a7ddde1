"""Packages of HSDS 1.0, 1.1 and 2.0, row by row in the words of 3.1.

Tables were renamed, joined and dropped between the versions; what a dropped table said (who is eligible, what
may be paid with) goes into the text that 3.1 has for it. Ids were any text and become UUIDs that depend on the
source, the table and the text alone, so that the same package gives the same ids again.
"""

import re
from collections.abc import Iterator, Mapping
from uuid import UUID, uuid5

from referral.fields import UUID as IS_UUID
from referral.fields import legible
from referral.tables import TABLES
from referral.withheld import is_mark

Given = Mapping[str, str]
Converted = tuple[str, dict[str, str]]

_NAMESPACE = UUID("5f0d8f0e-6a0b-5c3b-9d43-6b9f3c0f6c11")
_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")

_ADDRESS = "id location_id attention address_1 address_2 address_3 address_4 city region state_province postal_code country"
_HOURS = "id service_id location_id service_at_location_id opens_at closes_at"

GONE: dict[str, frozenset[str]] = {
    name: frozenset(fields.split())
    for name, fields in {
        "physical_address": _ADDRESS,
        "postal_address": _ADDRESS,
        "regular_schedule": f"{_HOURS} weekday",
        "holiday_schedule": f"{_HOURS} closed start_date end_date",
        "service_taxonomy": "id service_id taxonomy_id taxonomy_detail",
        "service_attribute": "id service_id taxonomy_term_id",
        "other_attribute": "id link_id link_type taxonomy_term_id",
        "accessibility_for_disabilities": "id location_id accessibility details",
        "eligibility": "id service_id eligibility",
        "payment_accepted": "id service_id payment",
        "fee": "id service_id fee",
        "interpretation_service": "id service_id language",
    }.items()
}
"""The tables that 3.1 has no more, and their fields."""

OTHER_NAMES = {
    "services_at_location": "service_at_location",
    "services_taxonomy": "service_taxonomy",
    "payments_accepted": "payment_accepted",
    "intepretation_services": "interpretation_service",
    "accessibility_for_disability": "accessibility_for_disabilities",
}
"""Files whose names are no plural of their table's."""

_ONCE = {
    "organization": {"url"},
    "service": {"location_id", "taxonomy_ids", "accrediations"},
    "phone": {"language", "department"},
    "service_area": {"service_area"},
    "language": {"language"},
    "taxonomy": {"parent_id", "parent_name", "vocabulary"},
    "taxonomy_term": {"term"},
}
"""Fields of tables that are still there, which 3.1 has no more or has under another name."""

_SAID_ELSEWHERE = {
    "eligibility": ("eligibility", "eligibility_description"),
    "payment_accepted": ("payment", "fees_description"),
    "fee": ("fee", "fees_description"),
    "interpretation_service": ("language", "interpretation_services"),
}

_CALLED = {
    ("organization", "organization"): {"website": "url"},
    ("service", "service"): {"accreditations": "accrediations"},
    ("service", "attribute"): {"taxonomy_term_id": "taxonomy_ids"},
    ("service_area", "service_area"): {"name": "service_area"},
    ("taxonomy", "taxonomy_term"): {"code": "id", "taxonomy": "vocabulary", "description": "name"},
    ("taxonomy_term", "taxonomy_term"): {"name": "term"},
    ("accessibility_for_disabilities", "accessibility"): {"description": "accessibility"},
    ("regular_schedule", "schedule"): {"byday": "weekday"},
    ("holiday_schedule", "schedule"): {"valid_from": "start_date", "valid_to": "end_date"},
    ("service_taxonomy", "attribute"): {
        "link_id": "service_id",
        "taxonomy_term_id": "taxonomy_id",
        "value": "taxonomy_detail",
    },
    ("service_attribute", "attribute"): {"link_id": "service_id"},
    ("phone", "language"): {"name": "language", "code": "language"},
    ("language", "language"): {"name": "language", "code": "language"},
}
"""What a table that was (first) calls the fields of the one that is (second), where 3.1 calls them otherwise."""

_TERMS_OF_1 = {"service_taxonomy": "taxonomy_id", "service": "taxonomy_ids"}

_CLOSED = frozenset({"true", "t", "yes", "y", "1"})
_OPEN = frozenset({"false", "f", "no", "n", "0", ""})

_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA", "SU")


def is_older(table: str, names: set[str]) -> bool:
    """Say whether a file of *table* with the columns *names* can only be of a version before 3.0."""
    if table == "location":
        return "location_type" not in names
    if table == "taxonomy":
        return bool(names & _ONCE[table]) and "description" not in names
    return table in GONE or bool(names & _ONCE.get(table, set()))


def reading_order(table: str) -> int:
    """Return when a file is read: what is said of a service elsewhere, before the services."""
    return 0 if table in _SAID_ELSEWHERE else 1


def fields_of(table: str) -> frozenset[str]:
    """Return the columns that are understood in an older file of *table*."""
    return GONE.get(table) or frozenset(TABLES[table].c.keys()) | _ONCE.get(table, set())


def into(table: str) -> str:
    """Return the table of 3.1 that most of what stands in an older *table* goes into."""
    return _NOW.get(table, table)


class Older:
    """One older package of *source*, while it is read."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._said: dict[tuple[str, str], list[str]] = {}
        self._service_of: dict[str, str] = {}

    def convert(self, table: str, given: Given) -> Iterator[Converted]:
        """Yield what a row says in 3.1: none, one or several rows, each with its table."""
        if table in _SAID_ELSEWHERE:
            self._keep_for_service(table, given)
        elif table in GONE:
            yield from getattr(self, f"_{table}")(given)
        elif table == "taxonomy" and is_older(table, set(given)):
            yield self._term(given)
        elif table == "taxonomy_term":
            coded = {"code": given.get("code", "").strip() or _code(given)}
            yield from self._taxonomy_term(self._keyed(table, {**given, **coded}))
        elif table in _ONCE or table in ("location", "program", "schedule", "metadata"):
            yield from getattr(self, f"_{table}")(self._keyed(table, given))
        else:
            yield table, self._keyed(table, given)

    def _key(self, table: str, text: str) -> str:
        text = legible(text)[0].strip()
        if not text or IS_UUID.fullmatch(text):
            return text.lower()
        return str(uuid5(_NAMESPACE, "\n".join((self._source, table, text))))

    def called(self, was: str, table: str, given: Given) -> dict[str, str]:
        """Return what a row of the older table *was* calls the fields of *table*, where it has other names."""
        names = _CALLED.get((was, table), {})
        return {name: old for name, old in names.items() if old in given}

    def unread(self, was: str, given: Given) -> str:
        """Return the field of an older row that decides and that nobody can read, empty where there is none."""
        says = given.get("closed", "").strip().lower()
        return "closed" if was == "holiday_schedule" and says not in _CLOSED | _OPEN else ""

    def nothing_without(self, was: str, table: str, given: Given) -> frozenset[str]:
        """Return what a row in 3.1 says nothing without: in 1.x a lost term cannot be the one that withholds.

        There the id of a term is its code; only where it is a mere number could it be any.
        """
        named = given.get(_TERMS_OF_1.get(was, ""), "").split(",")
        may_be = any(is_mark(each) or each.strip().isdigit() for each in named)
        lost = table == "attribute" and was in _TERMS_OF_1 and not may_be
        return frozenset({"taxonomy_term_id"}) if lost else frozenset()

    def _keyed(self, table: str, given: Given, *, was: str = "") -> dict[str, str]:
        """Return the row with UUIDs. *was* names the table that its id belonged to."""
        row = dict(given)
        for name in set(row) & set(TABLES[table].c.keys()):
            if to := TABLES[table].c[name].info.get("to"):
                row[name] = self._key(to, row[name])
        return row | {"id": self._key(was or table, row.get("id", ""))}

    def _keep_for_service(self, table: str, given: Given) -> None:
        name, into = _SAID_ELSEWHERE[table]
        service = self._key("service", given.get("service_id", ""))
        self._service_of[self._key(table, given.get("id", ""))] = service
        said = self._said.setdefault((service, into), [])
        if (text := given.get(name, "").strip()) and text not in said:
            said.append(text)

    def _organization(self, row: dict[str, str]) -> Iterator[Converted]:
        row["website"] = row.pop("url", "") or row.get("website", "")
        row["year_incorporated"] = re.sub(
            r"^(\d{4})-\d\d-\d\d.*", r"\1", row.get("year_incorporated", "")
        )
        yield "organization", row

    def _program(self, row: dict[str, str]) -> Iterator[Converted]:
        yield "program", row | {"description": row.get("description", "") or row.get("name", "")}

    def _service(self, row: dict[str, str]) -> Iterator[Converted]:
        where, terms = row.pop("location_id", ""), row.pop("taxonomy_ids", "")
        row["accreditations"] = row.get("accreditations", "") or row.pop("accrediations", "")
        row.pop("accrediations", None)
        for into in dict.fromkeys(into for _, into in _SAID_ELSEWHERE.values()):
            said = self._said.get((row["id"], into), [])
            row[into] = "; ".join(filter(None, (row.get(into, "").strip(), *said)))
        yield "service", row
        if where.strip():
            place = self._key("location", where)
            key = self._key("service_at_location", f"{row['id']} {place}")
            yield "service_at_location", {"id": key, "service_id": row["id"], "location_id": place}
        for term in filter(None, map(str.strip, terms.split(","))):
            yield self._attribute(f"{row['id']} {term}", "service", row["id"], term)

    def _location(self, row: dict[str, str]) -> Iterator[Converted]:
        yield "location", row | {"location_type": row.get("location_type", "") or "physical"}

    def _phone(self, row: dict[str, str]) -> Iterator[Converted]:
        spoken, department = row.pop("language", ""), row.pop("department", "")
        row["description"] = "; ".join(
            filter(None, (department.strip(), row.get("description", "")))
        )
        yield "phone", row
        for name in filter(None, map(str.strip, spoken.split(","))):
            key = self._key("language", f"phone {row['id']} {name}")
            yield "language", {"id": key, "phone_id": row["id"]} | _language(name)

    def _language(self, row: dict[str, str]) -> Iterator[Converted]:
        names = [name.strip() for name in row.pop("language", "").split(",") if name.strip()]
        yield "language", row | (_language(names[0]) if names else {})
        for name in names[1:]:
            key = self._key("language", f"{row['id']} {name}")
            yield "language", row | {"id": key} | _language(name)

    def _service_area(self, row: dict[str, str]) -> Iterator[Converted]:
        row["name"] = row.pop("service_area", "") or row.get("name", "")
        yield "service_area", row

    def _taxonomy(self, row: dict[str, str]) -> Iterator[Converted]:
        yield "taxonomy", row

    def _taxonomy_term(self, row: dict[str, str]) -> Iterator[Converted]:
        row["name"] = row.pop("term", "") or row.get("name", "")
        row["description"] = row.get("description", "") or row["name"]
        yield "taxonomy_term", row

    def _term(self, given: Given) -> Converted:
        """A ``taxonomy`` of 1.x is one term."""
        row = {name: given.get(name, "") for name in ("name", "parent_id")}
        row |= {"id": given.get("id", ""), "description": row["name"]}
        keyed = self._keyed("taxonomy_term", row)
        return "taxonomy_term", keyed | {
            "code": _code(given),
            "taxonomy": given.get("vocabulary", ""),
        }

    def _schedule(self, row: dict[str, str]) -> Iterator[Converted]:
        """3.1 has no ``DAILY``: every day of every week."""
        if row.get("freq", "").strip().upper() == "DAILY" and row.get("interval", "").strip() in (
            "",
            "1",
        ):
            row |= {"freq": "WEEKLY", "byday": ",".join(_DAYS[1:])}
        yield "schedule", row

    def _regular_schedule(self, given: Given) -> Iterator[Converted]:
        """1 is Monday, and Sunday is 7 or 0; a name or its first letters are understood too."""
        row = self._keyed("schedule", given, was="regular_schedule")
        day = row.pop("weekday", "").strip()
        byday = _DAYS[int(day)] if re.fullmatch("[0-7]", day) else day[:2].upper()
        yield "schedule", row | {"freq": "WEEKLY", "byday": byday or "?"}

    def _holiday_schedule(self, given: Given) -> Iterator[Converted]:
        """A schedule of those days alone; one without hours is closed."""
        row = self._keyed("schedule", given, was="holiday_schedule")
        closed = row.pop("closed", "").strip().lower() in _CLOSED
        row |= {"valid_from": row.pop("start_date", ""), "valid_to": row.pop("end_date", "")}
        yield (
            "schedule",
            row | ({"opens_at": "", "closes_at": "", "notes": "closed"} if closed else {}),
        )

    def _physical_address(self, given: Given) -> Iterator[Converted]:
        yield self._address(given, "physical")

    def _postal_address(self, given: Given) -> Iterator[Converted]:
        yield self._address(given, "postal")

    def _address(self, given: Given, kind: str) -> Converted:
        row = self._keyed("address", given, was=f"{kind}_address")
        lines = (row.get("address_2", ""), row.pop("address_3", ""), row.pop("address_4", ""))
        row["address_2"] = ", ".join(filter(None, map(str.strip, lines)))
        return "address", row | {"address_type": kind}

    def _accessibility_for_disabilities(self, given: Given) -> Iterator[Converted]:
        row = self._keyed("accessibility", given)
        yield "accessibility", row | {"description": row.pop("accessibility", "")}

    def _service_taxonomy(self, given: Given) -> Iterator[Converted]:
        to = self._key("service", given.get("service_id", ""))
        made = self._attribute(given.get("id", ""), "service", to, given.get("taxonomy_id", ""))
        made[1]["value"] = given.get("taxonomy_detail", "")
        yield made

    def _service_attribute(self, given: Given) -> Iterator[Converted]:
        to = self._key("service", given.get("service_id", ""))
        yield self._attribute(given.get("id", ""), "service", to, given.get("taxonomy_term_id", ""))

    def _other_attribute(self, given: Given) -> Iterator[Converted]:
        """What was given to an eligibility is given to its service; there are no eligibilities any more."""
        was = given.get("link_type", "").strip().lower()
        to = self._key(was, given.get("link_id", ""))
        entity = _NOW.get(was, was)
        if was in _SAID_ELSEWHERE:
            entity, to = "service", self._service_of.get(to, to)
        elif was == "schedule":
            to = self._key("schedule", given.get("link_id", ""))
        row = self._attribute(
            f"other {given.get('id', '')}", entity, to, given.get("taxonomy_term_id", "")
        )
        if IS_UUID.fullmatch(given.get("id", "").strip()):
            row[1]["id"] = given["id"].strip().lower()
        yield row

    def _attribute(self, key: str, entity: str, link: str, term: str) -> Converted:
        return "attribute", {
            "id": self._key("attribute", key),
            "link_id": link,
            "link_entity": entity,
            "taxonomy_term_id": self._key("taxonomy_term", term),
        }

    def _metadata(self, row: dict[str, str]) -> Iterator[Converted]:
        was = row.get("resource_type", "").strip().lower()
        row["resource_id"] = self._key(was, row.get("resource_id", ""))
        row["resource_type"] = _NOW.get(was, was)
        row["last_action_date"] = row.get("last_action_date", "").strip()[: len("2017-01-01")]
        yield "metadata", row


_NOW = {
    "physical_address": "address",
    "postal_address": "address",
    "accessibility_for_disabilities": "accessibility",
    "regular_schedule": "schedule",
    "holiday_schedule": "schedule",
    "service_attribute": "attribute",
    "service_taxonomy": "attribute",
    "other_attribute": "attribute",
    "taxonomy": "taxonomy_term",
}


def _language(text: str) -> dict[str, str]:
    return (
        {"name": text, "code": text}
        if _CODE.fullmatch(text) and len(text) < 8 and text.islower()
        else {"name": text}
    )


def _code(given: Given) -> str:
    """Return the id of a term where it says something: a code, and no UUID."""
    text = given.get("id", "").strip()
    return "" if IS_UUID.fullmatch(text) else text
