"""Margin: what issued documents brought, less what their time costs. For the issuer alone, never in a document."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from git_bill.contract.cost import Cost, cost_on
from git_bill.invoice.billed import standing
from git_bill.invoice.issued import Invoice
from git_bill.money import Money, total
from git_bill.worklog.entry import Worked


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """A client's documents in one currency. `unknown`: minutes that no cost rate in this currency is known for."""

    client: str
    net: Money
    cost: Money
    minutes: int
    unknown: int

    @property
    def left(self) -> Money:
        """Net less cost."""
        return self.net - self.cost

    @property
    def percent(self) -> Decimal | None:
        """What is left, in percent of the net; None where there is no net."""
        return self.left.amount * 100 / self.net.amount if self.net else None


def margins(
    invoices: Iterable[Invoice], worked: Mapping[str, Worked], costs: Mapping[str, Sequence[Cost]]
) -> tuple[Margin, ...]:
    """By client and currency. Time that was given away with a document costs, too. `costs`: by contributor."""
    found: dict[tuple[str, str], list[Invoice]] = defaultdict(list)
    for invoice in standing(invoices):
        found[invoice.client_id, invoice.currency].append(invoice)
    return tuple(_margin(client, currency, some, worked, costs) for (client, currency), some in sorted(found.items()))


def _margin(
    client: str,
    currency: str,
    invoices: Sequence[Invoice],
    worked: Mapping[str, Worked],
    costs: Mapping[str, Sequence[Cost]],
) -> Margin:
    cost, minutes, unknown = Money.zero(currency), 0, 0
    for entry, spent in (pin for invoice in invoices for pin in _pins(invoice)):
        minutes += spent
        work = worked[entry].entry if entry in worked else None
        rate = cost_on(costs.get(work.by, ()), work.day) if work is not None else None
        if rate is None or rate.currency != currency:
            unknown += spent
        else:
            cost += rate * spent
    net = total((invoice.totals.net for invoice in invoices), currency)
    return Margin(
        client=client,
        net=net,
        cost=Money(cost.amount / 60, currency).rounded(),
        minutes=minutes,
        unknown=unknown,
    )


def _pins(invoice: Invoice) -> Iterable[tuple[str, int]]:
    for line in invoice.lines:
        yield from line.entries.items()
    for entry, left in invoice.not_billed.items():
        if left.then == "waive":
            yield entry, left.minutes
