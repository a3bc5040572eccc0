"""The data tables that ship with the package: tax rates and wordings. Read once, checked like every other file."""

import functools
from importlib import resources
from typing import TypeVar

from git_bill.contract.tax.merging import merged
from git_bill.contract.tax.table import VatTable
from git_bill.contract.travel import TravelTable
from git_bill.invoice.document.wording import Wording
from git_bill.problem import Exit, Stop
from git_bill.shape import read

Record = TypeVar("Record")


@functools.cache
def vat_table() -> VatTable:
    """Dated tax rates, rules and the wordings that the law asks for: all files of `tables/tax`."""
    files = sorted(file.name for file in (resources.files("git_bill.tables") / "tax").iterdir())
    return merged(_table(VatTable, f"tax/{name}") for name in files if name.endswith(".toml"))


@functools.cache
def wording() -> Wording:
    """The words of documents by language."""
    return _table(Wording, "wording.toml")


@functools.cache
def travel_table() -> TravelTable:
    """Dated rates of kilometres, miles and days away."""
    return _table(TravelTable, "travel.toml")


def _table(cls: type[Record], name: str) -> Record:
    text = resources.files("git_bill.tables").joinpath(*name.split("/")).read_text(encoding="utf-8")
    found = read(cls, text, f"tables/{name}")
    if found.value is None:
        raise Stop(Exit.INTERNAL, found.problems)
    return found.value
