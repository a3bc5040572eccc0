"""What an hour of a contributor's work costs the issuer. No client, no draft and no document ever sees it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from git_bill.custody.sealing import is_sealed
from git_bill.money import Money
from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A cost rate from a day on. The amount is text, for it may be sealed."""

    hourly: str = key("what one hour costs you", example='"55.00 EUR"')
    from_: date | None = key("first day", name="from", default=None)

    @property
    def price(self) -> Money | None:
        """The amount; None where it is sealed and this machine has no key to it."""
        return None if is_sealed(self.hourly) else Money.parse(self.hourly)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """An amount that is not negative, as far as it can be read."""
        try:
            wrong = self.price is not None and self.price.amount < 0
        except ValueError:
            wrong = True
        if wrong:
            yield "hourly", f"{self.hourly!r} is not a price of an hour", 'write it like hourly = "55.00 EUR"'


def cost_on(costs: Sequence[Cost], day: date) -> Money | None:
    """What an hour cost on a day: the last rate that had begun. None where none had, or where it is sealed."""
    begun = [each for each in costs if each.from_ is None or each.from_ <= day]
    return max(begun, key=lambda each: each.from_ or date.min).price if begun else None
