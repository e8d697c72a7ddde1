"""Who may learn what, for what, and until when: consent as rows that a person can read and take back.

The rules follow the practice of victim advocates (NNEDV and WSCADV on 28 CFR 90.4 and 94.115):

* **One release for each recipient.** A person may also agree to a group, and name who in it is left out.
* **As little as is needed.** A release lists its fields; whatever is not listed does not leave.
* **Limited in time.** Every release has a last day, at most `granting.LONGEST` after it was given.
* **Written, to be given; spoken is enough, to be taken back.** What is written on paper, on the web or by text
  stands by itself. What was only spoken needs a second member of staff who heard it, and then lasts a month;
  or a life in danger, and then lasts three days, so that there is time to ask in writing.
* The locale and version of the words that were shown are kept, because consent is to those words.
* Taking it back holds at once, for everything that has not left yet; `hotline.leads` recalls what has.
"""

from hotline.consent.granting import (
    EVERY_FIELD,
    INVESTIGATORS,
    Consent,
    ConsentRefused,
    GivenHow,
    Purpose,
    Terms,
    Why,
    find,
    forget,
    of_report,
    record,
    revoke,
    standing,
)
from hotline.consent.tables import consents

__all__ = [
    "EVERY_FIELD",
    "INVESTIGATORS",
    "Consent",
    "ConsentRefused",
    "GivenHow",
    "Purpose",
    "Terms",
    "Why",
    "consents",
    "find",
    "forget",
    "of_report",
    "record",
    "revoke",
    "standing",
]
