"""Which account a CSV file is of that does not say it."""

from datetime import date

import pytest
from tests.receivable.feeds.bank import headings

from git_bill.money import Money
from git_bill.receivable.feeds.detect import read
from git_bill.receivable.feeds.feed import Entry
from git_bill.receivable.feeds.mapping import Account
from git_bill.receivable.feeds.overlap import Seen
from git_bill.receivable.feeds.own_account import filed
from git_bill.receivable.remittance import Remittance

HEADINGS = headings()
DKB, N26, SPARKASSE = "DE02120300000000202051", "DE02100110010123456789", "DE02500500000000202051"
REVOLUT = (
    "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
    "TOPUP,Current,2026-11-18 09:00:00,2026-11-18 09:00:05,Payment from Donau,997.50,0.00,{0},COMPLETED,1997.50\n"
)
N26_FILE = (
    "Booking Date,Value Date,Partner Name,Partner Iban,Type,Payment Reference,Account Name,Amount (EUR),"
    "Original Amount,Original Currency,Exchange Rate\n"
    "2026-11-18,2026-11-18,Acme,,Income,INV-7,Main,100.00,,,\n"
)
UNKNOWN = "Datum;Betrag;Text;Währung\n20.11.2026;100,00;INV-7;{0}\n"


@pytest.mark.parametrize(
    ("content", "own", "account"),
    [
        (REVOLUT.format("EUR"), [Account(account=DKB)], "revolut/EUR"),
        (REVOLUT.format("USD"), [Account(account=DKB)], "revolut/USD"),
        (REVOLUT.format("EUR"), [], "revolut/EUR"),
        (REVOLUT.format("EUR"), [Account(account=DKB), Account(account="Revolut")], "Revolut"),
        (REVOLUT.format("USD"), [Account(account="revolut/EUR"), Account(account="revolut/USD")], "revolut/USD"),
        (REVOLUT.format("EUR"), [Account(account="GB33REVO00996912345678")], "revolut/EUR"),  # pounds
        (REVOLUT.format("EUR"), [Account(account="LT023250012345678901")], "LT023250012345678901"),
        (N26_FILE, [Account(account=SPARKASSE)], "n26/EUR"),
        (N26_FILE, [Account(account=N26)], N26),
        (N26_FILE, [Account(account=N26), Account(account=DKB)], N26),
        (UNKNOWN.format("EUR"), [Account(account=DKB)], DKB),
        (UNKNOWN.format("USD"), [Account(account=DKB)], ""),
        (UNKNOWN.format("USD"), [Account(account=DKB, currency="USD")], DKB),
        (UNKNOWN.format("EUR"), [Account(account=DKB), Account(account=N26)], ""),
    ],
)
def test_the_account_is_of_the_files_bank(content: str, own: list[Account], account: str) -> None:
    found = read(content.encode(), "x.csv", own=own, headings=HEADINGS)
    assert found.value is not None, found.problems
    assert [each.account for each in found.value] == [account]


def test_an_account_that_is_declared_later_is_the_same_one() -> None:
    declared = [Account(account="LT023250012345678901")]
    assert filed("revolut/EUR", "csv:revolut", "EUR", HEADINGS.exports, declared) == declared[0].account
    assert filed("revolut/USD", "csv:revolut", "USD", HEADINGS.exports, declared) == "revolut/USD"
    assert filed("", "csv", "EUR", HEADINGS.exports, [Account(account=DKB)]) == DKB
    assert filed(SPARKASSE, "camt.053", "EUR", HEADINGS.exports, [Account(account=DKB)]) == SPARKASSE


@pytest.mark.parametrize(("feed", "meets"), [("csv", True), ("camt.053", False), ("csv:n26", False)])
def test_what_was_only_guessed_to_be_of_an_account_meets_its_own_format_alone(feed: str, meets: bool) -> None:
    known = entry("csv")
    seen = Seen.of([known], guessed={known.id})
    assert (seen.fresh(Entry(remittances=(entry(feed),), line=1)) is None) == meets


def entry(feed: str) -> Remittance:
    return Remittance(
        id="R-aaaaaaaaaaaa",
        rail="bank",
        feed=feed,
        account=DKB,
        booked=date(2026, 11, 18),
        amount=Money.parse("997.50 EUR"),
        text="INV-7",
        bank_reference="B00000001",
    )
