"""`invoice.json`, attached to the PDF: what the PDF says, as data, so that a client's own program can check it.

It says what the PDF shows and nothing more: hours and prices where the contract shows hours, days where it shows
days, commits where it shows evidence. Who bills what entry, and why, stays in the books.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from git_bill.contract.tax.treatment import Category, Tax
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.document.text import printable
from git_bill.invoice.draft import Exchange, Kind, Unit
from git_bill.invoice.issued import Invoice, InvoiceLine, Totals
from git_bill.invoice.totals import sums_of
from git_bill.money import Money
from git_bill.shape import Read, key
from git_bill.shape_json import read_json, write_json
from git_bill.worklog.entry import Worked
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import name_of

NAME = "invoice.json"
_COMMIT = r"[a-z0-9][a-z0-9_.-]*:(?:[0-9a-f]{12}|k[0-9a-f]{11})"  # the second kind where the source is keyed


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Issuer or client as the document names them."""

    name: str = key("name on the document (BT-27, BT-44)")
    vat_id: str | None = key("VAT identification number (BT-31, BT-48)", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A commit behind a line. `within`: commits seen then that repeat its change, such as a squash merge."""

    commit: str = key("source and id", example='"web-shop:3f2a9c1d4e5f"', pattern=_COMMIT)
    at: datetime | None = key("its author's time", default=None)
    within: tuple[str, ...] = key("commits that hold the same change", pattern=_COMMIT, default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLine:
    """A line. Without hours in the contract's `show` it states its net alone."""

    description: str = key("BT-153")
    quantity: Decimal | None = key("BT-129", default=None)
    unit: Unit | None = key("BT-130", default=None)
    unit_price: Money | None = key("BT-146", default=None)
    base_quantity: Decimal = key("BT-149", default=Decimal(1))
    allowances: tuple[Allowance, ...] = key("BG-27, BG-28", one_line=True, default=())
    tax: Tax | None = key("its own tax treatment (BG-30)", one_line=True, default=None)
    net: Money = key("BT-131")
    first: date | None = key("BT-134", default=None)
    last: date | None = key("BT-135", default=None)
    commits: tuple[Citation, ...] = key("commits behind it; each is cited once in a document", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The document. `evidence`: whether its lines cite commits. `language`: how it writes dates and amounts."""

    schema: int = key("version of this file's form", default=1)
    number: str = key("BT-1")
    kind: Kind = key("BT-3", default="invoice")
    issue_date: date = key("BT-2")
    due_date: date = key("BT-9")
    first: date = key("BT-73")
    last: date = key("BT-74")
    currency: str = key("BT-5", pattern=r"[A-Z]{3}")
    language: str = key("language of the document", pattern=r"[a-z]{2}(-[A-Z]{2})?")
    evidence: bool = key("whether lines cite the commits behind them", default=False)
    issuer: Party = key("BG-4")
    client: Party = key("BG-7")
    tax_category: Category = key("BT-118")
    tax_rate: Decimal = key("BT-119", default=Decimal(0))
    tax: Tax | None = key("the treatment, where category and rate do not tell all of it", default=None)
    labour: Money | None = key("net without materials and expenses, where withholding is of it", default=None)
    allowances: tuple[Allowance, ...] = key("BG-20, BG-21", one_line=True, default=())
    exchange: Exchange | None = key("BT-6 and the rate of exchange", one_line=True, default=None)
    lines: tuple[StatedLine, ...] = key("BG-25", default=())
    totals: Totals = key("BG-22")
    ledger_head: str = key("head of the issuer's ledger before this document", pattern="[0-9a-f]{12}")
    made_with: str = key("versions of git-bill, template and engine")


def attachment(invoice: Invoice, worked: Mapping[str, Worked], evidence: Iterable[Evidence] = ()) -> bytes:
    """The canonical JSON. `worked`: the pinned entries by id; `evidence`: what is known of the facts they name."""
    cited = _Cited(worked, evidence)
    statement = Statement(
        number=invoice.number,
        kind=invoice.kind,
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        first=invoice.first,
        last=invoice.last,
        currency=invoice.currency,
        language=invoice.client.language,
        evidence="evidence" in invoice.show,
        issuer=Party(name=printable(invoice.issuer.name), vat_id=invoice.issuer.vat_id),
        client=Party(name=printable(invoice.client.name), vat_id=invoice.client.vat_id),
        tax_category=invoice.tax.category,
        tax_rate=invoice.tax.rate,
        tax=invoice.tax if invoice.tax.components or invoice.tax.surcharges or invoice.tax.withholding else None,
        labour=sums_of(invoice).labour if invoice.tax.withholding else None,
        allowances=invoice.allowances,
        exchange=invoice.exchange,
        lines=tuple(_line(line, invoice.show, cited) for line in invoice.lines),
        totals=invoice.totals,
        ledger_head=invoice.ledger_head,
        made_with=invoice.made_with,
    )
    return write_json(statement)


def read_statement(content: bytes, file: str) -> Read[Statement]:
    """The attachment of a PDF from anywhere, or everything that is wrong with it."""
    return read_json(Statement, content, file)


class _Cited:
    """Which commits stand behind entries; each is given out once."""

    def __init__(self, worked: Mapping[str, Worked], evidence: Iterable[Evidence]) -> None:
        self._worked = worked
        self._known: dict[str, Evidence] = {}
        self._within: dict[str, list[str]] = defaultdict(list)
        self._given: set[str] = set()
        self._moments: set[tuple[str, int]] = set()
        for record in evidence:
            self._known[name_of(record)] = record
            for commit in record.covers:
                self._within[commit].append(name_of(record))

    def behind(self, entries: Iterable[str]) -> Iterator[Citation]:
        """The commits of a line's entries that no line before it has cited, by day of the work.

        Commits of one contributor and author second are one commit, rewritten; a client's clone has only the last.
        """
        items = sorted((self._worked[e] for e in entries if e in self._worked), key=lambda w: (w.entry.day, w.id))
        for name in dict.fromkeys(name for item in items for name in item.entry.evidence):
            record = self._known.get(name)
            moment = (record.contributor, int(record.at.timestamp())) if record else (name, 0)
            if re.fullmatch(_COMMIT, name) and name not in self._given and moment not in self._moments:
                self._given.add(name)
                self._moments.add(moment)
                within = tuple(sorted(self._within.get(record.key, ()))) if record else ()
                yield Citation(commit=name, at=record.at if record else None, within=within)


def _line(line: InvoiceLine, show: Iterable[str], cited: _Cited) -> StatedLine:
    hours, days = "hours" in show, "days" in show
    return StatedLine(
        description=printable(line.description),
        quantity=line.quantity if hours else None,
        unit=line.unit if hours else None,
        unit_price=line.unit_price if hours else None,
        base_quantity=line.base_quantity if hours else Decimal(1),
        allowances=line.allowances,
        tax=line.tax,
        net=line.net,
        first=line.first if days else None,
        last=line.last if days else None,
        commits=tuple(cited.behind(line.entries)) if "evidence" in show else (),
    )
