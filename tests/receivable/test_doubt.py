"""What a file states and nothing confirms is asked about, however sure the match is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from git_bill.contract.exchange import Quote, none_known
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.account import Statement
from git_bill.receivable.doubt import Doubts, told_by, unless_doubtful
from git_bill.receivable.matching.match import Applied, Match, Proposed, Share
from git_bill.receivable.payment import Seen
from git_bill.receivable.remittance import Remittance

DAY = date(2026, 11, 23)
OWN, FOREIGN = "DE02120300000000202051", "GB29NWBK60161331926819"
PAID = Remittance(id="R-" + "a" * 12, rail="bank", feed="camt.053", booked=DAY, amount=Money.parse("25.00 EUR"))


def rates(base: str, currency: str, day: date) -> Quote | Problem:
    """A dollar is 0.92 euros."""
    if (base, currency) == ("USD", "EUR"):
        return Quote(base=base, currency=currency, rate=Decimal("0.92"), on=day, source="ECB")
    return none_known(base, currency, day)


def why(doubts: Doubts = Doubts(), settles: str = "", **facts: object) -> str:  # noqa: B008  it is frozen
    """Why a sure match is asked about; "" where it stays sure."""
    said = {name: Money.parse(each) if isinstance(each, str) and " " in each else each for name, each in facts.items()}
    paid = replace(PAID, **said)  # type: ignore[arg-type]
    share = Share(invoice="INV-1", amount=paid.amount, settles=Money.parse(settles or str(paid.amount)))
    match = Match(remittance=paid.id, shares=(share,), probability=0.99, reasons=())
    found = unless_doubtful(Applied(match=match), {paid.id: paid}, doubts)
    assert found.match == match  # type: ignore[union-attr]
    return found.because if isinstance(found, Proposed) else ""


@pytest.mark.parametrize(
    ("amount", "fee", "rail", "doubtful"),
    [
        ("25.00 EUR", "2405.58 EUR", "bank", True),
        ("2380.58 EUR", "50.00 EUR", "bank", False),
        ("900.00 EUR", "50.01 EUR", "bank", True),
        ("9949.99 EUR", "50.01 EUR", "bank", False),
        ("20.00 EUR", "15.00 EUR", "bank", False),
        ("10.01 EUR", "49.99 EUR", "bank", True),
        ("930.00 EUR", "70.00 EUR", "stripe", False),
        ("1.00 EUR", "2429.58 EUR", "stripe", True),
        ("0.25 EUR", "0.27 EUR", "stripe", False),
        ("93000 JPY", "7000 JPY", "bank", False),
        ("90000 JPY", "10000 JPY", "bank", True),
    ],
)
def test_a_stated_fee_is_believed_as_far_as_fees_go(amount: str, fee: str, rail: str, *, doubtful: bool) -> None:
    gross = str(Money.parse(amount) + Money.parse(fee))
    assert bool(why(settles=gross, amount=amount, fee=fee, rail=rail)) == doubtful


def test_a_fee_that_the_match_does_not_need_is_no_doubt() -> None:
    assert why(amount="25.00 EUR", fee="2405.58 EUR") == ""


@pytest.mark.parametrize(
    ("original", "quotes", "doubtful"),
    [
        ("23.00 EUR", rates, False),
        ("24.10 EUR", rates, False),
        ("24.30 EUR", rates, True),
        ("2430.58 EUR", rates, True),
        ("2430.58 EUR", none_known, True),
        ("20.00 EUR", none_known, False),
        ("2430.58 GBP", rates, False),
    ],
)
def test_a_stated_original_amount_is_one_by_the_days_rate(original: str, quotes: object, *, doubtful: bool) -> None:
    """One in a third currency settles nothing."""
    doubts = Doubts(quotes=quotes)  # type: ignore[arg-type]
    assert bool(why(doubts, "24.00 EUR", amount="25.00 USD", original=original)) == doubtful


def test_without_a_rate_yen_are_not_euros() -> None:
    assert why(Doubts(), "16000 JPY", amount="100.00 EUR", original="16000 JPY") == ""
    assert "no rate is known" in why(Doubts(), "100.00 EUR", amount="100 JPY", original="100.00 EUR")


def test_a_statement_that_does_not_add_up_now_or_before() -> None:
    stated = Statement(file="a", feed="camt.053", account=OWN, currency="EUR", moved=PAID.amount, entries=1)
    opening = replace(stated, remittances=(PAID,), opening=Money.parse("0.00 EUR"), closing=Money.parse("0.01 EUR"))
    read, whole = told_by([opening])
    assert "closing balance" in why(Doubts(read=read, whole=whole))
    read, whole = told_by([replace(opening, closing=PAID.amount)])
    assert why(Doubts(read=read, whole=whole)) == ""
    seen = Seen(file="a", feed="camt.053", account=OWN, currency="EUR", first=DAY, last=DAY, missing=PAID.amount)
    before = Doubts(incomplete=(seen,))
    assert "closing balance" in why(before, account=OWN)
    assert why(replace(before, whole=whole), account=OWN) == "", "a whole statement told of it now"
    assert why(before, account=FOREIGN) == why(before, account=OWN, booked=date(2026, 11, 24)) == ""
