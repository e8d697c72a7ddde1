"""What an account needs: how soon a person must look, what it states, what to offer, and why.

Pure: words in, an `Assessment` out. It reads the original words in memory, before they are sealed,
because afterwards the machine cannot read them any more. It may raise attention and never closes a
report; a person opens every one. Each statement carries its reason: a rule and a place in the text.
"""

from hotline.assess.assessment import assess, assess_answers
from hotline.assess.lines import assess_lines

__all__ = ["assess", "assess_answers", "assess_lines"]
