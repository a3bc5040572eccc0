"""What reaches a terminal or a CI log."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.cli import output
from git_bill.cli.output import Report, Span, bold, neutral, shorten, show, show_json, table, width_of
from git_bill.money import Money
from git_bill.problem import Exit, Problem


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(report: Report, stream: io.StringIO | None = None) -> str:
    out = stream or io.StringIO()
    show(report, out, out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fix: Grüße → 12 € 日本 👩‍💻", "fix: Grüße → 12 € 日本 👩‍💻"),
        ("\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("user\u202egpj.exe", "user\\u202egpj.exe"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("line\u2028break\x85", "line\\u2028break\\x85"),
        ("lone \udcff", "lone \\udcff"),
        ("::set-output name=x::y", "\\::set-output name=x::y"),
        ("  ::error::x", "  \\::error::x"),
        ("a ##[error]x ##vso[task]", "a #\\#[error]x #\\#vso[task]"),
        ("std::vector # ## heading", "std::vector # ## heading"),
    ],
)
def test_text_from_data_is_made_harmless(text: str, expected: str) -> None:
    assert neutral(text) == expected


@given(st.text())
def test_harmless_text_stays_one_line_without_escapes_and_is_stable(text: str) -> None:
    harmless = neutral(text)
    assert len(harmless.splitlines()) <= 1
    assert not set(harmless) & {"\x1b", "\x9b", "\u202e", "\u2066"}
    assert not harmless.lstrip().startswith("::")
    assert neutral(harmless) == harmless


def test_colour_is_for_terminals_without_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    report = Report(text=(bold("Total"),))
    assert shown(report) == "Total\n"
    assert shown(report, Terminal()) == "\x1b[1mTotal\x1b[0m\n"
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown(report, Terminal()) == "Total\n"


def test_a_style_does_not_let_escapes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert shown(Report(text=(bold("a\x1b[0mb"),)), Terminal()) == "\x1b[1ma\\x1b[0mb\x1b[0m\n"


def test_a_problem_shows_place_severity_rule_and_hint() -> None:
    problem = Problem(rule="no-rate", message="no rate", hint="write\nhourly", file="billing/x.toml", line=3)
    assert shown(Report(problems=(problem,))) == "billing/x.toml:3: error: no rate [no-rate]\n  write\n  hourly\n"


def test_a_hostile_message_stays_on_its_line() -> None:
    problem = Problem(rule="r", message="subject\n::error::pwned\x1b[2J")
    assert shown(Report(problems=(problem,))) == "error: subject\\n::error::pwned\\x1b[2J [r]\n"


def test_next_commands_are_aligned() -> None:
    report = Report(next=(("git bill collect", "read"), ("git bill draft", "make")))
    assert shown(report).splitlines()[2:] == ["  git bill collect  read", "  git bill draft    make"]


def test_exit_code_follows_from_the_problems() -> None:
    warning = Problem(rule="w", message="m", severity="warning")
    assert Report(problems=(warning,)).code == 0
    assert Report(problems=(warning, Problem(rule="e", message="m"))).code == 1
    assert Report(problems=(warning,), exit_code=Exit.SIGN_OFF_MISSING).code == 7


def test_json_is_one_ascii_object_with_money_and_days_as_text() -> None:
    out = io.StringIO()
    data = {"net": Money(Decimal("95.00"), "EUR"), "day": date(2026, 10, 5), "text": "ü\x1b"}
    show_json(Report(data=data), out)
    assert out.getvalue().isascii()
    assert json.loads(out.getvalue()) == {
        "ok": True,
        "problems": [],
        "net": "95.00 EUR",
        "day": "2026-10-05",
        "text": "ü\x1b",
    }


def test_a_table_aligns_figures_right_and_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    rows = [("WEB-5", "a very long description that can not fit here", "1h30m"), ("WEB-12", "short", "45m")]
    lines = shown(Report(text=tuple(table(rows, head=("ticket", "what", "time"), align="llr")))).splitlines()
    assert lines == [
        "ticket  what                        time",
        "WEB-5   a very long description…   1h30m",
        "WEB-12  short                        45m",
    ]
    assert max(map(len, lines)) <= 40


def test_a_table_makes_cells_harmless_before_it_measures_them() -> None:
    rows = [("\x1b[31m", "x"), ("12345678", "y")]
    assert shown(Report(text=tuple(table(rows)))) == "\\x1b[31m  x\n12345678  y\n"


def test_a_table_keeps_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = tuple(table([(Span("a", "red"), "b"), ("long", "c")]))
    assert shown(Report(text=text), Terminal()) == "\x1b[31ma   \x1b[0m  b\nlong  c\n"


def test_an_empty_table_has_no_lines() -> None:
    assert table([]) == []


def test_width_counts_cells_of_the_terminal() -> None:
    assert [width_of(t) for t in ("abc", "é", "e\u0301", "日本")] == [3, 1, 1, 4]
    assert shorten("日本語", 5) == "日本…"
    assert shorten("abc", 3) == "abc"


def test_money_is_grouped() -> None:
    assert output.money(Money(Decimal("12345.00"), "EUR")) == "12,345.00 EUR"
