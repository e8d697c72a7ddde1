"""The fake provider has the shape of the port, and so has the real one."""

import inspect

import pytest

from hotline.channels.twilio import TwilioCarrier
from hotline.contact import Carrier
from tests.fakes import FakeCarrier

VERBS = [name for name, _ in inspect.getmembers(Carrier, inspect.isfunction) if name[0] != "_"]


def parameters(function):
    """Name, kind and type of each parameter: the fake must not accept or miss what the port does not."""
    return [
        (name, parameter.kind, str(parameter.annotation))
        for name, parameter in inspect.signature(function).parameters.items()
    ]


@pytest.mark.parametrize("carrier", [FakeCarrier, TwilioCarrier])
@pytest.mark.parametrize("verb", VERBS)
def test_a_carrier_has_the_shape_of_the_port(carrier, verb):
    assert parameters(getattr(carrier, verb)) == parameters(getattr(Carrier, verb))


def test_the_port_has_the_verbs_we_know():
    assert VERBS == [
        "call",
        "erase",
        "fetch_media",
        "fetch_recording",
        "find_calls",
        "find_sent",
        "hang_up",
        "list_held",
        "list_messages",
        "price_of",
        "send",
    ]
