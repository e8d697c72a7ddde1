"""WhatsApp is off; who turns it on is told what that means, and what it still needs."""

import pytest

from hotline.demo.account import Account
from hotline.operate.doctor.findings import Severity
from tests.operate.doctor.conftest import CALLS, TEMPLATE, TEXTS, WHATSAPP, codes

OF_IT = "whatsapp-on"


@pytest.fixture
def on_whatsapp(practice):
    """The same line, with WhatsApp turned on and set up as it should be."""
    practice.settings(whatsapp_number=WHATSAPP, whatsapp_template=TEMPLATE)
    account = Account.of(
        practice.config.twilio,
        public_url=practice.config.public_url,
        lines=[TEXTS, CALLS, WHATSAPP],
    )
    practice.served.extensions["account"] = practice.account = account
    return practice


def trouble(practice):
    return codes(practice.found(), Severity.WRONG, Severity.WARNING)


def test_it_is_off_unless_it_is_turned_on(practice):
    assert "whatsapp-off" in codes(practice.found(), Severity.WELL)


def test_who_turns_it_on_is_told_who_learns_of_it(on_whatsapp):
    assert trouble(on_whatsapp) == [OF_IT]
    assert codes(on_whatsapp.found(), Severity.WRONG) == []


def test_a_template_that_is_missing_is_found(on_whatsapp):
    on_whatsapp.settings(whatsapp_template="")
    assert trouble(on_whatsapp) == [OF_IT, "whatsapp-template-missing"]


@pytest.mark.parametrize("status", ["pending", "rejected", "paused"])
def test_a_template_that_is_not_approved_is_found(on_whatsapp, status):
    on_whatsapp.account.templates[TEMPLATE] = status
    assert trouble(on_whatsapp) == [OF_IT, "whatsapp-template-not-approved"]


def test_a_template_that_nobody_has_is_found(on_whatsapp):
    on_whatsapp.account.templates.clear()
    assert trouble(on_whatsapp) == [OF_IT, "whatsapp-template-not-approved"]


def test_a_sender_that_nobody_has_is_found(on_whatsapp):
    on_whatsapp.account.whatsapp.clear()
    assert trouble(on_whatsapp) == [OF_IT, "whatsapp-sender-missing"]


def test_a_sender_that_is_offline_is_found(on_whatsapp):
    on_whatsapp.account.whatsapp[0]["status"] = "OFFLINE"
    assert trouble(on_whatsapp) == [OF_IT, "whatsapp-sender-offline"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"callback_url": ""}, "whatsapp-webhook-missing"),
        ({"callback_url": "https://other.example/sms"}, "whatsapp-webhook-elsewhere"),
        ({"callback_method": "GET"}, "whatsapp-webhook-method"),
        ({"fallback_url": ""}, "whatsapp-fallback-missing"),
    ],
)
def test_a_sender_that_is_set_up_wrongly_is_found(on_whatsapp, change, code):
    on_whatsapp.account.whatsapp[0]["webhook"].update(change)
    assert trouble(on_whatsapp) == sorted([OF_IT, code])
