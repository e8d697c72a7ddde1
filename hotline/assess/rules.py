"""The names of the rules: what an account may state, and what is concluded from it.

They stand in the reasons of an assessment, so whoever shows reasons in words needs one sentence
for each name in `REASONS`.
"""

from hotline.domain.urgency import Indicator

# A rule whose name is an indicator's own code states that indicator.
INDICATORS = frozenset(indicator.value for indicator in Indicator)

ASKED = frozenset(
    {
        "asks_shelter",
        "asks_legal",
        "asks_medical",
        "asks_psychological",
        "asks_food",
        "asks_transport",
        "asks_documents",
        "asks_interpretation",
        "asks_repatriation",
        "asks_police",
    }
)

DANGERS = frozenset(
    {
        "self_harm",
        "fire_or_water",
        "dying",
        "moved_soon",
        "breaking_in",
        "violence_now",
        "weapon_drawn",
        "captive",
        "caller_watched",
        "help_refused",
    }
)

CIRCUMSTANCES = frozenset(
    {
        "promise",
        "otherwise",
        "child",
        "injury",
        "nowhere",
        "still_held",
        "caught_again",
        "coming_back",
        "cry_for_help",
        "hurry",
        "distress",
        "made_to_work",
        "bystander",
        "family",
        "scam_compound",
    }
)

# Facts that speak for less urgency; they count only in the language of the account.
LOWERING = frozenset(
    {
        "free",
        "long_ago",
        "years_ago",
        "own_papers",
        "thanks",
        "stop",
        "price_question",
        "wrong_number",
        "job_seeker",
        "student",
        "spam",
        "automated",
        "prank",
        "fantasy",
        "story",
        "figure_of_speech",
        "laughs",
        "homely",
    }
)

# What takes back another fact of the same account, and is never a reason of its own.
CORRECTING = frozenset({"owed_to_me"})

# What a lexicon may state and a reason may name.
STATED = INDICATORS | ASKED | DANGERS | CIRCUMSTANCES | LOWERING

# What only the form, or several facts together, can say.
CONCLUDED = frozenset(
    {
        "minor",
        "answer_not_safe",
        "answer_goes_sometimes",
        "answer_in_danger",
        "answer_recorded",
        "answer_no_voice",
    }
)

# Why the urgency is what it is: one of the facts, or that we do not understand.
DECIDING = STATED | CONCLUDED | {"unclear", "unreadable", "unknown_language", "answered"}

REASONS = STATED | CONCLUDED | {f"urgency_{fact}" for fact in DECIDING}
