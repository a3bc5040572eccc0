"""Several tax tables as one: the shipped files, then those of the workspace, whose entries win over the same days.

A file may hold any part of the table. Dated lists are joined by their days; what else a later file says wins.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from git_bill.contract.tax.document import DocumentRule
from git_bill.contract.tax.table import Country, Levy, Rate, Region, VatTable, WithholdingRule
from git_bill.problem import Problem

R = TypeVar("R")
_KEYS: Mapping[type[Any], Callable[[Any], tuple[object, ...]]] = {
    Rate: lambda rate: (rate.from_,),
    Levy: lambda levy: (levy.from_,),
    WithholdingRule: lambda rule: (rule.from_, rule.variant, rule.name),
    DocumentRule: lambda rule: (rule.from_, sorted(rule.kinds), rule.form or "", rule.postcodes),
}


def merged(tables: Iterable[VatTable]) -> VatTable:
    """One table; a later one wins."""
    result = VatTable()
    for table in tables:
        result = _joined(result, table)
    return result


def incomplete(table: VatTable) -> Iterable[Problem]:
    """Countries that lack what deciding needs, and rates that can't be right."""
    for code, country in table.countries.items():
        levied = any(region.levies for region in country.regions.values())
        missing = [
            name
            for name, there in (
                ("languages", country.languages),
                ("law", country.law),
                ("rates", country.rates or levied or country.documents),
            )
            if not there
        ]
        if missing:
            yield Problem(
                rule="tax-table",
                message=f"countries.{code} lacks {' and '.join(missing)}",
                hint='like [countries.DE] languages = ["de"], law = "UStG § 12(1)", '
                'rates = [{ from = 2007-01-01, rate = "19" }]',
            )
        wrong = next((rate for rate in country.rates if not 0 < rate.rate < _MOST), None)
        if wrong is not None:
            yield Problem(
                rule="tax-table",
                message=f"countries.{code} has a rate of {wrong.rate} % from {wrong.from_}",
                hint='rates are in percent, like { from = 2027-01-01, rate = "20" }',
            )


_MOST = 40


def _joined(old: R, new: R) -> R:
    """Two records of one kind, field by field."""
    fields: Iterable[dataclasses.Field[Any]] = dataclasses.fields(old)  # type: ignore[arg-type]
    given: dict[str, Any] = {}
    for field in fields:
        before, after = getattr(old, field.name), getattr(new, field.name)
        default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
        if isinstance(after, Mapping):
            given[field.name] = _union(before, after)
        elif isinstance(after, tuple) and after and type(after[0]) in _KEYS:
            given[field.name] = _dated(before, after)
        else:
            given[field.name] = before if after == default else after
    return type(old)(**given)


def _union(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """Tables by key: countries and regions are joined, other values replaced."""
    both = {
        name: _joined(old[name], value) if name in old and isinstance(value, Country | Region) else value
        for name, value in new.items()
    }
    return {**old, **both}


def _dated(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Dated entries, oldest first; of two for the same thing from the same day the later table's."""
    key = _KEYS[type(new[0])]
    found = {repr(key(each)): each for each in (*old, *new)}
    return tuple(sorted(found.values(), key=_from))


def _from(entry: Any) -> date:
    day: date = entry.from_
    return day
