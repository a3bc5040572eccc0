"""Signatures with real keys and the real ssh-keygen."""

import subprocess
from pathlib import Path

import pytest
from tests.signing import key

from git_bill.adapters.ssh import SshSignatures
from git_bill.custody.signoff import Signatures, signed_text
from git_bill.problem import Stop

TEXT = signed_text("a" * 40)


@pytest.fixture(autouse=True)
def _no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_what_is_signed_is_valid_for_this_text_and_this_key_alone(tmp_path: Path, kind: str) -> None:
    private, public = key(tmp_path, "mine", kind)
    _, other = key(tmp_path, "other")
    signer: Signatures = SshSignatures(str(private))
    made = signer.sign(TEXT, [other, public])
    assert made.startswith(b"-----BEGIN SSH SIGNATURE-----")
    assert signer.valid(TEXT, made, [public])
    assert signer.valid(TEXT, made, [other, public])
    assert not signer.valid(TEXT, made, [other])
    assert not signer.valid(signed_text("b" * 40), made, [public])
    assert not signer.valid(TEXT, made[:-40], [public])
    assert not signer.valid(TEXT, made, [])


def test_a_signature_for_something_else_is_none(tmp_path: Path) -> None:
    """A signed commit or file must not do as a sign-off."""
    private, public = key(tmp_path, "mine")
    (tmp_path / "text").write_bytes(TEXT)
    words = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(private), "-n", "git", str(tmp_path / "text")]
    subprocess.run(words, check=True, capture_output=True)
    assert not SshSignatures().valid(TEXT, (tmp_path / "text.sig").read_bytes(), [public])


@pytest.mark.parametrize("place", ["private", "public", "home"])
def test_the_key_is_found_where_git_is_told_or_at_home(tmp_path: Path, place: str) -> None:
    private, public = key(tmp_path, "id_ed25519")
    told = {"private": str(private), "public": f"{private}.pub", "home": None}[place]
    signer = SshSignatures(told, tmp_path if place == "home" else None)
    assert signer.valid(TEXT, signer.sign(TEXT, [public]), [public])


def test_without_a_listed_key_nothing_is_signed(tmp_path: Path) -> None:
    private, _ = key(tmp_path, "mine")
    _, listed = key(tmp_path, "listed")
    (tmp_path / "listed").unlink()
    with pytest.raises(Stop) as stopped:
        SshSignatures(str(private), tmp_path).sign(TEXT, [listed])
    assert stopped.value.problems[0].rule == "no-signing-key"


@pytest.mark.parametrize(
    "hostile",
    [
        'cert-authority,namespaces="git" ssh-ed25519 AAAA',
        "ssh-ed25519 AAAA\n* ssh-ed25519 {public}",
        "-oProxyCommand=touch x",
        "",
    ],
)
def test_a_line_that_is_no_key_allows_nothing(tmp_path: Path, hostile: str) -> None:
    private, public = key(tmp_path, "mine")
    signer = SshSignatures(str(private))
    made = signer.sign(TEXT, [public])
    assert not signer.valid(TEXT, made, [hostile.format(public=public)])
