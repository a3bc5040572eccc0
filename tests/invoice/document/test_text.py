"""Text from outside becomes one harmless line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.invoice.document.text import printable, showable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Fix  the\tcheckout\r\nand more\n", "Fix the checkout and more"),
        ("a\u2028b\u2029c\x85d\x0be", "a b c d e"),
        ("5\u00a0h, 4\u202f522,00\u00a0€", "5\u00a0h, 4\u202f522,00\u00a0€"),
        ("\x1b[31;1mred\x1b[0m \x1b]0;title\x07text\x1b]8;;https://x.example\x1b\\link\x1b(B.", "red textlink."),
        ("\x9b2Jcleared, bell\x07, null\x00", "cleared, bell, null"),
        ("invoice\u202efdp.exe\u2069\u200f\u061c", "invoicefdp.exe"),
        ("zero\u200bwidth\ufeff\u00adtag\U000e0041", "zerowidthtag"),
        ("\u26a0\ufe0f check", "\u26a0 check"),
        ("e\u0301", "é"),
        ("Z\u0351\u0352\u0357\u035b\u0346go", "Z\u0351\u0352\u0357go"),
        ("\ue0b0 \udcff \ufdd0 \U0001ffff", "\ufffd \ufffd \ufffd \ufffd"),
        ('#panic("x") *bold* <b> & $x$ \\ 😀', '#panic("x") *bold* <b> & $x$ \\ 😀'),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters(codec=None, categories=None)))
def test_printable_is_one_line_and_stays_as_it_is(text: str) -> None:
    line = printable(text)
    assert printable(line) == line
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
    assert line.strip(" ") == line
    assert line.encode().decode() == line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fix the ☕ machine 🚀", "Fix the machine"),
        ("🎉", ""),
        ("修正結帳", ""),
        ("Fix 結帳 page", "Fix … page"),
        ("Preis für Zoë: 1.234,50 € → ½", "Preis für Zoë: 1.234,50 € → ½"),
        ("Καλάθι, корзина", "Καλάθι, корзина"),
        ("Add …", "Add …"),
        ("…", ""),
    ],
)
def test_what_no_font_shows_goes(text: str, expected: str) -> None:
    assert showable(text) == expected
