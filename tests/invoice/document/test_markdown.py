"""Hostile text inside Markdown stays text."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.invoice.document.markdown import markdown, narrow, plain
from git_bill.invoice.document.text import printable

B = "&#8203;"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Add totals to the cart", "Add totals to the cart"),
        ("95.00 EUR an hour: rate", "95.00 EUR an hour: rate"),
        ("snake_case stays", "snake_case stays"),
        ("_em_ *em* **b** ~~s~~", r"\_em\_ \*em\* \*\*b\*\* \~\~s\~\~"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("</summary><b>", "&lt;/summary&gt;&lt;b&gt;"),
        ("[a](http://evil.example) ![i](x)", rf"\[a\](http:{B}//evil.example) !\[i\](x)"),
        ("`code` ``` fence", r"\`code\` \`\`\` fence"),
        ("a | b", r"a \| b"),
        ("@octocat @org/team a@b.example", f"@{B}octocat @{B}org/team a@{B}b.example"),
        (
            "Fixes #123, org/repo#4, GH-5, GL-8, !6, &7",
            f"Fixes #{B}123, org/repo#{B}4, GH-{B}5, GL-{B}8, !{B}6, &amp;{B}7",
        ),
        ("www.evil.example", f"www{B}.evil.example"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("# head", r"\# head"),
        ("/close", r"\/close"),
        ("> quote", "&gt; quote"),
        ("a\nb\r\n\n# c", "a b # c"),
        ("a\u202eb\u200bc\x1b[31md", "abcd"),
        ("$x$ \\ &amp;", rf"\${B}x\$ \\ &amp;amp;"),
        ("100% & more", "100% &amp; more"),
    ],
)
def test_escaped(text: str, expected: str) -> None:
    assert markdown(text) == expected


@given(st.text(max_size=80))
def test_no_text_opens_a_tag_a_cell_or_a_line(text: str) -> None:
    found = markdown(text)
    assert "\n" not in found
    assert not re.search(r"[<>]", found)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`|*\[\]]", found)
    assert not re.search(r"[@#!](?=[0-9A-Za-z])", html.unescape(found))


@given(st.text(alphabet=st.characters(whitelist_categories=["L", "N", "P", "S", "Zs"]), max_size=60))
def test_nothing_that_is_visible_is_lost(text: str) -> None:
    back = html.unescape(re.sub(r"\\([\\`*_\[\]|~$.)\-+=#:/])", r"\1", markdown(text))).replace("\u200b", "")
    assert back == printable(text)


def test_plain_text_is_shown_where_no_markdown_is_read() -> None:
    assert plain("Smith & Sons *Ltd*\n") == "Smith & Sons *Ltd*"
    assert plain("@acme fixes #12, &5 http://e.example") == (
        "@\u200bacme fixes #\u200b12, &\u200b5 http:\u200b//e.example"
    )


@given(st.text())
def test_narrow_text_reads_the_same(text: str) -> None:
    escaped = markdown(text)
    assert narrow(escaped).replace(B, "") == escaped.replace(B, "")
