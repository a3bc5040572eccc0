"""The data tables that ship with the package: tax rates and wordings. Read once, checked like every other file."""

import functools
from importlib import resources
from typing import TypeVar

from git_bill.contract.tax.table import VatTable
from git_bill.invoice.document.wording import Wording
from git_bill.problem import Exit, Stop
from git_bill.shape import read

Record = TypeVar("Record")


@functools.cache
def vat_table() -> VatTable:
    """Dated VAT rates and the wordings that the law asks for."""
    return _table(VatTable, "vat_rates.toml")


@functools.cache
def wording() -> Wording:
    """The words of documents by language."""
    return _table(Wording, "wording.toml")


def _table(cls: type[Record], name: str) -> Record:
    text = (resources.files("git_bill.tables") / name).read_text(encoding="utf-8")
    found = read(cls, text, f"tables/{name}")
    if found.value is None:
        raise Stop(Exit.INTERNAL, found.problems)
    return found.value
