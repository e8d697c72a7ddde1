"""The address of an onion service is noticed when a letter of it is wrong."""

import pytest

from hotline.domain.onion import is_onion_origin

# The one that Tor's specification writes out.
ONION = "http://pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"


def test_a_whole_address_is_one() -> None:
    assert is_onion_origin(ONION)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        ONION.replace("http:", "https:"),
        ONION + "/",
        ONION.replace("pg6", "pg7"),
        ONION.replace("ryd.", "rye."),
        "http://pg6mmjiyjmcrsslv.onion",
        "http://line.example",
    ],
)
def test_anything_else_is_none(wrong: str) -> None:
    assert not is_onion_origin(wrong)
