"""A large made-up city in HSDS 1.1, spoilt in every way that files are on their way through offices and programs.

`write` says what is wrong with it, line by line, and how much of it is sound.
"""

import io
import json
import zipfile
from csv import writer
from dataclasses import dataclass, field

from referral.fields import Fault

ORGANIZATIONS, SERVICES = 1_074, 4_089
LOST = "777777"
TOLD_TO_NOBODY = "Ann Persona, +1 500 555 0142"
_PATTERNS = (
    (7, "url", "www.service.example"),
    (11, "url", "http://two.example, http://three.example"),
    (13, "url", "https://bad.example/a b"),
    (17, "email", f"{TOLD_TO_NOBODY} at x"),
)


@dataclass
class City:
    """What was written: *faults* by file, in the order of lines, and how many rows are *sound*, by table of 3.1."""

    faults: set[tuple[str, int, str, Fault, bool]] = field(default_factory=set)
    sound: dict[str, int] = field(default_factory=dict)

    def bad(self, file, line, name, fault, *, kept=False):
        self.faults.add((f"{file}.csv", line, name, fault, kept))


def write(path):
    """Write the city as the zip *path*, two folders deep, and return what is wrong with it."""
    city = City()
    files = {
        "organizations": _organizations(city),
        "services": _services(city),
        "locations": _locations(city),
        "services_at_location": _sites(city),
        "physical_addresses": _addresses(city),
        "phones": _phones(city),
        "services_taxonomy": _links(city),
        "taxonomy": _terms(city),
        "regular_schedules": _hours(city),
        "contacts": _contacts(city),
        "eligibility": b"id,service_id,eligibility\n1,1,adults\n",
    }
    listed = [{"name": name, "path": f"{name}.csv"} for name in files if name != "phones"]
    listed += [{"name": "fees", "path": "fees.csv"}, {"name": "data", "path": ["a\x00.csv"]}]
    city.bad("fees", 0, "", Fault.FILE_UNREADABLE)
    city.bad("a?", 0, "", Fault.NOT_HSDS_FILE)
    with zipfile.ZipFile(path, "w") as packed:
        within = "open-city-master\\data/package/"
        packed.writestr(within + "datapackage.json", "\ufeff" + json.dumps({"resources": listed}))
        for name, content in files.items():
            packed.writestr(f"{within}{name}.csv", content)
        packed.writestr("open-city-master/README.md", "A city")
        packed.writestr("__MACOSX/open-city-master/data/package/._services.csv", b"\x00\x05")
    return city


def _csv(fields, rows, *, ends="\n", sign=",", encoding="utf-8"):
    out = io.StringIO()
    into = writer(out, lineterminator=ends, delimiter=sign)
    into.writerow(fields)
    into.writerows(rows)
    return out.getvalue().encode(encoding)


def _organizations(city):
    """In Windows-1252, with a mark of order before it, lines that end as on Windows, and cells that a program added."""
    rows, line = [], 2
    for n in range(1, ORGANIZATIONS + 1):
        name, text, url = f"Org {n}", "Helps", f"HTTP://my_org{n}.example/?q=%20"
        if n % 50 == 0:
            name = f"Café {n}"
            city.bad("organizations", line, "name", Fault.READ_AS_WINDOWS, kept=True)
        if n % 60 == 0:
            text = ""
            city.bad("organizations", line, "description", Fault.MISSING, kept=True)
        elif n % 70 == 0:
            text = "Soup\x0bBread\x00"
            city.bad("organizations", line, "description", Fault.CONTROL_CHARACTER, kept=True)
        if n % 40 == 0:
            url = "see our facebook page"
            city.bad("organizations", line, "url", Fault.NOT_A_URI, kept=True)
        rows.append([str(n), name, text, url, "", ""])
        line += 1
    rows.append(["5", "Org 5 again", "Helps", "", "", ""])
    city.bad("organizations", line, "id", Fault.REPEATED_ID)
    rows.append(["", "Nobody", "", "", "", ""])
    city.bad("organizations", line + 1, "id", Fault.MISSING)
    city.bad("organizations", line + 1, "description", Fault.MISSING, kept=True)
    city.sound["organization"] = ORGANIZATIONS
    for column in (5, 6):
        city.bad("organizations", 1, f"column {column}", Fault.NOT_HSDS_FIELD, kept=True)
    whole = _csv(
        ["ID", "Name", " description", "URL", "", "Notes "], rows, ends="\r\n", encoding="cp1252"
    )
    return b"\xef\xbb\xbf" + whole


def is_lost(n):
    """Say whether the organization of service *n* is not in the package."""
    return n % 9 == 0


def _services(city):
    """With descriptions of several lines, and ways to reach them that are none."""
    rows, line, sound = [], 2, 0
    for n in range(1, SERVICES + 1):
        texts = {"description": 'Soup, "hot",\nand bread\n' if n % 10 == 0 else "Soup"}
        texts |= {"url": "", "email": "", "status": "active"}
        lost, told = is_lost(n), []
        for every, name, text in _PATTERNS:
            if n % every == 0:
                texts[name] = text
                told.append((name, Fault.NOT_AN_EMAIL if name == "email" else Fault.NOT_A_URI))
        if n % 500 == 0:
            texts["status"], lost = "perhaps", True
            city.bad("services", line, "status", Fault.NOT_A_CHOICE)
        elif is_lost(n):
            city.bad("services", line, "organization_id", Fault.POINTS_NOWHERE)
        for name, fault in dict(told).items():
            city.bad("services", line, name, fault, kept=True)
        owner = LOST if is_lost(n) else str(n % ORGANIZATIONS + 1)
        rows.append([str(n), owner, f"Service {n}", *texts.values()])
        line += 1 + texts["description"].count("\n")
        sound += not lost
    city.sound["service"] = sound
    fields = ["id", "organization_id", "name", "description", "url", "email", "status"]
    return _csv(fields, rows)


def is_kept(n):
    return not is_lost(n) and n % 500 != 0


def _locations(city):
    """In UTF-16 with tabs, as spreadsheets save them; half of a point is wrong here and there."""
    rows = []
    for n in range(1, SERVICES + 1):
        latitude, longitude = f"{25 + n / 1e4:.4f}", f"-80.{n:04}"
        if n % 300 == 0:
            latitude = "25,76"
            city.bad("locations", n + 1, "latitude", Fault.NOT_A_NUMBER, kept=True)
        elif n % 301 == 0:
            longitude = "-8020.1"
            city.bad("locations", n + 1, "longitude", Fault.OUT_OF_RANGE, kept=True)
        elif n % 302 == 0:
            longitude = ""
            city.bad("locations", n + 1, "longitude", Fault.MISSING, kept=True)
        rows.append([str(n), "", f"Plaça {n}", latitude, longitude])
    city.sound["location"] = SERVICES
    fields = ["id", "organization_id", "name", "latitude", "longitude"]
    return _csv(fields, rows, sign="\t", encoding="utf-16")


def _sites(city):
    rows = []
    for n in range(1, SERVICES + 1):
        rows.append([str(n), str(n), str(n)])
        if not is_kept(n):
            city.bad("services_at_location", n + 1, "service_id", Fault.POINTS_NOWHERE)
    rows.append(["x", "1", LOST])
    city.bad("services_at_location", SERVICES + 2, "location_id", Fault.POINTS_NOWHERE)
    city.sound["service_at_location"] = sum(map(is_kept, range(1, SERVICES + 1)))
    return _csv(["id", "service_id", "location_id"], rows)


def _addresses(city):
    """With marks of quotation that nobody closed: in the middle, and before what follows."""
    lines = ["id,location_id,address_1,city,state_province,postal_code,country"]
    sound = 0
    for n in range(1, SERVICES + 1):
        street, code = f'"{n} Main Street"', "33101"
        if n % 400 == 0:
            street = f'"{n} "Old" Street"'
            city.bad("physical_addresses", n + 1, "", Fault.QUOTES, kept=True)
        elif n % 401 == 0:
            street = f'"{n} Main Street'
            city.bad("physical_addresses", n + 1, "", Fault.ROW_UNREADABLE)
            sound -= 1
        elif n % 402 == 0:
            street = ""
            city.bad("physical_addresses", n + 1, "address_1", Fault.MISSING)
            sound -= 1
        elif n % 403 == 0:
            code = ""
            city.bad("physical_addresses", n + 1, "postal_code", Fault.MISSING, kept=True)
        lines.append(f"{n},{n},{street},Ansel,AN,{code},US")
        sound += 1
    city.sound["address"] = sound
    return "\n".join(lines).encode()


def _phones(city):
    """Not listed, with semicolons, and rows that are too short or too long."""
    rows = [[str(n), str(n), "+1 500 555 0006", "en", "English desk"] for n in range(1, 101)]
    for n in (20, 40, 60, 80):
        rows[n - 1] = [rows[n - 1][0], "1", *rows[n - 1][2:]]
    rows[19] = rows[19][:3]
    rows[39] = [*rows[39], "", ""]
    rows[59] = [*rows[59], TOLD_TO_NOBODY]
    rows[79][2] = ""
    rows[0][1] = LOST
    city.bad("phones", 21, "", Fault.ROW_WIDTH)
    city.bad("phones", 61, "", Fault.ROW_WIDTH)
    city.bad("phones", 81, "number", Fault.MISSING)
    city.bad("phones", 81, "phone_id", Fault.POINTS_NOWHERE)
    # A phone of nobody may be that of a house which could not be read.
    lost = [1, *(n for n in range(2, 101) if not is_kept(n))]
    for n in lost:
        city.bad("phones", n + 1, "service_id", Fault.POINTS_NOWHERE)
        city.bad("phones", n + 1, "phone_id", Fault.POINTS_NOWHERE)
    city.sound |= {"phone": 97 - len(lost), "language": 97 - len(lost)}
    return _csv(["id", "service_id", "number", "language", "department"], rows, sign=";")


def _links(city):
    rows, sound = [], 0
    for n in range(1, SERVICES + 1):
        for place, term in enumerate(("BD-1800", "PH" if n % 100 else "QX-1")):
            line = len(rows) + 2
            rows.append([str(line), str(n), term, ""])
            lost = place and not n % 100
            if lost:
                city.bad("services_taxonomy", line, "taxonomy_id", Fault.POINTS_NOWHERE)
            elif not is_kept(n):
                city.bad("services_taxonomy", line, "service_id", Fault.POINTS_NOWHERE)
            sound += is_kept(n) and not lost
    city.sound["attribute"] = sound
    return _csv(["id", "service_id", "taxonomy_id", "taxonomy_detail"], rows)


def _terms(city):
    rows = [["BD-1800", "Soup", "BD", "Own"], ["PH", "Homes", "", "Own"], ["BD", "Food", "", "Own"]]
    rows.append(["BD", "Food", "", "Own"])
    city.bad("taxonomy", 5, "id", Fault.REPEATED_ID)
    city.sound["taxonomy_term"] = 3
    return _csv(["id", "name", "parent_id", "vocabulary"], rows)


def _hours(city):
    days = ("Monday", "2", "wed", "0", "someday", "")
    rows = [[str(n), "1", day, "9am", "17:00:00"] for n, day in enumerate(days, start=1)]
    rows.append(["7", "1", "Friday", "noon", "17:00"])
    city.bad("regular_schedules", 6, "weekday", Fault.NOT_A_LIST)
    city.bad("regular_schedules", 7, "weekday", Fault.NOT_A_LIST)
    city.bad("regular_schedules", 8, "opens_at", Fault.NOT_A_TIME)
    city.sound["schedule"] = 4
    return _csv(["id", "service_id", "weekday", "opens_at", "closes_at"], rows, ends="\r")


def _contacts(city):
    rows = [[TOLD_TO_NOBODY, "1", TOLD_TO_NOBODY, TOLD_TO_NOBODY]]
    city.bad("contacts", 2, "email", Fault.NOT_AN_EMAIL, kept=True)
    city.sound["contact"] = 1
    return _csv(["id", "service_id", "name", "email"], rows)
