"""Whatever form a file says it in, a place, a moment and a maker are told in one."""

import pytest

from hotline.anonymize.files.copies import Fact
from hotline.anonymize.files.facts import (
    LONGEST_FACT,
    MOST_FACTS,
    facts_of_fields,
    facts_of_parts,
    moment_of,
    point_of,
)
from hotline.anonymize.files.parts import Kind, Part


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026:03:14 05:06:07", "2026-03-14T05:06:07"),
        ("2026:03:14 05:06:07+01:00", "2026-03-14T05:06:07+01:00"),
        ("2026-03-14T05:06:07.123Z", "2026-03-14T05:06:07Z"),
        ("2026-03-14T05:06:07-0930", "2026-03-14T05:06:07-09:30"),
        ("D:20260314050607+01'00'", "2026-03-14T05:06:07+01:00"),
        ("D:20260314050607Z", "2026-03-14T05:06:07Z"),
        ("D:20260314", "2026-03-14"),
        ("2026-03", "2026-03"),
        ("2026", "2026"),
        ("2026-03-14 05:06", "2026-03-14T05:06:00"),
        ("0000:00:00 00:00:00", ""),
        ("1904-01-01T00:00:00Z", ""),
        ("1970-01-01T00:00:00Z", ""),
        ("2026:13:14 05:06:07", ""),
        ("2026:03:14 25:06:07", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_moment_is_told_as_exactly_as_it_is_written(written, told):
    assert moment_of(written) == told


def test_an_offset_of_its_own_field_belongs_to_it():
    assert moment_of("2026:03:14 05:06:07", "+05:30") == "2026-03-14T05:06:07+05:30"
    assert moment_of("2026:03:14 05:06:07", "   :  ") == "2026-03-14T05:06:07"
    assert moment_of("2026:03:14 05:06:07", "+99:99") == ""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("+41.3879+002.1699/", "41.38790, 2.16990"),
        ("+41.3879+002.1699+010.5/", "41.38790, 2.16990"),
        ("-3352.07+15112.60/", "-33.86783, 151.21000"),
        ("-335204.0+1511236.0/", "-33.86778, 151.21000"),
        ("41.3879, 2.1699", "41.38790, 2.16990"),
        ("-33.867778, 151.21", "-33.86778, 151.21000"),
        ("+91.0+002.0/", ""),
        ("+41.0+202.0/", ""),
        ("0.0, 0.0", ""),
        ("nan, nan", ""),
        ("inf, 1", ""),
        ("Brackwater, by the sea", ""),
        ("Brackwater", ""),
        ("", ""),
    ],
)
def test_a_point_is_told_as_degrees(written, told):
    assert point_of(written) == told


def test_degrees_in_xmp_have_a_side():
    said = {"gpslatitude": ["33,52.0667S", "up"], "gpslongitude": ["151,12,36E", "5,5E"]}
    assert facts_of_fields(said) == (Fact("place", "-33.86778, 151.21000"),)


def test_the_time_of_satellites_is_universal():
    said = {"gpsdatestamp": ["2026:03:14", "2026:03:14"], "gpstimestamp": ["4.0 6.0 7.0", "noon"]}
    assert facts_of_fields(said) == (Fact("time", "2026-03-14T04:06:07Z"),)


def test_a_maker_is_said_once():
    assert facts_of_fields({"make": ["Canon"], "model": ["Canon EOS"]}) == (
        Fact("maker", "Canon EOS"),
    )
    assert facts_of_fields({"make": ["Apple"], "model": ["iPhone"]}) == (
        Fact("maker", "Apple iPhone"),
    )
    assert facts_of_fields({"make": ["Apple"]}) == (Fact("maker", "Apple"),)


def test_names_of_places_and_people_are_told_as_they_are_written_and_no_longer():
    said = {"city": ["Brackwater"], "author": ["Zdravka\x1b[31m", "Z" * 5_000]}
    place, author, long = facts_of_fields(said)
    assert (place.text, author.text) == ("Brackwater", "Zdravka[31m")
    assert len(long.text) == LONGEST_FACT


def test_no_more_facts_are_told_than_anybody_reads():
    assert len(facts_of_fields({"author": [str(number) for number in range(500)]})) == MOST_FACTS


def test_words_of_a_document_are_no_facts_about_it():
    parts = (Part(Kind.TEXT, "author", "Quill"), Part(Kind.NAME, "city", "Quill"))
    assert facts_of_parts((*parts, Part(Kind.XMP, "dc:creator", "Zdravka"))) == (
        Fact("author", "Zdravka"),
    )
