"""What is owed, for people and for programs: receivables, their ageing, and money that nobody knows the reason of."""

from collections.abc import Iterator, Mapping
from typing import Any

from git_bill.cli.delivered import dispatch_data, dispatch_text
from git_bill.cli.output import Line, Span, bold, dim, money, table
from git_bill.custody.dispatch import Dispatch
from git_bill.flows.receivables import Owed, Receivable
from git_bill.money import Money, by_currency
from git_bill.receivable.ageing import BUCKETS, Aged
from git_bill.receivable.settling import told


def receivables_text(found: Owed, sent: Mapping[str, Dispatch]) -> list[Line]:
    """One row for each document that something is open of, and what may be claimed for late ones."""
    if not found.rows:
        return []
    rows = [
        [
            bold(row.number),
            row.client,
            f"due {row.due}",
            money(row.open),
            _standing(row),
            dim(dispatch_text(sent[row.number])) if row.number in sent else "",
        ]
        for row in found.rows
    ]
    return [*table(rows, head=("owed", "", "", "open", "", "sent"), align="lllrll"), *_claimable(found)]


def _standing(row: Receivable) -> str | Span:
    if row.open.amount < 0:
        return Span("you owe it", "yellow")
    if row.days_late:
        return Span(f"{row.days_late} {'day' if row.days_late == 1 else 'days'} late", "red")
    return "partly paid" if row.open < row.asked else ""


def _claimable(found: Owed) -> Iterator[Line]:
    """What is open does not ask for it: it is the issuer's to claim."""
    late = [(row.number, row.late) for row in found.rows if row.late is not None]
    interest = amounts(by_currency(claim.interest for _, claim in late))
    cost = amounts(by_currency(claim.cost for _, claim in late if claim.cost is not None))
    if interest:
        yield dim(
            f"For that you may claim {interest} of late interest{f' and {cost} for recovery costs' if cost else ''}"
            f" beside it: git bill explain {late[0][0]}"
        )


def ageing_text(found: Owed) -> Iterator[Line]:
    """By client and bucket; then what clients have to their credit, and what nobody has decided on."""
    if found.ageing:
        rows: list[list[str | Span]] = [
            [
                bold(each.client),
                *(money(each.amounts[name]) if each.amounts[name] else "" for name in BUCKETS),
                money(each.open),
            ]
            for each in found.ageing
        ]
        yield ""
        head = (f"on {found.as_of}", *(f"{name} days" if name[0].isdigit() else name for name in BUCKETS), "open")
        yield from table(rows, head=head, align="l" + "r" * (len(BUCKETS) + 1))
    for credit in found.credits:
        yield dim(f"{credit.client} has {money(credit.amount)} to its credit: {credit.remittance} of {credit.since}")
    for use in found.uses:
        way = f"git bill paid {use.invoice} --credit {use.credit}"
        yield dim(f"Take {money(use.amount)} of it off {use.invoice}: {way}")
    if found.unknown:
        yield ""
        yield "Nobody knows what this is for:"
        for each in found.unknown:
            yield (bold(f"  {each.id}"), f"  {told(each)}")


def receivables_data(found: Owed, sent: Mapping[str, Dispatch]) -> list[Mapping[str, Any]]:
    """The keys that scripts may rely on."""
    return [
        {
            "invoice": row.number,
            "client": row.client,
            "due": row.due,
            "asked": row.asked,
            "open": row.open,
            "days_late": row.days_late,
            "late_interest": row.late.interest if row.late else None,
            "late_rate": f"{row.late.rate:f}" if row.late else None,
            "compensation": row.late.cost if row.late else None,
            "sent": dispatch_data(sent.get(row.number)),
        }
        for row in found.rows
    ]


def ageing_data(found: Owed) -> Mapping[str, Any]:
    """By client and currency, every bucket; credits, and remittances that nobody has decided on."""
    return {
        "ageing": [
            {"client": each.client, "currency": each.currency, **_buckets(each), "open": each.open}
            for each in found.ageing
        ],
        "credits": [
            {"client": each.client, "remittance": each.remittance, "amount": each.amount} for each in found.credits
        ],
        "uses": [
            {"client": each.client, "credit": each.credit, "invoice": each.invoice, "amount": each.amount}
            for each in found.uses
        ],
        "unknown": [{"remittance": each.id, "money": told(each)} for each in found.unknown],
    }


def _buckets(aged: Aged) -> Mapping[str, Money]:
    """`not_due`, `d1_30`, `over_90`: names that any language can read."""
    names = {name: name.replace(" ", "_").replace("-", "_") for name in BUCKETS}
    return {f"d{key}" if key[0].isdigit() else key: aged.amounts[name] for name, key in names.items()}


def amounts(found: tuple[Money, ...]) -> str:
    """`100.00 EUR + 20.00 USD`."""
    return " + ".join(money(amount) for amount in found)
