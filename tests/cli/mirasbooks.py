"""Books with a few days of commits, made once by the real program and copied for each test of a command."""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Ran = subprocess.CompletedProcess[str]
COMMITS = (
    ("2026-10-05T09:55:00+02:00", "WEB-5 checkout form validates the postcode"),
    ("2026-10-05T10:40:00+02:00", "WEB-5 tests for the postcode check"),
    ("2026-10-05T14:10:00+02:00", "WEB-7 docs: how to run the search index"),
    ("2026-10-06T11:00:00+02:00", "feat: search suggests spelling"),
    ("2026-10-10T21:00:00+02:00", "WEB-9 hotfix payment provider outage"),
)
_MADE: dict[str, Path] = {}


@dataclass(frozen=True, slots=True)
class Books:
    """A repository that is its own workspace, and the program there."""

    top: Path
    program: Callable[..., Ran] = field(repr=False)

    def bill(self, *args: str, input: str | None = None, env: Mapping[str, str] | None = None) -> Ran:
        """What `git bill` answers; it must succeed."""
        ran = self.program(*args, cwd=self.top, input=input, env=env)
        assert ran.returncode == 0, ran.stderr
        return ran

    def json(self, *args: str, input: str | None = None) -> dict[str, Any]:
        """Its JSON object; it must succeed."""
        answer: dict[str, Any] = json.loads(self.bill(*args, "--json", input=input).stdout)
        assert answer["ok"]
        return answer

    def entries(self, *filters: str) -> list[dict[str, Any]]:
        """The entries that `git bill log` lists."""
        found: list[dict[str, Any]] = self.json("log", *filters)["entries"]
        return found

    def entry(self, text: str) -> dict[str, Any]:
        """The one entry with a text in it."""
        (found,) = [entry for entry in self.entries() if text in entry["text"]]
        return found


def books(folder: Path, shelf: Path, clone: Path, program: Callable[..., Ran], git: Callable[..., str]) -> Books:
    """A copy in `folder` of what is made once in `shelf`, from an empty repository of Mira's."""
    if "books" not in _MADE:
        for at, subject in COMMITS:
            (clone / "shop.txt").write_text(subject)
            git(clone, "add", "shop.txt")
            git(clone, "commit", "-q", "-m", subject, at=at)
        made = Books(clone, program)
        issuer = ("--country", "DE", "--vat-id", "DE136695976", "--iban", "DE02120300000000202051")
        made.bill("init", "--yes", "--here", *issuer, "--client", "Acme GmbH", "--rate", "95.00 EUR")
        made.bill("client", "add", "Globex AG", "--country", "DE", "--rate", "120.00 EUR")
        made.bill("collect")
        shutil.copytree(clone, shelf / "books", symlinks=True)
        _MADE["books"] = shelf / "books"
    shutil.copytree(_MADE["books"], folder / "books", symlinks=True)
    return Books(folder / "books", program)
