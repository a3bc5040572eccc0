"""Signatures of commits by real keys, told by the real git and ssh-keygen."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.repositories import live_in
from tests.signing import key, signing

from git_bill.adapters.git.history import GitHistory
from git_bill.custody.ssh_key import fingerprint
from git_bill.problem import Stop

Git = Callable[..., str]
NOBODY = "0123456789" * 4


@pytest.fixture
def shop(clone: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    live_in(environment, monkeypatch)
    return clone


def commit(git: Git, top: Path, *options: str) -> str:
    git(top, *options, "commit", "-q", "--allow-empty", "-m", "work")
    return git(top, "rev-parse", "HEAD")


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_who_has_signed_is_told_and_nobody_else(shop: Path, git: Git, tmp_path: Path, kind: str) -> None:
    (mine, mira), (yours, jo), (other, _) = (key(tmp_path, name, kind) for name in ("mira", "jo", "other"))
    made = [commit(git, shop, *signing(private)) for private in (mine, yours, other)]
    plain = commit(git, shop)
    found = GitHistory(shop).signers([*made, plain, NOBODY], {"mira": [mira], "jo": ["no key", jo]})
    assert {commit: told.by for commit, told in found.items()} == {made[0]: "mira", made[1]: "jo"}
    assert [told.fingerprint for told in found.values()] == [fingerprint(mira), fingerprint(jo)]
    assert GitHistory(shop).signers([NOBODY], {"mira": [mira]}) == {}
    assert GitHistory(shop).signers([], {"mira": [mira]}) == {}
    assert GitHistory(shop).signers(made, {"mira": ["no key"]}) == {}


def test_a_signature_is_of_one_content(shop: Path, git: Git, tmp_path: Path) -> None:
    """Who takes a signed commit and writes another author, time or message into it has no signature."""
    private, public = key(tmp_path, "mira")
    made = commit(git, shop, *signing(private))
    raw = subprocess.run(["git", "cat-file", "commit", made], cwd=shop, capture_output=True, check=True).stdout
    forged = raw.replace(b"\n\nwork", b"\n\nwork\n\nTime: 9h")
    assert forged != raw
    words = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    name = subprocess.run(words, cwd=shop, input=forged, capture_output=True, check=True).stdout.decode().strip()
    assert GitHistory(shop).signers([name, made], {"mira": [public]}).keys() == {made}


def test_the_users_git_decides_nothing_and_starts_nothing(shop: Path, git: Git, tmp_path: Path) -> None:
    """Not its list of signers, its list of revoked keys, nor its programs."""
    (mine, mira), (other, stranger) = key(tmp_path, "mira"), key(tmp_path, "other")
    made = [commit(git, shop, *signing(private)) for private in (mine, other)]
    started = tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {started}\n")
    program.chmod(0o755)
    (tmp_path / "allowed").write_text(f"* {stranger}\n")
    (tmp_path / "revoked").write_text(f"{mira}\n")
    for name, value in {
        "gpg.ssh.allowedSignersFile": tmp_path / "allowed",
        "gpg.ssh.revocationFile": tmp_path / "revoked",
        **dict.fromkeys(("gpg.program", "gpg.openpgp.program", "gpg.ssh.program", "gpg.x509.program"), program),
    }.items():
        git(shop, "config", name, str(value))
    assert GitHistory(shop).signers(made, {"mira": [mira]}).keys() == {made[0]}
    assert not started.exists()


@pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed")
def test_openpgp_is_not_supported(shop: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A good signature by a key in the user's own keyring, as a forge's: it proves nothing here."""
    home = tmp_path / "g"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    words = ["gpg", "--batch", "-q", "--passphrase", "", "--quick-gen-key", "mira@example.net", "ed25519", "sign"]
    subprocess.run(words, check=True, capture_output=True)
    options = ("-c", "user.signingkey=mira@example.net", "-c", "commit.gpgsign=true")
    git(shop, *options, "commit", "-q", "--allow-empty", "-m", "work", env={"GNUPGHOME": str(home)})
    made = git(shop, "rev-parse", "HEAD")
    assert git(shop, "log", "-1", "--format=%G?", env={"GNUPGHOME": str(home)}) in {"G", "U"}
    _, public = key(tmp_path, "mira")
    assert GitHistory(shop).signers([made], {"mira": [public]}) == {}


def test_a_window_takes_a_few_children_of_git(
    shop: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = key(tmp_path, "mira")
    made = [commit(git, shop, *signing(private)) for _ in range(12)]
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(trace))
    assert len(GitHistory(shop).signers(made, {"mira": [public]})) == 12
    started = [line for line in trace.read_text().splitlines() if '"event":"start"' in line]
    assert 1 <= len(started) <= 5


def test_without_openssh_it_is_said(shop: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = key(tmp_path, "mira")
    made = commit(git, shop, *signing(private))
    real = shutil.which("git")
    assert real is not None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(real)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(Stop) as stopped:
        GitHistory(shop).signers([made], {"mira": [public]})
    assert stopped.value.problems[0].rule == "no-ssh-keygen"
