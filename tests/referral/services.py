"""Services as the tests of matching need them: Harbor House, and any others that chance may bring."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import strategies as st

from referral.candidate import Area, Candidate, Capacity, Cost, Person, Place
from referral.geography import Point, cell_centre
from referral.schedule import Schedule

AT = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
"""A Wednesday evening."""

HERE = Point(-48.5, -123.2)
ALWAYS = (Schedule(time(0), time(0)),)
OFFICE_HOURS = (Schedule(time(9), time(17), byday=tuple((0, day) for day in range(5))),)


def square(north, half=0.1, east=-123.2):
    """Return an outline of one square polygon, *half* a side in degrees around its middle."""
    low, high, left, right = north - half, north + half, east - half, east + half
    return (((((left, low), (right, low), (right, high), (left, high))),),)


SQUARE = square(HERE.latitude)


def harbor_house(**facts):
    """A night shelter that fits as well as a service can; *facts* change what a test is about."""
    fits = {
        "service_id": "5f6a7d6e-0000-4000-8000-000000000001",
        "name": "Night shelter for women",
        "organization_id": "5f6a7d6e-0000-4000-8000-00000000000f",
        "organization": "Harbor House",
        "needs": frozenset({"shelter"}),
        "schedules": ALWAYS,
        "capacities": (Capacity(2, "bed", AT - timedelta(hours=2)),),
    }
    return Candidate(**(fits | facts))


def away(metres):
    """Return a point that many metres north of HERE."""
    return Point(HERE.latitude + metres / 111_195, HERE.longitude)


points = st.builds(Point, st.floats(-49, -48), st.floats(-124, -123))
times = st.times().map(lambda t: t.replace(microsecond=0))
schedules = st.builds(
    Schedule,
    opens=times,
    closes=times,
    offset=st.integers(-12, 14).map(lambda h: timedelta(hours=h)),
    byday=st.lists(st.tuples(st.just(0), st.integers(0, 6)), max_size=3).map(tuple),
)
places = st.one_of(
    points.map(lambda p: Place(p)),
    points.map(lambda p: Place(cell_centre(p), withheld=True)),
    st.just(Place(remote=True)),
    st.just(Place()),
)
codes = st.frozensets(st.sampled_from(["ti", "ar", "es", "en", "*"]), max_size=2)
maybe = st.none() | st.booleans()
moments = st.timedeltas(timedelta(days=-30), timedelta(hours=1)).map(lambda ago: AT + ago)

candidates = st.builds(
    Candidate,
    service_id=st.uuids().map(str),
    name=st.sampled_from(["Rooms", "Clinic", "Line"]),
    organization_id=st.sampled_from(["a", "b"]),
    status=st.sampled_from(["active", "active", "active", "defunct", "temporarily closed"]),
    needs=st.frozensets(st.sampled_from(["shelter", "medical"]), min_size=1),
    minimum_age=st.none() | st.integers(0, 30),
    maximum_age=st.none() | st.integers(10, 99),
    serves=st.frozensets(st.sampled_from(["woman", "man"]), max_size=2),
    takes_children=maybe,
    languages=codes.map(lambda c: c - {"*"}),
    interpreted=codes,
    by_telephone=codes,
    schedules=st.lists(schedules, max_size=2).map(tuple),
    places=st.lists(places, max_size=2).map(tuple),
    areas=st.lists(
        st.builds(Area, st.sampled_from(["Ansel", "Quayside"]), st.sampled_from([(), (SQUARE)])),
        max_size=2,
    ).map(tuple),
    capacities=st.lists(
        st.builds(Capacity, st.integers(0, 2), st.sampled_from(["bed", "room"]), moments),
        max_size=2,
    ).map(tuple),
    costs=st.lists(st.builds(Cost, st.none() | st.integers(0, 9), st.just("XAC")), max_size=2).map(
        tuple
    ),
    documents=st.lists(st.just("identity card"), max_size=1).map(tuple),
    asks_no_documents=st.booleans(),
    fetches=maybe,
    step_free=maybe,
    faith_based=maybe,
    run_by=st.sampled_from([frozenset(), frozenset({"c"})]),
    answers_in=st.none() | st.integers(1, 90),
    withheld=st.booleans(),
)

people = st.builds(
    Person,
    age=st.none()
    | st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda t: tuple(sorted(t))),
    gender=st.sampled_from([None, "woman", "man", "other"]),
    minor=maybe,
    with_children=st.booleans(),
)

questions = st.fixed_dictionaries(
    {
        "need": st.sampled_from(["shelter", "medical"]),
        "at": st.timedeltas(timedelta(0), timedelta(days=8)).map(lambda later: AT + later),
        "where": st.none()
        | points
        | st.sampled_from(["Ansel", "quayside", Area("Elsewhere", square(-48.4, 0.3))]),
        "languages": st.lists(st.sampled_from(["ti", "ar", "pt-BR"]), max_size=2),
        "for_whom": people,
        "excluded": st.sampled_from([(), ("a",), ("c",)]),
        "needs_no_documents": st.booleans(),
        "must_be_free": st.booleans(),
        "needs_step_free": st.booleans(),
        "needs_fetching": st.booleans(),
        "within": st.none() | st.integers(0, 90_000),
        "keep_away": st.sampled_from([0, 1_000, 30_000]),
        "prefers_no_faith": st.booleans(),
        "avoids": st.sampled_from([(), (Area("Theirs", square(-48.6, 0.2)),), (Area("Unknown"),)]),
        "open_by": st.none() | st.just(AT + timedelta(hours=4)),
    }
)
