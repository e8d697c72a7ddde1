"""Forms with files, built by a hostile hand: whatever their body is, the words that can be read are kept, sealed and shown escaped."""

from hypothesis import example
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotline.reports.tables import reports
from tests.attack.fuzz.hostile import CANARY, MARKUP, fuzz, mutated, sendable, texts
from tests.cast import Member
from tests.channels.web.reading import count_messages
from tests.house import ORIGIN, House

NAMES = ("account", "files", "number", "code", "slip", "word", "not_to", "how", "a" * 300, "\0", "")
FILES = (
    "a.mp4",
    "../../etc/passwd",
    "a\0.png",
    "\u202egpj.exe",
    "CON",
    "a" * 5000,
    "",
    '"; name="account',
    MARKUP,
)
TYPES = ("multipart/form-data; boundary=line", 'multipart/form-data; boundary="li;ne"', "multipart/form-data", "multipart/form-data; boundary=" + "a" * 300, "multipart/form-data; boundary=é", "multipart/mixed; boundary=line", "application/x-www-form-urlencoded; charset=utf-16", "text/plain")  # fmt: skip
WHOLE = b'--line\r\nContent-Disposition: form-data; name="account"\r\n\r\nHelp us\r\n--line\r\nContent-Disposition: form-data; name="files"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n\r\nabc\r\n--line--\r\n'  # fmt: skip

part = st.builds(
    '--line\r\nContent-Disposition: form-data; name="{}"{}\r\n{}\r\n{}\r\n'.format,
    st.one_of(st.sampled_from(NAMES), sendable(20)),
    st.one_of(st.just(""), st.sampled_from(FILES).map('; filename="{}"'.format)),
    st.sampled_from(
        [
            "",
            "Content-Length: -5\r\n",
            "Content-Transfer-Encoding: base64\r\n",
            "Content-Type: multipart/mixed; boundary=in\r\n",
            "X: " + "y" * 9000 + "\r\n",
            ":\r\n",
        ]
    ),
    sendable(60),
).map(str.encode)
body = st.one_of(
    st.lists(part, max_size=5)
    .map(b"".join)
    .flatmap(
        lambda parts: st.sampled_from(
            [parts, parts + b"--line--\r\n", parts + b"--line--\r\n" + parts, b"\r\n" * 50 + parts]
        )
    ),
    mutated(WHOLE),
    st.binary(max_size=100),
)


def posted(house: House, raw: bytes, kind: str, path: str = "/en/new") -> TestResponse:
    return house.app.test_client().post(
        path,
        data=raw,
        content_type=kind,
        base_url=ORIGIN,
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def test_no_body_of_a_form_is_a_fault_of_ours(house: House) -> None:
    @fuzz(
        40,
        5_000,
        body,
        st.sampled_from((*TYPES[:1] * 8, *TYPES)),
        st.sampled_from(["/en/new", "/en/new?act=look", "/en/new?act=save", "/en/again"]),
    )
    @example(WHOLE, TYPES[0], "/en/new")
    def meet(raw: bytes, kind: str, path: str) -> None:
        answer = posted(house, raw, kind.encode().decode("latin-1"), path)
        assert answer.status_code < 500
        assert len(answer.data) < 1 << 20
        assert MARKUP not in answer.text

    meet()


def ids_of_reports(house: House) -> set[str]:
    with house.hotline.store.read() as session:
        return set(session.execute(select(reports.c.id)).scalars())


def multipart(text: str) -> bytes:
    head = b'--line\r\nContent-Disposition: form-data; name="account"\r\n\r\n'
    return head + text.encode("utf-8", "surrogatepass") + b"\r\n--line--\r\n"


def test_what_was_written_is_kept_once_sealed_and_shown_escaped(house: House) -> None:
    noor = Member(house, "noor")
    noor.signs_in()

    @fuzz(4, 200, texts().map(lambda text: f"{CANARY} {text} end"))
    @example(f"{CANARY} {MARKUP} end")
    @example(f"{CANARY} " + "\0\x01\x1b\u202e\u2066\ud800" * 10 + " end")
    @example(f"{CANARY} " + "a b " * 25_000 + " end")
    def meet(text: str) -> None:
        before, said = ids_of_reports(house), count_messages(house.hotline)
        assert posted(house, multipart(text), TYPES[0]).status_code == 200
        (report,) = ids_of_reports(house) - before
        assert count_messages(house.hotline) == said + 1
        for file in house.var.glob("hotline.db*"):
            assert CANARY.encode() not in file.read_bytes()
        for path in ("/console/", f"/console/report/{report}"):
            page = noor.client.get(path, base_url=ORIGIN)
            assert page.status_code == 200
            assert MARKUP not in page.text

    meet()
