"""Each thing that can be set up wrongly is found, by its own name, and nothing else is found with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.demo.texts import Text
from hotline.operate.doctor.findings import Severity
from hotline.operate.doctor.telling import SOMETHING_WRONG, status_of
from tests.operate.doctor.conftest import MARIA, SERVICE, TEXTS, codes

ELSEWHERE = "https://other.example"
NUMBER_FAULTS = {
    "voice-webhook-missing": {"voice_url": ""},
    "voice-webhook-elsewhere": {"voice_url": f"{ELSEWHERE}/twilio/voice"},
    "voice-webhook-method": {"voice_method": "GET"},
    "voice-fallback-missing": {"voice_fallback_url": None},
    "voice-fallback-elsewhere": {"voice_fallback_url": f"{ELSEWHERE}/twilio/fallback"},
    "voice-fallback-method": {"voice_fallback_method": "GET"},
    "voice-application": {"voice_application_sid": "AP" + "0" * 32},
    "status-callback-elsewhere": {"status_callback": f"{ELSEWHERE}/status"},
    "voice-status-missing": {"status_callback": ""},
    "voice-status-method": {"status_callback_method": "GET"},
    "voice-caller-lookup": {"voice_caller_id_lookup": True},
    "voice-takes-faxes": {"voice_receive_mode": "fax"},
    "number-cannot-text": {"capabilities": {"sms": False, "mms": False, "voice": True}},
    "number-cannot-picture": {"capabilities": {"sms": True, "mms": False, "voice": True}},
}
SERVICE_FAULTS = {
    "service-webhook-missing": {"inbound_request_url": None},
    "service-webhook-elsewhere": {"inbound_request_url": f"{ELSEWHERE}/twilio/sms"},
    "service-webhook-method": {"inbound_method": "GET"},
    "service-fallback-missing": {"fallback_url": None},
    "service-fallback-elsewhere": {"fallback_url": f"{ELSEWHERE}/twilio/fallback"},
    "service-fallback-method": {"fallback_method": "GET"},
    "service-falls-back": {"fallback_to_long_code": True},
    "service-sticky": {"sticky_sender": True},
    "status-callback-elsewhere": {"status_callback": f"{ELSEWHERE}/status"},
}
OVERRIDES = {
    "": "no-retry",
    "#rc=3": "no-retry",
    "#rc=0&rp=5xx,ct,rt": "no-retry",
    "#rc=3&rp=5xx,ct": "no-retry",
    "#rc=3&rp=5xx;ct;rt": "overrides-refused",
    "#rc=3&rp=500": "overrides-refused",
    "#rc=9&rp=5xx,ct,rt": "overrides-refused",
    "#rc=three&rp=5xx,ct,rt": "overrides-refused",
    "#rc=3&rp=5xx,ct,rt&rt=99": "overrides-refused",
}


def a_suspended_account(practice):
    practice.account.status = "suspended"


def a_trial_account(practice):
    practice.account.kind = "Trial"


def little_money(practice):
    practice.account.balance = "3.10"


def a_number_of_somebody_else(practice):
    sid = practice.calls["sid"]
    del practice.account.numbers[sid]


def a_number_that_cannot_be_called(practice):
    practice.calls["capabilities"] = {"sms": True, "mms": True, "voice": False}


def the_number_left_out_of_the_service(practice):
    practice.account.senders[SERVICE].remove(practice.number["sid"])


def texts_taken_by_an_application(practice):
    practice.service["use_inbound_webhook_on_number"] = True
    practice.number["sms_application_sid"] = "AP" + "0" * 32


def texts_of_the_number_elsewhere(practice):
    practice.service["use_inbound_webhook_on_number"] = True
    practice.number["sms_url"] = f"{ELSEWHERE}/sms"


def a_second_number_left_as_it_was_bought(practice):
    practice.account.senders[SERVICE].remove(practice.calls["sid"])
    practice.calls["sms_url"] = "https://demo.twilio.com/welcome/sms/reply"


def calls_taken_by_a_trunk(practice):
    practice.number["trunk_sid"] = "TK" + "0" * 32


def an_unknown_service(practice):
    practice.account.services.clear()


def a_rule_for_all_our_addresses(practice):
    practice.account.rules.append(f"{practice.config.public_url}/twilio/")


def no_campaign(practice):
    practice.account.campaigns[SERVICE] = []


def a_refused_campaign(practice):
    practice.account.campaigns[SERVICE] = ["FAILED"]


def a_campaign_under_way(practice):
    practice.account.campaigns[SERVICE] = ["IN_PROGRESS"]


def texts_to_anywhere(practice):
    practice.account.texted |= {"MX", "NG"}


def no_texts_to_where_people_are(practice):
    practice.settings(countries=("US", "MX"))
    practice.account.dialed["MX"] = {"low"}


def texts_to_a_country_of_much_fraud(practice):
    practice.settings(countries=("US", "NG"))
    practice.account.texted.add("NG")
    practice.account.dialed["NG"] = {"low"}


def calls_to_anywhere(practice):
    practice.account.dialed["MX"] = {"low"}


def calls_to_premium_numbers(practice):
    practice.account.dialed["US"] = {"low", "special"}


def calls_to_numbers_of_toll_fraud(practice):
    practice.account.dialed["LV"] = {"fraud"}


def no_calls_to_where_people_are(practice):
    practice.account.dialed = {}


def exchanged(practice, asked, *answers):
    """Let the provider's list show a text and what was answered from the line."""
    texts = [Text(TEXTS, MARIA, asked, "inbound", "received")]
    texts += [Text(MARIA, TEXTS, answer, "outbound-reply", "delivered") for answer in answers]
    for text in texts:
        text.created = text.sent = datetime.now(UTC)
        practice.network._texts.keep(text)


def help_answered_by_the_provider(practice):
    exchanged(practice, " help\n", "Reply STOP to unsubscribe. Msg&Data Rates May Apply.")


def a_word_that_got_two_answers(practice):
    exchanged(practice, "End", "Goodbye from Our Shop.", "Is now a good time?")


def a_clock_that_is_slow(practice):
    practice.clock = lambda: datetime.now(UTC) - timedelta(seconds=45)


def errors_in_the_log(practice):
    practice.account.alerts += [("11200", datetime.now(UTC))] * 3


def redaction_that_does_not_work(practice):
    practice.account.alerts.append(("23005", datetime.now(UTC)))


def a_wrong_token(practice):
    practice.settings(auth_token="another")
    practice.served_at("127.0.0.1")


def a_second_token_that_is_old(practice):
    practice.settings(secondary_token="an-old-one")


def no_service(practice):
    practice.settings(messaging_service_sid="")


def no_cover_story(practice):
    (practice.config.keys / "cover.toml").unlink()


def an_empty_cover_story(practice):
    (practice.config.keys / "cover.toml").write_text("")


def a_cover_story_of_the_wrong_shape(practice):
    (practice.config.keys / "cover.toml").write_text('story = "Hello!"')


def a_cover_story_in_another_language_only(practice):
    (practice.config.keys / "cover.toml").write_text('story_es = ["Hola."]')


def a_torn_cover_story(practice):
    (practice.config.keys / "cover.toml").write_text("story = [")


def dressed(practice, told):
    folder = practice.config.keys.parent / "theme"
    folder.mkdir()
    (folder / "theme.toml").write_text(told)
    practice.config = replace(practice.config, theme=folder)


def a_title_that_tells_everybody(practice):
    dressed(practice, 'title = "Report it"')


def an_address_that_tells_everybody(practice):
    dressed(practice, '[addresses]\nagain = "helpline"')


def a_theme_that_cannot_be_used(practice):
    dressed(practice, 'accent = ["#ffffff", "#000000"]')


def a_language_that_is_not_offered(practice):
    practice.config = replace(practice.config, default_locale="tlh")


def a_line_in_a_language_that_is_not_offered(practice):
    practice.config = replace(practice.config, lines={TEXTS: "tlh"})


def a_wish_for_a_language_that_is_not_complete(practice):
    practice.config = replace(practice.config, locales=("en", "tlh"))


def a_key_that_others_read(practice):
    (practice.config.keys / "relay.key").chmod(0o640)


def a_public_half_that_others_change(practice):
    (practice.config.keys / "log.pub").chmod(0o666)


def a_key_folder_that_others_write(practice):
    practice.config.keys.chmod(0o777)


def a_token_that_others_read(practice):
    Path(practice.env["TWILIO_AUTH_TOKEN_FILE"]).chmod(0o644)


def a_line_that_is_down(practice):
    practice.moves_to("http://127.0.0.1:9")


def a_line_that_knows_itself_by_another_name(practice):
    practice.moves_to(practice.config.public_url.replace("127.0.0.1", "localhost"))


def a_provider_that_is_none(practice):
    practice.settings(api_origin="http://provider.example")


FAULTS = {
    a_suspended_account: "account-not-active",
    a_trial_account: "account-trial",
    little_money: "balance-low",
    a_wrong_token: "token-refused",
    a_second_token_that_is_old: "secondary-token-refused",
    a_number_of_somebody_else: "number-not-ours",
    a_number_that_cannot_be_called: "number-cannot-call",
    the_number_left_out_of_the_service: "service-lacks-number",
    texts_taken_by_an_application: "sms-application",
    texts_of_the_number_elsewhere: "sms-webhook-elsewhere",
    a_second_number_left_as_it_was_bought: "sms-webhook-elsewhere",
    calls_taken_by_a_trunk: "voice-application",
    an_unknown_service: "service-unknown",
    no_service: "service-missing",
    a_rule_for_all_our_addresses: "webhook-rule",
    no_campaign: "a2p-unregistered",
    a_refused_campaign: "a2p-unregistered",
    a_campaign_under_way: "a2p-pending",
    texts_to_anywhere: "sms-countries-too-many",
    no_texts_to_where_people_are: "sms-countries-too-few",
    texts_to_a_country_of_much_fraud: "sms-countries-risky",
    calls_to_anywhere: "voice-countries-too-many",
    calls_to_premium_numbers: "voice-countries-risky",
    calls_to_numbers_of_toll_fraud: "voice-countries-risky",
    no_calls_to_where_people_are: "voice-countries-too-few",
    help_answered_by_the_provider: "keyword-captured",
    a_word_that_got_two_answers: "keyword-captured",
    a_clock_that_is_slow: "clock-skew",
    errors_in_the_log: "errors-logged",
    redaction_that_does_not_work: "redaction-broken",
    no_cover_story: "cover-missing",
    an_empty_cover_story: "cover-missing",
    a_torn_cover_story: "cover-unreadable",
    a_cover_story_of_the_wrong_shape: "cover-unreadable",
    a_cover_story_in_another_language_only: "cover-missing",
    a_title_that_tells_everybody: "theme-tells",
    an_address_that_tells_everybody: "theme-tells",
    a_theme_that_cannot_be_used: "theme-unusable",
    a_language_that_is_not_offered: "locale-not-offered",
    a_line_in_a_language_that_is_not_offered: "locale-not-offered",
    a_wish_for_a_language_that_is_not_complete: "locale-incomplete",
    a_key_that_others_read: "key-file-open",
    a_public_half_that_others_change: "key-file-open",
    a_key_folder_that_others_write: "keys-folder-open",
    a_token_that_others_read: "secret-file-open",
    a_line_that_is_down: "origin-unreachable",
    a_line_that_knows_itself_by_another_name: "signature-refused",
    a_provider_that_is_none: "provider-elsewhere",
}


def trouble(practice):
    """Return the codes of what is wrong or to be considered."""
    return codes(practice.found(), Severity.WRONG, Severity.WARNING)


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_it_is_found_and_nothing_else(practice, plant):
    plant(practice)
    assert trouble(practice) == [FAULTS[plant]]


@pytest.mark.parametrize("code", NUMBER_FAULTS)
def test_a_number_that_is_set_up_wrongly_is_found(practice, code):
    practice.number.update(NUMBER_FAULTS[code])
    assert trouble(practice) == [code]


@pytest.mark.parametrize("code", SERVICE_FAULTS)
def test_a_service_that_is_set_up_wrongly_is_found(practice, code):
    practice.service.update(SERVICE_FAULTS[code])
    assert trouble(practice) == [code]


@pytest.mark.parametrize("fragment", OVERRIDES)
def test_overrides_that_lose_texts_or_are_refused_are_found(practice, fragment):
    practice.service["inbound_request_url"] = f"{practice.config.public_url}/twilio/sms{fragment}"
    assert trouble(practice) == [f"service-webhook-{OVERRIDES[fragment]}"]


@pytest.mark.parametrize("fragment", OVERRIDES)
def test_overrides_that_lose_calls_or_are_refused_are_found(practice, fragment):
    practice.number["voice_url"] = f"{practice.config.public_url}/twilio/voice{fragment}"
    assert trouble(practice) == [f"voice-webhook-{OVERRIDES[fragment]}"]


def test_news_of_calls_must_come_where_they_are_read(practice):
    practice.number["status_callback"] = f"{practice.config.public_url}/twilio/sms"
    assert trouble(practice) == ["voice-status-missing"]


def test_a_number_that_cannot_be_called_needs_no_news_of_calls(practice):
    practice.number["capabilities"] = {"sms": True, "mms": True, "voice": False}
    practice.number["status_callback"] = ""
    assert trouble(practice) == []


def test_where_nobody_can_call_nobody_need_be_called_back(practice):
    for number in practice.account.numbers.values():
        number["capabilities"] = {"sms": True, "mms": True, "voice": False}
    practice.settings(voice_number="")
    practice.account.dialed.clear()
    assert trouble(practice) == []


def test_overrides_that_ask_for_more_are_fine(practice):
    practice.service["inbound_request_url"] = (
        f"{practice.config.public_url}/twilio/sms#rc=5&rp=all&ct=2000&e=dublin"
    )
    assert trouble(practice) == []


@pytest.mark.parametrize("word", ["HELP", "help me", "STOP"])
def test_a_word_that_got_our_answer_alone_proves_nothing(practice, word):
    exchanged(practice, word, "Is now a good time?")
    found = practice.found()
    assert codes(found, Severity.WRONG, Severity.WARNING) == []
    assert "opt-out-unknown" in codes(found, Severity.UNKNOWN)


def test_a_rule_for_somebody_else_is_none_of_ours(practice):
    practice.account.rules.append("https://other.example/twilio/")
    assert trouble(practice) == []


def test_a_number_that_a_service_answers_for_needs_no_address_of_its_own(practice):
    practice.number["sms_url"] = ""
    assert trouble(practice) == []


def test_something_wrong_is_an_exit_status_and_something_to_consider_is_none(practice):
    practice.service["sticky_sender"] = True
    assert status_of(practice.found()) == 0
    practice.service["fallback_to_long_code"] = True
    assert status_of(practice.found()) == SOMETHING_WRONG
