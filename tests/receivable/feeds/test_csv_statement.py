"""CSV: banks' own exports, guessed and declared columns, and what a file does not show."""

# ruff: noqa: E501  lines of real files stay whole

from datetime import date
from decimal import Decimal

import pytest
from tests.receivable.feeds.bank import Booking, History, headings, sparkasse

from git_bill.receivable.account import Statement
from git_bill.receivable.feeds.detect import read
from git_bill.receivable.feeds.mapping import Account
from git_bill.receivable.recognised import origin

HEADINGS = headings()
EURO = Account(account="DE02120300000000202051", currency="EUR")
Expected = tuple[str, str, str, str]  # feed, day, amount, payer

# One real header each, with an invented row: 1190.00 received on 2026-11-20.
EXPORTS = {
    "sparkasse": (
        '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";"Mandatsreferenz";"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"\n'
        '"DE02120300000000202051";"20.11.26";"20.11.26";"GUTSCHR";"INV-2026-0007";"";"";"";"";"";"";"Acme GmbH";"DE89370400440532013000";"COBADEFF";"1.190,00";"EUR";"Umsatz gebucht"\n',
        ("csv:sparkasse-camt", "2026-11-20", "1190.00 EUR", "Acme GmbH"),
    ),
    "dkb": (
        '"Girokonto";"DE02120300000000202051"\n"Kontostand vom 21.11.2026:";"2.190,00 €"\n""\n'
        '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"\n'
        '"20.11.26";"20.11.26";"Gebucht";"Acme GmbH";"Mira Kovac";"INV-2026-0007";"Eingang";"DE89370400440532013000";"1.190";"";"";""\n',
        ("csv:dkb", "2026-11-20", "1190.00 EUR", "Acme GmbH"),
    ),
    "n26": (
        '"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name","Amount (EUR)","Original Amount","Original Currency","Exchange Rate"\n'
        '2026-11-20,2026-11-20,"Acme GmbH",DE89370400440532013000,"Credit Transfer","INV-2026-0007","Main",1190.0,"","",""\n',
        ("csv:n26", "2026-11-20", "1190.00 EUR", "Acme GmbH"),
    ),
    "ing": (
        "Umsatzanzeige;Datei erstellt am: 21.11.2026\nIBAN;DE02 1203 0000 0000 2020 51\n\n"
        "Buchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung\n"
        "20.11.2026;20.11.2026;Acme GmbH;Gutschrift;INV-2026-0007;2.190,00;EUR;1.190,00;EUR\n",
        ("csv:ing-de", "2026-11-20", "1190.00 EUR", "Acme GmbH"),
    ),
    "ing-nl": (
        '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort","Mededelingen","Saldo na mutatie","Tag"\n'
        '"20261120","Acme B.V.","NL02INGB0001234567","NL46ABNA0499998748","OV","Bij","1190,00","Overschrijving","INV-2026-0007","2190,00",""\n',
        ("csv:ing-nl", "2026-11-20", "1190.00 EUR", "Acme B.V."),
    ),
    "rabobank": (
        '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN","Naam tegenpartij","Naam uiteindelijke partij","Naam initiërende partij","BIC tegenpartij","Code","Batch ID","Transactiereferentie","Machtigingskenmerk","Incassant ID","Betalingskenmerk","Omschrijving-1","Omschrijving-2","Omschrijving-3","Reden retour","Oorspr bedrag","Oorspr munt","Koers"\n'
        '"NL71RABO0123456789","EUR","RABONL2U","000000000000000007","2026-11-20","2026-11-20","+1190,00","+2190,00","NL46ABNA0499998748","Acme B.V.","","","ABNANL2A","cb","","","","","","INV-2026-0007"," ","","","","",""\n',
        ("csv:rabobank", "2026-11-20", "1190.00 EUR", "Acme B.V."),
    ),
    "revolut": (
        "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        "TOPUP,Current,2026-11-20 09:00:00,2026-11-20 09:01:00,Payment from Acme,1191.50,1.50,EUR,COMPLETED,2190.00\n"
        "TOPUP,Current,2026-11-20 09:00:00,,Payment from Beta,10.00,0.00,EUR,PENDING,\n",
        ("csv:revolut", "2026-11-20", "1190.00 EUR", ""),
    ),
    "wise": (
        '"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Running Balance","Exchange From","Exchange To","Exchange Rate","Payer Name","Payee Name","Payee Account Number",Merchant,"Total fees"\n'
        "TRANSFER-7,20-11-2026,1190.00,EUR,Received money from Acme,INV-2026-0007,2190.00,,,,Acme GmbH,,,,0.00\n",
        ("csv:wise", "2026-11-20", "1190.00 EUR", "Acme GmbH"),
    ),
    "deutsche-bank": (
        "Transactions Current account;;;\nDE02 1203 0000 0000 2020 51;;;\n"
        "Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;IBAN;BIC;Kundenreferenz;Mandatsreferenz;Gläubiger ID;Fremde Gebühren;Betrag;Abweichender Empfänger;Anzahl der Aufträge;Anzahl der Schecks;Soll;Haben;Währung\n"
        "20.11.2026;20.11.2026;SEPA-Gutschrift;Acme GmbH;INV-2026-0007;DE89370400440532013000;COBADEFF;;;;;;;;;;1.190,00;EUR\n"
        "Kontostand;21.11.2026;;;2.190,00;EUR;;;;;;;;;;;;\n",
        ("csv:deutsche-bank", "2026-11-20", "1190.00 EUR", "Acme GmbH"),
    ),
    "ubs": (
        "Kontonummer:;0234 00012345.60;\nIBAN:;CH93 0076 2011 6238 5295 7;\nBewertet in:;CHF;\n\n"
        "Abschlussdatum;Abschlusszeit;Buchungsdatum;Valutadatum;Währung;Belastung;Gutschrift;Einzelbetrag;Saldo;Transaktions-Nr.;Beschreibung1;Beschreibung2;Beschreibung3;Fussnoten\n"
        "2026-11-20;;2026-11-20;2026-11-20;CHF;;1190.00;;2190.00;9930809TO1234567;Acme AG;INV-2026-0007;;\n",
        ("csv:ubs", "2026-11-20", "1190.00 CHF", "Acme AG"),
    ),
    "postfinance": (
        'Datum von:;="2026-11-01"\nKonto:;="CH9300762011623852957"\nWährung:;="CHF"\n\n'
        "Datum;Bewegungstyp;Avisierungstext;Gutschrift in CHF;Lastschrift in CHF;Label;Kategorie\n"
        "20.11.2026;Gutschrift;GUTSCHRIFT VON ACME AG INV-2026-0007;1190.00;;;\n\nDisclaimer:\nDer Dokumentinhalt wurde generiert\n",
        ("csv:postfinance", "2026-11-20", "1190.00 CHF", ""),
    ),
    "barclays": (
        "Number,Date,Account,Amount,Subcategory,Memo\n ,20/11/2026,20-00-00 12345678,1190.00,Counter Credit,ACME LTD INV-2026-0007\n",
        ("csv:barclays", "2026-11-20", "1190.00 GBP", ""),
    ),
    "monzo": (
        "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description,Category split,Money Out,Money In\n"
        "tx_0001,20/11/2026,09:00:00,Faster payment,Acme Ltd,,Income,1190.00,GBP,1190.00,GBP,INV-2026-0007,,,ACME LTD,,,1190.00\n",
        ("csv:monzo", "2026-11-20", "1190.00 GBP", "Acme Ltd"),
    ),
    "starling": (
        "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes\n"
        "20/11/2026,Acme Ltd,INV-2026-0007,FASTER PAYMENT,1190.00,2190.00,INCOME,\n",
        ("csv:starling", "2026-11-20", "1190.00 GBP", "Acme Ltd"),
    ),
    "chase": (
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
        'CREDIT,11/12/2026,"ORIG CO NAME:ACME INC",1190.00,ACH_CREDIT,2190.00,,\n',
        ("csv:chase", "2026-11-12", "1190.00 USD", "ACME INC"),
    ),
    "bank-of-america": (
        'Description,,Summary Amt.\nBeginning balance as of 11/01/2026,,"1,000.00"\n\nDate,Description,Amount,Running Bal.\n'
        '11/01/2026,Beginning balance as of 11/01/2026,,"1,000.00"\n11/12/2026,"ACME INC DES:INV-2026-0007","1,190.00","2,190.00"\n',
        ("csv:bank-of-america", "2026-11-12", "1190.00 USD", ""),
    ),
    "mercury": (
        "Date (UTC),Description,Amount,Status,Source Account,Bank Description,Reference,Note\n"
        "11-12-2026,Acme Inc,1190.00,Sent,Checking ••1234,ACME INC; INV-2026-0007,,\n11-12-2026,Beta,5.00,Failed,Checking ••1234,x,,\n",
        ("csv:mercury", "2026-11-12", "1190.00 USD", "Acme Inc"),
    ),
    "bunq": (
        '"Date","Interest Date","Amount","Account","Counterparty","Name","Description"\n'
        '"2026-11-20","2026-11-20","1,190.00","NL77BUNQ0123456789","NL46ABNA0499998748","Acme B.V.","INV-2026-0007"\n',
        ("csv:bunq", "2026-11-20", "1190.00 EUR", "Acme B.V."),
    ),
    "guessed-french": (
        "Date;Libellé;Débit euros;Crédit euros;Solde\n20/11/2026;VIR ACME SARL INV-2026-0007;;1 190,00;2 190,00\n",
        ("csv", "2026-11-20", "1190.00 EUR", ""),
    ),
    "guessed-polish": (
        "Data operacji;Opis operacji;Kwota;Waluta;Saldo po operacji\n2026-11-20;PRZELEW;1 190,00;PLN;2 190,00\n2026-11-21;OPŁATA;-5,00;PLN;2 185,00\n",
        ("csv", "2026-11-20", "1190.00 PLN", ""),
    ),
}  # fmt: skip


def statement(text: str | bytes, *own: Account) -> Statement:
    """The only one, without errors."""
    content = text if isinstance(text, bytes) else text.encode()
    found = read(content, "x.csv", own=own, headings=HEADINGS)
    assert found.value is not None, found.problems
    (only,) = found.value
    return only


@pytest.mark.parametrize("name", EXPORTS)
def test_the_export_of_a_bank(name: str) -> None:
    text, expected = EXPORTS[name]
    found = statement(text, EURO)
    first = found.remittances[0]
    assert (first.feed, first.booked.isoformat(), str(first.amount), first.payer) == expected
    assert first.kind == "payment"
    assert "INV-2026-0007" in first.text or name in {"revolut", "chase", "guessed-polish"}
    assert not found.difference


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_any_encoding(encoding: str) -> None:
    text, expected = EXPORTS["dkb"]
    if encoding == "cp1252":
        text = text.replace("€", "€")
    found = statement(text.encode(encoding), EURO)
    assert found.remittances[0].payer == expected[3]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator(separator: str) -> None:
    rows = [
        ["Date", "Description", "Amount", "Currency"],
        ["2026-11-20", "a", "10.50", "EUR"],
        ["2026-11-21", "b", "-1", "EUR"],
    ]
    found = statement("\n".join(separator.join(row) for row in rows) + "\n")
    assert [str(each.amount) for each in found.remittances] == ["10.50 EUR", "-1.00 EUR"]


def test_a_cell_over_several_lines_and_the_line_of_what_comes_after() -> None:
    text = 'Date,Description,Amount,Currency\n2026-11-20,"two\nlines",-10.00,EUR\n2026-11-21,x,oops,EUR\n'
    found = read(text.encode(), "x.csv", headings=HEADINGS)
    assert found.value is None
    assert [(each.line, each.rule) for each in found.problems] == [(4, "wrong-entry")]
    assert "'oops' is not an amount" in found.problems[0].message


AMBIGUOUS = "Date,Text,Amount,Currency\n01/02/2026,a,-10.00,EUR\n03/02/2026,b,10.00,EUR\n"


def test_a_day_that_can_be_two_is_not_guessed() -> None:
    found = read(AMBIGUOUS.encode(), "x.csv", headings=HEADINGS)
    assert found.value is None
    (problem,) = found.problems
    assert (problem.rule, problem.line, problem.file) == ("ambiguous-date", 2, "x.csv")
    assert 'dates = "dmy"' in problem.hint


@pytest.mark.parametrize(("order", "first"), [("dmy", date(2026, 2, 1)), ("mdy", date(2026, 1, 2))])
def test_a_declared_order_of_days(order: str, first: date) -> None:
    own = Account(account="DE02120300000000202051", currency="EUR", dates=order)  # type: ignore[arg-type]
    columns = {"date": "Date", "amount": "Amount", "text": "Text"}
    declared = Account(account=own.account, currency="EUR", dates=own.dates, columns=columns)
    assert statement(AMBIGUOUS, declared).remittances[0].booked == first
    assert statement(AMBIGUOUS, own).remittances[0].booked == first


def test_one_day_above_twelve_decides_for_the_whole_file() -> None:
    assert statement(AMBIGUOUS + "25/02/2026,c,1.00,EUR\n").remittances[0].booked == date(2026, 2, 1)
    assert statement(AMBIGUOUS + "02/25/2026,c,1.00,EUR\n").remittances[0].booked == date(2026, 1, 2)


def test_the_order_in_which_a_file_is_sorted_decides() -> None:
    days = ["01/11/2026", "02/11/2026", "05/11/2026", "01/12/2026", "03/12/2026"]
    rows = "".join(f"{each},x,-1.00,EUR\n" for each in days)
    found = statement("Date,Text,Amount,Currency\n" + rows)
    assert [each.booked.month for each in found.remittances] == [11, 11, 11, 12, 12]


def test_thousands_or_decimals_is_not_guessed() -> None:
    found = read(b"Date;Text;Amount;Currency\n2026-11-20;a;-1.190;EUR\n", "x.csv", headings=HEADINGS)
    assert found.value is None
    (problem,) = found.problems
    assert (problem.rule, problem.line) == ("ambiguous-amount", 2)
    assert 'decimal = ","' in problem.hint


@pytest.mark.parametrize(("decimal", "amount"), [(",", "-1190.00 EUR"), (".", "-1.19 EUR")])
def test_a_declared_decimal_mark(decimal: str, amount: str) -> None:
    own = Account(account="DE02120300000000202051", currency="EUR", decimal=decimal)  # type: ignore[arg-type]
    assert str(statement("Date;Text;Amount;Currency\n2026-11-20;a;-1.190;EUR\n", own).remittances[0].amount) == amount


def test_only_positive_amounts_do_not_say_who_paid() -> None:
    text = "Date,Text,Amount,Currency\n2026-11-20,a,10.00,EUR\n2026-11-21,b,20.00,EUR\n"
    found = read(text.encode(), "x.csv", headings=HEADINGS)
    assert [each.rule for each in found.problems] == ["unclear-sign"]
    received = Account(account="DE02120300000000202051", sign="as-written")
    assert str(statement(text, received).remittances[0].amount) == "10.00 EUR"
    paid = Account(account="DE02120300000000202051", sign="reversed")
    assert str(statement(text, paid).remittances[0].amount) == "-10.00 EUR"


@pytest.mark.parametrize(("balances", "sign"), [(("110.00", "130.00"), ""), (("90.00", "70.00"), "-")])
def test_the_balance_shows_the_sign(balances: tuple[str, str], sign: str) -> None:
    rows = [f"2026-11-2{i},x,{i + 1}0.00,EUR,{balance}" for i, balance in enumerate(balances)]
    found = statement("\n".join(["Date,Text,Amount,Currency,Balance", *rows]))
    assert [str(each.amount) for each in found.remittances] == [f"{sign}10.00 EUR", f"{sign}20.00 EUR"]
    assert not found.difference


def test_declared_columns_by_name_and_by_number() -> None:
    named = Account(
        account="DE02120300000000202051",
        currency="EUR",
        columns={"date": "Tag", "amount": "Wert", "text": "A + B"},
    )
    text = "Tag;Wert;A;B\n20.11.2026;-10,00;Rechnung;INV-2026-0007\n"
    assert statement(text, named).remittances[0].text == "Rechnung INV-2026-0007"
    numbered = Account(
        account="DE02120300000000202051",
        currency="EUR",
        columns={"date": "#1", "amount": "#2", "text": "#3 + #4"},
    )
    headless = text.partition("\n")[2]
    assert statement(headless, numbered).remittances[0].text == "Rechnung INV-2026-0007"


def test_unknown_columns_are_told_with_what_to_declare() -> None:
    found = read(b"Foo;Bar;Baz\n1;2;3\n", "x.csv", headings=HEADINGS)
    (problem,) = found.problems
    assert (problem.rule, problem.line) == ("unknown-columns", 1)
    assert "Foo, Bar, Baz" in problem.message
    assert "[[accounts]]" in problem.hint
    assert "columns = {" in problem.hint


def test_a_file_that_does_not_say_its_currency() -> None:
    found = read(b"Date,Text,Amount\n2026-11-20,a,-10.00\n", "x.csv", headings=HEADINGS)
    (problem,) = found.problems
    assert problem.rule == "unknown-currency"
    assert 'currency = "EUR"' in problem.hint


def test_two_accounts_in_one_file_are_two_statements() -> None:
    rows = "Date,Text,Amount,Currency,Account\n2026-11-20,a,-1.00,EUR,DE02120300000000202051\n2026-11-20,b,2.00,CHF,CH9300762011623852957\n"
    found = read(rows.encode(), "x.csv", headings=HEADINGS).value
    assert found is not None
    assert [(each.account, each.currency, each.entries) for each in found] == [
        ("DE02120300000000202051", "EUR", 1),
        ("CH9300762011623852957", "CHF", 1),
    ]


def test_an_unclosed_quote_is_told() -> None:
    text = 'Date,Text,Amount,Currency\n2026-11-20,"a,-1.00,EUR\n' + "2026-11-20,b,1.00,EUR\n" * 9000
    found = read(text.encode(), "x.csv", headings=HEADINGS)
    assert found.value is None
    assert [(each.rule, each.line) for each in found.problems] == [("broken-csv", 2)]


def test_a_balance_that_does_not_follow_is_told() -> None:
    text = "Date,Text,Amount,Currency,Balance\n2026-11-20,a,-1.00,EUR,99.00\n2026-11-22,b,-1.00,EUR,50.00\n"
    found = read(text.encode(), "x.csv", headings=HEADINGS)
    assert [each.rule for each in found.problems] == ["statement-incomplete"]
    assert "-48.00 EUR is missing" in found.problems[0].message


def test_newest_first_gives_the_same_balances() -> None:
    bookings = [Booking(day=date(2026, 11, day), amount=Decimal(day)) for day in (2, 3)]
    found = statement(sparkasse(History(bookings=bookings), 0, 2))
    assert [each.booked.day for each in found.remittances] == [3, 2]


PAYPAL = {
    "english": '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","To Email Address","Transaction ID","Reference Txn ID","Invoice Number","Subject","Note","Balance"\n{rows}',
    "german": '"Datum","Uhrzeit","Zeitzone","Name","Typ","Status","Währung","Brutto","Gebühr","Netto","Absender E-Mail-Adresse","Empfänger E-Mail-Adresse","Transaktionscode","Zugehöriger Transaktionscode","Rechnungsnummer","Betreff","Hinweis","Guthaben"\n{rows}',
    "french": '"Date","Heure","Fuseau horaire","Nom","Type","État","Devise","Avant commission","Commission","Net","De l\'adresse email","À l\'adresse email","Numéro de transaction","Numéro de la transaction de référence","Numéro de facture","Objet","Remarque","Solde"\n{rows}',
}  # fmt: skip
ROWS = {
    "english": ("11/25/2026", "Express Checkout Payment", "Payment Refund", "General Currency Conversion", "General Withdrawal", "Completed", "Pending", "."),
    "german": ("25.11.2026", "Website-Zahlung", "Rückzahlung", "Allgemeine Währungsumrechnung", "Allgemeine Abbuchung", "Abgeschlossen", "Ausstehend", ","),
    "french": ("25/11/2026", "Paiement Express Checkout", "Remboursement de paiement", "Conversion de devise", "Virement vers un compte bancaire", "Terminé", "En attente", ","),
}  # fmt: skip


@pytest.mark.parametrize("language", PAYPAL)
def test_a_paypal_report(language: str) -> None:
    day, payment, refund, conversion, withdrawal, done, waiting, mark = ROWS[language]

    def row(kind: str, state: str, amounts: str, ids: str) -> str:
        """`amounts`: gross, fee, net and currency; `ids`: its own and what it belongs to."""
        gross, fee, net, currency = amounts.replace(".", mark).split()
        own, _, other = ids.partition(" ")
        cells = (day, "09:00:00", "CET", "Acme Inc", kind, state, currency, gross, fee, net, "ap@acme.example",
                 "me@example.net", own, other, "INV-2026-0007", "", "", "0")  # fmt: skip
        return ",".join(f'"{cell}"' for cell in cells) + "\n"

    rows = (
        row(payment, done, "100.00 -5.00 95.00 USD", "T1")
        + row(payment, waiting, "1.00 0.00 1.00 USD", "T2")
        + row(refund, done, "-100.00 5.00 -95.00 USD", "T3 T1")
        + row(conversion, done, "-95.00 0.00 -95.00 USD", "T4 T1")
        + row(conversion, done, "88.00 0.00 88.00 EUR", "T5 T1")
        + row(withdrawal, done, "-88.00 0.00 -88.00 EUR", "T6")
    )
    found = read(PAYPAL[language].format(rows=rows).encode(), "p.csv", headings=HEADINGS, own=[EURO])
    assert found.value is not None, found.problems
    entries = [each for statement in found.value for each in statement.remittances]
    assert [each.end_to_end for each in entries] == ["", "T1", "", "", ""]
    told = [(str(e.amount), e.kind, e.reverses, e.rail) for e in entries]
    assert told == [
        ("95.00 USD", "payment", "", "paypal"),
        ("-95.00 USD", "refund", "T1", "paypal"),
        ("-95.00 USD", "other", "", "paypal"),
        ("88.00 EUR", "other", "", "paypal"),
        ("-88.00 EUR", "payout", "", "paypal"),
    ]
    first = found.value[0].remittances[0]
    assert (first.payer, first.payer_account, str(first.fee), first.bank_reference) == (
        "Acme Inc",
        "ap@acme.example",
        "5.00 USD",
        "T1",
    )
    assert "INV-2026-0007" in first.text
    assert found.value[0].pending == 1


STRIPE = (
    "balance_transaction_id,created_utc,created,available_on_utc,available_on,currency,gross,fee,net,reporting_category,"
    "source_id,description,customer_facing_amount,customer_facing_currency,automatic_payout_id,charge_id,payment_intent_id,customer_name,customer_email\n"
    "txn_1,2026-11-20 08:00:00,2026-11-20 09:00:00,,,eur,119.00,2.04,116.96,charge,ch_1,INV-2026-0007,,,po_1,ch_1,pi_1,Acme,ap@acme.example\n"
    "txn_2,2026-11-21 08:00:00,2026-11-21 09:00:00,,,eur,-119.00,0.00,-119.00,refund,re_1,REFUND,,,po_1,ch_1,pi_1,,\n"
    "txn_3,2026-11-21 08:00:00,2026-11-21 09:00:00,,,eur,-119.00,15.00,-134.00,dispute,dp_1,,,,po_1,ch_1,,,\n"
    "txn_4,2026-11-22 08:00:00,2026-11-22 09:00:00,,,eur,-100.00,0.00,-100.00,payout,po_1,STRIPE PAYOUT,,,po_1,,,,\n"
)  # fmt: skip


def test_a_stripe_report() -> None:
    found = statement(STRIPE, EURO)
    assert [(str(each.amount), each.kind) for each in found.remittances] == [
        ("116.96 EUR", "payment"),
        ("-119.00 EUR", "refund"),
        ("-134.00 EUR", "chargeback"),
        ("-100.00 EUR", "payout"),
    ]
    first = found.remittances[0]
    assert (first.rail, str(first.fee), first.bank_reference, first.end_to_end, found.account) == (
        "stripe",
        "2.04 EUR",
        "txn_1",
        "ch_1",
        "stripe",
    )
    assert [each.reverses for each in found.remittances] == ["", "ch_1", "ch_1", ""]
    assert origin(found.remittances[1], found.remittances) == first
