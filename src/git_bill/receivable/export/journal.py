"""The journal: entries of everything that was issued, paid, lost or set off.

Income, tax and costs are in the books' currency; receivables and money in their own. An entry counts from the issue
date of its document, the booked day of its money, or the day that a write-off or set-off names: the same days as in
`receivable.receivable`, so that the balance of a client's receivable is what that says is open.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from git_bill.money import split, total
from git_bill.receivable.booked import Booked
from git_bill.receivable.export.document import Amount, Document, Group
from git_bill.receivable.export.entry import Account, Entry, Posting, closed, own
from git_bill.receivable.export.move import Move, fee_of, shares, spent
from git_bill.receivable.export.parked import parked
from git_bill.receivable.export.settings import Basis
from git_bill.receivable.export.taxed import IsEu, Moved, divided, due_by, is_by_payment, part_of
from git_bill.receivable.export.worths import Worths, account_of
from git_bill.receivable.payment import SetOff

_DOCUMENTS = frozenset({"invoice", "credit-note"})
_LOSSES: Mapping[str, str] = {
    "uncollectable": "bad-debts",
    "discount": "discount",
    "late-discount": "discount",
    "goodwill": "discount",
}


def journal(
    documents: Mapping[str, Document], moved: Moved, paid: Booked, *, basis: Basis, is_eu: IsEu, worths: Worths
) -> tuple[Entry, ...]:
    """By day and id. `moved`: see `every_move`.

    What of foreign money has no known worth is a problem of `worths`: then it is not complete.
    """
    payers = {number: document.client for number, document in documents.items()}
    book = _Book(paid, basis, is_eu, worths)
    found = [
        each
        for document in documents.values()
        for each in (book.issued(document), *book.settled(document, moved[document.number]))
    ]
    found += [book.offset(each, documents) for each in paid.set_offs if {each.credit, each.invoice} <= documents.keys()]
    found += parked(paid, payers, worths)
    return tuple(sorted(found, key=lambda each: (each.day, each.kind not in _DOCUMENTS, each.id)))


def receivable(document: Document) -> Account:
    """What its client owes."""
    return Account(role="receivable", of=(document.client,))


class _Book:
    """Makes entries of documents."""

    def __init__(self, paid: Booked, basis: Basis, is_eu: IsEu, worths: Worths) -> None:
        self._paid, self._basis, self._is_eu, self._worths = paid, basis, is_eu, worths
        self._currency = worths.currency
        self._gone: dict[tuple[str, str], Amount] = {}  # document and move → what it takes off the receivable

    def issued(self, document: Document) -> Entry:
        """Receivable and what the client keeps, against income and tax."""
        country = document.invoice.client.country
        found = [
            (receivable(document), document.asked),
            (Account(role="withheld"), document.withheld),
            (Account(role="credit", of=(document.client,)), document.prepaid),
            (Account(role="difference"), own(-document.rounding.worth)),
        ]
        for group in document.groups:
            treatment = (group.category, _rate(group))
            found.append((Account(role="revenue", of=(*treatment, country)), own(-group.base.worth)))
            role = "vat-pending" if self._is_pending(document, group) else "vat"
            found.append((Account(role=role, of=treatment), own(-group.tax.worth)))
        kind = "credit-note" if document.is_credit else "invoice"
        text = f"{kind.replace('-', ' ')} {document.number}"
        return self._entry(document, document.invoice.issue_date, document.number, kind, text, found)

    def settled(self, document: Document, moved: Sequence[Move]) -> Iterator[Entry]:
        """Payments, refunds, chargebacks and write-offs of a document; of set-offs and credits their tax alone."""
        asked = document.asked
        worths = shares(asked.worth, asked.stated, [each.settles for each in moved])
        taxes = {group.treatment: divided(group.tax, asked.stated, moved) for group in document.groups}
        for at, (each, worth) in enumerate(zip(moved, worths, strict=True)):
            found: list[tuple[Account, Amount]] = []
            gone = self._gone[document.number, each.source] = Amount(stated=each.settles, worth=worth)
            if each.kind in {"payment", "write-off"}:
                found.append((receivable(document), -gone))
                found += self._money(each) if each.kind == "payment" else self._given_up(document, each)
                found += self._lost(document, each, [taxes[group.treatment][at][1] for group in document.groups])
            for group in document.groups:
                if self._is_pending(document, group):
                    due, treatment = taxes[group.treatment][at][0].worth, (group.category, _rate(group))
                    found += [
                        (Account(role="vat-pending", of=treatment), own(due)),
                        (Account(role="vat", of=treatment), own(-due)),
                    ]
            if found:
                alone = each.kind in {"payment", "write-off"}
                identity = each.source if alone else f"{each.source}-tax-{document.number}"
                text = f"{_said(each)} {document.number}"
                yield self._entry(document, each.day, identity, each.kind, text, found)

    def offset(self, off: SetOff, documents: Mapping[str, Document]) -> Entry:
        """A credit note taken off an invoice."""
        document, note = documents[off.invoice], documents[off.credit]
        postings = (
            Posting(account=receivable(each), amount=-self._gone[each.number, off.id], document=each.number)
            for each in (note, document)
        )
        return Entry(
            day=off.on,
            id=off.id,
            kind="set-off",
            number=document.number,
            client=document.client,
            payee=document.invoice.client.name,
            text=f"{off.credit} set off against {document.number}",
            postings=closed(postings, self._currency),
        )

    def _money(self, moved: Move) -> Iterator[tuple[Account, Amount]]:
        """What reached the account, what was kept on the way, what the client keeps for the tax office."""
        allocation = next(each for each in self._paid.by_invoice[moved.number] if each.id == moved.source)
        remittance = self._paid.remittances[allocation.remittance]
        yield account_of(remittance), self._worths.on(allocation.amount, moved.day)
        fee = fee_of(allocation, self._paid) if moved.across else moved.fee
        if fee:
            yield Account(role="fees"), own(self._worths.on(fee, moved.day).worth)
        if moved.withheld:
            yield Account(role="withheld"), self._worths.on(moved.withheld, moved.day)

    def _given_up(self, document: Document, moved: Move) -> Iterator[tuple[Account, Amount]]:
        """A bank's fee that the client did not make good: a cost, the price stays."""
        yield Account(role="fees"), own(part_of(document.asked, document.asked.stated, moved.fee).worth)

    def _lost(self, document: Document, moved: Move, taxes: Sequence[Amount]) -> Iterator[tuple[Account, Amount]]:
        """What lessens the price, by tax treatment, and the tax that it takes back."""
        if not moved.reduced:
            return
        asked, groups = document.asked, document.groups
        gone = self._gone[document.number, moved.source].worth
        lost = part_of(asked, asked.stated, moved.reduced).worth if spent(moved) else gone
        stay = [moved.keeps_tax and not self._is_pending(document, group) for group in groups]
        backs = [tax.worth * 0 if stays else tax.worth for tax, stays in zip(taxes, stay, strict=True)]
        net = lost - total(backs, self._currency)
        weights = [abs(group.base.worth.amount) for group in groups]
        nets = split(net, weights) if any(weights) else (net, *[net * 0] * (len(groups) - 1))
        role = _LOSSES.get(moved.reason, "difference")
        for group, base, back, stays in zip(groups, nets, backs, stay, strict=True):
            treatment = (group.category, _rate(group))
            taxed = () if stays else treatment  # of an account with a treatment DATEV takes the tax out
            yield Account(role=role, of=taxed), own(base)
            pending = self._is_pending(document, group)
            yield Account(role="vat-pending" if pending else "vat", of=treatment), own(back)

    def _is_pending(self, document: Document, group: Group) -> bool:
        """Whether a group's tax waits for the money."""
        rule = due_by(document, group, self._basis, self._is_eu)
        return bool(document.asked.stated) and is_by_payment(document, rule)

    def _entry(  # noqa: PLR0917  in the order of an entry
        self, document: Document, day: date, name: str, kind: str, text: str, found: Sequence[tuple[Account, Amount]]
    ) -> Entry:
        postings = (Posting(account=account, amount=amount, document=document.number) for account, amount in found)
        return Entry(
            day=day,
            id=name,
            kind=kind,
            number=document.number,
            client=document.client,
            payee=document.invoice.client.name,
            text=text,
            postings=closed(postings, self._currency),
        )


def _rate(group: Group) -> str:
    return f"{group.rate.normalize() + Decimal(0):f}"


def _said(moved: Move) -> str:
    if moved.kind == "write-off":
        return f"{moved.reason} write-off of"
    if moved.kind in {"set-off", "credit"}:
        return "tax that falls due by a credit:"
    return "payment of" if moved.settles.amount > 0 else "money back for"
