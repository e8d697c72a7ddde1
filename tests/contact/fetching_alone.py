"""Fetch recordings from the provider at an address, and print by how many KiB the last one made this process grow.

Those before it fill what any process holds: the database's pages (up to 32 MiB), a connection, the interpreter's own.
"""

import re
import sys
from pathlib import Path

from hotline.channels.twilio import TwilioCarrier
from hotline.config import TwilioSettings
from tests.contact.test_recordings import RE, Tape
from tests.house import ACCOUNT, SMS_LINE, TOKEN, found_house

WARMING = ("RE" + "8" * 32, "RE" + "9" * 32)
_RESET_PEAK = "5"


def memory(name: str) -> int:
    """Return a line of this process's status in KiB."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found.group(1)) if found else 0


def main(var: str, url: str) -> None:
    house = found_house(Path(var))
    tape = Tape(house).message()
    account = TwilioSettings(ACCOUNT, TOKEN, SMS_LINE, api_origin=url)
    tape.carrier = TwilioCarrier(account, public_url="https://line.example")
    for recording_id in WARMING:
        tape.tells(recording_id=recording_id)
        tape.fetches()
    tape.tells(recording_id=RE)
    Path("/proc/self/clear_refs").write_text(_RESET_PEAK)
    before = memory("VmRSS")
    tape.fetches()
    print(memory("VmHWM") - before, tape.left()[0])
    house.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
