"""What may be told to a provider and in a lead, and what never leaves."""

HANDOFF = (
    "need",
    "language",
    "area",
    "age_band",
    "gender",
    "with_children",
    "accessibility",
    "urgency",
    "hours",
    "contact",
    "do_not",
    "name",
    "account",
)
"""The facts of a handoff, the least telling first; each leaves only where the person said yes to it."""

LEAD = (
    "country",
    "area",
    "month",
    "people",
    "minor",
    "exploitation",
    "indicators",
    "control",
    "sector",
    "person_language",
    "links",
    "summary",
    "town",
    "venue",
    "day",
    "selectors",
    "nationality",
    "age_band",
    "gender",
)
"""The facts of a lead."""

NEVER = frozenset({"immigration_status", "offences", "helped_by", "staff"})
"""Facts that no yes lets out: they can be used against the person, or against who helps them."""

ORDER = (
    "need",
    "language",
    *LEAD,
    "with_children",
    "accessibility",
    "urgency",
    "hours",
    "contact",
    "do_not",
    "name",
    "account",
)
"""In which order facts are put, kept and shown, whatever they are for: the same yes reads the same everywhere."""

EVERY_FIELD = "*"
"""In the fields of a grant: whatever the purpose may carry at all."""
