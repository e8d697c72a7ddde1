"""Who takes it, by when: the queue, the clocks, the claims, and the course of a report.

The order is urgency first, then who has waited longest. A report is held by one person at a time, for
half an hour after what that person last did with it. Only a person lowers an urgency, and says why.
Closing erases the minute-exact times; what stays is the day. What a supervisor must look at (`alerts`) stands
beside what it tells of, and looks at who someone is go through `revealing`, which raises it. What is still to be done
stands in `tasks`, what came of it in `outcomes`, and what follows from a provider's answer in `providers`;
`disagreeing` and `proposals` keep what people make of what the machine says, and `linking` and `merging` see reports
together. What people ask to be erased is heard in `texted` and begun in `ending`; `forgetting` knows every room that
then forgets.
How a desk stands is counted in `workload`; what came in a month in `statistics`, and told in `months` only as
`withholding` lets it be. Closed reports are looked at again in `sampling`.
"""

from hotline.triage.claims import LEASE, Held, claim, let_go
from hotline.triage.clocks import Clock, clock
from hotline.triage.course import ReasonMissing, change_urgency, close, reopen
from hotline.triage.notes import write_note
from hotline.triage.queue import VIEWS, queue_page
from hotline.triage.reading import Message, ReportFacts, conversation, report_facts
from hotline.triage.rows import QueuePage, QueueRow
from hotline.triage.tabs import counts

__all__ = [
    "LEASE",
    "VIEWS",
    "Clock",
    "Held",
    "Message",
    "QueuePage",
    "QueueRow",
    "ReasonMissing",
    "ReportFacts",
    "change_urgency",
    "claim",
    "clock",
    "close",
    "conversation",
    "counts",
    "let_go",
    "queue_page",
    "reopen",
    "report_facts",
    "write_note",
]
