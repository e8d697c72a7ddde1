"""A process of ours leaves no core file, and nobody else of the same user looks into it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

LOOKS = """
import os, resource
from hotline.operate.hardening import harden
harden()
print(resource.getrlimit(resource.RLIMIT_CORE), oct(os.umask(0)))
print(os.stat("/proc/self/environ").st_uid, os.getpid())
"""


def test_no_core_no_looking_and_no_reading_of_new_files():
    said = subprocess.run(
        [sys.executable, "-c", LOOKS], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert said[0] == "(0, 0) 0o77"
    # What may not be dumped belongs to root under /proc, whoever runs it.
    assert said[1].split()[0] == "0"
