"""What the fakes of this room can do, the real ones do in the same words."""

from inspect import isfunction, signature

import pytest

from hotline.intake.calls import Calls
from hotline.prompts import Prompts
from tests.channels.voice.sounding import FakePrompts
from tests.channels.voice.telephone import FakeCalls


@pytest.mark.parametrize(("fake", "real"), [(FakePrompts, Prompts), (FakeCalls, Calls)])
def test_a_fake_has_the_methods_of_the_real_one(fake, real):
    for name, method in vars(fake).items():
        if isfunction(method) and not name.startswith("_"):
            assert list(signature(method).parameters) == _asks(getattr(real, name))


def _asks(method):
    return list(signature(method).parameters)
