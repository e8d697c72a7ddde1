"""The provider's webhooks, signed as it signs them: whatever they hold, nothing fails, and no text of a person is lost."""

from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree

from hypothesis import example
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hotline.channels.twilio.signature import LARGEST_BODY
from hotline.reports.tables import messages
from tests.attack.fuzz.hostile import MARKUP, fuzz, sendable, texts
from tests.cast import MARIA, new_sid, signed_for
from tests.channels.twilio.signing import FORM, Repeated
from tests.house import ACCOUNT, ORIGIN, SMS_LINE, House

REF = "0" * 32
PAGES = ("sms", "fallback", "voice", "voice/reason", "voice/ask_safe", "voice/recording", "voice/status", f"voice/wait/{REF}", f"voice/back/{REF}", f"voice/back/{REF}/status", f"voice/person/{REF}", f"voice/person/{REF}/pressed", f"voice/person/{REF}/status", f"sms/status/{REF}", "voice/silence")  # fmt: skip
FIELDS = ("Body", "From", "To", "MessageSid", "SmsSid", "CallSid", "NumMedia", "OptOutType", "MessageStatus", "SmsStatus", "ErrorCode", "ErrorUrl", "CallStatus", "Digits", "SpeechResult", "Direction", "AnsweredBy", "RecordingSid", "RecordingUrl", "RecordingStatus", "RecordingDuration", "QueueResult", "QueueTime", "ExternalUserId", "ButtonText", "FinishedOnKey", "msg", "MediaUrl0")  # fmt: skip
USUAL = ("received", "completed", "in-progress", "outbound-api", "inbound", "1", "2", "*", "#", "12750", "failed", "delivered", "absent", "machine_start", "human", "bridged", MARIA, SMS_LINE, "SM" + "1" * 32, "CA" + "1" * 32, "RE" + "1" * 32, f"{ORIGIN}/twilio/voice/ask_safe?again=1", f"{ORIGIN}/twilio/voice/wait/{REF}", "http://[", "0", "9999999", "99999999999999999999")  # fmt: skip

values = st.one_of(st.sampled_from(USUAL), sendable(80))
fields = st.lists(st.tuples(st.one_of(st.sampled_from(FIELDS), sendable(10)), values), max_size=14)
queries = st.one_of(st.just(""), st.lists(st.tuples(st.sampled_from(["again", "ref", "in", "nothing", "silent"]), values), max_size=3).map(urlencode))  # fmt: skip


def posted(house: House, page: str, raw: bytes, query: str = "") -> TestResponse:
    """Post *raw* as the provider would have signed it."""
    path = f"/twilio/{page}" + (f"?{query}" if query else "")
    pairs = parse_qsl(
        raw.decode("ascii", "replace"), keep_blank_values=True, errors="werkzeug.url_quote"
    )
    headers = signed_for(ORIGIN + path, Repeated(pairs))
    return house.app.test_client().post(path, data=raw, content_type=FORM, headers=headers)


def counted(house: House) -> int:
    with house.hotline.store.read() as session:
        return int(session.execute(select(func.count()).select_from(messages)).scalar_one())


def is_answer(response: TestResponse) -> None:
    assert response.status_code < 500
    assert len(response.data) <= LARGEST_BODY
    assert MARKUP.encode() not in response.data
    if response.data:
        assert ElementTree.fromstring(response.data).tag == "Response"


def test_no_form_is_a_fault_of_ours(anywhere: House) -> None:
    @fuzz(80, 5_000, st.sampled_from(PAGES), fields, queries)
    @example("voice", [("CallSid", "CA" + "1" * 32), ("From", "\0"), ("To", "\0")], "")
    def meet(page: str, pairs: Any, query: str) -> None:
        known = dict(pairs)
        pairs = [*pairs, ("AccountSid", ACCOUNT)]
        if page.startswith(("voice", "fallback")) and "CallSid" not in known:
            pairs.append(("CallSid", "CA" + "1" * 32))
        is_answer(posted(anywhere, page, urlencode(pairs).encode(), query))

    meet()


@fuzz(30, 5_000, st.sampled_from(PAGES), st.one_of(st.binary(max_size=300), st.binary(max_size=60).map(lambda raw: f"AccountSid={ACCOUNT}&Body=".encode() + raw)))  # fmt: skip
def test_no_body_is_a_fault_of_ours(house: House, page: str, raw: bytes) -> None:
    is_answer(posted(house, page, raw))


def test_many_fields_and_long_ones_are_refused_or_read(house: House) -> None:
    for piece in (b"&", b"a=1&", b"Body=", b"a", b"%"):
        for size in (60_000, 1 << 20):
            raw = f"AccountSid={ACCOUNT}&".encode() + piece * (size // len(piece))
            is_answer(posted(house, "sms", raw))


def text_of(text: str, sender: str) -> bytes:
    head = {"MessageSid": new_sid(), "AccountSid": ACCOUNT, "To": SMS_LINE, "NumMedia": "0"}
    return urlencode({**head, "From": sender, "Body": text}, errors="surrogatepass").encode()


def test_a_text_is_kept_once_whatever_it_holds(anywhere: House) -> None:
    @fuzz(25, 5_000, texts(), texts(30))
    def meet(text: str, sender: str) -> None:
        raw, before = text_of(text, sender), counted(anywhere)
        answers = {posted(anywhere, "sms", raw).data for _ in range(2)}
        assert len(answers) == 1
        assert counted(anywhere) == before + 1

    meet()
