"""An account's statements: what the bank says it held before and after, and whether the entries explain that."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from git_bill.contract.currency import CURRENCIES
from git_bill.contract.identifier import is_iban
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.remittance import Remittance

_SHORTEST = 6  # digits of an account number that tell it from others
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_GERMAN_BANK, _GERMAN_ACCOUNT = 8, 10  # digits of Bankleitzahl and Kontonummer
_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FO GL NL",
        19: "MK SI",
        20: "AT BA EE LT LU XK",
        21: "CH HR LI LV",
        22: "BG DE GB GE IE ME RS",
        23: "AE GI IL",
        24: "AD CZ ES MD PK RO SA SE SK TN",
        25: "PT",
        26: "IS TR",
        27: "FR GR IT MC SM",
        28: "AL CY HU PL",
        29: "BR UA",
        31: "MT",
    }.items()
    for country in countries.split()
}  # fmt: skip  of an IBAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one statement of one account says. `entries`: booked ones; a batch is one. `pending`: left out.

    `remittances` is empty where they were handed out one by one (see `feeds.detect.stream`).
    """

    file: str
    feed: str
    account: str
    currency: str
    number: str = ""
    opening: Money | None = None
    closing: Money | None = None
    moved: Money
    entries: int
    pending: int = 0
    first: date | None = None
    last: date | None = None
    line: int | None = None
    remittances: tuple[Remittance, ...] = ()

    @property
    def difference(self) -> Money | None:
        """Closing − (opening + entries): zero where the statement is whole; None where it states no balances."""
        if self.opening is None or self.closing is None:
            return None
        return self.closing - (self.opening + self.moved)


def discontinuity(statement: Statement) -> Problem | None:
    """A statement whose entries do not lead from its opening to its closing balance."""
    difference = statement.difference
    if not difference:
        return None
    return Problem(
        rule="statement-incomplete",
        severity="warning",
        message=f"statement {statement.number or 'without a number'} of {statement.account}: opening"
        f" {statement.opening} and {statement.entries} entries ({statement.moved}) do not give the closing"
        f" {statement.closing}; {difference} is missing",
        hint="download the statement again; entries may have been cut off",
        file=statement.file,
        line=statement.line,
    )


def gaps(statements: Iterable[Statement]) -> Iterator[Problem]:
    """Neighbouring statements of one account and feed whose balances do not meet: one between them is missing."""
    whole = [each for each in statements if each.opening is not None and each.closing is not None and each.first]
    by_account: dict[tuple[str, str, str], list[Statement]] = {}
    for each in whole:
        by_account.setdefault((each.account, each.currency, each.feed), []).append(each)
    for found in by_account.values():
        ordered = sorted(found, key=lambda each: (each.first or date.min, each.last or date.min))
        for one, other in pairwise(ordered):
            overlap = one.last is not None and other.first is not None and other.first <= one.last
            if not overlap and one.closing != other.opening:
                yield Problem(
                    rule="statement-missing",
                    severity="warning",
                    message=f"{one.account}: statement {one.number or one.last} closes with {one.closing}, but the next"
                    f" ({other.number or other.first}) opens with {other.opening}",
                    hint=f"download what the bank booked from {one.last} to {other.first}",
                    file=other.file,
                    line=other.line,
                )


def normalized(account: str) -> str:
    """An account's name without what banks put between and around its digits: spaces, dots, a currency, a bank's name.

    `51210600/9223382012EUR` → `51210600/9223382012`, `1291.99.348EUR` → `129199348`, an IBAN → without spaces.
    """
    plain = re.sub(r"[^A-Z0-9/]", "", account.upper()).removeprefix("/")
    if plain[-3:] in CURRENCIES and (is_iban(plain[:-3]) or _LENGTHS.get(plain[:2]) == len(plain) - 3):
        return plain[:-3]
    if _IBAN.fullmatch(plain):
        return plain
    return re.sub(r"(?<=[0-9])[A-Z]{3}$", "", plain)


def same_account(one: str, other: str) -> bool:
    """Whether two names mean one account: equal, or one is an IBAN that ends with the other's number.

    German `bank code/number` is compared with all digits of both; leading zeros never count.
    """
    one, other = normalized(one), normalized(other)
    if one == other:
        return bool(one)
    iban, number = (one, other) if _IBAN.fullmatch(one) else (other, one)
    if not _IBAN.fullmatch(iban) or _IBAN.fullmatch(number):
        return False
    bank, slash, tail = number.rpartition("/")
    if slash and bank.isdigit() and len(bank) == _GERMAN_BANK and iban.startswith("DE"):
        return iban[4:] == bank + tail.lstrip("0").zfill(_GERMAN_ACCOUNT)
    digits = tail.lstrip("0")
    return len(digits) >= _SHORTEST and iban[4:].endswith(digits)


def canonical(account: str, own: Iterable[str]) -> str:
    """The declared account that a statement means; else what the statement says, without its decoration."""
    known = next((each for each in own if same_account(account, each)), None)
    return known or (normalized(account) if any(map(str.isdigit, account)) else account)
