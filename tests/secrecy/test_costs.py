"""What an hour costs the issuer is seen by `git bill status --margin` alone: by no client, document, draft or log."""

from pathlib import Path

import pytest
from tests.secrecy.conftest import sealing
from tests.stories.conftest import mira
from tests.stories.freelancer import Freelancer

from git_bill.adapters.pdf import text as text_of

__all__ = ["mira", "sealing"]

COST = "47.1193"
COMMANDS = (
    ("collect",),
    ("confirm", "--all"),
    ("status",),
    ("log",),
    ("show", "--open"),
    ("check",),
    ("whoami",),
    ("doctor",),
)


def costly(person: Freelancer) -> Path:
    """Mira's own hour has a price."""
    settings = person.books / "billing" / "billing.toml"
    text = settings.read_text(encoding="utf-8")
    cost = f'\n[[contributors.costs]]\nhourly = "{COST} EUR"\nfrom = 2026-01-01\n'
    head, mark, rest = text.partition("\n[[sources]]")
    settings.write_text(head + cost + mark + rest, encoding="utf-8")
    return settings


@pytest.mark.slow
def test_nothing_but_the_margin_shows_a_cost_rate(mira: Freelancer) -> None:
    settings = costly(mira)
    said = [mira.bill(*words, *more) for words in COMMANDS for more in ((), ("--json",))]
    name = mira.draft()["draft"]
    said += [mira.bill("show", name, *more) for more in ((), ("--json",))]
    said += [mira.bill(*words) for words in (("issue", name), ("explain", "INV-2026-0032"))]
    assert COST not in "".join(ran.stdout + ran.stderr for ran in said)
    elsewhere = [p for p in mira.folder.rglob("*") if p.is_file() and p != settings and ".git" not in p.parts]
    assert any(path.suffix == ".pdf" for path in elsewhere)
    for path in elsewhere:
        content = path.read_bytes()
        assert COST.encode() not in content, path
        assert path.suffix != ".pdf" or COST not in text_of(content), path
    found = mira.git(mira.books, "log", "--all", f"-S{COST}", "--name-only", "--format=")
    assert set(found.split()) == {"billing/billing.toml"}

    margin = mira.json("status", "--margin")["margins"]
    assert [(each["client"], each["unknown_minutes"]) for each in margin] == [("acme", 0)]
    assert margin[0]["minutes"] > 0


def test_only_owners_and_accountants_see_the_margin(mira: Freelancer) -> None:
    settings = costly(mira)
    text = settings.read_text(encoding="utf-8")
    for role, code in (("approver", 7), ("accountant", 0), ("owner", 0)):
        settings.write_text(text.replace('roles = ["owner"]', f'roles = ["{role}"]'), encoding="utf-8")
        assert mira.bill("status", "--margin").returncode == code


def test_a_sealed_cost_is_still_a_cost_for_who_opens_it(sealing: Freelancer) -> None:
    settings = costly(sealing)
    sealing.bill("seal", "--alone")
    assert COST not in settings.read_text(encoding="utf-8")
    assert "sealed:" in settings.read_text(encoding="utf-8").partition("[[contributors.costs]]")[2]
    sealing.bill("issue", sealing.draft()["draft"])
    (acme,) = sealing.json("status", "--margin")["margins"]
    assert acme["unknown_minutes"] == 0
    stranger = {"HOME": str(sealing.folder / "nowhere")}
    told = sealing.bill("status", "--margin", "--json", env=stranger)
    assert '"no-cost-rate"' in told.stdout
