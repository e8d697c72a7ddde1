"""Does what the outbox asks for: `work` says what a name stands for, `claiming` does what is due, `living` is the process.

The rows are the truth. A worker thread inside the web process is the default; with Redis, RQ rings the
bell for workers on other machines, and a job of RQ's carries nothing but the word "due". Whoever is
rung claims what is due; a clock rings too, so a lost bell costs seconds, never a job.
"""

from hotline.worker.claiming import work_off
from hotline.worker.living import Embedded, come_back, come_on_time, rung, serve, start, stop
from hotline.worker.work import STANDING, WORK

__all__ = [
    "STANDING",
    "WORK",
    "Embedded",
    "come_back",
    "come_on_time",
    "rung",
    "serve",
    "start",
    "stop",
    "work_off",
]
