"""A person agrees, and a member of staff writes it down, as the forms of the desk say it."""

from datetime import timedelta
from typing import Any

from hotline.leads.disclose import FIELDS
from tests.cast import Member

GROWN = "My boss took my passport and locks the door at night. My name is Maria Lopez"
"""What somebody of age texts: for a child two of the desk decide first."""

LEAD = {"to": "lead investigators", "fields": [f"lead {name}" for name in FIELDS]}
WRITTEN = {"given_how": "written", "put": "ready", "words_locale": "en"}


def until(member: Member, days: int = 60) -> str:
    return (member.house.clock() + timedelta(days=days)).date().isoformat()


def agrees(member: Member, report: str, expect: int = 303, **more: Any) -> str:
    """Write down what the person agreed to on paper; return the page where it was refused."""
    form = {**LEAD, **WRITTEN, "until": until(member), **more}
    return member.sends(f"/console/report/{report}/consent", expect=expect, **form).text
