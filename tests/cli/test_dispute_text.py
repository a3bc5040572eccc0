"""How a dispute looks in a terminal: a letter stays a letter, whatever its writer put in."""

import io
from datetime import UTC, date, datetime

import pytest

from git_bill.cli.dispute_text import dispute_text
from git_bill.cli.output import print_line
from git_bill.money import Money
from git_bill.receivable.dispute.record import Dispute, Step

DAY, AT = date(2026, 11, 20), datetime(2026, 11, 20, 9, tzinfo=UTC)


def shown(said: str, *, whole: bool) -> list[str]:
    dispute = Dispute(
        id="DS-INV-2026-0032-1",
        invoice="INV-2026-0032",
        amount=Money.parse("119.00 EUR"),
        reason="hours",
        opened_by="client",
        on=DAY,
        channel="mail",
        steps=(Step(do="reply", on=DAY, text=said, by="mira", at=AT),),
        by="mira",
        at=AT,
    )
    stream = io.StringIO()
    for line in dispute_text(dispute, whole=whole):
        print_line(line, stream)
    return stream.getvalue().splitlines()[3:]


@pytest.mark.parametrize("whole", [True, False])
def test_lines_and_paragraphs_stay_and_are_wrapped(monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    letter = "Dear Mira,\n\nwe never met on that Friday, which was a holiday here.\n\n\x1b[31mRegards\n"
    assert shown(letter, whole=whole) == [
        "  · Dear Mira,",
        "",
        "    we never met on that Friday, which",
        "    was a holiday here.",
        "",
        "    \\x1b[31mRegards",
    ]


def test_an_overview_shows_the_beginning_of_a_long_letter() -> None:
    letter = "\n".join(f"line {n}" for n in range(1, 31))
    assert len(shown(letter, whole=True)) == 30
    assert shown(letter, whole=False)[-2:] == ["    line 7", "    … 23 more lines: git bill dispute show"]
