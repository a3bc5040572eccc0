"""The exact layer: models broken on purpose by one cent, one code or one missing term are refused, each by name."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from git_bill.contract.tax.levy import Component
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.draft import Correction, Exchange
from git_bill.invoice.en16931.einvoice import problems_of
from git_bill.invoice.en16931.exact import arithmetic
from git_bill.invoice.en16931.model import (
    Change,
    Delivery,
    DirectDebit,
    Document,
    Embedded,
    Model,
    Note,
    Period,
    TaxGroup,
)
from git_bill.invoice.en16931.parties import Identifier
from git_bill.invoice.en16931.presence import conditions
from git_bill.layout import SETTINGS

CENT = Decimal("0.01")
FILE = Embedded(content=b"x", mime="text/csv", name="a.csv")
IBAN = "DE02120300000000202051"


def found(model: Model) -> list[tuple[str, str]]:
    return [(each.rule, each.term) for each in (*arithmetic(model, {}), *conditions(model))]


@pytest.fixture
def model(bills: Any) -> Model:
    """A right one: two lines, a discount and a surcharge, in UBL."""
    lines = (bills.line("12.5", "95.00 EUR"), bills.line("3", "0.3333 EUR", "C62"))
    changes = (
        Allowance(percent=Decimal(3), reason="Volume"),
        Allowance(charge=True, amount=bills.line("1", "9.99 EUR").unit_price, reason="Handling"),
    )
    exchange = Exchange(currency="DKK", rate=Decimal("7.46"), on=date(2026, 10, 30), source="ECB")
    invoice = bills.invoice(bills.mira, bills.acme, *lines, allowances=changes, exchange=exchange)
    made: Model = bills.einvoice(invoice, "en16931-ubl").model
    assert found(made) == []
    return made


def line(model: Model, **over: Any) -> Model:
    return replace(model, lines=(replace(model.lines[0], **over), *model.lines[1:]))


def price(model: Model, **over: Any) -> Any:
    return replace(model.lines[0].price, **over)


def paid(model: Model, **over: Any) -> Model:
    assert model.payment is not None
    return replace(model, payment=replace(model.payment, **over))


def totals(model: Model, **over: Any) -> Model:
    return replace(model, totals=replace(model.totals, **over))


def group(model: Model, **over: Any) -> Model:
    return replace(model, groups=(replace(model.groups[0], **over),))


def party(model: Model, who: str, **over: Any) -> Model:
    return replace(model, **{who: replace(getattr(model, who), **over)})


def exempt(model: Model, category: str, **over: Any) -> Model:
    """The model with everything under a category without tax."""
    rate = None if category == "O" else Decimal(0)
    net = model.totals.net
    untaxed = replace(
        model,
        lines=tuple(replace(one, category=category, rate=rate) for one in model.lines),
        allowances=tuple(replace(one, category=category, rate=rate) for one in model.allowances),
        charges=tuple(replace(one, category=category, rate=rate) for one in model.charges),
        groups=(TaxGroup(base=net, tax=Decimal(0), category=category, rate=rate, reason="why"),),
        tax=Decimal(0),
        exchanged_tax=Decimal(0),
    )
    return replace(totals(untaxed, gross=net, payable=net), **over)


BROKEN = [
    ("PEPPOL-EN16931-R120", "BT-131", lambda m: line(m, net=m.lines[0].net + CENT)),
    ("PEPPOL-EN16931-R120", "BT-131", lambda m: line(m, quantity=Decimal("12.4"))),
    ("BR-27", "BT-146", lambda m: line(m, price=price(m, net=Decimal(-95)), quantity=Decimal("-12.5"))),
    ("PEPPOL-EN16931-R121", "BT-149", lambda m: line(m, price=price(m, base_quantity=Decimal(0)))),
    ("PEPPOL-EN16931-R130", "BT-150", lambda m: line(m, price=price(m, base_unit="DAY"))),
    ("PEPPOL-EN16931-R046", "BT-146", lambda m: line(m, price=price(m, gross=Decimal(96)))),
    ("PEPPOL-EN16931-R040", "BT-92", lambda m: replace(m, allowances=(replace(m.allowances[0], percent=Decimal(4)),))),
    ("PEPPOL-EN16931-R041", "BT-92", lambda m: replace(m, allowances=(replace(m.allowances[0], base=None),))),
    ("BR-CO-21", "BT-99", lambda m: replace(m, charges=(replace(m.charges[0], reason=None),))),
    ("BR-CO-21", "BT-136", lambda m: line(m, allowances=(Change(amount=Decimal(0)),))),
    ("BR-CO-10", "BT-106", lambda m: totals(m, lines=m.totals.lines + CENT)),
    ("BR-CO-11", "BT-107", lambda m: totals(m, allowances=None)),
    ("BR-CO-12", "BT-108", lambda m: totals(m, charges=m.totals.charges + CENT)),
    ("BR-CO-13", "BT-109", lambda m: totals(m, net=m.totals.net - CENT)),
    ("BR-CO-14", "BT-110", lambda m: replace(m, tax=m.tax + CENT)),
    ("BR-CO-14", "BT-110", lambda m: replace(m, tax=None)),
    ("BR-CO-15", "BT-112", lambda m: totals(m, gross=m.totals.gross + CENT)),
    ("BR-CO-16", "BT-115", lambda m: totals(m, prepaid=Decimal(10))),
    ("BR-DEC", "BT-115", lambda m: totals(m, payable=m.totals.payable + Decimal("0.001"))),
    ("BR-DEC", "BT-109", lambda m: replace(m, currency="JPY")),
    ("BR-S-08", "BT-116", lambda m: group(m, base=m.groups[0].base + CENT)),
    ("BR-CO-17", "BT-117", lambda m: group(m, tax=m.groups[0].tax + CENT)),
    ("BR-CO-18", "BG-23", lambda m: replace(m, groups=())),
    ("BR-CO-18", "BG-23", lambda m: replace(m, groups=m.groups * 2)),
    ("BR-S-01", "BG-23", lambda m: line(m, rate=Decimal(7))),
    ("BR-02", "BT-1", lambda m: replace(m, number="")),
    ("BR-02", "BT-27", lambda m: party(m, "seller", name="")),
    ("BR-02", "BT-44", lambda m: party(m, "buyer", name="")),
    ("BR-16", "BG-25", lambda m: replace(m, lines=())),
    ("BR-21", "BT-126", lambda m: replace(m, lines=m.lines * 2)),
    ("BR-25", "BT-153", lambda m: line(m, item=replace(m.lines[0].item, name=""))),
    ("BR-CL-04", "BT-5", lambda m: replace(m, currency="XQX")),
    ("BR-53", "BT-111", lambda m: replace(m, exchanged_tax=None)),
    ("PEPPOL-EN16931-R005", "BT-6", lambda m: replace(m, tax_currency="EUR")),
    ("BR-DE-26", "BT-25", lambda m: replace(m, type="384")),
    ("BR-DE-22", "BT-125", lambda m: replace(m, documents=(Document(reference="a", embedded=FILE),) * 2)),
    ("BR-CO-03", "BT-7", lambda m: replace(m, tax_date=m.issue_date, tax_date_code="3")),
    ("BR-CO-25", "BT-9", lambda m: replace(m, due_date=None, terms=None)),
    ("due-date", "BT-9", lambda m: replace(m, due_date=m.issue_date - timedelta(days=1))),
    ("BR-CO-19", "BT-73", lambda m: replace(m, period=Period())),
    ("BR-29", "BT-74", lambda m: replace(m, period=Period(first=date(2026, 10, 2), last=date(2026, 10, 1)))),
    ("PEPPOL-EN16931-R110", "BT-73", lambda m: line(m, period=Period(first=date(2026, 9, 30)))),
    ("PEPPOL-EN16931-R111", "BT-74", lambda m: line(m, period=Period(last=date(2026, 11, 1)))),
    ("BR-CO-26", "BT-31", lambda m: party(m, "seller", vat_id=None)),
    ("BR-CO-09", "BT-31", lambda m: party(m, "seller", vat_id="136695976")),
    ("vat-id", "BT-31", lambda m: party(m, "seller", vat_id="DE136695977")),
    ("vat-id", "BT-48", lambda m: party(m, "buyer", vat_id="DE129274203")),
    ("BR-CL-14", "BT-55", lambda m: party(m, "buyer", address=replace(m.buyer.address, country="UK"))),
    ("BR-62", "BT-34", lambda m: party(m, "seller", endpoint=Identifier(id="x"))),
    ("BR-61", "BT-84", lambda m: paid(m, accounts=())),
    ("BR-DE-19", "BT-84", lambda m: paid(m, accounts=(account(m, "DE00120300000000202051"),))),
    ("BR-DE-30", "BT-90", lambda m: paid(m, means="59", debit=DirectDebit(mandate="M", account=IBAN))),
    ("BR-S-05", "BT-152", lambda m: line(m, rate=None)),
    ("BR-E-05", "BT-152", lambda m: line(m, category="E")),
    ("BR-O-05", "BT-152", lambda m: line(exempt(m, "O"), rate=Decimal(0))),
    ("BR-S-10", "BT-120", lambda m: group(m, reason="none")),
    ("BR-E-10", "BT-120", lambda m: group(exempt(m, "E"), reason=None)),
    ("BR-S-02", "BT-31", lambda m: party(m, "seller", vat_id=None, registration=Identifier(id="HRB 1"))),
    ("BR-AE-02", "BT-48", lambda m: party(exempt(m, "AE"), "buyer", vat_id=None)),
    ("BR-G-02", "BT-31", lambda m: party(exempt(m, "G"), "seller", vat_id=None, tax_number="1")),
    ("BR-IC-02", "BT-48", lambda m: party(exempt(m, "K"), "buyer", vat_id=None)),
    ("BR-IC-11", "BT-73", lambda m: exempt(m, "K", period=None)),
    ("BR-IC-12", "BT-55", lambda m: exempt(m, "K", delivery=Delivery(on=m.issue_date))),
    ("BR-O-02", "BT-31", lambda m: exempt(m, "O")),
    ("BR-O-11", "BG-23", lambda m: replace(exempt(m, "O"), groups=(*exempt(m, "O").groups, *m.groups))),
]  # fmt: skip


def account(model: Model, number: str) -> Any:
    assert model.payment is not None
    return replace(model.payment.accounts[0], id=number)


@pytest.mark.parametrize(
    ("rule", "term", "change"), BROKEN, ids=[f"{n}-{rule}" for n, (rule, _, _) in enumerate(BROKEN)]
)
def test_a_broken_document_is_refused(model: Model, rule: str, term: str, change: Any) -> None:
    assert (rule, term) in found(change(model))


def test_each_rule_is_silent_where_it_is_kept(model: Model) -> None:
    for category in ("E", "AE", "G", "Z"):
        kept = exempt(model, category)
        kept = kept if category != "Z" else group(kept, reason=None)
        assert found(kept) == []
    outside = party(party(exempt(model, "O"), "seller", vat_id=None, ids=(Identifier(id="1"),)), "buyer", vat_id=None)
    assert found(outside) == []


def test_taxes_that_share_a_rate_are_rounded_each_by_itself(model: Model) -> None:
    """CGST 9 % and SGST 9 % of 100.05 are 9.00 each: 18.00, where 18 % would be 18.01."""
    base = Decimal("100.05")
    only = replace(model.lines[0], quantity=Decimal(1), net=base, price=replace(model.lines[0].price, net=base),
                   rate=Decimal(18))  # fmt: skip
    small = replace(
        model, lines=(only,), groups=(TaxGroup(base=base, tax=Decimal("18.00"), category="S", rate=Decimal(18)),)
    )
    parts = {("S", Decimal(18)): (Component(name="CGST", rate=Decimal(9)), Component(name="SGST", rate=Decimal(9)))}
    terms = [each.term for each in arithmetic(small, parts)]
    assert "BT-117" not in terms
    assert "BT-117" in [each.term for each in arithmetic(small, {})]


def test_a_problem_names_the_term_the_key_and_its_file(bills: Any) -> None:
    einvoice = bills.einvoice(bills.invoice(replace(bills.mira, phone=None), replace(bills.acme, buyer_reference=None)))
    problems = {problem.message: problem for problem in problems_of(einvoice)}
    phone = problems["XRechnung 3.0 in UBL 2.1 needs the issuer's telephone (BT-42)"]
    assert (phone.file, phone.at) == (SETTINGS, ("issuer", "phone"))
    assert phone.hint == 'write it into billing/billing.toml: [issuer] phone = "+49 30 1234567"'
    reference = problems["XRechnung 3.0 in UBL 2.1 needs the buyer reference (BT-10)"]
    assert (reference.file, reference.at) == ("billing/clients/acme.toml", ("client", "buyer_reference"))
    assert len(problems) == 2


def test_the_client_who_pays_is_the_one_whose_file_is_named(bills: Any) -> None:
    invoice = bills.invoice(bills.mira, replace(bills.acme, buyer_reference=None), bill_to="globex")
    assert [problem.file for problem in problems_of(bills.einvoice(invoice))] == ["billing/clients/globex.toml"]


def test_peppol_needs_one_of_two_references(bills: Any) -> None:
    client = bills.client("AT", vat_id="ATU13585627", buyer_reference=None)
    [problem] = problems_of(bills.einvoice(bills.invoice(bills.mira, client), "peppol"))
    assert problem.message == "Peppol BIS Billing 3.0 needs the buyer reference or the purchase order (BT-10)"
    assert problems_of(bills.einvoice(bills.invoice(bills.mira, client, order="4711"), "peppol")) == ()


def test_peppol_takes_no_address_for_mail(bills: Any) -> None:
    client = replace(bills.acme, electronic_address="EM:ap@acme.example")
    [problem] = problems_of(bills.einvoice(bills.invoice(bills.mira, client), "peppol"))
    assert "no electronic address of the kind EM (BT-49" in problem.message


def test_french_documents_need_their_mentions(bills: Any) -> None:
    invoice = bills.invoice(bills.issuer("FR", vat_id="FR40303265045"), bills.client("FR", vat_id="FR23334175221"))
    told = [problem.message for problem in problems_of(bills.einvoice(invoice, "facturx"))]
    assert [text.rpartition("mention ")[2] for text in told] == ["AAB (BT-22)", "PMD (BT-22)", "PMT (BT-22)"]
    mentions = tuple(Note(text="…", subject=code) for code in ("AAB", "PMD", "PMT"))
    assert problems_of(bills.einvoice(invoice, "facturx", mentions=mentions)) == ()


def test_a_profile_that_cant_say_an_amount_is_no_way_out(bills: Any) -> None:
    """Factur-X BASIC has no rounding amount (BT-114): what is due would not add up."""
    cent = bills.line("1", "0.02 EUR").unit_price
    invoice = bills.invoice(rounding=cent)
    assert problems_of(bills.einvoice(invoice, "facturx")) == ()
    assert [problem.rule for problem in problems_of(bills.einvoice(invoice, "facturx-basic"))] == ["br-co-16"]


def test_an_unknown_format_names_the_nearest(bills: Any) -> None:
    [problem] = problems_of(bills.einvoice(profile="xrechnung"))
    assert problem.hint in {'did you mean "xrechnung-ubl"?', 'did you mean "xrechnung-cii"?'}


def test_a_replacement_names_what_it_replaces(bills: Any) -> None:
    corrects = Correction(number="INV-2026-0031", issue_date=date(2026, 10, 2))
    assert problems_of(bills.einvoice(bills.invoice(corrects=corrects))) == ()
