"""From the bank's file to an empty ageing: one transfer for three invoices, parts, too much, refunds and losses."""

from dataclasses import replace
from datetime import date

import pytest
from tests.flows.shelf import Shelf, invoice, line
from tests.stories.freelancer import Freelancer
from tests.stories.reconciled.paper import booking, open_amounts, statement

from git_bill.custody.ledger import short
from git_bill.invoice.draft import Reversal

JONAS = """
[[contributors]]
id = "jonas"
name = "Jonas"
emails = ["jonas@example.net"]
timezone = "Europe/Berlin"
roles = ["approver"]

[guardrails]
sign_off_above = "100.00 EUR"
sign_offs = 2
"""


def test_one_transfer_less_a_fee_for_three_invoices(mira: Freelancer) -> None:
    three = "Rechnungen INV-2026-0032, INV-2026-0033 und INV-2026-0034"
    file = statement(mira, booking("-900.00", "Miete", payer="Vermieter"), booking("778.85", three))
    told = mira.bill("reconcile", str(file))
    assert told.returncode == 0, told.stderr
    assert "fee 12.50 EUR" in told.stdout
    assert "Paid in full: INV-2026-0032, INV-2026-0033, INV-2026-0034" in told.stdout
    again = mira.json("reconcile", str(file))
    assert (again["remittances"], again["known"], again["matched"], again["proposed"]) == (0, 1, [], [])
    owed = mira.json("status", "--receivables")
    assert (owed["receivables"], owed["ageing"], owed["credits"], owed["unknown"]) == ([], [], [], [])
    assert mira.json("ledger", "verify")["ok"]
    assert mira.git(mira.books, "status", "--porcelain") == ""
    assert "Miete" not in mira.git(mira.books, "log", "-p")


def test_what_was_told_before_and_what_goes_back_is_said(mira: Freelancer) -> None:
    mira.json("paid", "INV-2026-0032", "--date", "2026-11-19")
    told = mira.bill("reconcile", str(statement(mira, booking("226.10", "Rechnung 0032 vom 2.11."))))
    assert "told of already: INV-2026-0032" in told.stdout, told.stderr
    mira.json("reconcile", str(statement(mira, booking("452.20", "INV-2026-0033", "2026-11-25"), name="later.xml")))
    debit = booking("-452.20", "Retoure INV-2026-0033", "2026-12-02")
    csv = mira.folder / "december.csv"
    csv.write_text(f"Buchungstag;Name;Verwendungszweck;Betrag;Währung\n02.12.2026;Acme;{debit.text};-452,20;EUR\n")
    back = mira.json("reconcile", str(csv))
    assert [(each["invoice"], each["settles"]) for each in back["matched"]] == [("INV-2026-0033", "-452.20 EUR")]
    assert open_amounts(mira)["INV-2026-0033"] == "452.20 EUR"
    assert mira.json("ledger", "verify")["ok"]


def test_a_part_then_too_much_and_the_rest_for_the_next_invoice(mira: Freelancer) -> None:
    part = booking("100.00", "INV-2026-0032 erste Rate")
    much = booking("200.00", "INV-2026-0032 Rest", "2026-11-25")
    asked = mira.json("reconcile", str(statement(mira, part, much)))["proposed"]
    assert {each["because"] for each in asked} == {"it is less than is open, and nothing says why"}
    first, second = (each["remittance"] for each in asked)
    mira.json("reconcile", "--accept", first)
    (late,) = mira.json("reconcile")["proposed"]
    assert late["because"] == "it is more than is open"
    confirmed = mira.json("reconcile", "--accept", second)["confirmed"]
    assert [(each["invoice"], each["settles"]) for each in confirmed] == [("INV-2026-0032", "126.10 EUR")]
    owed = mira.json("status", "--receivables")
    assert [each["amount"] for each in owed["credits"]] == ["73.90 EUR"]
    mira.json("paid", "INV-2026-0034", "--from", second)
    assert open_amounts(mira) == {"INV-2026-0033": "452.20 EUR", "INV-2026-0034": "39.15 EUR"}
    assert open_amounts(mira, "--as-of", "2026-11-22")["INV-2026-0032"] == "126.10 EUR"


def test_a_credit_note_is_paid_out(mira: Freelancer) -> None:
    """The invoice was paid, so its credit note is owed to the client; what the bank tells of it is asked about."""
    mira.json("reconcile", str(statement(mira, booking("226.10", "INV-2026-0032"))))
    credit(mira)
    assert open_amounts(mira)["CN-2026-0001"] == "-113.05 EUR"
    refund = booking("-113.05", "Erstattung CN-2026-0001", "2026-12-08")
    (asked,) = mira.json("reconcile", str(statement(mira, refund, name="december.xml")))["proposed"]
    assert asked["invoices"] == {"CN-2026-0001": "-113.05 EUR"}
    assert "went to an account that paid before" in asked["reasons"]
    mira.json("reconcile", "--accept", asked["remittance"])
    assert open_amounts(mira) == {"INV-2026-0033": "452.20 EUR", "INV-2026-0034": "113.05 EUR"}
    assert mira.json("ledger", "verify")["ok"]


def credit(mira: Freelancer) -> None:
    """CN-2026-0001 over one hour of INV-2026-0032."""
    place = mira.books / "billing" / "ledger" / "2026.jsonl"
    shelf = Shelf(mira.books, ledger={2026: place.read_text(encoding="utf-8")})
    shelf.head = mira.json("ledger", "verify")["head"]
    made = invoice("CN-2026-0001", line("1", entries={}), day=date(2026, 12, 1), head=short(shelf.head))
    back = Reversal(number="INV-2026-0032", issue_date=date(2026, 11, 2), entries="waive", because="less")
    shelf.freeze(replace(made, reverses=back))


def test_a_loss_needs_the_second_persons_merge(mira: Freelancer) -> None:
    settings = mira.books / "billing" / "billing.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + JONAS, encoding="utf-8")
    mira.git(mira.books, "commit", "-qam", "Jonas signs, too")
    proposed = mira.json("write-off", "INV-2026-0033", "--because", "insolvent")["proposed"]
    assert open_amounts(mira)["INV-2026-0033"] == "452.20 EUR"
    checked = mira.bill("check", proposed)
    assert checked.returncode == 0
    assert "by the word of jonas" in checked.stderr
    merge = ("merge", "-q", "--no-ff", "-m", "Merge it", proposed)
    mira.git(mira.books, "-c", "user.name=Jonas", "-c", "user.email=jonas@example.net", *merge)
    swept = mira.bill("reconcile")
    assert "Written off: 452.20 EUR of INV-2026-0033, signed off by jonas, mira" in swept.stdout, swept.stderr
    assert "INV-2026-0033" not in open_amounts(mira)
    assert mira.git(mira.books, "branch", "--list", "pay/*") == ""
    assert not (mira.books / "billing" / "proposals").exists()


@pytest.mark.parametrize("how", ["alone", "in her name"])
def test_one_person_is_never_two(mira: Freelancer, how: str) -> None:
    settings = mira.books / "billing" / "billing.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + JONAS, encoding="utf-8")
    mira.git(mira.books, "commit", "-qam", "Jonas signs, too")
    me = ("-c", "user.name=Jonas", "-c", "user.email=jonas@example.net") if how == "in her name" else ()
    branch = mira.json("write-off", "INV-2026-0033", "--because", "insolvent")["proposed"]
    if me:  # he writes her id into a file of his own
        mira.git(mira.books, "switch", "-q", branch)
        path = mira.books / "billing" / "proposals" / "write-off-INV-2026-0033.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("452.20", "450.00"), encoding="utf-8")
        mira.git(mira.books, *me, "commit", "-qam", "Less of it")
        mira.git(mira.books, "switch", "-q", "main")
    mira.git(mira.books, *me, "merge", "-q", "--no-ff", "-m", "Merge it", branch)
    found = mira.json("reconcile")
    assert [each["rule"] for each in found["problems"]] == ["no-sign-off"]
    assert open_amounts(mira)["INV-2026-0033"] == "452.20 EUR"
