"""What moved Stripe's balance, as remittances: pages, seconds, currencies, zones, and the same by its report."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.adapters.stripe.conftest import Rail
from tests.contracts.test_rail_contract import LINK
from tests.receivable.feeds.bank import headings
from tests.testbed.stripe_contract import Json
from tests.testbed.stripe_server import StripeServer

from git_bill.adapters.stripe.amounts import money
from git_bill.adapters.stripe.rail import Stripe
from git_bill.effects import Done
from git_bill.problem import Stop
from git_bill.receivable.feeds.detect import read
from git_bill.receivable.feeds.mapping import Account
from git_bill.receivable.recognised import origin
from git_bill.receivable.remittance import Remittance


def paid(rail: Stripe) -> str:
    done = rail.ensure_link(LINK)
    assert isinstance(done, Done)
    return done.ref


def everything(rail: Stripe, cursor: str = "") -> list[Remittance]:
    found: list[Remittance] = []
    while True:
        page = rail.pull(cursor)
        found += page.remittances
        if not page.more:
            return found
        cursor = page.cursor


def test_250_in_one_second_come_once_each_oldest_first(rail: Rail, server: StripeServer) -> None:
    for at in range(250):
        server.people.pay_out(at + 1)
    found = everything(rail())
    assert [each.amount.amount for each in found] == [-Decimal(at + 1) / 100 for at in range(250)]


def test_what_comes_while_pages_are_read_comes_too(rail: Rail, server: StripeServer) -> None:
    for at in range(120):
        server.people.pay_out(at + 1)
    page = rail().pull("")
    server.people.pay_out(9999)
    rest = everything(rail(), page.cursor)
    assert len({each.id for each in (*page.remittances, *rest)}) == 121


def test_a_later_pull_reads_the_last_hour_again_and_not_more(rail: Rail, server: StripeServer) -> None:
    server.people.pay_out(1)
    server.store.tick(7200)
    server.people.pay_out(2)
    cursor = rail().pull("").cursor
    assert [str(each.amount) for each in everything(rail(), cursor)] == ["-0.02 EUR"]


def test_a_window_without_anything_stays_where_it_is(rail: Rail) -> None:
    assert rail().pull("").cursor == "test:0"
    assert rail().pull("test:1793610000").cursor == "test:1793610000"


def test_a_pending_debit_is_waited_for_over_pages(rail: Rail, server: StripeServer) -> None:
    debit = server.people.pay(paid(rail()), is_debit=True)
    for at in range(150):
        server.store.tick(3600)
        server.people.pay_out(at + 1)
    page = rail().pull("")
    assert page.more
    last = rail().pull(page.cursor)
    assert not last.more
    server.people.settle(debit)
    assert "INV-2026-0032" in [each.reference for each in everything(rail(), last.cursor)]


@pytest.mark.parametrize("cursor", ["live:4000000000", "live:4000000000/txn_1/0"])
def test_how_far_the_other_mode_was_read_says_nothing(rail: Rail, server: StripeServer, cursor: str) -> None:
    """Who tries it with test keys and goes live loses nothing that was booked before."""
    server.people.pay_out(1)
    assert len(everything(rail(), cursor)) == 1


@pytest.mark.parametrize("cursor", ["yesterday", "12/txn_1/x", "/txn_1", "test:x"])
def test_another_cursor(rail: Rail, server: StripeServer, cursor: str) -> None:
    with pytest.raises(Stop):
        rail().pull(cursor)


def test_a_payment_in_another_currency_keeps_what_the_client_sent(rail: Rail, server: StripeServer) -> None:
    server.people.pay(paid(rail()), fee=2_000, settled=("usd", Decimal("1.0723")))
    (found,) = everything(rail())
    assert (str(found.amount), str(found.fee), str(found.original)) == ("1256.03 USD", "20.00 USD", "1190.00 EUR")
    assert found.rate == Decimal("1.0723")


def test_the_day_is_that_of_the_issuer(rail: Rail, server: StripeServer) -> None:
    server.store.now = int(datetime(2026, 11, 30, 23, 30, tzinfo=UTC).timestamp())
    server.people.pay(paid(rail()))
    (berlin,), (york,) = everything(rail()), everything(rail(zone="America/New_York"))
    assert (berlin.booked, york.booked) == (date(2026, 12, 1), date(2026, 11, 30))
    assert berlin.id == york.id


def test_what_comes_back_names_the_movement_that_it_takes_back(rail: Rail, server: StripeServer) -> None:
    charge = server.people.pay(paid(rail()))
    refund = server.people.refund(charge, 1_000)
    server.people.bounce(refund)
    payout = server.people.pay_out(50_000)
    server.people.return_payout(payout)
    server.people.bill(200)
    found = everything(rail())
    assert [each.kind for each in found] == ["payment", "refund", "refund", "payout", "payout", "fee"]
    assert [origin(each, found) for each in found] == [None, found[0], found[1], None, found[3], None]
    assert found[-1].text == "Billing - Usage Fee"
    assert found[3].value_date == date(2026, 11, 4)


def test_what_moved_nothing_is_no_remittance(rail: Rail, server: StripeServer) -> None:
    server.people.pay(paid(rail()), fee=119_000)
    assert everything(rail()) == []


def test_a_source_that_the_key_may_not_see(rail: Rail, server: StripeServer) -> None:
    charge = server.people.pay(paid(rail()))
    del server.store.objects[charge]
    (found,) = everything(rail())
    assert (found.kind, found.reference, str(found.amount)) == ("payment", "", "1190.00 EUR")


def test_words_of_strangers_are_one_line_and_show_nothing_unseen(rail: Rail, server: StripeServer) -> None:
    server.people.pay(paid(rail()), payer="Acme\n\x1b[31mGmbH\u202e")
    (found,) = everything(rail())
    assert found.payer == "Acme [31mGmbH"


COLUMNS = [
    *("balance_transaction_id", "created_utc", "created", "available_on_utc", "available_on", "currency", "gross"),
    *("fee", "net", "reporting_category", "source_id", "description", "automatic_payout_id", "charge_id"),
    *("payment_intent_id", "customer_name", "customer_email"),
]


def report(movements: Iterable[Json], charges: dict[str, Json]) -> bytes:
    """The itemised balance report that Stripe offers for download, of the same movements."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    for each in movements:
        sums = {
            name: str(money(each[key], each["currency"]).amount)
            for name, key in (("gross", "amount"), ("fee", "fee"), ("net", "net"))
        }
        at = f"{datetime.fromtimestamp(each['created'], UTC):%Y-%m-%d %H:%M:%S}"
        source = charges.get(each["source"] or "", {})
        row = {
            **sums,
            "balance_transaction_id": each["id"],
            "created_utc": at,
            "created": at,
            "currency": each["currency"],
            "reporting_category": each["reporting_category"],
            "source_id": each["source"] or "",
            "description": each["description"] or "",
            "charge_id": source.get("charge") or (each["source"] if source.get("object") == "charge" else ""),
        }
        table.writerow(row)
    return text.getvalue().encode()


def test_the_report_tells_of_the_same_remittances(rail: Rail, server: StripeServer) -> None:
    charge = server.people.pay(paid(rail()), fee=1_750)
    server.people.refund(charge, 1_000)
    dispute = server.people.charge_back(charge)
    server.people.win(dispute)
    server.people.pay_out(40_000)
    server.people.bill(200)
    ours = everything(rail(zone="UTC"))
    content = report(server.store.of("balance_transaction"), server.store.objects)
    euro = Account(account="stripe", currency="EUR")
    (statement,) = read(content, "report.csv", own=[euro], headings=headings()).value or ()
    theirs = statement.remittances
    facts = [
        [(each.id, each.booked, each.amount, each.kind, each.fee, each.end_to_end) for each in every]
        for every in (ours, theirs)
    ]
    assert facts[0] == facts[1]
    assert [origin(each, theirs) for each in theirs[:3]] == [None, theirs[0], theirs[0]]


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Berlin", "2026-12-04"), ("UTC", "2026-12-04"), ("America/New_York", "2026-12-03")]
)
def test_the_day_until_which_evidence_counts_is_the_last_whole_one(
    rail: Rail, server: StripeServer, zone: str, day: str
) -> None:
    """Stripe's day ends at midnight UTC, which is one in the morning in Berlin: then that morning is no day for it."""
    charge = server.people.pay(paid(rail()))
    dispute = server.store.get("dispute", server.people.charge_back(charge))
    dispute["evidence_details"]["due_by"] = int(datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC).timestamp())
    (found,) = [each for each in everything(rail(zone=zone)) if each.kind == "chargeback"]
    assert str(found.answer_by) == day
