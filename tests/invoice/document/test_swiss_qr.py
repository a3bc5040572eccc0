"""The Swiss QR code: the guidelines' own examples, the lengths they allow, and what they refuse."""

import pytest

from git_bill.invoice.document.qr_code import qr_code
from git_bill.invoice.document.swiss_qr import MOST_VERSION, Address, Bill, address, allowed, is_qr_iban, swiss_bill
from git_bill.invoice.document.swiss_slip import swiss_slip
from git_bill.money import Money

SCHNEIDER = address("Robert Schneider AG", "Rue du Lac 1268", "2501", "Biel", "CH")
PIA = address("Pia-Maria Rutschmann-Schnyder", "Grosse Marktgasse 28", "9400", "Rorschach", "CH")
QR_IBAN, IBAN = "CH44 3199 9123 0008 8901 2", "CH58 0079 1123 0008 8901 2"


def bill(iban: str = IBAN, amount: str = "199.95 CHF", number: str = "INV-2026-0032") -> Bill | None:
    return swiss_bill(
        iban=iban, creditor=SCHNEIDER, amount=Money.parse(amount), debtor=PIA, number=number, message=number
    )


# The example with a QR reference of the Swiss Implementation Guidelines (annex A), as swissqrbill ships it in its
# sample data: what stands before the billing information, which may be left out.
GUIDELINES = (
    "SPC\n0200\n1\nCH4431999123000889012\nS\nRobert Schneider AG\nRue du Lac\n1268\n2501\nBiel\nCH\n\n\n\n\n\n\n\n"
    "1949.75\nCHF\nS\nPia-Maria Rutschmann-Schnyder\nGrosse Marktgasse\n28\n9400\nRorschach\nCH\nQRR\n"
    "210000000003139471430009017\nAuftrag vom 15.06.2020\nEPD"
)


def test_the_guidelines_example_with_a_qr_reference() -> None:
    assert SCHNEIDER is not None
    made = Bill(
        iban="CH4431999123000889012",
        creditor=SCHNEIDER,
        amount=Money.parse("1949.75 CHF"),
        debtor=PIA,
        reference="210000000003139471430009017",
        message="Auftrag vom 15.06.2020",
    )
    assert made.payload() == GUIDELINES
    assert made.shown_reference == "21 00000 00003 13947 14300 09017"
    assert made.shown_account == "CH44 3199 9123 0008 8901 2"


@pytest.mark.parametrize(
    ("iban", "amount", "debtor", "number", "expected"),
    [
        (IBAN, "199.95 CHF", PIA, "539007547034", "199.95 CHF {pia} SCOR RF18539007547034 - EPD"),
        (QR_IBAN, "0.05 CHF", PIA, "187858", "0.05 CHF {pia} QRR 000000000000000000001878583 - EPD"),
        (IBAN, "2500.25 EUR", None, "INVOICE-2026-0000000000000032", "2500.25 EUR - - - - - - - NON - - EPD"),
    ],
)
def test_another_library_makes_the_same_text(
    iban: str, amount: str, debtor: Address | None, number: str, expected: str
) -> None:
    """What qrbill 1.2.0 makes of the same bill, from the amount on; `-`: an empty line."""
    made = swiss_bill(
        iban=iban, creditor=SCHNEIDER, amount=Money.parse(amount), debtor=debtor, number=number, message=""
    )
    assert made is not None
    pia = ["S", "Pia-Maria Rutschmann-Schnyder", "Grosse Marktgasse", "28", "9400", "Rorschach", "CH"]
    words = [line for word in expected.split() for line in (pia if word == "{pia}" else [word.strip("-")])]
    assert made.payload().split("\n")[18:] == words


def test_a_plain_account_has_a_creditor_reference() -> None:
    made = bill(number="539007547034")
    assert made is not None
    assert made.payload().split("\n")[27:29] == ["SCOR", "RF18539007547034"]
    assert made.shown_reference == "RF18 5390 0754 7034"


def test_a_number_without_room_in_a_reference() -> None:
    plain = bill(number="INVOICE-2026-0000000000000032")
    assert plain is not None
    assert (plain.reference_type, plain.shown_reference) == ("NON", "")
    assert bill(QR_IBAN, number="INVOICE-2026-0000000000000032") is None, "a QR-IBAN asks for a QR reference"


@pytest.mark.parametrize(
    ("iban", "amount"),
    [(IBAN, "1 USD"), (IBAN, "0 CHF"), (IBAN, "-5 CHF"), (IBAN, "1000000000 CHF"), ("DE02120300000000202051", "1 EUR")],
)
def test_where_there_is_no_bill(iban: str, amount: str) -> None:
    assert bill(iban, amount) is None
    assert bill(amount="999999999.99 EUR") is not None
    assert swiss_bill(iban=IBAN, creditor=None, amount=Money.parse("1 CHF"), debtor=PIA, number="1", message="") is None


@pytest.mark.parametrize(
    ("street", "expected"),
    [
        ("Rue du Lac 1268", ("Rue du Lac", "1268")),
        ("Musterstrasse 12a", ("Musterstrasse", "12a")),
        ("Via Nassa, 4-6", ("Via Nassa", "4-6")),
        ("Postfach", ("Postfach", "")),
        ("Strasse des 17. Juni", ("Strasse des 17. Juni", "")),
        (None, ("", "")),
    ],
)
def test_a_street_and_its_number(street: str | None, expected: tuple[str, str]) -> None:
    made = address("A", street, "8000", "Zürich", "CH")
    assert made is not None
    assert (made.street, made.house) == expected


def test_an_address_needs_post_code_and_town() -> None:
    assert address("A", "B 1", None, "Zürich", "CH") is None
    assert address("A", "B 1", "8000", " ", "CH") is None
    german = address("Müller GmbH", "Ring 1", "80331", "München", "DE")
    assert german is not None
    assert german.lines() == ("Müller GmbH", "Ring 1", "DE - 80331 München")


def test_only_the_allowed_characters() -> None:
    assert allowed("“Žluťoučký” – kůň’s\t€ ș\n日😀", 70) == '"Žluťoučký" - kůň\'s € ș ..'
    assert allowed("x" * 100, 70) == "x" * 70


@pytest.mark.parametrize(
    ("iban", "expected"),
    [("CH4431999123000889012", True), ("CH5800791123000889012", False), ("LI4431999123000889012", True), ("", False)],
)
def test_qr_ibans(iban: str, expected: bool) -> None:
    assert is_qr_iban(iban) is expected


@pytest.mark.parametrize(("letter", "fits"), [("a", True), ("ä", False)])
def test_a_bill_is_one_only_where_its_code_has_room(letter: str, fits: bool) -> None:
    wide = Address(
        name=letter * 70, street=letter * 70, house="1" * 16, postcode="8" * 16, town=letter * 35, country="CH"
    )
    made = swiss_bill(
        iban=IBAN,
        creditor=wide,
        amount=Money.parse("999999999.99 CHF"),
        debtor=wide,
        number="INV-2026-0032",
        message=letter * 200,
    )
    assert (made is not None) is fits
    if made is not None:
        assert made.message == letter * 140
        assert qr_code(made.payload(), most=MOST_VERSION) is not None


def test_the_slip_in_switzerlands_languages() -> None:
    made = bill(amount="1949.75 CHF")
    assert made is not None
    slips = {language: swiss_slip(made, language) for language in ("de-CH", "fr", "it", "pl")}
    titles = {language: slip["words"]["payment_part"] for language, slip in slips.items() if slip}
    assert titles == {"de-CH": "Zahlteil", "fr": "Section paiement", "it": "Sezione pagamento", "pl": "Payment part"}
    slip = swiss_slip(made, "de")
    assert slip is not None
    assert (slip["amount"], slip["currency"]) == ("1\u00a0949.75", "CHF")
    assert slip["account"] == ["CH58 0079 1123 0008 8901 2", "Robert Schneider AG", "Rue du Lac 1268", "2501 Biel"]
