"""Only the provider's own webhooks come in; every trap of its signature is met one by one."""

import io
import json
import logging

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from tests.channels.twilio.signing import (
    ACCOUNT,
    FORM,
    LINE,
    MARIA,
    ORIGIN,
    SECOND,
    FakeReception,
    Repeated,
    application,
    body_hash,
    post,
    signature,
    sms_fields,
)

PATH = "/twilio/sms"


@pytest.fixture
def reception():
    return FakeReception()


@pytest.fixture
def client(reception):
    return application(reception=reception).test_client()


def test_a_signed_text_is_let_in(client, reception):
    assert post(client, PATH, sms_fields()).status_code == 200
    assert [message.text for message in reception.kept] == ["hola, me pueden ayudar"]


def test_the_secondary_token_is_good_while_tokens_change(client):
    fields = sms_fields()
    signed = signature(PATH, fields, token=SECOND)
    assert post(client, PATH, fields, signed=signed).status_code == 200


def test_a_shared_key_signs_with_sha_256(client):
    fields = sms_fields()
    signed = signature(PATH, fields, algorithm="HMAC_SHA256")
    settings = {"X-Twilio-Webhooks-Signature-Settings": "key=k1,algorithm=HMAC_SHA256"}
    assert post(client, PATH, fields, signed=signed, headers=settings).status_code == 200
    assert post(client, PATH, fields, signed=signed).status_code == 403


@pytest.mark.parametrize("body", [" hi \r\n", "", "ñandú 🙂 ", "a=b&c=d", "مرحبا", "+ %20 +"])
def test_what_was_typed_is_signed_as_it_stands(client, reception, body):
    assert post(client, PATH, sms_fields(Body=body)).status_code == 200
    assert reception.kept[0].text == body


def test_fields_that_we_do_not_know_yet_are_part_of_the_signature(client):
    fields = sms_fields(BrandNew="", AnotherOne="x")
    assert post(client, PATH, fields).status_code == 200
    signed = signature(PATH, fields)
    del fields["BrandNew"], fields["AnotherOne"]
    assert post(client, PATH, fields, signed=signed).status_code == 403


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        (PATH, "http://line.example"),
        (PATH, "https://other.example"),
        (PATH + "/", ORIGIN),
        (PATH + "#rc=3&rp=5xx,ct,rt", ORIGIN),
        (PATH + "?x", ORIGIN),
    ],
)
def test_another_address_has_another_signature(client, reception, path, origin):
    fields = sms_fields()
    signed = signature(path, fields, origin=origin)
    assert post(client, PATH, fields, signed=signed).status_code == 403
    assert not reception.kept


def test_a_query_is_signed_byte_for_byte(client):
    fields = sms_fields()
    for query in ("?q=%C3%B1", "?q=%2D%7E", "?a=1&a=2"):
        signed = signature(PATH + query, fields)
        assert post(client, PATH + query, fields, signed=signed).status_code == 200
        assert post(client, PATH + "?q=x", fields, signed=signed).status_code == 403


def test_hosts_that_a_stranger_names_do_not_count(client):
    fields = sms_fields()
    elsewhere = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    assert post(client, PATH, fields, headers=elsewhere).status_code == 200
    signed = signature(PATH, fields, origin="https://evil.example")
    evil = {**elsewhere, "Host": "evil.example"}
    assert post(client, PATH, fields, signed=signed, headers=evil).status_code == 403


@pytest.mark.parametrize("signed", ["", "x", "=", "ÿ" * 28, "A" * 28, "A" * 10_000])
def test_a_wrong_signature_is_refused(client, reception, signed):
    assert post(client, PATH, sms_fields(), signed=signed).status_code == 403
    assert not reception.kept


def test_a_missing_signature_is_refused(client, reception):
    assert client.post(PATH, data=sms_fields()).status_code == 403
    assert not reception.kept


def test_every_route_of_the_room_is_guarded(client):
    for path in (PATH, "/twilio/fallback", "/twilio/sms/status/" + "0" * 32):
        assert client.post(path, data=sms_fields()).status_code == 403


def test_another_account_is_refused_even_when_its_signature_is_right(client):
    for account in ("AC" + "1" * 32, "", None):
        assert post(client, PATH, sms_fields(AccountSid=account)).status_code == 403


@pytest.mark.parametrize("sid", ["SM1", "XX" + "1" * 32, "SM" + "g" * 32, "SM" + "1" * 33])
def test_an_id_must_look_like_one(client, reception, sid):
    assert post(client, PATH, sms_fields(MessageSid=sid)).status_code == 403
    assert not reception.kept


def test_fields_moved_into_each_other_are_refused(client, reception):
    # Names and values are signed without a separator: {a: "bc"} has the signature of {ab: "c"}.
    fields = sms_fields()
    signed = signature(PATH, fields)
    for name in ("AccountSid", "MessageSid", "From", "To"):
        moved = dict(fields)
        value = moved.pop(name)
        moved[name + value[:1]] = value[1:]
        assert signature(PATH, moved) == signed
        assert post(client, PATH, moved, signed=signed).status_code in (400, 403)
    assert not reception.kept


def test_a_field_that_we_read_comes_once(client, reception):
    fields = [*sms_fields().items(), ("Body", "another text")]
    # The validator signs each value of a repeated field, in order.
    signed = signature(PATH, Repeated(fields))
    assert post(client, PATH, fields, signed=signed).status_code == 403
    assert not reception.kept


def test_a_field_that_we_do_not_read_may_come_several_times(client, reception):
    values = ["b", "a", "b", ""]
    fields = [*sms_fields().items(), *(("AddOns", value) for value in values)]
    signed = signature(PATH, Repeated(fields))
    assert post(client, PATH, fields, signed=signed).status_code == 200
    # One value more or less is another text.
    fewer = [field for field in fields if field != ("AddOns", "a")]
    assert post(client, PATH, fewer, signed=signed).status_code == 403
    assert len(reception.kept) == 1


@pytest.mark.parametrize("blank", ["Body", "FromCity", "ToZip", "OptOutType"])
def test_a_blank_field_is_signed_too(client, blank):
    fields = sms_fields(**{blank: ""})
    signed = signature(PATH, fields)
    assert post(client, PATH, fields, signed=signed).status_code == 200
    # The library leaves blanks in: a field of our form that it never saw is no blank.
    assert post(client, PATH, {**fields, blank: " "}, signed=signed).status_code == 403


@pytest.mark.parametrize(
    ("ours", "signed_for"),
    [
        ("https://line.example", "https://line.example:443"),
        ("https://line.example:8443", "https://line.example:8443"),
        ("https://line.example:8443", "https://line.example"),
        ("http://line.example", "http://line.example:80"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_a_port_may_be_signed_or_not(ours, signed_for):
    client = application(origin=ours).test_client()
    fields = sms_fields()
    signed = signature(PATH, fields, origin=signed_for)
    assert post(client, PATH, fields, signed=signed).status_code == 200


@pytest.mark.parametrize(
    ("ours", "signed_for"),
    [
        ("https://line.example", "https://line.example:8443"),
        ("https://line.example:8443", "https://line.example:443"),
        ("https://line.example", "http://line.example:443"),
        ("https://line.example", "https://u:p@line.example"),
    ],
)
def test_another_port_or_scheme_is_another_address(ours, signed_for):
    client = application(origin=ours).test_client()
    fields = sms_fields()
    signed = signature(PATH, fields, origin=signed_for)
    assert post(client, PATH, fields, signed=signed).status_code == 403


def test_an_empty_query_is_none(client, reception):
    # Servers do not tell it, and the library drops it from what it checks.
    fields = sms_fields()
    assert post(client, PATH + "?", fields, signed=signature(PATH, fields)).status_code == 200
    signed = signature(PATH + "?", fields)
    assert post(client, PATH + "?", fields, signed=signed).status_code == 403
    assert len(reception.kept) == 1


def test_a_trailing_slash_is_an_address_of_its_own_and_never_redirects(client, reception):
    fields = sms_fields()
    assert post(client, PATH + "/", fields).status_code == 200
    signed = signature(PATH, fields)
    assert post(client, PATH + "/", fields, signed=signed).status_code == 403
    assert len(reception.kept) == 1


@pytest.mark.parametrize(
    "path", ["//twilio//sms", "/twilio//sms", "/twilio/sms//", "/twilio/fallback//"]
)
def test_slashes_are_never_put_in_order_by_a_redirect(client, reception, path):
    assert post(client, path, sms_fields()).status_code in (403, 404)
    assert not reception.kept


def test_the_secret_of_an_interface_key_signs_nothing(client, reception):
    fields = sms_fields()
    for secret in ("secret of the interface key", "", ACCOUNT):
        signed = signature(PATH, fields, token=secret)
        assert post(client, PATH, fields, signed=signed).status_code == 403
    assert not reception.kept


@pytest.mark.parametrize(
    "algorithm", ["HMAC_MD5", "none", "", "HMAC_SHA512", "hmac_sha1,HMAC_SHA256"]
)
def test_an_algorithm_that_we_do_not_know_proves_nothing(client, reception, algorithm, caplog):
    fields = sms_fields()
    settings = {"X-Twilio-Webhooks-Signature-Settings": f"key=k1,algorithm={algorithm}"}
    signed = signature(PATH, fields, algorithm="HMAC_SHA256")
    with caplog.at_level(logging.DEBUG):
        assert post(client, PATH, fields, signed=signed, headers=settings).status_code == 403
    assert not reception.kept
    # The library would have logged it, as a stranger wrote it.
    assert [record.name for record in caplog.records if record.name.startswith("twilio")] == []


def test_settings_without_an_algorithm_mean_the_old_one(client):
    settings = {"X-Twilio-Webhooks-Signature-Settings": "key=k1"}
    assert post(client, PATH, sms_fields(), headers=settings).status_code == 200


@pytest.mark.parametrize("kind", ["SM", "MM"])
def test_texts_and_picture_texts_have_ids_of_their_own(client, kind):
    sid = kind + "aB" * 16
    fields = sms_fields(MessageSid=sid, SmsSid=sid, SmsMessageSid=sid)
    assert post(client, PATH, fields).status_code == 200


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("SmsSid", "SM1"),
        ("SmsMessageSid", "x" * 34),
        ("MessagingServiceSid", "MG" + "1" * 31),
        ("CallSid", "SM" + "1" * 32),
        ("RecordingSid", "RE" + "1" * 33),
        ("MessageSid", "SM" + "1" * 32 + "\n"),
        ("AccountSid", ACCOUNT + " "),
    ],
)
def test_each_id_has_its_own_shape(client, reception, name, wrong):
    assert post(client, PATH, sms_fields(**{name: wrong})).status_code == 403
    assert not reception.kept


def test_a_messaging_service_may_be_named_or_not(client):
    for service in ("MG" + "2" * 32, "", None):
        assert post(client, PATH, sms_fields(MessagingServiceSid=service)).status_code == 200


def test_a_field_cannot_be_moved_into_the_address(client, reception):
    # "?x" and {a: "b"} is signed as "?xa" and {b: ""} would be: what we read must still be in the form.
    fields = sms_fields()
    moved = dict(fields)
    account = moved.pop("AccountSid")
    query = "?x"
    signed = signature(PATH + query, fields)
    assert signature(f"{PATH}{query}AccountSid{account}", moved) == signed
    response = post(client, f"{PATH}{query}AccountSid{account}", moved, signed=signed)
    assert response.status_code == 403
    assert not reception.kept


def _post_json(client, body, *, query, signed_query=None):
    path = f"{PATH}?{query}" if query else PATH
    signed = signature(f"{PATH}?{signed_query or query}" if query else PATH, {})
    return client.post(
        path, data=body, content_type="application/json", headers={"X-Twilio-Signature": signed}
    )


def test_json_is_checked_by_the_hash_of_its_body(client, reception):
    body = json.dumps({"AccountSid": ACCOUNT, "Body": "ñ"}, ensure_ascii=False)
    # Signed and whole it passes the guard; a text is not sent as JSON, so the room says malformed.
    assert _post_json(client, body, query=f"bodySHA256={body_hash(body)}").status_code == 400
    # Without a hash, with an empty or another body, and with a hash nobody signed, it does not.
    assert _post_json(client, body, query="").status_code == 403
    assert _post_json(client, body, query="bodySHA256=").status_code == 403
    right = f"bodySHA256={body_hash(body)}"
    assert _post_json(client, "{}", query=right).status_code == 403
    assert _post_json(client, "", query=right).status_code == 403
    wrong = f"bodySHA256={body_hash('{}')}"
    assert _post_json(client, "{}", query=wrong, signed_query=right).status_code == 403
    assert not reception.kept


def test_json_of_another_account_or_of_no_object_is_refused(client):
    for body in ('{"AccountSid": "AC1"}', "[]", "1", "not json"):
        assert _post_json(client, body, query=f"bodySHA256={body_hash(body)}").status_code == 403


def test_a_form_cannot_pass_as_json(client, reception):
    # An empty JSON body under a signed address must not carry an unsigned form along.
    signed = signature(PATH, {})
    response = client.post(
        PATH, data="", content_type="application/json", headers={"X-Twilio-Signature": signed}
    )
    assert response.status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "text/xml", ""])
def test_another_kind_of_content_is_not_read(client, reception, kind):
    response = client.post(
        PATH, data="Body=x", content_type=kind, headers={"X-Twilio-Signature": "x"}
    )
    assert response.status_code == 415
    assert not reception.kept


@pytest.mark.parametrize("size", [64 * 1024 + 1, 10 * 1024 * 1024])
def test_too_much_is_refused_before_it_is_read(client, reception, size):
    response = client.post(
        PATH, data=b"B=" + b"x" * size, content_type=FORM, headers={"X-Twilio-Signature": "x"}
    )
    assert response.status_code == 413
    assert not reception.kept


def test_too_much_without_a_stated_length_is_refused_too(client, reception):
    environ = create_environ(PATH, method="POST", content_type=FORM)
    del environ["CONTENT_LENGTH"]
    environ |= {
        "HTTP_X_TWILIO_SIGNATURE": "x",
        "wsgi.input": io.BytesIO(b"B=" + b"x" * 10 * 1024 * 1024),
        "wsgi.input_terminated": True,
    }
    _, status, _ = run_wsgi_app(client.application, environ)
    # Reading stops at the limit, and what was cut off is not what was signed.
    assert status[:3] in ("403", "413")
    assert environ["wsgi.input"].tell() <= 80 * 1024
    assert not reception.kept


def test_broken_encodings_are_refused_and_do_no_harm(client, reception):
    for raw in (b"Body=%FF%FE", b"Body=\xff\xfe", b"%", b"&&&&=", b"Body=%ED%A0%80"):
        response = client.post(
            PATH, data=raw, content_type=FORM, headers={"X-Twilio-Signature": "x"}
        )
        assert response.status_code == 403
    assert not reception.kept


def test_what_is_refused_leaves_no_trace(client, caplog):
    secret = "Valentina Quispe"
    fields = sms_fields(Body=secret, Unknown="+15005550199")
    settings = {"X-Twilio-Webhooks-Signature-Settings": f"algorithm={secret}"}
    with caplog.at_level(logging.DEBUG):
        refused = post(client, PATH, fields, signed="x", headers=settings)
        client.post(PATH, data=f"Body={secret}", content_type="text/plain")
    left = refused.get_data(as_text=True) + caplog.text + str(refused.headers)
    for record in caplog.records:
        left += str(record.__dict__)
    assert refused.status_code == 403
    assert "Valentina" not in left
    assert MARIA not in left
    assert LINE not in left


def test_without_a_provider_nothing_comes_in():
    client = application(twilio=False).test_client()
    assert post(client, PATH, sms_fields()).status_code == 403
