"""Large files come over real connections: they cost the process next to nothing, and words do not wait for them.

A small piece of what `hotline bench uploads` does.
"""

import socket
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.operate.bench import uploads
from hotline.operate.bench.rig import Rig, rig
from hotline.reports.tables import reports
from hotline.store import Store
from hotline.vault.tables import attachment_chunks, attachments, unfinished_files
from tests.channels.web.reading import STORY, multipart
from tests.servers import wait_for


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells it")
def test_large_files_never_lie_in_memory_and_words_do_not_wait_for_them() -> None:
    figures = uploads.measure(megabytes=15, at_once=3)
    assert figures["memory that it took, MB"] < 8
    assert figures["memory that 20 at once of a tenth took, MB"] < 64
    alone = figures["words while nothing else comes in: median, ms"]
    # A second, where the machine is our own.
    assert figures["words while 3 such files come in: the slowest, ms"] < max(1000, 8 * alone)


def kept(served: Rig) -> list[int]:
    """Return how many reports, files, chunks and files that are not whole lie there."""
    tables = (reports, attachments, attachment_chunks, unfinished_files)
    store = Store(f"sqlite:///{served.folder / 'hotline.db'}")
    with store.read() as session:
        counts = [
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        ]
    store.close()
    return counts


def test_an_upload_that_is_cancelled_leaves_the_words_and_nothing_of_the_file() -> None:
    form = multipart({"account": STORY}, file=bytes(3 << 20))
    head = f"POST /en/new HTTP/1.1\r\nHost: x\r\nContent-Type: {form['content_type']}\r\n"
    half = form["data"][: 2 << 20]
    with rig() as served:
        with socket.create_connection(("127.0.0.1", served.port)) as line:
            line.sendall(f"{head}Content-Length: {len(form['data'])}\r\n\r\n".encode() + half)
            wait_for(lambda: kept(served)[2] > 8)
        wait_for(lambda: kept(served) == [1, 0, 0, 0])
