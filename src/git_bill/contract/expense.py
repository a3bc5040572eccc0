"""Expenses: what somebody paid or drove for a client, one record each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from git_bill.money import Money
from git_bill.shape import key

_WHOLE = 100  # percent
_EXAMPLE = '"billing/receipts/acme/1f2e3d4c5b6a-train.pdf"'
_RECEIPT = r"billing/receipts/[A-Za-z0-9._-]+/[A-Za-z0-9][A-Za-z0-9._-]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense:
    """One receipt (`amount`), drive (`kilometres` or `miles`) or day away (`per_diem`).

    `rate`: the price of a kilometre, mile or day as it was when the expense was recorded; the contract's own goes
    before it. `pass_through`: paid in the client's name, so it is billed as it is and without VAT (Directive
    2006/112/EC Art. 79(c)). A receipt lies in the books where `receipt` says; its SHA-256 is `receipt_hash`.
    """

    day: date = key("the day it was paid", example="2026-10-05")
    by: str = key("id of the contributor", example='"mira"')
    at: datetime = key("when it was recorded")
    text: str = key("what for", example='"Train to Munich"')
    amount: Money | None = key("what was paid, VAT included", example='"120.00 EUR"', default=None)
    tax: Decimal = key("percent of VAT that the amount holds and the issuer gets back", default=Decimal(0))
    kilometres: Decimal | None = key("how far somebody drove", example='"84"', default=None)
    miles: Decimal | None = key("how far somebody drove, in miles", example='"52"', default=None)
    per_diem: Literal["full", "part"] | None = key("a whole day away, or a part of one", default=None)
    country: str | None = key("where a day away was, ISO 3166-1", example='"AT"', default=None)
    rate: Money | None = key("price of a kilometre, a mile or such a day", example='"0.30 EUR"', default=None)
    rate_source: str = key("law or person that the rate is from", default="")
    pass_through: bool = key("paid in the client's name", default=False)
    agreed: str | None = key("who of the client agreed to it, where the contract asks for that", default=None)
    receipt: str | None = key("where its receipt lies in the books", pattern=_RECEIPT, example=_EXAMPLE, default=None)
    receipt_hash: str | None = key("SHA-256 of the receipt", default=None)
    project: str = key("the project it is for", default="")
    ticket: str | None = key("the ticket it is for", default=None)
    dropped: str | None = key("why it is not billed", default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """It is one thing, an amount, a distance or a day, and more than nothing of it."""
        if sum(x is not None for x in (self.amount, self.kilometres, self.miles, self.per_diem)) != 1:
            yield "amount", "an expense is an amount, a distance or a per diem", 'write it like amount = "120.00 EUR"'
        for name, value, example in (
            ("amount", None if self.amount is None else self.amount.amount, '"120.00 EUR"'),
            ("kilometres", self.kilometres, '"84"'),
            ("miles", self.miles, '"52"'),
            ("rate", None if self.rate is None else self.rate.amount, '"0.30 EUR"'),
        ):
            if value is not None and value <= 0:
                yield name, "is not more than nothing", f"write it like {name} = {example}"
        if not 0 <= self.tax < _WHOLE:
            yield "tax", "is a percentage of VAT, from 0 to below 100", 'write it like tax = "19"'
        if self.tax and self.amount is None:
            yield "tax", "is of an amount that was paid; a distance and a per diem hold none", "leave `tax` out"
        if (self.country is not None) != (self.per_diem is not None):
            yield "country", "and per_diem go together", 'like per_diem = "full", country = "AT"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Expenses:
    """`billing/expenses/<client>/<yyyy-mm>.toml`: expenses by id, in the order they were recorded."""

    schema: int = key("version of this file's form", default=1)
    expenses: Mapping[str, Expense] = key("expenses by id", one_line=True, default_factory=dict)
