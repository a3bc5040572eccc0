"""Mira with two sealing keys: her SSH key and a recovery key on a stick."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.stories.conftest import mira
from tests.stories.freelancer import Freelancer

__all__ = ["mira", "sealing"]

HIDDEN = {
    "iban": "DE02120300000000202051",
    "phone": "+49 30 1234567",
    "tax_number": "12/345/67890",
    "street": "Lindenweg 4",
    "email": "ap@acme.example",
    "attention": "Ulrike Nachtweih",
}


def key(folder: Path, *options: str) -> str:
    """A new SSH key of this home; its public half."""
    (folder / ".ssh").mkdir(mode=0o700, exist_ok=True)
    path = folder / ".ssh" / "id_ed25519"
    path.unlink(missing_ok=True)
    words = ["ssh-keygen", "-q", "-t", "ed25519", *(options or ("-N", "")), "-C", "mira@laptop", "-f", str(path)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    return path.with_suffix(".pub").read_text(encoding="utf-8").strip()


@pytest.fixture
def sealing(mira: Freelancer, environment: dict[str, str]) -> Freelancer:
    """Mira, who owns the books and has a key; nothing is sealed yet."""
    settings = mira.books / "billing" / "billing.toml"
    text = settings.read_text(encoding="utf-8")
    public = key(Path(environment["HOME"]))
    text = text.replace('roles = ["owner"]', f'roles = ["owner"]\nkeys = ["{public}"]')
    text = text.replace("[issuer.bank]", "[issuer.bank]  # where they pay", 1)
    text = text.replace(
        'city = "Berlin"',
        f'city = "Berlin"\nphone = "{HIDDEN["phone"]}"  # mobile\ntax_number = "{HIDDEN["tax_number"]}"',
        1,
    )
    settings.write_text(text, encoding="utf-8")
    client = mira.books / "billing" / "clients" / "acme.toml"
    text = client.read_text(encoding="utf-8")
    said = f'city = "Muenchen"\nemail = "{HIDDEN["email"]}"\nattention = \'{HIDDEN["attention"]}\''
    client.write_text(text.replace('city = "Muenchen"', said, 1), encoding="utf-8")
    return mira


Run = Callable[..., subprocess.CompletedProcess[str]]
