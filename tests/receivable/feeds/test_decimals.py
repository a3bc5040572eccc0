"""More decimals than the currency has: refused in every format, with nothing of the file imported."""

from collections.abc import Callable

import pytest
from tests.receivable.feeds.bank import headings

from git_bill.receivable.feeds.detect import read
from git_bill.receivable.feeds.mapping import Account

OWN = Account(account="DE02120300000000202051")
HEAD = "OFXHEADER:100\n\n"


def camt(number: str, currency: str) -> str:
    """One entry of 5, and one of the amount on line 4."""
    made = "".join(
        f'<Ntry><Amt Ccy="{currency}">{each}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-11-20</Dt></BookgDt></Ntry>\n"
        for each in ("5", number)
    )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>\n'
        f"<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>\n{made}</Stmt></BkToCstmrStmt></Document>"
    )


def mt940(number: str, currency: str) -> str:
    """The same."""
    entries = "".join(f":61:2611201120C{each.replace('.', ',')}NTRFNONREF\n" for each in ("5,", number))
    return f":20:X\n:60F:C261119{currency}0,\n{entries}-\n"


def csv(number: str, currency: str) -> str:
    """The same."""
    return f"x;y\nDate;Amount;Currency;Text\n2026-11-20;-5.0;{currency};a\n2026-11-20;{number};{currency};b\n"


def ofx(number: str, currency: str) -> str:
    """The same; its decimals may follow either mark."""
    one = "<STMTTRN><DTPOSTED>20261120<TRNAMT>{}</STMTTRN>\n"
    entries = one.format("5") + one.format(number)
    return (
        f"{HEAD}<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}<BANKACCTFROM><ACCTID>1</BANKACCTFROM>"
        f"<BANKTRANLIST>{entries}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )


WRITERS = [(camt, 4), (mt940, 4), (csv, 4)]


@pytest.mark.parametrize(("writer", "line"), WRITERS)
@pytest.mark.parametrize(("number", "currency"), [("2430.575", "EUR"), ("10.5", "JPY"), ("1.0005", "KWD")])
def test_more_decimals_than_the_currency_has(
    writer: Callable[[str, str], str], line: int, number: str, currency: str
) -> None:
    found = read(writer(number, currency).encode(), "x", own=[OWN], headings=headings())
    assert found.value is None
    (problem,) = found.problems
    assert (problem.rule, problem.file, problem.line) == ("wrong-entry", "x", line)
    assert f"{number} {currency} has more decimals" in problem.message
    assert problem.hint


@pytest.mark.parametrize(("writer", "_"), WRITERS)
@pytest.mark.parametrize(
    ("number", "currency", "money"),
    [("1190.000", "EUR", "1190.00 EUR"), ("10.00", "JPY", "10 JPY"), ("1.5050", "KWD", "1.505 KWD")],
)
def test_zeros_beyond_the_decimals_are_nothing(
    writer: Callable[[str, str], str], _: int, number: str, currency: str, money: str
) -> None:
    found = read(writer(number, currency).encode(), "x", own=[OWN], headings=headings())
    assert found.value is not None, found.problems
    assert str(found.value[0].remittances[1].amount) == money


def test_ofx_where_three_digits_may_be_thousands() -> None:
    found = read(ofx("10.5", "JPY").encode(), "x.ofx")
    assert [(each.rule, each.line) for each in found.problems] == [("wrong-entry", 4)]
    assert "10.5 JPY has more decimals" in found.problems[0].message
    assert read(ofx("10.00", "JPY").encode(), "x.ofx").value is not None
    assert read(ofx("1190.000", "EUR").encode(), "x.ofx").value is None


def test_a_register_of_qif() -> None:
    own = Account(account="1", currency="EUR", dates="ymd", decimal=".")
    found = read(b"!Type:Bank\nD2026-11-20\nT2430.575\n^\n", "x.qif", own=[own])
    assert [(each.rule, each.line) for each in found.problems] == [("wrong-entry", 2)]
