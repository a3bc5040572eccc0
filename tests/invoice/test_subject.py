"""Commit subjects as a client reads them."""

import pytest

from git_bill.invoice.subject import describe, is_vague, readable


@pytest.mark.parametrize(
    ("subject", "ticket", "expected"),
    [
        ("feat(cart)!: WEB-5 add totals (#12)", "WEB-5", "Add totals"),
        ("fix: round basket totals half up", None, "Round basket totals half up"),
        ("fixup! feat: add totals", None, "Add totals"),
        ("[WEB-5] Add totals.", "WEB-5", "Add totals"),
        ("WEB-5: add totals", "WEB-5", "Add totals"),
        ("add totals (WEB-5)", "WEB-5", "Add totals"),
        (":sparkles: add totals", None, "Add totals"),
        ("Checkout: payment by instant transfer", None, "Checkout: payment by instant transfer"),
        ("iPhone layout of the cart", None, "iPhone layout of the cart"),
        ('Revert "Add totals"', None, 'Revert "Add totals"'),
        ("hide\u202e\x1b[31m totals\nsecond line", None, "Hide totals second line"),
        ("feat: ", None, ""),
        ("", None, ""),
    ],
)
def test_technical_parts_are_taken_off(subject: str, ticket: str | None, expected: str) -> None:
    assert readable(subject, ticket) == expected


@pytest.mark.parametrize("text", ["", "wip", "Fix", "update stuff", "More fixes", "tmp 2", "…"])
def test_vague(text: str) -> None:
    assert is_vague(text)


@pytest.mark.parametrize("text", ["Fix rounding", "Checkout", "修正結帳", "Update of the framework"])
def test_not_vague(text: str) -> None:
    assert not is_vague(text)


def said(texts: list[str], ticket: str | None = "WEB-5", fallback: str = "x") -> tuple[str, str | None]:
    found = describe(texts, ticket, fallback)
    return found.name, found.detail


def test_the_ticket_and_the_weightiest_text_name_the_work_and_the_others_follow() -> None:
    assert said(["feat: add totals", "wip", "fix: add totals"]) == ("WEB-5 Add totals", None)
    assert said(["add totals", "fix rounding; call"]) == ("WEB-5 Add totals", "Fix rounding; Call")


def test_vague_texts_count_only_where_there_is_no_other_and_the_fallback_where_there_is_none() -> None:
    assert said(["wip", "fix"]) == ("WEB-5 Wip", "Fix")
    assert said(["", "feat: "], None, "Development, web-shop") == ("Development, web-shop", None)


def test_names_have_at_most_100_characters_and_details_fill_a_line() -> None:
    name, detail = said([f"piece number {n} of the long work" for n in range(20)])
    assert name == "WEB-5 Piece number 0 of the long work"
    assert detail is not None
    assert detail.endswith("…")
    assert len(detail) <= 72
    assert len(said(["x" * 10_000_000])[0]) == 100
