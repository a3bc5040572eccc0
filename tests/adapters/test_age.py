"""Sealing with real keys: OpenSSH's and age's own."""

import subprocess
from pathlib import Path

import pytest

from git_bill.adapters.age import Age
from git_bill.custody.sealing import Sealed
from git_bill.problem import Stop


def ssh_key(home: Path, kind: str = "ed25519", passphrase: str = "") -> str:
    """A key of a home; its public half."""
    (home / ".ssh").mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / ".ssh" / f"id_{kind}"
    words = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "mira@laptop", "-f", str(path)]
    subprocess.run(words, check=True)
    return path.with_suffix(".pub").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_the_owner_of_an_ssh_key_opens_it_and_nobody_else(tmp_path: Path, kind: str) -> None:
    learned: list[str] = []
    mira = Age({}, tmp_path, learned=learned.append)
    sealed = mira.seal("billing/billing.toml issuer.phone\n+49 30 1", [ssh_key(tmp_path, kind)])
    assert mira.open(sealed) == "billing/billing.toml issuer.phone\n+49 30 1"
    assert learned == ["+49 30 1"]
    ssh_key(tmp_path / "other")
    assert Age({}, tmp_path / "other").open(sealed) is None
    assert Age({}, tmp_path / "nobody").open(sealed) is None


def test_the_variable_holds_an_age_identity_or_an_ssh_key(tmp_path: Path) -> None:
    identity, recipient = Age({}, tmp_path).new_identity()
    public = ssh_key(tmp_path)
    sealed = Age({}, tmp_path).seal("x", [recipient, public])
    private = (tmp_path / ".ssh" / "id_ed25519").read_text(encoding="utf-8")
    for given in (identity, f"# recovery\n{identity}\n", private):
        assert Age({"GIT_BILL_IDENTITY": given}, tmp_path / "nobody").open(sealed) == "x"


def test_a_variable_without_a_key_is_said_without_its_text(tmp_path: Path) -> None:
    sealed = Age({}, tmp_path).seal("x", [ssh_key(tmp_path)])
    assert Age({"GIT_BILL_IDENTITY": ""}, tmp_path).open(sealed) == "x", "an unset secret of a CI is empty"
    for given in ("hunter2hunter2", "AGE-SECRET-KEY-1NONE"):
        with pytest.raises(Stop) as stopped:
            Age({"GIT_BILL_IDENTITY": given}, tmp_path).open(sealed)
        assert "GIT_BILL_IDENTITY" in str(stopped.value)
        assert given not in str(stopped.value.problems)


def test_a_passphrase_is_asked_for_only_where_the_key_would_open_it(tmp_path: Path) -> None:
    public = ssh_key(tmp_path, passphrase="secret")
    _, other = Age({}, tmp_path).new_identity()
    asked: list[Path] = []

    def unlock(path: Path) -> bytes:
        asked.append(path)
        copy = tmp_path / "copy"
        copy.write_bytes(path.read_bytes())
        copy.chmod(0o600)
        subprocess.run(["ssh-keygen", "-q", "-p", "-P", "secret", "-N", "", "-f", str(copy)], check=True)
        return copy.read_bytes()

    age = Age({}, tmp_path)
    sealed = age.seal("x", [public])
    assert age.open(sealed) is None
    age.asks(unlock)
    assert age.open(age.seal("y", [other])) is None
    assert asked == []
    assert age.open(sealed) == "x"
    assert age.open(age.seal("z", [public])) == "z"
    assert len(asked) == 1


@pytest.mark.parametrize("key", ["ssh-ed25519 AAAA", "age1xyz", "ecdsa-sha2-nistp256 AAAA", "rubbish"])
def test_a_wrong_recipient_is_said(tmp_path: Path, key: str) -> None:
    with pytest.raises(Stop, match="can't be sealed to"):
        Age({}, tmp_path).seal("x", [key])


def test_rubbish_does_not_open(tmp_path: Path) -> None:
    ssh_key(tmp_path)
    assert Age({}, tmp_path).open(Sealed(readers=("3f9a1c2e",), ciphertext=b"rubbish")) is None


def test_a_file_without_sealed_values_is_not_touched(tmp_path: Path) -> None:
    age = Age({"GIT_BILL_IDENTITY": "rubbish"}, tmp_path)
    assert age.opened(b"\xff", "billing/billing.toml") == b"\xff"
    assert age.opened(b'sealed: "\xff"', "billing/billing.toml") == b'sealed: "\xff"'
