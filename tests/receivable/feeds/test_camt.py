"""camt: what a version, a bank or a batch does differently."""

# ruff: noqa: E501  lines of real files stay whole

from datetime import date
from decimal import Decimal

import pytest
from tests.receivable.feeds.bank import IBAN, Booking, History, camt

from git_bill.receivable.account import Statement
from git_bill.receivable.feeds.detect import read
from git_bill.receivable.remittance import Remittance

DAY = date(2026, 11, 20)
VERSIONS = [f"camt.05{kind}.001.{number:02}" for kind in (2, 3, 4) for number in range(2, 14)]
ONE = History(bookings=[Booking(day=DAY, amount=Decimal("1190.00"), end_to_end="E2E-7", bank_reference="B1")])


def of(entries: str, *, balances: str = "", head: str = "") -> bytes:
    """A camt.053.001.08 around entries."""
    return (
        f'<?xml version="1.0"?>\n{head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>\n'
        f"<Stmt><Id>7</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>{balances}\n{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(details: str, *, amount: str = "100.00", mark: str = "CRDT", more: str = "") -> str:
    """A booked entry."""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{more}<Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><DtTm>2026-11-20T09:00:00+01:00</DtTm></BookgDt><NtryDtls>{details}</NtryDtls></Ntry>\n"
    )


def statement(content: bytes) -> Statement:
    """The only one, without errors."""
    found = read(content, "x.xml")
    assert found.value is not None, found.problems
    return found.value[0]


def single(content: bytes) -> Remittance:
    """The only remittance."""
    (found,) = statement(content).remittances
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_of_the_three_messages(version: str) -> None:
    found = single(camt(ONE, 0, 1, version))
    assert (str(found.amount), found.payer, found.payer_account) == (
        "1190.00 EUR",
        "Acme GmbH",
        "DE89370400440532013000",
    )
    assert (found.text, found.end_to_end, found.bank_reference) == ("Rechnung INV-2026-0007", "E2E-7", "B1")
    assert (found.booked, found.value_date, found.kind, found.feed) == (DAY, DAY, "payment", version[:8])


def test_a_batch_becomes_remittances_that_sum_to_the_entry() -> None:
    parts = tuple(map(Decimal, ("100.10", "200.20", "0.70")))
    history = History(bookings=[Booking(day=DAY, amount=Decimal("301.00"), parts=parts)])
    found = statement(camt(history, 0, 1))
    assert [str(each.amount) for each in found.remittances] == ["100.10 EUR", "200.20 EUR", "0.70 EUR"]
    assert {str(each.entry) for each in found.remittances} == {"301.00 EUR"}
    assert [each.id[-2:] for each in found.remittances] == ["-1", "-2", "-3"]
    assert found.entries == 1
    assert not found.difference


def test_a_batch_whose_details_do_not_sum_stays_one_and_says_so() -> None:
    details = "".join(
        f'<TxDtls><Amt Ccy="EUR">{each}</Amt><RmtInf><Ustrd>INV-{each}</Ustrd></RmtInf></TxDtls>' for each in (10, 20)
    )
    found = read(of(entry(details)), "x.xml")
    assert found.value is not None
    (only,) = found.value[0].remittances
    assert str(only.amount) == "100.00 EUR"
    assert "INV-10" in only.text
    assert "INV-20" in only.text
    (problem,) = found.problems
    assert (problem.severity, problem.line) == ("warning", 4)
    assert "sum to 30.00 EUR, the entry is 100.00 EUR" in problem.message


def test_only_what_is_booked_counts() -> None:
    pending = camt(ONE, 0, 1).replace(b"<Cd>BOOK</Cd></Sts>", b"<Cd>PDNG</Cd></Sts>")
    found = statement(pending)
    assert (found.entries, found.pending, found.remittances) == (0, 1, ())


def test_a_returned_direct_debit_is_a_chargeback_that_names_what_it_takes_back() -> None:
    details = (
        "<TxDtls><Refs><EndToEndId>INV-2026-0007</EndToEndId><MndtId>M-1</MndtId></Refs>"
        '<Amt Ccy="EUR">103.00</Amt><Chrgs><Rcrd><Amt Ccy="EUR">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
        "<RltdPties><Dbtr><Pty><Nm>Acme</Nm></Pty></Dbtr></RltdPties><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>"
    )
    found = single(of(entry(details, amount="103.00", mark="DBIT")))
    assert (found.kind, found.reverses, str(found.amount), str(found.fee)) == (
        "chargeback",
        "INV-2026-0007",
        "-103.00 EUR",
        "3.00 EUR",
    )
    assert (found.payer, found.mandate) == ("Acme", "M-1")


def test_a_payment_in_another_currency_keeps_what_was_sent_and_the_rate() -> None:
    details = (
        '<TxDtls><Amt Ccy="EUR">91.00</Amt><AmtDtls><InstdAmt><Amt Ccy="USD">100.00</Amt><CcyXchg><SrcCcy>USD</SrcCcy>'
        "<XchgRate>1.0989</XchgRate></CcyXchg></InstdAmt></AmtDtls></TxDtls>"
    )
    found = single(of(entry(details, amount="91.00")))
    assert (str(found.amount), str(found.original), found.rate) == ("91.00 EUR", "100.00 USD", Decimal("1.0989"))


def test_a_structured_reference_and_a_named_document() -> None:
    details = (
        "<TxDtls><RmtInf><Strd><RfrdDocInf><Nb>INV-2026-0007</Nb></RfrdDocInf><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd>"
        "</CdOrPrtry></Tp><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
    )
    found = single(of(entry(details)))
    assert (found.reference, found.text) == ("RF18539007547034", "INV-2026-0007")


def test_bank_charges_are_fees() -> None:
    code = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>"
    found = single(of(entry("", amount="4.90", mark="DBIT", more=code)))
    assert found.kind == "fee"


def test_a_negative_balance_and_a_gap_are_told() -> None:
    history = History(bookings=ONE.bookings, opening=Decimal(-500))
    found = statement(camt(history, 0, 1))
    assert (str(found.opening), str(found.closing)) == ("-500.00 EUR", "690.00 EUR")
    cut = camt(history, 0, 1).replace(b">690.00<", b">700.00<")
    (problem,) = read(cut, "x.xml").problems
    assert (problem.rule, problem.severity, problem.file) == ("statement-incomplete", "warning", "x.xml")
    assert "10.00 EUR is missing" in problem.message


def test_two_statements_of_two_accounts_in_one_file() -> None:
    content = camt(ONE, 0, 1)
    other = content[content.index(b"<Stmt>") : content.index(b"</BkToCstmrStmt>")]
    other = other.replace(IBAN.encode(), b"CH9300762011623852957").replace(b"EUR", b"CHF")
    found = read(content.replace(b"</BkToCstmrStmt>", other + b"</BkToCstmrStmt>"), "x.xml").value
    assert found is not None
    assert [(each.account, each.currency, len(each.remittances)) for each in found] == [
        (IBAN, "EUR", 1),
        ("CH9300762011623852957", "CHF", 1),
    ]


def test_a_statement_that_is_there_twice_is_taken_once() -> None:
    content = camt(ONE, 0, 1)
    again = content[content.index(b"<Stmt>") : content.index(b"</BkToCstmrStmt>")]
    found = read(content.replace(b"</BkToCstmrStmt>", again + b"</BkToCstmrStmt>"), "x.xml").value
    assert found is not None
    assert [len(each.remittances) for each in found] == [1, 0]


LAUGHS = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>'
FETCHES = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("head", [LAUGHS, FETCHES])
def test_a_document_type_is_never_read(head: str) -> None:
    found = read(of(entry("<TxDtls><RmtInf><Ustrd>x</Ustrd></RmtInf></TxDtls>"), head=head), "x.xml")
    assert found.value is None
    assert [each.rule for each in found.problems] == ["broken-xml"]
    assert "document type" in found.problems[0].message


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (b'Ccy="EUR">1190', b'Ccy="XYZ">1190', 6, "'XYZ' is not a currency"),
        (b'Ccy="EUR">1190', b'Ccy="USD">1190', 6, "it is in USD, the account in EUR"),
        (b">1190.00<", b">1.190,00<", 6, "'1.190,00' is not an amount"),
        (b">1190.00<", b">-1190.00<", 6, "has a sign"),
        (b"<CdtDbtInd>CRDT</CdtDbtInd><Sts>", b"<CdtDbtInd>UP</CdtDbtInd><Sts>", 6, "'UP', not CRDT or DBIT"),
        (b"<BookgDt><Dt>2026-11-20", b"<BookgDt><Dt>20.11.2026", 6, "'20.11.2026' is not a day"),
    ],
)
def test_a_wrong_entry_is_told_with_its_line_and_nothing_is_imported(
    old: bytes, new: bytes, line: int, says: str
) -> None:
    content = camt(ONE, 0, 1)
    assert old in content
    found = read(content.replace(old, new), "x.xml")
    assert found.value is None
    problem = found.problems[0]
    assert (problem.file, problem.line) == ("x.xml", line)
    assert says in problem.message
    assert "like <Amt" in problem.hint


def test_a_truncated_file_is_told_with_its_line() -> None:
    content = camt(ONE, 0, 1)
    found = read(content[:-60], "x.xml")
    assert found.value is None
    assert found.problems[-1].rule == "broken-xml"
    assert found.problems[-1].line == 6


def test_another_message_is_no_statement() -> None:
    found = read(b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><X/></Document>', "x.xml")
    assert found.value is None
    assert "no bank statement: Document of urn:iso:std:iso:20022:tech:xsd:pain.001.001.03" in found.problems[0].message


def test_a_reversal_without_details_names_the_entry_that_it_takes_back() -> None:
    bare = entry("", mark="DBIT", more="<RvslInd>true</RvslInd><AcctSvcrRef>AAA111</AcctSvcrRef>")
    found = single(of(bare.replace("<NtryDtls></NtryDtls>", "")))
    assert (found.kind, found.reverses, found.bank_reference) == ("chargeback", "AAA111", "AAA111")
    plain = entry("", mark="DBIT", more="<AcctSvcrRef>AAA111</AcctSvcrRef>").replace("<NtryDtls></NtryDtls>", "")
    assert single(of(plain)).reverses == ""


def test_a_reversed_batch_that_can_not_be_taken_apart_names_its_entry() -> None:
    more = "<RvslInd>true</RvslInd><AcctSvcrRef>AAA111</AcctSvcrRef>"
    parts = "<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs></TxDtls>" * 2
    assert single(of(entry(parts, mark="DBIT", more=more))).reverses == "AAA111"


CHARGE = '<Chrgs><Rcrd><Amt Ccy="{}">{}</Amt><CdtDbtInd>DBIT</CdtDbtInd>{}</Rcrd></Chrgs>'


@pytest.mark.parametrize(
    ("charge", "fee"),
    [
        (CHARGE.format("EUR", "3.00", ""), "3.00 EUR"),
        (CHARGE.format("EUR", "3.00", "<ChrgInclInd>true</ChrgInclInd><Br>SHAR</Br>"), "3.00 EUR"),
        (CHARGE.format("EUR", "100.00", ""), "None"),
        (CHARGE.format("EUR", "2406.27", ""), "None"),
        (CHARGE.format("USD", "3.00", ""), "None"),
        (CHARGE.format("EUR", "3.00", "<ChrgInclInd>false</ChrgInclInd>"), "None"),
        (CHARGE.format("EUR", "3.00", "<Br>DEBT</Br>"), "None"),
    ],
)
def test_a_charge_is_a_fee_where_it_was_kept_of_this_amount(charge: str, fee: str) -> None:
    assert str(single(of(entry("", more=charge))).fee) == fee
    details = f'<TxDtls><Amt Ccy="EUR">100.00</Amt>{charge}</TxDtls>'
    assert str(single(of(entry(details))).fee) == fee


def test_charges_of_an_entry_are_no_fees_of_its_parts() -> None:
    part = '<TxDtls><Amt Ccy="EUR">50.00</Amt>{}</TxDtls>'
    parts = part.format("") + part.format(CHARGE.format("EUR", "60.00", ""))
    found = statement(of(entry(parts, more=CHARGE.format("EUR", "9.00", ""))))
    assert [each.fee for each in found.remittances] == [None, None]
