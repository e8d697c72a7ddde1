"""Names on networks go; the network stays, for it says where to look for the recruiter."""

import pytest

from hotline.domain.identity import Label

HANDLES = [
    "@kelvin_naso",
    "kelvin_naso",
    "#agentkelvin",
    "@ kelvin",
    "@мария_к",
    "__kel__",
    "kelvin.n99",
]
AFTER_A_NETWORK = [
    ("telegram: {}", "kelvin.99"), ("line id {}", "kelvin99"), ("加微信{}", "kelvin99"), ("انستا {}", "kelvin.99"),
    ("mi insta es {}", "wara_costuras"), ("my insta is {}", "marigold77"), ("insta: {}", "sunshinegirl"), ("тг: {}", "nurlanchik"),
    ("WeChat ID: {}", "lotus2020"), ("เพิ่มไลน์ {}", "joy_22"), ("카톡 아이디 {}", "minsu77"), ("zalo của em là {}", "lanhuong99"),
    ("my snapchat: {}", "jess.xo"), ("facebook {}", "rosa.flores.5"), ("फेसबुक: {}", "rakesh.kumar9"), ("телега {}", "nurlan.88"),
    ("tiktok – {}", "kazi_ulaya"), ("ig mi {}", "adunni_zz"), ("username = {}", "frost"),
]  # fmt: skip


@pytest.mark.parametrize("handle", HANDLES)
@pytest.mark.parametrize("around", ["write to {} please", "{}", "ник {} вот"])
def test_nothing_of_a_handle_stays(handle, around, left):
    assert left(around.format(handle), handle) == ""


@pytest.mark.parametrize(("text", "handle"), AFTER_A_NETWORK)
def test_nothing_stays_of_a_name_after_a_network(text, handle, left, labels):
    said = text.format(handle)
    assert left(said, handle) == ""
    assert Label.HANDLE in labels(said)


@pytest.mark.parametrize(
    "text",
    ["they took my telegram and my money", "whatsapp is not safe", "the line is long", "no signal here", "on facebook they lie"],
)  # fmt: skip
def test_a_network_without_a_name_is_no_handle(text, labels):
    assert Label.HANDLE not in labels(text)
