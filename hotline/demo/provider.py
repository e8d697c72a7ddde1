"""The provider's REST interface on loopback, as far as texts, calls and recordings go."""

import hmac
import time

from flask import Blueprint, Response, g, request

from hotline.demo.answers import error, mishap, network, remember_account
from hotline.demo.interface_calls import calls
from hotline.demo.interface_texts import texts

provider = Blueprint(
    "demo_provider", __name__, url_prefix="/demo/twilio/2010-04-01/Accounts/<account>"
)
provider.url_value_preprocessor(remember_account)
provider.register_blueprint(texts)
provider.register_blueprint(calls)

__all__ = ["network", "provider"]


@provider.before_request
def refuse_strangers() -> Response | None:
    """Ask for the account's own name and a token of it, as basic authentication."""
    account, given = network().settings, request.authorization
    is_theirs = (
        given is not None
        and given.type == "basic"
        and given.username == account.account_sid == g.account
        and any(
            hmac.compare_digest((given.password or "").encode(), token.encode())
            for token in account.tokens
        )
    )
    return None if is_theirs else error(401, 20003, "Authenticate")


@provider.before_request
def be_in_trouble() -> Response | None:
    """Let looking fail as the weather wants it; what changes something sees to that itself."""
    if request.method != "GET":
        return None
    word = network().weather.at("looks")
    if word == "hangs":
        time.sleep(network().weather.hang)
    return mishap(word)
