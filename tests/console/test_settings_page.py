"""By day or by night, and by which keys: each in one's own browser, checked before it counts."""

import pytest

from hotline.console.keyboard import ACTS, Keyboard, KeyTaken
from tests.cast import Member


def test_what_is_chosen_is_kept_in_this_browser(at_desk: Member) -> None:
    page = at_desk.opens("/console/settings")
    assert "data-theme" not in page
    assert "data-changed" not in page
    at_desk.sends("/console/settings", theme="dark", single="on", c="x", n="م")
    page = at_desk.opens("/console/settings?kept=1")
    assert '<html lang="en" dir="ltr" data-theme="dark">' in page
    assert 'data-changed="{"c": "x", "n": "م"}"' in page.replace("\\u0645", "م")
    # Each page names the keys as they are now, and switching them off keeps which they are.
    assert "<kbd>x</kbd>" in at_desk.opens("/console/")
    at_desk.sends("/console/keys", keys="off")
    page = at_desk.opens("/console/settings")
    assert 'data-keys="off"' in page
    assert "<kbd>x</kbd>" in page
    # An empty field has ours again.
    at_desk.sends("/console/settings", theme="", single="on", c="", n=" ")
    page = at_desk.opens("/console/settings")
    assert "data-theme" not in page
    assert "data-changed" not in page
    assert 'data-keys="off"' not in page


@pytest.mark.parametrize(
    "keys", [{"c": "n"}, {"c": "?"}, {"c": "3"}, {"j": "x", "k": "X"}, {"c": "\u200b"}, {"c": "xy"}]
)
def test_two_acts_never_share_a_key_and_nothing_typed_is_lost(
    at_desk: Member, keys: dict[str, str]
) -> None:
    answer = at_desk.sends("/console/settings", expect=422, theme="dark", single="off", **keys)
    assert "Nothing was changed" in answer.text
    assert 'value="dark" checked' in answer.text
    for act, key in keys.items():
        assert f'name="{act}" value="{key}"' in answer.text
    page = at_desk.opens("/console/settings")
    assert 'data-theme="dark"' not in page
    assert "data-changed" not in page


@pytest.mark.parametrize("act", ACTS)
def test_a_keyboard_comes_back_out_of_its_cookie(act: str) -> None:
    for is_off in (False, True):
        kept = Keyboard.of({act: "ж"}, is_off=is_off)
        assert Keyboard.from_cookie(kept.to_cookie()) == kept
        assert kept.key(act) == "ж"


@pytest.mark.parametrize(
    "kept",
    ["", "on", "on:c=n", "on:c=1", "on:c=%3F", "on:zz=q", "on:c=", "x" * 9000, "on:j=k&k=j2"],
)
def test_a_cookie_of_somebodys_own_making_is_ours_again(kept: str) -> None:
    assert Keyboard.from_cookie(kept) == Keyboard()


def test_acts_may_change_places() -> None:
    assert Keyboard.of({"j": "k", "k": "j"}, is_off=False).changed == {"j": "k", "k": "j"}
    with pytest.raises(KeyTaken):
        Keyboard.of({"j": "k"}, is_off=False)
