"""A number said in words goes as one in figures does, in every language with number words."""

import pytest

from hotline.anonymize import redact
from hotline.domain.identity import Label

SPOKEN = {
    "en": "you can reach me on oh seven seven double oh nine double oh one four",
    "es": "mi número es seis cero cero uno dos tres cuatro cinco seis",
    "fr": "mon numéro zéro six douze trente-quatre cinquante-six soixante-dix huit zéro",
    "pt": "meu número é nove um dois três zero zero quatro",
    "ru": "мой номер восемь девятьсот ноль ноль один двадцать три сорок пять",
    "pl": "mój numer to pięć zero zero jeden dwa trzy",
    "ro": "numărul meu este zero șapte doi trei patru cinci șase",
    "de": "meine Nummer null eins sieben sechs vierundzwanzig fünfzig",
    "it": "il mio numero tre quattro sette zero uno due",
    "nl": "mijn nummer nul zes twaalf vierendertig zesenvijftig",
    "tr": "numaram sıfır beş yüz otuz iki on dört yirmi bir",
    "ar": "رقمي صفر وخمسة وسبعة صفر ثلاثة",
    "fa": "شماره من صفر نه یک دو سه چهار پنج",
    "ur": "میرا نمبر صفر تین صفر صفر ایک دو تین",
    "hi": "मेरा नंबर नौ आठ सात छह पाँच चार तीन",
    "bn": "আমার নম্বর শূন্য এক সাত দুই তিন চার পাঁচ",
    "am": "ስልኬ ዜሮ ዘጠኝ አንድ ሁለት ሦስት አራት አምስት",
    "sw": "namba yangu ni sifuri saba mbili tatu nne tano",
    "ha": "lambata sifili takwas uku biyar biyu ɗaya",
    "vi": "số của tôi là không chín không một hai ba bốn",
    "id": "nomor saya nol delapan satu dua tiga empat lima",
    "tl": "ang number ko zero nine one seven five five",
    "zh": "我的电话一三八零零一二三四五六",
    "ja": "私の電話はゼロきゅうゼロいちにさん",
    "th": "เบอร์ศูนย์แปดหนึ่งสองสามสี่ห้าหก",
    "my": "ဖုန်း သုညကိုးငါးတစ်နှစ်သုံးလေး",
    "km": "លេខ សូន្យ ប្រាំបួន មួយ ពីរ បី បួន",
    "hi-Latn": "mera number nau aath saat chhe paanch chaar teen",
}
MIXED = ["zero7 seven 4 double 2 one 9", "07 seven seven 0 nine double 4", "seven7 eight 9 zero 0", "oh7 2 two four 9 1"]  # fmt: skip


@pytest.mark.parametrize("language", SPOKEN)
def test_a_number_said_digit_by_digit_is_a_phone(language):
    assert Label.PHONE in {span.label for span in redact(SPOKEN[language]).spans}


@pytest.mark.parametrize("number", MIXED)
def test_words_and_figures_may_mix(number, left):
    assert left(f"call {number} at night", number) == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("my passport number is five five oh one two nine", "five five oh one two nine"),
        ("mi pasaporte es cuatro cero siete dos uno nueve", "cuatro cero siete dos uno nueve"),
        ("паспорт сорок пять ноль девять двенадцать тридцать", "сорок пять ноль девять двенадцать тридцать"),
    ],
)  # fmt: skip
def test_said_after_a_document_it_is_an_id(text, number, left):
    assert left(text, number) == ""
    assert Label.ID in {span.label for span in redact(text).spans}


@pytest.mark.parametrize(
    "text",
    [
        "they pay two hundred and twenty five thousand naira",
        "one or two or three men came",
        "они платят сто двадцать пять тысяч рублей",
        "somos dos o tres chicas en un cuarto",
    ],
)
def test_amounts_and_counts_in_words_stay(text):
    assert Label.PHONE not in {span.label for span in redact(text).spans}


@pytest.mark.parametrize("plate", ["kilo bravo zulu four five six", "Kwabz one two three xrayz"])
def test_number_words_beside_a_hidden_word_go_with_it(plate, left):
    assert left(f"plate {plate} in the morning", plate) == ""
