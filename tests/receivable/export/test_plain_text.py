"""Journals, judged by the real programs: hledger (a Debian package) and beancount (in the extra `check`)."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.receivable.export.till import (
    ACME,
    OUT,
    S7,
    S19,
    USA,
    bill,
    came,
    entries,
    eur,
    kept,
    lost,
    rates,
    settles,
    usd,
)

from git_bill.contract.exchange import Quote
from git_bill.receivable.export.beancount import beancount_ledger
from git_bill.receivable.export.entry import Account
from git_bill.receivable.export.hledger import hledger_journal
from git_bill.receivable.export.plain_text import Book, name_of, one_line
from git_bill.receivable.export.settings import ExportSettings

OCT5, OCT20 = date(2026, 10, 5), date(2026, 10, 20)
EVIL = 'Bobby "; DROP\n2026-01-01 * x\n  Assets:Cash 1 EUR\\ | ) ( ; client:x, \u202e株式会社\t=A1 @@ {}'
needs_hledger = pytest.mark.skipif(
    shutil.which("hledger") is None, reason="hledger is not installed: apt install hledger"
)
needs_beancount = pytest.mark.skipif(find_spec("beancount") is None, reason="beancount is in the extra `check`")


def book() -> Book:
    """Two currencies, two rates, a hostile client and payer, a discount, a loss, money of nobody knows whom."""
    evil = replace(ACME, name=EVIL)
    invoices = [
        bill("INV-2026-0001", OCT5, ("1000.00", S19), ("100.00", S7), client=evil, early="2"),
        bill('INV "2026)\n;2', OCT5, ("1000.00", OUT), client=USA, currency="USD"),
        bill("INV-2026-0003", OCT5, ("500", S19), currency="JPY", rate="0.0061"),
        bill("CN-2026-0001", OCT20, ("100.00", S19), reverses="INV-2026-0001", client=evil),
    ]
    first, second, third = (
        came(OCT20, eur("1155.08"), payer=EVIL, text=EVIL),
        came(OCT20, eur("780")),
        came(OCT5, eur("5"), payer=EVIL),
    )
    booked = kept(
        [first, second, third],
        [
            settles(first, "INV-2026-0001", eur("1155.08"), eur("1178.00"), difference="discount"),
            settles(second, 'INV "2026)\n;2', eur("780"), usd("990.00"), difference="exchange"),
        ],
        [lost('INV "2026)\n;2', usd("10.00"), OCT20)],
    )
    quote = rates("USD", "EUR", OCT5)
    assert isinstance(quote, Quote)
    return Book(title=EVIL, currency="EUR", entries=entries(invoices, booked, "payment"), quotes=(quote,), names={})


@needs_hledger
def test_hledger_takes_the_journal_and_reckons_the_same(tmp_path: Path) -> None:
    made = book()
    file = tmp_path / "books.journal"
    file.write_bytes(hledger_journal(made))
    for words in (["check", "--strict"], ["check", "ordereddates"]):
        ran = subprocess.run(["hledger", "-f", file, *words], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
    ran = subprocess.run(
        ["hledger", "-f", file, "bal", "-N", "-O", "json", "Assets:Receivable"],
        capture_output=True,
        text=True,
        check=True,
    )
    (rows, _) = json.loads(ran.stdout)
    found = {
        (row[0], each["acommodity"]): each["aquantity"]["decimalMantissa"] / 10 ** each["aquantity"]["decimalPlaces"]
        for row in rows
        for each in row[3]
    }
    assert found == {("Assets:Receivable:Acme", "JPY"): 595.0}
    printed = subprocess.run(["hledger", "-f", file, "print", "-O", "json"], capture_output=True, text=True, check=True)
    told = json.loads(printed.stdout)
    assert len(told) == len(made.entries)
    assert {name for each in told for name, _ in each["ttags"]} == {"id", "kind", "client"}
    assert {value for each in told for name, value in each["ttags"] if name == "client"} == {"bobby", "initech", "acme"}


@needs_beancount
def test_beancount_takes_the_ledger_and_reckons_the_same(tmp_path: Path) -> None:
    from beancount import loader
    from beancount.core.data import Transaction

    made = book()
    file = tmp_path / "books.beancount"
    file.write_bytes(beancount_ledger(made))
    found, errors, _ = loader.load_file(str(file))
    assert errors == []
    transactions = [each for each in found if isinstance(each, Transaction)]
    assert len(transactions) == len(made.entries)
    for theirs, ours in zip(transactions, made.entries, strict=True):
        assert theirs.meta["id"] == one_line(ours.id)
        assert (theirs.payee, theirs.narration) == (one_line(ours.payee), one_line(ours.text))
        stated = [(str(p.units.number), p.units.currency) for p in theirs.postings if p.units]
        assert sorted(stated) == sorted(
            (f"{p.amount.stated.short().amount:zf}", p.amount.stated.currency) for p in ours.postings if p.amount.stated
        )
    assert sum(EVIL[:5] in (each.payee or "") for each in transactions) == 6  # two say what a credit does to the tax


def test_what_a_stranger_wrote_stays_in_its_line() -> None:
    """No line of either journal begins with what a name made up."""
    for content in (hledger_journal(book()), beancount_ledger(book())):
        lines = content.decode().splitlines()
        assert not [line for line in lines if line.startswith(("2026-01-01", "  Assets:Cash", "\t"))]
        assert "\u202e" not in content.decode()


@pytest.mark.parametrize(
    ("account", "names", "name"),
    [
        (Account(role="revenue", of=("S", "25.5", "FI")), {}, "Income:Revenue:S-25-5:FI"),
        (Account(role="bank", of=("DE02120300000000202051",)), {}, "Assets:Bank:DE02120300000000202051"),
        (Account(role="provider", of=("stripe",)), {}, "Assets:Provider:Stripe"),
        (Account(role="receivable", of=("acme",)), {"receivable": "Assets:Debtors"}, "Assets:Debtors"),
        (
            Account(role="receivable", of=("acme",)),
            {"receivable": "Assets:Debtors", "receivable:acme": "Assets:Acme"},
            "Assets:Acme",
        ),
    ],
)
def test_names_of_accounts(account: Account, names: dict[str, str], name: str) -> None:
    assert name_of(account, names) == name


def test_two_clients_never_share_an_account() -> None:
    names = {name_of(Account(role="receivable", of=(each,)), {}) for each in ("a.b", "a-b", "a_b", "株", "京")}
    assert len(names) == 5


@pytest.mark.parametrize("name", ["Assets:bank", "Cash", "Assets:Bank; x", "Assets:Bank\n2026", "Assets:Bank "])
def test_own_names_are_such_that_both_programs_take(name: str) -> None:
    assert [field for field, _, _ in ExportSettings(names={"bank": name}).problems()] == ["names"]
    assert not list(ExportSettings(names={"bank": "Assets:Bank:Checking-1"}).problems())
