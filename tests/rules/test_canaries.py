"""What identifies a person is nowhere in the clear: not in a table, the log, a file, Redis, or an answer to others.

Canaries go in through every door of a running hotline; then every byte that it left anywhere is read, also
what is compressed or in base64.
"""

import base64
import json
import os
import re
import secrets
import subprocess
import sys
import urllib.parse
import urllib.request
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.cast import signed_for
from tests.served import ROOT, Served, serve
from tests.servers import RedisServer, wait_for

pytestmark = pytest.mark.xdist_group("canaries")

NAMES = {
    "sms": "Zorvanthiel",
    "whatsapp": "Quillfeather",
    "web": "Brumblewick",
    "place": "Oxterloughby",
    "hours": "Wendelspring",
    "word": "Mustardseedling",
    "again": "Fennimorthy",
    "call": "Gantherwold",
    "reply": "Pellingbrace",
    "note": "Snorriwhistle",
    "unsigned": "Vexmontrose",
    "arabic": "زرفنطيلوس",
    "russian": "Квирлоперов",
}
NUMBERS = ["+15005558417", "+15005553962", "07700 900417"]


def canaries() -> list[str]:
    digits = [re.sub(r"\D", "", number) for number in NUMBERS]
    return [*NAMES.values(), *NUMBERS, *digits]


class Hand:
    """Somebody at a browser without scripts, who keeps cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def get(self, path: str) -> str:
        return self.opener.open(self.url + path, timeout=20).read().decode()

    def post(self, path: str, headers: dict[str, str] | None = None, **form: object) -> str:
        body = urllib.parse.urlencode(form, doseq=True).encode()
        request = urllib.request.Request(self.url + path, body, headers or {})
        return self.opener.open(request, timeout=20).read().decode()


@pytest.fixture(scope="module")
def redis(tmp_path_factory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("bell") / "redis")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def searched(tmp_path_factory, redis) -> Iterator[Served]:
    """A hotline whose jobs go through Redis to a worker of its own, after canaries went through every door."""
    folder = tmp_path_factory.mktemp("searched")
    served = serve(folder, REDIS_URL=redis.url)
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "hotline.cli", "worker"],
            cwd=ROOT,
            env=worker_environment(served, redis),
            stdout=log,
            stderr=log,
        )
    say_everything(served)
    wait_for(lambda: b'"send", "status": "done"' in (folder / "worker.log").read_bytes(), 60)
    yield served
    worker.terminate()
    worker.wait(30)
    served.stop()


def worker_environment(served: Served, redis: RedisServer) -> dict[str, str]:
    account = served.facts["twilio"]
    return {
        "PATH": os.environ["PATH"],
        "PUBLIC_URL": served.url,
        "DATABASE_URL": f"sqlite:///{served.var / 'hotline.db'}",
        "KEYS_DIR": str(served.var / "keys"),
        "TWILIO_ACCOUNT_SID": account["account_sid"],
        "TWILIO_AUTH_TOKEN_FILE": str(served.var / "keys" / "provider.token"),
        "TWILIO_SMS_NUMBER": account["sms_number"],
        "TWILIO_WHATSAPP_NUMBER": account["whatsapp_number"],
        "TWILIO_API_ORIGIN": f"{served.url}/demo/twilio",
        "REDIS_URL": redis.url,
    }


def say_everything(served: Served) -> None:
    text(
        served,
        NUMBERS[0],
        f"My name is {NAMES['sms']} and my number is {NUMBERS[2]}, he locks us in.",
    )
    text(served, NUMBERS[0], f"اسمي {NAMES['arabic']} وأنا محبوسة في البيت")
    text(served, NUMBERS[1], f"I am {NAMES['whatsapp']}, they keep my passport", whatsapp=True)
    text(served, NUMBERS[1], f"меня зовут {NAMES['russian']}, нас не выпускают", whatsapp=True)
    with pytest.raises(urllib.error.HTTPError):
        text(served, NUMBERS[0], f"I am {NAMES['unsigned']}", token="another")
    web = Hand(served.url)
    page = web.post(
        "/en/new",
        account=f"I am {NAMES['web']}. Please help me.",
        place=NAMES["place"],
        how="text",
        number=NUMBERS[2],
        hours=f"ask {NAMES['hours']}",
        word=NAMES["word"],
        who="me",
    )
    digits = " ".join(re.findall(r"<li>(\d{3})</li>", page))
    assert digits.count(" ") == 6
    web.post("/en/again", code=digits, word=NAMES["word"], more=f"It is {NAMES['again']} again.")
    work_at_the_desk(served)


def work_at_the_desk(served: Served) -> None:
    noor, desk = served.staff("noor"), Hand(served.url)
    desk.post(
        "/console/signin",
        name=noor["username"],
        passphrase=noor["passphrase"],
        totp=served.code("noor"),
    )
    desk.post(
        "/console/new",
        channel="call",
        account=f"A caller named {NAMES['call']} says she is not paid.",
        language="en",
    )
    paths = dict.fromkeys(re.findall(r"/console/report/[0-9a-f]{32}", desk.get("/console/")))
    texted = [path for path in paths if '<span class="chip">SMS</span>' in desk.get(path)]
    assert texted
    for path in texted:
        desk.post(path + "/note", note=f"Ask for {NAMES['note']}.")
        desk.post(path + "/reply", words=f"Thank you {NAMES['reply']}, 1 yes 2 no", sure="1")
        desk.post(path + "/reveal", seq=1, purpose="review", why="to check a placeholder")


def text(served, number, body, *, whatsapp=False, token="") -> None:
    account = served.facts["twilio"]
    prefix = "whatsapp:" if whatsapp else ""
    line = account["whatsapp_number"] if whatsapp else account["sms_number"]
    form = {
        "MessageSid": "SM" + secrets.token_hex(16),
        "AccountSid": account["account_sid"],
        "From": prefix + number,
        "To": prefix + line,
        "Body": body,
        "NumMedia": "0",
        "FromCity": "OXTERLOUGHBY",
    }
    path = "/twilio/sms"
    Hand(served.url).post(
        path, signed_for(served.url + path, form, token or account["auth_token"]), **form
    )


def decoded(content: bytes) -> Iterator[bytes]:
    """Yield *content*, and what is compressed or in base64 inside it, wherever it begins."""
    yield content
    for match in re.finditer(rb"[A-Za-z0-9+/_-]{16,}", content):
        run = match.group().replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            whole = run[start : start + (len(run) - start) // 4 * 4]
            yield base64.b64decode(whole)
    for match in re.finditer(rb"\x78[\x01\x9c\xda]|\x1f\x8b\x08", content):
        packed = content[match.start() : match.start() + 100_000]
        try:
            yield zlib.decompressobj(wbits=47).decompress(packed, 1_000_000)
        except zlib.error:
            continue


def forms(word: str) -> set[bytes]:
    """Return the bytes that *word* may stand as."""
    return {
        word.encode(),
        word.encode("utf-16-le"),
        word.encode("utf-16-be"),
        urllib.parse.quote(word).lower().encode(),
        json.dumps(word)[1:-1].lower().encode(),
    }


def found_in(content: bytes) -> list[str]:
    everything = b"\n".join(decoded(content))
    searched = everything.decode(errors="replace").lower().encode() + everything.lower()
    return [word for word in canaries() if any(form in searched for form in forms(word.lower()))]


def files_of(served: Served) -> list[Path]:
    return [path for path in served.var.parent.rglob("*") if path.is_file()]


def test_the_search_finds_what_is_there():
    assert found_in(b"x" + base64.b64encode(b"to " + NAMES["sms"].encode() + b" from"))
    assert found_in(zlib.compress(NUMBERS[0].encode() * 3))
    assert found_in(json.dumps({"x": NAMES["arabic"]}).encode())
    assert not found_in(b"nothing of it")


def test_no_byte_that_was_left_names_anybody(searched):
    files = files_of(searched)
    assert {"hotline.db", "log", "worker.log", "demo.json"} <= {path.name for path in files}
    assert {path.name: found for path in files if (found := found_in(path.read_bytes()))} == {}


def test_redis_carries_no_word_of_it(searched, redis):
    client = Redis.from_url(redis.url)
    seen = b""
    for key in client.scan_iter():
        kind = client.type(key)
        value = client.dump(key) or b""
        seen += (
            key + kind + value + (repr(client.hgetall(key)).encode() if kind == b"hash" else b"")
        )
    client.close()
    files = b"".join(path.read_bytes() for path in redis.folder.rglob("*") if path.is_file())
    assert b"due" in files
    assert found_in(seen + files) == []


def test_no_page_to_strangers_and_no_feed_holds_it(searched):
    stranger = Hand(searched.url)
    feed = searched.facts["feeds"][0]
    request = urllib.request.Request(
        f"{searched.url}/feeds/leads.json", headers={"Authorization": f"Bearer {feed['token']}"}
    )
    pages = [stranger.get(path) for path in ("/", "/en/new", "/en/again", "/directory/services")]
    pages.append(urllib.request.urlopen(request, timeout=20).read().decode())
    assert found_in("".join(pages).encode()) == []
    for path in ("/en/nowhere", "/console/report/" + "0" * 32, "/taxii2/"):
        try:
            body = stranger.opener.open(searched.url + path, timeout=20).read()
        except urllib.error.HTTPError as error:
            body = error.read()
        assert found_in(body) == []


def test_a_process_shows_no_secret_in_its_environment(searched):
    token = searched.facts["twilio"]["auth_token"].encode()
    for pid in (searched.process.pid,):
        environment = Path(f"/proc/{pid}/environ")
        if environment.exists():
            assert token not in environment.read_bytes()
