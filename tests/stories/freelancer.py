"""A freelancer's machine for the stories: a code repository with two branches, books of her own, the real program."""

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

Ran = CompletedProcess[str]

COMMITS = (  # instant, branch, subject, file
    ("2026-10-05T09:10:00+02:00", "main", "Start the shop", "shop.py"),
    ("2026-10-05T09:55:00+02:00", "main", "WEB-1 Show the price", "price.py"),
    ("2026-10-05T10:40:00+02:00", "main", "WEB-1 Round the price", "price.py"),
    ("2026-10-06T14:00:00+02:00", "WEB-2-cart", "WEB-2 Put into the cart", "cart.py"),
    ("2026-10-06T14:45:00+02:00", "WEB-2-cart", "WEB-2 Take out of the cart", "cart.py"),
    ("2026-10-06T15:20:00+02:00", "WEB-2-cart", "WEB-2 Empty the cart", "cart.py"),
    ("2026-10-07T10:00:00+02:00", "main", "WEB-3 Search by name", "search.py"),
    ("2026-10-07T11:10:00+02:00", "main", "WEB-3 Search by number", "search.py"),
    ("2026-10-08T16:30:00+02:00", "WEB-2-cart", "WEB-2 Keep the cart for a week", "cart.py"),
    ("2026-10-08T17:10:00+02:00", "WEB-2-cart", "WEB-2 Test the cart", "test_cart.py"),
)

INIT = shlex.split(
    "init --yes --here --country DE --timezone Europe/Berlin --street 'Lindenweg 4' --postcode 10115 --city Berlin "
    "--issuer 'Mira Kovac Software' --email mira@example.net --vat-id DE136695976 --iban DE02120300000000202051 "
    "--client 'Acme GmbH' --client-country DE --client-vat-id DE129274202 --client-street 'Werkstr. 1' "
    "--client-postcode 80331 --client-city Muenchen --language en --rate '95.00 EUR' --since 2026-10-01"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freelancer:
    """Her machine. `shop`: the code; `books`: the workspace beside it."""

    folder: Path
    shop: Path
    books: Path
    run: Callable[..., Ran]
    git: Callable[..., str]
    env: Mapping[str, str] = field(default_factory=dict)

    def bill(self, *words: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ran:
        """Run git-bill in the books, whatever comes of it."""
        return self.run(*words, cwd=cwd or self.books, env={**self.env, **(env or {})})

    def json(self, *words: str, cwd: Path | None = None, code: int = 0) -> dict[str, Any]:
        """Run it with --json; it must end with the code given."""
        ran = self.bill(*words, "--json", cwd=cwd)
        assert ran.returncode == code, ran.stdout + ran.stderr
        found: dict[str, Any] = json.loads(ran.stdout)
        return found

    def commit(self, at: str, subject: str, file: str) -> None:
        """Add three lines to a file of the shop and commit."""
        path = self.shop / file
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(old + "".join(f"# {subject} {n}\n" for n in range(20)), encoding="utf-8")
        self.git(self.shop, "add", file)
        self.git(self.shop, "commit", "-q", "-m", subject, at=at)

    def set_up(self) -> None:
        """Ten commits on two branches, books beside them, one client, the shop as its source."""
        for at, branch, subject, file in COMMITS:
            exists = self.git(self.shop, "branch", "--list", branch)
            if branch != "main" or exists:
                self.git(self.shop, "switch", "-q", *([] if exists else ["-c"]), branch)
            self.commit(at, subject, file)
        self.git(self.shop, "switch", "-q", "main")
        self.json(*INIT)
        settings = self.books / "billing" / "billing.toml"
        start = settings.read_text(encoding="utf-8").index("[[sources]]")
        settings.write_text(settings.read_text(encoding="utf-8")[:start], encoding="utf-8")
        self.json("source", "add", str(self.shop), "--client", "acme", "--since", "2026-10-01")

    def collected(self) -> None:
        """Collect, and confirm everything."""
        self.json("collect")
        self.json("confirm", "--yes")

    def draft(self) -> dict[str, Any]:
        """Draft October."""
        return self.json("draft", "--period", "2026-10")

    def tree(self, repository: Path | None = None) -> str:
        """The tree of the books branch: paths and blob ids."""
        return self.git(repository or self.books, "ls-tree", "-r", "main")


def freelancer(folder: Path, run: Callable[..., Ran], git: Callable[..., str]) -> Freelancer:
    """Her machine below a folder: two repositories, made where they are not there yet."""
    for name in ("books", "web-shop"):
        place = folder / name
        if not place.exists():
            place.mkdir()
            git(place, "init", "-q", "-b", "main")
            git(place, "config", "user.name", "Mira Kovac")
            git(place, "config", "user.email", "mira@example.net")
    return Freelancer(folder=folder, shop=folder / "web-shop", books=folder / "books", run=run, git=git)
