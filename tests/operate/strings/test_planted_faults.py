"""Each kind of fault, planted alone in translations that are right: the check tells it, and tells nothing else."""

from pathlib import Path
from typing import NamedTuple

import pytest

from hotline.i18n import Languages
from hotline.reviews import version_of
from tests.operate.strings.made_up import check

ES, AR, RU = (f"{locale}/LC_MESSAGES/messages.po" for locale in ("es", "ar", "ru"))
CALL, PHRASE, DESK = (f"es/LC_MESSAGES/{name}.po" for name in ("voice", "phrases", "console"))
PAGE, TEXT = "../templates/web/page.html", "../templates/messages/received/sms.txt"
HELLO, SOON = "'Hello %(name)s.'", "'We read it soon.'"
DAYS = "'%(count)s day left.'"
FIRST = "'Got it. OK to write here? 1 yes 2 no'"
DIAL = "'Call +1 500 555 0142, or look at https://example.org today.'"
LINK = """'Write <a href="%(url)s">here</a> at any time.'"""


class Planted(NamedTuple):
    """In *path* stands *new* for *old*; at its end, if nothing is old; the file is gone, if nothing is new."""

    path: str
    old: str
    new: str
    fault: str


FAULTS = {
    # What is not there.
    "a catalog": Planted(RU, "", "", "ru/messages.po: there is no catalog"),
    "a desk's catalog": Planted(DESK, "", "", "es/console.po: there is no catalog"),
    "a translation": Planted(
        ES, '"Lo leemos pronto."', '""', f"es/messages.po: not translated: {SOON}"
    ),
    "a form": Planted(AR, '"بقي %(count)s يوم."', '""', f"ar/messages.po: not translated: {DAYS}"),
    "a template's comment": Planted(
        PAGE,
        "heading of a page",
        "title of a page",
        "messages.pot is out of date: run `hotline strings extract`",
    ),
    # What is half there.
    "a guess": Planted(
        ES,
        "#: messages/more/sms.txt\n",
        "#: messages/more/sms.txt\n#, fuzzy\n",
        f"es/messages.po: a guess that nobody has read (fuzzy): {SOON}",
    ),
    "a file in pieces": Planted(ES, "", "msgid broken", "es/messages.po: it cannot be read"),
    "a sentence of yesterday": Planted(
        ES,
        "",
        '\nmsgid "Gone."\nmsgstr "Ya no."\n',
        "es/messages.po: no template says this any more: 'Gone.'",
    ),
    "the plural of another language": Planted(
        ES,
        "plural=(n != 1)",
        "plural=(n > 1)",
        "es/messages.po: its Plural-Forms are not those of locales.toml",
    ),
    "no plural": Planted(
        ES, "Plural-Forms", "Many-Forms", "es/messages.po: its head has no Plural-Forms"
    ),
    # Fields and tags.
    "a renamed field": Planted(
        ES, "Hola, %(name)s", "Hola, %(nombre)s", f"es/messages.po: other fields: {HELLO}"
    ),
    "a lost field": Planted(ES, "Hola, %(name)s", "Hola", f"es/messages.po: other fields: {HELLO}"),
    "a lost number": Planted(
        AR, "بقيت %(count)s أيام", "بقيت أيام", f"ar/messages.po: other fields: {DAYS}"
    ),
    "a lone percent": Planted(
        ES, "pronto.", "al cien %.", f"es/messages.po: a damaged field, or a lone %: {SOON}"
    ),
    "a brace": Planted(ES, "pronto.", "{pronto}.", f"es/messages.po: other braces: {SOON}"),
    "a lost tag": Planted(ES, "aquí</a>", "aquí", f"es/messages.po: other tags: {LINK}"),
    "a damaged attribute": Planted(
        ES, "Escriba <a href", "Escriba <a src", f"es/messages.po: other tags: {LINK}"
    ),
    "tags crossed": Planted(
        ES,
        '<a href=\\"%(url)s\\">aquí</a>',
        '</a>aquí<a href=\\"%(url)s\\">',
        f"es/messages.po: a tag that ends before it begins: {LINK}",
    ),
    "half a tag": Planted(
        ES, "aquí</a> cuando", "aquí</a> < cuando", f"es/messages.po: a lone <, > or &: {LINK}"
    ),
    "a quotation mark": Planted(
        ES,
        "Aquí a salvo",
        '\\"Aquí\\" a salvo',
        "es/messages.po: a straight quotation mark inside an attribute: 'Safe here'",
    ),
    # Numbers.
    "another number": Planted(
        ES, "21 cifras", "12 cifras", "es/messages.po: other numbers: 'The code has 21 digits.'"
    ),
    "keys in another order": Planted(
        ES,
        "1 sí 2 no",
        "2 sí 1 no",
        f"es/messages.po: the keys of a menu in another order: {FIRST}",
    ),
    "one digit of a telephone": Planted(
        ES,
        "al +1 500 555 0142",
        "al +1 500 555 0143",
        f"es/messages.po: another telephone number: {DIAL}",
    ),
    "another address": Planted(
        ES,
        "mire https://example.org",
        "mire https://example.com",
        f"es/messages.po: another web or e-mail address: {DIAL}",
    ),
    "keys of a call": Planted(
        CALL,
        "pulse 2",
        "pulse 3",
        "es/voice.po: other digits, or in another order: 'To talk, press 1. To wait, press 2.'",
    ),
    "digits of two scripts": Planted(
        AR, "1 نعم 2", "١ نعم 2", f"ar/messages.po: digits of two scripts: {FIRST}"
    ),
    # Letters.
    "letters of another script": Planted(
        RU, "прочтём", "read", f"ru/messages.po: letters of another script in 'read': {SOON}"
    ),
    "a Cyrillic o": Planted(
        ES, "pronto.", "prontо.", f"es/messages.po: letters of another script in 'prontо': {SOON}"
    ),
    "a neighbour's letter": Planted(
        RU,
        "Скоро прочтём",
        "Скоро прочтім",
        f"ru/messages.po: the letter 'і' of another language: {SOON}",
    ),
    "letters in pieces": Planted(
        ES, "sí 2", "si\u0301 2", f"es/messages.po: letters in pieces (not NFC): {FIRST}"
    ),
    "a stray direction": Planted(
        ES, "pronto", "\u200epronto", f"es/messages.po: a sign that turns the direction: {SOON}"
    ),
    "a direction without end": Planted(
        AR,
        "0142\u2069",
        "0142",
        f"ar/messages.po: signs that turn the direction and do not end: {DIAL}",
    ),
    "a joiner": Planted(
        ES, "pronto", "pron\u200cto", f"es/messages.po: the unseen sign U+200C: {SOON}"
    ),
    "a soft hyphen": Planted(
        RU, "прочтём", "проч\u00adтём", f"ru/messages.po: the unseen sign U+00AD: {SOON}"
    ),
    "a blank at the end": Planted(
        ES, "pronto.", "pronto. ", f"es/messages.po: other blanks at an end, or other lines: {SOON}"
    ),
    "a lost line": Planted(
        ES,
        "Dos líneas.\\n",
        "Dos líneas. ",
        "es/messages.po: other blanks at an end, or other lines: 'Two lines.\\nAnd no more.'",
    ),
    "two blanks": Planted(
        ES, "leemos pronto", "leemos  pronto", f"es/messages.po: two blanks in a row: {SOON}"
    ),
    # Words.
    "a word twice": Planted(
        ES,
        "leemos pronto",
        "leemos leemos pronto",
        f"es/messages.po: the word 'leemos' twice: {SOON}",
    ),
    "English": Planted(
        ES,
        "Lo leemos pronto.",
        "We read it soon.",
        f"es/messages.po: the same as in English: {SOON}",
    ),
    "English left over": Planted(
        ES,
        "Lo leemos pronto",
        "Lo leemos, we read it",
        f"es/messages.po: words that were left in English: {SOON}",
    ),
    "another sentence's words": Planted(
        ES,
        "Nadie más puede leerlo.",
        "Lo leemos pronto.",
        f"es/messages.po: the words of another sentence, {SOON}: 'Nobody else can read it.'",
    ),
    "another word for a term": Planted(
        ES,
        "El código",
        "La clave",
        "es/messages.po: the term 'code' is not said as 'código': 'The code has 21 digits.'",
    ),
    "a word that is never said": Planted(
        ES,
        "Nadie más",
        "Ninguna víctima",
        "es/messages.po: a word that is never said, 'víctima': 'Nobody else can read it.'",
    ),
    "a word that tells": Planted(
        ES,
        "Lo leemos",
        "Su denuncia",
        f"es/messages.po: a word that is never said, 'denuncia': {SOON}",
    ),
    "a word that tells who overhears": Planted(
        CALL,
        "esperar",
        "police",
        "es/voice.po: it tells who overhears it too much: 'To talk, press 1. To wait, press 2.'",
    ),
    "a sign that no voice says": Planted(
        CALL,
        "hablar,",
        "hablar &",
        "es/voice.po: a sign that cannot be said aloud: 'To talk, press 1. To wait, press 2.'",
    ),
    "a word that providers act on": Planted(
        ES, "Lo leemos", "INFO: leemos", "es: the SMS more holds a word that providers act on"
    ),
    "a phrase that providers act on": Planted(
        PHRASE, "heridas", "HELP", "es: the phrase hurt holds a word that providers act on"
    ),
    "two words that ask alike": Planted(
        ES, "CONSERVAR", "Borrar", "es: the SMS keep_word is the same word as erase_word"
    ),
    "a word that is two": Planted(
        ES, "CONSERVAR", "NO BORRAR", "es: the SMS keep_word is not one word"
    ),
    # Lengths.
    "longer than its comment": Planted(
        ES,
        "Recibido",
        "Hemos recibido lo que usted escribió hace un momento",
        f"es/messages.po: 81 characters, and its comment wants at most 70: {FIRST}",
    ),
    "more words than its comment": Planted(
        ES,
        "Nadie más puede",
        "Nadie más en el mundo puede",
        "es/messages.po: 7 words, and its comment wants at most 5",
    ),
    "a long sentence": Planted(
        ES,
        "Lo leemos pronto",
        f"Lo leemos {'a, b, c, ' * 8}d",
        f"es/messages.po: a sentence of 27 words: at most 25: {SOON}",
    ),
    "a text of three parts": Planted(
        RU,
        "Скоро",
        "Когда-нибудь прочтём. " * 8 + "Скоро",
        "ru: the SMS more takes more than 2 parts",
    ),
    "a long phrase": Planted(
        PHRASE,
        "heridas",
        "fiebre, deshidratación, desnutrición, intoxicaciones, quemaduras, contusiones, fracturas",
        "es/phrases.po: a phrase longer than 100 units: 'Is anyone hurt?'",
    ),
    "a prompt without breath": Planted(
        CALL,
        "Para hablar",
        "Un momento. " * 33 + "Para hablar",
        "es/voice.po: longer than 400 letters",
    ),
    # What lies beside.
    "no glossary": Planted("es/glossary.toml", "", "", "es/glossary.toml: there is no such file"),
    "a glossary in pieces": Planted(
        "es/glossary.toml", "never = [", "never = ", "es/glossary.toml: it cannot be read"
    ),
    "a lost term": Planted(
        "es/glossary.toml",
        'write = ["escrib"]',
        "",
        "es/glossary.toml: the term 'write' is missing",
    ),
    "a term of no one": Planted(
        "es/glossary.toml",
        "[terms]",
        '[terms]\nhouse = ["casa"]',
        "es/glossary.toml: GLOSSARY.toml has no term 'house'",
    ),
    "an exception that is not needed": Planted(
        "ru/glossary.toml",
        '"A participle of it."',
        '"A participle of it."\n[except."We read it soon."]\ncode = "No."',
        f"ru/glossary.toml: the exception of 'code' is not needed: {SOON}",
    ),
    "a permit that is not needed": Planted(
        "ALLOWED.toml",
        '["Web"]',
        '["Web", "Gone."]',
        "ALLOWED.toml: same: not needed in es: 'Gone.'",
    ),
    "a permit from a strict rule": Planted(
        "ALLOWED.toml",
        "",
        '[[fields]]\nallow = ["Web"]\nwhy = "So."',
        "ALLOWED.toml: from fields there are no exceptions",
    ),
    "a permit without a reason": Planted(
        "ALLOWED.toml", "A name.", "", "ALLOWED.toml: same: no reason for 'Web'"
    ),
    "not read back": Planted(
        "ru/back.toml", '"Веб" = "Read back."', "", "ru/messages.po: not translated back: 'Web'"
    ),
    "read back yesterday": Planted(
        "ru/back.toml", "", '"Было." = "Was."', "ru/back.toml: no sentence of today: 'Было.'"
    ),
    "nothing read back": Planted(
        "ru/back.toml",
        "",
        "",
        "ru/back.toml: nothing was translated back, and REVIEW.toml says cross-checked",
    ),
    "no state": Planted(
        "REVIEW.toml", '[ar]\nstate = "drafted"', "", "REVIEW.toml: ar has no state"
    ),
    "an unknown state": Planted(
        "REVIEW.toml",
        '[ar]\nstate = "drafted"',
        '[ar]\nstate = "good"',
        "REVIEW.toml: ar: its state is not",
    ),
    "a language of no one": Planted(
        "REVIEW.toml",
        "[ar]",
        '[xx]\nstate = "drafted"\n[ar]',
        "REVIEW.toml: xx is no language of ours",
    ),
    "a doubt about nothing": Planted(
        "REVIEW.toml",
        'sentence = "KEEP"',
        'sentence = "Gone."',
        "REVIEW.toml: es: a doubt about no sentence of today: 'Gone.'",
    ),
    "a doubt without a reason": Planted(
        "REVIEW.toml", "May be too stiff.", "", "REVIEW.toml: es: a doubt without a reason: 'KEEP'"
    ),
    "a signature of yesterday": Planted(
        "REVIEW.toml",
        '"cross-checked"',
        '"reviewed"\nreaders = [{ name = "Ana", on = 2026-01-01, version = "0a1b" }]',
        "REVIEW.toml: ru: reviewed, and nobody signed its sentences as they stand today",
    ),
    "a signature without a day": Planted(
        "REVIEW.toml",
        '"cross-checked"',
        '"cross-checked"\nreaders = [{ name = "Ana", version = "0a1b" }]',
        "REVIEW.toml: ru: a signature without a name, a day or a version",
    ),
    "reviewed by nobody": Planted(
        "REVIEW.toml",
        "cross-checked",
        "reviewed",
        "REVIEW.toml: ru: reviewed, and nobody signed its sentences as they stand today",
    ),
}


def test_what_is_right_is_told_nothing(made_up: Path) -> None:
    assert check(made_up) == []


@pytest.mark.parametrize("planted", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_told_and_nothing_else(made_up: Path, planted: Planted) -> None:
    damage(made_up / "translations", planted)
    faults = check(made_up)
    assert [fault[: len(planted.fault)] for fault in faults] == [planted.fault]


def damage(translations: Path, planted: Planted) -> None:
    path = translations / planted.path
    if not planted.old and not planted.new:
        path.unlink()
        return
    replace(path, planted)
    back = path.parent.parent / "back.toml"
    if path.suffix == ".po" and back.exists():
        # What was read back was read back of the damaged sentence: that is another fault.
        replace(back, planted)


def replace(path: Path, planted: Planted) -> None:
    text = path.read_text("utf-8")
    assert planted.old in text
    damaged = text.replace(planted.old, planted.new) if planted.old else text + planted.new + "\n"
    path.write_text(damaged, "utf-8")


def test_what_somebody_signed_as_it_stands_is_reviewed(made_up: Path) -> None:
    translations = made_up / "translations"
    version = version_of(Languages(translations, made_up / "templates").safety("ru"))
    reader = f'"reviewed"\nreaders = [{{ name = "Ana", on = 2026-01-01, version = "{version}" }}]'
    replace(translations / "REVIEW.toml", Planted("", '"cross-checked"', reader, ""))
    assert check(made_up) == []
    # Whatever of it changes, nobody has read that.
    damage(translations, Planted(RU, "Сказанное заперто", "Сказанное под замком", ""))
    assert [fault.partition(",")[0] for fault in check(made_up)] == ["REVIEW.toml: ru: reviewed"]
