"""The table of e-invoices: every name in it is one that there is."""

from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from git_bill.adapters.tables import einvoicing
from git_bill.contract.agreement import Engagement
from git_bill.contract.country import COUNTRIES
from git_bill.invoice.draft import Draft, Kind
from git_bill.invoice.en16931.model import Model
from git_bill.invoice.en16931.profile import National, Profile
from git_bill.workspace import Settings

TABLE = einvoicing()
LOCAL = [
    (f"{name} {country}", national)
    for name, profile in TABLE.profiles.items()
    for table in (profile.national, profile.issuers)
    for country, national in table.items()
]


def reaches(cls: Any, path: str) -> bool:
    """Whether a record has such a field, looking through options and tuples."""
    for name in path.split("."):
        hint = get_type_hints(cls).get(name) if is_dataclass(cls) else None
        if hint is None:
            return False
        found = [hint, *get_args(hint), *(inner for each in get_args(hint) for inner in get_args(each))]
        cls = next((each for each in found if is_dataclass(each)), None)
    return True


def test_terms_name_fields_of_the_model_and_keys_of_our_files() -> None:
    files: dict[str, Any] = {"settings": Settings, "client": Engagement, "draft": Draft}
    for term, known in TABLE.terms.items():
        assert reaches(Model, known.field), term
        assert reaches(files[known.file], known.at), term


@pytest.mark.parametrize(("name", "profile"), TABLE.profiles.items())
def test_a_profile_names_what_there_is(name: str, profile: Profile) -> None:
    asked = {*profile.requires, *profile.requires_one_of}
    assert asked <= TABLE.terms.keys(), name
    assert all(reaches(Model, path) for path in profile.without)
    assert {*profile.national, *profile.issuers} <= COUNTRIES
    assert profile.types.keys() <= TABLE.types.keys()


@pytest.mark.parametrize(("name", "national"), LOCAL)
def test_a_country_names_what_there_is(name: str, national: National) -> None:
    assert set(national.requires) <= TABLE.terms.keys(), name
    assert national.types.keys() <= TABLE.types.keys()
    assert national.means.keys() <= {"transfer", "account", "link"}


def test_every_kind_has_a_code() -> None:
    assert set(TABLE.types) == {*get_args(Kind), "corrected"}


def test_countries_are_countries() -> None:
    assert TABLE.countries.keys() <= COUNTRIES


def test_rules_are_about_terms() -> None:
    assert set(TABLE.rules.values()) <= TABLE.terms.keys()


def test_every_business_term_of_the_model_is_named() -> None:
    """Each field says which term it is."""
    for field in fields(Model):
        [said] = field.metadata.values()
        assert said.doc.startswith(("BT-", "BG-")) or field.name == "tax_scheme", field.name
