"""Draft, check, issue, draft again over months: under any rounding and cap nothing is billed twice or above the cap."""

from datetime import UTC, date, datetime
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.adapters.tables import vat_table
from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.party import Bank, Client, Issuer
from git_bill.contract.rate import Rate
from git_bill.contract.tax.treatment import Tax, decide
from git_bill.contract.terms import Rounding
from git_bill.invoice.basis import Basis
from git_bill.invoice.billed import settled
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.drafting import build
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.issuing import invoice_problems, issue_invoice
from git_bill.money import Money
from git_bill.period import month
from git_bill.problem import errors
from git_bill.worklog.entry import Entry, Worked

ISSUER = Issuer(
    name="Mira",
    country="DE",
    timezone="Europe/Berlin",
    vat_id="DE136695976",
    bank=Bank(iban="DE02120300000000202051"),
)
ENTRIES = st.lists(
    st.builds(
        Entry,
        day=st.dates(date(2026, 9, 1), date(2026, 11, 30)),
        by=st.sampled_from(["mira", "jonas"]),
        ticket=st.sampled_from(["WEB-1", "WEB-2", "#3", None]),
        activity=st.sampled_from(["development", "meeting"]),
        minutes=st.integers(1, 600),
        state=st.sampled_from(["confirmed", "estimated", "unproven"]),
        text=st.sampled_from(["add totals", "wip", ""]),
    ),
    min_size=1,
    max_size=12,
)
RATES = (
    Rate(hourly=Money.parse("95.00 EUR"), activity="development"),
    Rate(hourly=Money.parse("80.00 EUR"), contributor="mira"),
    Rate(hourly=Money.parse("70.00 EUR")),
)


def issue(basis: Basis, contract: Contract, day: date, number: int) -> Invoice | None:
    """One month's draft, checked and issued; None where there is nothing to bill."""
    period = month(day)
    tax = decide(basis.issuer, basis.engagement.client, period, basis.vat)
    assert isinstance(tax, Tax)
    drafted = build(basis, contract, period, tax, draft_id=f"D-{number}")
    assert errors(drafted.problems) == ()
    if not drafted.draft.lines:
        return None
    assert errors(draft_problems(drafted.draft, basis, name="x")) == ()
    claim = Claim(
        number=f"INV-2026-{number:04}",
        draft=f"D-{number}",
        name="x",
        blob="0" * 40,
        issue_date=day,
        at=datetime(2026, 12, 1, tzinfo=UTC),
    )
    invoice = issue_invoice(
        drafted.draft, claim, issuer=ISSUER, engagement=basis.engagement, ledger_head="", made_with=""
    )
    assert errors(invoice_problems(invoice)) == ()
    return invoice


@settings(max_examples=80, deadline=None)
@given(
    entries=ENTRIES,
    to=st.sampled_from([1, 6, 15, 60]),
    mode=st.sampled_from(["nearest", "up", "down"]),
    per=st.sampled_from(["entry", "ticket", "ticket-day", "day", "line", "invoice"]),
    cap=st.sampled_from([None, "100.00 EUR per month", "900.00 EUR per month", "300.00 EUR per invoice"]),
)
def test_nothing_is_billed_twice_or_above_the_cap(
    entries: list[Entry],
    to: int,
    mode: Literal["nearest", "up", "down"],
    per: Literal["entry", "ticket", "ticket-day", "day", "line", "invoice"],
    cap: str | None,
) -> None:
    contract = Contract(
        id="c",
        from_=date(2026, 1, 1),
        currency="EUR",
        rounding=Rounding(to=to, mode=mode, per=per),
        cap=cap,
        rates=RATES,
    )
    engagement = Engagement(client=Client(name="Acme", country="DE", vat_id="DE129274202"), contracts=(contract,))
    worked = {f"W-{n:02}": Worked(id=f"W-{n:02}", client="acme", entry=entry) for n, entry in enumerate(entries)}
    invoices: tuple[Invoice, ...] = ()
    for number, last in enumerate([date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31)], 1):
        basis = Basis(
            issuer=ISSUER, client="acme", engagement=engagement, vat=vat_table(), worked=worked, invoices=invoices
        )
        invoice = issue(basis, contract, last, number)
        if invoice is not None:
            invoices = (*invoices, invoice)
            assert all(limit.amount is None or invoice.totals.net <= limit.amount for limit in contract.limits)
    for entry, minutes in settled(invoices).minutes.items():
        assert minutes <= worked[entry].entry.minutes
        assert worked[entry].entry.state != "unproven"
