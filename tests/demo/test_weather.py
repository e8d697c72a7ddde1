"""The weather at the loopback provider: drawn by chance with a seed, written down, read, and never nonsense."""

from collections import Counter

import pytest

from hotline.demo.faults import faults
from hotline.demo.weather import Weather, storm
from hotline.errors import Misconfigured


def test_chance_is_the_same_for_the_same_seed():
    def drawn(seed):
        weather = Weather()
        weather.turns({"webhooks": {"lost": 0.2, "twice": 0.3}}, seed=seed)
        return [weather.at("webhooks") for _ in range(2000)]

    assert drawn(7) == drawn(7) != drawn(8)
    counts = Counter(drawn(7))
    assert 300 < counts["lost"] < 500
    assert 500 < counts["twice"] < 700


def test_a_storm_has_everything_and_ends():
    weather = Weather()
    weather.turns(storm(0.8), seed=1)
    for place, words in faults().places.items():
        seen = {weather.at(place) for _ in range(3000)}
        assert seen == {"", *words}, place
    weather.clears()
    assert not any(weather.at(place) for place in faults().places for _ in range(100))


@pytest.mark.parametrize(
    "written",
    [
        {"rates": {"webhooks": {"nonsense": 0.1}}},
        {"rates": {"nowhere": {"lost": 0.1}}},
        {"rates": {"webhooks": {"lost": 1.1}}},
        {"rates": {"webhooks": {"lost": -0.1}}},
        {"words": {"webhooks": ["nonsense"]}},
        {"words": []},
        {"pace": -1},
        {"pace": "fast"},
        {"pace": 1e9},
        {"wind": 1},
    ],
)
def test_what_is_no_weather_is_refused(written):
    with pytest.raises(Misconfigured):
        Weather().becomes(written)


def test_weather_can_be_written_down_and_read():
    weather = Weather()
    rates = {"webhooks": {"lost": 0.5}}
    weather.becomes(
        {"pace": 0, "tries": 2, "words": {"looks": ["busy"]}, "rates": rates, "seed": 3}
    )
    other = Weather()
    other.becomes(weather.shown())
    assert other.shown() == weather.shown()
    assert (other.pace, other.tries, list(other.looks)) == (0, 2, ["busy"])


def test_each_number_means_one_thing_at_one_place():
    seen = Counter((one.number, one.place) for one in faults().numbers)
    assert set(seen.values()) == {1}
    for one in faults().numbers:
        assert one.word in faults().places[one.place]
        assert one.number.startswith("+1500555")
