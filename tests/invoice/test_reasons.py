"""Why amounts are what they are: each part of a line and of a document is a reason."""

from dataclasses import replace
from decimal import Decimal

from tests.flows.shelf import draft, invoice, line
from tests.invoice.conftest import CONTRACT

from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import Discount, ExpenseTerms
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.draft import NotBilled
from git_bill.invoice.reasons import amount_reasons, line_reason
from git_bill.money import Money
from git_bill.worklog.reason import Facts, Reason

FACTS = Facts(evidence={}, edits=(), zones={})


def of(reason: Reason, kind: str) -> list[str]:
    return [child.text for child in reason.because if child.kind == kind]


def test_a_line_is_quantity_times_price() -> None:
    found = line_reason(invoice("INV-2026-0032", head="0" * 12), 1, {}, FACTS)
    assert found.text == "line 1, WEB-5 Add totals: 2 h × 95.00 EUR = 190.00 EUR"
    assert found.ref == "INV-2026-0032#1"


def test_minutes_at_the_price_of_an_hour() -> None:
    item = line(quantity=Decimal(50), unit="MIN", base_quantity=Decimal(60), net=Money.parse("79.17 EUR"))
    found = line_reason(invoice("INV-2026-0032", item, head="0" * 12), 1, {}, FACTS)
    assert found.text == "line 1, WEB-5 Add totals: 50 min × 95.00 EUR / 60 = 79.17 EUR"


def test_rounding_is_told_where_it_changed_something() -> None:
    reason = "95.00 EUR an hour: the default rate; 1h58m rounded to 2h (15m, nearest, per ticket and day)"
    found = line_reason(invoice("INV-2026-0032", line(raw=118, reason=reason), head="0" * 12), 1, {}, FACTS)
    assert of(found, "price") == ["95.00 EUR an hour: the default rate (contract acme-2026)"]
    assert of(found, "rounding") == ["1h58m rounded to 2h (15m, nearest, per ticket and day)"]
    assert of(line_reason(invoice("INV-2026-0032", head="0" * 12), 1, {}, FACTS), "rounding") == []


def test_a_quantity_that_a_person_set_is_not_told_by_the_old_rule() -> None:
    reason = "95.00 EUR an hour: the default rate; 1h58m rounded to 2h (15m, nearest, per ticket and day)"
    item = replace(draft().lines[0], quantity=Decimal("1.5"), reason=reason, because="agreed", set=("quantity",))
    found = line_reason(draft(lines=(item,)), 1, {}, FACTS)
    assert of(found, "rounding") == ["1h58m worked, 1h30m billed"]
    assert of(found, "because") == ['a person says why: "agreed"']
    assert of(found, "set") == ["a person set quantity"]


def test_an_entry_that_the_manifest_has_lost() -> None:
    found = line_reason(draft(), 1, {}, FACTS)
    assert of(found, "entry") == ["W-aaaaaaaaaaaa: 1h58m, which is not in the manifest any more"]


def test_tax_rests_on_its_law_and_wording() -> None:
    tax = Tax(category="AE", reason_code="VATEX-EU-AE", note="Reverse charge", source="Directive 2006/112/EC Art. 196")
    [_, found] = amount_reasons(draft(tax=tax), {}, FACTS)
    assert found.text == "tax 0.00 EUR: none is charged, category AE"
    assert [child.text for child in found.because] == [
        "Directive 2006/112/EC Art. 196",
        'the document says: "Reverse charge"',
    ]


def test_what_is_not_billed_says_why_and_what_becomes_of_it() -> None:
    left = {"W-b": NotBilled(minutes=90, because="cap"), "W-c": NotBilled(minutes=10, because="goodwill", then="waive")}
    *_, found = amount_reasons(draft(not_billed=left), {}, FACTS)
    assert found.text == "1h40m are listed and not billed"
    assert [child.text for child in found.because] == [
        "1h30m of W-b: cap; it comes back with the next draft",
        "10m of W-c: goodwill; it will not be billed later",
    ]


def test_hostile_descriptions_stay_on_one_line() -> None:
    item = replace(draft().lines[0], description="a\n::error::b\x1b[31m")
    assert line_reason(draft(lines=(item,)), 1, {}, FACTS).text.startswith("line 1, a ::error::b: ")


def test_an_agreed_mark_up_is_the_contract_s() -> None:
    handling = Allowance(charge=True, percent=Decimal(10), reason="Handling")
    item = replace(draft().lines[0], allowances=(handling,))
    for mark_up, says in ((Decimal(10), "contract acme-2026 says so"), (None, "a person's: not in contract acme-2026")):
        terms = replace(CONTRACT, expenses=ExpenseTerms(mark_up=mark_up))
        [told] = [r for r in line_reason(draft(lines=(item,)), 1, {}, FACTS, terms).because if r.kind == "changed"]
        assert told.because[0].text == says


def test_a_discount_is_the_contract_s_or_a_person_s() -> None:
    given = (
        Allowance(percent=Decimal(5), reason="Loyalty discount"),
        Allowance(amount=Money.parse("10.00 EUR"), reason="Because it is you"),
    )
    terms = replace(CONTRACT, discounts=(Discount(percent=Decimal(5), reason="Loyalty discount"),))
    told = [r for r in amount_reasons(draft(allowances=given), {}, FACTS, terms) if r.kind == "changed"]
    assert [(reason.text, reason.because[0].text) for reason in told] == [
        ("Loyalty discount -9.50 EUR: 5 % of 190.00 EUR", "contract acme-2026 says so"),
        ("Because it is you -10.00 EUR", "a person's: not in contract acme-2026"),
    ]
    unknown = [r for r in amount_reasons(draft(allowances=given), {}, FACTS) if r.kind == "changed"]
    assert [reason.because for reason in unknown] == [(), ()]


def test_a_line_tells_its_amount_before_and_with_its_discount() -> None:
    item = replace(draft().lines[0], allowances=(Allowance(percent=Decimal(10), reason="Launch"),))
    found = line_reason(draft(lines=(item,)), 1, {}, FACTS)
    assert found.text.endswith(": 2 h × 95.00 EUR = 190.00 EUR, with Launch 171.00 EUR")
    assert of(found, "changed") == ["Launch -19.00 EUR: 10 % of 190.00 EUR"]


def test_what_a_retainer_holds_has_no_price() -> None:
    zero = Money.zero("EUR")
    item = replace(draft().lines[0], unit_price=zero, bills=("drawdown:2026-10:W-a",), reason="held by the retainer")
    assert line_reason(draft(lines=(item,)), 1, {}, FACTS).text.endswith(": 2 h that the retainer holds = 0.00 EUR")


def test_a_fee_tells_its_month() -> None:
    item = replace(draft().lines[0], description="Care", detail="November 2026", unit="C62", entries={})
    assert line_reason(draft(lines=(item,)), 1, {}, FACTS).text.startswith(
        "line 1, Care (November 2026): 2 × 95.00 EUR"
    )
