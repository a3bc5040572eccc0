"""Credit notes: from an issued invoice and what is still open of it to the draft of a document that takes it back.

Amounts are positive (UNTDID 381). Each line keeps the tax treatment and the rate of exchange of its invoice, for the
correction follows the supply (Directive 2006/112/EC Art. 90 and 219).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.credited import Document, Open, open_of, without_stamp
from git_bill.invoice.draft import Draft, Entries, Line, Reversal
from git_bill.invoice.issued import SAME_ON_LINES, Invoice, InvoiceLine
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money, split, total
from git_bill.problem import Problem

_CENTS = Decimal("0.05")  # what rounding tax on several documents can add up to


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to credit: all that is open, these lines, or a net amount in the proportion of what is open.

    `words`: what a line says that stands for a part of several.
    """

    entries: Entries
    lines: tuple[int, ...] = ()
    amount: Money | None = None
    because: str | None = None
    words: str = ""


def credit(invoice: Invoice, notes: Sequence[Document], wish: Wish, *, draft_id: str) -> Draft | Problem:
    """The draft of a credit note. `notes`: earlier ones of the invoice, issued or drafted; a Problem says why not."""
    left = open_of(invoice, notes)
    if wrong := _refused(invoice, left, wish):
        return wrong
    if wish.amount is not None:
        lines: Sequence[Line] | Problem = _of_amount(invoice, left, wish, wish.amount)
        if isinstance(lines, Problem):
            return lines
    else:
        lines = tuple(_of_lines(invoice, left, wish))
    if not lines:
        return _problem("nothing-open", f"nothing of {_what(wish)} is left to be credited", "see: git bill explain")
    reversal = Reversal(
        number=invoice.number, issue_date=invoice.issue_date, entries=wish.entries, because=wish.because
    )
    found = replace(draft_of(invoice, lines, draft_id=draft_id), kind="credit-note", reverses=reversal)
    if not notes and wish.amount is None and len(lines) == len(invoice.lines):
        sums, own = invoice.totals, own_allowances(invoice)
        whole = replace(reversal, whole=True)
        return replace(found, reverses=whole, allowances=own, prepaid=sums.prepaid, rounding=sums.rounding)
    found = replace(found, tax=without_stamp(found.tax))
    if wish.amount is None:
        found = replace(found, allowances=tuple(_discounts(invoice, left, found)))
    found = _closed(found, left)
    if over := exceeding(left, found):
        hint = f"all that is left of it: git bill credit {invoice.number} --{wish.entries}"
        return _problem("more-than-open", over, hint)
    return found


def cancellation(invoice: Invoice, *, draft_id: str, because: str | None) -> Draft:
    """The credit note that takes back all of an invoice of which nothing was credited: it follows from it alone."""
    found = credit(invoice, (), Wish(entries="rebill", because=because), draft_id=draft_id)
    if isinstance(found, Problem):
        raise ValueError(found.message)
    return found


def exceeding(left: Open, draft: Draft) -> str | None:
    """What a credit note takes back beyond what is open, in words; None where it stays within."""
    for line in draft.lines:
        for number, amount in line.credits.items():
            rest = left.nets.get(number)
            if rest is None:
                return f"there is no line {number} on {_number(draft)}"
            if not _within(amount, rest):
                return f"line {number} of {_number(draft)} has {rest} open, the credit note takes {amount}"
    sums = draft_totals(draft)
    for group in sums.groups:
        rest = left.bases.get((group.category, group.rate.normalize()), Money.zero(draft.currency))
        if not _within(group.base, rest):
            rate = f"{group.category} {group.rate.normalize():f} %"
            return f"{_number(draft)} has {rest} open under {rate}, the credit note takes {group.base}"
    gross = sums.gross + sums.rounding if sums.rounding is not None else sums.gross
    if left.gross < gross:
        return f"{_number(draft)} has {left.gross} open with tax, the credit note takes {gross}"
    return None


def _refused(invoice: Invoice, left: Open, wish: Wish) -> Problem | None:
    """Why nothing can be credited at all."""
    if invoice.reverses is not None:
        message = f"{invoice.number} is a credit note; a credit note is not credited"
        return _problem("not-an-invoice", message, f"bill it again: git bill draft --client {invoice.client_id}")
    unknown = [number for number in wish.lines if str(number) not in left.nets]
    if unknown:
        message = f"{invoice.number} has {len(invoice.lines)} lines and no line {unknown[0]}"
        return _problem("no-such-line", message, f"see its lines: git bill show {invoice.number}")
    if wish.lines and total((left.nets[str(number)] for number in wish.lines), invoice.currency).amount < 0:
        message = f"what is chosen of {invoice.number} comes to less than nothing"
        hint = "a line that takes off is credited with what it is taken from: --line 1 --line 3"
        return _problem("below-zero", message, hint)
    return _wrong_amount(invoice, wish.amount) if wish.amount is not None else None


def _wrong_amount(invoice: Invoice, amount: Money) -> Problem | None:
    """Why it is no amount to be credited, however much is open."""
    if amount.currency != invoice.currency:
        message = f"{amount} is not in {invoice.currency}, the currency of {invoice.number}"
        return _problem("wrong-currency", message, f'--amount "{amount.amount} {invoice.currency}"')
    if amount.amount <= 0 or amount != amount.rounded():
        message = f"{amount} can't be credited: it is no amount above zero in whole cents"
        return _problem("not-positive", message, f'--amount "100.00 {invoice.currency}"')
    return None


def _of_lines(invoice: Invoice, left: Open, wish: Wish) -> Iterator[Line]:
    """What is open of whole lines; an untouched one as it stands on the invoice."""
    for index, line in enumerate(invoice.lines, 1):
        number, rest = str(index), left.nets[str(index)]
        if wish.lines and index not in wish.lines:
            continue
        if number not in left.touched:
            yield replace(same_line(line), credits={number: rest})
        elif rest:
            yield _part(line, number, rest, left, items=number not in left.shared)


def draft_of(invoice: Invoice, lines: Iterable[Line], *, draft_id: str) -> Draft:
    """What a draft about an issued document has of it."""
    return Draft(
        id=draft_id,
        client=invoice.client_id,
        contract=invoice.contract,
        first=invoice.first,
        last=invoice.last,
        currency=invoice.currency,
        payment_terms=invoice.payment_terms,
        order=invoice.order,
        bill_to=invoice.bill_to,
        tax=invoice.tax,
        exchange=invoice.exchange,
        conversion=invoice.conversion,
        partial=True,
        lines=tuple(lines),
    )


def same_line(line: InvoiceLine) -> Line:
    """A line of an issued document as a draft has it."""
    return Line(**{name: getattr(line, name) for name in SAME_ON_LINES})


def _part(line: InvoiceLine, number: str, amount: Money, left: Open, *, items: bool) -> Line:
    """A part of a line at one price, and its part of the minutes. `items`: what else it bills goes with it."""
    rest = left.entries[number]
    closes = amount == left.nets[number] and number not in left.shared
    share = amount.amount / line.net.amount
    minutes = {e: rest[e] if closes else min(rest[e], int(m * share)) for e, m in line.entries.items()}
    return Line(
        description=line.description,
        detail=line.detail,
        quantity=Decimal(-1 if amount.amount < 0 else 1),
        unit="C62",
        unit_price=max(amount, -amount),
        tax=line.tax,
        first=line.first,
        last=line.last,
        reason=f"{amount} of {line.net}",
        entries={entry: found for entry, found in minutes.items() if found},
        bills=left.items[number] if items and closes else (),
        credits={number: amount},
    )


def _of_amount(invoice: Invoice, left: Open, wish: Wish, amount: Money) -> tuple[Line, ...] | Problem:
    """A net amount, shared by what is open: first among the tax treatments, then among their lines."""
    chosen = {str(n) for n in wish.lines} or set(left.nets)
    numbers = [n for n in left.nets if n in chosen and left.nets[n].amount > 0]
    by_tax: dict[Tax, list[str]] = {}
    for number in numbers:
        by_tax.setdefault(invoice.lines[int(number) - 1].tax or invoice.tax, []).append(number)
    rooms = {tax: _room(invoice, left, tax, some, whole=not wish.lines) for tax, some in by_tax.items()}
    most = total(rooms.values(), invoice.currency)
    if most < amount:
        message = f"{_what(wish)} of {invoice.number} has {most} open without tax, {amount} is more"
        hint = f'credit less: --amount "{most}"' if most else "nothing of it is left to be credited"
        return _problem("more-than-open", message, hint)
    shares = split(amount, [room.amount for room in rooms.values()])
    parts: dict[str, Money] = {}
    for some, share in zip(by_tax.values(), shares, strict=True):
        if share:
            parts |= dict(zip(some, split(share, [left.nets[n].amount for n in some]), strict=True))
    parts = {number: part for number, part in parts.items() if part}
    if wish.entries == "waive" and len(parts) > 1:
        return tuple(_waived(invoice, by_tax, parts, wish.words))
    lines = {number: invoice.lines[int(number) - 1] for number in parts}
    whole = [n for n, line in lines.items() if line.bills and parts[n] != line.net]
    if whole and wish.entries == "rebill":
        items = ", ".join(lines[whole[0]].bills)
        message = f"line {whole[0]} bills {items}, which is billed whole or not at all: no part of it can come back"
        return _problem("billed-whole", message, f"credit the line: --line {whole[0]} --rebill; or settle it: --waive")
    return tuple(_part(lines[n], n, part, left, items=part == lines[n].net) for n, part in parts.items())


def _room(invoice: Invoice, left: Open, tax: Tax, numbers: Iterable[str], *, whole: bool) -> Money:
    """How much can be credited of lines of one treatment: no more than they have open, and than their group has."""
    zero = Money.zero(invoice.currency)
    base = left.bases.get((tax.category, tax.rate.normalize()), zero)
    lines = total((left.nets[number] for number in numbers), invoice.currency)
    discount = left.allowances.get(without_stamp(tax), zero) if whole else zero
    return max(zero, min(lines, base, lines + discount))


def _waived(
    invoice: Invoice, by_tax: Mapping[Tax, list[str]], parts: Mapping[str, Money], words: str
) -> Iterator[Line]:
    """One line for each treatment: nothing comes back that would have to be told by line."""
    for tax, numbers in by_tax.items():
        credits = {number: parts[number] for number in numbers if number in parts}
        amount = total(credits.values(), invoice.currency)
        if amount:
            yield Line(
                description=words or invoice.number,
                quantity=Decimal(1),
                unit="C62",
                unit_price=amount,
                tax=None if tax == invoice.tax else tax,
                reason=f"{amount} of {invoice.number}, shared by what is open of its lines",
                credits=credits,
            )


def _discounts(invoice: Invoice, left: Open, found: Draft) -> Iterator[Allowance]:
    """The part of the invoice's own discounts and surcharges that goes with the lines; the rest with the last ones."""
    for tax, rest in left.allowances.items():
        every = {str(n) for n, line in enumerate(invoice.lines, 1) if without_stamp(line.tax or invoice.tax) == tax}
        numbers = {number for line in found.lines for number in line.credits} & every
        if not numbers:
            continue
        have = total((left.nets[n] for n in every), invoice.currency)
        taken = total((left.nets[n] for n in numbers), invoice.currency)
        part = rest if taken == have or not have else (rest * (taken.amount / have.amount)).rounded()
        same = next((each for each in invoice.allowances if without_stamp(each.tax or invoice.tax) == tax), None)
        if part:
            yield Allowance(
                charge=part.amount > 0, amount=max(part, -part), reason=same.reason if same else "", tax=tax
            )


def own_allowances(invoice: Invoice) -> tuple[Allowance, ...]:
    """The invoice's discounts and surcharges as a draft states them: what the law adds follows from the tax."""
    return tuple(replace(each, percent=None, base=None) for each in invoice.allowances)


def _closed(found: Draft, left: Open) -> Draft:
    """Rounded so that the tax of several credit notes comes to no cent more, and at the end to none less (BT-114)."""
    sums = draft_totals(found)
    ends = all(group.base == left.bases.get((group.category, group.rate.normalize())) for group in sums.groups)
    ends = ends and sums.net == left.net
    over = left.gross - sums.gross
    if (over.amount < 0 or ends) and over and abs(over.amount) <= _CENTS:
        return replace(found, rounding=over)
    return found


def _within(amount: Money, rest: Money) -> bool:
    """Whether a part of what is open: between nothing and it, on its side of zero."""
    if rest.amount < 0:
        return rest <= amount <= Money.zero(rest.currency)
    return Money.zero(rest.currency) <= amount <= rest


def _what(wish: Wish) -> str:
    if not wish.lines:
        return "the invoice"
    return f"line{'' if len(wish.lines) == 1 else 's'} {', '.join(map(str, wish.lines))}"


def _number(draft: Draft) -> str:
    return draft.reverses.number if draft.reverses else "the invoice"


def _problem(rule: str, message: str, hint: str) -> Problem:
    return Problem(rule=rule, message=message, hint=hint)
