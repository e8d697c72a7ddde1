"""A file is scanned at its first look; one in which something was found leaves only after a second word."""

import pytest

from hotline.scanning import CLEAN, FOUND, Verdict
from tests.console.looking import (
    DRAWN,
    PHOTO,
    Looker,
    keeps,
    src,
    words,
)
from tests.console.test_markup import faults_in
from tests.house import House


def test_a_file_is_scanned_once_at_its_first_look(looker: Looker) -> None:
    looker.scanner.verdict = Verdict(CLEAN)
    page = looker.looks()
    assert looker.scanner.read == [PHOTO]
    assert "Scanned: nothing harmful that is known." in page
    looker.looks()
    looker.sends("attachment")
    assert len(looker.scanner.read) == 1
    assert "Scanned: nothing harmful that is known." in looker.lists()


def test_a_file_is_scanned_also_where_nobody_looked_first(looker: Looker) -> None:
    looker.scanner.verdict = Verdict(FOUND, "Win.Test.EICAR_HDB-1")
    page = looker.sends("attachment", 409).text
    assert "Win.Test.EICAR_HDB-1" in page
    assert PHOTO[:64] not in page.encode()
    assert faults_in(page) == []


def test_without_a_scanner_it_says_so_and_asks_again_next_time(looker: Looker) -> None:
    assert "Not scanned for harmful programs." in looker.looks()
    looker.scanner.verdict = Verdict(CLEAN)
    assert "Scanned: nothing harmful that is known." in looker.looks()
    assert len(looker.copier.read) == 1


@pytest.mark.parametrize("takes", [1, 10**6])
def test_what_was_found_in_leaves_only_after_a_second_word(looker: Looker, takes: int) -> None:
    looker.scanner.verdict, looker.scanner.takes = Verdict(FOUND, "Pdf.Exploit.X-1"), takes
    page = looker.looks()
    assert "The scanner found something harmful: Pdf.Exploit.X-1" in words(page)
    # The copy is made all the same: it is what is safe to look at.
    assert looker.gets(src(page)).data == DRAWN
    warned = looker.sends("attachment", 409)
    assert "Nothing was handed out yet" in warned.text
    assert PHOTO[:64] not in warned.data
    assert looker.sends("attachment", sure="1").data == PHOTO
    assert looker.sends("attachment", file="2").data == DRAWN


def test_a_harmful_sound_is_not_played_as_it_came(house: House, looker: Looker) -> None:
    looker.report = keeps(house, kind="audio/ogg")
    looker.scanner.verdict = Verdict(FOUND, "Bad.Sound-1")
    page = looker.sends("listen", 409)
    assert "<audio" not in page.text
