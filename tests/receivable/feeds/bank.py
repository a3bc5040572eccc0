"""One bank's history, written as the bank would in each of its formats: for any cut of days."""

# ruff: noqa: E501  lines of real files stay whole

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import resources

from git_bill import shape
from git_bill.receivable.feeds.mapping import Headings

IBAN = "DE02120300000000202051"
NUMBER = "12030000/0000202051"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A line of the account; `parts`: a batch of these amounts."""

    day: date
    amount: Decimal
    payer: str = "Acme GmbH"
    payer_iban: str = "DE89370400440532013000"
    text: str = "Rechnung INV-2026-0007"
    end_to_end: str = ""
    bank_reference: str = ""
    parts: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All bookings of an account, in the bank's order."""

    bookings: Sequence[Booking]
    opening: Decimal = Decimal(1000)

    def cut(self, start: int, end: int) -> tuple[Decimal, Sequence[Booking], Decimal]:
        """Opening balance, bookings, closing balance of a part."""
        before = self.opening + sum((each.amount for each in self.bookings[:start]), Decimal(0))
        part = self.bookings[start:end]
        return before, part, before + sum((each.amount for each in part), Decimal(0))


def headings() -> Headings:
    """The table of known CSV exports as it ships."""
    text = resources.files("git_bill.tables").joinpath("csv_mappings.toml").read_text(encoding="utf-8")
    found = shape.read(Headings, text, "tables/csv_mappings.toml")
    assert found.problems == ()
    assert found.value is not None
    return found.value


def camt(history: History, start: int, end: int, version: str = "camt.053.001.08") -> bytes:
    """camt.053 with balances; .052 and .054 without. The shape of names and states is the version's."""
    opening, part, closing = history.cut(start, end)
    root, statement = {
        "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
        "camt.053": ("BkToCstmrStmt", "Stmt"),
        "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    }[version[:8]]
    late = int(version[-2:]) >= 8
    balances = _balance("OPBD", opening) + _balance("CLBD", closing) if version.startswith("camt.053") else ""
    entries = "".join(_entry(each, late=late) for each in part)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><{root}>'
        f"<GrpHdr><MsgId>M1</MsgId></GrpHdr>\n<{statement}><Id>S-{start}-{end}</Id>"
        f"<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n{balances}{entries}</{statement}></{root}></Document>\n"
    ).encode()


def _balance(code: str, amount: Decimal) -> str:
    mark = "CRDT" if amount >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{abs(amount):.2f}</Amt><CdtDbtInd>{mark}</CdtDbtInd></Bal>\n'
    )


def _entry(each: Booking, *, late: bool) -> str:
    mark = "CRDT" if each.amount > 0 else "DBIT"
    status = "<Sts><Cd>BOOK</Cd></Sts>" if late else "<Sts>BOOK</Sts>"
    reference = f"<AcctSvcrRef>{each.bank_reference}</AcctSvcrRef>" if each.bank_reference else ""
    details = "".join(_details(each, part, mark, late=late) for part in (each.parts or (abs(each.amount),)))
    return (
        f'<Ntry><Amt Ccy="EUR">{abs(each.amount):.2f}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>{each.day}</Dt></BookgDt><ValDt><Dt>{each.day}</Dt></ValDt>{reference}"
        f"<NtryDtls>{details}</NtryDtls></Ntry>\n"
    )


def _details(each: Booking, amount: Decimal, mark: str, *, late: bool) -> str:
    side = "Dbtr" if each.amount > 0 else "Cdtr"
    name = f"<Pty><Nm>{each.payer}</Nm></Pty>" if late else f"<Nm>{each.payer}</Nm>"
    return (
        f"<TxDtls><Refs><EndToEndId>{each.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f'<Amt Ccy="EUR">{abs(amount):.2f}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'
        f"<RltdPties><{side}>{name}</{side}><{side}Acct><Id><IBAN>{each.payer_iban}</IBAN></Id></{side}Acct></RltdPties>"
        f"<RmtInf><Ustrd>{each.text}</Ustrd></RmtInf></TxDtls>"
    )


def mt940(history: History, start: int, end: int) -> bytes:
    """MT940 in the German dialect; the account by bank code and number, as banks still do."""
    opening, part, closing = history.cut(start, end)
    first = part[0].day if part else date(2026, 1, 1)
    last = part[-1].day if part else date(2026, 1, 1)
    lines = [":20:STARTUMS", f":25:{NUMBER}", f":28C:{start}/1", f":60F:{_swift(opening, first)}"]
    for each in part:
        mark = "C" if each.amount > 0 else "D"
        own = f"NTRFNONREF//{each.bank_reference}" if each.bank_reference else "NTRFNONREF"
        lines.append(f":61:{each.day:%y%m%d}{each.day:%m%d}{mark}{_comma(abs(each.amount))}{own}")
        end_to_end = f"?20EREF+{each.end_to_end}" if each.end_to_end else ""
        lines.append(
            f":86:166?00GUTSCHRIFT{end_to_end}?21SVWZ+{each.text[:22]}?22{each.text[22:49]}?31{each.payer_iban}?32{each.payer[:27]}"
        )
    lines += [f":62F:{_swift(closing, last)}", "-", ""]
    return "\r\n".join(lines).encode("cp1252")


def _swift(balance: Decimal, day: date) -> str:
    return f"{'C' if balance >= 0 else 'D'}{day:%y%m%d}EUR{_comma(abs(balance))}"


def _comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def sparkasse(history: History, start: int, end: int) -> bytes:
    """CSV-CAMT of a Sparkasse, newest first."""
    heading = (
        '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";"Mandatsreferenz";'
        '"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";'
        '"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"'
    )
    rows = [
        f'"{IBAN}";"{each.day:%d.%m.%y}";"{each.day:%d.%m.%y}";"GUTSCHR. UEBERWEISUNG";"{each.text}";"";"";'
        f'"{each.end_to_end}";"";"";"";"{each.payer}";"{each.payer_iban}";"COBADEFFXXX";"{_comma(each.amount)}";"EUR";"Umsatz gebucht"'
        for each in reversed(history.bookings[start:end])
    ]
    return "\n".join([heading, *rows, ""]).encode("cp1252")


def ofx(history: History, start: int, end: int) -> bytes:
    """OFX 1, as SGML without end tags of values."""
    _, part, closing = history.cut(start, end)
    rows = "".join(
        f"<STMTTRN>\n<TRNTYPE>OTHER\n<DTPOSTED>{each.day:%Y%m%d}\n<TRNAMT>{each.amount:.2f}\n"
        f"<FITID>{each.bank_reference or '0'}\n<NAME>{each.payer}\n<MEMO>{each.text}\n</STMTTRN>\n"
        for each in part
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX>\n<BANKMSGSRSV1>\n<STMTTRNRS>\n"
        "<STMTRS>\n<CURDEF>EUR\n<BANKACCTFROM>\n<BANKID>12030000\n<ACCTID>0000202051\n<ACCTTYPE>CHECKING\n</BANKACCTFROM>\n"
        f"<BANKTRANLIST>\n{rows}</BANKTRANLIST>\n<LEDGERBAL>\n<BALAMT>{closing:.2f}\n<DTASOF>20261120\n</LEDGERBAL>\n"
        "</STMTRS>\n</STMTTRNRS>\n</BANKMSGSRSV1>\n</OFX>\n"
    ).encode("cp1252")
