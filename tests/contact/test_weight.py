"""What a text takes as an SMS: as the provider counts it, and the same in the page while somebody types."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hotline
from hotline.messages import Encoding, encoding, segments, weight

SCRIPT = Path(hotline.__file__).parent / "static" / "console" / "weight.js"
PLAIN = "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà"
EXTENDED = "^{}\\[~]|€\f"
OTHER = "áíóúçãõ’“—…عربتшдਪ你好\u00a0\u200b\ud800"
WIDE = "😀🙂𐍈"

# Counted with Twilio's own calculator (npm sms-segments-calculator 1.3.0).
COUNTED = (
    ("a" * 160, "gsm", 1),
    ("a" * 161, "gsm", 2),
    ("a" * 306, "gsm", 2),
    ("a" * 307, "gsm", 3),
    ("é" * 160, "gsm", 1),
    ("€" * 80, "gsm", 1),
    ("€" * 81, "gsm", 2),
    ("a" * 152 + "€" + "a" * 10, "gsm", 2),
    ("€" * 152, "gsm", 2),
    ("€" * 153, "gsm", 3),
    ("á" * 70, "ucs2", 1),
    ("á" * 71, "ucs2", 2),
    ("á" * 134, "ucs2", 2),
    ("á" * 135, "ucs2", 3),
    ("😀" * 35, "ucs2", 1),
    ("😀" * 36, "ucs2", 2),
    ("😀" * 66, "ucs2", 2),
    ("😀" * 67, "ucs2", 3),
    ("ç", "ucs2", 1),
    ("Ç", "gsm", 1),
    ("\f\r\n", "gsm", 1),
    ("’", "ucs2", 1),
)

texts = st.text(st.sampled_from(PLAIN + EXTENDED + OTHER + WIDE), max_size=500) | st.text(
    st.sampled_from(PLAIN + EXTENDED), max_size=700
)


@pytest.mark.parametrize(("text", "written", "parts"), COUNTED)
def test_it_is_counted_as_twilio_does(text, written, parts):
    assert (encoding(text), segments(text)) == (written, parts)


def units(letter, written):
    if written is Encoding.GSM:
        return 2 if letter in EXTENDED else 1
    return len(letter.encode("utf-16-le", "surrogatepass")) // 2


@given(texts)
def test_it_is_what_filling_part_after_part_gives(text):
    weighed = weight(text)
    is_plain = all(letter in PLAIN + EXTENDED for letter in text)
    assert weighed.encoding == (Encoding.GSM if is_plain else Encoding.UCS2)
    single, part = (160, 153) if is_plain else (70, 67)
    widths = [units(letter, weighed.encoding) for letter in text]
    if sum(widths) <= single:
        assert (weighed.parts, weighed.room) == (1, single - sum(widths))
        return
    filled = [0]
    for width in widths:
        if filled[-1] + width > part:
            filled.append(0)
        filled[-1] += width
    assert (weighed.parts, weighed.room) == (len(filled), part - filled[-1])


@given(texts, texts)
def test_more_words_never_take_less(one, other):
    assert segments(one + other) >= max(segments(one), segments(other))


def test_the_page_counts_the_same_while_somebody_types(tmp_path):
    node = shutil.which("node")
    if not node:
        pytest.skip("needs node, which runs what the browser runs")
    chance = random.Random(42)
    pools = (PLAIN, EXTENDED, PLAIN + EXTENDED, PLAIN + OTHER, WIDE, OTHER + WIDE, "a")
    many = [
        "".join(chance.choices(chance.choice(pools), k=chance.randrange(700))) for _ in range(1500)
    ]
    shutil.copy(SCRIPT, tmp_path / "weight.mjs")
    (tmp_path / "texts.json").write_text(json.dumps(many))
    (tmp_path / "count.mjs").write_text(
        "import {weight, stripped} from './weight.mjs'; import fs from 'fs';\n"
        "const texts = JSON.parse(fs.readFileSync('texts.json'));\n"
        "console.log(JSON.stringify(texts.map(text => [weight(text), stripped(text).length])));"
    )
    told = subprocess.run(
        [node, "count.mjs"], cwd=tmp_path, capture_output=True, check=True, text=True
    )
    for text, (theirs, stripped) in zip(many, json.loads(told.stdout), strict=True):
        ours = weight(text)
        assert theirs == {
            "characters": len(text),
            "encoding": ours.encoding,
            "parts": ours.parts,
            "room": ours.room,
        }
        its = text.replace("\r\n", "\n").strip()
        assert stripped == len(its.encode("utf-16-le", "surrogatepass")) // 2
