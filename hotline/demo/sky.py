"""The control page of the loopback provider: what goes wrong there, chosen by hand. It works without a script."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.demo import look
from hotline.demo.answers import network
from hotline.demo.faults import faults
from hotline.demo.terms import ADVANCED, DEFAULT, OFF
from hotline.demo.weather import storm
from hotline.errors import Misconfigured

sky = Blueprint("sky", __name__, url_prefix="/demo/weather")

AMOUNTS = ("pace", "hang", "lateness")
_MOST = 1000


@sky.get("")
def show() -> Response:
    return _page()


@sky.post("")
def change() -> AnyResponse:
    """Do what the pressed button says, and show the page again."""
    if look.is_from_elsewhere():
        return Response(status=403)
    act = _ACTS.get(request.form.get("does", ""))
    try:
        if act is None:
            raise Misconfigured("there is no such button")
        act(request.form)
    except (Misconfigured, ValueError):
        return _page(400)
    return redirect(url_for("sky.show"), 303)


def _page(status: int = 200) -> Response:
    held = network()
    weather = held.weather.shown()
    return look.page(
        "demo/weather.html",
        status,
        is_nonsense=status != 200,
        places=faults().places,
        fates=faults().fates,
        refusals=faults().refusals,
        numbers=faults().numbers,
        weather=weather,
        waiting={place: words for place, words in weather["words"].items() if words},
        strength=_strength(weather["rates"]),
        amounts=AMOUNTS,
        opting=held.terms.opting,
        optings=(ADVANCED, DEFAULT, OFF),
        blocked=" ".join(sorted(held.terms.blocked)),
        alerts=list(held.webhooks.alerts)[::-1],
        texts=held.texts(lambda _: True),
        calls=len(held.calls),
        recordings=len(held.recordings.newest(lambda one: one.deleted is None)),
        has_phone="phone" in current_app.blueprints,
    )


def _strength(rates: Mapping[str, Mapping[str, float]]) -> str:
    """Return the percentage of things that go wrong somewhere, where that is most."""
    return f"{100 * max((sum(words.values()) for words in rates.values()), default=0):g}"


def _expect(form: Mapping[str, str]) -> None:
    place, _, word = form.get("fault", "").partition(": ")
    if not word:
        raise Misconfigured("choose what is to go wrong")
    network().weather.expects(place, word, max(1, min(int(form.get("times", "1")), _MOST)))


def _storm(form: Mapping[str, str]) -> None:
    seed = form.get("seed", "")
    network().weather.turns(storm(_number(form, "percent") / 100), seed=int(seed) if seed else None)


def _last(form: Mapping[str, str]) -> None:
    network().weather.becomes({name: _number(form, name) for name in AMOUNTS})


def _agree(form: Mapping[str, str]) -> None:
    if form.get("opting") not in (ADVANCED, DEFAULT, OFF):
        raise Misconfigured("choose who answers")
    network().terms.opting = form["opting"]
    network().terms.blocked.clear()
    network().terms.blocked.update(form.get("blocked", "").upper().split())


def _clear(_: Mapping[str, str]) -> None:
    network().weather.clears()


def _number(form: Mapping[str, str], name: str) -> float:
    return float(form.get(name, "").replace(",", "."))


_ACTS: Mapping[str, Callable[[Mapping[str, str]], None]] = {
    "expect": _expect,
    "storm": _storm,
    "last": _last,
    "agree": _agree,
    "clear": _clear,
}
