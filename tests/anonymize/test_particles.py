"""A name goes with whatever its language writes onto it, and where it is made of words; the words themselves stay."""

import pytest

from hotline.anonymize import redact

INFLECTED = [
    ("dün akşam {} evi kilitlendi", "serkanın"), ("dün {} kapıyı kilitledi", "recepler"), ("bizi {} götürdüler", "bağcılarda"),
    ("امس {} ضربوه", "ولسعيد"), ("اخذونا ثم ذهبوا {} ليلا", "لبغداد"), ("ضربوا اخي {} وتركونا", "ولمحمد"),
    ("دیشب {} را زدند", "نیمام"), ("last night {} brother came", "smith's"), ("we sleep in {} house", "jack's"),
]  # fmt: skip
ORDINARY = [
    "kapıda bekliyorlar ve evde yemek yok", "الباب مقفل ولا اعرف كيف اخرج من البيت", "در خانه غذا نیست",
    "the boss's brother took a week's pay",
]  # fmt: skip
MADE_OF_WORDS = [
    ("mbak {} dikunci", "mawar"), ("anh {} bị đánh", "hùng"), ("ጓደኛዬ {} ታማለች", "ሰላም"), ("अब मेरा दोस्त {} बंद है", "आकाश"),
    ("အစ်မ {} ငိုနေတယ်", "မိုး"), ("my sister {} is locked in", "favour"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), INFLECTED)
def test_a_name_goes_with_what_is_written_onto_it(text, name):
    assert name not in redact(text.format(name)).text


@pytest.mark.parametrize("text", ORDINARY)
def test_words_with_the_same_endings_stay(text):
    assert redact(text).text == text


@pytest.mark.parametrize(("text", "name"), MADE_OF_WORDS)
def test_a_word_that_is_a_name_goes_after_kin_and_titles(text, name):
    assert name not in redact(text.format(name)).text


@pytest.mark.parametrize("text", ["they did me a favour", "ada bunga di kebun"])
def test_a_word_that_is_a_name_stays_elsewhere(text):
    assert redact(f"x, {text}").text.endswith(text)


@pytest.mark.parametrize(("text", "name"), [("เมื่อคืน{}ไม่กลับบ้าน", "ธวัศชา"), ("{}ကို ရိုက်တယ်", "အောင်မျိုးသူ")])
def test_no_syllable_of_a_name_stays_where_no_space_parts_words(text, name):
    redacted = redact(text.format(name)).text
    before, _, after = text.partition("{}")
    assert redacted.startswith(f"{before}[")
    assert redacted.endswith(f"]{after}")
