"""Each error code has a meaning: give up, mend it, wait, say it otherwise, or speak to the provider."""

import pytest

from hotline.channels.twilio.codes import failure_of, trouble_of
from hotline.contact import Trouble
from hotline.contact.carrier import (
    CarrierBlocked,
    CarrierBusy,
    CarrierMisconfigured,
    CarrierRefused,
    CarrierUnsure,
    ContentRefused,
    ReporterOptedOut,
)

MEANING = [
    (CarrierRefused, 400, (21211, 21217, 21214, 21612, 21614, 30005, 30006, 63003)),
    (ReporterOptedOut, 400, (21610,)),
    (CarrierMisconfigured, 400, (21408, 21606, 21703, 21609, 30032, 30034, 63007, 63001)),
    # Calls: numbers that are none, permissions that are ours to give, as many at once as the account may.
    (CarrierRefused, 400, (21211, 13224, 13225, 21216)),
    (CarrierMisconfigured, 400, (21210, 21212, 21213, 21215, 21219, 21205)),
    (CarrierMisconfigured, 403, (13227,)),
    (CarrierBusy, 429, (10004,)),
    (CarrierMisconfigured, 401, (20003, 0)),
    (CarrierMisconfigured, 403, (0, 20403)),
    (CarrierBusy, 429, (20429, 0)),
    (CarrierBusy, 400, (21611, 30001, 30022, 63018, 30410)),
    (ContentRefused, 400, (30004, 30007, 21617, 63016)),
    (CarrierBlocked, 400, (30450, 30453)),
    (CarrierUnsure, 500, (0, 20500)),
    (CarrierUnsure, 503, (0,)),
    (CarrierUnsure, 0, (0,)),
    (CarrierRefused, 404, (99999,)),
]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [(kind, status, code) for kind, status, codes in MEANING for code in codes],
)
def test_a_code_has_its_meaning(kind, status, code):
    failure = failure_of(status, code)
    assert type(failure) is kind
    assert failure.ref == str(code)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("30450", Trouble.BLOCKED),
        ("30034", Trouble.MISCONFIGURED),
        ("30003", None),
        ("30007", None),
        ("21610", None),
        ("", None),
        ("٣٠٤٥٠", None),
        ("x", None),
    ],
)
def test_operators_hear_of_what_only_they_can_mend(code, trouble):
    assert trouble_of(code) is trouble
