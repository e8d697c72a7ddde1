"""Senders are registered where carriers ask for it: in the US by campaign, toll-free ones by verification."""

import pytest

from hotline.operate.doctor.findings import Severity
from tests.operate.doctor.conftest import SERVICE, TEXTS, codes

TOLL_FREE, IN_BRITAIN = "+18885550142", "+447400123456"


def texts_come_to(practice, number):
    """Let the line have *number* for its texts, set up as it should be."""
    added = practice.account.add_number(number, practice.config.public_url)
    practice.account.senders[SERVICE].append(added["sid"])
    practice.settings(sms_number=number)
    return added["sid"]


@pytest.mark.parametrize("status", ["PENDING_REVIEW", "IN_REVIEW", "TWILIO_REJECTED"])
def test_a_toll_free_number_that_is_not_verified_is_found(practice, status):
    sid = texts_come_to(practice, TOLL_FREE)
    assert codes(practice.found(), Severity.WRONG) == ["toll-free-unverified"]
    practice.account.verifications[sid] = status
    assert codes(practice.found(), Severity.WRONG) == ["toll-free-unverified"]


def test_a_toll_free_number_that_is_verified_is_well(practice):
    sid = texts_come_to(practice, TOLL_FREE)
    practice.account.verifications[sid] = "TWILIO_APPROVED"
    practice.account.campaigns[SERVICE] = []
    found = practice.found()
    assert codes(found, Severity.WRONG, Severity.WARNING) == []
    assert "registration" in codes(found, Severity.WELL)


def test_what_other_countries_ask_for_is_not_made_up(practice):
    texts_come_to(practice, IN_BRITAIN)
    practice.account.texted.add("GB")
    practice.account.dialed["GB"] = {"low"}
    found = practice.found()
    assert codes(found, Severity.WRONG, Severity.WARNING) == []
    assert "registration-unknown" in codes(found, Severity.UNKNOWN)


def test_each_line_that_texts_must_be_in_the_service(practice):
    practice.settings(sms_number=IN_BRITAIN)
    practice.account.add_number(IN_BRITAIN, practice.config.public_url)
    practice.account.texted.add("GB")
    practice.account.dialed["GB"] = {"low"}
    # The other line of texts stands in LINES, and is still in the service.
    assert TEXTS in practice.config.lines
    assert codes(practice.found(), Severity.WRONG) == ["service-lacks-number"]
