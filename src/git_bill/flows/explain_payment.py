"""The part of explain that is about money: what was paid, by what, why it was matched, what was taken back by whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from git_bill.contract.exchange import Quotes
from git_bill.flows import load, load_payments
from git_bill.flows.exchange_rates import own_first
from git_bill.flows.pending import open_proposals
from git_bill.invoice.issued import Invoice
from git_bill.invoice.reasons import money
from git_bill.layout import proposal_branch
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, Problem, stop
from git_bill.receivable.booked import Booked, booked
from git_bill.receivable.exchange_gain import gain
from git_bill.receivable.payment import Allocation, Aside, Payments, Rejected, SetOff, Undo, WriteOff
from git_bill.receivable.receivable import Receivable, receivables
from git_bill.receivable.remittance import Remittance
from git_bill.receivable.settling import told
from git_bill.worklog.reason import Reason, brief

LETTERS = ("R-", "A-", "O-", "S-")
_HOW = {"matched": "matched by itself", "confirmed": "confirmed by", "by-hand": "recorded by"}
_DIFFERENCES = {
    "fee": "a fee that bank or provider kept",
    "discount": "the discount for paying early",
    "late-discount": "the discount for paying early, though it came late",
    "withholding": "tax that the client kept back",
    "exchange": "the rate of exchange",
    "part": "a part of it",
    "over": "more than was asked for",
    "slip": "a slip of the payer",
    "twice": "paid twice",
}
_ASIDE = {
    "transfer": "a transfer between own accounts, the other side is",
    "same": "the same money as",
    "credit": "a credit of",
    "private": "private",
    "other": "for no invoice",
}
_MONEY = 120  # characters of what is told of a remittance


@dataclass(frozen=True, slots=True, kw_only=True)
class _Money:
    """All that is booked, what was taken back too."""

    snapshot: Snapshot
    months: tuple[Payments, ...]
    paid: Booked
    invoices: Mapping[str, Invoice]
    undone: Mapping[str, Undo]
    quotes: Quotes

    @property
    def allocations(self) -> tuple[Allocation, ...]:
        """By the day of their money."""
        found = (each for month in self.months for each in month.allocations)
        known = (each for each in found if each.remittance in self.paid.remittances)
        return tuple(sorted(known, key=lambda each: (self.paid.day(each), each.id)))

    def standing(self, number: str) -> Receivable | None:
        """A document as it stands now."""
        found = receivables(self.invoices.values(), self.paid)
        return next((each for each in found if each.number == number), None)


def _read(snapshot: Snapshot, quotes: Quotes) -> _Money:
    months = load_payments.payment_months(snapshot)
    issued = {item.claim.number: item.invoice for item in load.numbered(snapshot) if item.invoice is not None}
    return _Money(
        snapshot=snapshot,
        months=months,
        paid=booked(months),
        invoices=issued,
        undone={undo.names: undo for month in months for undo in month.undone},
        quotes=own_first(snapshot, quotes),
    )


def payment_reasons(snapshot: Snapshot, number: str, quotes: Quotes) -> Iterator[Reason]:
    """What was paid of an invoice, or paid out of a credit note, and what is open; nothing where nothing happened."""
    found = _read(snapshot, quotes)
    now = found.standing(number)
    if now is None:
        return
    parts = (
        *(_allocation(found, each) for each in found.allocations if each.invoice == number),
        *(_lost(found, each) for month in found.months for each in month.write_offs if each.invoice == number),
        *(
            _off(found, each)
            for month in found.months
            for each in month.set_offs
            if number in {each.credit, each.invoice}
        ),
        *_credited(found, now),
    )
    if parts:
        text = f"{money(now.settled)} paid, {money(now.open)} open"
        yield Reason(text=text, kind="payments", ref=number, because=parts)


def money_reason(books: Books, snapshot: Snapshot, word: str, quotes: Quotes) -> Reason:
    """Of a remittance R-…, an allocation A-…, a write-off O-… or a set-off S-…, by the beginning of its id.

    Stops (exit 1) at none and at several.
    """
    found = _read(snapshot, quotes)
    records: dict[str, Remittance | Allocation | WriteOff | SetOff] = {**found.paid.remittances}
    for month in found.months:
        records |= {each.id: each for part in (month.allocations, month.write_offs, month.set_offs) for each in part}
    meant = [name for name in records if name == word] or [name for name in records if name.startswith(word)]
    if len(meant) != 1:
        message = f"several begin with {word}: {', '.join(meant[:3])}" if meant else f"{word} is not in the books"
        raise stop(Exit.PROBLEMS, "unknown-subject", message, "see them with: git bill status --receivables")
    record = records[meant[0]]
    if isinstance(record, Remittance):
        return _remittance(books, found, record)
    if isinstance(record, Allocation):
        return _allocation(found, record)
    return _lost(found, record) if isinstance(record, WriteOff) else _off(found, record)


def _remittance(books: Books, found: _Money, remittance: Remittance) -> Reason:
    """What it is, what it pays, what is left of it, and why nothing fits."""
    name = remittance.id
    own = [each for each in found.allocations if name in {each.remittance, each.returns}]
    because = [*_facts(remittance), *(_allocation(found, each) for each in own)]
    asides = [each for month in found.months for each in month.aside if each.remittance == name]
    because += [_aside(found, each) for each in asides]
    because += [_rejected(no) for month in found.months for no in month.rejected if no.remittance == name]
    rest = found.paid.rest(name)
    if rest and found.paid.is_decided(name) and name not in found.paid.aside:
        because.append(Reason(text=f"{money(rest)} are left of it", kind="left", ref=name))
    if not found.paid.is_decided(name):
        because += _undecided(books, name)
    return Reason(text=_told(remittance), kind="remittance", ref=name, because=tuple(because))


def _facts(remittance: Remittance) -> Iterator[Reason]:
    feed = f", read from {remittance.feed}" if remittance.feed else ""
    account = f", account {remittance.account}" if remittance.account else ""
    rail = "a person" if remittance.rail == "hand" else remittance.rail
    yield Reason(text=f"told by {rail}{feed}{account}", kind="rail", ref=remittance.rail)
    if remittance.fee is not None and remittance.fee:
        yield Reason(text=f"{money(remittance.fee)} were kept on the way", kind="fee")
    if remittance.original is not None:
        rate = f", at {remittance.rate.normalize():f}" if remittance.rate is not None else ""
        yield Reason(text=f"sent as {money(remittance.original)}{rate}", kind="exchange")
    if remittance.reverses:
        yield Reason(text=f"it takes back {brief(remittance.reverses)!r}", kind="reverses", ref=remittance.reverses)


def _undecided(books: Books, name: str) -> Iterator[Reason]:
    """What is asked about it, or that nobody asks."""
    asked = [(branch, each) for branch, file in open_proposals(books).items() for each in file.matches]
    for branch, each in asked:
        if each.remittance == name:
            score = f", probability {each.score:.1%}" if each.score is not None else ""
            what = ", ".join(f"{number}: {money(amount)}" for number, amount in each.invoices.items()) or "no invoice"
            inner = [Reason(text=text, kind="reason") for text in (*each.reasons, each.because) if text]
            inner += [Reason(text=f"or {brief(other)}", kind="rival") for other in each.others]
            text = f"{proposal_branch(branch)} proposes {what}{score}; merging it confirms that"
            yield Reason(text=text, kind="proposed", ref=proposal_branch(branch), because=tuple(inner))
            return
    text = "nobody has decided on it: git bill reconcile tells what it may be, and why it is not applied"
    hint = Reason(text=f"say what it is for: git bill paid INV-… --from {name}", kind="hint")
    yield Reason(text=text, kind="undecided", ref=name, because=(hint,))


def _allocation(found: _Money, each: Allocation) -> Reason:
    remittance = found.paid.remittances[each.remittance]
    target = f"of {each.invoice}" if each.invoice else f"of what was left of {each.returns}"
    went = "paid" if each.settles.amount > 0 else "went back"
    gone = f"; taken back by {found.undone[each.id].by}" if each.id in found.undone else ""
    text = f"{each.id}: {money(each.settles)} {target} {went} on {remittance.booked}{gone}"
    because = [
        Reason(text=_told(remittance), kind="remittance", ref=remittance.id),
        _decided(each),
        *_difference(each),
        *_gained(found, each, remittance),
        *_taken_back(found, each.id),
    ]
    return Reason(text=text, kind="payment", ref=each.id, because=tuple(because))


def _decided(each: Allocation) -> Reason:
    """Who or what brought the two together, how surely, and why."""
    who = "" if each.how == "matched" else f" {each.by}"
    score = f", probability {each.score:.1%}" if each.score is not None else ""
    why = f', "{brief(each.because)}"' if each.because else ""
    inner = tuple(Reason(text=brief(text, 200), kind="reason") for text in each.reasons)
    text = f"{_HOW[each.how]}{who} on {each.at:%Y-%m-%d}{score}{why}"
    return Reason(text=text, kind=each.how, ref=each.by, because=inner)


def _difference(each: Allocation) -> Iterator[Reason]:
    if each.amount == each.settles:
        return
    what = _DIFFERENCES[each.difference] if each.difference else "a difference"
    if each.amount.currency == each.settles.currency:
        text = f"{money(each.amount)} of it settle {money(each.settles)}: {money(each.settles - each.amount)} is {what}"
    else:
        text = f"{money(each.amount)} settle {money(each.settles)}: {what}"
    yield Reason(text=text, kind=each.difference or "difference")


def _gained(found: _Money, each: Allocation, remittance: Remittance) -> Iterator[Reason]:
    """By the rates of exchange of the two days, where that is known."""
    invoice = found.invoices.get(each.invoice)
    if invoice is None:
        return
    made = gain(invoice, each.settles, each.amount, remittance.booked, found.quotes)
    if isinstance(made, Problem):
        text = f"what the rate of exchange gained or lost is not known: {made.message}"
        yield Reason(text=text, kind="exchange-unknown")
    elif made is not None:
        word = "gained" if made.amount >= 0 else "lost"
        amount = made if made.amount >= 0 else -made
        yield Reason(text=f"{money(amount)} {word} by the rate of exchange since the invoice", kind="exchange-gain")


def _lost(found: _Money, each: WriteOff) -> Reason:
    gone = f"; taken back by {found.undone[each.id].by}" if each.id in found.undone else ""
    text = f"{each.id}: {money(each.amount)} of {each.invoice} written off on {each.on} ({each.as_}) by {each.by}{gone}"
    why = (Reason(text=f'"{brief(each.because)}"', kind="because"),) if each.because else ()
    return Reason(text=text, kind="write-off", ref=each.id, because=(*why, *_taken_back(found, each.id)))


def _off(found: _Money, each: SetOff) -> Reason:
    gone = f"; taken back by {found.undone[each.id].by}" if each.id in found.undone else ""
    text = f"{each.id}: {money(each.amount)} of {each.credit} set off against {each.invoice} on {each.on}{gone}"
    return Reason(text=text, kind="set-off", ref=each.id, because=tuple(_taken_back(found, each.id)))


def _credited(found: _Money, now: Receivable) -> Iterator[Reason]:
    """What credit notes of it take up by themselves."""
    if not now.credited:
        return
    notes = [each.number for each in found.invoices.values() if each.reverses and each.reverses.number == now.number]
    if notes:
        yield Reason(
            text=f"{money(now.credited)} taken up by {', '.join(sorted(notes))}", kind="credited", ref=notes[0]
        )
    else:
        yield Reason(text=f"{money(-now.credited)} taken up by the invoice that it credits", kind="credited")


def _aside(found: _Money, each: Aside) -> Reason:
    of = f" {each.of}" if each.of else ""
    why = f', "{brief(each.because)}"' if each.because else ""
    stands = found.paid.aside.get(each.remittance) == each
    gone = "" if stands else "; taken back later"
    text = f"put aside by {each.by} on {each.at:%Y-%m-%d}: {_ASIDE[each.as_]}{of}{why}{gone}"
    inner = () if stands else tuple(_taken_back(found, each.remittance))
    return Reason(text=text, kind="aside", ref=each.of or each.remittance, because=inner)


def _rejected(no: Rejected) -> Reason:
    why = f', "{brief(no.because)}"' if no.because else ""
    what = ", ".join(no.invoices) or "nothing that was open then"
    return Reason(text=f"not for {what}, as {no.by} said on {no.at:%Y-%m-%d}{why}", kind="rejected", ref=no.remittance)


def _taken_back(found: _Money, name: str) -> Iterator[Reason]:
    undo = found.undone.get(name)
    if undo is not None:
        why = f': "{brief(undo.because)}"' if undo.because else ""
        yield Reason(text=f"taken back by {undo.by} on {undo.at:%Y-%m-%d}{why}", kind="undone", ref=undo.by)


def _told(remittance: Remittance) -> str:
    """A remittance in a line; what strangers wrote stands in quotes and is cut."""
    return f"{remittance.id}: {brief(told(remittance), _MONEY)}"
