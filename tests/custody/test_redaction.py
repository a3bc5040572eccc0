"""What is taken out of everything that is printed or sent, and what is no secret."""

import json

import pytest

from git_bill.custody.redaction import MASK, in_environment, live_secret, masked

TOKENS = [
    "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
    "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "github_pat_" + "11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz",
    "glpat-" + "abcdefghij1234567890",
    "xoxb-" + "123456789012-abcdefgh",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "AGE-SECRET-KEY-1" + "DJ53CDDMGMP604G2KPME5UFE835GG",
]


@pytest.mark.parametrize("token", TOKENS)
def test_a_live_secret_is_known_and_taken_out(token: str) -> None:
    assert live_secret(f'note = "{token}"') is not None
    assert masked(f"pay with {token}.", ()) == f"pay with {MASK}."


def test_a_private_key_is_taken_out_whole() -> None:
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----"
    assert live_secret(key.splitlines()[0]) == "a private key"
    assert masked(f"<{key}>", ()) == f"<{MASK}>"


@pytest.mark.parametrize(
    "text", ["sk_test_4eC39HqLyjWDarjtT1zdp7dc", "task_live_wire", "W-k3v9q2m7x4ab", "DE02120300000000202051", "glpat-"]
)
def test_what_is_no_live_secret_stays(text: str) -> None:
    assert live_secret(text) is None
    assert masked(text, ()) == text


def test_known_values_are_taken_out_however_they_are_written() -> None:
    secrets = {"DE02120300000000202051", "Straße 5"}
    assert masked("pay DE02 1203 0000 0000 2020 51 or DE02120300000000202051", secrets) == f"pay {MASK} or {MASK}"
    assert masked(json.dumps(["Straße 5"]), secrets) == f'["{MASK}"]'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("the account is DE02120300000000202…", f"the account is {MASK}…"),
        ("the account is DE021203…", f"the account is {MASK}…"),
        ("to DE02 1203 0000…; and DE02120300000000202051…", f"to {MASK}…; and {MASK}…"),
        ("Straße 5 in W…", f"{MASK}…"),
        ("DE02120…", "DE02120…"),
        ("DE02120300 is the bank…", "DE02120300 is the bank…"),
        ("note " + "gh" + "p_16C7e4…", f"note {MASK}…"),
        ("note " + "AK" + "IA…", "note " + "AK" + "IA…"),
    ],
)
def test_what_is_cut_is_taken_out_too(text: str, told: str) -> None:
    """As a table cuts what is too wide: before anything is masked."""
    assert masked(text, {"DE02120300000000202051", "Straße 5 in Wien"}) == told


def test_opened_and_sealed_values_look_alike() -> None:
    assert masked("to sealed:3f9a1c2e.b81d00fa:YWdl=", {"a@b.example"}) == masked("to a@b.example", {"a@b.example"})


def test_short_values_stay_in_words() -> None:
    assert masked("Ann can", {"Ann"}) == "Ann can"


def test_passwords_in_addresses() -> None:
    assert masked("https://mira:hunter2@git.example/a.git", ()) == f"https://{MASK}@git.example/a.git"
    assert masked("https://git.example:8080/a.git", ()) == "https://git.example:8080/a.git"


def test_what_an_environment_hides() -> None:
    found = in_environment(
        {
            "GIT_BILL_TOKEN": "tok-12345678",
            "SMTP_PASSWORD": "hunter2hunter2",
            "GIT_BILL_IDENTITY": "-----BEGIN\nabcdefghijkl\n",
            "GIT_BILL_WORKSPACE": "/home/mira/books",
            "CI_TOKEN": "short",
        }
    )
    assert {"tok-12345678", "hunter2hunter2", "abcdefghijkl"} <= found
    assert not {"/home/mira/books", "short"} & found
