"""Any record of the books' files, made from its declaration: what its types allow, wild text included."""

import base64
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from git_bill.contract.agreement import Contract, TaxChoice
from git_bill.contract.party import Bank, Client, Issuer
from git_bill.invoice.numbering import Numbering
from git_bill.money import Money
from git_bill.shape import Minutes, Percent
from git_bill.worklog.entry import Entry
from git_bill.worklog.evidence import Evidence
from git_bill.workspace import Contributor, Source

T = TypeVar("T")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CLOCKS = st.sampled_from(["09:10/09:55", "23:00/24:00", "00:00/00:01"])
ZONES = st.sampled_from(["Europe/Berlin", "UTC", "America/St_Johns"])
INSTANTS = st.builds(
    lambda second, minutes: datetime.fromtimestamp(second, timezone(timedelta(minutes=minutes))),
    st.integers(86_400, 4 * 10**9),
    st.integers(-12 * 60, 14 * 60),
)
SCALARS: Mapping[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(-(2**60), 2**60),
    date: st.dates(date(1, 1, 1), date(9999, 12, 31)),
    datetime: INSTANTS,
    Decimal: st.decimals(-(10**9), 10**9, places=4),
    Money: st.builds(Money, st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["EUR", "USD", "CHF"])),
    Minutes: st.integers(0, 10**5),
    Percent: st.decimals(0, 100, places=2),
}
# Where a value must be right, not only of its type. (Records are told apart by what `problems` asks of them.)
RIGHT: Mapping[tuple[type, str], st.SearchStrategy[Any]] = {
    (Issuer, "timezone"): ZONES,
    (Issuer, "vat_id"): st.sampled_from([None, "DE136695976"]),
    (Client, "vat_id"): st.sampled_from([None, "DE129274202", "US-anything"]),
    (Bank, "iban"): st.sampled_from([None, "DE02120300000000202051"]),
    (Contributor, "timezone"): ZONES,
    (Contributor, "holidays"): st.sampled_from([None, "DE-BE"]),
    (Source, "url"): st.just("https://git.example.com/acme/web-shop.git"),
    (Source, "client"): st.just("acme"),
    (Source, "routes"): st.just(()),
    (Source, "ticket_pattern"): st.sampled_from([r"[A-Z]+-\d+", "#\\d+\"'"]),
    (Entry, "at"): st.lists(CLOCKS, max_size=2).map(tuple),
    (Evidence, "sketch"): st.binary(min_size=3, max_size=3).map(lambda line: base64.b64encode(line).decode()),
    (Entry, "range"): st.sampled_from([(), (30, 60)]),
    (TaxChoice, "rate"): st.sampled_from(["0", "19"]),
    (Numbering, "invoice"): st.sampled_from(["INV-{year}-{seq:04}", "{seq}"]),
    (Numbering, "last"): st.none(),
    (Contract, "from_"): st.dates(date(2000, 1, 1), date(2020, 1, 1)),
    (Contract, "until"): st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    (Contract, "currency"): st.just("EUR"),
    (Contract, "cap"): st.sampled_from([None, "12000.00 EUR per month"]),
}
FEW = {Contract: 2, Contributor: 2, Source: 2}


def records(cls: type[T]) -> st.SearchStrategy[T]:
    """Records of a class that its own checks accept."""
    return st.deferred(lambda: st.builds(cls, **_values(cls))).filter(_accepted)


def _accepted(made: Any) -> bool:
    check = getattr(made, "problems", None)
    return check is None or not list(check())


def _values(cls: type[Any]) -> dict[str, st.SearchStrategy[Any]]:
    hints = typing.get_type_hints(cls, include_extras=True)
    found: dict[str, st.SearchStrategy[Any]] = {}
    for field in fields(cls):
        said = field.metadata.get("git_bill.shape")
        right = RIGHT.get((cls, field.name))
        made = _of(hints[field.name], said.pattern if said else None) if right is None else right
        default = field.default if field.default_factory is MISSING else field.default_factory()
        found[field.name] = made if default is MISSING else st.just(default) | made
    if "schema" in found:
        found["schema"] = st.just(1)
    return found


def _of(hint: Any, pattern: str | None) -> st.SearchStrategy[Any]:  # noqa: PLR0911  one line per kind of type
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is str and pattern:
        return st.from_regex(pattern, fullmatch=True)
    if hint in SCALARS:
        return SCALARS[hint]
    if origin is typing.Literal:
        return st.sampled_from(args)
    if origin in {types.UnionType, typing.Union}:
        return st.none() | _of(next(arg for arg in args if arg is not types.NoneType), pattern)
    if origin is tuple and args[1:] != (...,):
        return st.tuples(*(_of(arg, pattern) for arg in args))
    if origin is tuple:
        return st.lists(_of(args[0], pattern), max_size=FEW.get(args[0], 3)).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(TEXT, _of(args[1], pattern), max_size=3)
    assert is_dataclass(hint), hint
    return records(typing.cast("type[Any]", hint))
