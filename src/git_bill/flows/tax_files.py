"""Tax tables of the workspace: files below `billing/tax` that go before the shipped ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from git_bill.contract.tax.merging import doubled, incomplete, merged
from git_bill.contract.tax.table import VatTable
from git_bill.effects import Flow, WriteFile
from git_bill.flows import load
from git_bill.flows.writing import written
from git_bill.layout import tax_file
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, Problem, Stop, errors, stop
from git_bill.shape import read

_FOLDER = "billing/tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxUpdate:
    """What an update came to. `countries`: whose rules are other ones now; `new`: the file was not there."""

    file: str
    new: bool
    changed: bool
    countries: tuple[str, ...]
    source: str


def tax_table(snapshot: Snapshot, shipped: VatTable) -> VatTable:
    """The shipped table with the workspace's own files over it, in the order of their names. Stops (exit 3)."""
    own = []
    problems: list[Problem] = []
    for path in snapshot.paths(_FOLDER):
        found = load.read_file(snapshot, VatTable, path) if path.endswith(".toml") else None
        if found is not None:
            problems += found.problems
            own += [found.value] if found.value is not None else []
    if errors(problems):
        raise Stop(Exit.SETTINGS, problems)
    return merged((shipped, *own)) if own else shipped


def update_tax(books: Books, shipped: VatTable, content: bytes, *, given: str) -> Flow[TaxUpdate]:
    """Write a checked tax table into the workspace. `given`: the file's name as a person said it.

    Stops (exit 3) with everything that is wrong with it; the workspace keeps its bytes, comments included.
    """
    name = _name(given)
    table = _checked(content, given)

    def computed(state: Snapshot) -> tuple[TaxUpdate, Sequence[WriteFile]]:
        path = tax_file(name)
        before = state.read(path)
        old = tax_table(state, shipped)
        new = merged((old, table))
        if wrong := [replace(each, file=given) for each in incomplete(new) if each not in set(incomplete(old))]:
            raise Stop(Exit.SETTINGS, wrong)
        codes = (code for code in new.countries if new.countries[code] != old.countries.get(code))
        result = TaxUpdate(
            file=path,
            new=before is None,
            changed=before != content,
            countries=tuple(sorted(codes)),
            source=table.source,
        )
        return result, [WriteFile(path=path, content=content)] if result.changed else []

    return (yield from written(books, lambda result: f"update the tax table {result.file}", computed))


def _checked(content: bytes, given: str) -> VatTable:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise stop(Exit.SETTINGS, "not-utf-8", f"{given} is not UTF-8", "save it as UTF-8", given) from None
    found = read(VatTable, text, given)
    if found.value is None:
        raise Stop(Exit.SETTINGS, found.problems)
    if not found.value.source:
        hint = 'write at its top, like source = "BGBl. 2027 I Nr. 12, seen on 3 January 2027"'
        raise stop(Exit.SETTINGS, "tax-table", f"{given} does not say where its rules are from", hint, given)
    if wrong := [replace(each, file=given) for each in doubled(found.value)]:
        raise Stop(Exit.SETTINGS, wrong)
    return found.value


def _name(given: str) -> str:
    stem = re.split(r"[/\\]", given)[-1].removesuffix(".toml").lower()
    name = re.sub(r"[^a-z0-9_-]+", "-", stem).strip("-")
    if not name:
        raise stop(Exit.USAGE, "tax-table", f"{given!r} gives no name for the file", "name it like de-2027.toml")
    return name
