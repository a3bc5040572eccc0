"""Commands in comments: what is one, what it means, and that everything else stays talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.invoice.command import EXAMPLES, Command, commands
from git_bill.problem import Problem

DROP = Command(verb="drop", line=3, because="a favour")


def meant(text: str) -> list[str]:
    """Commands as written out, problems by their rule."""
    return [one.rule if isinstance(one, Problem) else str(one) for one in commands(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/bill drop 3 because a favour", ["/bill drop 3 because a favour"]),
        ("/BILL Drop #3 Because: a favour", ["/bill drop 3 because a favour"]),
        ("/bill drop line 3, because a favour", ["/bill drop 3 because a favour"]),
        ("   /bill\u00a0drop\t3  because  a  favour  \r", ["/bill drop 3 because a favour"]),
        ("/bill minutes 3 45m because the rest was ours", ["/bill minutes 3 45m because the rest was ours"]),
        ("/bill minutes 3 1h 30m", ["/bill minutes 3 90m"]),
        ("/bill minutes 3 1.5h", ["/bill minutes 3 90m"]),
        ("/bill defer 3", ["/bill defer 3"]),
        ("/bill defer 3 because it is not done", ["/bill defer 3 because it is not done"]),
        ("/bill hold", ["/bill hold"]),
        ("/bill hold until Anna is back", ["/bill hold because until Anna is back"]),
        ("/bill hold because we wait", ["/bill hold because we wait"]),
        ("/bill hold, since I said so because", ["unknown-command"]),
        ("/bill release", ["/bill release"]),
        ("/bill approve", ["/bill approve"]),
        ("/bill accept", ["/bill accept"]),
        ("/bill help", ["/bill help"]),
        ("/bill", ["/bill help"]),
        ("Thanks!\n/bill drop 3 because a favour\nand\n/bill defer 4", [str(DROP), "/bill defer 4"]),
        ("> what you said\n/bill hold", ["/bill hold"]),
        ("/bill drop 3", ["malformed-command"]),
        ("/bill drop 3 because", ["malformed-command"]),
        ("/bill drop 3 4 because both", ["malformed-command"]),
        ("/bill drop because a favour", ["malformed-command"]),
        ("/bill drop -3 because a favour", ["malformed-command"]),
        ("/bill drop ٣ because a favour", ["malformed-command"]),
        ("/bill drop 99999 because a favour", ["malformed-command"]),
        ("/bill minutes 3", ["malformed-command"]),
        ("/bill minutes 3 0m", ["malformed-command"]),
        ("/bill minutes 3 -45m", ["malformed-command"]),
        ("/bill minutes 3 45", ["malformed-command"]),
        ("/bill minutes 3 999999h", ["malformed-command"]),
        ("/bill defer 3 to December", ["malformed-command"]),
        ("/bill approve it looks good", ["malformed-command"]),
        ("/bill aprove", ["unknown-command"]),
        ("/bill pay me", ["unknown-command"]),
        ("/bill hold\n" * 21, ["too-many-commands"]),
    ],
)  # fmt: skip
def test_commands(text: str, found: list[str]) -> None:
    assert meant(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Looks good to me, /bill approve would be next.",
        "> /bill approve",
        " > /bill approve",
        "- /bill approve",
        "    /bill approve",
        "\t/bill approve",
        "`/bill approve`",
        "```\n/bill approve\n```",
        "```\n/bill approve",
        "~~~ text\n/bill approve\n```\n/bill approve\n~~~",
        "````\n```\n/bill approve\n````",
        "<pre>\n/bill approve\n</pre>",
        "<!--\n/bill approve\n-->",
        "A word <!-- hidden\n/bill approve\n--> and more",
        "/billing approve",
        "/bill-approve",
        "/bi\u200bll approve",
        "/b\u0456ll approve",  # a Cyrillic letter
        "\uff0fbill approve",
        "\u202e/bill approve",
        "a\u2028/bill approve",
        "a\r/bill approve",
        "a\x0b/bill approve",
        "\x00/bill approve",
        "/bill\\napprove",
    ],
)
def test_what_no_reader_sees_as_a_command_is_talk(text: str) -> None:
    assert commands(text) == ()


@pytest.mark.parametrize("text", ["```\na\n```\n/bill hold", "<!-- a -->\n/bill hold", "<pre>a</pre>\n/bill hold"])
def test_a_command_after_what_is_hidden_counts(text: str) -> None:
    assert meant(text) == ["/bill hold"]


@pytest.mark.parametrize("example", EXAMPLES.values())
def test_every_example_is_a_command(example: str) -> None:
    (found,) = commands(example)
    assert isinstance(found, Command)
    assert str(found) in {example, "/bill minutes 3 45m because the rest was our mistake"}


def test_a_wrong_command_is_answered_with_an_example() -> None:
    (near,) = commands("/bill aprove")
    (malformed,) = commands("/bill minutes 3 soon")
    assert isinstance(near, Problem)
    assert isinstance(malformed, Problem)
    assert near.hint == "did you mean '/bill approve'?"
    assert malformed.message == "/bill minutes: 'soon' is not a duration"
    assert malformed.hint == "write it like '/bill minutes 3 45m because the rest was our mistake'"


def test_a_reason_is_one_printable_line_of_some_length() -> None:
    (found,) = commands('/bill drop 3 because "\x1b[31m"""\u202e\nowner = "mallory"\n' + "x" * 100_000)
    assert found == Command(verb="drop", line=3, because='""""')
    (long,) = commands("/bill drop 3 because " + "x" * 100_000)
    assert isinstance(long, Command)
    assert len(long.because or "") == 300


@given(
    st.text() | st.lists(st.sampled_from([*"/bill 3\n`~<>!-", "/bill ", "drop", "minutes ", "because "])).map("".join)
)
def test_nothing_raises_and_a_reason_is_always_one_line(text: str) -> None:
    for found in commands(text):
        if isinstance(found, Command):
            assert commands(str(found)) == (found,)
            assert "\n" not in str(found)
        else:
            assert found.hint
