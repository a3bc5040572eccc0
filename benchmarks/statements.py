"""Bank statements: how fast each format is read, and how much memory that takes, whatever the size of the file.

    python benchmarks/statements.py [--mb 100] [--only camt]

Goal: memory does not grow with the file, but for about 100 bytes an entry that tell equal ones apart.
Each format is read in a process of its own; peak memory is what the reading adds to a process that has just started.
"""

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources

from git_bill import shape
from git_bill.receivable.feeds.detect import stream
from git_bill.receivable.feeds.feed import Entry
from git_bill.receivable.feeds.mapping import Headings
from git_bill.receivable.feeds.overlap import Seen

MB = 1_000_000
CHUNK = 65_536
FIRST = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a file of a format is made of: how it begins, an entry by its number and day, and how it ends."""

    head: bytes
    entry: Callable[[int, date], str]
    tail: bytes = b""

    def written(self, size: int) -> Iterator[bytes]:
        """So many bytes of entries, in chunks as a file is read."""
        yield self.head
        written = number = 0
        piece: list[str] = []
        held = 0
        while written + held < size:
            text = self.entry(number, FIRST + timedelta(days=number // 2000))
            piece.append(text)
            held += len(text)
            number += 1
            if held >= CHUNK:
                yield "".join(piece).encode()
                written, held, piece = written + held, 0, []
        yield "".join(piece).encode()
        yield self.tail


def _camt(number: int, day: date) -> str:
    return f"""<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="EUR">{100 + number % 5000}.{number % 100:02}</Amt>
 <CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>
 <AcctSvcrRef>B{number:012}</AcctSvcrRef>
 <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
 <NtryDtls><TxDtls><Refs><EndToEndId>E2E-{number}</EndToEndId></Refs>
  <Amt Ccy="EUR">{100 + number % 5000}.{number % 100:02}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
  <RltdPties><Dbtr><Pty><Nm>Client {number % 900} GmbH</Nm></Pty></Dbtr>
   <DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct></RltdPties>
  <RltdAgts><DbtrAgt><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></DbtrAgt></RltdAgts>
  <RmtInf><Ustrd>Rechnung INV-2026-{number % 10000:04} vom {day}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
"""


def _mt940(number: int, day: date) -> str:
    return (
        f":61:{day:%y%m%d%m%d}C{100 + number % 5000},{number % 100:02}NTRFNONREF//B{number:012}\n"
        f":86:166?00GUTSCHRIFT?20EREF+E2E-{number}?21SVWZ+Rechnung INV-2026-{number % 10000:04}?30COBADEFFXXX\n"
        f"?31DE89370400440532013000?32Client {number % 900} GmbH\n"
    )


def _ofx(number: int, day: date) -> str:
    return (
        f"<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>{day:%Y%m%d}120000[-5:EST]\n"
        f"<TRNAMT>{100 + number % 5000}.{number % 100:02}\n<FITID>B{number:012}\n"
        f"<NAME>Client {number % 900} GmbH\n<MEMO>Rechnung INV-2026-{number % 10000:04}\n</STMTTRN>\n"
    )


def _row(number: int, day: date) -> str:
    return (
        f'"DE02120300000000202051";"{day:%d.%m.%y}";"{day:%d.%m.%y}";"GUTSCHRIFT";'
        f'"Rechnung INV-2026-{number % 10000:04}";"";"E2E-{number}";"Client {number % 900} GmbH";'
        f'"DE89370400440532013000";"{100 + number % 5000},{number % 100:02}";"EUR";"Umsatz gebucht"\n'
    )


FORMATS = {  # camt.053.001.08, the German dialect of MT940, OFX 1 as SGML, CSV of a Sparkasse
    "camt": Form(
        head=b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">\n'
        b"<BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>\n",
        entry=_camt,
        tail=b"</Stmt></BkToCstmrStmt></Document>\n",
    ),
    "mt940": Form(
        head=b":20:STARTUMS\n:25:12030000/0000202051\n:28C:1/1\n:60F:C260101EUR0,\n", entry=_mt940, tail=b"-\n"
    ),
    "ofx": Form(
        head=b"OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX>\n<BANKMSGSRSV1>\n<STMTTRNRS>\n<STMTRS>\n"
        b"<CURDEF>EUR\n<BANKACCTFROM>\n<BANKID>12030000\n<ACCTID>0000202051\n</BANKACCTFROM>\n<BANKTRANLIST>\n",
        entry=_ofx,
        tail=b"</BANKTRANLIST>\n</STMTRS>\n</STMTTRNRS>\n</BANKMSGSRSV1>\n</OFX>\n",
    ),
    "csv": Form(
        head=b"Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Mandatsreferenz;"
        b"Kundenreferenz (End-to-End);Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;Betrag;Waehrung;Info\n",
        entry=_row,
    ),
}


def measured(name: str, size: int) -> str:
    """Reads a file of a format once; writing it is measured by itself and taken off."""
    text = resources.files("git_bill.tables").joinpath("csv_mappings.toml").read_text(encoding="utf-8")
    headings = shape.read(Headings, text, "csv_mappings.toml").value
    assert headings is not None
    begun = time.process_time()
    real = sum(len(chunk) for chunk in FORMATS[name].written(size))
    writing = time.process_time() - begun
    list(stream(FORMATS[name].written(100_000), name, headings=headings))  # modules and tables are loaded
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seen, entries = Seen(), 0
    begun = time.process_time()
    for item in stream(FORMATS[name].written(size), name, headings=headings):
        entries += isinstance(item, Entry)
    took = time.process_time() - begun - writing
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    begun = time.process_time()
    kept = sum(
        isinstance(item, Entry) and seen.fresh(item) is not None
        for item in stream(FORMATS[name].written(min(size, 20 * MB)), name, headings=headings)
    )
    each = (time.process_time() - begun) / kept * 1e6
    return (
        f"{name:6} {real / MB:6.0f} MB {entries:9,} entries {took:6.1f} s {real / MB / took:6.1f} MB/s"
        f" {took / entries * 1e6:6.0f} µs/entry  peak +{peak:4.0f} MB  with overlap check {each:4.0f} µs/entry"
    )


def main() -> None:
    """Prints one line for each format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=20, help="size of each file")
    parser.add_argument("--only", choices=sorted(FORMATS), help="one format")
    given = parser.parse_known_args()[0]  # `make bench` names repositories, too
    context = multiprocessing.get_context("spawn")
    for name in FORMATS if given.only is None else [given.only]:
        with context.Pool(1) as alone:
            print(alone.apply(measured, (name, given.mb * MB)), flush=True)


if __name__ == "__main__":
    main()
