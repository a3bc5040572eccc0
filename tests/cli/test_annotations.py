"""Text from anywhere inside GitHub's log commands, outputs and summaries stays text."""

import pytest

from git_bill.cli.annotations import annotation, outputs
from git_bill.cli.summary import section, summary
from git_bill.money import Money
from git_bill.problem import Problem


def test_a_line_of_a_file() -> None:
    problem = Problem(
        rule="no-rate", message="there is no rate", hint="add it:\nhourly = 5", file="billing/a.toml", line=3
    )
    assert annotation(problem) == (
        "::error title=git-bill%3A no-rate,file=billing/a.toml,line=3::there is no rate%0Aadd it:%0Ahourly = 5"
    )


def test_a_warning_of_no_file_and_a_note() -> None:
    warning = Problem(rule="stale", message="it is 100% stale", severity="warning", file="/etc/passwd", line=1)
    assert annotation(warning) == "::warning title=git-bill%3A stale::it is 100%25 stale"
    assert annotation(Problem(rule="x", message="y", severity="info")) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n::set-output name=x::y", r"a\n::set-output name=x::y"),
        ("a\r::stop-commands::x", r"a\r::stop-commands::x"),
        ("::error::x", r"\::error::x"),
        ("##[group]x", r"#\#[group]x"),
        ("\x1b[31mred\u202e", r"\x1b[31mred\u202e"),
        ("%0A::error::x", "%250A::error::x"),
    ],
)
def test_a_message_can_not_become_a_command(text: str, shown: str) -> None:
    made = annotation(Problem(rule="r", message=text))
    assert made == f"::error title=git-bill%3A r::{shown}"
    assert len(made.splitlines()) == 1


def test_a_file_name_can_not_end_its_property() -> None:
    made = annotation(Problem(rule="r", message="m", file="a,line=9::x\n::error::%2C.toml", line=2))
    assert made == r"::error title=git-bill%3A r,file=a%2Cline=9%3A%3Ax\n%3A%3Aerror%3A%3A%252C.toml,line=2::m"


def test_outputs_end_where_they_should() -> None:
    text = outputs({"ok": "true", "drafts": "a\nurl=evil\nend"}, "end-1f")
    assert text == "ok<<end-1f\ntrue\nend-1f\ndrafts<<end-1f\na\nurl=evil\nend\nend-1f\n"
    with pytest.raises(ValueError, match="delimiter"):
        outputs({"ok": "x\nend-1f\ny"}, "end-1f")


def test_a_section_has_its_tables_and_findings() -> None:
    money = Money.parse("1234.50 EUR")
    data = {
        "gathered": 3,
        "kinds": {"commit": 3},
        "entries_added": 2,
        "drafts": [
            {
                "draft": "acme-2026-10",
                "client": "acme",
                "period": "2026-10",
                "payable": money,
                "pull_request": {"number": 7},
            },
            {
                "draft": "globex-2026-10",
                "client": "globex",
                "period": "2026-10",
                "payable": money,
                "pull_request": None,
            },
        ],
        "issued": [{"number": "INV-1", "draft": "acme", "due_date": "2026-12-01", "payable": money}],
        "refused": [{"draft": "globex-2026-10"}],
    }
    problem = Problem(rule="r", message="a | b", hint="do <this>\nor that", file="billing/x.toml", line=4)
    text = section("draft", "the daily run", data, [problem])
    assert text.splitlines() == [
        "### draft",
        "",
        "The daily run.",
        "",
        "3 new commits; 2 entries added, 0 changed.",
        "",
        "| draft | client | period | to pay |",
        "| --- | --- | --- | --: |",
        "| acme-2026-10 (#7) | acme | 2026-10 | 1234.50 EUR |",
        "| globex-2026-10 | globex | 2026-10 | 1234.50 EUR |",
        "",
        "| invoice | draft | due | to pay |",
        "| --- | --- | --- | --: |",
        "| INV-1 | acme | 2026-12-01 | 1234.50 EUR |",
        "",
        "Not issued: globex-2026-10.",
        "",
        "|  | where | what |",
        "| --- | --- | --- |",
        r"| ❌ error | billing/x.toml:4 | a \| b<br>do &lt;this&gt;<br>or that |",
    ]


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "[x](https://evil.example)", "@mira #12", "a | b\n| c |"]
)
def test_hostile_text_is_shown_in_a_summary_as_it_is(text: str) -> None:
    made = section(text, text, {"drafts": [{"draft": text, "client": text, "period": text, "payable": text}]}, ())
    assert "<img" not in made
    assert "[x]" not in made
    assert "://" not in made
    assert "@mira" not in made
    assert len(made.splitlines()) == 7, "no line was broken"


def test_a_summary_is_cut_where_github_would_drop_it() -> None:
    many = [Problem(rule="r", message="é" * 3000) for _ in range(201)]
    text = summary([section("check", "x", {}, many), section("check", "x", {}, many)])
    assert len(text.encode()) < 1_000_000
    assert text.endswith("The rest is in the log.\n")
    assert "And 1 more in the log." in section("check", "x", {}, many)
