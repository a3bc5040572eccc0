"""What reconciling did, for people and for programs. Texts of statements are neutralised where they are printed."""

from collections.abc import Iterator, Mapping
from typing import Any

from git_bill.cli.output import Line, Span, bold, dim, money, table
from git_bill.flows.reconcile import Reconciled
from git_bill.receivable.account import Statement
from git_bill.receivable.credit import Use
from git_bill.receivable.payment import Allocation, Apart, Aside
from git_bill.receivable.settling import Proposal, told

_MOST = 20  # rows of one kind on a terminal
_APART: Mapping[Apart, str] = {
    "transfer": "between own accounts",
    "same": "recorded by hand before",
    "credit": "of credit",
    "private": "private",
    "other": "for nothing that is open",
}


def data(found: Reconciled) -> Mapping[str, Any]:
    """The keys that scripts may rely on."""
    return {
        "statements": [_statement(each) for file in found.read for each in file.statements],
        "remittances": len(found.new),
        "known": found.known,
        "matched": [_matched(each) for each in found.matched],
        "confirmed": [_matched(each) for each in found.confirmed],
        "proposed": [_proposed(each) for each in found.proposed],
        "unmatched": [
            {"remittance": name, "money": told(found.remittances[name]), "because": why}
            for name, why in found.unmatched.items()
        ],
        "aside": [{"remittance": each.remittance, "as": each.as_, "of": each.of} for each in found.aside],
        "written_off": [
            {"write_off": each.id, "invoice": each.invoice, "amount": str(each.amount)} for each in found.written_off
        ],
        "paid": list(found.paid),
        "uses": [_use(each) for each in found.uses],
        "waiting": list(found.waiting),
        "disputes": list(found.disputes),
        "won": list(found.won),
        "pull_request": {"url": found.pull.url, "number": found.pull.number} if found.pull else None,
    }


def _statement(found: Statement) -> Mapping[str, Any]:
    return {
        "file": found.file,
        "account": found.account,
        "currency": found.currency,
        "opening": str(found.opening) if found.opening is not None else None,
        "closing": str(found.closing) if found.closing is not None else None,
        "entries": found.entries,
    }


def _matched(found: Allocation) -> Mapping[str, Any]:
    return {
        "allocation": found.id,
        "remittance": found.remittance,
        "invoice": found.invoice or None,
        "amount": str(found.amount),
        "settles": str(found.settles),
        "difference": found.difference,
        "score": float(found.score) if found.score is not None else None,
        "reasons": list(found.reasons),
    }


def _proposed(found: Proposal) -> Mapping[str, Any]:
    return {
        "remittance": found.remittance,
        "money": found.money,
        "invoices": {number: str(amount) for number, amount in found.invoices.items()},
        "difference": found.difference,
        "score": float(found.score) if found.score is not None else None,
        "because": found.because,
        "reasons": list(found.reasons),
        "others": list(found.others),
    }


def _use(found: Use) -> Mapping[str, Any]:
    return {
        "client": found.client,
        "credit": found.credit,
        "invoice": found.invoice,
        "amount": str(found.amount),
    }


def text(found: Reconciled) -> Iterator[Line]:
    """What was read, matched, proposed and left."""
    yield from _read(found)
    yield _summary(found)
    parts = (
        _applied("matched", found.matched, found),
        _applied("confirmed", found.confirmed, found),
        _asked(found),
        _left(found),
    )
    for rows in parts:
        if rows:
            yield ""
            yield from rows
    if found.aside:
        yield ""
        yield from _recognised(found)
    for lost in found.written_off:
        yield f"Written off: {money(lost.amount)} of {lost.invoice}, signed off by {lost.by}"
    if found.paid:
        yield ""
        yield f"Paid in full: {', '.join(found.paid)}"
    yield from ((Span("A chargeback opened a dispute: ", "yellow"), bold(each)) for each in found.disputes)
    yield from (("The provider gave back what was disputed: ", bold(each)) for each in found.won)
    for use in found.uses[:_MOST]:
        yield f"{use.client} has {money(use.amount)} to its credit for {use.invoice}: {use.credit}"
    if found.pull is not None:
        yield f"To confirm: {found.pull.url}"
    if found.waiting:
        count = len(found.waiting)
        yield dim(f"{count} {'waits' if count == 1 else 'wait'} in a proposal that is not merged yet.")


def _read(found: Reconciled) -> Iterator[Line]:
    """A line for each statement."""
    for file in found.read:
        for each in file.statements:
            span = f"{each.first} to {each.last}, " if each.first else ""
            entries = f"{each.entries} {'entry' if each.entries == 1 else 'entries'}" if each.entries else "no entries"
            yield (bold(each.file), dim(f"  {each.feed}, {each.account}, {span}{entries}"))


def _summary(found: Reconciled) -> str:
    new, known = len(found.new), found.known
    if not new and not known:
        return "Nothing new came in."
    before = f", {known} {'was' if known == 1 else 'were'} known" if known else ""
    return f"{new} new {'remittance' if new == 1 else 'remittances'}{before}."


def _applied(name: str, allocations: tuple[Allocation, ...], found: Reconciled) -> list[Line]:
    if not allocations:
        return []
    rows: list[list[str | Span]] = [
        [
            bold(each.invoice or f"back: {each.returns}"),
            money(each.settles),
            _less(each),
            str(found.remittances[each.remittance].booked),
            found.remittances[each.remittance].payer[:30],
            dim("; ".join(each.reasons) or each.because),
        ]
        for each in allocations[:_MOST]
    ]
    return [*table(rows, head=(name, "settles", "", "booked", "from", "why"), align="lrllll"), *_more(len(allocations))]


def _recognised(found: Reconciled) -> Iterator[Line]:
    """What each is that pays nothing by itself, its money with it."""
    rows: list[list[str | Span]] = [
        [bold(each.remittance), told(found.remittances[each.remittance])[:70], dim(_what(each))]
        for each in found.aside[:_MOST]
    ]
    yield from table(rows, head=("recognised", "", "as"), align="lll")
    yield from _more(len(found.aside))


def _what(aside: Aside) -> str:
    """`told of already: INV-2026-0032`, `payout po_1 of stripe, transfer`, `credit of acme`."""
    if aside.as_ == "same":
        return f"told of already: {aside.because.removeprefix('recorded by hand for ')}"
    if aside.as_ == "transfer":
        return f"{aside.because}, transfer" if aside.because else _APART["transfer"]
    named = f"credit of {aside.of}" if aside.as_ == "credit" else _APART[aside.as_]
    return f"{named}: {aside.because}" if aside.because else named


def _less(found: Allocation) -> str:
    """Why it is not the amount that came: `fee 17.50 EUR`, or what came in another currency."""
    if found.difference is None:
        return ""
    same = found.amount.currency == found.settles.currency
    return f"{found.difference} {money(found.settles - found.amount)}" if same else f"by {money(found.amount)}"


def _asked(found: Reconciled) -> list[Line]:
    rows: list[list[str | Span]] = [
        [
            bold(each.remittance),
            f"{each.score:.0%}" if each.score is not None else "",
            ", ".join(each.invoices) or "–",
            each.money[:70],
            dim(each.because),
        ]
        for each in found.proposed[:_MOST]
    ]
    if not rows:
        return []
    return [
        *table(rows, head=("to confirm", "", "for", "", "why it is asked"), align="lrlll"),
        *_more(len(found.proposed)),
    ]


def _left(found: Reconciled) -> list[Line]:
    rows: list[list[str | Span]] = [
        [bold(name), told(found.remittances[name])[:70], dim(why)]
        for name, why in list(found.unmatched.items())[:_MOST]
    ]
    if not rows:
        return []
    return [*table(rows, head=("for nothing known", "", "why"), align="lll"), *_more(len(found.unmatched))]


def _more(count: int) -> list[Line]:
    return [dim(f"and {count - _MOST} more: --json lists all")] if count > _MOST else []
