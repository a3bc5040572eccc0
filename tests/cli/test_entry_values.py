"""Times, activities and parts as they are typed."""

import pytest

from git_bill.cli.entry_values import activity, clock, minutes
from git_bill.cli.split import shares
from git_bill.flows.corrections import Share
from git_bill.problem import Stop


@pytest.mark.parametrize(
    ("text", "value"), [("45m", 45), ("1h30m", 90), ("1.5h", 90), ("600", 600), (" 2h ", 120), ("24h", 1440)]
)
def test_times(text: str, value: int) -> None:
    assert minutes(text) == value


@pytest.mark.parametrize("text", ["0", "0m", "-30", "-30m", "24h1m", "1441", "45x", "", "٣", "1e3", "9" * 30])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="write it like"):
        minutes(text)


def test_activities_and_what_was_most_likely_meant() -> None:
    assert activity(" Meeting") == "meeting"
    with pytest.raises(ValueError, match="did you mean development"):
        activity("developement")
    with pytest.raises(ValueError, match="one of development, review"):
        activity("zzz")


@pytest.mark.parametrize(("text", "value"), [("14:00", "14:00"), ("9:05", "09:05"), ("00:00", "00:00")])
def test_times_of_day(text: str, value: str) -> None:
    assert clock(text) == value


@pytest.mark.parametrize("text", ["24:00", "9", "9:5", "14:00+02:00", "14.00", ""])
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 14:00"):
        clock(text)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("30m", "login", "rest", "search"), [(30, "login"), (None, "search")]),
        (("30m", "login form", "15m"), [(30, "login form"), (15, None)]),
        (("30m", "15m", "tests"), [(30, None), (15, "tests")]),
        (("rest",), [(None, None)]),
        (("1h", "the rest"), [(60, "the rest")]),
    ],
)
def test_parts_of_a_split(words: tuple[str, ...], parts: list[tuple[int | None, str | None]]) -> None:
    assert shares(words) == tuple(Share(minutes=time, text=text) for time, text in parts)


@pytest.mark.parametrize("words", [("login", "30m"), ("30m", "login", "form"), ("0m", "a"), ("rest", "a", "rest", "b")])
def test_what_is_no_split(words: tuple[str, ...]) -> None:
    with pytest.raises(Stop) as stopped:
        shares(words)
    assert 'git bill split W-k3v9 30m "login" rest "search"' in stopped.value.problems[0].hint
