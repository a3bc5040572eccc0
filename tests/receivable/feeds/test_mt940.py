"""MT940: the dialects of field :86:, and what is broken."""

# ruff: noqa: E501  lines of real files stay whole

from datetime import date
from decimal import Decimal

import pytest
from tests.receivable.feeds.bank import Booking, History, mt940

from git_bill.receivable.feeds.detect import read
from git_bill.receivable.feeds.mapping import Account
from git_bill.receivable.remittance import Remittance


def of(entry: str, details: str, account: str = "12030000/0000202051") -> bytes:
    """A statement around an entry of 1190.00 EUR."""
    return (
        f":20:X\n:25:{account}\n:28C:1/1\n:60F:C261119EUR0,\n{entry}\n{details}\n:62F:C261120EUR1190,00\n-\n".encode()
    )


ENTRY = ":61:2611201120C1190,00NTRFNONREF//B-1"


def single(content: bytes, *own: Account) -> Remittance:
    """The only remittance, without problems."""
    found = read(content, "x.sta", own=own)
    assert found.problems == ()
    assert found.value is not None
    (only,) = found.value[0].remittances
    return only


GERMAN = (
    ":86:166?00GUTSCHRIFT?109310?20EREF+E2E-7?21MREF+M-1?22SVWZ+Rechnung INV-2026-?230007 vom 01.11.2026?30COBADEFF\n"
    "XXX?31DE89370400440532013000?32Acme Gesellschaft mit besch?33raenkter Haftung"
)
OLD_GERMAN = ":86:051?00UEBERWEISUNG?20RECHNUNG INV-2026-0007?21DANKE?3050880050?310194774600?32ACME GMBH"
RABOBANK = ":86:/EREF/E2E-7/BENM//NAME/Acme B.V./REMI/Factuur INV-2026-0007/ISDT/2026-11-20"
ABN_AMRO = ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL46ABNA0499998748/BIC/ABNANL2A/NAME/Acme B.V./REMI/Factuur\n INV-2026-0007/EREF/E2E-7"
ING = ":86:/EREF/E2E-7//CNTP/NL46ABNA0499998748/ABNANL2A/Acme B.V./UTRECHT//REMI/USTD//Factuur INV-2026-0007/"
ING_STRUCTURED = ":86:/CNTP/NL46ABNA0499998748/ABNANL2A/Acme B.V.///REMI/STRD/CUR/9001234567890123/"
POSTFINANCE = ":86:GIRO AUS ONLINE-SIC 80532 AUFTRAGGEBER: ACME AG BERN MITTEILUNGEN: RECHNUNG INV-2026-0007"
SWISS_QR = ":86:GUTSCHRIFT QR-RECHNUNG REF 210000000003139471430009017"
KNAB = ":86:FACTUUR INV-2026-0007\nREK: NL65INGB0123456789/NAAM: ACME BV"
TRIODOS = ":86:000>100987654321\n>20FACTUUR INV-2026-0>21007"
SNS = ":86:0987654321 acme bv\n                    \nfactuur INV-2026-0007"
SBERBANK = ":NS:01526715\n02INV-2026-0007\n15ACME Zrt.\n3310918001\n340000004279070017"
FREE = ":86:INV-2026-0007 RF18539007547034 THANK YOU"


@pytest.mark.parametrize(
    ("details", "payer", "account", "text", "end_to_end"),
    [
        (
            GERMAN,
            "Acme Gesellschaft mit beschraenkter Haftung",
            "DE89370400440532013000",
            "Rechnung INV-2026- 0007 vom 01.11.2026",
            "E2E-7",
        ),
        (OLD_GERMAN, "ACME GMBH", "0194774600", "RECHNUNG INV-2026-0007 DANKE", ""),
        (RABOBANK, "Acme B.V.", "", "Factuur INV-2026-0007", "E2E-7"),
        (ABN_AMRO, "Acme B.V.", "NL46ABNA0499998748", "Factuur INV-2026-0007", "E2E-7"),
        (ING, "Acme B.V.", "NL46ABNA0499998748", "Factuur INV-2026-0007", "E2E-7"),
        (ING_STRUCTURED, "Acme B.V.", "NL46ABNA0499998748", "9001234567890123", ""),
        (POSTFINANCE, "ACME AG BERN", "", POSTFINANCE[4:], ""),
        (KNAB, "ACME BV", "NL65INGB0123456789", "FACTUUR INV-2026-0007", ""),
        (TRIODOS, "", "0987654321", "FACTUUR INV-2026-0 007", ""),
        (SNS, "acme bv", "0987654321", "0987654321 acme bv factuur INV-2026-0007", ""),
        (SBERBANK, "ACME Zrt.", "109180010000004279070017", "526715 INV-2026-0007", ""),
        (FREE, "", "", FREE[4:], ""),
    ],
    ids=[
        "german",
        "old-german",
        "rabobank",
        "abn-amro",
        "ing",
        "ing-structured",
        "postfinance",
        "knab",
        "triodos",
        "sns",
        "sberbank",
        "free",
    ],
)
def test_a_dialect_of_the_details(details: str, payer: str, account: str, text: str, end_to_end: str) -> None:
    found = single(of(ENTRY, details))
    assert (found.payer, found.payer_account, found.text, found.end_to_end) == (payer, account, text, end_to_end)
    assert (found.bank_reference, found.kind) == ("B-1", "payment")


@pytest.mark.parametrize(
    ("details", "reference"),
    [
        (SWISS_QR, "210000000003139471430009017"),
        (FREE, "RF18539007547034"),
        (ING_STRUCTURED, "9001234567890123"),
        (RABOBANK, ""),
    ],
)
def test_a_structured_reference_is_found_where_the_bank_puts_it(details: str, reference: str) -> None:
    assert single(of(ENTRY, details)).reference == reference


def test_a_mandate_is_kept() -> None:
    assert single(of(ENTRY, GERMAN)).mandate == "M-1"


def test_rabobank_writes_a_name_behind_the_reference_and_several_details() -> None:
    entry = ":61:261120C000000001190,00N0440121470966      W.P. Jansen"
    found = single(of(entry, ":86:Factuur         \n:86:INV-2026-0007       "))
    assert (found.payer, found.payer_account, found.text) == ("W.P. Jansen", "0121470966", "Factuur INV-2026-0007")
    assert found.booked == date(2026, 11, 20)


def test_an_entry_of_december_with_a_value_date_in_january() -> None:
    content = of(":61:2701021231C1190,00NTRFNONREF", ":86:x")
    assert single(content).booked == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("mark", "amount", "kind"),
    [
        ("C", "10", "payment"),
        ("D", "-10", "other"),
        ("RC", "-10", "chargeback"),
        ("RD", "10", "other"),
        ("CR", "10", "payment"),
    ],
)
def test_debit_credit_and_their_reversals(mark: str, amount: str, kind: str) -> None:
    content = f":20:X\n:25:1234567\n:60F:C261119EUR0,\n:61:261120{mark}10,NTRFNONREF\n:86:x\n".encode()
    only = single(content)
    assert (only.amount.amount, only.kind) == (Decimal(amount), kind)


def test_an_expected_entry_is_pending() -> None:
    found = read(b":20:X\n:25:1234567\n:60F:C261119EUR0,\n:61:261120EC10,NTRFNONREF\n", "x").value
    assert found is not None
    assert (found[0].entries, found[0].pending) == (0, 1)


def test_mt942_is_the_report_of_a_day() -> None:
    content = b":20:X\n:25:NL77ABNA0574908765\n:28C:1\n:34F:EURD0,\n:13D:2611201200+0100\n:61:261120C10,NTRFNONREF\n:86:x\n:90C:1EUR10,\n-\n"
    found = single(content)
    assert (found.feed, str(found.amount), found.account) == ("mt942", "10.00 EUR", "NL77ABNA0574908765")


def test_headers_of_swift_and_of_banks_are_passed_over() -> None:
    swift = b"{1:F01BANKDEFFXXXX0000000000}{2:O9400000261120BANKDEFF00000000002611200000N}{4:\n" + of(ENTRY, FREE)
    assert single(swift[:-2] + b"-}\n").text == FREE[4:]
    assert single(b"ABNANL2A\n940\nABNANL2A\n" + of(ENTRY, FREE)).text == FREE[4:]


@pytest.mark.parametrize(
    "account", ["12030000/0000202051", "12030000/202051", "DE02 1203 0000 0000 2020 51", "DE02120300000000202051EUR"]
)
def test_the_account_is_the_declared_one_however_it_is_written(account: str) -> None:
    own = Account(account="DE02120300000000202051", currency="EUR")
    assert single(of(ENTRY, FREE, account), own).account == own.account


def test_old_code_pages_are_declared() -> None:
    content = of(ENTRY, ":86:Müller").decode().encode("cp850")
    assert single(content, Account(account="1", encoding="cp850")).text == "Müller"
    assert single(of(ENTRY, ":86:Müller").decode().encode("cp1252")).text == "Müller"
    assert single(of(ENTRY, ":86:Müller").decode().encode("utf-16")).text == "Müller"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("C1190,00NTRF", "X1190,00NTRF", 5, "2611201120X1190"),
        ("2611201120C", "2613201120C", 5, "'261320' is not a day"),
        ("EUR0,", "XYZ0,", 4, "'XYZ' is not a currency"),
        ("EUR0,", "EURabc", 4, "is not a balance"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, line: int, says: str) -> None:
    found = read(of(ENTRY, FREE).replace(old.encode(), new.encode()), "x.sta")
    assert found.value is None
    problem = found.problems[0]
    assert (problem.file, problem.line) == ("x.sta", line)
    assert says in problem.message
    assert "like :6" in problem.hint


def test_pages_of_one_day_that_look_the_same_are_two() -> None:
    day = date(2026, 11, 20)
    history = History(bookings=[Booking(day=day, amount=Decimal(100)), Booking(day=day, amount=Decimal(100))])
    found = read(mt940(history, 0, 1) + mt940(history, 1, 2), "x.sta").value
    assert found is not None
    assert len({each.id for statement in found for each in statement.remittances}) == 2


def test_a_missing_statement_between_two_is_told() -> None:
    bookings = [Booking(day=date(2026, 11, day), amount=Decimal(day)) for day in (2, 3, 4)]
    history = History(bookings=bookings)
    found = read(mt940(history, 0, 1) + mt940(history, 2, 3), "x.sta")
    assert [each.rule for each in found.problems] == ["statement-missing"]
    assert "closes with 1002.00 EUR, but the next (2/1) opens with 1005.00 EUR" in found.problems[0].message
