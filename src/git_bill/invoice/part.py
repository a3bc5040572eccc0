"""Parts: what one kind of terms adds to a draft, and what all of them start from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from git_bill.contract.agreement import Contract
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Conversion, Line, NotBilled
from git_bill.invoice.grouping import Item
from git_bill.money import Money
from git_bill.period import Period
from git_bill.problem import Problem

# Reasons that git-bill itself gives for not billing. Others are a person's and stay.
EXPENSE = "expense:"  # what a line of an expense bills begins with
CAP, UNPROVEN, ROUNDED_AWAY, AGENT = "cap", "unproven", "rounds to nothing", "agent work"
SOLD = "the day is billed already"
INCLUDED = "included in the price"
OF_TIME = ("drawdown:", "day:", "half-day:")  # items that go with their entries
OWN_REASONS = frozenset({CAP, UNPROVEN, ROUNDED_AWAY, AGENT, SOLD, INCLUDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a person decided in a draft's review: lines that stand as they are, entries that are not billed."""

    lines: tuple[Line, ...] = ()
    not_billed: Mapping[str, NotBilled] = field(default_factory=dict)

    @property
    def entries(self) -> frozenset[str]:
        """Entries that the lines pin."""
        return frozenset(entry for line in self.lines for entry in line.entries)

    @property
    def bills(self) -> frozenset[str]:
        """What else the lines bill, and what is not to be billed."""
        return frozenset(item for line in self.lines for item in line.bills) | self.not_billed.keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The contract's work of a period that is open, beside the lines that a person made their own.

    `asked`: what alone is to be billed beside the work (`milestone:beta`, `retainer:2026-12`); None: all that is due.
    `tax`: the draft's treatment. `reserved`: what the draft bills beside the work, which a budget has to hold, too.
    `conversion`: what the draft's prices are converted with.
    """

    basis: Basis
    contract: Contract
    period: Period
    items: tuple[Item, ...]
    kept: Kept
    asked: frozenset[str] | None = None
    tax: Tax | None = None
    reserved: Money | None = None
    conversion: Conversion | None = None

    def open(self, item: str) -> bool:
        """Whether nothing bills an item yet: no invoice, no other draft, no line that a person made their own."""
        return item not in self.kept.bills and self.basis.open(self.contract, item)

    def due(self, item: str, *, by_itself: bool) -> bool:
        """Whether the draft bills an item: what is asked for, or where nothing is, what is due by itself."""
        return (by_itself if self.asked is None else item in self.asked) and self.open(item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Lines, entries that stay out with the reason, what a person must mend first, and discounts of the whole.

    `annex`: the work of the lines stands on a timesheet behind the invoice.
    """

    lines: tuple[Line, ...] = ()
    left: Mapping[str, NotBilled] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    annex: bool = False


def joined(parts: Iterable[Part]) -> Part:
    """All of them, in their order; an entry that two leave out has the first one's reason."""
    lines: list[Line] = []
    left: dict[str, NotBilled] = {}
    problems: list[Problem] = []
    annex = False
    for part in parts:
        annex = annex or part.annex
        lines += part.lines
        left = {**part.left, **left}
        problems += part.problems
    return Part(lines=tuple(lines), left=left, problems=tuple(problems), annex=annex)
