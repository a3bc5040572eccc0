"""A booking batch (Buchungsstapel) for DATEV: header version 700, category 21, format version 13.

Rule. Source: DATEV Developer Portal, DATEV-Format (developer.datev.de, "header", "booking-batch", seen in 2026): the
file is called EXTF_….csv, Windows-1252, CR LF, semicolons; texts in quotes even where empty, numbers never; decimal
comma, no thousands; a control line of 31 fields, a line of 125 headings, at most 99,999 rows of 125 fields. Field 1 is
above zero, field 2 says debit (S) or credit (H) of field 7; field 10 is DDMM, its year follows from the fiscal year in
the control line, so a batch lies in one fiscal year; field 11 is what open items are cleared by: 36 of A-Z a-z 0-9 _ $
& % * + - /; field 14 has 60 characters; field 114 locks (Festschreibung). Amounts are in the books' currency.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from git_bill.money import Money
from git_bill.period import Period
from git_bill.problem import Problem
from git_bill.receivable.export.datev_accounts import Area, Chart
from git_bill.receivable.export.document import Document
from git_bill.receivable.export.entry import Account, Entry, Posting
from git_bill.receivable.export.plain_text import one_line
from git_bill.receivable.matching import spelling

MOST_ROWS = 99_999
_HEAD = (
    "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;WKZ Basis-Umsatz;Konto;"
    "Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;Belegfeld 2;Skonto;Buchungstext;Postensperre;"
    "Diverse Adressnummer;Geschäftspartnerbank;Sachverhalt;Zinssperre;Beleglink;"
    + "".join(f"Beleginfo - Art {n};Beleginfo - Inhalt {n};" for n in range(1, 9))
    + "KOST1 - Kostenstelle;KOST2 - Kostenstelle;Kost-Menge;EU-Land u. UStID (Bestimmung);"
    "EU-Steuersatz (Bestimmung);Abw. Versteuerungsart;Sachverhalt L+L;Funktionsergänzung L+L;BU 49 Hauptfunktionstyp;"
    "BU 49 Hauptfunktionsnummer;BU 49 Funktionsergänzung;"
    + "".join(f"Zusatzinformation - Art {n};Zusatzinformation- Inhalt {n};" for n in range(1, 21))
    + "Stück;Gewicht;Zahlweise;Forderungsart;Veranlagungsjahr;Zugeordnete Fälligkeit;Skontotyp;Auftragsnummer;"
    "Buchungstyp;USt-Schlüssel (Anzahlungen);EU-Land (Anzahlungen);Sachverhalt L+L (Anzahlungen);"
    "EU-Steuersatz (Anzahlungen);Erlöskonto (Anzahlungen);Herkunft-Kz;Buchungs GUID;KOST-Datum;SEPA-Mandatsreferenz;"
    "Skontosperre;Gesellschaftername;Beteiligtennummer;Identifikationsnummer;Zeichnernummer;Postensperre bis;"
    "Bezeichnung SoBil-Sachverhalt;Kennzeichen SoBil-Buchung;Festschreibung;Leistungsdatum;"
    "Datum Zuord. Steuerperiode;Fälligkeit;Generalumkehr (GU);Steuersatz;Land;Abrechnungsreferenz;BVV-Position;"
    "EU-Land u. UStID (Ursprung);EU-Steuersatz (Ursprung);Abw. Skontokonto"
)
COLUMNS = tuple(_HEAD.split(";"))
_TEXTS = frozenset(
    {2, 3, 6, 9, 11, 12, 14, 16, *range(20, 39), 40, 42, *range(48, 88)}
    | {91, 95, 96, 98, 102, 103, 105, 107, 109, 110, 112, 118, 120, 121, 123}
)
_AMOUNT, _SIDE, _CURRENCY, _ACCOUNT, _CONTRA, _DAY, _NUMBER, _TEXT = 1, 2, 3, 7, 8, 10, 11, 14
_INFO, _INFO_TEXT, _VAT_ID, _LOCK, _DUE = 21, 22, 40, 114, 117
_KINDS: Mapping[str, str] = {
    "invoice": "Rechnung",
    "payment": "Zahlung",
    "write-off": "Ausbuchung",
    "set-off": "Verrechnung",
    "money": "Umsatz",
}
_NO_BOOKING = frozenset({"conversion", "vat", "vat-pending"})  # DATEV takes the tax out by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a batch is made from. `area`: where a country lies, seen from the issuer."""

    chart: Chart
    period: Period
    currency: str
    entries: Sequence[Entry]
    documents: Mapping[str, Document]
    area: Callable[[str], Area]
    at: datetime

    @property
    def fiscal_year(self) -> date:
        """First day of the fiscal year that the period begins in."""
        month, first = self.chart.settings.fiscal_year_start, self.period.first
        return date(first.year - (first.month < month), month, 1)


def batch(made: Batch) -> tuple[bytes, tuple[Problem, ...]]:
    """The file, and what is missing: accounts, or a period that is no part of one fiscal year. Then it is no use."""
    if unfit := tuple(_unfit(made)):
        return b"", unfit
    problems: list[Problem] = []
    rows: list[str] = []
    for entry in made.entries:
        for row in _rows(made, entry):
            if isinstance(row, Problem):
                problems += [row] if row not in problems else []
            else:
                rows.append(row)
    if len(rows) > MOST_ROWS:
        hint = "export a shorter period: git bill export 2026-Q1 --for datev"
        problems.append(Problem(rule="too-many", message=f"{len(rows)} rows; a batch holds {MOST_ROWS}", hint=hint))
    return _encoded([_control(made), _HEAD, *rows]), tuple(problems)


def _unfit(made: Batch) -> Iterator[Problem]:
    start = made.fiscal_year
    if made.period.last >= start.replace(year=start.year + 1):
        hint = f"export each year by itself; yours begins in month {start.month}: [export] fiscal_year_start"
        yield Problem(rule="fiscal-years", message=f"{made.period} is not in one fiscal year", hint=hint)
    if not made.chart.code:
        hint = 'ask your adviser, and write below [export]: chart = "skr03" (or "skr04")'
        yield Problem(
            rule="no-chart",
            message="which chart of accounts DATEV has is not said",
            hint=hint,
            file="billing/billing.toml",
        )


def _control(made: Batch) -> str:
    """The control line (Header), 31 fields."""
    settings = made.chart.settings
    first, last = made.period.first, made.period.last
    fields = ['"EXTF"', "700", "21", '"Buchungsstapel"', "13", f"{made.at:%Y%m%d%H%M%S}000", "", '"RE"']
    fields += ['"git_bill"', '""', str(settings.datev.consultant), str(settings.datev.client)]
    fields += [f"{made.fiscal_year:%Y%m%d}", str(made.chart.length), f"{first:%Y%m%d}", f"{last:%Y%m%d}"]
    fields += [f'"Rechnungen {first:%m.%Y}-{last:%m.%Y}"', '""', "1", "0", str(int(settings.datev.lock))]
    fields += [f'"{made.currency}"', "", '""', "", "", f'"{made.chart.code}"', "", "", '""', '""']
    return ";".join(fields)


def _rows(made: Batch, entry: Entry) -> Iterator[str | Problem]:
    """A row for each account that stands against the client's (or, without a client, the bank's)."""
    sums: dict[tuple[str, str, Account], Money] = {}
    for posting, worth in _gross(entry):
        number = made.chart.number(posting.account, _area(made, posting), gain=worth.amount < 0)
        if isinstance(number, Problem):
            yield number
            continue
        key = (number, posting.document, posting.account)
        sums[key] = sums[key] + worth if key in sums else worth
    if not sums:
        return
    clients = [key for key in sums if key[2].role in {"receivable", "credit"}]
    pivot = (clients or list(sums))[0]
    others = {key: worth for key, worth in sums.items() if key[0] != pivot[0]}
    if not others and len({(number, document) for number, document, _ in sums}) > 1:
        yield from _cleared(made, entry, sums)
        return
    for key, worth in others.items():
        if worth:
            yield _row(made, entry, key[2], (pivot[0], key[0]), -worth, key[1] or entry.number or entry.id)


def _gross(entry: Entry) -> Iterator[tuple[Posting, Money]]:
    """Postings with the tax of their treatment in them, as automatic accounts want it."""
    taxes: dict[tuple[str, ...], Money] = {}
    for each in entry.postings:
        if each.account.role in {"vat", "vat-pending"}:
            key = each.account.of
            taxes[key] = taxes[key] + each.amount.worth if key in taxes else each.amount.worth
    for each in entry.postings:
        if each.account.role not in _NO_BOOKING:
            tax = taxes.pop(each.account.of[:2], None) if len(each.account.of) > 1 else None
            yield each, each.amount.worth if tax is None else each.amount.worth + tax


def _cleared(made: Batch, entry: Entry, sums: Mapping[tuple[str, str, Account], Money]) -> Iterator[str | Problem]:
    """One document against another of the same client: by way of an account in between, which ends at zero."""
    between = Account(role="unassigned")
    number = made.chart.number(between, "home")
    for (account, document, _), worth in sums.items():
        if isinstance(number, Problem):
            yield number
        elif worth:
            yield _row(made, entry, between, (account, number), worth, document or entry.id)


def _row(  # noqa: PLR0917  in the order of a row
    made: Batch, entry: Entry, other: Account, accounts: tuple[str, str], worth: Money, about: str
) -> str:
    """125 fields. `worth`: of the first account, above zero where it is debited."""
    document = made.documents.get(entry.number)
    cells = {
        _AMOUNT: f"{abs(worth.rounded().amount):.2f}".replace(".", ","),
        _SIDE: "S" if worth.amount > 0 else "H",
        _CURRENCY: made.currency,
        _ACCOUNT: accounts[0],
        _CONTRA: accounts[1],
        _DAY: f"{entry.day:%d%m}",
        _NUMBER: re.sub(r"[^A-Za-z0-9_$&%*+/-]+", "-", about)[:36],
        _TEXT: one_line(f"{_KINDS.get(entry.kind, 'Rechnungskorrektur')} {entry.payee}")[:60],
        _LOCK: str(int(made.chart.settings.datev.lock)),
    }
    if document is not None and document.quote is not None:
        stated = sum(each.amount.stated.amount for each in entry.postings if each.account.role == "receivable")
        cells |= {_INFO: "Fremdwährung", _INFO_TEXT: f"{stated:f} {document.invoice.currency}; {document.quote}"}
    if document is not None and entry.kind in {"invoice", "credit-note"}:
        cells[_DUE] = f"{document.invoice.due_date:%d%m%Y}"
    if document is not None and _is_recapitulated(other) and made.area(document.invoice.client.country) == "eu":
        cells[_VAT_ID] = re.sub(r"[^A-Z0-9]", "", (document.invoice.client.vat_id or "").upper())[:15]
    return ";".join(_cell(at, cells.get(at, "")) for at in range(1, len(COLUMNS) + 1))


def _is_recapitulated(account: Account) -> bool:
    """Whether what is booked there goes into the recapitulative statement, with the client's VAT id."""
    return account.role in {"revenue", "discount"} and account.of[:1] in {("AE",), ("K",)}


def _cell(at: int, text: str) -> str:
    if at not in _TEXTS:
        return text
    return '"' + text.replace('"', '""') + '"'


def _area(made: Batch, posting: Posting) -> Area:
    document = made.documents.get(posting.document)
    return made.area(document.invoice.client.country) if document is not None else "home"


def _encoded(lines: Sequence[str]) -> bytes:
    """Windows-1252; other letters as passports write them, else a question mark."""
    text = "".join(f"{line}\r\n" for line in lines)
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        return "".join(map(_plain, text)).encode("cp1252", "replace")


def _plain(char: str) -> str:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        latin = spelling.plain(char)
        return (latin.lower() if char.islower() else latin) if latin.isascii() and latin else "?"
    return char
