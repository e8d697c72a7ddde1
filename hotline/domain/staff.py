"""Who works here, and what each role may do."""

from enum import StrEnum


class Role(StrEnum):
    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


class Right(StrEnum):
    READ = "read"
    REPLY = "reply"
    REVEAL = "reveal"
    PUBLISH = "publish"
    REFER = "refer"
    AUDIT = "audit"
    KEYS = "keys"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CASEWORKER: frozenset(
        {Right.READ, Right.REPLY, Right.REVEAL, Right.PUBLISH, Right.REFER, Right.AUDIT}
    ),
    Role.SUPERVISOR: frozenset(Right),
    Role.AUDITOR: frozenset({Right.AUDIT}),
}
