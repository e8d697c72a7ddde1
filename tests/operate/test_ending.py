"""A server or a worker that is told to end finishes what it began: whoever was let in is answered, and kept."""

import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from hotline import jobs
from hotline.jobs.tables import jobs as rows
from hotline.operate.serving import PARTING_SECONDS
from hotline.reports.tables import seen
from tests.cast import signed_for
from tests.channels.twilio.serving import FORM, GRANIAN, ORIGIN, ROOT, Served, read_answer, served
from tests.house import ACCOUNT, SMS_LINE, TOKEN, found_house
from tests.servers import free_port, wait_for

PATIENCE = 60

pytestmark = pytest.mark.xdist_group("web servers")


def text(number: int) -> tuple[bytes, bytes]:
    """Return the head of a signed text that asks whether to go on, and its body."""
    fields = {
        "MessageSid": f"SM{number:032x}",
        "AccountSid": ACCOUNT,
        "From": f"+1500555{number:04}",
        "To": SMS_LINE,
        "Body": "They took my passport",
        "NumMedia": "0",
    }
    body = urlencode(fields).encode()
    lines = {"Host": "x", "Expect": "100-continue", "Connection": "close", "Content-Type": FORM}
    lines |= {"Content-Length": str(len(body)), **signed_for(f"{ORIGIN}/twilio/sms", fields)}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST /twilio/sms HTTP/1.1\r\n{head}\r\n".encode(), body


def lets_nobody_in(server: Served) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), 1).close()
    except OSError:
        return True
    return False


def test_whoever_was_let_in_is_answered_and_kept(tmp_path: Path) -> None:
    with served(GRANIAN, tmp_path) as server, ExitStack() as lines:
        # The first text reads every word list, which takes long on a busy machine.
        first = lines.enter_context(server.line())
        first.settimeout(PATIENCE)
        first.sendall(b"".join(text(0)))
        assert read_answer(first).body.endswith(b"</Response>")
        texts = [(lines.enter_context(server.line()), *text(number)) for number in range(1, 8)]
        for line, head, _ in texts:
            line.settimeout(PATIENCE)
            line.sendall(head)
            assert line.recv(1000).startswith(b"HTTP/1.1 100 Continue")
        server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: lets_nobody_in(server), PARTING_SECONDS)
        for line, _, body in texts:
            line.sendall(body)
        assert [read_answer(line).status for line, *_ in texts] == [200] * 7
        assert server.process.wait(PARTING_SECONDS + 5) == 0
        with server.store.read() as session:
            assert session.execute(select(func.count()).select_from(seen)).scalar_one() == 8
            assert not session.execute(select(rows.c.id).where(rows.c.claimed_until > now())).all()


def test_a_worker_gives_back_what_it_claimed(tmp_path: Path) -> None:
    house = found_house(tmp_path)
    store = house.hotline.store
    for _ in range(200):
        store.write(lambda session: jobs.later(session, jobs.Job("expire", "0" * 32)))
    (tmp_path / "token").write_text(TOKEN)
    env = {
        "PATH": "",
        "PUBLIC_URL": ORIGIN,
        "DATABASE_URL": store.url,
        "KEYS_DIR": str(tmp_path / "keys"),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "token"),
        "TWILIO_API_ORIGIN": f"http://127.0.0.1:{free_port()}",
    }
    command = [sys.executable, "-m", "hotline.cli", "worker"]
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(command, cwd=ROOT, env=env, stderr=log)
    try:
        wait_for(lambda: left(store) < 200, 60)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PARTING_SECONDS + 5) == 0
    finally:
        worker.kill()
    with store.read() as session:
        assert not session.execute(select(rows.c.id).where(rows.c.claimed_until > now())).all()
    house.close()


def left(store) -> int:
    with store.read() as session:
        return jobs.waiting(session)


def now() -> datetime:
    return datetime.now(UTC)
