"""Who is greeted and who signs goes, even with a name that is a word; what is said beside a greeting stays."""

import pytest

from hotline.anonymize import redact

NAMED = [
    ("hey {} they moved us", "hope"), ("hi {}, can you talk", "grace"), ("dear {} they locked the door", "hope"),
    ("hola {} me tienen encerrada", "dolores"), ("help\n- {}", "Thandi"), ("they took my phone\n{}", "grace"),
    ("please come fast, thank you {}", "grace"), ("they locked the door - {}", "Kofi"),
    ("my name is\n{}", "Thandi"), ("my name is: {}", "hope"), ("me llamo... {}", "esperanza"), ("alias {}", "el tuerto"),
    ("my name is “{}”", "grace"), ("mi nombre\n\n{}", "esperanza"),
]  # fmt: skip
PLAIN = [
    "hello please help me", "thank you for your help", "hola por favor ayuda", "help me please\nthey locked the door\nno food",
    "bonjour aidez moi", "merci beaucoup", "привет помогите мне", "they have my name. please do not call", "buenos dias\nnecesito ayuda",
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_who_is_spoken_to_or_signs_goes(text, name):
    assert name not in redact(text.format(name)).text


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_said_beside_a_greeting_stays(text):
    assert redact(text).text == text


@pytest.mark.parametrize("name", ["高", "何", "白", "马"])
@pytest.mark.parametrize("respect", ["先生", "老师", "经理"])
def test_a_surname_that_is_a_word_goes_before_what_respects_its_bearer(name, respect):
    assert name not in redact(f"{name}{respect}把我们关在房间里").text


@pytest.mark.parametrize("name", ["mar ia", "mar\nia"])
def test_a_name_that_is_cut_goes_whole(name):
    redacted = redact(f"then {name} took us away").text
    assert redacted.startswith("then [")
    assert redacted.endswith("] took us away")


@pytest.mark.parametrize("name", ["ng'ang'a", "Ng'ang'a"])
def test_a_name_with_two_apostrophes_is_no_two_small_words(name):
    assert redact(f"{name} took us").text.endswith("1] took us")


@pytest.mark.parametrize(
    "text",
    [
        "jusqu'à demain",
        "dans l'hôtel d'à côté",
        "they don't let us out",
        "qu'ils ne partent pas",
    ],
)
def test_what_is_elided_stays(text):
    assert redact(text).text == text
