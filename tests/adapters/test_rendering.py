"""Text is fitted to what a forge takes and to what a terminal bears."""

import pytest

from git_bill.adapters.rendering import fitting, line, plain


def test_words_of_the_server_are_one_harmless_line() -> None:
    shown = plain("a\x1b[31m\n::error::b\t  c\u202e" + "x" * 400)
    assert shown.startswith("a [31m : :error: :b c x")
    assert len(shown) <= 302


@pytest.mark.parametrize(
    "body",
    ["line of a table\n" * 100, "short\n" + "äöü€😀" * 400, "<details>\n" + "x\n" * 800, "<details>" * 3 + "x" * 1000],
)
def test_a_body_is_cut_where_little_is_lost(body: str) -> None:
    cut = fitting(body, 1000, "GitHub")
    kept, _, said = cut.partition("\n\n*(cut here: GitHub takes no more")
    assert 500 < len(cut) <= 1000
    assert said.endswith(")*\n")
    assert kept.count("<details>") == kept.count("</details>")  # else it is said where nobody unfolds it
    assert body.startswith(kept.partition("\n\n</details>")[0])
    assert fitting(body[:1000], 1000, "GitHub") == body[:1000]


def test_a_title_is_one_line() -> None:
    assert line("a\n/close\t@x  y", 20) == "a /close @x y"
    assert line("ü" * 21, 20) == "ü" * 19 + "…"
