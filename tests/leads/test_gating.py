"""What must hold of a lead beside its words: an act, who could know of it, and the ladders that facts are told on. Pure."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.leads.codes import COUNTRIES
from hotline.leads.disclose import CouldKnow, LeadRefused, coarse, disclose
from hotline.leads.gating import FACTS, Person
from hotline.leads.ladders import BANDS, LADDERS, band_of, is_within, region_of
from hotline.leads.spoken import facts_of, said, said_in
from hotline.leads.wording import Fact
from tests.leads.desk import draft

countries = st.sampled_from(sorted(COUNTRIES))
ages = st.integers(0, 120)


def refusal(**changes: object) -> frozenset[Fact]:
    with pytest.raises(LeadRefused) as refused:
        disclose(draft(**changes))
    return refused.value.facts


def test_nothing_leaves_of_which_nobody_said_that_something_was_done():
    # Neither a kind of exploitation, nor where somebody comes from, nor how they look is an act.
    grounds = {
        "exploitation": ("SexualExploitation",),
        "nationality": "NG",
        "gender": "Feminine",
        "summary": "Women who do sex work in a flat.",
    }
    assert refusal(indicators=(), control=(), **grounds) == {Fact.NO_ACT}
    # Something other is none either.
    assert refusal(indicators=(), control=("Other",), **grounds) == {Fact.NO_ACT}
    assert disclose(draft(indicators=(), control=("DebtBondage", "Other")))
    assert disclose(draft(indicators=("ilo-deception",), control=()))


@pytest.mark.parametrize("could_know", [CouldKnow.ONE, CouldKnow.FEW, CouldKnow.UNKNOWN])
def test_what_few_could_know_leaves_only_once_the_person_was_told_so(could_know):
    assert refusal(could_know=could_know) == {Fact.COULD_KNOW}
    # How many could know never leaves: the two are the same.
    told = disclose(draft(could_know=could_know, warned=True))
    assert disclose(draft(could_know=CouldKnow.MANY)) == told


def test_no_draft_says_that_many_could_know_unless_somebody_did():
    unsaid = replace(draft(), could_know=type(draft())(**_least()).could_know)
    assert unsaid.could_know is CouldKnow.UNKNOWN


def _least() -> dict[str, object]:
    return {"country": "RO", "seen": date(2026, 11, 9), "summary": "Words."}


def test_a_country_is_told_as_a_region_and_an_age_as_a_band():
    told = disclose(draft(nationality="MD", age=22, gender="Feminine"))
    assert (told.nationality, told.age_band, told.gender) == ("151", "21-23", "Feminine")
    told = disclose(draft(nationality="MD", age=22, coarser=frozenset({"nationality", "age_band"})))
    assert (told.nationality, told.age_band) == ("150", "18-29")
    assert {"nationality", "age_band"} <= set(told.fields)


@given(ages)
def test_every_age_has_one_band_and_a_child_is_a_child_in_each(age):
    assert sum(band.first <= age <= band.last for band in BANDS) == 1
    told = coarse(draft(age=age))
    assert told.minor == ("yes" if age < 18 else "unknown")
    assert (band_of(age, coarser=True) == "0-17") is (age < 18)
    assert is_within(band_of(age), band_of(age, coarser=True))


@given(countries)
def test_no_country_leaves_as_itself(country):
    finer, coarser = region_of(country), region_of(country, coarser=True)
    assert country not in (finer, coarser)
    assert (finer == "") is (coarser == "")
    assert is_within(finer, coarser)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nationality": "Romania"}, "nationality"),
        ({"age": 130}, "age_band"),
        ({"age": -1}, "age_band"),
        ({"gender": "female"}, "gender"),
    ],
)
def test_what_is_no_code_is_refused(changes, field):
    with pytest.raises(LeadRefused) as refused:
        disclose(draft(**changes))
    assert [problem.field for problem in refused.value.problems] == [field]


people = st.builds(
    Person,
    st.fixed_dictionaries(
        {},
        optional={
            "person_language": st.frozensets(st.sampled_from(["ro", "hu", "uk"]), min_size=1),
            "nationality": st.frozensets(st.sampled_from(["151", "150", "034"]), min_size=1),
            "age_band": st.frozensets(st.sampled_from(["18-20", "18-29"]), min_size=1),
            "minor": st.just(frozenset({"yes"})),
        },
    ),
    st.frozensets(
        st.sampled_from([("RO", "", "", ""), ("RO", "RO-CJ", "", ""), ("RO", "RO-CJ", "cluj", "")]),
        min_size=1,
    ),
)


@given(people, people, people)
def test_who_fits_all_that_was_told_fits_each_part_of_it(one, other, them):
    both = one | other
    assert both.fits(both)
    if both.fits(them):
        assert one.fits(them)
        assert other.fits(them)
    assert Person.from_json(both.to_json()) == both


def test_the_same_or_finer_fits_and_nothing_else():
    told = Person.of(
        coarse(draft(nationality="MD", area="RO-CJ", coarser=frozenset({"nationality"})))
    )
    finer = Person.of(coarse(draft(nationality="UA", area="RO-CJ", town="Cluj")))
    assert told.fits(finer)
    assert not finer.fits(told)
    assert not told.fits(Person.of(coarse(draft(nationality="UA", area="RO-AB"))))
    assert not told.fits(Person.of(coarse(draft(nationality="UA"))))


def test_a_place_is_one_place_however_it_is_typed():
    one, other = (
        Person.of(coarse(draft(gender="Feminine", town=town))) for town in ("Cluj", " cluj ")
    )
    assert one.fits(other)
    assert other.fits(one)


def test_each_ladder_ends_where_nothing_is_told_and_costs_more_with_each_step():
    assert set(LADDERS) == {*FACTS, "place"}
    for name, rungs in LADDERS.items():
        assert [rung.cost for rung in rungs] == sorted({rung.cost for rung in rungs}), name
        assert rungs[-1].step == ("country" if name == "place" else ""), name


def told_by(words: str, language: str) -> set[str]:
    """Return what words say, of a lead of Romania, without the names of the facts."""
    return {value for _, value, _, _ in said(words, language, "RO")}


@pytest.mark.parametrize(
    ("words", "language", "values"),
    [
        ("The workers speak Romanian.", "en", {"ro"}),
        ("The workers speak only Thai, Urdu, Lao and Igbo.", "en", {"th", "ur", "lo", "ig"}),
        ("Even at night the door is locked.", "en", set()),
        ("Они говорят на румынском языке.", "ru", {"ro"}),
        ("Nur ungarisch wird gesprochen, sagt man.", "de", {"hu"}),
        ("Vorbesc doar limba maghiară și tailandeză.", "en", {"hu", "th"}),
        ("Die ungarische Frau schläft im Container.", "de", {"HU", "hu", "Feminine"}),
        ("Les femmes hongroises dorment dans un conteneur.", "fr", {"HU", "hu", "Feminine"}),
        ("La mujer húngara duerme en un contenedor.", "es", {"HU", "hu", "Feminine"}),
        ("Femeile vorbesc ungurește, sunt maghiare.", "ro", {"hu", "Feminine"}),
        ("La donna ungherese, le ragazze rumene", "it", {"hu", "ro"}),
        ("Fata este din Ungaria, ungurii sunt doi.", "ro", {"HU", "hu", "Feminine"}),
        ("ungarska kvinnan", "sv", {"hu"}),
        ("فتاة من نيجيريا", "ar", {"NG", "Feminine"}),
        ("一名匈牙利工人被锁在集装箱里", "zh", {"HU"}),
        ("", "en", set()),
        ("Words", "no such language", set()),
    ],
)  # fmt: skip
def test_words_that_name_a_language_or_an_origin_tell_it(words, language, values):
    assert told_by(words, language) == values


@pytest.mark.parametrize(
    ("words", "language", "values"),
    [
        ("A Brazilian girl of seventeen", "en", {"BR", "Feminine", "17y", "yes"}),
        ("A pregnant woman from Nigeria, twenty-two years old", "en", {"NG", "Feminine", "22y"}),
        ("Two men and a boy aged 9", "en", {"Masculine", "9y", "yes"}),
        ("Some are under 18, others minors.", "en", {"yes"}),
        ("They work 17 hours; it went on for 20 years.", "en", set()),
        ("una chica de 17 años", "es", {"Feminine", "17y", "yes"}),
        ("une jeune fille de dix-sept ans", "fr", {"Feminine", "17y", "yes"}),
        ("o fată de șaptesprezece ani", "ro", {"Feminine", "17y", "yes"}),
        ("ein siebzehn Jahre altes Mädchen", "de", {"Feminine", "17y", "yes"}),
        ("Sie ist siebzehn Jahre alt.", "de", {"17y", "yes"}),
        ("девушка из Украины, 17 лет", "ru", {"UA", "Feminine", "17y", "yes"}),
        ("فتاة عمرها 17", "ar", {"Feminine", "17y", "yes"}),
    ],
)
def test_words_that_say_a_sex_or_an_age_tell_it(words, language, values):
    assert told_by(words, language) == values


def test_what_says_nothing_of_a_person_is_left():
    for text in (
        draft().summary,
        "Somewhere in Romania people are held.",
        "The alleged man keeps the papers; the alleged Hungarian organizer locks the door.",
        "They polish cars and pluck turkey.",
        "Les ouvriers dorment dans un conteneur fermé à clé. L'organisateur présumé garde leurs papiers.",
        "Trabajadores de un lavadero duermen en un contenedor. El presunto organizador guarda sus papeles.",
        "Muncitorii de la o spălătorie dorm într-un container. Presupusul organizator le ține actele.",
        "Arbeiter einer Waschanlage schlafen im Container. Der mutmaßliche Organisator behält ihre Papiere.",
        "Рабочие на автомойке спят в запертом контейнере. Предполагаемый организатор хранит их документы.",
    ):
        assert told_by(text, "en") == set(), text


def test_each_text_of_a_lead_is_read():
    told = coarse(
        draft(
            headline="Girls held",
            town="Little Nigeria",
            venue="Ukrainian hostel",
            translations={"fr": "Une Marocaine est enfermée."},
        )
    )
    found = {(one.field, one.value) for one in said_in(told)}
    assert found >= {
        ("headline", "Feminine"),
        ("town", "NG"),
        ("venue", "UA"),
        ("translations.fr", "MA"),
    }
    # A country in words is finer than the region that a field tells of it, an age than its band.
    spoken = Person.of(told, facts_of(said_in(told)))
    assert Person.of(coarse(draft(nationality="NG"))).fits(spoken)
    assert not spoken.fits(Person.of(coarse(draft(nationality="NG", gender="Feminine"))))
    assert is_within("17y", "9-17")
    assert is_within("17y", "0-17")
    assert not is_within("9-17", "17y")


@pytest.mark.parametrize(
    ("field", "value", "fact"),
    [
        ("town", "[PLACE 1]", Fact.PLACEHOLDER),
        ("venue", "A\u202ebar", Fact.HIDDEN_CHARACTER),
        ("venue", "x" * 121, Fact.TOO_LONG),
        ("plates", ("[VEHICLE 1]",), Fact.PLACEHOLDER),
        ("handles", ("x" * 121,), Fact.TOO_LONG),
    ],
)
def test_a_field_holds_one_thing_that_everybody_sees(field, value, fact):
    with pytest.raises(LeadRefused) as refused:
        disclose(draft(**{field: value}))
    assert [(one.field, one.fact) for one in refused.value.problems] == [(field, fact)]


def test_who_helps_the_person_stands_in_no_field_either():
    for field, value in (("venue", "Bayt al-Amal"), ("handles", ("@bayt-al-amal",))):
        with pytest.raises(LeadRefused) as refused:
            disclose(draft(**{field: value}), organizations=["Bayt al-Amal"])
        assert [one.field for one in refused.value.problems] == [field]


def test_a_kind_of_exploitation_that_only_children_suffer_tells_of_a_child():
    assert Person.of(coarse(draft(exploitation=("ChildLabour",)))).facts == {"minor": {"yes"}}


def test_the_country_of_a_lead_is_no_language() -> None:
    for text, language in (("A house in Romania", "en"), ("O casă în România", "ro")):
        assert said(text, language, "RO") == (), text
    facts = [fact for fact, *_ in said("A Romanian woman", "en", "RO")]
    assert "person_language" in facts
