"""What was gathered, in words: facts are not all commits."""

import pytest

from git_bill.cli.gathered import gathered_text


@pytest.mark.parametrize(
    ("kinds", "text"),
    [
        ({}, "nothing new"),
        ({"commit": 1}, "1 new commit"),
        ({"review": 2, "commit": 12, "ticket": 1}, "12 new commits, 2 reviews, 1 ticket"),
        ({"timer": 3}, "3 new timers"),
        ({"something": 1, "else": 1}, "2 new facts"),
        ({"heartbeat": 2, "something": 1}, "2 new stretches of activity, 1 fact"),
    ],
)
def test_each_kind_by_its_name(kinds: dict[str, int], text: str) -> None:
    assert gathered_text(kinds) == text
