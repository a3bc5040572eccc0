"""Candidates: which invoices a remittance may pay, found by what it names, by who paid and by the amount.

Everything is looked up in indexes that are built once; a search within a client's invoices is bounded. So the time
grows with the number of remittances, not with that of pairs.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations

from git_bill.contract.exchange import Quotes
from git_bill.problem import Problem
from git_bill.receivable.matching.amount import Fit, Received, Terms, fit, received, terms
from git_bill.receivable.matching.candidate import Found, Together, View, candidates
from git_bill.receivable.matching.kept import fee_bound
from git_bill.receivable.matching.number import Numbers, numbers
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.payer import Habits, Payer, Payers, account_key, payers
from git_bill.receivable.matching.reference import Named, Naming, read
from git_bill.receivable.matching.typo import is_typo
from git_bill.receivable.remittance import Remittance

_MOST_NAMED = 60  # invoices that one text names
_MOST_SINGLE = 20  # invoices of one client with the same amount
_MOST_NEAR = 10  # invoices of one client from which a bank may have kept a fee
_MOST_SUMMED = 24  # invoices of one client, the oldest, among which sums are searched
_MOST_SUBSET = 12  # named invoices of which a part may be meant
_MOST_CLIENTS = 5  # clients with a name like the payer's
_MOST_UNKNOWN = 100  # invoices with the amount, of which one may be misspelt
_FEW = 3  # invoices with the amount that are told where nothing else is known
_SOON = timedelta(days=5)  # before it is due, an invoice is paid with those that are


class Blocks:
    """The indexes over a list of invoices, and the search in them."""

    def __init__(self, opens: Sequence[Open], confirmed: Habits, quotes: Quotes) -> None:
        self.opens = opens
        self.terms: tuple[Terms, ...] = tuple(terms(each) for each in opens)
        self.numbers: Numbers = numbers(opens)
        self.payers: Payers = payers(opens, confirmed)
        self._habits = confirmed
        self._quotes = quotes
        self._by_amount: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._own_amounts: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        self._own: dict[str, list[int]] = defaultdict(list)
        oldest = sorted(range(len(opens)), key=lambda at: (opens[at].issued, opens[at].due, opens[at].number))
        self._rank = {at: rank for rank, at in enumerate(oldest)}
        for at in oldest:
            bill, client = self.terms[at], opens[at].client
            if bill.open:
                self._own[client].append(at)
            if bill.open > 0:
                for amount in {bill.open, *((bill.early,) if bill.early else ()), *bill.less(bill.until)}:
                    self._by_amount[bill.currency, amount].append(at)
                    self._own_amounts[client, bill.currency, amount].append(at)
        self._sorted = {
            client: sorted((self.terms[at].open, at) for at in own if self.terms[at].open > 0)
            for client, own in self._own.items()
        }

    def age(self, at: int) -> int:
        """By which the oldest invoice comes first; equal for none."""
        return self._rank[at]

    def find(self, remittance: Remittance) -> Found:
        """All that a remittance may pay."""
        got, naming = received(remittance), read(self.numbers, remittance)
        sets: dict[Together, str] = {}
        for together in self._named(got, naming):
            sets.setdefault(together, "named")
        clients: Mapping[str, Payer] = {}
        fits = {together: self._fit(got, together) for together in sets}
        if not any(how is not None and how.sure and _is_clear(together, naming) for together, how in fits.items()):
            clients = self.payers.of(remittance)
            for together, source in self._of_clients(got, clients):
                sets.setdefault(together, source)
        fits.update({together: self._fit(got, together) for together in sets if together not in fits})
        if not any(how is not None and how.sure for how in fits.values()):
            for at in self._of_amount(got, naming):
                sets.setdefault((at,), "amount")
                fits[at,] = self._fit(got, (at,))
        view = View(
            opens=self.opens,
            terms=self.terms,
            forms=self.numbers.forms,
            got=got,
            naming=naming,
            fits={together: how for together, how in fits.items() if how is not None},
            payer=lambda client: self.payers.seen_from(client, remittance),
            equal=lambda client: self._exact(got, client),
            habit=self._habits.get(account_key(remittance.payer_account), {}),
        )
        clear = tuple(sorted(at for at, how in naming.named.items() if how >= Named.SHORT))
        return Found(got=got, clear=clear, unknown=naming.unknown, clients=clients, candidates=candidates(view, sets))

    def unrated(self, found: Found) -> str:
        """Why what it clearly names can't be compared with it: no rate of the day is known; "" where that isn't so."""
        got = found.got
        named = {self.terms[at].currency for at in found.clear if self.terms[at].open > 0}
        for currency in sorted(named - {got.currency}):
            if isinstance(self._quotes(got.currency, currency, got.booked), Problem):
                return f"no rate of {got.currency}/{currency} for {got.booked} is known: git bill rates --update"
        return ""

    def _fit(self, got: Received, together: Together) -> Fit | None:
        bills = [self.terms[at] for at in together]
        one = len(bills) == 1 or len({bill.currency for bill in bills}) == 1
        return fit(got, bills, self._quotes) if one else None

    def _fits(self, got: Received, together: Together) -> bool:
        how = self._fit(got, together)
        return how is not None and how.sure

    def _named(self, got: Received, naming: Naming) -> Iterator[Together]:
        """What is named, of each client all of it, each alone, and that part of it that the amount is the sum of."""
        by_client: dict[str, list[int]] = defaultdict(list)
        clear = sorted((at for at, how in naming.named.items() if how >= Named.RUNNING), key=self.age)
        for at in clear:
            by_client[self.opens[at].client].append(at)
        for at in clear[:_MOST_NAMED]:
            yield (at,)
        clear = [at for at in clear if naming.named[at] >= Named.SHORT and self.terms[at].open]
        if len({self.opens[at].client for at in clear}) > 1 and len(clear) <= _MOST_NAMED:
            yield tuple(clear)
        for listed in by_client.values():
            unpaid = [at for at in listed if self.terms[at].open]
            if 1 < len(unpaid) <= _MOST_NAMED:
                yield tuple(unpaid)
                if len(unpaid) <= _MOST_SUBSET and not self._fits(got, tuple(unpaid)):
                    yield from self._sums(got, unpaid, len(unpaid) - 1)
        for at, how in naming.named.items():
            if (
                how in {Named.BARE, Named.ORDER}
                and (fits := self._fit(got, (at,)))
                and (fits.sure or fits.kind == "fee")
            ):
                yield (at,)

    def _of_clients(self, got: Received, clients: Mapping[str, Payer]) -> Iterator[tuple[Together, str]]:
        """What the payer owes: one invoice with the amount, or less a fee, or several that are often paid at once."""
        for client in sorted(clients, key=lambda each: (-clients[each], each))[:_MOST_CLIENTS]:
            own = self._own.get(client, [])
            exact = self._exact(got, client)
            yield from (((at,), "client") for at in exact[:_MOST_SINGLE])
            yield from (((at,), "client") for at in self._near(got, client))
            if len(own) == 1:
                yield (own[0],), "client"
            usual = (
                [together for together in self._usual(got, own) if self._fits(got, together)] if len(own) > 1 else []
            )
            yield from ((together, "usual") for together in usual)
            if not exact and not usual:
                yield from ((together, "sum") for together in self._sums(got, own[:_MOST_SUMMED], 3))

    def _exact(self, got: Received, client: str) -> list[int]:
        """A client's invoices that the amount settles."""
        amounts = {got.amount, got.amount + got.fee}
        found = {at for amount in amounts for at in self._own_amounts.get((client, got.currency, amount), ())}
        if got.sent is not None:
            found |= set(self._own_amounts.get((client, *got.sent), ()))
        issued = [at for at in found if self.opens[at].issued <= got.booked]
        return sorted(issued or found, key=self.age)

    def _near(self, got: Received, client: str) -> list[int]:
        """A client's invoices from which a bank may have kept a fee, or that are in another currency."""
        ordered = self._sorted.get(client, [])
        most = got.amount + fee_bound(got.amount * 2, got.currency)
        first, last = bisect_right(ordered, (got.amount, len(self.opens))), bisect_left(ordered, (most + 1, -1))
        found = [at for _, at in ordered[first:last][:_MOST_NEAR] if self.terms[at].currency == got.currency]
        foreign = [at for _, at in ordered[: 5 * _MOST_NEAR] if self.terms[at].currency != got.currency]
        return found + [at for at in foreign if (how := self._fit(got, (at,))) is not None and how.kind == "exchange"]

    def _usual(self, got: Received, own: Sequence[int]) -> Iterator[Together]:
        """Several that are paid at once: all, all that are due, the oldest ones, those of one issue date or order."""
        listed = [at for at in own[:_MOST_NAMED] if self.opens[at].issued <= got.booked]
        groups: dict[object, list[int]] = defaultdict(list)
        for at in listed:
            groups[self.opens[at].issued].append(at)
            if self.opens[at].order:
                groups[self.opens[at].order].append(at)
        due = [at for at in listed if self.opens[at].due <= got.booked + _SOON]
        least = min(got.amount, got.sent[1] if got.sent else got.amount)
        for together in (listed, due, *groups.values(), *self._oldest(listed, got.amount + got.fee)):
            if len(together) > 1 and sum(self.terms[at].open for at in together) >= least:
                yield tuple(together)

    def _oldest(self, listed: Sequence[int], amount: int) -> Iterator[Sequence[int]]:
        """The oldest two, three … that the amount may settle: their sum is the amount, or it with a discount or tax."""
        whole = 0
        for count, at in enumerate(listed, start=1):
            whole += self.terms[at].open
            if whole >= amount:
                yield listed[:count]
            if whole * 3 > amount * 4:
                return

    def _sums(self, got: Received, among: Sequence[int], most: int) -> list[Together]:
        """Up to three ways to get the amount as a sum of open amounts, fewest invoices first."""
        listed = [at for at in among if self.terms[at].currency == got.currency and self.opens[at].issued <= got.booked]
        found: list[Together] = []
        for size in range(2, min(most, 4) + 1):
            opens = [self.terms[at].open for at in listed]
            by_amount: dict[int, list[int]] = defaultdict(list)
            for place, amount in enumerate(opens):
                by_amount[amount].append(place)
            for chosen in combinations(range(len(listed)), size - 1):
                rest = got.amount - sum(opens[i] for i in chosen)
                found += [
                    tuple(listed[i] for i in (*chosen, last)) for last in by_amount.get(rest, ()) if last > chosen[-1]
                ]
            if found:
                break
        return found[:3]

    def _of_amount(self, got: Received, naming: Naming) -> list[int]:
        """Where text and payer lead nowhere: with the amount, those whose number is misspelt, or the only few."""
        equal = self._by_amount.get((got.currency, got.amount), [])
        if len(equal) > _MOST_UNKNOWN:
            return []
        words = naming.words()
        misspelt = [at for at in equal if is_typo(self.numbers.forms[at], words)] if words else []
        return misspelt or (equal if len(equal) <= _FEW else [])


def _is_clear(together: Together, naming: Naming) -> bool:
    """Whether all of them are named without doubt."""
    return all(naming.named[at] >= Named.SHORT for at in together)
