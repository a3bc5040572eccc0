"""PayPal's downloads: activities and statements, in the languages of accounts, with all that moves no money."""

import csv
import io
from collections.abc import Sequence

import pytest
from tests.receivable.feeds.bank import headings

from git_bill.receivable.account import Statement
from git_bill.receivable.feeds.detect import read
from git_bill.receivable.feeds.mapping import Account
from git_bill.receivable.remittance import provider_id

_COLUMNS = (
    "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,"
    "Shipping Address,Address Status,Item Title,Reference Txn ID,Invoice Number,Custom Number,Balance,Subject,Note,"
    "Transaction Event Code,Balance Impact"
)
ACTIVITIES = _COLUMNS.split(",")
DAY, DONE = "11/25/2026", "Completed"
STATEMENTS = {
    "english": ("Date,Time,Time Zone,Description,Currency,Gross,Fee,Net,Balance,Transaction ID,From Email Address,Name,"
                "Bank Name,Bank Account,Shipping and Handling Amount,Sales Tax,Invoice ID,Reference Txn ID",
                "Mobile Payment", "General Card Withdrawal"),
    "german": ("Datum,Uhrzeit,Zeitzone,Beschreibung,Währung,Brutto,Entgelt,Netto,Guthaben,Transaktionscode,"
               "Absender E-Mail-Adresse,Name,Name der Bank,Bankkonto,Versand- und Bearbeitungsgebühr,Umsatzsteuer,"
               "Rechnungsnummer,Zugehöriger Transaktionscode", "Handyzahlung", "Von Nutzer eingeleitete Abbuchung"),
    "french": ("Date,Heure,Fuseau horaire,Description,Devise,Avant commission,Commission,Net,Solde,"
               "Numéro de transaction,De l'adresse email,Nom,Nom de la banque,Compte bancaire,Livraison,TVA,"
               "Numéro de facture,Numéro de la transaction de référence",
               "Paiement sur mobile", "Virement vers un compte bancaire"),
    "spanish": ("Fecha,Hora,Zona horaria,Descripción,Divisa,Bruto ,Comisión ,Neto,Saldo,Id. de transacción,"
                "Correo electrónico del remitente,Nombre,Nombre del banco,Cuenta bancaria,Envío,Impuesto de ventas,"
                "Id. de factura,Id. de referencia de trans.",
                "Pago con Pago exprés", "Retirada iniciada por el usuario"),
    "italian": ("Data,Ora,Fuso orario,Descrizione,Valuta,Lordo ,Tariffa ,Netto,Saldo,Codice transazione,"
                "Indirizzo email mittente,Nome,Nome banca,Conto bancario,Spedizione,IVA,Numero fattura,"
                "Codice transazione di riferimento", "Pagamento da cellulare", "Prelievo avviato dall'utente"),
    "dutch": ("Datum,Tijd,Tijdzone,Omschrijving,Valuta,Bruto,Kosten,Net,Saldo,Transactiereferentie,Van e-mailadres,"
              "Naam,Naam bank,Bankrekening,Verzendkosten,BTW,Factuurreferentie,Reference Txn ID",
              "Mobiele betaling", "Door gebruiker gestarte opname"),
    "polish": ("Data,Godzina,Strefa czasowa,Opis,Waluta,Brutto,Opłata,Netto,Saldo,Numer transakcji,Z adresu e-mail,"
               "Nazwa,Nazwa banku,Rachunek bankowy,Wysyłka,Kwota podatku,Numer faktury,Pomocniczy numer transakcji",
               "Płatność mobilna", "Wypłata zainicjowana przez użytkownika"),
}  # fmt: skip


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], separator: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([columns, *rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def activity(kind: str, amounts: str, own: str, **cells: str) -> list[str]:
    """`amounts`: gross, fee, net and currency. Further cells by the letters of their headings."""
    gross, fee, net, currency = amounts.split()
    known = {"Date": DAY, "Type": kind, "Status": DONE, "Currency": currency, "Gross": gross, "Fee": fee, "Net": net}
    known |= {"Name": "Acme Inc", "From Email Address": "ap@acme.example", "Transaction ID": own}
    known |= {name.replace("_", " "): text for name, text in cells.items()}
    return [known.get(column, "") for column in ACTIVITIES]


def told(content: bytes) -> tuple[Statement, ...]:
    found = read(content, "paypal.csv", headings=headings())
    assert found.value is not None, found.problems
    assert found.problems == ()
    return found.value


@pytest.mark.parametrize("language", STATEMENTS)
@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_statement(language: str, separator: str) -> None:
    columns, payment, withdrawal = STATEMENTS[language]
    day = "11/25/2026" if language == "english" else "25/11/2026"

    def row(description: str, amounts: str, *ids: str) -> list[str]:
        return [day, "09:00:00", "Europe/Berlin", description, "EUR", *amounts.split(), "0,00", *ids]

    (statement,) = told(
        table(
            columns.split(","),
            [
                row(
                    payment, "1.190,00 -29,99 1.160,01", "T1", "ap@acme.example", "Acme", "", "", "", "", "INV-7", "S-9"
                ),
                row(withdrawal, "-1.160,01 0,00 -1.160,01", "T2", "", "", "Bank", "0011", "", "", "", ""),
            ],
            separator,
        )
    )
    one, two = statement.remittances
    assert (str(one.amount), str(one.fee), one.kind, one.payer, one.text) == (
        "1160.01 EUR",
        "29.99 EUR",
        "payment",
        "Acme",
        "INV-7",
    )
    assert (one.id, one.account, one.booked.isoformat()) == (provider_id("paypal", "T1"), "paypal", "2026-11-25")
    assert (two.kind, str(two.amount), two.fee) == ("payout", "-1160.01 EUR", None)


def test_currencies_of_one_file_are_statements_of_their_own() -> None:
    usd, eur = told(
        table(
            ACTIVITIES,
            [
                activity("Website Payment", "100.00 -5.00 95.00 USD", "T1"),
                activity("General Currency Conversion", "-95.00 0.00 -95.00 USD", "T2", Reference_Txn_ID="T1"),
                activity("General Currency Conversion", "88.00 0.00 88.00 EUR", "T3", Reference_Txn_ID="T1"),
                activity("Website Payment", "10.00 -1.00 9.00 USD", "T4"),
            ],
        )
    )
    assert (usd.currency, [each.bank_reference for each in usd.remittances]) == ("USD", ["T1", "T2", "T4"])
    assert (eur.currency, [each.bank_reference for each in eur.remittances]) == ("EUR", ["T3"])
    assert (str(usd.moved), str(eur.moved)) == ("9.00 USD", "88.00 EUR")
    assert [(each.kind, each.end_to_end, each.reverses) for each in usd.remittances[1:2] + eur.remittances] == [
        ("other", "", ""),
        ("other", "", ""),
    ]


def test_a_currency_that_has_only_pending_rows_takes_none_of_the_others() -> None:
    eur, usd = told(
        table(
            ACTIVITIES,
            [
                activity("Website Payment", "5.00 0.00 5.00 EUR", "T1", Status="Pending"),
                activity("Website Payment", "100.00 -5.00 95.00 USD", "T2"),
            ],
        )
    )
    assert (eur.currency, eur.remittances, eur.pending) == ("EUR", (), 1)
    assert [each.bank_reference for each in usd.remittances] == ["T2"]


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("Hold on Balance for Dispute Investigation", {}),
        ("Cancellation of Hold for Dispute Resolution", {}),
        ("Reversal of General Account Hold", {}),
        ("Payment Release", {"Invoice_Number": "INV-2026-0007"}),
        ("General Authorization", {}),
        ("General Payment", {"Transaction_Event_Code": "T2108"}),
        ("General Payment", {"Balance_Impact": "Memo"}),
        ("General Payment", {"Status": "Pending"}),
        ("General Payment", {"Status": "Denied"}),
    ],
)
def test_what_moves_no_money(kind: str, cells: dict[str, str]) -> None:
    row = activity(kind, "100.00 0.00 100.00 USD", "T1", **cells)
    (statement,) = told(table(ACTIVITIES, [row]))
    assert (statement.remittances, statement.pending, str(statement.moved)) == ((), 1, "0.00 USD")


@pytest.mark.parametrize(
    ("cells", "amounts", "kind", "reverses"),
    [
        # a payment may name an order, a subscription or a payment before it: it takes nothing back
        ({"Reference_Txn_ID": "I-R8YLY094FJYR"}, "100.00 -5.00 95.00 USD", "payment", ""),
        ({"Status": "Partially Refunded"}, "100.00 -5.00 95.00 USD", "payment", ""),
        ({"Balance_Impact": "Credit"}, "100.00 -5.00 95.00 USD", "payment", ""),
        ({"Transaction_Event_Code": "T1107", "Reference_Txn_ID": "T0"}, "-100.00 0.00 -100.00 USD", "refund", "T0"),
        ({"Transaction_Event_Code": "T1201", "Reference_Txn_ID": "T0"}, "-100.00 0.00 -100.00 USD", "chargeback", "T0"),
        ({"Transaction_Event_Code": "T0114", "Reference_Txn_ID": "T0"}, "-16.00 0.00 -16.00 USD", "fee", ""),
        ({"Transaction_Event_Code": "T0300"}, "50.00 0.00 50.00 USD", "other", ""),
        ({"Transaction_Event_Code": "T0001"}, "-50.00 0.00 -50.00 USD", "other", ""),
    ],
)
def test_what_a_row_is(cells: dict[str, str], amounts: str, kind: str, reverses: str) -> None:
    ((entry,),) = (
        each.remittances for each in told(table(ACTIVITIES, [activity("General Payment", amounts, "T1", **cells)]))
    )
    assert (entry.kind, entry.reverses) == (kind, reverses)


def test_a_fee_that_is_given_back_is_below_zero() -> None:
    rows = [
        activity("Website Payment", "100.00 -5.00 95.00 USD", "T1"),
        activity("Payment Refund", "-100.00 5.00 -95.00 USD", "T2", Reference_Txn_ID="T1"),
    ]
    ((one, two),) = (each.remittances for each in told(table(ACTIVITIES, rows)))
    assert (str(one.fee), str(two.fee), two.reverses) == ("5.00 USD", "-5.00 USD", "T1")
    for each in (one, two):
        assert each.fee is not None
        assert abs((each.amount + each.fee).amount) == 100


def test_what_a_file_does_not_show_can_be_declared() -> None:
    row = activity("General Payment", "1,190 0 1,190 JPY", "T1", Date="11/10/2026")
    content = table(ACTIVITIES, [row])
    wrong = read(content, "paypal.csv", headings=headings())
    assert {(each.rule, 'account = "paypal"' in each.hint) for each in wrong.problems} == {
        ("ambiguous-date", True),
        ("ambiguous-amount", True),
    }
    own = Account(account="paypal", dates="dmy", decimal=".")
    found = read(content, "paypal.csv", headings=headings(), own=[own])
    assert found.value is not None, found.problems
    (entry,) = found.value[0].remittances
    assert (str(entry.amount), entry.booked.isoformat(), entry.account) == ("1190 JPY", "2026-10-11", "paypal")
