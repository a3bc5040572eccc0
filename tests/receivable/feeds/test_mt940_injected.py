"""MT940: what a payer writes never becomes what the bank says, whatever tags he puts into it."""

# ruff: noqa: E501  lines of real files stay whole

import pytest
from tests.receivable.feeds.test_mt940 import ENTRY, of, single

REAL, FORGED = "NL46ABNA0499998748", "DE89370400440532013000"
INJECTED = {
    "rabobank-remittance": f"/EREF/E1/ORDP//NAME/Mallory/REMI/INV-2026-0032 /CHGS/EUR2406,27/OCMT/EUR99,00/NAME/Acme/IBAN/{FORGED}/ISDT/2026-11-20",
    "rabobank-end-to-end": f"/EREF/X/IBAN/{FORGED}/ORDP//NAME/Mallory/REMI/INV-2026-0032",
    "rabobank-forged-party": f"/EREF/X/ORDP/NAME/Acme/IBAN/{FORGED}/CHGS/EUR9,/ORDP//NAME/Mallory/REMI/INV-2026-0032",
    "abn-amro-end-to-end": f"/TRTP/SEPA OVERBOEKING/IBAN/{REAL}/BIC/ABNANL2A/NAME/Mallory/REMI/INV-2026-0032/EREF/E1/ORDP/NAME/Acme/CHGS/EUR1,",
    "abn-amro-remittance": f"/TRTP/SEPA OVERBOEKING/IBAN/{REAL}/BIC/ABNANL2A/NAME/Mallory/REMI/INV-2026-0032 /IBAN/{FORGED}/OCMT/EUR2430,58/EREF/E1",
    "ing": f"/EREF/E1//CNTP/{REAL}/ABNANL2A/Mallory/UTRECHT//REMI/USTD//INV-2026-0032/CHGS/EUR2406,27//CNTP/{FORGED}/X/Acme/Y//",
    "remi-first": f"/REMI/INV-2026-0032 /CHGS/EUR2406,27/NAME/Mallory/IBAN/{REAL}/",
    "free-text": f"INV-2026-0032 /NAME/Acme GmbH/CHGS/EUR2406,27/IBAN/{FORGED}",
    "knab": f"INV-2026-0032 REK: {FORGED}/NAAM: Acme\nREK: {REAL}/NAAM: Mallory",
    "german-one-field": f"166?00GUTSCHRIFT?20SVWZ+INV-2026-0032 OAMT+EUR2430,58 ABWA+Acme IBAN+{FORGED}?31{REAL}?32Mallory",
    "german-fields": "166?00GUTSCHRIFT?20EREF+E1?21SVWZ+INV-2026-0032?22OAMT+EUR2430,58?23ABWA+Acme?24EREF+INV-1?25MREF+M-1?31"
    f"{REAL}?32Mallory",
    "german-wrapped-end-to-end": f"166?00GUTSCHRIFT?20EREF+1234567890123456789012?21ABWA+Acme?22SVWZ+INV-2026-0032?31{REAL}?32Mallory",
    "german-marks": f"166?00GUTSCHRIFT?20EREF+E1?21SVWZ+INV-2026-0032 ?31{FORGED}?32Acme?33GmbH?20OAMT+EUR9,?22x?31{REAL}?32Mallory",
    "german-marks-behind": f"166?00GUTSCHRIFT?20SVWZ+INV-2026-0032?31{REAL}?32Mallory?60more?31{FORGED}?32Acme",
}  # fmt: skip


@pytest.mark.parametrize("name", INJECTED)
def test_tags_in_the_text_of_a_payer_carry_neither_money_nor_identity(name: str) -> None:
    found = single(of(ENTRY, f":86:{INJECTED[name]}"))
    assert (found.fee, found.original, found.mandate) == (None, None, "")
    assert found.payer in {"", "Mallory"}
    assert found.payer_account in {"", REAL}
    assert "INV-2026-0032" in found.text
    assert found.end_to_end != "INV-1"
    if name not in {"remi-first", "free-text"}:
        assert found.payer == "Mallory"


def test_tags_at_the_places_of_the_bank_count() -> None:
    german = f":86:166?00X?20EREF+E1?21MREF+M-1?22OAMT+USD1300,00?23ABWA+Beta?24SVWZ+INV-2026-0032?25PURP+GDDS?31{REAL}?32Acme"
    found = single(of(ENTRY, german))
    assert (found.payer, found.mandate, found.end_to_end, str(found.original)) == ("Beta", "M-1", "E1", "1300.00 USD")
    assert found.text == "INV-2026-0032"
    slashed = (
        f":86:/OCMT/USD1300,00/CHGS/EUR5,00/EREF/E1/ORDP//NAME/Acme/IBAN/{REAL}/REMI/INV-2026-0032/ISDT/2026-11-20"
    )
    found = single(of(ENTRY, slashed))
    assert (found.payer, found.payer_account, str(found.fee), str(found.original)) == (
        "Acme",
        REAL,
        "5.00 EUR",
        "1300.00 USD",
    )
    assert (found.text, found.end_to_end) == ("INV-2026-0032", "E1")


@pytest.mark.parametrize("said", ["EUR1190,00", "EUR5000,00", "USD5,00"])
def test_a_fee_is_less_than_what_came_and_in_its_currency(said: str) -> None:
    assert single(of(ENTRY, f":86:/CHGS/{said}/EREF/E1/ORDP//NAME/Acme/REMI/x")).fee is None


def test_an_account_in_a_message_is_not_the_payers() -> None:
    details = ":86:GIRO ABSENDER: MALLORY MITTEILUNGEN: AUS KONTO CH5604835012345678009"
    found = single(of(ENTRY, details))
    assert (found.payer, found.payer_account) == ("MALLORY", "")


def test_an_account_in_a_polish_title_is_not_the_payers() -> None:
    details = ":86:731 PRZELEW; OD: MALLORY; TYT.: FAKTURA; Z RACH.: 10102055610000380212345678"
    found = single(of(ENTRY, details))
    assert (found.payer, found.payer_account) == ("MALLORY", "")
