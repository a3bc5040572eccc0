"""Reviews on a terminal: what a reader of the rendered Markdown sees, in its width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.cli.markdown_lines import laid_out
from git_bill.cli.output import Line, Span, width_of
from git_bill.invoice.document.markdown import markdown
from git_bill.invoice.document.text import printable


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")


def plain(line: Line) -> str:
    spans = (line,) if isinstance(line, (str, Span)) else line
    return "".join(span if isinstance(span, str) else span.text for span in spans)


def shown(text: str) -> list[str]:
    return [plain(line).rstrip() for line in laid_out(text)]


def test_headings_and_what_is_strong_are_bold() -> None:
    assert laid_out("### Worth a look")[0] == Span("Worth a look", "bold")
    assert laid_out("**Acme pays 5.00 EUR** to Mira")[0] == ("", Span("Acme pays 5.00 EUR", "bold"), " to Mira")


def test_a_table_is_aligned() -> None:
    table = "| # | What | Net EUR |\n| --: | :-- | --: |\n| 1 | Add totals | 5.00 |\n| 2 | A\\|B | 1,205.00 |\n\nend"
    assert shown(table) == [
        "#  What         Net EUR",
        "1  Add totals      5.00",
        "2  A|B         1,205.00",
        "",
        "end",
    ]


def test_items_and_paragraphs_are_wrapped() -> None:
    words = "one two three four five six seven eight nine ten eleven twelve thirteen"
    assert shown(f"- {words}\n{words}") == [
        "- one two three four five six seven eight nine ten eleven",
        "  twelve thirteen",
        "one two three four five six seven eight nine ten eleven",
        "twelve thirteen",
    ]


def test_details_are_open_and_code_is_indented() -> None:
    text = "<details><summary>1. Add totals: 2 entries</summary>\n\nwhy\n\n</details>\n\n```\ngit bill draft\n```\n"
    assert shown(text) == ["1. Add totals: 2 entries", "", "why", "", "    git bill draft"]


@given(st.text(max_size=40))
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    """What `markdown` escapes comes back; nothing in it becomes bold, a table or a heading."""
    escaped = markdown(text)
    [line] = laid_out(f"x {escaped}")[:1]
    whole = " ".join(shown(f"x {escaped}"))
    assert isinstance(line, str)
    assert whole.split() == f"x {printable(text)}".split()


def test_no_line_is_wider_than_the_terminal() -> None:
    text = "- " + "word " * 80 + "\n| # | What |\n| --: | :-- |\n| 1 | " + "word " * 80 + "|\n"
    assert max(width_of(line) for line in shown(text)) <= 60


def test_a_lone_bar_is_text() -> None:
    assert shown("| not a table") == ["| not a table"]


def test_small_print_of_a_cell_stands_below_it() -> None:
    table = "| # | What | Net |\n| --: | :-- | --: |\n| 1 | Totals<br>Discount 10%: -1.00 EUR | 9.00 |\n"
    assert shown(table) == [
        "#  What                        Net",
        "1  Totals                     9.00",
        "     Discount 10%: -1.00 EUR",
    ]
