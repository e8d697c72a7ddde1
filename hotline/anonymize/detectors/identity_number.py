"""Passports, national ids, tax and residence numbers: letters and digits in one piece, or six digits and more.

Covers among others: Mexican CURP, Indian Aadhaar and PAN, Brazilian CPF and RG, Spanish DNI and NIE, Chinese resident
id, Burmese NRC, Romanian CNP, British National Insurance, US Social Security, French NIR, machine-readable zones.
"""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

# Letters and digits, but of no script that stands without spaces: there a word would go along.
_C = r"[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
_LETTERS_AND_DIGITS = (
    rf"(?<!{_C})(?={_C}{{0,22}}\d{{2}})(?=\d{{0,23}}(?!\d){_C}){_C}{{6,24}}(?!{_C})"
)
_FORMS = re.compile(
    "|".join(
        (
            _LETTERS_AND_DIGITS,
            r"(?<!\d)\d{3}\.\d{3}\.\d{3}[-.]?\d{2}(?!\d)",
            r"(?<!\d)\d{4}[ -]\d{4}[ -]\d{4}(?![ -]?\d)",
            r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)",
            r"(?<!\w)[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d](?!\w)",
            r"(?<!\d)[12] ?\d{2} ?[01]\d ?\d{2} ?\d{3} ?\d{3}(?: ?\d{2})?(?!\d)",
            r"\d{1,2}/[\u1000-\u109f]{2,12}\s?\([\u1000-\u109f]{1,8}\)\s?\d{6}",
            r"\d-\d{4}-\d{5}-\d{2}-\d",
            r"(?<!\w)[a-z]{1,3}[ -]?\d{5,12}(?!\w)",
            r"(?<!\w)[a-z]{2,6}(?:[-/][a-z0-9]{1,10})*[-/]\d{3,12}(?:[-/][a-z0-9]{1,10})*(?!\w)",
            r"(?<![a-z0-9<])[a-z0-9<]{5,60}<<[a-z0-9<]*",
        )
    )
)
_SERIES = re.compile(
    r"(?:паспорт\w*|загранпаспорт\w*|серия|passport|pasaporte|passeport|passaporte|pasport|pasaport|paszport|дн[иі]|снилс|инн|"
    r"рассчетный|جواز|شناسنامه|پاسپورت|پاسپورٹ|पासपोर्ट|পাসপোর্ট|護照|护照|身份证号?|身份证)\W{0,4}(?:no|nr|n°|№|номер|number|número|号码|号)?\W{0,3}"
    r"(?P<number>[a-z]{0,3} ?\d{2,4}(?:[ -]?\d{2,7}){1,3})"
)


# Most numbers count something; the forms above are tried only where a text could hold one of them.
_HINT = re.compile(r"\d(?:\d{4}|[^\W\d_]|[-./ ]\d)|[^\W\d_][ -]?\d\d|<<")


def find(folded: str) -> Iterator[Span]:
    if not _HINT.search(folded):
        return
    for found in _FORMS.finditer(folded):
        yield Span(found.start(), found.end(), Label.ID)
    for found in _SERIES.finditer(folded):
        yield Span(found.start("number"), found.end("number"), Label.ID)
