"""Files of usage: a table with the columns day, meter and quantity, or JSON, one object a line."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from git_bill.contract.usage import FORM, quantity
from git_bill.problem import Problem

_COLUMNS = ("day", "meter", "quantity")
_SEPARATORS = (",", ";", "\t", "|")
_LONGEST = 60  # characters of a wrong value that are told
_MOST = 20  # wrong lines that are told
_TABLE, _JSON = "2026-10-05,requests,12500", '{"day": "2026-10-05", "meter": "requests", "quantity": 12500}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a line says was used of a meter on a day."""

    day: date
    meter: str
    quantity: Decimal
    line: int


def rows(text: str, file: str) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """The rows of a file, and a problem with line and example for each that can't be read."""
    text = text.removeprefix("\ufeff")
    is_json = text.lstrip().startswith("{")
    found: list[Row] = []
    problems: list[Problem] = []
    for each in _json(text, file) if is_json else _table(text, file):
        if isinstance(each, Problem):
            problems.append(each)
        else:
            found.append(each)
    if not found and not problems:
        problems.append(_wrong("nothing is in it", file, None, ",".join(_COLUMNS)))
    if len(problems) > _MOST:
        more = _wrong(f"{len(problems) - _MOST} more lines can't be read", file, None, _JSON if is_json else _TABLE)
        problems = [*problems[:_MOST], more]
    return tuple(found), tuple(problems)


def daily(found: Iterable[Row]) -> Mapping[tuple[str, date], Decimal]:
    """What a file says in all of each meter and day, in its order."""
    sums: dict[tuple[str, date], Decimal] = {}
    for row in found:
        sums[row.meter, row.day] = sums.get((row.meter, row.day), Decimal(0)) + row.quantity
    return sums


def _table(text: str, file: str) -> Iterator[Row | Problem]:
    """A header and rows, separated by what the header is."""
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return
    header = lines[first]
    separator = max(_SEPARATORS, key=header.count)
    names = [name.strip().strip('"').lower() for name in header.split(separator)]
    missing = [column for column in _COLUMNS if column not in names]
    if missing:
        yield _wrong(f"the header has no column {missing[0]}: {_shown(header)}", file, first + 1, ",".join(_COLUMNS))
        return
    reader = csv.reader(lines[first + 1 :], delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                number = first + 1 + reader.line_num
                facts = dict(zip(names, cells, strict=False))
                yield _row(facts, file, number, _TABLE.replace(",", separator), comma=separator != ",")
    except csv.Error as error:
        yield _wrong(f"not a table from here on: {error}", file, first + 1 + reader.line_num, _TABLE)


def _json(text: str, file: str) -> Iterator[Row | Problem]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            facts = json.loads(line, parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            yield _wrong(f"not JSON: {_shown(line)}", file, number, _JSON)
            continue
        if isinstance(facts, dict):
            yield _row({str(key): value for key, value in facts.items()}, file, number, _JSON)
        else:
            yield _wrong(f"not an object: {_shown(line)}", file, number, _JSON)


def _row(facts: Mapping[str, object], file: str, line: int, example: str, *, comma: bool = False) -> Row | Problem:
    missing = next((column for column in _COLUMNS if not str(facts.get(column) or "").strip()), None)
    if missing is not None:
        return _wrong(f"there is no {missing}", file, line, example)
    told = {column: str(facts[column]).strip() for column in _COLUMNS}
    try:
        day = date.fromisoformat(told["day"])
    except ValueError:
        return _wrong(f"{_shown(told['day'])} is not a day", file, line, example)
    found = _quantity(told["quantity"], comma=comma)
    if found is None:
        return _wrong(f"{_shown(told['quantity'])} is not a quantity: {FORM}", file, line, example)
    return Row(day=day, meter=told["meter"], quantity=found, line=line)


def _quantity(word: str, *, comma: bool) -> Decimal | None:
    """With a decimal comma where commas don't separate columns. None for what is no number."""
    return quantity(word.replace(",", ".") if comma and word.count(",") == 1 and "." not in word else word)


def _shown(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def _wrong(message: str, file: str, line: int | None, example: str) -> Problem:
    return Problem(rule="broken-usage", message=message, hint=f"write it like: {example}", file=file, line=line)
