"""One state of the books, as far as a client's drafts are made from it and judged against it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.party import Issuer
from git_bill.contract.tax.table import VatTable
from git_bill.invoice.billed import pinned, standing
from git_bill.invoice.draft import Draft
from git_bill.invoice.guardrails import Guardrails
from git_bill.invoice.issued import Invoice
from git_bill.shape import Path
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.told import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What flows read once. `worked` and `invoices` are those of all clients.

    `pins`: entries that another open draft lists → that draft's name. `names`: contributors' names by id.
    `where`: lines of the settings' keys by file, for problems that are mended there. `titles`: of tickets.
    """

    issuer: Issuer
    client: str
    engagement: Engagement
    vat: VatTable
    worked: Mapping[str, Worked] = field(default_factory=dict)
    invoices: tuple[Invoice, ...] = ()
    pins: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    guardrails: Guardrails = Guardrails()
    where: Mapping[str, Mapping[Path, int]] = field(default_factory=dict)
    titles: Mapping[Title, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The client's file, for problems that are mended there."""
        return f"billing/clients/{self.client}.toml"

    @property
    def earlier(self) -> tuple[Invoice, ...]:
        """The client's standing invoices, oldest first."""
        return tuple(invoice for invoice in standing(self.invoices) if invoice.client_id == self.client)

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


def billable_minutes(entry: Entry, contract: Contract) -> int:
    """Minutes that may be billed: none of unproven or dropped entries; with `bill = "low"` an estimate's low end."""
    if entry.state in {"unproven", "dropped"}:
        return 0
    return entry.low if contract.bill == "low" and entry.state == "estimated" else entry.minutes


def is_late(day: date, invoices: Iterable[Invoice], contract: Contract) -> bool:
    """Whether a day lies in a period that was billed before: what turns up for it then joins the next draft."""
    return any(invoice.contract == contract.id and invoice.first <= day <= invoice.last for invoice in invoices)
