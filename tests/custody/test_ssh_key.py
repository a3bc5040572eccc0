"""Public keys as the settings list them."""

import subprocess
from pathlib import Path

import pytest
from tests.signing import key

from git_bill.custody.ssh_key import fingerprint, plain


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_fingerprint_is_that_of_openssh(tmp_path: Path, kind: str) -> None:
    private, public = key(tmp_path, "mine", kind)
    told = subprocess.run(["ssh-keygen", "-l", "-f", f"{private}.pub"], capture_output=True, text=True, check=True)
    assert fingerprint(public) == told.stdout.split()[1]
    assert fingerprint(public.rsplit(" ", 2)[0]) == fingerprint(public)  # its comment does not count


@pytest.mark.parametrize(
    "line",
    [
        "",
        "3352BFE94ABCC1FEF2BB03A7CD3AFB4A422B9578",
        "ssh-ed25519",
        "cert-authority ssh-ed25519 AAAA",
        "ssh-ed25519 AAA",
        "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
    ],
)
def test_what_is_no_key_has_none(line: str) -> None:
    assert fingerprint(line) is None


def test_comments_are_left_out_and_options_are_not_taken() -> None:
    assert plain(" ssh-ed25519  AAAA mira@laptop ") == "ssh-ed25519 AAAA"
    assert plain('namespaces="git" ssh-ed25519 AAAA') is None
