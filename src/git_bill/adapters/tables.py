"""The data that ships with the package: tables, catalogues of words, a model. Each is read once."""

import functools
import json
from importlib import resources
from typing import TYPE_CHECKING, TypeVar

from git_bill.contract.tax.merging import merged
from git_bill.contract.tax.table import VatTable
from git_bill.contract.travel import TravelTable
from git_bill.invoice.document.catalogue import Catalogue, read_catalogue
from git_bill.invoice.document.wording import ENGLISH, Wording
from git_bill.invoice.en16931.profile import Einvoicing
from git_bill.problem import Exit, Stop
from git_bill.shape import read

if TYPE_CHECKING:
    from git_bill.receivable.feeds.mapping import Headings
    from git_bill.receivable.matching.score import Weights

Record = TypeVar("Record")


@functools.cache
def vat_table() -> VatTable:
    """Dated tax rates, rules and the wordings that the law asks for: all files of `tables/tax`."""
    files = sorted(file.name for file in (resources.files("git_bill.tables") / "tax").iterdir())
    return merged(_table(VatTable, f"tax/{name}") for name in files if name.endswith(".toml"))


def wording() -> Wording:
    """The words of documents. A language's catalogue is read when something is said in it."""
    return Wording(shipped=_catalogue)


@functools.cache
def einvoicing() -> Einvoicing:
    """Profiles of e-invoices, countries' identifiers, business terms."""
    return _table(Einvoicing, "einvoice.toml")


@functools.cache
def travel_table() -> TravelTable:
    """Dated rates of kilometres, miles and days away."""
    return _table(TravelTable, "travel.toml")


@functools.cache
def headings() -> "Headings":
    """What banks and payment providers call the columns of their CSV files."""
    from git_bill.receivable.feeds.mapping import Headings

    return _table(Headings, "csv_mappings.toml")


@functools.cache
def matching_weights() -> "Weights":
    """The model that says how likely a remittance pays an invoice."""
    from git_bill.receivable.matching.score import weights

    return weights(json.loads(_text("models/matching.json")))


@functools.cache
def _catalogue(language: str) -> Catalogue | None:
    name = "messages.pot" if language == ENGLISH else f"{language}.po"
    file = resources.files("git_bill").joinpath("locale", name)
    return read_catalogue(file.read_text(encoding="utf-8")) if file.is_file() else None


def _table(cls: type[Record], name: str) -> Record:
    found = read(cls, _text(name), f"tables/{name}")
    if found.value is None:
        raise Stop(Exit.INTERNAL, found.problems)
    return found.value


def _text(name: str) -> str:
    return resources.files("git_bill.tables").joinpath(*name.split("/")).read_text(encoding="utf-8")
