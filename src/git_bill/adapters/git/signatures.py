"""Whose key signed a commit: told by git and ssh-keygen from keys that we name, whatever the user's git trusts."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from git_bill.adapters.git.run import stream, version
from git_bill.custody.ssh_key import plain
from git_bill.problem import Exit, stop
from git_bill.worklog.proof import Signed

_FORMAT = "--format=tformat:%H %G? %GF %GS"
_CHILDREN = min(4, os.cpu_count() or 1)  # each waits for two runs of ssh-keygen a commit
_GOOD = "G"  # made by a key on our list; a good one by another key is "U"


def signers(repository: Path, ids: Sequence[str], keys: Mapping[str, Sequence[str]]) -> dict[str, Signed]:
    """The commits with a good SSH signature by one of the keys (contributor → public keys). Others are left out.

    Commits that are not there are, too. Raises Stop (exit 3) where git or OpenSSH can't tell.
    """
    lines = [f'{who} namespaces="git" {key}\n' for who, some in keys.items() for each in some if (key := plain(each))]
    if not ids or not lines:
        return {}
    _able()
    size = -(-len(ids) // _CHILDREN)
    with _trusting("".join(lines)) as settings, ThreadPoolExecutor(_CHILDREN) as children:
        parts = [ids[at : at + size] for at in range(0, len(ids), size)]
        found: dict[str, Signed] = {}
        for some in children.map(lambda part: _signed(repository, settings, part), parts):
            found |= some
    return found


def _signed(repository: Path, settings: Mapping[str, str], ids: Sequence[str]) -> dict[str, Signed]:
    wanted = frozenset(ids)
    # Not `rev-list`: before git 2.40 it does not read the settings of signatures.
    words = ("log", "--no-walk=unsorted", "--ignore-missing", "--stdin", "--no-color", "--no-notes", "-s", _FORMAT)
    found: dict[str, Signed] = {}
    given = "".join(f"{commit}\n" for commit in ids).encode()
    with stream(repository, *words, input=given, env=settings) as output:
        for line in output:
            commit, state, fingerprint, signer = (*line.decode("utf-8", "replace").split(), "", "", "")[:4]
            if state == _GOOD and commit in wanted:
                found[commit] = Signed(by=signer, fingerprint=fingerprint)
    return found


@contextmanager
def _trusting(lines: str) -> Iterator[Mapping[str, str]]:
    """Git's settings for signatures: our list alone; no other program is started, for OpenPGP and X.509 none at all."""
    with tempfile.TemporaryDirectory(prefix="git-bill-") as name:
        allowed, revoked = Path(name, "allowed"), Path(name, "revoked")
        allowed.write_text(lines, encoding="ascii")
        revoked.touch()
        settings = {
            "gpg.ssh.allowedSignersFile": allowed,
            "gpg.ssh.revocationFile": revoked,
            "gpg.ssh.program": "ssh-keygen",
            "gpg.program": "false",
            "gpg.openpgp.program": "false",
            "gpg.x509.program": "false",
        }
        numbered = list(enumerate(settings.items()))
        keys = {f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in numbered}
        values = {f"GIT_CONFIG_VALUE_{number}": str(value) for number, (_, value) in numbered}
        yield {"GIT_CONFIG_COUNT": str(len(numbered)), **keys, **values}


def _able() -> None:
    if version() < (2, 34):
        raise stop(
            Exit.SETTINGS,
            "old-git",
            "this git can't verify SSH signatures",
            "install git 2.34 or newer, for example: apt install git",
        )
    if shutil.which("ssh-keygen") is None:
        raise stop(
            Exit.SETTINGS,
            "no-ssh-keygen",
            "the program ssh-keygen was not found, and signatures of commits need it",
            "install OpenSSH 8.2 or newer, for example: apt install openssh-client",
        )
