"""The measurement measures what it says, also when it is small."""

from hotline.operate.bench import audit as bench


def test_every_figure_is_there_and_the_log_was_whole() -> None:
    figures = bench.measure(lines=1200)
    assert len(figures) == 6
    assert all(value > 0 for value in figures.values())
