"""A keyed source from the first key to the draft, by the real program."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.mirasbooks import COMMITS, Ran

Git = Callable[..., str]
ISSUER = ("--country", "DE", "--vat-id", "DE136695976", "--iban", "DE02120300000000202051")


@pytest.fixture
def shop(clone: Path, git: Git) -> Path:
    for at, subject in COMMITS:
        (clone / "shop.txt").write_text(subject * 20)
        git(clone, "add", "shop.txt")
        git(clone, "commit", "-q", "-m", subject, at=at)
    return clone


@pytest.fixture
def books(shop: Path, tmp_path: Path, git_bill: Callable[..., Ran]) -> Path:
    """Books beside the shop, which is a keyed source."""
    there = tmp_path / "books"
    words = ("init", "--yes", "--books", str(there), *ISSUER, "--client", "Acme GmbH", "--rate", "95.00 EUR")
    for args, where in ((words, shop), (("source", "add", str(shop), "--client", "acme"), there)):
        ran = git_bill(*args, cwd=where)
        assert ran.returncode == 0, ran.stderr
    settings = there / "billing" / "billing.toml"
    settings.write_text(settings.read_text().replace("[[sources]]\n", '[[sources]]\nevidence = "keyed"\n'))
    return there


@pytest.mark.slow
def test_from_the_first_key_to_a_draft(
    books: Path, shop: Path, git: Git, git_bill: Callable[..., Ran], environment: dict[str, str]
) -> None:
    outputs: list[str] = []

    def bill(*args: str, code: int = 0, env: dict[str, str] | None = None) -> dict[str, object]:
        ran = git_bill(*args, "--json", cwd=books, env=env)
        outputs.append(ran.stdout + ran.stderr)
        assert ran.returncode == code, ran.stdout
        found: dict[str, object] = json.loads(ran.stdout)
        return found

    assert "no-evidence-key" in str(bill("collect", code=1)["problems"])
    assert not (books / "billing" / "evidence").exists()
    assert bill("source", "key")["fingerprint"] is None
    file = Path(environment["HOME"]) / ".config" / "git-bill" / "evidence.key"
    assert not file.exists()
    made = bill("source", "key", "--new")
    assert (made["file"], made["sources"]) == (str(file), ["web-shop"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "evidence-key-exists" in str(bill("source", "key", "--new", code=2)["problems"])
    assert bill("collect")["gathered"] == len(COMMITS)
    assert bill("source", "key")["used"] == [made["fingerprint"]]
    kept = "".join(path.read_text() for path in (books / "billing").rglob("*.*"))
    assert "postcode" not in kept
    assert "outage" not in kept
    commit = git(shop, "rev-parse", "HEAD")
    told = str(bill("explain", commit[:12]))
    assert f"it is the commit {commit}" in told
    assert "hotfix payment provider outage" in told
    bill("draft", "--client", "acme", "--period", "2026-10")
    shown = git_bill("show", "acme-2026-10", cwd=books)
    assert shown.returncode == 0, shown.stderr
    assert "WEB-5" in shown.stdout
    assert "postcode" not in shown.stdout

    secret = file.read_text().splitlines()[-1]
    away = file.rename(file.with_name("away"))
    assert bill("collect", env={"GIT_BILL_EVIDENCE_KEY": secret})["gathered"] == 0
    assert "no-evidence-key" in str(bill("collect", code=1)["problems"])
    assert "hotfix" not in str(bill("explain", f"k{'0' * 11}", code=1))
    assert "evidence-key-exists" in str(bill("source", "key", "--new", code=2)["problems"])
    away.chmod(0o644)
    away.rename(file)
    assert "evidence-key-open" in str(bill("collect", code=3)["problems"])
    assert not any(secret in text for text in outputs)
