"""What money is worth on a day in the books' currency. What nobody knows a rate of becomes a problem, once."""

from dataclasses import dataclass, field
from datetime import date

from git_bill.contract.exchange import Quote, Quotes
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.export.document import Amount, worth
from git_bill.receivable.export.entry import Account
from git_bill.receivable.remittance import BANK, HAND, Remittance

_CASH = frozenset({"bar", "bargeld", "cash", "contant", "contanti", "efectivo", "espèces", "gotówka"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Worths:
    """`currency`: of the books. `problems` grows while it is asked; nothing is exported then. `used`: what counted."""

    currency: str
    quotes: Quotes
    problems: list[Problem] = field(default_factory=list)
    used: dict[tuple[str, date], Quote] = field(default_factory=dict)

    def on(self, money: Money, day: date) -> Amount:
        """An amount with its worth on a day; with none where no rate is known."""
        if money.currency == self.currency:
            return Amount(stated=money, worth=worth(money, self.currency, None))
        quote = self.quotes(money.currency, self.currency, day)
        if isinstance(quote, Problem):
            if quote not in self.problems:
                self.problems.append(quote)
            return Amount(stated=money, worth=Money.zero(self.currency))
        self.used[quote.base, quote.on] = quote
        return Amount(stated=money, worth=worth(money, self.currency, quote))


def account_of(remittance: Remittance) -> Account:
    """Where its money lies: an own bank account, also where a person recorded it; cash; the balance at a provider."""
    if remittance.rail == HAND and remittance.account.strip().casefold() in _CASH:
        return Account(role="cash")
    if remittance.rail in {BANK, HAND}:
        return Account(role="bank", of=(remittance.account,) if remittance.account else ())
    return Account(role="provider", of=(remittance.rail,))
