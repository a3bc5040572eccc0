"""Lines, discounts and surcharges, and VAT groups of an invoice as EN 16931 names them."""

from dataclasses import dataclass
from decimal import Decimal

from git_bill.contract.tax.case import VAT
from git_bill.contract.tax.levy import Levied
from git_bill.contract.tax.reason import of_group
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.document.locale import hours_text
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.en16931.model import Change, Item, Line, Period, Price, TaxGroup
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.invoice.totals import sums_of, treatments

# Categories whose group states no reason, and has no place for one (BT-120; BR-S-10, BR-Z-10, BR-AF-10, BR-AG-10)
UNEXPLAINED = frozenset({"S", "Z", "L", "M"})
_OUTSIDE = "O"


def rate_of(tax: Tax) -> Decimal | None:
    """BT-152: none outside the scope (BR-O-05)."""
    return None if tax.category == _OUTSIDE else _plain(tax.rate)


def _plain(value: Decimal) -> Decimal:
    """Without zeros behind: 19, not 19.00 and not 1.9E+1."""
    return Decimal(f"{value.normalize():f}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What makes lines of an invoice's lines."""

    invoice: Invoice
    wording: Wording

    def all(self) -> tuple[Line, ...]:
        """BG-25."""
        return tuple(self._line(number, line) for number, line in enumerate(self.invoice.lines, 1))

    def _line(self, number: int, line: InvoiceLine) -> Line:
        tax = line.tax or self.invoice.tax
        hours = "hours" in self.invoice.show
        sign = -1 if line.net.amount < 0 else 1
        base = line.base_quantity if line.base_quantity != 1 else None
        changes = line.allowances if hours else ()
        return Line(
            id=str(number),
            note=self._note(line),
            quantity=_plain(line.quantity) if hours else Decimal(sign),
            unit=line.unit if hours else "C62",
            net=line.net.amount,
            period=self._period(line),
            allowances=tuple(change(each) for each in changes if not each.charge),
            charges=tuple(change(each) for each in changes if each.charge),
            price=Price(net=line.unit_price.amount, base_quantity=base, base_unit=line.unit if base else None)
            if hours
            else Price(net=abs(line.net.amount)),
            category=tax.category,
            rate=rate_of(tax),
            item=Item(
                name=printable(line.description) or "-",
                description=(printable(line.detail) or None) if line.detail else None,
            ),
        )

    def _period(self, line: InvoiceLine) -> Period | None:
        """BG-26, where the contract shows days; what is late shows its days always."""
        late = line.last is not None and line.last < self.invoice.first
        if not line.first or not line.last or not (late or "days" in self.invoice.show):
            return None
        return Period(first=line.first, last=line.last)

    def _note(self, line: InvoiceLine) -> str | None:
        """BT-127: the time before rounding, where the contract shows it."""
        if line.unit == "DAY" or "raw" not in self.invoice.show or line.raw is None:
            return None
        return self.wording.say("raw", self.invoice.client.language, time=hours_text(line.raw))


def change(allowance: Allowance, tax: Tax | None = None) -> Change:
    """A discount or a surcharge; `tax`: of the document's. A percentage is stated where it gives the amount exactly."""
    amount, base, percent = allowance.amount, allowance.base, allowance.percent
    assert amount is not None  # an issued document states it
    if percent is None or base is None or (base * (percent / 100)).rounded() != amount:
        base = percent = None
    return Change(
        amount=amount.amount,
        base=base.amount if base else None,
        percent=_plain(percent) if percent is not None else None,
        category=tax.category if tax else None,
        rate=rate_of(tax) if tax else None,
        reason=printable(allowance.reason) or None,
        code=allowance.code,
    )


def levied(charge: Levied, tax: Tax) -> Change:
    """What the law adds to the price, as a surcharge of the document."""
    return Change(
        amount=charge.amount.amount,
        base=charge.base.amount if charge.rate is not None else None,
        percent=_plain(charge.rate) if charge.rate is not None else None,
        category=tax.category,
        rate=rate_of(tax),
        reason=printable(charge.name),
    )


def groups(invoice: Invoice, wording: Wording, *, zero_rate_outside: bool) -> tuple[TaxGroup, ...]:
    """BG-23, each with the reason why no tax is charged. `zero_rate_outside`: XRechnung's BR-DE-14 asks for a rate."""
    behind = treatments(sums_of(invoice))
    found = []
    for total in invoice.totals.groups:
        outside, told = total.category == _OUTSIDE, total.category not in UNEXPLAINED
        tax = of_group(behind.get((total.category, total.rate.normalize()), (invoice.tax,)))
        words = wording.say("tax_outside" if outside else "tax_exempt", invoice.client.language, tax=VAT)
        found.append(
            TaxGroup(
                base=total.base.amount,
                tax=total.tax.amount,
                category=total.category,
                rate=None if outside and not zero_rate_outside else _plain(total.rate),
                reason=printable(tax.note or words) if told else None,
                reason_code=tax.reason_code if told else None,
            )
        )
    return tuple(found)
