"""Who paid: accounts, habits and names in all their spellings."""

from datetime import date

import pytest

from git_bill.money import Money
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.payer import Habits, Payer, Payers, habits, likeness, payers, words
from git_bill.receivable.remittance import Remittance

IBAN, OTHER = "DE02120300000000202051", "DE02500105170137075030"


def known(confirmed: Habits | None = None) -> Payers:
    """Three clients, one with an account."""
    amount = Money.parse("100.00 EUR")
    parties = [("acme", "Acme GmbH", (IBAN,)), ("nord", "Nordwind Müller & Söhne KG", ()), ("mira", "Mira Kovač", ())]
    opens = [
        Open(
            number=f"INV-{at}",
            client=client,
            names=(name,),
            accounts=accounts,
            open=amount,
            gross=amount,
            issued=date(2026, 10, 1),
            due=date(2026, 10, 31),
        )
        for at, (client, name, accounts) in enumerate(parties)
    ]
    return payers(opens, confirmed or {})


def paid(payer: str, account: str = "", text: str = "") -> Remittance:
    """A remittance of somebody."""
    return Remittance(
        id="R-aaaaaaaaaaaa",
        rail="bank",
        booked=date(2026, 11, 1),
        amount=Money.parse("1.00 EUR"),
        payer=payer,
        payer_account=account,
        text=text,
    )


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Müller GmbH", "MUELLER GMBH"),
        ("Acme GmbH & Co. KG", "ACME"),
        ("Nordwind Software Sp. z o.o.", "NORDWIND SOFTWARE SPZOO"),
        ("Bundesanstalt für Immobilienaufgaben", "BUNDESANSTALT FUER IMMOBILI"),
        ("Quentin Quast", "QUAST, QUENTIN"),
        ("Société Générale", "SOCIETE GENERALE SA"),
        ("ООО Ромашка", "OOO Romashka"),
        ("Sarah Schmidt", "Sara Schmidt"),
        ("Estudio Peña S.L.", "ESTUDIO PENA SL"),
        ("Łukasz Wójcik", "LUKASZ WOJCIK"),
    ],
)
def test_the_same_name(told: str, shown: str) -> None:
    assert likeness(words(shown), words(told), cut=len(shown) == 27) >= 0.88


@pytest.mark.parametrize(
    ("told", "shown"),
    [("Acme GmbH", "Acme Holding Italia"), ("Bauer AG", "Bauen AG"), ("Müller & Söhne", "Meier & Söhne")],
)
def test_another_name(told: str, shown: str) -> None:
    assert likeness(words(shown), words(told)) < 0.6


def test_an_account_goes_before_a_name() -> None:
    assert known().seen_from("acme", paid("Somebody", IBAN)) is Payer.ACCOUNT
    assert known().seen_from("nord", paid("Nordwind Mueller und Soehne", IBAN)) is Payer.OTHER
    assert known().seen_from("acme", paid("Acme", "DE02 1203 0000 0000 2020 51")) is Payer.ACCOUNT


def test_a_habit_needs_two_confirmed_payments() -> None:
    one = [(paid("X", OTHER), "nord")]
    assert known(habits(one)).seen_from("nord", paid("X", OTHER)) is Payer.UNLIKE
    assert known(habits(one * 2)).seen_from("nord", paid("X", OTHER)) is Payer.HABIT
    assert known(habits([(paid("X"), "nord")] * 5)).seen_from("nord", paid("X")) is Payer.UNLIKE, "a name is none"


def test_names_and_none() -> None:
    assert known().seen_from("nord", paid("NORDWIND MUELLER U. SOEHNE")) >= Payer.SIMILAR
    assert known().seen_from("mira", paid("M. Kovac")) is Payer.SIMILAR
    assert known().seen_from("mira", paid("Acme GmbH")) is Payer.OTHER
    assert known().seen_from("mira", paid("Wise Payments")) is Payer.UNLIKE
    assert known().seen_from("mira", paid("")) is Payer.UNKNOWN
    assert known().of(paid("", text="Ueberweisung Mira Kovac Danke")) == {"mira": Payer.SIMILAR}
