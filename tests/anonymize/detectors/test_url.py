"""Addresses of pages go, also when their writer hides the dots."""

import pytest

from hotline.domain.identity import Label

PAGES = [
    "https://jobs.example/apply?x=1", "http://пример.рф/x", "www.work-abroad.example", "t.me/agent", "wa.me/15005550006",
    "fb.com/agent.k", "m.facebook.com/agent", "bit.ly/3abCde", "jobs-asia.com/form", "trabajo.com.mx", "kerja.co.id/daftar",
    "rabota.com.ua", "emploi.fr", "praca.pl/oferty", "is.tr/ilan", "kazi.co.ke", "招聘.中国", "hxxp://bad.example",
    "hxxps://bad[.]example/login", "bad[.]com", "bad (dot) com", "bad{.}com/x", "t.mе/agent", "h**ps://bad.example",
    "www dot jobs dot com slash apply", "abroad dot com", "jobs。example",
    "h t t p s : / / jobs . example / apply", "https : // jobs.example", "https://jobs . example / apply", "www. jobs .com",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("around", ["look: {} thank you", "{}", "({})"])
def test_nothing_of_a_page_stays(page, around, left, labels):
    assert left(around.format(page), page) == ""
    assert Label.URL in labels(around.format(page))


@pytest.mark.parametrize("text", ["no.way out", "3.5 hours", "stop.help"])
def test_a_full_stop_without_a_space_is_no_page(text, labels):
    assert Label.URL not in labels(text)
