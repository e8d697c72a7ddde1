"""The outbox: what must still be done, kept in the same transaction as the reason for it.

A job is a row first. It names its work and one opaque id, nothing else; a doorbell only says that
there may be rows. A worker claims some, does them, and deletes each row together with its effect.
This room knows no other room: `hotline.worker` says which function a name stands for.
"""

from hotline.jobs.outbox import (
    Job,
    Priority,
    Undone,
    claim,
    done,
    ensure,
    failed,
    give_back,
    hasten,
    is_due,
    later,
    next_due,
    pull_in,
    repeat,
    waiting,
)
from hotline.jobs.tables import jobs

__all__ = [
    "Job",
    "Priority",
    "Undone",
    "claim",
    "done",
    "ensure",
    "failed",
    "give_back",
    "hasten",
    "is_due",
    "jobs",
    "later",
    "next_due",
    "pull_in",
    "repeat",
    "waiting",
]
