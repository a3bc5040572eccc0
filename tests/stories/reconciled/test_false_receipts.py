"""A receipt on a person's word is made only of a sum that is still open."""

from tests.stories.freelancer import Freelancer

WORD = ("--as", "receipt", "--paid", "2026-11-20")


def test_of_what_was_settled_without_money_there_is_no_receipt(mira: Freelancer) -> None:
    mira.json("write-off", "INV-2026-0032", "--because", "gone")
    mira.json("write-off", "INV-2026-0033", "--because", "gone", "--amount", "100.00 EUR")
    for words in (WORD, WORD[:2]):
        whole = mira.json("render", "INV-2026-0032", *words, code=1)["problems"][0]
        assert (whole["rule"], whole["message"]) == ("nothing-paid", "INV-2026-0032 was settled without a payment")
        assert "--paid" not in whole["hint"]
    part = mira.json("render", "INV-2026-0033", *WORD, code=1)["problems"][0]
    assert part["message"].endswith("and 100.00 EUR of 452.20 EUR was settled without one")
    assert part["hint"] == "record it: git bill paid INV-2026-0033"
    assert mira.json("render", "INV-2026-0034", *WORD, "-o", "said.pdf")["file"]
