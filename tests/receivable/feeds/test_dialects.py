"""What banks write, one sample a bank, made by their handbooks and not by our reader."""

# ruff: noqa: E501  lines of real files stay whole

from textwrap import dedent

import pytest
from tests.receivable.feeds.bank import headings

from git_bill.receivable.feeds.detect import read
from git_bill.receivable.feeds.mapping import Account

HEADINGS = headings()
ZLOTY = Account(account="PL92114010100000112233001001", currency="PLN")
FRANCS = Account(account="CH9300762011623852957", currency="CHF")
IBAN = "DE89370400440532013000"
Expected = tuple[str, str, str, str]  # own account, amount, who, the account of the other side

MT940: dict[str, tuple[str, Expected]] = {
    "deutsche bank": (
        """\
        :20:DEUTDEFF
        :25:10070000/0123456
        :28C:00012/001
        :60F:C261119EUR1000,00
        :61:2611201120CR1190,00NTRFNONREF//1234567890
        SEPA-GUTSCHRIFT
        :86:166?00SEPA-UEBERWEISUNG?109075/629?20EREF+ACME-4711?21SVWZ+INV-2026-0007
        ?30COBADEFFXXX?31DE89370400440532013000?32ACME GMBH?34000
        :62F:C261120EUR2190,00
        -""",
        ("10070000/0123456", "1190.00 EUR", "ACME GMBH", IBAN),
    ),
    "commerzbank": (
        """\
        {1:F01COBADEFFXXXX0000000000}{2:O9400000261120COBADEFFXXXX00000000002611200000N}{4:
        :20:951110
        :25:37040044/532013000
        :28C:27/01
        :60F:C261119EUR8400,16
        :61:2611201120CR1190,NTRF//POS 12345
        :86:166?00GUTSCHRIFT?100599?20EREF+NOTPROVIDED?21KREF+NONREF?22SVWZ+INV-2026-0007 KD-NR?234711?30DEUTDEFFXXX?31DE89370400440532013000?32Nordwind Mueller + Soehne K?33G
        :62F:C261120EUR9590,16
        -}""",
        ("37040044/532013000", "1190.00 EUR", "Nordwind Mueller + Soehne KG", IBAN),
    ),
    "sparkasse with @": (
        """\
        :20:STARTUMS
        :25:50050201/0000123456EUR
        :28C:0
        :60F:D261119EUR2000,00
        :61:2611201120C1190,00N051NONREF
        :86:051@00UEBERWEISUNGSGUTSCHRIFT@10 931@20INV-2026-0007@21VOM 12.11.@3050010517@31DE89370400440532013000@32MUELLER, PETER
        :62F:D261120EUR810,00
        -""",
        ("50050201/0000123456", "1190.00 EUR", "MUELLER, PETER", IBAN),
    ),
    "abn amro": (
        """\
        ABNANL2A
        940
        ABNANL2A
        :20:ABN AMRO BANK NV
        :25:517852257
        :28:32421/1
        :60F:C261119EUR3236,28
        :61:2611201120C1190,N657NONREF
        :86:/TRTP/SEPA OVERBOEKING/IBAN/DE89370400440532013000/BIC/COBADEFF/NAME
        /BAKKER BV/REMI/Factuur INV-2026-0007/EREF/NOTPROVIDED
        :62F:C261120EUR4426,28
        -""",
        ("517852257", "1190.00 EUR", "BAKKER BV", IBAN),
    ),
    "ing": (
        """\
        {1:F01INGBNL2ABXXX0000000000}
        {2:I940INGBNL2AXXXN}
        {4:
        :20:P261120000000001
        :25:NL69INGB0123456789EUR
        :28C:00000
        :60F:C261119EUR662,23
        :61:2611201120C1190,00NTRFEREF//00000000001005
        /TRCD/00100/
        :86:/EREF/EV12341REP1231456T1234//CNTP/DE89370400440532013000/COBADEFF/BAKKER BV///REMI/USTD//INV-2026-0007/
        :62F:C261120EUR1852,23
        :86:/SUM/0/1/0,00/1190,00/
        -}""",
        ("NL69INGB0123456789", "1190.00 EUR", "BAKKER BV", IBAN),
    ),
    "rabobank": (
        """\
        :940:
        :20:940S261120
        :25:NL50RABO0123456789 EUR
        :28C:26224/1
        :60F:C261119EUR000000001147,95
        :61:261120C000000001190,00N541NONREF
        DE89370400440532013000
        :86:/ORDP//NAME/Bakker B.V./ADDR/Dorpsstraat 1/2500 AA Den Haag
        /REMI/Factuur INV-2026-0007/ISDT/2026-11-20
        :62F:C261120EUR000000002337,95""",
        ("NL50RABO0123456789", "1190.00 EUR", "Bakker B.V.", IBAN),
    ),
    "pko": (
        """\
        :20:MT940
        :25:/PL27102010260000110200012345
        :28C:00221
        :60F:C261119PLN1000,00
        :61:2611201120C1190,00N020NONREF//1234567890123456
        :86:020^00PRZELEW PRZYCHODZACY^34000^3010205561^20FAKTURA INV-2026-0007^21^22^3110205561000038021234567890^32ACME SP Z OO^33WARSZAWA^38PL10102055610000380212345678
        :62F:C261120PLN2190,00
        -""",
        ("PL27102010260000110200012345", "1190.00 PLN", "ACME SP Z OO WARSZAWA", "PL10102055610000380212345678"),
    ),
    "pekao": (
        """\
        :20:1
        :25:PL50124012341111001012345678
        :28C:221
        :60F:C261119PLN0,00
        :61:2611201120CN1190,00N152NONREF//123
        PRZELEW
        :86:020~00VE02~20Faktura INV-2026-0007~2966102055610000380212345678~32ACME SP Z OO~38PL66102055610000380212345678~6000000000
        :62F:C261120PLN1190,00""",
        ("PL50124012341111001012345678", "1190.00 PLN", "ACME SP Z OO", "PL66102055610000380212345678"),
    ),
    "mbank": (
        """\
        :20:ST261120CYC/1
        :25:PL92114010100000112233001001
        :28C:1/1
        :60F:C261119PLN1,00
        :61:2611201120CN1190,00S7310123456789012//BR2611201
        731-PRZELEW PRZYCHODZACY
        :86:731 PRZELEW PRZYCHODZACY; Z RACH.: 10102055610000380212345678; OD: ACME SP Z OO
         WARSZAWA; TYT.: FAKTURA INV-2026-0007; TNR: 123456789012345.000001
        :62F:C261120PLN1191,00
        -""",
        ("PL92114010100000112233001001", "1190.00 PLN", "ACME SP Z OO WARSZAWA", "PL10102055610000380212345678"),
    ),
    "postfinance": (
        """\
        :20:MT940
        :25:CH4309000000250000000
        :28C:221/1
        :60F:C261119CHF0,00
        :61:2611201120C1190,00N070NONREF//20261120000123456789
        :86:GIRO AUS KONTO CH5604835012345678009 ABSENDER: ACME AG
        MITTEILUNGEN: INV-2026-0007
        :62F:C261120CHF1190,00""",
        ("CH4309000000250000000", "1190.00 CHF", "ACME AG", "CH5604835012345678009"),
    ),
    "bnp": (
        """\
        :20:BNPPARIBAS
        :25:FR7630004000031234567890143
        :28C:00221/00001
        :60F:C261119EUR1000,00
        :61:2611201120C1190,00NTRFNONREF//2026324ABCDE
        VIREMENT SEPA RECU
        :86:/EREF/NOTPROVIDED/ORDP//NAME/ACME SARL/IBAN/DE89370400440532013000/REMI/FACTURE INV-2026-0007
        :62F:C261120EUR2190,00
        -""",
        ("FR7630004000031234567890143", "1190.00 EUR", "ACME SARL", IBAN),
    ),
}
CSV: dict[str, tuple[str, Expected, tuple[Account, ...]]] = {
    "postbank": (
        """\
        Umsatzauskunft - gebuchte Umsätze
        Name;MUSTER MAX
        IBAN;DE12100100100123456789

        "Buchungsdatum";"Wertstellung";"Umsatzart";"Buchungsdetails";"Auftraggeber";"Empfänger";"Betrag (€)";"Saldo (€)"
        "20.11.2026";"20.11.2026";"Gutschrift";"Verwendungszweck INV-2026-0007";"ACME GMBH";"Muster Max";"1.190,00 €";"1.290,00 €"
        "18.11.2026";"18.11.2026";"Lastschrift";"Strom";"Muster Max";"Stadtwerke";"-50,00 €";"100,00 €"
        """,
        ("DE12100100100123456789", "1190.00 EUR", "ACME GMBH", ""),
        (),
    ),
    "comdirect": (
        """\
        ;
        "Umsätze Girokonto";"Zeitraum: 30 Tage";
        "Neuer Kontostand";"1.290,00 EUR";

        "Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";
        "20.11.2026";"20.11.2026";"Übertrag / Überweisung";"Auftraggeber: ACME GMBH Buchungstext: INV-2026-0007 Ref. ABC123/1";"1.190,00";
        "offen";"--";"Lastschrift";"Auftraggeber: X Buchungstext: Y";"-10,00";

        "Alter Kontostand";"100,00 EUR";
        """,
        ("comdirect/EUR", "1190.00 EUR", "ACME GMBH", ""),
        (),
    ),
    "raiffeisen of switzerland": (
        """\
        IBAN;Booked At;Text;Credit/Debit Amount;Balance;Valuta Date
        CH9300762011623852957;2026-11-20 00:00:00.0;Gutschrift ACME AG INV-2026-0007;1190.00;2190.00;2026-11-20 00:00:00.0
        CH9300762011623852957;2026-11-19 00:00:00.0;Zahlung;-23.00;1000.00;2026-11-19 00:00:00.0
        """,
        ("CH9300762011623852957", "1190.00 CHF", "", ""),
        (ZLOTY, FRANCS),
    ),
    "ubs": (
        """\
        IBAN:;CH93 0076 2011 6238 5295 7;
        Bewertet in:;CHF;

        Abschlussdatum;Abschlusszeit;Buchungsdatum;Valutadatum;Währung;Belastung;Gutschrift;Einzelbetrag;Saldo;Transaktions-Nr.;Beschreibung1;Beschreibung2;Beschreibung3;Fussnoten;
        2026-11-20;10:11:12;2026-11-20;2026-11-20;CHF;;1190.00;;1177.00;1234567TI1234567;"ACME AG;8001 Zürich";"Gutschrift";"Zahlungsgrund: INV-2026-0007";;
        """,
        ("CH9300762011623852957", "1190.00 CHF", "ACME AG", ""),
        (),
    ),
    "mbank": (
        """\
        #Data operacji;#Data księgowania;#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Numer konta;#Kwota;#Saldo po operacji;
        2026-11-20;2026-11-20;PRZELEW PRZYCHODZĄCY;"FAKTURA INV-2026-0007";"ACME SP Z OO";'10102055610000380212345678';1 190,00;2 230,00;
        2026-11-19;2026-11-19;OPŁATA;"";"";'';-10,00;1 040,00;
        """,
        ("PL92114010100000112233001001", "1190.00 PLN", "ACME SP Z OO", "10102055610000380212345678"),
        (ZLOTY,),
    ),
    "nordea of sweden": (
        """\
        Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta;
        2026/11/20;1190,00;;1234567890;Acme AB;INV-2026-0007;21900,00;SEK;
        2026/11/19;-100,00;1234567890;;;Avgift;20710,00;SEK;
        """,
        ("", "1190.00 SEK", "Acme AB", ""),
        (),
    ),
    "boursobank": (
        """\
        dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel;accountbalance
        2026-11-20;2026-11-20;"VIR SEPA ACME SARL | INV-2026-0007";"Virements";"Virements";"acme";"1 190,00";;00040123456;"Compte";2190.00
        """,
        ("00040123456", "1190.00 EUR", "", ""),
        (),
    ),
    "two columns of names": (
        """\
        Date;From;To;Description;Amount;Currency
        2026-11-20;Acme Ltd;Me Ltd;INV-2026-0007;1190.00;GBP
        2026-11-21;Me Ltd;Landlord;rent;-500.00;GBP
        """,
        ("", "1190.00 GBP", "Acme Ltd", ""),
        (),
    ),
}


@pytest.mark.parametrize("name", MT940)
def test_mt940_of_a_bank(name: str) -> None:
    text, expected = MT940[name]
    found = read(dedent(text).replace("\n", "\r\n").encode("cp1252"), name)
    assert found.value is not None, found.problems
    (statement,) = found.value
    (only,) = statement.remittances
    assert (statement.account, str(only.amount), only.payer, only.payer_account) == expected
    assert "INV-2026-0007" in only.text
    assert statement.difference is not None
    assert not statement.difference
    assert found.problems == ()


@pytest.mark.parametrize("name", CSV)
def test_csv_of_a_bank(name: str) -> None:
    text, expected, own = CSV[name]
    found = read(dedent(text).encode(), name, own=own, headings=HEADINGS)
    assert found.value is not None, found.problems
    (statement,) = found.value
    first = statement.remittances[0]
    assert (statement.account, str(first.amount), first.payer, first.payer_account) == expected
    assert "INV-2026-0007" in first.text
    assert first.booked.isoformat() == "2026-11-20"
    if name in {"postbank", "two columns of names"}:
        assert statement.remittances[1].payer in {"Stadtwerke", "Landlord"}


def test_a_guess_that_finds_no_amount_is_told() -> None:
    text = "Date;Text;Amount of postage;Total;Currency\n2026-11-20;INV-2026-0007;0.00;1190.00;EUR\n"
    (problem,) = read(text.encode(), "x.csv", headings=HEADINGS).problems
    assert (problem.rule, problem.line) == ("unknown-columns", 1)
    assert "declare its columns" in problem.hint


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"<!DOCTYPE html><html><body>Session expired</body></html>", "a web page"),
        (b"\n<HTML><head></head></HTML>", "a web page"),
        (b"export/".ljust(257, b"\0") + b"ustar\x0000".ljust(300, b"\0"), "an archive"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, "an archive"),
        (b'<?xml version="1.0"?><statement><entry/></statement>', "no Document"),
    ],
)
def test_what_is_often_taken_for_a_statement(head: bytes, says: str) -> None:
    (problem,) = read(head, "x").problems
    assert says in problem.message
