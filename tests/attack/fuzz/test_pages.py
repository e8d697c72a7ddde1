"""The pages without a sign-in, as strangers ask for them: no fault of ours, nothing echoed, and cookies of any kind."""

from hypothesis import example
from hypothesis import strategies as st

from tests.attack.fuzz.asking import Asked, requests
from tests.attack.fuzz.hostile import MARKUP, fuzz, headers, sendable
from tests.cast import Member
from tests.house import ORIGIN, House

LARGEST = 1 << 20
OTHERS = ("/console", "/twilio", "/taxii2", "/feeds", "/directory")
COOKIES = ("__Host-key", "__Host-device", "__Host-csrf", "__Host-session", "__Host-seat", "__Host-joining", "console_locale")  # fmt: skip
HEADERS = ("Accept-Language", "Accept", "Range", "If-None-Match", "If-Modified-Since", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Origin", "Referer", "Host", "X-Forwarded-For", "Authorization", "Content-Type", "Content-Length")  # fmt: skip
LANGUAGES = ("en;q=abc", "*;q=-1", "de-DE-1996-x-" + "a" * 300, ",;=" * 300, "en_US@calendar=x", "zh-Hant-TW;q=1e400", "../en", "a" * 5000)  # fmt: skip


def test_no_page_for_strangers_is_a_fault_of_ours(anywhere: House) -> None:
    anything = st.builds(
        Asked,
        st.sampled_from(["GET", "POST", "PUT"]),
        sendable(60).map(lambda t: "/" + t.replace("?", "")),
        st.just(()),
    )
    asked = st.one_of(requests(anywhere, "/", but=OTHERS), anything)

    @fuzz(80, 5_000, asked, headers(HEADERS, *LANGUAGES))
    @example(Asked("GET", "/log/tile/" + "9" * 5000 + "/000", ()), {})
    @example(Asked("GET", "/en/", ()), {"Accept-Language": "a" * 5000})
    @example(Asked("GET", "/en/", ()), {"Host": "a" * 64})
    def meet(asked: Asked, head: dict[str, str]) -> None:
        answer = asked.of(anywhere.app.test_client(), headers=head)
        assert answer.status_code < 500
        assert len(answer.data) < LARGEST
        assert MARKUP.encode() not in answer.data
        assert not any(MARKUP in value for value in answer.headers.values())

    meet()


def test_no_cookie_is_a_fault_of_ours_or_lets_anybody_in(house: House) -> None:
    noor = Member(house, "noor")
    noor.signs_in()
    found = {name: noor.client.get_cookie(name, domain="line.example") for name in COOKIES}
    true = {name: cookie.value for name, cookie in found.items() if cookie}
    worn = st.sampled_from(sorted(true.values()))
    values = st.one_of(
        sendable(60),
        worn,
        worn.map(lambda one: one[:-1]),
        worn.map(lambda one: one + "A"),
        worn.map(str.swapcase),
    )

    @fuzz(
        40,
        5_000,
        st.dictionaries(st.sampled_from(COOKIES), values, max_size=4),
        st.sampled_from(["/console/", "/console/account", "/handoff/x", "/en/again"]),
    )
    def meet(cookies: dict[str, str], path: str) -> None:
        raw = "; ".join(f"{name}={value}" for name, value in cookies.items())
        header = raw.replace("\n", "").replace("\r", "").encode().decode("latin-1")
        answer = house.app.test_client(use_cookies=False).get(
            path, base_url=ORIGIN, headers={"Cookie": header}
        )
        assert answer.status_code < 500
        assert "Noor" not in answer.text or cookies.get("__Host-key") == true["__Host-key"]

    meet()
