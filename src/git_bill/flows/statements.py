"""Statement files: read one after the other, each once, in bounded memory; nothing is kept of one with an error."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from git_bill.custody.sealing import is_sealed
from git_bill.flows.bookkeeping import Till
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.account import Statement, gaps, same_account
from git_bill.receivable.booked import Booked
from git_bill.receivable.feeds.detect import collected, stream
from git_bill.receivable.feeds.mapping import Account, Headings
from git_bill.receivable.feeds.overlap import Seen as SeenEntries
from git_bill.receivable.feeds.own_account import filed
from git_bill.receivable.payment import Seen
from git_bill.receivable.recognised import Numbers, is_back
from git_bill.receivable.remittance import BANK, Remittance
from git_bill.workspace import Settings

_DIGITS = 6  # of an account's number; a name of an export has fewer


class File(Protocol):
    """A file to read: its name for messages, and its bytes in chunks."""

    @property
    def name(self) -> str: ...

    @property
    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """`files`: asked again where the books moved meanwhile. `headings`: what is known of CSV files."""

    files: Callable[[], Iterator[File]]
    headings: Headings


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """What a file told. `seen`: its statements as they are recorded; `known`: entries that were there before."""

    file: str
    statements: tuple[Statement, ...] = ()
    seen: tuple[Seen, ...] = ()
    known: int = 0
    problems: tuple[Problem, ...] = ()


def read_files(given: Statements, now: Till, own: Sequence[Account], today: date) -> tuple[ReadFile, ...]:
    """All files, with what is in none of the earlier ones and not in the books. Later files see the earlier ones."""
    paid = now.paid
    before = SeenEntries.of(
        [_in_account(each, own, given.headings) for each in paid.remittances.values()],
        decided={name for name in paid.remittances if paid.is_decided(name)},
        guessed={name for name, each in paid.remittances.items() if not each.account},
    )
    recorded = {(each.feed, each.account, each.first, each.last, each.closing): each for each in paid.statements}
    wanted = Wanted(numbers=Numbers.of(each.number for each in now.invoices))
    found: list[ReadFile] = []
    for file in given.files():
        wanted.entries = 0
        items = stream(file.chunks, file.name, own=own, headings=given.headings)
        read = collected(items, file.name, today=today, seen=before, keep=wanted)
        statements = read.value or ()
        fresh = [each for each in map(_seen, statements) if _key(each) not in recorded]
        recorded |= {_key(each): each for each in fresh}
        entries = sum(each.entries for each in statements)
        found.append(
            ReadFile(
                file=file.name,
                statements=statements,
                seen=tuple(fresh),
                known=max(0, entries - wanted.entries),
                problems=(*read.problems, *_undeclared(statements, own), *_gaps(paid.statements, fresh)),
            )
        )
    return tuple(found)


def _undeclared(statements: Sequence[Statement], own: Sequence[Account]) -> Iterator[Problem]:
    """Accounts by number that are none of the declared ones, where some are: it may be another person's statement."""
    for account in dict.fromkeys(each.account for each in statements):
        by_number = sum(character.isdigit() for character in account) >= _DIGITS
        if own and by_number and not any(same_account(account, each.account) for each in own):
            yield Problem(
                rule="undeclared-account",
                severity="warning",
                message=f"{account} is none of your accounts as far as is known",
                hint=f'if it is one, add to billing/billing.toml: [[accounts]] account = "{account}"',
                file=next(each.file for each in statements if each.account == account),
            )


def own_accounts(settings: Settings, paid: Booked) -> tuple[Account, ...]:
    """Accounts that statements are of: those that are listed, and the one that documents ask to pay to.

    Where that is sealed and can't be opened here, it is the one that the books have statements of, if there is one.
    """
    bank = settings.issuer.bank
    paid_to = (bank.iban or bank.account) if bank is not None else None
    if is_sealed(paid_to):
        named = (each for each in paid.statements if not each.account.endswith(f"/{each.currency}"))
        read_before = {each.account for each in named if each.account}
        paid_to = read_before.pop() if len(read_before) == 1 else None
    known = any(paid_to is not None and same_account(each.account, paid_to) for each in settings.accounts)
    return settings.accounts if paid_to is None or known else (*settings.accounts, Account(account=paid_to))


def _in_account(remittance: Remittance, own: Sequence[Account], headings: Headings) -> Remittance:
    """One that was read before its account was declared is of the account that its file would be of now."""
    if remittance.rail != BANK:
        return remittance
    currency = remittance.amount.currency
    return replace(remittance, account=filed(remittance.account, remittance.feed, currency, headings.exports, own))


@dataclass(slots=True, kw_only=True)
class Wanted:
    """Which remittances are kept: what came in, and of what went out only what may take something back.

    What else a person pays is not the books' business. `numbers`: of issued documents; `entries`: how many were asked
    about, that is, are new.
    """

    numbers: Numbers
    entries: int = 0

    def __call__(self, remittance: Remittance) -> bool:
        self.entries += 1
        told = remittance.rail != BANK or remittance.is_in or is_back(remittance)
        return told or bool(self.numbers.named_in(remittance))


def file_problems(read: Iterable[ReadFile]) -> tuple[Problem, ...]:
    """Of all files."""
    return tuple(problem for file in read for problem in file.problems)


def _key(seen: Seen) -> tuple[str, str, date | None, date | None, Money | None]:
    return seen.feed, seen.account, seen.first, seen.last, seen.closing


def _seen(statement: Statement) -> Seen:
    return Seen(
        file=statement.file.rpartition("/")[2],
        feed=statement.feed,
        account=statement.account,
        currency=statement.currency,
        number=statement.number,
        opening=statement.opening,
        closing=statement.closing,
        first=statement.first,
        last=statement.last,
        entries=statement.entries,
        missing=statement.difference or None,
    )


def _gaps(before: Iterable[Seen], fresh: Sequence[Seen]) -> Iterator[Problem]:
    """Statements that are missing between those of the books and the new ones; those within a file are told already."""
    files = {each.file for each in fresh}
    whole = (*(each for each in before if each.file not in files), *fresh)
    return (each for each in gaps(map(_statement, whole)) if each.file in files and len(whole) > len(fresh))


def _statement(seen: Seen) -> Statement:
    zero = Money.zero(seen.currency)
    return Statement(
        file=seen.file,
        feed=seen.feed,
        account=seen.account,
        currency=seen.currency,
        number=seen.number,
        opening=seen.opening,
        closing=seen.closing,
        moved=zero if seen.opening is None or seen.closing is None else seen.closing - seen.opening,
        entries=seen.entries,
        first=seen.first,
        last=seen.last,
    )
