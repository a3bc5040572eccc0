"""What a country's law wants on the documents of its issuers: words, facts about the parties, forms with less on them.

Dated rows with their source, in `tables/tax/legal.toml`; which of them fit a document is decided in `invoice/legal.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from git_bill.money import Money
from git_bill.shape import key

Whom = Literal["business", "consumer", "any"]
Base = Literal["ecb", "base", "central", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words that a document carries because of a law (EN 16931 BG-1)."""

    text: str = key("the words (BT-22)")
    code: str | None = key("UNTDID 4451 code of its subject (BT-21)", example='"PMD"', default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A fixed sum for recovery costs of debts from an amount on."""

    from_: Money = key("the least debt that it is for", name="from", example='"1000.00 GBP"')
    cost: Money = key("the sum", example='"70.00 GBP"')


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRule:
    """What the law gives an issuer who is paid late. `must`: the document has to say it; else it may.

    The rate is `points` above the reference rate of the ECB, the base rate, that of the country's central bank, or
    (`none`) `points` percent a year. With `word` the document says only that text. `fixed`: the rate of the first late
    day stays; else it is that of each half-year. `workday`: a due date on a day off means the next working day.
    """

    from_: date = key("first day of issue", name="from", example="2013-01-01")
    to: Whom = key("to whom", default="business")
    must: bool = key("has to stand on the invoice", default=False)
    base: Base = key("the rate that it is above", default="ecb")
    points: Decimal | None = key("percentage points above it", example='"8"', default=None)
    cost: Money | None = key("fixed sum for recovery costs", example='"40.00 EUR"', default=None)
    no_discount: bool = key("has to say that paying early is worth nothing", default=False)
    costs: tuple[Step, ...] = key("the fixed sum where it depends on the debt", one_line=True, default=())
    cost_by_statute: bool = key("no fixed sum where another rate was agreed", default=False)
    year: int | None = key("days that a year counts; without it those of the calendar year", default=None)
    fixed: bool = key("the rate of the first late day stays", default=False)
    up_to: Decimal | None = key("the rate is rounded up to a multiple of this", example='"0.5"', default=None)
    workday: str = key("provision that lets a payment wait for the next working day", default="")
    word: str = key("a text of the catalogues that is said", default="")
    law: str = key("the provision", example='"BGB § 288(2)"')
    points_law: str = key("that of the interest, where it is another", default="")
    cost_law: str = key("that of the fixed sum", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A text of the catalogues that a document has to carry."""

    from_: date = key("first day of issue", name="from", example="2017-07-01")
    word: str = key("name of the text", example='"place_of_supply"')
    to: Whom = key("to whom", default="any")
    taxed: bool = key("only where tax is charged", default=False)
    domestic: bool = key("only to clients in the country", default=False)
    law: str = key("the provision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A fact that a document has to state: one of `fields` must be there, and `says` (a pattern) stand in one of them.

    `error`: without it the document is not valid. `above`: only for totals above it.
    """

    from_: date = key("first day of issue", name="from", example="2013-01-01")
    of: Literal["issuer", "client"] = key("whose", default="issuer")
    fields: tuple[str, ...] = key("keys that may say it", example='["registration"]')
    says: str | None = key("what one of them must contain", example='"RPR|RPM"', default=None)
    what: str = key("the fact in words", example='"your SIREN"')
    example: str = key("what to write", example="'registration = \"732 829 320\"'")
    form: Literal["person", "company"] | None = key("only for issuers of this legal form", default=None)
    to: Whom = key("to whom", default="any")
    domestic: bool = key("only to clients in the country", default=False)
    taxed: bool = key("only where tax is charged", default=False)
    above: Money | None = key("only above this total", default=None)
    full: bool = key("not on simplified invoices", default=False)
    error: bool = key("the document is not valid without it", default=False)
    law: str = key("the provision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Simplified:
    """Up to which total with tax an invoice may be a simplified one (Directive 2006/112/EC Art. 220a, 226b)."""

    from_: date = key("first day of issue", name="from", example="2017-01-01")
    limit: Money = key("total with tax", example='"250.00 EUR"')
    law: str = key("the provision", example='"UStDV § 33"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """One country's rows."""

    late: tuple[LateRule, ...] = key("late payment, oldest first", default=())
    mentions: tuple[Mention, ...] = key("words that documents carry", default=())
    needs: tuple[Need, ...] = key("facts that documents state", default=())
    simplified: tuple[Simplified, ...] = key("limits of simplified invoices, oldest first", default=())

    def late_on(self, day: date, *, business: bool) -> LateRule | None:
        """What a client, a business or not, owes by law on an invoice of that day when it pays late."""
        return newest((rule for rule in self.late if rule.to == "any" or (rule.to == "business") == business), day)

    def simplified_on(self, day: date) -> Simplified | None:
        """What holds for a day of issue; None where there are no simplified invoices, as far as the table knows."""
        return newest(self.simplified, day)


Dated = TypeVar("Dated", LateRule, Mention, Need, Simplified)


def newest(rows: Iterable[Dated], day: date) -> Dated | None:
    """The last of some rows that holds on a day."""
    return max((row for row in rows if row.from_ <= day), key=lambda row: row.from_, default=None)
