"""What a party's file may say: e-invoice addresses, registers, mandates, each checked where it is read."""

import pytest

from git_bill.contract.agreement import Engagement
from git_bill.shape import read

CLIENT = """schema = 1
[client]
name = "Acme GmbH"
country = "DE"
"""


def told(more: str) -> list[str]:
    return [f"{problem.message} / {problem.hint}" for problem in read(Engagement, CLIENT + more, "acme.toml").problems]


def test_a_file_without_the_new_keys_stays_valid() -> None:
    assert told("") == []


@pytest.mark.parametrize("address", ["0204:04011000-12345-03", "EM:ap@acme.example", "9930:DE129274202"])
def test_an_electronic_address_is_a_scheme_and_an_identifier(address: str) -> None:
    assert told(f'electronic_address = "{address}"') == []


@pytest.mark.parametrize("address", ["ap@acme.example", "9930", "9930:", "99:1", "EM:a b"])
def test_another_form_is_told_with_an_example(address: str) -> None:
    [problem] = told(f'electronic_address = "{address}"')
    assert problem.startswith("client.electronic_address")
    assert 'write it like: electronic_address = "0204:04011000-12345-03"' in problem


def test_a_mandate_has_an_account_that_can_be_one() -> None:
    assert told('direct_debit = { mandate = "M-1", iban = "DE02120300000000202051" }') == []
    [problem] = told('direct_debit = { mandate = "M-1", iban = "DE00120300000000202051" }')
    assert "is not a valid IBAN" in problem
