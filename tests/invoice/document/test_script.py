"""Which writing systems a text needs, and whose form of Han."""

import pytest

from git_bill.invoice.document.script import scripts_in


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("株式会社", "ja", "Noto Sans CJK JP"),
        ("株式会社", "zh-TW", "Noto Sans CJK TC"),
        ("公司", "en", "Noto Sans CJK SC"),
        ("カタカナ", "en", "Noto Sans CJK JP"),
        ("회사", "de", "Noto Sans CJK KR"),
        ("شركة", "en", "Noto Sans Arabic"),
        ("חברה", "he", "Noto Sans Hebrew"),
        ("บริษัท", "en", "Noto Sans Thai"),
    ],
)
def test_the_font_that_is_asked_first(text: str, language: str, first: str) -> None:
    (script,) = scripts_in(f"Acme {text} 12 €", language)
    assert script.families[0] == first


def test_latin_greek_and_cyrillic_need_none() -> None:
    assert scripts_in("Zażółć Ελληνικά Кириллица → ✓ € ẞ", "de") == ()
    assert [script.name for script in scripts_in("שלום 東京 عربي", "en")] == [
        "Chinese, Japanese and Korean",
        "Arabic",
        "Hebrew",
    ]
