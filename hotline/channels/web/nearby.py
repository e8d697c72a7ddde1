"""Numbers to call, on the page that shows a code and on the one that code and word open, while none of us is awake.

They are shown to who presses for them, below words that say to do so only where no one else looks: that press is the yes
that a text is asked for, and is asked for again on each page. The fold names nothing before; what it then shows are at
most three names, numbers and hours: see `intake.nearby` for what is never among them. What is needed and where is chosen
anew, and kept nowhere.

What is not among them tells of the report: whom its person excluded, or that we doubt who writes. So they are for who
proved to be its person: who sent it a moment ago, or knows the word beside the code. A code alone is offered nothing.
"""

from dataclasses import dataclass

from hotline.channels.web.body import Sent
from hotline.dialogue.flow import flow
from hotline.intake.nearby import Near
from hotline.parts import here

YES = "yes"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the page shows: the form with what was *sent*, and what was *found*, None before anybody pressed for it."""

    form: Sent
    found: tuple[Near, ...] | None = None

    @property
    def is_asked(self) -> bool:
        return self.found is not None


def offered(sent: Sent) -> Numbers | None:
    """Return the form alone, with what they chose a moment ago; None while one of us is awake."""
    nearby = here().reception.conversing.nearby
    is_quiet = nearby is not None and nearby.is_quiet(at=here().clock())
    return Numbers(sent) if is_quiet else None


def shown(sent: Sent, report_id: str, locale: str) -> Numbers | None:
    """Return what fits where the report's person pressed for it, else what `offered` does."""
    nearby = here().reception.conversing.nearby
    if nearby is None or sent.text("near") != YES or not report_id:
        return offered(sent)
    needs = _needs(sent)
    where, at = sent.text("place"), here().clock()
    return Numbers(sent, nearby.find(report_id, needs, where, locale, at=at))


def _needs(sent: Sent) -> list[str]:
    """Return the known codes among what is needed first."""
    question = flow().named("need")
    known = (*question.codes, *question.also_on_web) if question else ()
    return [code for code in known if code in sent.all("need")]
