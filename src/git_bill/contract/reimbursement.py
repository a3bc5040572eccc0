"""Reimbursement: which contract bills an expense, what it comes to net, and how what is passed through is taxed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Literal

from git_bill.contract.agreement import Contract
from git_bill.contract.expense import Expense
from git_bill.contract.tax.case import PASSED_THROUGH, Tax
from git_bill.contract.terms import ExpenseTerms
from git_bill.money import Money
from git_bill.problem import Problem

_EXACT = 60  # digits: an amount is divided once and then rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an expense comes to, net: `quantity` × `price`, and why."""

    quantity: Decimal
    unit: Literal["C62", "KMT", "SMI"]
    price: Money
    why: str


def contract_for(expense: Expense, contracts: Iterable[Contract]) -> Contract | None:
    """The first one in the file whose term covers the day and whose `applies` names the project and the ticket."""
    return next((contract for contract in contracts if _bears(contract, expense)), None)


def cost(expense: Expense, terms: ExpenseTerms, *, recovers: bool) -> Cost | None:
    """Net of the VAT that the issuer gets back (`recovers`), rounded once; None where a rate is not known.

    What is passed through is not the issuer's own input, so no VAT of it is taken off (Directive 2006/112/EC
    Art. 79(c): the taxable person may not deduct it).
    """
    if expense.amount is not None:
        return _paid(expense, expense.amount, recovers=recovers)
    if expense.per_diem is not None:
        stay = "a whole day" if expense.per_diem == "full" else "a part of a day"
        return _rated(expense, Decimal(1), "C62", expense.rate, f"{stay} away in {expense.country}")
    if expense.miles is not None:
        return _driven(expense, expense.miles, "SMI", terms.mile)
    return _driven(expense, expense.kilometres or Decimal(0), "KMT", terms.kilometre)


def passed_through(main: Tax, note: str, *, eu: bool) -> Tax | Problem | None:
    """The treatment of what was paid in the client's name; None where it is that of the rest.

    It is no part of the price (Directive 2006/112/EC Art. 79(c)): exempt with a code of its own in the EU. A document
    outside the scope stays so, for it can hold no other category (EN 16931 BR-O-11).
    """
    if main.category == "O":
        return None
    if eu:
        source = "Directive 2006/112/EC Art. 79(c): paid in the client's name"
        return Tax(category="E", reason_code=PASSED_THROUGH, note=note, source=source)
    if not main.rate:
        return None
    return Problem(
        rule="pass-through-undecided",
        message="how the law of the issuer's country taxes what is paid in a client's name is not built in",
        hint="ask your adviser; as an expense of your own: pass_through = false",
    )


def _bears(contract: Contract, expense: Expense) -> bool:
    applies = contract.applies
    return (
        contract.covers(expense.day)
        and (not applies.project or expense.project in applies.project)
        and (not applies.ticket or expense.ticket is None or expense.ticket.startswith(applies.ticket))
    )


def _paid(expense: Expense, amount: Money, *, recovers: bool) -> Cost:
    if expense.pass_through:
        return Cost(quantity=Decimal(1), unit="C62", price=amount, why=f"{amount} paid in the client's name")
    if not expense.tax or not recovers:
        why = f"{amount} paid" + (", VAT included that is not recovered" if expense.tax else "")
        return Cost(quantity=Decimal(1), unit="C62", price=amount, why=why)
    with localcontext(prec=_EXACT):
        net = Money(amount.amount * 100 / (100 + expense.tax), amount.currency).rounded()
    why = f"{amount} paid, {net} without the {expense.tax.normalize():f} % VAT that is recovered"
    return Cost(quantity=Decimal(1), unit="C62", price=net, why=why)


def _driven(expense: Expense, distance: Decimal, unit: Literal["KMT", "SMI"], agreed: Money | None) -> Cost | None:
    what = f"{distance.normalize():f} {'miles' if unit == 'SMI' else 'km'}"
    if agreed is not None:
        return Cost(quantity=distance, unit=unit, price=agreed, why=f"{what} at {agreed}, as agreed")
    return _rated(expense, distance, unit, expense.rate, what)


def _rated(
    expense: Expense, quantity: Decimal, unit: Literal["C62", "KMT", "SMI"], rate: Money | None, what: str
) -> Cost | None:
    if rate is None:
        return None
    source = f" ({expense.rate_source})" if expense.rate_source else ""
    return Cost(quantity=quantity, unit=unit, price=rate, why=f"{what} at {rate}{source}")
