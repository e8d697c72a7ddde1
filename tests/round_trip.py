"""A report goes round a demo that is served: written at the reporter's form, found by its words at the desk, and a text
answered on the phone. It needs what the hotline itself needs: `python -m tests.round_trip URL VAR`.
"""

import base64
import json
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from hotline.operate.seizure.browser import Browser
from hotline.vault.totp import step_at, totp_code

_SAID = "My neighbour is locked in behind the blue laundry. He took her passport and hits her now."
_ANSWER = '<li class="bubble">'


def goes_round(url: str, var: Path) -> None:
    sam = Browser(url)
    sam.submit("/en/new", "/new", account=_SAID, word="lantern")
    answers = sam.get("/demo/").count(_ANSWER)
    sam.submit("/demo/", "/demo/text", text="Are you there?")
    until(lambda: sam.get("/demo/").count(_ANSWER) > answers, "no answer on the phone")

    staff = json.loads((var / "demo.json").read_text("utf-8"))["staff"]
    noor = signed_in(url, next(one for one in staff if one["username"] == "noor"))
    until(lambda: "the blue laundry" in noor.get("/console/"), "nothing in the queue")


def signed_in(url: str, member: Mapping[str, str]) -> Browser:
    browser = Browser(url)
    code = totp_code(base64.b32decode(member["totp_secret"]), step_at(datetime.now(UTC)))
    typed = {"name": member["username"], "passphrase": member["passphrase"], "totp": code}
    browser.submit("/console/signin", "/signin", **typed)
    return browser


def until(condition, otherwise: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, otherwise
        time.sleep(0.5)


if __name__ == "__main__":
    goes_round(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
    print("a report went round")
