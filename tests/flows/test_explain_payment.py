"""Explain: what was paid of an invoice and why it was matched; what a remittance is, what it pays, why nothing fits."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.flows.shelf import invoice, line
from tests.flows.till import Bureau, bureau, euros, paper, row
from tests.repositories import live_in
from tests.twins.forge import MemoryForge

from git_bill.adapters.tables import vat_table
from git_bill.contract.exchange import Quote, Quotes, none_known
from git_bill.flows.explain import explain
from git_bill.flows.paid import Said, by_hand
from git_bill.flows.paid_back import undone, write_off
from git_bill.flows.receivables import Lateness
from git_bill.invoice.draft import Exchange
from git_bill.money import Money
from git_bill.problem import Problem, Stop
from git_bill.receivable.exchange_gain import gain
from git_bill.worklog.reason import Reason

NUMBER, OTHER = "INV-2026-0032", "INV-2026-0033"


@pytest.fixture
def mira(tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Two open invoices, over 226.10 and 452.20 EUR."""
    live_in(environment, monkeypatch)
    return bureau(tmp_path / "books", "2", "4")


def texts(found: Reason) -> Iterator[str]:
    yield found.text
    for each in found.because:
        yield from texts(each)


def told(mira: Bureau, word: str) -> str:
    """Everything below a subject, a line each."""
    late = Lateness(shipped=vat_table(), today=mira.clock.day)
    return "\n".join(texts(explain(mira.books, word, lateness=late)))


def test_an_invoice_says_when_it_was_paid_by_what_and_why(mira: Bureau) -> None:
    [matched] = mira.reconcile(paper(row(f"Rechnung {NUMBER}", "219,00"))).matched or [None]
    assert matched is None or matched.difference == "fee"
    mira.reconcile(paper(row(f"Rechnung {OTHER}", "452,20", day="21.11.2026"), name="b.csv"))
    said = told(mira, OTHER)
    assert "452.20 EUR paid, 0.00 EUR open" in said
    assert "452.20 EUR of INV-2026-0033 paid on 2026-11-21" in said
    assert "from 'Acme GmbH': 'Rechnung INV-2026-0033'" in said
    assert "matched by itself on 2026-12-10, probability " in said
    assert "names INV-2026-0033" in said


def test_what_was_taken_back_says_by_whom_and_why(mira: Bureau) -> None:
    [matched] = mira.reconcile(paper(row(f"Rechnung {NUMBER}", "226,10"))).matched
    mira.say(lambda desk: undone(desk, [matched.id], "it was for Globex"))
    for word in (NUMBER, matched.id, matched.remittance, matched.id[:6].lower()):
        assert 'taken back by mira on 2026-12-10: "it was for Globex"' in told(mira, word)
    assert "0.00 EUR paid, 226.10 EUR open" in told(mira, NUMBER)


def test_a_loss_and_a_difference_are_told(mira: Bureau) -> None:
    said = Said(on=mira.clock.day, amount=euros("200.00"), difference="discount", because="as agreed")
    mira.say(lambda desk: by_hand(desk, [NUMBER], said))
    lost = Said(on=mira.clock.day, because="insolvent")
    mira.say(lambda desk: write_off(desk, OTHER, None, "uncollectable", lost))
    assert "200.00 EUR of it settle 226.10 EUR: 26.10 EUR is the discount for paying early" in told(mira, NUMBER)
    assert 'recorded by mira on 2026-12-10, "as agreed"' in told(mira, NUMBER)
    assert "452.20 EUR of INV-2026-0033 written off on 2026-12-10 (uncollectable) by mira" in told(mira, OTHER)


def test_a_remittance_that_is_asked_about_says_where_and_why(mira: Bureau) -> None:
    mira.forge = MemoryForge()
    [asked] = mira.reconcile(paper(row(NUMBER, "100,00"))).proposed
    said = told(mira, asked.remittance)
    [branch] = mira.books.proposals()
    assert f"pay/{branch.name} proposes {NUMBER}: 100.00 EUR, probability " in said
    assert asked.because in said


def test_a_remittance_that_nothing_fits_says_how_to_decide(mira: Bureau) -> None:
    mira.reconcile(paper(row("Danke", "17,31", "Stranger", iban="")))
    [name] = mira.paid.remittances
    assert "nobody has decided on it" in told(mira, name)
    assert f"git bill paid INV-… --from {name}" in told(mira, name)


def test_what_is_left_of_a_payment_is_told(mira: Bureau) -> None:
    said = Said(on=mira.clock.day, amount=euros("250.00"), over=True)
    [remittance] = mira.say(lambda desk: by_hand(desk, [NUMBER], said)).records.remittances
    assert "23.90 EUR are left of it" in told(mira, remittance.id)


def test_no_such_record(mira: Bureau) -> None:
    with pytest.raises(Stop, match="not in the books"):
        told(mira, "R-zzzzzzzzzzzz")


def quoted(rates: Mapping[date, str]) -> Quotes:
    """USD in EUR on some days."""

    def quotes(base: str, currency: str, day: date) -> Quote | Problem:
        if (base, currency) != ("USD", "EUR") or day not in rates:
            return none_known(base, currency, day)
        return Quote(base=base, currency=currency, rate=Decimal(rates[day]), on=day, source="ECB")

    return quotes


ISSUED, PAID = date(2026, 11, 2), date(2026, 11, 20)
DOLLARS = replace(invoice(NUMBER, line(), head="0" * 12), currency="USD")


def test_what_the_rate_made_of_an_invoice_in_another_currency() -> None:
    amount = Money.parse("1000.00 USD")
    both = quoted({ISSUED: "0.90", PAID: "0.92"})
    assert gain(DOLLARS, amount, amount, PAID, both) == euros("20.00")
    frozen = replace(DOLLARS, exchange=Exchange(currency="EUR", rate=Decimal("0.95"), on=ISSUED, source="own"))
    assert gain(frozen, amount, amount, PAID, both) == euros("-30.00")
    assert isinstance(gain(DOLLARS, amount, amount, PAID, quoted({PAID: "0.92"})), Problem)
    assert isinstance(gain(DOLLARS, amount, amount, PAID, quoted({ISSUED: "0.92"})), Problem)


def test_what_the_rate_made_of_a_payment_in_another_currency() -> None:
    own = replace(DOLLARS, currency="EUR")
    settles, came = euros("226.10"), Money.parse("250.00 USD")
    assert gain(own, settles, came, PAID, quoted({PAID: "0.90"})) == euros("-1.10")
    assert gain(own, settles, settles, PAID, none_known) is None
