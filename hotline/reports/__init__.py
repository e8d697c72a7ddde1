"""The reports and their conversations, as rows that every room above may read.

Intake writes them, contact adds what we answer, triage orders them, leads and handoff ask them whether
something may leave. They stand in a room of their own, below all of those, because none of these rooms
may import another. Nothing in them is words or identifies anybody.
"""

from hotline.reports.belonging import desk_of
from hotline.reports.tables import messages, reports

__all__ = ["desk_of", "messages", "reports"]
