"""Signs in the place of letters do not save a name, and a shout is no name."""

import pytest

from hotline.anonymize.detectors import disguised


@pytest.mark.parametrize(
    "name", ["mar!a", "mar¡a", "m@ria", "$am", "f@t!ma", "m|guel", "r@v!", "mar*a", "f**ma", "j*n", "an+onio", "s@l!ma", "d@v!d", "iv@n"]
)  # fmt: skip
def test_a_name_with_signs_for_letters_goes_whole(name):
    assert [(span.start, span.end) for span in disguised.find(f"then {name} came")] == [
        (5, 5 + len(name))
    ]


@pytest.mark.parametrize(
    "text", ["help!come quickly", "no!no!no!", "$500", "they took *everything* from me", "please*help", "¡ayuda!", "a+b", "10€ only", "what?!"]
)  # fmt: skip
def test_a_shout_is_no_name(text):
    assert list(disguised.find(text)) == []
