"""Texts that come at their own pace: each is sent when it is due, and waits are counted from then."""

import asyncio
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from hotline.operate.bench.openloop import Answers, prepared, sender, served_provider
from hotline.operate.bench.rig import Rig

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
NO = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def answering(answers, *, holds_first: bool = False):
    """Answer each request with the next of *answers*, the first after all others where that is held; None hangs up."""
    left, port, loop = list(answers), [], asyncio.new_event_loop()
    started, over, all_came = threading.Event(), asyncio.Event(), asyncio.Event()

    async def talk(reader, writer) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(int(head.lower().split(b"content-length:")[1].split()[0]))
                is_first, answer = len(left) == len(answers), left.pop(0)
                if not left:
                    all_came.set()
                if is_first and holds_first:
                    await all_came.wait()
                if answer is None:
                    break
                writer.write(answer)
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        started.set()
        await over.wait()
        server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait()
    yield port[0]
    loop.call_soon_threadsafe(over.set)
    thread.join()
    loop.close()


def sent(folder: Path, port: int, due: list[float]) -> Answers:
    requests, answers = folder / "requests", folder / "answers"
    request = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\ntext"
    requests.write_bytes(b"".join(sender.RECORD.pack(at, len(request)) + request for at in due))
    command = [sys.executable, "-I", sender.__file__, str(port), str(requests), str(answers)]
    spent = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert float(spent) > 0
    told = Answers()
    told.more(answers.read_bytes())
    return told


def test_each_text_is_sent_when_it_is_due_whether_others_are_answered_or_not(tmp_path) -> None:
    with answering([OK] * 3, holds_first=True) as port:
        told = sent(tmp_path, port, [0.0, 0.05, 0.1])
    assert (len(told.took), told.failed) == (3, 0)
    assert all(took >= late >= 0 for took, late in zip(told.took, told.late, strict=True))


def test_what_is_refused_or_cut_off_counts_as_not_answered(tmp_path) -> None:
    with answering([NO, None, OK]) as port:
        told = sent(tmp_path, port, [0.0, 0.2, 0.4])
    assert (len(told.took), told.failed) == (1, 2)


def test_where_nobody_listens_each_text_counts_as_not_answered(tmp_path) -> None:
    with answering([]) as port:
        pass
    assert sent(tmp_path, port, [0.0, 0.01]).failed == 2


def test_texts_are_prepared_at_the_pace_that_was_asked_for(tmp_path) -> None:
    served = Rig(tmp_path, 1, "token", None, "", 0, "")  # type: ignore[arg-type] # nothing is served.
    path = tmp_path / "requests"
    count = prepared.prepare(served, path, per_second=20, seconds=60, later=0.5)
    told, due, people = path.read_bytes(), [], []
    while told:
        at, size = sender.RECORD.unpack(told[: sender.RECORD.size])
        request, told = told[sender.RECORD.size :][:size], told[sender.RECORD.size + size :]
        due.append(at)
        people.append(request.split(b"From=")[1].split(b"&")[0])
        assert b"X-Twilio-Signature" in request
    assert len(due) == count
    assert 900 < count < 1500
    assert due == sorted(due)
    assert 0 <= due[0] < due[-1] < 60
    assert 0.5 < len(set(people)) / count < 0.8


def test_the_provider_beside_it_forgets_at_once_and_holds_nothing() -> None:
    with served_provider() as port:
        line, end = HTTPConnection("127.0.0.1", port, timeout=10), time.monotonic() + 10
        while time.monotonic() < end:
            try:
                line.connect()
                break
            except OSError:
                time.sleep(0.02)
        line.request("DELETE", "/2010-04-01/Accounts/AC/Messages/SM.json")
        answer = line.getresponse()
        assert (answer.status, answer.read()) == (204, b"")
        line.request("GET", "/2010-04-01/Accounts/AC/Messages.json")
        assert b'"messages":[]' in line.getresponse().read()
        line.close()
