"""Several tax tables as one: the shipped files, then those of the workspace, whose entries win over the same days.

A file may hold any part of the table. Dated lists are joined by their days; what else a later file says wins.
"""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from git_bill.contract.base_rate import BaseRate, BaseSeries
from git_bill.contract.legal import LateRule, Legal, Mention, Need, Simplified
from git_bill.contract.tax.document import DocumentRule
from git_bill.contract.tax.table import Country, Levy, Rate, Region, VatTable, WithholdingRule
from git_bill.problem import Problem

R = TypeVar("R")
_KEYS: Mapping[type[Any], Callable[[Any], tuple[object, ...]]] = {
    Rate: lambda rate: (rate.from_,),
    Levy: lambda levy: (levy.from_,),
    WithholdingRule: lambda rule: (rule.from_, rule.variant, rule.name),
    DocumentRule: lambda rule: (rule.from_, sorted(rule.kinds), rule.form or "", rule.postcodes),
    LateRule: lambda rule: (rule.from_, rule.to),
    Mention: lambda rule: (rule.from_, rule.word),
    Need: lambda rule: (rule.from_, rule.of, rule.what),
    Simplified: lambda rule: (rule.from_,),
    BaseRate: lambda rate: (rate.from_,),
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
        for name, rate, day in _rates(code, country):
            if not 0 < rate < _MOST:
                yield Problem(
                    rule="tax-table",
                    message=f"{name} has a rate of {rate.normalize():f} % from {day}",
                    hint='rates are in percent, like { from = 2027-01-01, rate = "20" }',
                )
        for rule in country.withholding:
            if not 0 < rule.rate <= rule.over:
                yield Problem(
                    rule="tax-table",
                    message=f"countries.{code} has clients keep {rule.rate} of {rule.over} from {rule.from_}",
                    hint='write a part of the whole, like rate = "15"',
                )


def doubled(table: VatTable) -> Iterable[Problem]:
    """Two entries of one table for the same thing from the same day: only one of them can hold."""
    yield from _twice({f"base_rates.{name}.rates": series.rates for name, series in table.base_rates.items()})
    for code, country in table.countries.items():
        lists: dict[str, tuple[Any, ...]] = {
            f"countries.{code}.rates": country.rates,
            f"countries.{code}.withholding": country.withholding,
            f"countries.{code}.documents": country.documents,
        }
        lists |= {f"countries.{code}.regions.{name}.levies": each.levies for name, each in country.regions.items()}
        lists |= {f"countries.{code}.places.{name}.rates": each.rates for name, each in country.places.items()}
        yield from _twice(lists)


def _twice(lists: Mapping[str, tuple[Any, ...]]) -> Iterator[Problem]:
    for name, entries in lists.items():
        days = Counter(repr(_KEYS[type(each)](each)) for each in entries)
        twice = next((each.from_ for each in entries if days[repr(_KEYS[type(each)](each))] > 1), None)
        if twice is not None:
            message = f"{name} has two entries for the same from {twice}"
            yield Problem(rule="tax-table", message=message, hint="keep the one that holds")


def _rates(code: str, country: Country) -> Iterator[tuple[str, Decimal, date]]:
    """Every rate in percent of a country, its regions and its places, with its day."""
    for rate in country.rates:
        yield f"countries.{code}", rate.rate, rate.from_
    for name, place in country.places.items():
        for rate in place.rates:
            yield f"countries.{code}.places.{name}", rate.rate, rate.from_
    for name, region in country.regions.items():
        for levy in region.levies:
            for each in (*levy.common, *levy.own):
                yield f"countries.{code}.regions.{name}", each.rate, levy.from_


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
        elif isinstance(after, Legal):
            given[field.name] = _joined(before, after)
        else:
            given[field.name] = before if after == default else after
    return type(old)(**given)


def _union(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """Tables by key: countries, regions and base rates are joined, other values replaced."""
    joins = (Country, Region, BaseSeries)
    both = {
        name: _joined(old[name], value) if name in old and isinstance(value, joins) else value
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
