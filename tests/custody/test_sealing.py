"""Sealed values in files: their form, their place, and what else in the text stays as it is."""

import tomllib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.party import Bank, Issuer
from git_bill.custody.sealing import (
    VEILED,
    Sealed,
    bound,
    fingerprint,
    is_sealed,
    opened,
    parsed,
    rewritten,
    sealed_values,
    unbound,
    unopened,
    unusable,
    veiled,
)
from git_bill.shape import Path

FILE = "billing/billing.toml"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICq8WcGwQnmfPTI5tleuwe+FR0yAy2g1r7Roqm+ga7oc"


def sealed(plain: str, *readers: str) -> str:
    """A sealed value whose ciphertext is no secret."""
    return str(Sealed(readers=readers or ("3f9a1c2e",), ciphertext=plain.encode()))


def reads(value: Sealed) -> str:
    return value.ciphertext.decode()


@given(st.binary(min_size=1), st.lists(st.from_regex(r"[0-9a-f]{8}", fullmatch=True), min_size=1, max_size=4))
def test_a_sealed_value_is_read_as_it_was_written(ciphertext: bytes, readers: list[str]) -> None:
    value = Sealed(readers=tuple(readers), ciphertext=ciphertext)
    assert is_sealed(str(value))
    assert parsed(str(value)) == value


@pytest.mark.parametrize("text", ["sealed:", "sealed:3f9a1c2e:", "sealed:3f9a:YWdl", "sealed:3f9a1c2e:YWd", "iban"])
def test_what_is_cut_is_no_sealed_value(text: str) -> None:
    assert parsed(text) is None


def test_a_comment_is_not_part_of_a_key() -> None:
    assert fingerprint(f"{KEY} mira@laptop") == fingerprint(KEY)
    assert len(fingerprint(KEY)) == 8


@pytest.mark.parametrize(
    ("key", "works"),
    [(KEY, True), ("ssh-rsa AAAA", True), ("age1qqq", True), ("sk-ssh-ed25519@openssh.com AAAA", False),
     ("ecdsa-sha2-nistp256 AAAA", False), ("ssh-dss AAAA", False)],
)  # fmt: skip
def test_kinds_of_keys_that_age_can_seal_to(key: str, works: bool) -> None:
    assert (unusable(key) is None) == works


def test_it_opens_in_its_place_alone() -> None:
    value = sealed(bound(FILE, ("issuer", "bank", "iban"), "DE02"))
    right = f'[issuer.bank]\niban = "{value}"\n'
    assert tomllib.loads(opened(right, FILE, reads)) == {"issuer": {"bank": {"iban": "DE02"}}}
    for moved in (f'[issuer]\nfooter = "{value}"\n', f'[client]\nattention = "{value}"\n', right):
        file = "billing/clients/acme.toml" if moved is right else FILE
        assert opened(moved, file, reads) == moved


def test_only_texts_that_decide_nothing_are_opened() -> None:
    text = f'[issuer]\nvat_id = "{sealed(bound(FILE, ("issuer", "vat_id"), "DE136695976"))}"\n'
    assert opened(text, FILE, reads) == text


def test_what_cannot_be_opened_and_what_is_no_toml_stay() -> None:
    closed: Callable[[Sealed], None] = lambda value: None  # noqa: E731
    text = f'[issuer.bank]\niban = "{sealed("x")}"\n'
    assert opened(text, FILE, closed) == text
    assert opened("iban = sealed:", FILE, reads) == "iban = sealed:"
    assert unbound(FILE, ("issuer", "phone"), "no place in it") is None


TEXT = """\
# who bills
[issuer]
phone = '+49 30 1'   # mobile
street="Phone 4"
bank = { iban = "DE02", bic = "iban" }

[client]
"email" = "a@b.example"
"""


def test_only_the_value_changes() -> None:
    values: dict[Path, str] = {("issuer", "phone"): "x\ny", ("issuer", "street"): '"', ("issuer", "bank", "iban"): "z"}
    new = rewritten(TEXT, {**values, ("client", "email"): "c"})
    assert new == (
        TEXT.replace("'+49 30 1'", r'"x\ny"')
        .replace('"Phone 4"', r'"\""')
        .replace('iban = "DE02"', 'iban = "z"')
        .replace("a@b.example", "c")
    )


def test_a_value_that_is_laid_out_otherwise_stays() -> None:
    text = '[issuer]\nstreet = """\nLindenweg 4"""\n'
    assert rewritten(text, {("issuer", "street"): "x"}) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_stand_in_a_place(value: str) -> None:
    assert tomllib.loads(rewritten(TEXT, {("issuer", "street"): value}))["issuer"]["street"] == value


def test_the_lines_stay_where_they_were() -> None:
    value = sealed(bound(FILE, ("issuer", "street"), "two\nlines"))
    text = TEXT.replace("Phone 4", value)
    assert opened(text, FILE, reads).splitlines()[4:] == TEXT.splitlines()[4:]
    assert list(sealed_values(text)) == [("issuer", "street")]


def test_a_record_tells_what_is_still_sealed() -> None:
    bank = Bank(iban=sealed("x"), bic="BYLADEM1001")
    issuer = Issuer(name="Mira", country="DE", timezone="Europe/Berlin", phone=sealed("y"), bank=bank)
    assert [path for path, _ in unopened(issuer)] == [("phone",), ("bank", "iban")]
    shown = veiled(issuer)
    assert (shown.phone, shown.bank) == (VEILED, Bank(iban=VEILED, bic="BYLADEM1001"))
    assert list(bank.problems()) == [], "check digits of what can't be read are not wrong"
