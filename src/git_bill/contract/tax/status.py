"""What the tax engine must know of an issuer beyond its country: registrations, schemes, how clients withhold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxStatus:
    """`[issuer.tax]` in billing.toml. What is left out is not so, or is asked for where it decides something."""

    since: date | None = key("first day of your activity", example="2025-03-01", default=None)
    registered: tuple[str, ...] = key(
        "states and provinces whose sales tax you collect", example='["US-WA"]', default=()
    )
    oss: bool | None = key("the EU's one-stop shop: consumers' own rates for electronic services", default=None)
    ex_number: str | None = key("number of the EU's cross-border scheme for small businesses", default=None)
    ex_states: tuple[str, ...] = key("EU states that it exempts you in", example='["FR"]', default=())
    lut: str | None = key("India: reference of the letter of undertaking for exports", default=None)
    withholding: str | None = key(
        "which of your country's rates clients withhold, or none", example='"starting"', default=None
    )
    fund: Literal["inps", "cassa"] | None = key("Italy: the fund whose contribution clients pay", default=None)
    fund_rate: Decimal | None = key("percent of the contribution", example='"4"', default=None)
    document: str | None = key("why the document may be used although the law asks for another", default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """States of a number, the number of states, and a fund's rate."""
        if bool(self.ex_states) != (self.ex_number is not None):
            yield "ex_states", "and ex_number go together", 'like ex_number = "DE123456789-EX", ex_states = ["FR"]'
        if self.fund == "cassa" and self.fund_rate is None:
            yield "fund_rate", "is missing", 'each fund has its own, like fund_rate = "5"'
        wrong = next((each for each in self.registered if each[2:3] != "-"), None)
        if wrong is not None:
            yield "registered", f"{wrong!r} is no state by ISO 3166-2", 'write it like registered = ["US-WA"]'
