"""SSH keys as people have them, and git's options that sign a commit with one."""

import subprocess
from pathlib import Path


def key(folder: Path, name: str, kind: str = "ed25519") -> tuple[Path, str]:
    """A new key without passphrase: its file, and its public half."""
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "mira laptop", "-f", str(path)], check=True)
    return path, path.with_suffix(".pub").read_text(encoding="utf-8").strip()


def signing(private: Path) -> tuple[str, ...]:
    """Options of `git` before the command: every commit is signed."""
    settings = ("gpg.format=ssh", "gpg.ssh.program=ssh-keygen", f"user.signingkey={private}", "commit.gpgsign=true")
    return tuple(word for setting in settings for word in ("-c", setting))
