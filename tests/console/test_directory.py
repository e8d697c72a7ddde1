"""Ines keeps the directory of services, Noor reads it and says what she checked; nothing typed is lost."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from hotline import audit
from hotline.console import directory
from referral import hours
from referral.fields import Fault
from referral.load import SAMPLE_CITY, load_package
from referral.parts import FIELDS
from referral.tables import TABLES, address, location, service_at_location
from referral.withheld import withheld
from tests.cast import Member
from tests.city import give_city
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House

ROOT = "/console/directory"
CLINIC = "Town clinic"


@pytest.fixture
def city(house: House) -> House:
    """The house with the directory of the fictional city."""
    give_city(house.hotline.store)
    return house


@pytest.fixture
def clinic(city: House) -> str:
    """The address of the page of the town's clinic."""
    return f"{ROOT}/service/{one(city, 'service', 'id', name=CLINIC)}"


def one(house: House, kind: str, column: str, **where: str) -> str:
    """Return a value of the first row where each column says what is given."""
    table = TABLES[kind]
    query = select(table.c[column]).where(*(table.c[name] == its for name, its in where.items()))
    with house.hotline.store.read() as session:
        return session.scalar(query.limit(1))


def secret_place(house: House) -> tuple[str, str]:
    """Return the id and the street line of a place that is kept secret."""
    with house.hotline.store.read() as session:
        hidden = withheld(session).location_ids
        its = address.c
        row = session.execute(
            select(its.location_id, its.address_1)
            .join(location, location.c.id == its.location_id)
            .where(its.location_id.in_(hidden), location.c.name.is_not(None))
            .limit(1)
        ).one()
    return row.location_id, row.address_1


def done(house: House) -> list[tuple[str, str]]:
    with house.hotline.store.read() as session:
        return [(line.did, line.what) for line in audit.page(session)]


def links(page: str) -> set[str]:
    return {unescape(found) for found in re.findall(rf'href="({ROOT}[^"#]*)"', page)}


def test_every_page_opens_and_closes_what_it_opens(
    city: House, clinic: str, supervisor: Member
) -> None:
    of = one(city, "service", "organization_id", name=CLINIC)
    seen = {ROOT, f"{ROOT}?view=stale", f"{clinic}/history", f"{ROOT}/organizations/new", clinic}
    for start in (clinic, f"{ROOT}/organization/{of}"):
        seen |= links(supervisor.opens(start))
    for path in sorted(seen):
        shown = supervisor.client.get(path, base_url=ORIGIN)
        assert shown.status_code == 200, path
        assert faults_in(shown.text) == [], path


def test_a_service_is_found_by_words_that_stand_in_no_address(
    city: House, clinic: str, at_desk: Member
) -> None:
    found = at_desk.sends(ROOT, expect=200, view="services", words="clinic town").text
    assert clinic in found
    assert found.count('<th scope="row">') == 1
    assert "words=" not in found
    assert "Nothing is found" in at_desk.sends(ROOT, expect=200, words="zzz").text
    for view in ("services", "organizations", "locations"):
        first = at_desk.opens(f"{ROOT}?view={view}")
        following = re.search(rf'href="({ROOT}\?view={view}&(?:amp;)?after=[^"]+)">Next', first)
        assert following
        assert "From the beginning" in at_desk.opens(following[1])
    # What was found is paged by forms, so that the words stay out of the address, too.
    many = at_desk.sends(ROOT, expect=200, words="a").text
    after = re.search(r'name="after" value="([0-9a-f-]{36})"', many)
    assert after
    assert "From the beginning" in at_desk.sends(ROOT, expect=200, words="a", after=after[1]).text


def test_a_caseworker_reads_and_says_what_she_checked_but_changes_nothing(
    city: House, clinic: str, at_desk: Member
) -> None:
    page = at_desk.opens(clinic)
    assert "Fernley Community Clinic" in page
    for act in ("/edit", "/remove", "/add/", "/retire"):
        assert act not in page
    key = clinic.rpartition("/")[2]
    assert at_desk.client.get(f"{clinic}/edit", base_url=ORIGIN).status_code == 403
    assert at_desk.client.post(f"{clinic}/retire", base_url=ORIGIN).status_code == 403
    at_desk.sends(f"{ROOT}/checked", service=key, one="1")
    assert re.search(r"Checked on 2 Mar 2026 by <bdi[^>]*>Rosa", at_desk.opens(clinic))
    assert one(city, "service", "assured_date", id=key) == "2026-03-02"
    at_desk.sends(f"{ROOT}/checked", service="anything typed")
    checked = [what for did, what in done(city) if did == "directory_checked"]
    assert checked == [f"service {key}"]


def test_what_nobody_checked_for_long_is_counted_listed_and_ticked(
    city: House, supervisor: Member
) -> None:
    city.clock.passes(days=300)
    supervisor.signs_in()
    page = supervisor.opens(f"{ROOT}?view=stale")
    counted = re.search(r'Directory of services <span class="count">(\d+)</span>', page)
    ticks = re.findall(r'name="service" value="([0-9a-f-]{36})"', page)
    assert counted
    assert len(ticks) == min(int(counted[1]), 50)
    supervisor.sends(f"{ROOT}/checked", service=ticks[:2])
    left = supervisor.opens(f"{ROOT}?view=stale")
    assert f'<span class="count">{int(counted[1]) - 2}</span>' in left
    assert not {tick for tick in ticks[:2] if tick in left}


def test_a_change_is_kept_with_who_made_it_and_is_put_back(
    city: House, clinic: str, supervisor: Member
) -> None:
    form = supervisor.opens(f"{clinic}/edit")
    seen = re.search(r'name="seen" value="(\w+)"', form)[1]
    supervisor.sends(f"{clinic}/edit", seen=seen, description="Doctors & nurses", alert="Ring")
    page = supervisor.opens(clinic)
    assert "Doctors & nurses" in page
    assert "edited here" in page
    history = supervisor.opens(f"{clinic}/history")
    assert re.search(r"1\. On 2 Mar 2026 by <bdi[^>]*>Alba", history)
    assert "Ines" not in history.replace("Ines, sign out", "").replace(">Ines<", "")
    assert "Doctor and nurse, weekdays." in history
    supervisor.sends(f"{clinic}/put-back", number="1")
    assert "Doctor and nurse, weekdays." in supervisor.opens(clinic)
    key = clinic.rpartition("/")[2]
    kept = [line for line in done(city) if line[0].startswith("directory_")]
    assert kept == [
        ("directory_put_back", f"service {key}"),
        ("directory_edited", f"service {key}"),
    ]


def test_nothing_typed_is_lost_where_a_field_is_wrong(
    city: House, clinic: str, supervisor: Member
) -> None:
    typed = {"name": "", "url": "example.org", "minimum_age": "old", "description": "All new"}
    page = unescape(supervisor.sends(f"{clinic}/edit", expect=422, **typed).text)
    assert "Nothing is lost, and nothing is kept yet" in page
    for name, why in (
        ("name", "Something must stand here."),
        ("url", "This is not a web address."),
        ("minimum_age", "This is not a number."),
    ):
        assert f'<a href="#f-{name}">' in page
        assert why in page.partition(f'id="f-{name}-fault"')[2].partition("</p>")[0]
    assert 'value="example.org"' in page
    assert 'value="old"' in page
    assert "All new" in page
    assert one(city, "service", "name", id=clinic.rpartition("/")[2]) == CLINIC
    # A new part keeps what was typed, too, ticks included.
    hours = {"has_days": "1", "day": ["MO", "SU"], "opens_at": "09:00", "notes": "By the gate"}
    page = supervisor.sends(f"{clinic}/add/schedule", expect=422, **hours).text
    assert re.search(r'value="SU" checked', page)
    assert not re.search(r'value="TU" checked', page)
    assert "By the gate" in page
    assert faults_in(page) == []


def test_two_who_change_one_thing_hear_of_each_other(
    city: House, clinic: str, supervisor: Member
) -> None:
    seen = re.search(r'name="seen" value="(\w+)"', supervisor.opens(f"{clinic}/edit"))[1]
    ada = Member(city, "ada")
    ada.signs_in()
    ada.sends(f"{clinic}/edit", alert="Ring twice.")
    again = supervisor.sends(f"{clinic}/edit", expect=409, seen=seen, alert="Ring once.").text
    assert "It changed while you typed" in again
    assert "Ring twice." in again
    assert 'value="Ring once."' in again
    anew = re.search(r'name="seen" value="(\w+)"', again)[1]
    supervisor.sends(f"{clinic}/edit", seen=anew, alert="Ring once.")
    assert "Ring once." in supervisor.opens(clinic)


def test_parts_are_added_changed_and_taken_away(
    city: House, clinic: str, supervisor: Member
) -> None:
    key = clinic.rpartition("/")[2]
    hours = {"has_days": "1", "day": ["SA"], "opens_at": "10:00", "closes_at": "12:00"}
    supervisor.sends(f"{clinic}/add/schedule", **hours)
    # The offset that the directory writes behind its hours is kept.
    made = {"service_id": key, "byday": "SA"}
    assert one(city, "schedule", "opens_at", **made) == "10:00-08:00"
    assert one(city, "schedule", "freq", **made) == "WEEKLY"
    supervisor.sends(
        f"{ROOT}/schedule/{one(city, 'schedule', 'id', **made)}/edit", opens_at="11:00"
    )
    assert one(city, "schedule", "opens_at", **made) == "11:00-08:00"
    supervisor.sends(f"{clinic}/add/language", code="ase")
    assert one(city, "language", "name", service_id=key, code="ase") == "American Sign Language"
    supervisor.sends(f"{clinic}/add/service_capacity", unit_id="cot", available="2", maximum="3")
    page = supervisor.opens(clinic)
    assert "American Sign Language" in page
    assert re.search(r"2 free of 3 \(<bdi[^>]*>cot", page)
    number = one(city, "phone", "id", service_id=key)
    supervisor.sends(f"{ROOT}/phone/{number}/remove")
    assert one(city, "phone", "id", id=number) is None
    supervisor.sends(f"{clinic}/put-back", number="5")
    assert one(city, "phone", "service_id", id=number) == key


def test_an_organization_is_added_with_a_service_and_retired(
    city: House, supervisor: Member
) -> None:
    new = f"{ROOT}/organizations/new"
    assert supervisor.sends(new, expect=422, name="New House").status_code == 422
    where = supervisor.sends(new, name="New House", description="Beds.").headers["Location"]
    its = where.partition("?")[0]
    beds = supervisor.sends(f"{its}/add/service", name="Six beds", status="active")
    key = beds.headers["Location"].partition("?")[0].rpartition("/")[2]
    assert "Six beds" in supervisor.opens(its)
    assert "Typed in here. No import changes it" in supervisor.opens(f"{ROOT}/service/{key}")
    supervisor.sends(f"{its}/retire")
    assert one(city, "service", "status", id=key) == "defunct"
    assert "retired" in supervisor.opens(its)
    supervisor.sends(f"{ROOT}/service/{key}/revive")
    assert one(city, "service", "status", id=key) == "active"


def test_where_a_secret_place_lies_is_opened_by_those_who_edit_and_written_down(
    city: House, supervisor: Member, at_desk: Member
) -> None:
    key, street = secret_place(city)
    place = f"{ROOT}/location/{key}"
    line = one(city, "address", "id", location_id=key)
    name = one(city, "location", "name", id=key)
    for reader in (supervisor, at_desk):
        page = reader.opens(place)
        assert street not in page
        assert f"<h1>{name}" not in page
        words = " ".join(street.split())
        assert street not in reader.sends(ROOT, expect=200, view="locations", words=words).text.replace(f'value="{words}"', "")  # fmt: skip
    # No page that is merely opened shows it, not even its form.
    shut = supervisor.client.get(f"{ROOT}/address/{line}/edit", base_url=ORIGIN)
    assert (shut.status_code, shut.headers["Location"]) == (303, place)
    assert at_desk.client.post(f"{place}/open", base_url=ORIGIN).status_code == 403
    assert "directory_opened" not in [did for did, _ in done(city)]
    assert street in unescape(supervisor.sends(f"{place}/open", expect=200).text)
    assert ("directory_opened", f"location {key}") in done(city)
    form = supervisor.sends(f"{ROOT}/address/{line}/open", expect=200, what="form").text
    assert f'value="{street}"' in unescape(form)
    supervisor.sends(f"{ROOT}/address/{line}/edit", address_1="4 Heron Walk")
    # What was changed there is opened, too; whoever only refers sees none of it.
    history = supervisor.opens(f"{place}/history")
    assert "Street and number" in history
    assert street not in history
    assert "Heron" not in history
    assert street in supervisor.sends(f"{place}/open", expect=200, what="history").text
    assert at_desk.client.get(f"{place}/history", base_url=ORIGIN).status_code == 404


def test_a_text_that_repeats_a_secret_address_is_not_kept(
    city: House, clinic: str, supervisor: Member
) -> None:
    _, street = secret_place(city)
    told = supervisor.sends(f"{clinic}/edit", expect=422, description=f"Go to {street}").text
    assert "This repeats the address of a place that is kept secret." in told


def test_an_import_leaves_what_was_edited_and_its_page_says_so(
    city: House, clinic: str, supervisor: Member
) -> None:
    supervisor.sends(f"{clinic}/edit", description="Doctors on Saturdays")
    city.hotline.store.write(lambda session: load_package(session, SAMPLE_CITY))
    page = supervisor.opens(clinic)
    assert "Doctors on Saturdays" in page
    said = re.search(r"the source says: <bdi[^>]*>Doctor and nurse, weekdays\.", page)
    assert said
    assert "Doctors on Saturdays" in supervisor.opens(f"{clinic}/history")
    supervisor.sends(f"{clinic}/follow", field="description")
    page = supervisor.opens(clinic)
    assert "Doctor and nurse, weekdays." in page
    assert "edited here ·" not in page


def test_what_is_not_there_is_not_there_for_anybody(city: House, supervisor: Member) -> None:
    never = "0" * 32
    for path in (
        f"{ROOT}/service/{never}",
        f"{ROOT}/phone/{one(city, 'phone', 'id')}",
        f"{ROOT}/taxonomy_term/{one(city, 'taxonomy_term', 'id')}/edit",
        f"{ROOT}/service/{never}/add/phone",
        f"{ROOT}/service/{one(city, 'service', 'id', name=CLINIC)}/add/address",
    ):
        assert supervisor.client.get(path, base_url=ORIGIN).status_code == 404, path
    for path in (f"{ROOT}/service/{never}/edit", f"{ROOT}/address/{never}/remove"):
        assert supervisor.client.post(path, base_url=ORIGIN).status_code == 404, path


def test_every_field_and_every_fault_has_words(house: House) -> None:
    speaks = house.hotline.languages.environment("en", "console")
    words = speaks.get_template("console/directory/words.html").make_module(
        {"say": None, "weekdays": {}, "tongues": {}}
    )
    plain = {"name"}
    for kind, names in FIELDS.items():
        assert words.kind_name(kind).strip() != kind.replace("_", " ")
        for name in set(names) - plain:
            assert str(words.field_name(name)).strip() not in (name.replace("_", " "), ""), name
    other = str(words.fault("")).strip()
    asked = {
        Fault.MISSING, Fault.NOT_A_URI, Fault.NOT_AN_EMAIL, Fault.NOT_A_DATE, Fault.NOT_A_TIME, Fault.NOT_A_NUMBER,
        Fault.OUT_OF_RANGE, Fault.NOT_A_CHOICE, Fault.NOT_A_LIST, Fault.TOO_LONG, Fault.CONTROL_CHARACTER,
        Fault.REPEATS_ADDRESS, Fault.POINTS_NOWHERE, Fault.NOT_A_UUID, Fault.NOT_A_DATETIME, Fault.NOT_UTF8,
    }  # fmt: skip
    for fault in asked:
        assert str(words.fault(fault.name)).strip() not in ("", other), fault


def test_a_number_that_is_marked_is_shown_to_nobody_until_it_is_opened(
    city: House, clinic: str, supervisor: Member, at_desk: Member
) -> None:
    key = clinic.rpartition("/")[2]
    number = one(city, "phone", "id", service_id=key)
    said = one(city, "phone", "number", id=number)
    supervisor.sends(f"{ROOT}/phone/{number}/edit", description="Night line")
    mark = one(city, "taxonomy_term", "id", code="confidential-location")
    supervisor.sends(f"{ROOT}/phone/{number}/add/attribute", taxonomy_term_id=mark)
    for page in (supervisor.opens(clinic), at_desk.opens(clinic)):
        assert said not in page
        assert "Kept secret" in page
        assert faults_in(page) == []
    assert clinic not in at_desk.sends(ROOT, expect=200, words=said).text
    for reader in (supervisor, at_desk):
        assert "Night line" not in reader.opens(f"{clinic}/history")
    assert said in supervisor.sends(f"{ROOT}/phone/{number}/open", expect=200).text
    # Taken away, it is still nobody's business.
    supervisor.sends(f"{ROOT}/phone/{number}/remove")
    assert said not in at_desk.opens(f"{clinic}/history")
    assert said in supervisor.sends(f"{clinic}/open", expect=200, what="history").text
    supervisor.sends(f"{clinic}/put-back", number="3")
    assert said not in at_desk.opens(clinic)


def test_what_a_source_says_of_a_secret_place_is_shown_once_it_is_opened(
    city: House, supervisor: Member, at_desk: Member
) -> None:
    key, street = secret_place(city)
    place, latitude = f"{ROOT}/location/{key}", str(one(city, "location", "latitude", id=key))
    service = f"{ROOT}/service/{one(city, 'service_at_location', 'service_id', location_id=key)}"
    supervisor.sends(f"{place}/edit", latitude="10.5", longitude="11.5")
    supervisor.sends(f"{service}/edit", alert="Ring twice.")
    city.hotline.store.write(lambda session: load_package(session, SAMPLE_CITY))
    for reader in (supervisor, at_desk):
        for page in (reader.opens(place), reader.opens(service)):
            assert latitude not in page
            assert "the source says: " not in page
            assert faults_in(page) == []
    assert "is shown once you open it" in supervisor.opens(service)
    assert "Open it" not in at_desk.opens(service)
    assert latitude in supervisor.sends(f"{place}/open", expect=200).text
    opened = supervisor.sends(f"{service}/open", expect=200).text
    assert latitude in opened
    assert faults_in(opened) == []
    # A form that comes back says what stands there, so it counts as opened.
    line = one(city, "address", "id", location_id=key)
    before = [did for did, _ in done(city)].count("directory_opened")
    typed = {"address_1": "Elsewhere", "seen": "x"}
    assert street in unescape(supervisor.sends(f"{ROOT}/address/{line}/edit", expect=409, **typed).text)  # fmt: skip
    supervisor.sends(f"{ROOT}/address/{line}/edit", expect=422, address_1="")
    assert [did for did, _ in done(city)].count("directory_opened") == before + 2
    supervisor.sends(f"{service}/edit", expect=422, name="")
    assert [did for did, _ in done(city)].count("directory_opened") == before + 2


def test_history_of_a_service_that_was_ever_at_a_secret_place_is_opened(
    city: House, supervisor: Member, at_desk: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _ = secret_place(city)
    with city.hotline.store.read() as session:
        its = service_at_location.c
        site, of = session.execute(select(its.id, its.service_id).where(its.location_id == key)).first()  # fmt: skip
    service, number = f"{ROOT}/service/{of}", "+1 500 555 7777"
    supervisor.sends(f"{service}/edit", description="By the green door")
    supervisor.sends(f"{ROOT}/service_at_location/{site}/add/phone", number=number)
    supervisor.sends(f"{ROOT}/service_at_location/{site}/remove")
    for reader in (supervisor, at_desk):
        page = reader.opens(f"{service}/history")
        assert "7777" not in page
        assert "green door</bdi>" not in page
        assert "Telephone: Number" in page
    assert "Open it" not in at_desk.opens(f"{service}/history")
    monkeypatch.setattr(directory, "_VERSIONS", 1)
    assert "7777" in supervisor.sends(f"{service}/open", expect=200, what="history").text
    older = supervisor.sends(f"{service}/open", expect=200, what="history", before="2").text
    assert "green door" in older
    assert 'name="before"' not in older
    page = supervisor.opens(f"{service}/history?before=2")
    assert "green door</bdi>" not in page
    assert 'name="before" value="2"' in page


def test_it_is_closed_on_these_days_whatever_the_language(
    city: House, clinic: str, supervisor: Member
) -> None:
    key = clinic.rpartition("/")[2]
    form = supervisor.opens(f"{clinic}/add/schedule")
    assert "“Closed”" not in form
    assert re.search(r'value="open" selected>open, at these hours', form)
    nowhere = supervisor.sends(f"{clinic}/add/schedule", expect=422, opening="closed", notes="Fiesta")  # fmt: skip
    assert 'href="#f-byday"' in nowhere.text
    assert 'value="closed" selected' in nowhere.text
    its = {"has_days": "1", "day": ["SU"], "opens_at": "10:00", "closes_at": "12:00"}
    supervisor.sends(f"{clinic}/add/schedule", opening="closed", notes="Fiesta", **its)
    made = one(city, "schedule", "id", service_id=key, byday="SU")
    with city.hotline.store.read() as session:
        row = dict(session.execute(select(TABLES["schedule"]).where(TABLES["schedule"].c.id == made)).mappings().one())  # fmt: skip
    assert (row["opens_at"], row["closes_at"], row["notes"]) == (None, None, "Closed. Fiesta")
    said = {name: value for name, value in row.items() if value is not None}
    open_all = {"byday": "SU", "freq": "WEEKLY", "opens_at": "08:00", "closes_at": "09:00"}
    (found,) = hours.schedules({"schedules": [said, open_all]}, [], [])
    assert len(found.but_not) == 1
    assert re.search(r"Sun closed · <bdi[^>]*>Fiesta", supervisor.opens(clinic))
    form = supervisor.opens(f"{ROOT}/schedule/{made}/edit")
    assert 'value="closed" selected' in form
    assert 'value="Fiesta"' in form
    # Opened again, it says so no more; a note that speaks of closing stays beside hours.
    its = {"opening": "open", "opens_at": "10:00", "closes_at": "12:00"}
    supervisor.sends(f"{ROOT}/schedule/{made}/edit", **its)
    assert one(city, "schedule", "notes", id=made) == "Fiesta"
    supervisor.sends(f"{ROOT}/schedule/{made}/edit", **its, notes="Closed at noon")
    assert one(city, "schedule", "notes", id=made) == "Closed at noon"
    assert "Closed at noon" in supervisor.opens(clinic)


def test_the_kind_of_a_telephone_is_chosen(city: House, clinic: str, supervisor: Member) -> None:
    key = clinic.rpartition("/")[2]
    form = supervisor.opens(f"{clinic}/add/phone")
    assert '<option value="text">text messages</option>' in form
    supervisor.sends(f"{clinic}/add/phone", number="112", type="text")
    assert one(city, "phone", "type", service_id=key, number="112") == "text"
    assert '<span class="soft">text messages</span>' in supervisor.opens(clinic)
