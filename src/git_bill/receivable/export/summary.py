"""The page that comes first in what an adviser gets: what is in it, and what it comes to, in the adviser's language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from git_bill.invoice.document.locale import date_text, days_text, money_text, percent_text
from git_bill.invoice.document.wording import Wording
from git_bill.money import Money, by_currency
from git_bill.period import Period
from git_bill.receivable.ageing import Aged
from git_bill.receivable.export.document import Document
from git_bill.receivable.export.plain_text import one_line
from git_bill.receivable.export.register import Given
from git_bill.receivable.export.settings import Basis
from git_bill.receivable.export.taxed import Declared, TaxSum

_LANGUAGES: Mapping[str, str] = {
    "AT": "de-AT",
    "BE": "nl",
    "CH": "de-CH",
    "DE": "de",
    "ES": "es",
    "FR": "fr",
    "IT": "it",
    "LI": "de-CH",
    "NL": "nl",
    "PL": "pl",
}
FILES = (  # what lies in the package → the word that says what it is
    ("documents/", "export_documents"),
    ("numbers.csv", "export_numbers"),
    ("invoices.csv, lines.csv", "export_invoices"),
    ("payments.csv", "export_payments"),
    ("receivables.csv, ageing.csv", "export_receivables"),
    ("tax.csv, tax-by-month.csv, tax-by-quarter.csv", "export_tax"),
    ("recapitulative-statement.csv", "export_recapitulative"),
    ("journal.csv, journal.hledger, datev/", "export_journal"),
    ("receipts.csv, receipts/", "export_receipts"),
    ("ledger/", "export_ledger"),
    ("index.csv", "export_index"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What it is made from. `head`: of the ledger; `folders`: those that the package has; `undecided`: money that came
    and that nobody has decided on.
    """

    issuer: str
    country: str
    period: Period
    basis: Basis
    documents: Sequence[Document]
    given: Sequence[Given]
    sums: Sequence[TaxSum]
    declared: Sequence[Declared]
    aged: Sequence[Aged]
    head: str
    lines: int
    folders: frozenset[str]
    undecided: Sequence[Money] = ()

    @property
    def net(self) -> tuple[Money, ...]:
        """Of all documents, credit notes taken off, by currency."""
        return by_currency(_signed(each, each.invoice.totals.net) for each in self.documents)

    @property
    def tax(self) -> tuple[Money, ...]:
        """The same of tax."""
        return by_currency(_signed(each, each.invoice.totals.tax) for each in self.documents)

    @property
    def gross(self) -> tuple[Money, ...]:
        """The same with tax."""
        return by_currency(_signed(each, each.invoice.totals.gross) for each in self.documents)

    @property
    def open(self) -> tuple[Money, ...]:
        """What clients owe, less what is owed to them."""
        return by_currency(each.open for each in self.aged)


def language_of(country: str) -> str:
    """The language of the documents' words that an adviser there reads; English where there is none."""
    return _LANGUAGES.get(country, "en")


def summary_text(made: Summary, wording: Wording) -> bytes:
    """UTF-8 text with a line for each thing."""
    language = language_of(made.country)

    def say(word: str, **facts: object) -> str:
        return wording.say(word, language, **facts)

    days = days_text(made.period.first, made.period.last, language)
    lines = [
        say("export_title", issuer=one_line(made.issuer), period=days),
        "",
        *(f"{name}: {say(word)}" for name, word in _files(made)),
        *_section(say("export_documents_head"), _documents(made, language, wording)),
        *_section(say("export_numbers_head"), _numbers(made, language, wording)),
        *_section(say("export_tax_head"), (say(f"export_due_{made.basis}"), "", *_tax(made, language, wording))),
        *_section(say("export_recapitulative"), _declared(made, language)),
        *_section(say("export_open_head", date=date_text(made.period.last, language)), _open(made, language, wording)),
        *_section(say("export_undecided_head"), _undecided(made, language, wording)),
        *_section(say("export_ledger_head"), (say("export_whole", head=made.head, count=made.lines),)),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _files(made: Summary) -> Iterator[tuple[str, str]]:
    """What lies in the package, without folders that it has not."""
    for names, word in FILES:
        there = [name for name in names.split(", ") if not name.endswith("/") or name in made.folders]
        if there:
            yield ", ".join(there), word


def _signed(document: Document, money: Money) -> Money:
    return -money if document.is_credit else money


def _section(head: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield from ("", head, "=" * len(head), *told)


def _documents(made: Summary, language: str, wording: Wording) -> Iterator[str]:
    yield wording.say("export_count", language, count=len(made.documents))
    for word, sums in (("export_net", made.net), ("export_vat", made.tax), ("export_gross", made.gross)):
        for amount in sums:
            yield f"{wording.say(word, language)}: {money_text(amount, language)}"


def _numbers(made: Summary, language: str, wording: Wording) -> Iterator[str]:
    gaps = [each for each in made.given if each.state != "issued"]
    if not gaps:
        yield wording.say("export_no_gap", language)
    for each in gaps:
        why = f" ({each.why})" if each.state == "void" else ""
        yield f"{each.number}: {wording.say(f'export_{each.state}', language)}{why}"


def _tax(made: Summary, language: str, wording: Wording) -> Iterator[str]:
    for each in made.sums:
        treatment = f"{each.category} {percent_text(each.rate, language)}"
        base, tax = (money_text(amount, language) for amount in (each.base, each.tax))
        words = wording.say("export_tax_line", language, base=base, tax=tax)
        yield f"{each.span}  {each.country}  {treatment}  {words}"


def _declared(made: Summary, language: str) -> Iterator[str]:
    for each in made.declared:
        yield f"{each.quarter}  {each.vat_id}  {one_line(each.name)}  {money_text(each.base, language)}"


def _undecided(made: Summary, language: str, wording: Wording) -> Iterator[str]:
    if made.undecided:
        yield wording.say("export_undecided", language, count=len(made.undecided))
        yield from (money_text(amount, language) for amount in by_currency(made.undecided))


def _open(made: Summary, language: str, wording: Wording) -> Iterator[str]:
    if not made.open:
        yield wording.say("export_nothing_open", language)
    for each in made.aged:
        yield f"{each.client}: {money_text(each.open, language)}"
    if len(made.aged) > 1:
        yield from (f"= {money_text(amount, language)}" for amount in made.open)
