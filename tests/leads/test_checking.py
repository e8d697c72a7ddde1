"""No name, number or rare word of the sealed identity stands in the words of a lead, in whatever letters. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.anonymize import entities, redact
from hotline.leads.checking import found_in, texts_of
from hotline.leads.likeness import bones, plain, romanized
from hotline.leads.said_numbers import numbers_in
from hotline.leads.wording import Fact
from hotline.vault.contents import Identity
from tests.leads.desk import draft

SPANISH = (
    "Soy María Gómez. Ramón tiene mi pasaporte en el hotel Paraíso de Valledupar, calle 12. "
    "Mi número 500 555 0142, tengo 23 años. El coche es B 123 XYZ"
)
RUSSIAN = "Меня зовут Оксана, хозяин Руслан держит нас в Сургуте на складе"
ARABIC = "اسمي فاطمة وصاحب العمل محمد يحتجزنا في الدمام"
CHINESE = "你好，我叫王芳，老板李强扣了我的护照，在深圳龙华"
ENGLISH = "My name is Grace. They call me Bunny at Golden Palace spa near Leeds"


def who(original: str, **facts: object) -> Identity:
    """Return the identity that intake would seal."""
    return Identity(original, entities=entities(original, redact(original)), **facts)


def met(identity: Identity, words: str, **fields: str) -> set[str]:
    """Return what of *words* the check points to; of other fields their name."""
    texts = {"summary": words, **fields}
    found = found_in(texts, [identity])
    assert all(problem.fact is Fact.IN_IDENTITY for problem in found)
    return {words[one.start : one.end] if one.field == "summary" else one.field for one in found}


@pytest.mark.parametrize(
    ("original", "words", "names"),
    [
        (SPANISH, "Maria says that Ramon keeps papers.", {"Maria", "Ramon"}),
        (SPANISH, "People near VALLEDUPAR.", {"VALLEDUPAR"}),
        (RUSSIAN, "Oksana and Ruslan, near Surgut.", {"Oksana", "Ruslan", "Surgut"}),
        (RUSSIAN, "Оксана на складе.", {"Оксана"}),
        (ARABIC, "Mohammed holds Fatma near Dammam.", {"Mohammed", "Fatma", "Dammam"}),
        (CHINESE, "工人的护照被老板扣了，李强说", {"李强"}),
        (ENGLISH, "We hear that Grace is held.", {"Grace"}),
        (ENGLISH, "A room behind the golden palace.", {"golden", "golden palace"}),
    ],
)
def test_a_name_is_found_in_whatever_letters(original, words, names):
    assert met(who(original), words) == names


@pytest.mark.parametrize(
    ("original", "words"),
    [
        (SPANISH, "Workers at a hotel sleep locked in. Somebody keeps their papers and a car."),
        (RUSSIAN, "Workers are held at a warehouse; the owner keeps passports."),
        (ARABIC, "صاحب العمل يحتجز العمال."),
        (CHINESE, "工人的护照被老板扣了。"),
        (ENGLISH, "Women at a spa; their names are taken from them."),
    ],
)
def test_what_happened_may_be_said_in_ordinary_words(original, words):
    assert met(who(original), words) == set()


@pytest.mark.parametrize(
    "words",
    [
        "Call 500-555-0142 now.",
        "Call 0015005550142.",
        "Call ٥٠٠٥٥٥٠١٤٢.",
        "Call ５００５５５０１４２.",
    ],
)
def test_a_number_is_found_however_it_is_written(words):
    assert len(met(who(SPANISH), words)) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Call five zero zero, five five five, zero one four two.", "five zero zero, five five five, zero one four two"),
        ("Call 5OO 555 O142.", "5OO 555 O142"),
        ("Call 500 and 555 and 01 and 42.", "500 and 555 and 01 and 42"),
        ("Call 500 ~ 555 ~ 0142.", "500 ~ 555 ~ 0142"),
        ("Call 500-555 ext 0142.", "500-555 ext 0142"),
        ("She is twenty-three.", "twenty-three"),
        ("Tiene veintitrés años.", "veintitrés"),
        ("Elle a vingt-trois ans.", "vingt-trois"),
        ("Sie ist dreiundzwanzig Jahre alt.", "dreiundzwanzig"),
        ("Are douăzeci și trei de ani.", "douăzeci și trei"),
        ("Ей двадцать три года.", "двадцать три"),
        ("عمرها ثلاثة وعشرون سنة", "ثلاثة وعشرون"),
    ],
)  # fmt: skip
def test_a_number_is_found_when_it_is_said_otherwise(words, said):
    assert said in met(who(SPANISH), words)


def test_numbers_in_words_are_put_together_as_each_language_does():
    said = [one.digits for one in numbers_in("quatre-vingt-dix-sept; soixante et onze", ("fr",))]
    assert said[:2] == ["97", "71"]
    assert [one.digits for one in numbers_in("twenty-three, then 4 men", ("en",))] == [
        "23",
        "4",
        "234",
    ]


def test_an_age_and_a_plate_are_numbers_too():
    assert met(who(SPANISH), "A woman of 23.") == {"23"}
    assert met(who(SPANISH), "Somebody of 24, after 2300 hours of work.") == set()
    assert "B123XYZ" in "".join(met(who(SPANISH), "It is B123XYZ."))


def test_where_the_person_is_reached_leaves_in_no_field():
    one = who(
        "Nothing.",
        sender="+15005550142",
        contact={"number": "0500 555 0199", "place": "Quellgasse"},
    )
    assert met(one, "x", **{"numbers 0": "+1 500 555 0142"}) == {"numbers"}
    assert met(one, "x", **{"handles 0": "tel5005550199"}) == {"handles"}
    assert met(one, "x", venue="Near Quellgasse 5") == {"venue"}
    assert met(one, "Near Quellgasse.") == {"Quellgasse"}
    assert met(one, "x", **{"numbers 0": "+40 722 000 111"}) == set()
    for said in ("500 ~ 555 ~ 0142", "+1(500)    555    0142", "500.555..0142", "5oo5550142"):
        assert met(one, "x", **{"numbers 0": said}) == {"numbers"}
    assert met(one, "x", **{"handles 0": "5OO555O142"}) == {"handles"}
    assert met(one, "x", **{"handles 0": "quellgasse5"}) == {"handles"}
    assert met(one, "x", **{"links 0": "https://x.example/1-500-555/0142"}) == {"links"}
    assert met(one, "x", venue="500 ~ 555 ~ 0142") == {"venue"}


def test_what_is_the_alleged_ones_may_be_told_in_its_field_and_nowhere_else():
    fields = {
        "handles 0": "el_jefe",
        "plates 0": "B123XYZ",
        "links 0": "https://ads.example/paraiso",
    }
    assert met(who(SPANISH), "Somebody keeps papers.", **fields) == set()
    assert met(who(SPANISH), "Ramon keeps papers.", **fields) == {"Ramon"}
    # A place that is told in its field may be named in the words; a name may not be told as a place.
    assert met(who(SPANISH), "Near Valledupar.", town="Valledupar") == set()
    assert met(who(SPANISH), "Near it.", venue="Hotel Paraíso") == set()
    assert met(who(SPANISH), "Near it.", venue="Ramón's hotel") == {"venue"}


@pytest.mark.parametrize(
    "fields",
    [
        {"handles 0": "maria.gomez.23"},
        {"handles 0": "ramon_jefe"},
        {"handles 0": "mariagomez"},
        {"handles 0": "mar\u200eia"},
        {"links 0": "https://page.example/mariagomez"},
        {"links 0": "https://page.example/ramon"},
        {"plates 0": "Maria 23"},
        {"numbers 0": "Maria Gomez 23"},
    ],
)
def test_a_persons_name_leaves_in_no_field_of_the_alleged(fields):
    assert met(who(SPANISH), "x", **fields) == {next(iter(fields)).split()[0]}


def test_an_everyday_name_and_one_in_a_script_without_spaces_leave_in_no_field_either():
    one = Identity("My name is Hope Rivers", entities=(("[PERSON 1]", "Hope Rivers"),))
    assert met(one, "x", **{"handles 0": "@hope"}) == {"handles"}
    assert met(one, "x", **{"links 0": "https://x.example/hope-rivers"}) == {"links"}
    assert met(one, "x", **{"links 0": "https://x.example/i-hope"}) == set()
    assert met(one, "x", venue="Hope Rivers house", town="Hope") == {"venue", "town"}
    assert met(who(CHINESE), "x", **{"handles 0": "王芳_888"}) == {"handles"}


def test_a_name_is_not_told_as_a_place_and_makes_no_word_of_the_summary_pass():
    assert met(who(CHINESE), "王芳 在店里", venue="王芳的店") == {"venue", "王芳"}
    assert met(who(CHINESE), "x", town="李强") == {"town"}
    thai = Identity("ฉันชื่อสมหญิง", entities=(("[PERSON 1]", "สมหญิง"),))
    assert met(thai, "x", venue="ร้านสมหญิง") == {"venue"}
    valle = Identity(
        "Me llamo Paloma Valle", entities=(("[PERSON 1]", "Paloma Valle"), ("[PLACE 1]", "Valle"))
    )
    assert met(valle, "Near Valle.", town="Valle") == {"Valle", "town"}
    # Places in such scripts stay places.
    assert met(who(CHINESE), "深圳龙华", town="深圳龙华") == set()


@pytest.mark.parametrize(
    "cut", ["Mar\u200eia", "Mar\u200dia", "Mar\u200fia", "Mar\u061cia", "Mar\u00adia", "Ma-ria", "M.a.r.i.a", "M a r i a"]
)  # fmt: skip
def test_a_name_is_found_where_something_cuts_it(cut):
    assert met(who(SPANISH), f"We hear that {cut} is held.") == {cut}


def test_a_name_is_found_where_it_is_glued_to_another_word():
    words = "MariaGomez is held, and mariagomez, at RamonsHotel."
    assert met(who(SPANISH), words) == {"MariaGomez", "mariagomez", "RamonsHotel"}
    assert met(who("My name is Chang"), "They exchange papers.") == set()


def test_a_name_of_two_letters_is_found_with_its_capital():
    one = Identity(
        "My friends are Li Vu and Ng", entities=(("[PERSON 1]", "Li Vu"), ("[PERSON 2]", "Ng"))
    )
    assert met(one, "Ng and Vu are held, Li too.") == {"Ng", "Vu", "Li"}
    assert met(one, "They are held.", venue="Li's flat") == {"venue"}
    assert met(one, "They li there, vu by all.") == set()


def test_every_message_counts_and_nothing_is_found_in_nobody():
    assert len(found_in({"summary": "Maria, Oksana"}, [who(SPANISH), who(RUSSIAN)])) == 2
    assert found_in({"summary": "Maria"}, []) == ()
    assert found_in({"summary": "Maria"}, [Identity("")]) == ()


def test_all_that_is_typed_is_held_against_it():
    texts = texts_of(
        draft(headline="A", translations={"ro": "B"}, town="C", venue="D", plates=("E",), numbers=("F", "G"),
              handles=("H",), links=("https://i.example",))
    )  # fmt: skip
    assert set(texts) == {
        "summary", "headline", "translations.ro", "town", "venue", "plates 0", "numbers 0", "numbers 1", "handles 0", "links 0",
    }  # fmt: skip
    assert found_in({"translations.ro": "Maria"}, [who(SPANISH)])[0].field == "translations.ro"


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=20))
def test_no_text_makes_it_raise_and_each_place_lies_in_the_words(original, words, name):
    one = Identity(original, sender=name, entities=(("[PERSON 1]", name), ("[ID 1]", words)))
    for problem in found_in({"summary": words, "town": words, "numbers 0": words}, [one]):
        assert 0 <= problem.start <= problem.end <= len(words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Мухаммед", "Muhammad"), ("محمد", "Mohamed"), ("Γιώργος", "Giorgos"), ("प्रियंका", "Priyanka"), ("ማርያም", "Maryam"),
        ("מרים", "Miriam"), ("Łukasz", "Lukas"),
    ],
)  # fmt: skip
def test_one_name_in_two_scripts_has_the_same_consonants(one, other):
    assert bones(plain(one)) & bones(plain(other))


def test_letters_with_vowels_are_spelled_out():
    assert (romanized(plain("Иван")), romanized(plain("Юлия")), romanized("ivan")) == (
        "ivan",
        "yuliya",
        "",
    )
