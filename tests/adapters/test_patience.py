"""A run waits a minute for a forge altogether, and says so; a stumble is waited out three times."""

from itertools import islice

from git_bill.adapters.patience import Patience


def test_a_run_waits_a_minute_altogether() -> None:
    said: list[str] = []
    paused: list[float] = []
    patience = Patience("GitHub", said.append, paused.append)
    assert [patience.granted(each) for each in (25, 30, 6, 5, 1)] == [True, True, False, True, False]
    assert paused == [25, 30, 5]
    assert said[0] == "GitHub asks for a pause: waiting 25 s"


def test_what_may_be_over_in_a_moment_is_tried_four_times() -> None:
    said: list[str] = []
    paused: list[float] = []
    patience = Patience("GitHub", said.append, paused.append)
    assert list(islice(patience.stumbles(), 5)) == [True, True, True, False, False]
    assert next(patience.stumbles(0)) is False
    assert (paused, said) == ([0.5, 1.5, 4.0], [])
