"""One state of the books, as far as a client's drafts are made from it and judged against it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any, TypeVar

from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.exchange import Quotes, none_known
from git_bill.contract.expense import Expense
from git_bill.contract.party import Issuer
from git_bill.contract.tax.table import VatTable
from git_bill.contract.usage import Reading
from git_bill.invoice.as_agreed import agreed_invoice
from git_bill.invoice.billed import Settled, pinned, settled, standing
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.grouping import Known
from git_bill.invoice.guardrails import Guardrails
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.period import Period
from git_bill.shape import Path
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.told import Title

X = TypeVar("X")
_IN_ADVANCE = ("deposit:", "retainer:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What flows read once. `worked` and `invoices` are those of all clients.

    `pins`: entries that another open draft lists → that draft's name. `names` and `zones`: of contributors, by id.
    `where`: lines of the settings' keys by file, for problems that are mended there. `titles`,
    `labels`, `milestones`: of tickets. `quotes`: rates of exchange, as far as they are known.
    `happened`: what completes milestones (`tag:v1.0`, `pull:12`, `milestone:Beta`) → its day. `expenses` and
    `readings`: the client's, by id. `held`: what else another open draft bills (`milestone:beta`) → that draft's name.
    `links`: issuing makes payment links.
    `today`: in the issuer's zone; a document that is issued now has this day. `credits`: other open drafts of credit
    notes, by name. `corrected`: the invoice that the draft in question replaces, which is none of `invoices` then.
    """

    issuer: Issuer
    client: str
    engagement: Engagement
    vat: VatTable
    worked: Mapping[str, Worked] = field(default_factory=dict)
    invoices: tuple[Invoice, ...] = ()
    pins: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, tzinfo] = field(default_factory=dict)
    guardrails: Guardrails = Guardrails()
    where: Mapping[str, Mapping[Path, int]] = field(default_factory=dict)
    titles: Mapping[Title, str] = field(default_factory=dict)
    labels: Mapping[Title, tuple[str, ...]] = field(default_factory=dict)
    milestones: Mapping[Title, str] = field(default_factory=dict)
    words: Wording = Wording()
    quotes: Quotes = none_known
    happened: Mapping[str, date] = field(default_factory=dict)
    expenses: Mapping[str, Expense] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    today: date | None = None
    credits: Mapping[str, Draft] = field(default_factory=dict)
    corrected: Invoice | None = None
    links: bool = False
    _folded: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def _once(self, name: str, fold: Callable[[], X]) -> X:
        """What a fold over these books gives. It is made when it is first asked for, and kept: nothing here changes."""
        if name not in self._folded:
            self._folded[name] = fold()
        found: X = self._folded[name]
        return found

    @property
    def known(self) -> Known:
        """What lines say of people and tickets."""
        return self._once(
            "known",
            lambda: Known(
                names=self.names,
                zones=self.zones,
                titles=self.titles,
                labels=self.labels,
                milestones=self.milestones,
                words=self.words,
                language=self.engagement.client.language,
            ),
        )

    def word(self, name: str, english: str) -> str:
        """A word of documents in the client's language."""
        return self.words.found(name, self.engagement.client.language) or english

    @property
    def file(self) -> str:
        """The client's file, for problems that are mended there."""
        return f"billing/clients/{self.client}.toml"

    @property
    def issued(self) -> tuple[Invoice, ...]:
        """The client's standing invoices as they were issued, oldest first."""
        return self._once("issued", lambda: tuple(i for i in standing(self.invoices) if i.client_id == self.client))

    @property
    def earlier(self) -> tuple[Invoice, ...]:
        """The client's standing invoices, oldest first, with the prices that were agreed."""
        return self._once("earlier", lambda: tuple(map(agreed_invoice, self.issued)))

    @property
    def settled(self) -> Settled:
        """What the client's invoices and credit notes say of entries. Those of a corrected one come back with it."""
        mine = (invoice for invoice in self.invoices if invoice.client_id == self.client)
        lines = self.corrected.lines if self.corrected is not None else ()
        returning = {entry for line in lines for entry in line.entries}
        return self._once("settled", lambda: settled(mine, returning=returning))

    def open(self, contract: Contract, item: str) -> bool:
        """Whether something that is billed once is billed by no standing invoice and no other open draft."""
        return item not in self.billed(contract) and item_key(self.client, contract.id, item) not in self.held

    def billed(self, contract: Contract) -> Mapping[str, str]:
        """What standing invoices billed under a contract beside its entries, or waived → the invoice's number."""
        return self._once(f"billed:{contract.id}", lambda: self._billed(contract))

    def _billed(self, contract: Contract) -> Mapping[str, str]:
        return {
            item: invoice.number
            for invoice in self.earlier
            if invoice.contract == contract.id
            for item in (
                *(item for line in invoice.lines for item in line.bills),
                *(item for item, left in invoice.not_billed.items() if left.then == "waive"),
            )
        }

    def billed_for(self, contract: Contract, item: str) -> tuple[InvoiceLine, ...]:
        """The lines of standing invoices that bill an item or a part of it (`usage:requests:2026-10:2`)."""
        return tuple(
            line
            for invoice in self.earlier
            if invoice.contract == contract.id
            for line in invoice.lines
            if any(each == item or each.startswith(f"{item}:") for each in line.bills)
        )

    def contract(self, contract_id: str) -> Contract | None:
        """The client's contract with an id."""
        return next((c for c in self.engagement.contracts if c.id == contract_id), None)


def pins_of(drafts: Mapping[str, Draft]) -> Mapping[str, str]:
    """Entries that drafts lay hold of → the first draft's name, by name."""
    pins: dict[str, str] = {}
    for name, draft in sorted(drafts.items()):
        for entry in pinned(draft):
            pins.setdefault(entry, name)
    return pins


def held_by(drafts: Mapping[str, Draft]) -> Mapping[str, str]:
    """What else open drafts bill, by client's contract → the first draft's name."""
    held: dict[str, str] = {}
    for name, draft in sorted(drafts.items()):
        for line in draft.lines if draft.reverses is None else ():
            for item in line.bills:
                held.setdefault(item_key(draft.client, draft.contract, item), name)
    return held


def item_key(client: str, contract: str, item: str) -> str:
    """What tells one contract's `milestone:beta` from another's."""
    return f"{client}/{contract}/{item}"


def billable_minutes(entry: Entry, contract: Contract) -> int:
    """Minutes that may be billed: none of unproven or dropped entries; with `bill = "low"` an estimate's low end.

    None of work with an AI agent, where the contract says `agents = "none"`.
    """
    if entry.state in {"unproven", "dropped"} or (entry.agent and contract.agents == "none"):
        return 0
    return entry.low if contract.bill == "low" and entry.state == "estimated" else entry.minutes


def late_for(day: date, invoices: Iterable[Invoice], contract: str) -> Period | None:
    """The period that a day lies in, where its work was billed before: what turns up for it joins the next draft.

    An invoice of nothing but what is paid in advance leaves its days open.
    """
    billed = (i for i in invoices if i.contract == contract and (i.not_billed or not all(map(_ahead, i.lines))))
    periods = (Period(invoice.first, invoice.last) for invoice in billed)
    return next((period for period in periods if day in period), None)


def _ahead(line: InvoiceLine) -> bool:
    """Whether a line is paid in advance."""
    return any(item.startswith(_IN_ADVANCE) for item in line.bills)
