"""Every disguise of an invoice's number, as payers and banks write it."""

from datetime import date

import pytest

from git_bill.invoice.document.reference import creditor_reference, qr_reference
from git_bill.money import Money
from git_bill.receivable.matching.number import form, numbers
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.reference import Named, read
from git_bill.receivable.matching.typo import is_typo
from git_bill.receivable.remittance import Remittance

SERIES = [f"INV-2026-{n:04}" for n in range(1, 131)]


def invoice(number: str, order: str = "") -> Open:
    """An invoice of 100 euros, with its references."""
    references = tuple(filter(None, (creditor_reference(number), qr_reference(number))))
    amount = Money.parse("100.00 EUR")
    return Open(
        number=number,
        client="acme",
        names=("Acme GmbH",),
        open=amount,
        gross=amount,
        issued=date(2026, 10, 1),
        due=date(2026, 10, 31),
        order=order,
        references=references,
        links=(f"pi_{number[-4:]}",),
    )


def named(text: str, listed: list[str] = SERIES, **given: str) -> dict[str, Named]:
    """What a text names, of a series of numbers."""
    opens = [invoice(number, order="PO-4711-22" if number.endswith("0012") else "") for number in listed]
    remittance = Remittance(
        id="R-aaaaaaaaaaaa",
        rail="bank",
        booked=date(2026, 11, 1),
        amount=Money.parse("100.00 EUR"),
        text=text,
        **given,  # type: ignore[arg-type]
    )
    return {listed[at]: how for at, how in read(numbers(opens), remittance).named.items()}


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("INV-2026-0007", Named.EXACT),
        ("Rechnung INV 2026 0007 vom 05.10.2026", Named.EXACT),
        ("zahlung inv20260007", Named.EXACT),
        ("INV.2026/0007", Named.EXACT),
        ("INV-2026-7", Named.EXACT),
        ("RE 2026/7", Named.EXACT),
        ("RE2026007", Named.EXACT),
        ("INVOICE NO: 2026_0007", Named.EXACT),
        ("RGINV20260007 KDNR 100", Named.EXACT),
        ("lNV-2O26-OOO7", Named.EXACT),
        ("1NV-2026-00O7", Named.EXACT),
        ("IN V-2026-0007", Named.EXACT),
        ("Danke fuer die Arbeit INV-20 26-0007", Named.EXACT),
        ("Danke fuer die Arbeit INV-2026-00\n07", Named.EXACT),
        ("EREF+NOTPROVIDED SVWZ+INV-2026-0007 EUR 500,00", Named.EXACT),
        ("RF18 INV2 0260 007 danke", Named.EXACT),
        ("2026-0007", Named.DIGITS),
        ("20260007", Named.DIGITS),
        ("INV-26-0007", Named.SHORT),
        ("INV 0007", Named.SHORT),
        ("Rechnung Nr. 7", Named.RUNNING),
        ("facture n° 7", Named.RUNNING),
        ("INV-7", Named.RUNNING),
        ("0007", Named.BARE),
        ("Kd.Nr. 20260007", Named.BARE),
        ("Steuernr 13/0007/2026", Named.BARE),
    ],
)
def test_one_number(text: str, how: Named) -> None:
    assert named(text) == {"INV-2026-0007": how}


@pytest.mark.parametrize(
    ("text", "running"),
    [
        ("INV-2026-0007/8/9", [7, 8, 9]),
        ("INV-2026-0007, 0008 und 0009", [7, 8, 9]),
        ("INV-2026-0007-0009", [7, 8, 9]),
        ("INV-2026-0007 bis 0009", [7, 8, 9]),
        ("INV-2026-0007 bis INV-2026-0009", [7, 8, 9]),
        ("INV-2026-0118/19", [118, 119]),
        ("INV-2026-0007 INV-2026-0011", [7, 11]),
        ("2026-0007; 2026-0011", [7, 11]),
        ("Rechnungen 7, 8 und 9", [7, 8, 9]),
        ("Rg 0007 + 0011", [7, 11]),
    ],
)
def test_several_numbers(text: str, running: list[int]) -> None:
    assert sorted(named(text)) == [f"INV-2026-{n:04}" for n in running]


@pytest.mark.parametrize(
    "text",
    [
        "Miete 2026",
        "Zahlung vom 07.10.2026",
        "500,07 EUR",
        "Danke",
        "DE02120300000000202051",
        "Tel. 030 7 7 7",
        "2026-10-07",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert named(text) == {}


def test_structured_references_in_their_field_or_in_the_text() -> None:
    number = "INV-2026-0007"
    creditor, qr = creditor_reference(number) or "", qr_reference(number) or ""
    assert named("", reference=creditor) == {number: Named.EXACT}
    assert named("", reference=qr.lstrip("0")) == {number: Named.EXACT}
    assert named(" ".join(qr[at : at + 5] for at in range(0, 27, 5))) == {number: Named.EXACT}
    assert named("", end_to_end=number) == {number: Named.EXACT}
    assert named("", bank_reference="pi_0007") == {number: Named.EXACT}


def test_the_order_is_no_number() -> None:
    assert named("PO-4711-22 Lieferung") == {"INV-2026-0012": Named.ORDER}


@pytest.mark.parametrize(
    ("number", "texts"),
    [
        ("RE202600007", ["RE 2026 00007", "202600007", "RE-2026-7", "re20260 0007"]),
        ("2026/00007", ["Rechnung 2026-00007", "Rg. 2026/7", "202600007"]),
        ("AC-0007/2026", ["AC 0007 2026", "ac0007/2026", "AC-7/2026", "AC-0007/26"]),
        ("R-26-0007", ["R 26 0007", "260007", "r260007"]),
        ("F000007", ["F 000007", "Rechnung 000007", "f-000007"]),
        ("2026-ACME-007", ["2026 ACME 007", "2026-acme-007"]),
        ("40017", ["Rechnung 40017", "Invoice: 40017"]),
    ],
)
def test_other_forms_of_numbers(number: str, texts: list[str]) -> None:
    for text in texts:
        assert named(text, [number])[number] >= Named.SHORT, text


def test_the_same_number_of_another_year_is_another() -> None:
    assert named("AC-0007/2024", ["AC-0007/2026"]) == {}
    assert named("AC-0007/24", ["AC-0007/2026"]) == {}
    assert named("INV-2024-0007") == {}
    assert named("2024/00007", ["2026/00007"]) == {}


def test_a_number_that_nobody_knows_is_told() -> None:
    opens = [invoice(number) for number in SERIES]
    remittance = Remittance(
        id="R-aaaaaaaaaaaa",
        rail="bank",
        booked=date(2026, 11, 1),
        amount=Money.parse("1.00 EUR"),
        text="INV-2026-0944",
    )
    found = read(numbers(opens), remittance)
    assert (found.named, found.unknown) == ({}, ("INV20260944",))
    assert is_typo(form("INV-2026-0994", 2026), found.words())
    assert is_typo(form("INV-2026-0494", 2026), found.words()), "neighbours that are swapped"
    assert not is_typo(form("INV-2026-0007", 2026), found.words())


def test_taking_a_number_apart() -> None:
    assert form("INV-2026-0007", 2026).year == form("RE20260007", 2026).year == form("R-26-0007", 2026).year == 2026
    assert (form("F000007", 2026).year, form("F000007", 2026).running) == (0, 7)
    assert form("AC-0007/2026", 2026).reversed
