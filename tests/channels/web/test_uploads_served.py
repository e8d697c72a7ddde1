"""Large files come over real connections: they cost the process next to nothing, and words do not wait for them.

A small piece of what `hotline bench uploads` does.
"""

from pathlib import Path

import pytest

from hotline.operate.bench import uploads


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells it")
def test_large_files_never_lie_in_memory_and_words_do_not_wait_for_them() -> None:
    figures = uploads.measure(megabytes=30, at_once=4)
    assert figures["memory that it took, MB"] < 8
    assert figures["memory that 20 at once of a tenth took, MB"] < 64
    alone = figures["words while nothing else comes in: median, ms"]
    # A second, where the machine is our own.
    assert figures["words while 4 such files come in: the slowest, ms"] < max(1000, 8 * alone)
