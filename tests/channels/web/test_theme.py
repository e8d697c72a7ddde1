"""An operator dresses the pages: a title, a name, an icon, a colour, other addresses; what is wrong is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from hotline.channels.web.theme import ADDRESSES, TAKEN, read_theme
from hotline.errors import Misconfigured
from tests.channels.web.reading import STORY, count, digits
from tests.house import House, found_house

PNG = b"\x89PNG\r\n\x1a\n and a picture"
LISTS = """
title = "Shopping lists"
name = ""
icon = "lists.png"
accent = ["#1d4ed8", "#93c5fd"]
[titles]
es = "Listas de la compra"
[addresses]
new = "list"
again = "items"
languages = "tongues"
leave = "close"
[words.en]
heading = "Lists & more that <b>stay</b>"
lead = "Make one. Come back for it."
"""


def folder_with(folder: Path, told: str, icon: bytes = PNG) -> Path:
    (folder / "theme.toml").write_text(told)
    (folder / "lists.png").write_bytes(icon)
    return folder


@pytest.fixture
def dressed(tmp_path: Path):
    (tmp_path / "theme").mkdir()
    theme = folder_with(tmp_path / "theme", LISTS)
    house = found_house(tmp_path / "house", adjust=lambda config: replace(config, theme=theme))
    yield house
    house.close()


def test_a_report_is_written_and_read_at_the_addresses_of_the_theme(dressed: House) -> None:
    sam = dressed.app.test_client()
    first = sam.get("/en/").text
    assert 'href="/en/list"' in first
    assert 'href="/en/items"' in first
    assert 'href="/en/tongues"' in first
    assert 'href="/close"' in first
    assert 'action="/en/list"' in sam.get("/en/list").text
    code = digits(sam.post("/en/list", data={"account": STORY}).text)
    assert "No new answer yet" in sam.post("/en/items", data={"code": code}).text
    assert count(dressed.hotline) == 1
    assert sam.get("/close").headers["Location"] == dressed.hotline.config.leave_to


@pytest.mark.parametrize("ours", ["/en/new", "/en/again", "/languages", "/en/languages", "/leave"])
def test_our_own_addresses_are_not_there_then(dressed: House, ours: str) -> None:
    assert dressed.app.test_client().get(ours, follow_redirects=True).status_code == 404


def test_title_name_and_words_are_those_of_the_theme_and_escaped(dressed: House) -> None:
    sam = dressed.app.test_client()
    page = sam.get("/en/").text
    assert "<title>Shopping lists</title>" in page
    assert "Notes" not in page
    assert "Lists &amp; more that &lt;b&gt;stay&lt;/b&gt;" in page
    assert "Make one. Come back for it." in page
    spanish = sam.get("/es/").text
    assert "<title>Listas de la compra</title>" in spanish
    assert "Make one" not in spanish


def test_icon_and_colours_are_those_of_the_theme(dressed: House) -> None:
    sam = dressed.app.test_client()
    assert sam.get("/favicon.ico").data == PNG
    sheet = sam.get("/page.css").text
    assert sheet.rindex("light-dark(#1d4ed8, #93c5fd)") > sheet.rindex("--accent: light-dark(#0d")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("title = 7", "title is a line"),
        ('title = "two\\nlines"', "title is a line"),
        (f'title = "{"x" * 61}"', "title is a line"),
        ("title = ", "not TOML"),
        ('tittle = "Lists"', "and nothing else"),
        ('titles = "Lists"', "titles is a table"),
        ('[titles]\nSpanish = "Listas"', "no language: Spanish"),
        ('icon = "../lists.png"', "name of a file beside it"),
        ('icon = "none.png"', "icon cannot be read"),
        ('icon = "theme.toml"', "not a PNG"),
        ('accent = "#1d4ed8"', "accent is a pair"),
        ('accent = ["blue", "#93c5fd"]', "accent is a pair"),
        ('accent = ["#93c5fd", "#93c5fd"]', "on light ground, and needs 4.5:1"),
        ('accent = ["#1d4ed8", "#1d4ed8"]', "on dark ground, and needs 4.5:1"),
        ('[addresses]\nnews = "list"', "addresses are those of"),
        ('[addresses]\nnew = "a/b"', "addresses.new is a word"),
        ('[addresses]\nnew = "List"', "addresses.new is a word"),
        ('[addresses]\nnew = "console"', "addresses.new is taken"),
        ('[addresses]\nnew = "again"', "two addresses are the same word"),
        ('[addresses]\nnew = "list"\nagain = "list"', "two addresses are the same word"),
        ('[words.xx1]\nheading = "x"', "words.xx1 is no language"),
        ('[words.en]\nfoot = "x"', "may say heading and lead"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_starts(tmp_path: Path, told: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        read_theme(folder_with(tmp_path, told))


def test_a_large_icon_and_a_folder_without_a_theme_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"no theme\.toml"):
        read_theme(tmp_path)
    with pytest.raises(Misconfigured, match="larger than 4096 bytes"):
        read_theme(folder_with(tmp_path, 'icon = "lists.png"', PNG + bytes(4096)))


def test_no_theme_may_take_an_address_of_the_house(house: House) -> None:
    served = {rule.rule.split("/")[1] for rule in house.app.url_map.iter_rules()}
    words = {word for word in served if word.isalpha() and word.islower() and len(word) >= 4}
    assert words - set(ADDRESSES) <= TAKEN


def test_every_word_of_an_address_of_reporters_can_be_another(house: House) -> None:
    rules = [rule for rule in house.app.url_map.iter_rules() if rule.endpoint.startswith("web.")]
    words = {word for rule in rules for word in rule.rule.split("/") if word.isalpha()}
    # The log is for people who hold the house to its word, at addresses that they know.
    assert words - {"log", "checkpoint", "key", "proof", "tile"} == set(ADDRESSES)
