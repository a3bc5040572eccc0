"""What is wrong with a message before it is committed."""

import pytest

from git_bill.worklog.message import check_message

PATTERN = r"[A-Z]+-\d+"
CUT = "# ------------------------ >8 ------------------------\n"


def found(message: str, comment: str = "#") -> list[tuple[str, int | None]]:
    problems = check_message(message, PATTERN, comment=comment, file="MSG")
    assert all(problem.severity == "warning" and problem.hint and problem.file == "MSG" for problem in problems)
    return [(problem.rule, problem.line) for problem in problems]


@pytest.mark.parametrize(
    "message",
    [
        "",
        "\n\n# only comments\n",
        "cart",
        "cart\n\nTime: 1h30m\nTicket: WEB-5\nSigned-off-by: Mira <mira@example.net>\n",
        "cart\n\nTicket: see WEB-5, and more\ntime: 45m\n",
        "cart\n\nSpent: 90\nTime: -15m\n",
        "cart\n\nTime: 1h\n# Time: soon\n",
        "cart\n\nTime: 1h\n\n\n# Please enter\n" + CUT + "Time: soon\n",
        "cart\n\nTitle: a book\nTested-by: Jo <jo@example.net>\nTimeout: 3\nRefs: #5\n",
        "cart\n\nit took\nsome Time: but who knows\n",
    ],
)
def test_what_is_right_is_not_told(message: str) -> None:
    assert found(message) == []


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("cart\n\nTime: see above\n", [("unreadable-time", 3)]),
        ("cart\n\nTime:\n", [("unreadable-time", 3)]),
        ("cart\n\nTime: 25h\n", [("unreadable-time", 3)]),
        ("cart\n\nTicket: cart\nSpent: 1h90\n", [("unknown-ticket", 3), ("unreadable-time", 4)]),
        ("cart\n\nTicket:\n", [("unknown-ticket", 3)]),
        ("cart\n\nTime: 1h\n\nmore text\n", [("misplaced-trailer", 3)]),
        ("Time: 1h\n", [("misplaced-trailer", 1)]),
        ("cart\nTicket: WEB-5\n", [("misplaced-trailer", 2)]),
        ("cart\n\nI did it.\nTime: 1h\n", [("misplaced-trailer", 4)]),
        ("cart\n\nHours: 2h\nTickets: WEB-5\n", [("unknown-trailer", 3), ("unknown-trailer", 4)]),
        ("# help\ncart\n# more\n\n# and\nTime: x\n", [("unreadable-time", 6)]),
    ],
)
def test_what_would_not_be_read_is_told_with_its_line(message: str, expected: list[tuple[str, int]]) -> None:
    assert found(message) == expected


def test_another_comment_character() -> None:
    assert found("cart\n\nTime: 1h\n; Time: x\n", comment=";") == []
    assert found("cart\n\nTime: 1h\n// x\n// ------------------------ >8 ------------------------\nTime: x", "//") == []
