"""What the columns of CSV statements are called: known banks' headings, declared ones, and words to guess by."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from git_bill.contract.currency import unknown
from git_bill.problem import nearest
from git_bill.shape import key

DateOrder = Literal["", "dmy", "mdy", "ymd"]
DecimalMark = Literal["", ",", "."]
Sign = Literal["", "as-written", "reversed"]
JOIN = " + "
ROLES = (
    "date",
    "value_date",
    "amount",
    "debit",
    "credit",
    "sign",
    "currency",
    "payer",
    "payee",
    "payer_account",
    "text",
    "reference",
    "end_to_end",
    "mandate",
    "bank_reference",
    "gross",
    "fee",
    "balance",
    "account",
    "state",
    "impact",
    "original",
    "original_currency",
    "rate",
    "type",
    "event",
    "reverses",
)
_WORDS = re.compile(r"[^\w#/&]+")
_SLASH = re.compile(r"\s*/\s*")
_IN_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_CURRENCY = re.compile(r"\b([A-Z]{3})\b")


def _wrong_columns(columns: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    example = 'columns = { date = "Datum", amount = "Betrag", text = "Text + Zweck" }'
    for role in columns:
        if role not in ROLES:
            near = nearest(role, ROLES)
            meant = f"did you mean {near}? " if near else ""
            yield "columns", f"{role} is not something a column can be", f"{meant}known: {', '.join(ROLES)}"
    if columns and ("date" not in columns or not {"amount", "debit", "credit"} & set(columns)):
        yield "columns", "a date and an amount (or debit and credit) are needed", f"write it like {example}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An own account, and how its CSV statements are to be read where they don't show it.

    `columns`: what → heading, several joined with " + ", or `#3` for the third column of a file without headings.
    """

    account: str = key("IBAN or number, as its statements name it", example='"DE02120300000000202051"')
    currency: str | None = key("of statements that do not say it", example='"EUR"', default=None)
    columns: Mapping[str, str] = key(
        "what the columns of its CSV files are",
        example='{ date = "Datum", amount = "Betrag" }',
        one_line=True,
        default_factory=dict,
    )
    dates: DateOrder = key("order of day, month and year", example='"dmy"', default="")
    decimal: DecimalMark = key("what decimals follow", example='","', default="")
    sign: Sign = key("reversed: what was paid out is positive", example='"as-written"', default="")
    separator: str = key("between the columns", example='";"', default="")
    encoding: str = key("of its files", example='"cp850"', default="")
    keep: Literal["all", "matched"] = key(
        "of what came in: all of it, or, of an account that is private too, what fits a client", default="all"
    )

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Known roles and currencies."""
        if unknown(self.currency):
            yield "currency", f"{self.currency!r} is not a currency", 'write it like currency = "EUR"'
        yield from _wrong_columns(self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownExport:
    """How a bank writes its CSV files. A heading that ends with `?` need not be there.

    `booked`: what the column `state` says of what is booked; empty: all is. `outgoing`: what `sign` says of what
    was paid out.
    """

    bank: str = key("name of the bank and its export", example='"n26"')
    rail: str = key("bank, or the provider whose report it is", default="bank")
    institution: str = key("name of the bank, where it has several exports", default="")
    iban: str = key("how IBANs of this bank begin, as a pattern; without it they have none", default="")
    columns: Mapping[str, str] = key("what → heading", one_line=True)
    marks: tuple[str, ...] = key("further headings that tell it from others", default=())
    dates: DateOrder = key("order of day, month and year", default="")
    decimal: DecimalMark = key("what decimals follow", default="")
    currency: str | None = key("where no column says it", default=None)
    booked: tuple[str, ...] = key("states that count", default=())
    outgoing: tuple[str, ...] = key("signs of what was paid out", default=())
    still: tuple[str, ...] = key("words of types that hold money back, or let it go again", default=())
    fee_apart: bool = key("the fee is taken off the balance on top of the amount", default=False)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Known roles."""
        yield from _wrong_columns(self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """`tables/csv_mappings.toml`."""

    schema: int = key("version of this file's form", default=1)
    words: Mapping[str, tuple[str, ...]] = key("what → headings in any language, as `folded` writes them")
    outgoing: tuple[str, ...] = key("signs of what was paid out, in any language")
    incoming: tuple[str, ...] = key("signs of what was received, in any language")
    pending: tuple[str, ...] = key("states of what is not booked, in any language")
    kinds: Mapping[str, tuple[str, ...]] = key("kind of remittance → words that its type has in it")
    returned: tuple[str, ...] = key("words of a bank's debit that takes a payment back, in any language", default=())
    exports: tuple[KnownExport, ...] = key("exports of banks that are known")


NO_HEADINGS = Headings(words={}, outgoing=(), incoming=(), pending=(), kinds={}, exports=())


def folded(heading: str) -> str:
    """A heading to compare: lower case, brackets and punctuation gone. `Betrag (EUR)` → `betrag`, `A / B` → `a/b`."""
    plain = _IN_BRACKETS.sub(" ", heading.replace("\ufeff", "")).strip().removeprefix("#")
    return _SLASH.sub("/", " ".join(_WORDS.sub(" ", plain.replace("_", " ").casefold()).split()))


def currency_in(heading: str) -> str | None:
    """The currency that a heading names: `Amount (EUR)`, `Gutschrift in CHF`, `Betrag (€)`."""
    found = [code for code in _CURRENCY.findall(heading) if not unknown(code)]
    if found:
        return str(found[-1])
    return next((code for sign, code in {"€": "EUR", "£": "GBP", "zł": "PLN"}.items() if sign in heading), None)


def exact(heading: str) -> str:
    """A heading of a known export to compare: only case and spaces don't count."""
    return " ".join(heading.replace("\ufeff", "").casefold().split())


Places = dict[str, list[int]]  # role → columns, from 0


def known_export(header: Sequence[str], exports: Iterable[KnownExport]) -> tuple[KnownExport, Places] | None:
    """The export whose headings are all there, the one with most of them; and what stands in which columns."""
    best: tuple[int, KnownExport, Places] | None = None
    cells = [exact(cell) for cell in header]
    for export in exports:
        places = placed(export.columns, cells)
        if places is None or not all(exact(mark) in cells for mark in export.marks):
            continue
        weight = sum(map(len, places.values())) + len(export.marks)
        if best is None or weight > best[0]:
            best = (weight, export, places)
    return (best[1], best[2]) if best else None


def placed(columns: Mapping[str, str], cells: Sequence[str]) -> Places | None:
    """Columns of each role; None where a heading that must be there is not. `cells`: as `exact` writes them."""
    places: Places = {}
    for role, headings in columns.items():
        for heading in headings.split(JOIN):
            optional = heading.endswith("?")
            name = exact(heading.removesuffix("?"))
            if name.startswith("#") and name[1:].isdigit():
                at = int(name[1:]) - 1
            elif name in cells:
                at = cells.index(name)
            elif optional:
                continue
            else:
                return None
            places.setdefault(role, []).append(at)
    return places


def guessed(header: Sequence[str], words: Mapping[str, Sequence[str]]) -> Places:
    """Columns of each role by the words of their headings; of several for one role the first, for texts all.

    A heading is known by being one of the words, or by beginning with one (`Betrag in EUR`).
    """
    places: Places = {}
    taken: set[int] = set()
    cells = [folded(cell) for cell in header]
    for whole in (True, False):
        for role in (role for role in ROLES if role in words):
            for word in words[role]:
                for at, cell in enumerate(cells):
                    fits = cell == word if whole else cell.startswith(f"{word} ")
                    if fits and at not in taken and (role == "text" or role not in places):
                        places.setdefault(role, []).append(at)
                        taken.add(at)
    return {role: sorted(found) for role, found in places.items()}
