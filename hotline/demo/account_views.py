"""The provider's REST interface on loopback, as far as it is about the account and not about texts.

What is meant for a host other than ``api.twilio.com`` comes below a folder of that host's name.
"""

import hmac
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

import phonenumbers
from flask import Blueprint, Response, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState

from hotline.demo.account import Account, Resource, new
from hotline.demo.network import Network

account = Blueprint("account_at_provider", __name__, url_prefix="/demo/twilio")

_V2010 = "/2010-04-01/Accounts/<sid>"
_MESSAGING = "/messaging.twilio.com"
_FILE = re.compile(
    r"/demo/twilio/2010-04-01/Accounts/AC\w+/(?:Messages/\w+/Media/ME\w+|Recordings/RE\w+\.\w+)"
)
_KINDS = {
    "low": "low_risk_numbers_enabled",
    "special": "high_risk_special_numbers_enabled",
    "fraud": "high_risk_tollfraud_numbers_enabled",
}


@account.record
def _open(state: BlueprintSetupState) -> None:
    """Give the application the account of its network."""
    network: Network = state.app.extensions["network"]
    state.app.extensions["account"] = Account.of(
        network.settings, public_url=network.public_url, lines=network.lines
    )


def the_account() -> Account:
    return cast(Account, current_app.extensions["account"])


@account.before_request
def refuse_strangers() -> Response | None:
    """Ask for the account's own name and a token of it, and let nobody look where this account may not."""
    settings, given = the_account().settings, request.authorization
    is_theirs = (
        given is not None
        and given.type == "basic"
        and given.username == settings.account_sid
        and any(
            hmac.compare_digest((given.password or "").encode(), token.encode())
            for token in settings.tokens
        )
    )
    if not is_theirs:
        return _error(401, 20003, "Authenticate")
    place = request.path.removeprefix("/demo/twilio/")
    if any(place.startswith(closed) for closed in the_account().closed):
        return _error(403, 20008, "Forbidden")
    return None


@account.before_app_request
def guard_files() -> Response | None:
    """Answer strangers who ask for a picture or a recording, as the account is set up to."""
    if request.authorization is not None or not _FILE.fullmatch(request.path):
        return None
    if the_account().media_are_open:
        return Response(b"\xff", mimetype="application/octet-stream")
    return _error(401, 20003, "Authenticate")


@account.get("/2010-04-01/Accounts/<sid>.json")
def show_account(sid: str) -> Response:
    held, uri = the_account(), f"/2010-04-01/Accounts/{sid}.json"
    states = {"status": held.status, "type": held.kind}
    return jsonify(new("account", owner_account_sid=sid, sid=sid, uri=uri, **states))


@account.get(f"{_V2010}/Balance.json")
def show_balance(sid: str) -> Response:
    return jsonify(new("balance", account_sid=sid, balance=the_account().balance))


@account.get(f"{_V2010}/IncomingPhoneNumbers.json")
def list_numbers(sid: str) -> Response:
    wanted = request.args.get("PhoneNumber", "")
    found = [one for one in the_account().numbers.values() if wanted in one["phone_number"]]
    uri = f"/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json"
    return jsonify({"incoming_phone_numbers": found, "page": 0, "next_page_uri": None, "uri": uri})


@account.get(f"{_V2010}/IncomingPhoneNumbers/<number>.json")
def show_number(sid: str, number: str) -> Response:
    return _shown(the_account().numbers.get(number))


@account.post(f"{_V2010}/IncomingPhoneNumbers/<number>.json")
def change_number(sid: str, number: str) -> Response:
    return _changed(the_account().numbers.get(number))


@account.get(f"{_MESSAGING}/v1/Services")
def list_services() -> Response:
    return _listed("services", the_account().services.values())


@account.get(f"{_MESSAGING}/v1/Services/<sid>")
def show_service(sid: str) -> Response:
    return _shown(the_account().services.get(sid))


@account.post(f"{_MESSAGING}/v1/Services/<sid>")
def change_service(sid: str) -> Response:
    return _changed(the_account().services.get(sid))


@account.get(f"{_MESSAGING}/v1/Services/<sid>/PhoneNumbers")
def list_senders(sid: str) -> Response:
    held = the_account()
    numbers = [held.numbers[one] for one in held.senders.get(sid, ()) if one in held.numbers]
    return _listed("phone_numbers", [_sender_of(sid, number) for number in numbers])


@account.get(f"{_MESSAGING}/v1/Services/<sid>/Compliance/Usa2p")
def list_campaigns(sid: str) -> Response:
    ids = {"account_sid": the_account().settings.account_sid, "messaging_service_sid": sid}
    states = the_account().campaigns.get(sid, ())
    return _listed("compliance", [new("campaign", campaign_status=one, **ids) for one in states])


@account.get(f"{_MESSAGING}/v1/Tollfree/Verifications")
def list_verifications() -> Response:
    wanted, ids = request.args.get("TollfreePhoneNumberSid"), _ids()
    return _listed(
        "verifications",
        [
            new("verification", status=status, tollfree_phone_number_sid=sid, **ids)
            for sid, status in the_account().verifications.items()
            if wanted in (None, sid)
        ],
    )


@account.get(f"{_MESSAGING}/v2/Channels/Senders")
def list_channel_senders() -> Response:
    return _listed("senders", the_account().whatsapp)


@account.get("/content.twilio.com/v1/Content/<sid>/ApprovalRequests")
def show_approval(sid: str) -> Response:
    status = the_account().templates.get(sid)
    if status is None:
        return _shown(None)
    approval = new(
        "approval", sid=sid, url=f"https://content.twilio.com/v1/Content/{sid}", **_ids()
    )
    approval["whatsapp"]["status"] = status
    return jsonify(approval)


@account.get("/accounts.twilio.com/v1/Messaging/GeoPermissions")
def show_texted_countries() -> Response:
    wanted = request.args.get("CountryCode")
    permissions = [
        {"country_code": one, "type": "country", "enabled": one in the_account().texted}
        for one in _countries()
        if wanted in (None, one)
    ]
    return jsonify({"permissions": permissions})


@account.get("/voice.twilio.com/v1/DialingPermissions/Countries")
def list_dialed_countries() -> Response:
    dialed = the_account().dialed
    return _listed(
        "content", [_country(iso_code, dialed.get(iso_code, set())) for iso_code in _countries()]
    )


@account.get("/webhooks.twilio.com/v1/Webhooks/Rules")
def list_rules() -> Response:
    rules = [{"matchType": "PREFIX", "prefix": prefix} for prefix in the_account().rules]
    return jsonify({"meta": {"key": "rules", "pageSize": 50}, "rules": rules})


@account.get("/monitor.twilio.com/v1/Alerts")
def list_alerts() -> Response:
    since = request.args.get("StartDate", "")
    after = datetime.fromisoformat(since) if since else datetime.min.replace(tzinfo=UTC)
    return _listed(
        "alerts",
        [
            new("alert", error_code=code, date_generated=f"{at:%Y-%m-%dT%H:%M:%SZ}", **_ids())
            for code, at in the_account().alerts
            if at >= after
        ],
    )


def _country(iso_code: str, kinds: set[str]) -> Resource:
    url = f"https://voice.twilio.com/v1/DialingPermissions/Countries/{iso_code}"
    allowed = {name: kind in kinds for kind, name in _KINDS.items()}
    code = phonenumbers.country_code_for_region(iso_code)
    return new(
        "country", iso_code=iso_code, name=iso_code, country_codes=[f"+{code}"], url=url, **allowed
    )


def _ids() -> dict[str, str]:
    return {"account_sid": the_account().settings.account_sid}


def _countries() -> list[str]:
    return sorted(map(str, phonenumbers.SUPPORTED_REGIONS))


def _sender_of(service: str, number: Resource) -> Resource:
    place = f"https://messaging.twilio.com/v1/Services/{service}/PhoneNumbers/{number['sid']}"
    shared = {name: number[name] for name in ("account_sid", "phone_number", "sid")}
    return new("sender", service_sid=service, url=place, **shared)


def _shown(resource: Resource | None) -> Response:
    if resource is None:
        return _error(404, 20404, "The requested resource was not found")
    return jsonify(resource)


def _changed(resource: Resource | None) -> Response:
    """Take the fields of the form that the resource has: ``SmsUrl`` is its ``sms_url``."""
    if resource is None:
        return _shown(None)
    for name, value in request.form.items():
        field = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        if field in resource:
            is_flag = isinstance(resource[field], bool)
            resource[field] = value.lower() == "true" if is_flag else value
    return _shown(resource)


def _listed(key: str, items: Iterable[Resource]) -> Response:
    """Return one page of *items*, with the address of the next as the newer interfaces tell it."""
    found, size = list(items), min(request.args.get("PageSize", 50, type=int), 1000)
    page = request.args.get("Page", 0, type=int)
    url = f"https://{request.path.removeprefix('/demo/twilio/')}?PageSize={size}&Page="
    has_more = len(found) > (page + 1) * size
    meta = {
        "first_page_url": f"{url}0",
        "key": key,
        "next_page_url": f"{url}{page + 1}&PageToken=PA{page + 1}" if has_more else None,
        "page": page,
        "page_size": size,
        "previous_page_url": f"{url}{page - 1}" if page else None,
        "url": f"{url}{page}",
    }
    return jsonify({key: found[page * size : (page + 1) * size], "meta": meta})


def _error(status: int, code: int, message: str) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    told = {"code": code, "message": message, "more_info": more, "status": status}
    response = jsonify(told)
    response.status_code = status
    return response
