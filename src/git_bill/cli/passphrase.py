"""A private key that has a passphrase: ssh-keygen asks for it, so that it never goes through this program."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def unlocked(key: Path) -> bytes | None:
    """The key's text without passphrase; None where it was not given or is wrong. The copy lives for a moment."""
    with tempfile.TemporaryDirectory(prefix="git-bill-") as folder:  # only this user can enter it
        copy = Path(folder) / "key"
        shutil.copyfile(key, copy)
        copy.chmod(0o600)
        print(f"{key} opens what is sealed.", file=sys.stderr)
        try:
            done = subprocess.run(["ssh-keygen", "-q", "-p", "-N", "", "-f", copy], check=False, stdout=sys.stderr)
        except OSError:
            return None
        return copy.read_bytes() if done.returncode == 0 else None
