"""What was said stays readable; who said it, and about whom, does not."""

import pytest

from hotline.anonymize import entities, redact

CANARIES = [
    ("en", "My name is Amina Okonjo-Bello and the boss Mr Kowalczyk took my passport", ["Amina", "Okonjo", "Kowalczyk"]),
    ("es", "Soy María Quispe, mi jefe Ramón no me deja salir de la casa", ["María", "Quispe", "Ramón"]),
    ("fr", "je m'appelle Aïssatou Diallo, monsieur Delcroix garde mes papiers", ["Aïssatou", "Diallo", "Delcroix"]),
    ("ar", "اسمي نعيمة والكفيل ابو تركي اخذ جوازي", ["نعيمة", "تركي"]),
    ("ru", "меня зовут Дилфуза, хозяйка Жанар забрала паспорт", ["Дилфуза", "Жанар"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "names"), CANARIES)
def test_names_are_taken_out_however_they_are_written(
    language: str, text: str, names: list[str]
) -> None:
    for written in (text, text.lower(), text.upper()):
        redacted = redact(written).text.lower()
        assert not [name for name in names if name.lower() in redacted]


def test_what_happened_stays() -> None:
    redacted = redact(
        "they locked the door and took my passport, I have no money and I am hungry"
    ).text
    assert redacted == "they locked the door and took my passport, I have no money and I am hungry"


def test_the_same_person_keeps_one_number() -> None:
    text = "Ramón tiene la llave. Mi hermana Nilda tiene miedo de Ramón."
    redaction = redact(text)
    assert redaction.text.count("[PERSON 1]") == 2
    assert dict(entities(text, redaction))["[PERSON 1]"] == "ramón"


def test_a_placeholder_that_was_written_is_never_that_of_a_name() -> None:
    redacted = redact("[PERSON 2] called. My name is Ramiro").text
    assert redacted == "[PERSON 1] called. My name is [PERSON 2]"


def test_a_placeholder_with_other_brackets_stays_what_it_is() -> None:
    redaction = redact("［PERSON 1］ called")
    assert redaction.text.count("[") == len(redaction.spans)
    assert redaction.text.startswith("［")
