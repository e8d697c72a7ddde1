"""A person texts, is answered, hears from us, and is forgotten by the provider; nowhere on the way is a trace of them.

The provider quotes everything it is told in its errors, its library logs all that it can, and the doorbell is real.
"""

import base64
import logging
import traceback
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select

from hotline import logs
from hotline.channels.twilio import carrier_for
from hotline.contact.tables import erase_at_provider, sends
from hotline.domain.report import Channel
from hotline.errors import HotlineError
from hotline.factory import create_app
from hotline.jobs.bell import QUEUE, RedisBell
from hotline.jobs.tables import jobs
from hotline.reports.tables import reports
from hotline.vault.codes import mint
from hotline.worker import work_off
from tests.cast import Member, Texter, signed
from tests.channels.twilio.gossip import REFUSALS, gossiping
from tests.house import ACCOUNT, SMS_LINE, WHATSAPP_LINE, Clock, found_house
from tests.servers import wait_for

# Each is told through one door and stands nowhere else; none is in any text of ours.
NUMBER, OTHER, SCOPED = "+15005559731", "+15005558642", "whatsapp:US.73195826401"
SAID = "Quillfeather holds my passport at 4471 Ossuary Lane"
PACKED = "please come Wrenhurst has the key and I am behind the second door"
ANSWER = "velvet kettle under the stairs"
TOWN, ZIP, PROFILE, PHOTO = "XANTHIPPOLIS", "91733", "Thistlewood", "ME" + "7b" * 16
FORGED = "Marrowbone wrote this one"
CODE = mint().digits
SIDS = tuple(f"SM{number:032x}".replace("0", "d") for number in range(1, 9))
CANARIES = (
    *(NUMBER[2:], OTHER[2:], SCOPED[12:], "Quillfeather", "4471 Ossuary", "Ossuary", "Wrenhurst"),
    *(ANSWER, "velvet", TOWN, ZIP, PROFILE, PHOTO, "Marrowbone", CODE, CODE.replace(" ", "")),
    base64.b64encode(PACKED.encode()).decode()[:40],
)


class Everything(logging.Handler):
    """Remembers of each record all that anybody could write down."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        said = [record.getMessage(), str(record.__dict__), logs.Lines().format(record)]
        if record.exc_info:
            said.append("".join(traceback.format_exception(*record.exc_info)))
        self.lines.append(" ".join(said))


@pytest.fixture
def logged(monkeypatch):
    """What production logs, at DEBUG, and with the provider's library awake."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    levels = {
        name: logging.getLogger(name).level
        for name in ("", "twilio", "twilio.http_client", "urllib3", "werkzeug", "rq", "requests")
    }
    logs.start(logging.DEBUG)
    everything = Everything()
    root.handlers[:] = [everything]
    for name in ("twilio", "twilio.http_client"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield everything.lines
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def gossip():
    with gossiping() as gossip:
        yield gossip


@pytest.fixture
def house(tmp_path, gossip):
    """A house whose carrier speaks to that provider."""

    def adjust(config):
        return replace(config, twilio=replace(config.twilio, api_origin=gossip.origin))

    house = found_house(tmp_path / "var", clock=Clock(datetime.now(UTC)), adjust=adjust)
    house.hotline = replace(house.hotline, carrier=carrier_for(house.hotline.config))
    house.app = create_app(house.hotline)
    gossip.clock = house.clock
    yield house
    house.close()


def traces(*places) -> set[str]:
    """Return the canaries that stand in *places*, in any case."""
    text = "\n".join(map(str, places)).lower()
    return {canary for canary in CANARIES if canary.lower() in text}


def post(house, fields, path="/twilio/sms", **headers):
    headers = headers or signed(path, fields)
    return house.app.test_client().post(path, data=fields, headers=headers)


def text(number, sid, **changes):
    return {
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": number,
        "To": SMS_LINE,
        "NumMedia": "0",
        "FromCity": TOWN,
        "FromZip": ZIP,
        "ProfileName": PROFILE,
        **changes,
    }


def tells(house, gossip) -> list:
    """Whatever a person may send, and what nobody may; the provider holds it all."""
    picture = {"MediaUrl0": f"https://api.twilio.com/{PHOTO}", "MediaContentType0": "image/jpeg"}
    on_whatsapp = {"To": "whatsapp:" + WHATSAPP_LINE, "ExternalUserId": SCOPED[9:]}
    texts = [
        text(NUMBER, SIDS[0], Body=SAID),
        text(NUMBER, SIDS[1], Body=base64.b64encode(PACKED.encode()).decode()),
        text(OTHER, SIDS[2], Body=CODE),
        text(OTHER, SIDS[3], Body="HELP", OptOutType="HELP"),
        text(NUMBER, SIDS[4], Body="", NumMedia="1", **picture),
        text(SCOPED, SIDS[5], Body="", ButtonText=SAID, **on_whatsapp),
        text(FORGED, SIDS[6], Body=f"{FORGED} {CODE}", To=FORGED),
    ]
    answers = []
    for fields in texts:
        words = fields.get("Body", "")
        sender, line = fields["From"], fields["To"]
        held = {"from": sender, "to": line, "body": words, "num_media": fields["NumMedia"]}
        gossip.holds(fields["MessageSid"], **held)
        for path in ("/twilio/sms", "/twilio/fallback"):
            answer = post(house, fields, path)
            assert answer.status_code == 200
            answers.append(f"{answer.headers} {answer.text}")
    forged = text(FORGED, SIDS[7], Body=f"{FORGED} {NUMBER} {CODE}", **{FORGED: NUMBER})
    for path in ("/twilio/sms", f"/twilio/sms/status/{'0' * 32}", f"/twilio/{FORGED}"):
        for headers in (
            {"X-Twilio-Signature": FORGED},
            {"X-Twilio-Signature": "x", "Content-Type": f"text/{FORGED}"},
            {"X-Twilio-Webhooks-Signature-Settings": f"algorithm={FORGED}"},
        ):
            answer = post(house, forged, path, **headers)
            assert answer.status_code in (403, 404, 415)
            answers.append(f"{answer.headers} {answer.text}")
    return answers


def work(house, **span):
    """Do what is due once *span* has passed."""
    house.clock.passes(**(span or {"seconds": 2}))
    while work_off(house.hotline):
        pass


def outbox(house) -> list:
    """Every row that a worker goes by, as it stands."""
    with house.hotline.store.read() as session:
        return [
            row
            for table in (jobs, sends, erase_at_provider)
            for row in session.execute(select(table))
        ]


def hear_from_us(house, gossip):
    """A caseworker answers the first report; the provider fails in every way before it takes it."""
    noor = Member(house, "noor")
    noor.signs_in()
    with house.hotline.store.read() as session:
        ids = session.execute(select(reports.c.id)).scalars().all()
    seen = []
    for report_id in ids:
        page = noor.opens(f"/console/report/{report_id}")
        read = page.partition('name="read" value="')[2].partition('"')[0] or "0"
        with suppress(AssertionError):
            noor.sends(f"/console/report/{report_id}/reply", words=ANSWER, read=read, sure="on")
    gossip.mishaps += ["busy", "broken", "web page", "hangs up", "busy", "not ours"]
    for _ in range(8):
        work(house, minutes=3)
        seen += outbox(house)
    # Whoever was asked whether it is safe says so, and what waited for that goes out.
    for number in (NUMBER, OTHER):
        Texter(house, number).texts("1")
        work(house)
        seen += outbox(house)
    return seen


def news(house, gossip):
    """The provider tells what became of each, in a wrong order, and with everything it knows."""
    for form in list(gossip.sent):
        path = urlsplit(form["StatusCallback"]).path
        for status, code in (("delivered", ""), ("sent", ""), ("failed", "30007"), (FORGED, CODE)):
            fields = {
                "To": form["To"],
                "From": form["From"],
                "Body": ANSWER,
                "ErrorMessage": NUMBER,
            }
            known = {"AccountSid": ACCOUNT, "MessageSid": SIDS[0], "MessageStatus": status}
            assert post(house, {**fields, **known, "ErrorCode": code}, path).status_code == 204


def test_a_person_leaves_no_trace_on_the_whole_way(house, gossip, logged, redis_server, tmp_path):
    bell = RedisBell(redis_server.url)
    house.hotline.store.on_jobs(bell.ring)
    answers = tells(house, gossip)
    assert traces(*answers) == set()
    rows = outbox(house) + hear_from_us(house, gossip)
    assert gossip.sent, "nothing was handed over"
    news(house, gossip)
    rows += outbox(house)
    for _ in range(40):
        work(house, hours=9)
        rows += outbox(house)
        if not gossip.texts:
            break

    # Nothing of theirs is left at the provider, but what a picture came with, until that is fetched,
    left = [text for text in gossip.texts.values() if text["num_media"] == "0"]
    assert traces(*left) == set()
    # no row that a worker went by said who or what,
    assert traces(*rows) == set()
    # nor did a line of a log, whoever wrote it,
    assert len(logged) > 20
    assert traces(*logged) == set()
    # nor an address, theirs or ours,
    assert traces(*gossip.asked, *(form["StatusCallback"] for form in gossip.sent)) == set()
    # nor what went through Redis,
    assert traces(rung(redis_server)) == set()
    # nor any file of the house.
    files = [path for path in (tmp_path / "var").rglob("*") if path.is_file()]
    assert len(files) > 3
    assert traces(*(path.read_bytes().decode("latin-1") for path in files)) == set()


def rung(redis_server) -> str:
    """Return everything that Redis was ever told, having let RQ do it all."""
    with Redis.from_url(redis_server.url) as client:
        queue = Queue(QUEUE, connection=client, serializer=JSONSerializer)
        wait_for(lambda: queue.count)
        said = "".join(f"{job.to_dict()} {job.description}" for job in queue.jobs)
        SimpleWorker([queue], connection=client, serializer=JSONSerializer).work(
            burst=True, logging_level="DEBUG"
        )
    folder = redis_server.folder
    return said + "".join(
        path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()
    )


@pytest.mark.parametrize("mishap", [*REFUSALS, "hangs up"])
def test_no_error_of_the_providers_tells_whom_it_was_about(house, gossip, logged, mishap):
    carrier = house.hotline.carrier
    gossip.mishaps = [mishap]
    with pytest.raises(HotlineError) as failure:
        carrier.send(
            channel=Channel.SMS,
            to=NUMBER,
            body=ANSWER,
            line=SMS_LINE,
            ref="0" * 32,
            valid_for=timedelta(hours=1),
        )
    error = failure.value
    assert error.__cause__ is None
    assert error.__suppress_context__
    told = "".join(traceback.format_exception(error))
    assert traces(str(error), repr(error), error.args, vars(error), told, *logged) == set()


def test_what_the_library_keeps_of_a_request_is_dropped(house, gossip):
    carrier = house.hotline.carrier
    options = {"channel": Channel.SMS, "to": NUMBER, "body": ANSWER, "line": SMS_LINE}
    carrier.send(**options, ref="0" * 32, valid_for=timedelta(hours=1))
    client = carrier._client.http_client
    assert traces(*vars(client).values(), vars(client.session)) == set()
