"""Entries of the double-entry model. Their postings balance to zero in every currency, and in the books' own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from git_bill.money import Money, total
from git_bill.receivable.export.document import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A role, and of what: a client, an own account, a tax treatment (`S`, `19`) and its country."""

    role: str
    of: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """How settings may name it, the most exact first: `revenue:S:19:DE`, `revenue:S:19`, `revenue:S`, `revenue`."""
        parts = (self.role, *self.of)
        return tuple(":".join(parts[:end]) for end in range(len(parts), 0, -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Above zero: debit. `document`: the invoice or credit note that it is about, "" for none."""

    account: Account
    amount: Amount
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One transaction. `id`: what it was made of (a number, `A-…`, `O-…`, `S-…`, `R-…`). `payee` may be a stranger's
    words, `text` is ours.
    """

    day: date
    id: str
    kind: str
    number: str
    client: str
    payee: str
    text: str
    postings: tuple[Posting, ...]


CONVERSION, EXCHANGE = Account(role="conversion"), Account(role="exchange")


def own(money: Money) -> Amount:
    """An amount in the books' currency."""
    return Amount(stated=money, worth=money)


def closed(postings: Iterable[Posting], currency: str) -> tuple[Posting, ...]:
    """Without postings of nothing; with what the rates of exchange made of it, and what joins the currencies.

    Raises ValueError where they don't balance although all is in the books' currency: that is a fault of this program.
    """
    found = [each for each in postings if each.amount.stated or each.amount.worth]
    gained = total((each.amount.worth for each in found), currency)
    foreign = any(each.amount.stated.currency != currency for each in found)
    if gained and not foreign:
        raise ValueError(f"{gained} is left over of {found}")
    if gained:
        found.append(Posting(account=EXCHANGE, amount=own(-gained)))
    for stated, worth in _left(found, currency).values():
        if stated or worth:
            found.append(Posting(account=CONVERSION, amount=Amount(stated=-stated, worth=-worth)))
    return tuple(found)


def _left(postings: Iterable[Posting], currency: str) -> Mapping[str, tuple[Money, Money]]:
    """By currency: what the postings in it come to, as stated and in worth."""
    sums: dict[str, tuple[Money, Money]] = {}
    for each in postings:
        code = each.amount.stated.currency
        stated, worth = sums.get(code, (Money.zero(code), Money.zero(currency)))
        sums[code] = stated + each.amount.stated, worth + each.amount.worth
    return sums
