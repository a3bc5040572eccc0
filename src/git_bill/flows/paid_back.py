"""What is not a payment: money that went back, credit taken off an invoice, loss, and what was recorded wrongly."""

from collections.abc import Sequence
from decimal import Decimal

from git_bill.flows.desk import Desk
from git_bill.flows.paid import Said, check_owner, from_remittance
from git_bill.money import Money
from git_bill.problem import Exit, stop
from git_bill.receivable.payment import Allocation, Lost, Payments, SetOff, Undo, WriteOff, record_id
from git_bill.receivable.remittance import HAND, Remittance, identify, plain_amount


def returned(desk: Desk, name: str, said: Said) -> Payments:
    """What was left over of a remittance went back to who paid. Stops (exit 1) where that is less."""
    remittance = desk.remittance(name)
    rest = desk.till.paid.rest(remittance.id)
    if not remittance.is_in:
        message = f"{remittance.id} is money that went out: {remittance.amount} on {remittance.booked}"
        hint = f"name the invoice or credit note that it is for: git bill paid INV-… --from {remittance.id}"
        raise stop(Exit.PROBLEMS, "wrong-direction", message, hint)
    amount = rest if said.amount is None else said.amount
    if not _within(amount, rest):
        message = f"{remittance.id} has {rest} left over, not {amount}"
        hint = "a payment for an invoice is given back by a credit note: git bill credit"
        raise stop(Exit.PROBLEMS, "nothing-left", message, hint)
    back = Remittance(
        id=identify(HAND, said.method, remittance.id, said.on, plain_amount(-amount), len(desk.till.paid.allocations)),
        rail=HAND,
        account=said.method,
        booked=said.on,
        amount=-amount,
        kind="refund",
        payer=remittance.payer,
        payer_account=remittance.payer_account,
        reverses=remittance.id,
    )
    allocation = Allocation(
        id=record_id("A", desk.stamp.at, back.id, remittance.id),
        remittance=back.id,
        returns=remittance.id,
        amount=-amount,
        settles=-amount,
        because=said.because,
        by=desk.stamp.by,
        at=desk.stamp.at,
    )
    return Payments(remittances=(back,), allocations=(allocation,))


def _within(amount: Money, most: Money) -> bool:
    """Whether it is something of what there is."""
    return amount.currency == most.currency and Decimal(0) < amount.amount <= most.amount


def set_off(desk: Desk, number: str, credit: str, said: Said) -> Payments:
    """A credit note, or what is left of a remittance, taken off an invoice of the same client. Stops (exit 1) else."""
    invoice = desk.document(number)
    if credit.upper().startswith("R-") or credit in desk.till.paid.remittances:
        remittance = desk.remittance(credit)
        check_owner(desk, remittance.id, [invoice.number])
        return from_remittance(desk, [invoice.number], remittance.id, said)
    note = desk.document(credit)
    free = -note.open
    if note.client != invoice.client or free.currency != invoice.open.currency or free.amount <= 0:
        message = f"{note.number} has nothing that could be taken off {invoice.number}"
        raise stop(Exit.PROBLEMS, "no-credit", message, "see what is open with: git bill status --receivables")
    most = min(invoice.open, free)
    amount = most if said.amount is None else said.amount
    if not _within(amount, most):
        message = f"{amount} is more than can be set off: {most}"
        raise stop(Exit.PROBLEMS, "over-paid", message, f'write it like --amount "{most}"')
    off = SetOff(
        id=record_id("S", desk.stamp.at, note.number, invoice.number),
        credit=note.number,
        invoice=invoice.number,
        amount=amount,
        on=said.on,
        because=said.because,
        by=desk.stamp.by,
        at=desk.stamp.at,
    )
    return Payments(set_offs=(off,))


def undone(desk: Desk, names: Sequence[str], because: str) -> Payments:
    """Take back allocations, write-offs, set-offs, or all that was decided of a remittance. Stops (exit 1) at none."""
    found: list[str] = []
    for name in names:
        meant = _standing(desk, name)
        if not meant:
            message = f"{name} names nothing that stands"
            raise stop(Exit.PROBLEMS, "nothing-to-undo", message, "see what is recorded: git bill explain INV-…")
        found += meant
    stamp = desk.stamp
    return Payments(
        undone=tuple(Undo(names=name, because=because, by=stamp.by, at=stamp.at) for name in dict.fromkeys(found))
    )


def _standing(desk: Desk, name: str) -> list[str]:
    """Ids of what stands under a name; of a remittance its allocations, and that it was put aside."""
    paid = desk.till.paid
    ids = [each.id for each in paid.allocations] + [each.id for each in paid.write_offs]
    ids += [each.id for each in paid.set_offs]
    if name.upper().startswith("R-"):
        remittance = desk.remittance(name).id
        aside = [remittance] if remittance in paid.aside else []
        return [each.id for each in paid.by_remittance.get(remittance, ())] + aside
    meant = [each for each in ids if each.startswith(name)]
    if len(meant) > 1:
        raise stop(Exit.PROBLEMS, "ambiguous", f"several begin with {name}", "write more of it")
    return meant


def write_off(desk: Desk, number: str, amount: Money | None, lost: Lost, said: Said) -> Payments:
    """What is not expected any more of an invoice, all that is open without an amount. Stops (exit 1) at more."""
    invoice = desk.document(number)
    given_up = invoice.open if amount is None else amount
    if invoice.open.amount <= 0:
        raise stop(Exit.PROBLEMS, "nothing-open", f"{invoice.number}: nothing is open", "git bill status --receivables")
    if not _within(given_up, invoice.open):
        message = f"{given_up} can't be written off {invoice.number}, of which {invoice.open} is open"
        raise stop(Exit.PROBLEMS, "over-paid", message, f'write it like --amount "{invoice.open}"')
    record = WriteOff(
        id=record_id("O", desk.stamp.at, invoice.number),
        invoice=invoice.number,
        amount=given_up,
        as_=lost,
        because=said.because,
        on=said.on,
        by=desk.stamp.by,
        at=desk.stamp.at,
    )
    return Payments(write_offs=(record,))
