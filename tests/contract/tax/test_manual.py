"""docs/taxes.md: what it tells people to write can be read, and what it counts is so."""

import re
from dataclasses import dataclass, fields
from pathlib import Path

from git_bill.adapters.tables import vat_table
from git_bill.contract.agreement import TaxChoice
from git_bill.contract.party import Issuer
from git_bill.contract.tax.status import TaxStatus
from git_bill.contract.tax.table import VatTable
from git_bill.shape import key, read

PAGE = (Path(__file__).parents[3] / "docs" / "taxes.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    issuer: Issuer = key("who bills")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    tax: TaxChoice = key("decided")


def test_the_examples_can_be_read_and_tell_of_every_key() -> None:
    settings, client, table = BLOCKS
    told = read(Settings, settings.replace("[issuer]", '[issuer]\nname = "Mira"\ntimezone = "Europe/Madrid"'), "page")
    assert told.value is not None, told.problems
    assert {field.name for field in fields(TaxStatus)} - {"fund_rate"} <= set(
        re.findall(r"^(\w+) =", settings, re.MULTILINE)
    )
    decided = read(Client, client, "page")
    assert decided.value is not None, decided.problems
    assert read(VatTable, table, "page").value is not None


def test_what_it_counts_is_so() -> None:
    schemes = [country for country in vat_table().countries.values() if country.eu and country.small_business]
    assert f"small businesses at home in {len(schemes)} states" in PAGE
