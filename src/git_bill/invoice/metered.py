"""Usage on a draft: each meter's calendar months, once; readings that come later bill what they add."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.meter import Meter
from git_bill.contract.metering import Charge, charges
from git_bill.contract.recurrence import prorated
from git_bill.contract.usage import Reading
from git_bill.invoice.basis import Basis, late_for
from git_bill.invoice.document.locale import days_text, quantity_text
from git_bill.invoice.draft import Line
from git_bill.invoice.part import Part, Scope
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total
from git_bill.period import Period, month, months

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")  # a sum of quantities: exact, however many there are


def metered(scope: Scope) -> Part:
    """The usage of the calendar months that end in the draft's days, and late readings of months billed before.

    Asked for what a draft bills, it tells what that much costs, whatever was read since.
    """
    return Part(lines=tuple(line for use in uses_of(scope) for line in use.as_of(scope.asked).lines()))


def uses_of(scope: Scope) -> "tuple[Use, ...]":
    """Each meter's use of the months that a draft may bill."""
    months = _months(scope)
    return tuple(use_of(scope.basis, scope.contract, m, days) for days in months for m in scope.contract.meters)


def contract_for(reading: Reading, contracts: Iterable[Contract]) -> Contract | None:
    """The first one in the file whose term covers the day and that has the meter."""
    return next((c for c in contracts if c.covers(reading.day) and any(m.id == reading.meter for m in c.meters)), None)


def use_of(basis: Basis, contract: Contract, meter: Meter, days: Period) -> "Use":
    """What a meter of a contract says of a calendar month, and what invoices said of it before."""
    mine = (r for r in basis.readings.values() if r.meter == meter.id and r.day in days)
    read = (r.quantity for r in mine if contract_for(r, basis.engagement.contracts) == contract)
    return Use(basis=basis, contract=contract, meter=meter, days=days, used=sum(read, Decimal(0)))


def _months(scope: Scope) -> list[Period]:
    """Those of the draft's days; and earlier ones with readings, where an invoice of their days came before."""
    basis, contract = scope.basis, scope.contract
    read = {month(r.day) for r in basis.readings.values() if contract_for(r, basis.engagement.contracts) == contract}
    late = {m for m in read if m.last < scope.period.first and late_for(m.last, basis.earlier, contract.id)}
    return sorted({*months(scope.period), *late}, key=lambda each: each.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One meter's use of a calendar month under a contract."""

    basis: Basis
    contract: Contract
    meter: Meter
    days: Period
    used: Decimal

    def lines(self) -> Iterator[Line]:
        """A line for each price, and one for what a minimum adds; after the month was billed, one for what came since.

        What was billed is settled, whatever it was billed for: only what was read since then is priced.
        """
        before = self.before
        if before is None:
            whole = self._whole(self.used)
            yield from whole if all(self.basis.open(self.contract, i) for line in whole for i in line.bills) else ()
            return
        more = self._cost(self.used) - self._cost(before)
        if more.amount > 0 and self.basis.open(self.contract, self._read):
            reason = f"{self.used - before:f} used in {self.days} were read after that was billed"
            yield replace(self._plain, unit_price=more, reason=reason, bills=(self._read,))

    @property
    def excess(self) -> Money:
        """What was billed more than the readings come to now: a correction, or a price that falls with the volume."""
        before = self.before
        more = self._cost(self.used if before is None else before) - self._cost(self.used)
        return max(more, Money.zero(more.currency), key=lambda amount: amount.amount)

    @property
    def item(self) -> str:
        """What its first bill is of."""
        return f"usage:{self.meter.id}:{self.days}"

    @property
    def before(self) -> Decimal | None:
        """How much of it had been read when it was billed last, None where nothing was billed."""
        return self.read(each for line in self.basis.billed_for(self.contract, self.item) for each in line.bills)

    def read(self, bills: Iterable[str]) -> Decimal | None:
        """How much had been read when lines were made that bill some things; None where they bill none of it."""
        start = f"{self.item}:read:"
        marks = (each.removeprefix(start).partition(":")[0] for each in bills if each.startswith(start))
        return max((Decimal(mark) for mark in marks if _NUMBER.fullmatch(mark)), default=None)

    def as_of(self, asked: Iterable[str] | None) -> "Use":
        """As it had been read when a draft was made that bills some things, if not less is read now."""
        then = self.read(asked or ())
        return self if then is None or self.used < then else replace(self, used=then)

    @property
    def _read(self) -> str:
        """What tells a later bill of the same month from earlier ones: how much had been read."""
        return f"{self.item}:read:{self.used.normalize():f}"

    @property
    def _agreed(self) -> Period | None:
        """The days of the month that the contract covers."""
        first, last = max(self.days.first, self.contract.from_), self.days.last
        last = min(last, self.contract.until or last)
        return Period(first, last) if first <= last else None

    def _cost(self, used: Decimal) -> Money:
        return total(map(net_of, self._whole(used)), self.contract.currency)

    def _whole(self, used: Decimal) -> list[Line]:
        """What a use costs with nothing billed before.

        The first line bills `usage:requests:2026-10` and `usage:requests:2026-10:read:6000`, the next
        `usage:requests:2026-10:read:6000:2`.
        """
        if self._agreed is None:
            return []
        lines = [self._line(charge, used) for charge in charges(self.meter, used)]
        lines += self._least(total(map(net_of, lines), self.contract.currency), self._agreed)
        parts = [(self.item, self._read), *((f"{self._read}:{number}",) for number in range(2, len(lines) + 1))]
        return [replace(line, bills=bills) for line, bills in zip(lines, parts, strict=False)]

    def _line(self, charge: Charge, used: Decimal) -> Line:
        tier = charge.up_to is not None or charge.from_ > 0
        end = f"{charge.up_to.normalize():f}" if charge.up_to is not None else "…"
        reason = f"{charge.price} each, {self.meter.mode}"
        if tier:
            reason += f", tier {charge.from_.normalize():f} to {end}"
        if self.meter.mode == "package":
            reason += f": packages of {self.meter.size.normalize():f}, {used.normalize():f} used"
        if self.meter.included:
            reason += f"; {self.meter.included.normalize():f} of a month are included"
        return replace(
            self._plain,
            quantity=charge.quantity,
            unit_price=charge.price,
            detail=", ".join((self._when, *([self._reach(charge)] if tier else []))),
            reason=reason,
        )

    def _least(self, cost: Money, agreed: Period) -> list[Line]:
        """What is missing to the least that a month costs; of a part of a month by its days."""
        if self.meter.minimum is None:
            return []
        least = prorated(self.meter.minimum, self.days, agreed)
        if least <= cost:
            return []
        part = f", for {agreed.days} of {self.days.days} days {least}" if agreed != self.days else ""
        reason = f"at least {self.meter.minimum} a month{part}"
        return [replace(self._plain, unit_price=least - cost, reason=reason)]

    @property
    def _plain(self) -> Line:
        return Line(
            description=self.meter.name or self.meter.id,
            detail=self._when,
            quantity=Decimal(1),
            unit="C62",
            unit_price=Money.zero(self.contract.currency),
            first=self.days.first,
            last=self.days.last,
        )

    @property
    def _language(self) -> str:
        return self.basis.engagement.client.language

    @property
    def _when(self) -> str:
        return days_text(self.days.first, self.days.last, self._language)

    def _reach(self, charge: Charge) -> str:
        """`1,000 – 5,000`, in the client's figures."""
        start = quantity_text(charge.from_, self._language)
        return f"{start} – {quantity_text(charge.up_to, self._language)}" if charge.up_to is not None else f"> {start}"
