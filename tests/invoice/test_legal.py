"""What the law of the issuer's country wants on a document."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from git_bill.adapters.tables import vat_table, wording
from git_bill.contract.terms import EarlyPayment
from git_bill.invoice.issued import Invoice
from git_bill.invoice.legal import legal_notes, legal_problems
from git_bill.money import Money

if TYPE_CHECKING:
    from tests.invoice.conftest import World


@pytest.fixture
def invoice(world: "World") -> Invoice:
    basis = world.basis(world.entry("W-aaaaaaaaaaaa", 120))
    return world.issue(world.draft(basis), basis)


def between(invoice: Invoice, here: str, there: str, *, client: Any = None, **issuer: Any) -> Invoice:
    """The invoice with other parties."""
    return replace(
        invoice,
        issuer=replace(invoice.issuer, country=here, **issuer),
        client=replace(invoice.client, country=there, **(client or {})),
    )


def notes(invoice: Invoice) -> list[tuple[str | None, str]]:
    return [(note.code, note.text) for note in legal_notes(invoice, vat_table(), wording())]


def problems(invoice: Invoice) -> list[tuple[str, str, str | None]]:
    return [(p.severity, p.message, p.file) for p in legal_problems(invoice, vat_table())]


def test_a_french_invoice_to_a_business_says_what_late_payment_costs(invoice: Invoice) -> None:
    """C. com. art. L441-9 I: rate of the penalties, 40 EUR, and the terms of a discount."""
    assert notes(between(invoice, "FR", "FR", client={"language": "fr"})) == [
        (
            "PMD",
            "En cas de retard de paiement, des pénalités au taux de refinancement de la BCE majoré de 10 points de "
            "pourcentage sont exigibles (C. com., art. L441-10).",
        ),
        (
            "PMT",
            "Une indemnité forfaitaire de 40,00\u00a0EUR pour frais de recouvrement est due en sus (C. com., "
            "art. D441-5).".replace("\u00a0", " "),
        ),
        ("AAB", "Pas d’escompte pour paiement anticipé."),
    ]
    abroad = notes(between(invoice, "FR", "DE", client={"language": "de"}))
    assert [code for code, _ in abroad] == ["PMD", "PMT", "AAB"]
    assert "10 Prozentpunkten über dem Refinanzierungssatz der EZB" in abroad[0][1]


def test_terms_between_businesses_never_stand_on_a_consumer_s_invoice(invoice: Invoice) -> None:
    for code in ("FR", "DE", "GB", "NL", "IT"):
        consumer = between(invoice, code, code, client={"business": False, "vat_id": None}, late_payment=True)
        assert not [text for note, text in notes(consumer) if note in {"PMD", "PMT"}], code


def test_an_agreed_discount_stands_in_the_place_of_none(invoice: Invoice) -> None:
    agreed = replace(between(invoice, "FR", "FR"), early_payment=EarlyPayment(days=10, percent=Decimal(2)))
    assert [code for code, _ in notes(agreed)] == ["PMD", "PMT"]


def test_what_the_law_only_gives_is_said_where_the_issuer_wants_it(invoice: Invoice) -> None:
    assert notes(invoice) == []
    told = between(invoice, "DE", "DE", client={"language": "de"}, late_payment=True)
    assert notes(told) == [
        (
            "PMD",
            "Bei Zahlungsverzug fallen Zinsen von 9 Prozentpunkten über dem Basiszinssatz an (§ 288 Abs. 2 BGB).",
        ),
        ("PMT", "Dazu kommt eine Pauschale von 40,00 EUR (§ 288 Abs. 5 BGB)."),
    ]
    consumer = between(told, "DE", "DE", client={"business": False})
    assert [text for _, text in notes(consumer)] == [
        "Sie kommen spätestens in Verzug, wenn Sie nicht innerhalb von 30 Tagen nach Fälligkeit und Zugang dieser "
        "Rechnung zahlen (§ 286 Abs. 3 BGB)."
    ]


def test_a_rule_holds_from_its_day(invoice: Invoice) -> None:
    french = between(invoice, "FR", "FR")
    assert notes(replace(french, issue_date=date(2012, 12, 31))) == []
    assert "category" not in str(notes(french)).lower()
    later = notes(replace(french, issue_date=date(2027, 9, 1)))
    assert later[-1] == (None, "Category of the operation: supply of services")


def test_an_indian_invoice_names_the_place_of_supply(invoice: Invoice) -> None:
    indian = between(invoice, "IN", "IN", client={"region": "KA"})
    assert [text for _, text in notes(indian)] == [
        "Place of supply: Karnataka (29)",
        "Tax payable on reverse charge: No",
    ]
    assert notes(between(invoice, "IN", "US")) == []
    assert notes(between(invoice, "IN", "IN", client={"region": "Karnataka"})) == notes(indian)


def test_a_credit_note_carries_only_what_no_document_may_lack(invoice: Invoice) -> None:
    """XP Z12-012 BR-FR-05 wants the French words on every document; what an issuer only may say stays off."""
    from git_bill.invoice.draft import Reversal

    reverses = Reversal(number="INV-2026-0032", issue_date=date(2026, 11, 2), entries="rebill")
    french = replace(between(invoice, "FR", "FR"), reverses=reverses)
    assert [code for code, _ in notes(french)] == ["PMD", "PMT", "AAB"]
    assert notes(replace(french, issue_date=date(2027, 9, 1))) == notes(french)
    assert notes(replace(between(invoice, "DE", "DE", late_payment=True), reverses=reverses)) == []
    assert notes(replace(between(invoice, "IN", "IN"), reverses=reverses)) == []


@pytest.mark.parametrize(
    ("here", "there", "issuer", "client", "expected"),
    [
        ("DE", "DE", {}, {}, []),
        ("US", "US", {}, {}, []),
        ("FR", "FR", {}, {}, ["your SIREN", "the words EI"]),
        ("FR", "FR", {"registration": "732 829 320", "name": "Mira Kovac EI"}, {}, []),
        ("FR", "FR", {"registration": "732829320", "legal_form": "company"}, {}, ["the legal form, the capital"]),
        ("DE", "DE", {"legal_form": "company"}, {}, ["the register court"]),
        ("DE", "DE", {"legal_form": "company", "footer": "Amtsgericht Charlottenburg HRB 1"}, {}, []),
        ("GB", "GB", {"legal_form": "company"}, {}, []),  # SI 2015/17 reg. 25: letters and order forms
        ("IE", "IE", {"legal_form": "company"}, {}, []),
        ("LU", "LU", {"legal_form": "company"}, {}, ["the legal form, the seat and the number of the R.C.S."]),
        ("LU", "LU", {"legal_form": "company", "registration": "B123456"}, {}, []),
        ("NO", "NO", {"legal_form": "company"}, {}, ["the word Foretaksregisteret"]),
        ("NL", "NL", {}, {}, ["your KvK number"]),
        ("NL", "NL", {"registration": "12345678"}, {}, []),
        ("BE", "BE", {"legal_form": "company"}, {}, ["the legal form, the seat"]),
        ("ES", "ES", {"vat_id": None}, {"vat_id": None}, ["your NIF", "the client's NIF"]),
        ("IT", "IT", {}, {"vat_id": None}, ["the client's partita IVA"]),
        ("IT", "DE", {}, {"vat_id": None}, []),
        ("PL", "PL", {}, {"vat_id": None}, ["the client's NIP"]),
        ("PL", "PL", {}, {"vat_id": None, "business": False}, []),
        ("IN", "IN", {}, {}, ["the SAC"]),
        ("IN", "IN", {"footer": "SAC 998314"}, {"vat_id": None}, ["the client's GSTIN"]),
        ("JP", "JP", {"vat_id": None, "tax_number": "1234"}, {}, ["your registration number"]),
        ("JP", "JP", {"vat_id": None, "tax_number": "T1234567890123"}, {}, []),
    ],
)
def test_a_fact_that_the_law_wants_is_asked_for(
    invoice: Invoice, *, here: str, there: str, issuer: Any, client: Any, expected: list[str]
) -> None:
    found = problems(between(invoice, here, there, client=client, **issuer))
    assert len(found) == len(expected), found
    for (_, message, file), start in zip(found, expected, strict=True):
        assert message.startswith(start)
        assert file == ("billing/clients/acme.toml" if "client" in start else "billing/billing.toml")


def test_what_makes_an_invoice_invalid_is_an_error_and_says_how_to_mend_it(invoice: Invoice) -> None:
    full = between(invoice, "ES", "ES", client={"vat_id": None})
    (found,) = legal_problems(full, vat_table())
    assert str(found) == (
        "billing/clients/acme.toml: error: the client's NIF is not on the invoice, and must be: RD 1619/2012 art. "
        '6(1)(d) [legal-fact]\n  add to [client]: vat_id = "ESB58378431"'
    )
    assert found.at == ("client",)
    small = replace(full, kind="simplified", totals=replace(full.totals, gross=Money.parse("400.00 EUR")))
    assert problems(small) == [], "RD 1619/2012 art. 7 leaves the client out"


def test_a_client_without_uid_can_be_billed(invoice: Invoice) -> None:
    """UStG 1994 § 11(1) Z 3 above 10,000 EUR with tax; UStR Rz 1554: the issuer answers for nothing."""
    small = between(invoice, "AT", "AT", client={"vat_id": None})
    assert problems(small) == []
    large = replace(small, totals=replace(small.totals, gross=Money.parse("10000.01 EUR")))
    assert [(severity, message[:16]) for severity, message, _ in problems(large)] == [("warning", "the client's UID")]


def test_a_polish_invoice_exempt_by_turnover_needs_no_nip(invoice: Invoice) -> None:
    """Dz.U. 2021 poz. 1979 § 3."""
    exempt = between(invoice, "PL", "PL", vat_id=None, client={"vat_id": None})
    assert len(problems(exempt)) == 2
    totals = replace(exempt.totals, tax=Money.parse("0.00 EUR"))
    assert problems(replace(exempt, totals=totals)) == []


@pytest.mark.parametrize(
    ("here", "gross", "message"),
    [
        ("DE", "250.00 EUR", None),
        ("DE", "250.01 EUR", "250.01 EUR is too much for a simplified invoice: at most 250.00 EUR (UStDV § 33)"),
        ("FR", "10.00 EUR", "no limit of simplified invoices is known for FR"),
        (
            "GB",
            "10.00 EUR",
            "whether 10.00 EUR may be a simplified invoice is told in GBP (VAT Regulations",
        ),
    ],
)
def test_a_simplified_invoice_is_small(invoice: Invoice, here: str, gross: str, message: str | None) -> None:
    simple = replace(between(invoice, here, here), kind="simplified")
    simple = replace(simple, totals=replace(simple.totals, gross=Money.parse(gross)))
    found = [p.message for p in legal_problems(simple, vat_table()) if p.rule == "not-simplified"]
    assert len(found) == (message is not None)
    assert message is None or found[0].startswith(message)


def test_a_simplified_invoice_is_none_where_the_client_owes_the_tax(invoice: Invoice) -> None:
    simple = replace(invoice, kind="simplified", tax=replace(invoice.tax, category="AE"))
    assert "Art. 220a(2)" in str(list(legal_problems(simple, vat_table())))
