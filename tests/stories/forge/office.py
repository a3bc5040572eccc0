"""Mira's books on GitHub with the workflow that `init --ci` wrote, and a runner that executes it."""

import json
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.stories.freelancer import Freelancer
from tests.testbed import events
from tests.testbed.events import Event
from tests.testbed.github import MIRA, GitHub, Repository
from tests.testbed.workflows import Cancellation, Runner, WorkflowRun

PROJECT = Path(__file__).parents[3]
WORKFLOW = ".github/workflows/git-bill.yml"
DAILY = "17 4 * * *"
SECRET = "ghp_sources_secret"
# `python3 -m venv HOME` and pip: the environment that runs the tests takes the place of a new one.
PYTHON = f"""#!/bin/sh
case "$*" in
  "-I -m venv "*)
    mkdir -p "$4/bin" && cp "$0" "$4/bin/python"
    printf '#!/bin/sh\\nexec {sys.executable} -P -m git_bill "$@"\\n' >"$4/bin/git-bill"
    chmod +x "$4/bin/git-bill" ;;
  "-I -m pip install "*) ;;
  *) exec {sys.executable} "$@" ;;
esac
"""


@dataclass(kw_only=True)
class Office:
    """Her machine, the forge and the runner. `draft`: the name of October's draft."""

    mira: Freelancer
    github: GitHub
    books: Repository
    shop: Repository
    runner: Runner
    draft: str = "acme-2026-10"

    def run(self, event: Event, *, cancellation: Cancellation | None = None) -> WorkflowRun:
        """Run the workflow as it is at the event's commit; nothing may break GitHub's rules or tell a secret."""
        file = self.mira.folder / "git-bill.yml"
        content = self.books.read(WORKFLOW, self.books.tip("main"))
        assert content is not None
        file.write_text(content, encoding="utf-8")
        done = self.runner.run(file, event, cancellation=cancellation)
        assert not done.errors
        assert SECRET not in done.raw
        assert not re.search(r"ghs_\w{8,}", done.raw), "the job's token"
        return done

    def job(self, event: Event, name: str = "books", *, ends: str = "success") -> WorkflowRun:
        """As `run`; exactly one job ran, and it ended so."""
        done = self.run(event)
        assert [job.id for job in done.jobs if job.conclusion != "skipped"] == [name]
        assert done.conclusion == ends, done.log
        return done

    def push_shop(self) -> None:
        """She pushes what she worked."""
        self.mira.git(self.mira.shop, "push", "-q", "--all", self.shop.url_for(MIRA.token))

    def files(self, ref: str = "main") -> list[str]:
        return self.books.hosted.bare.git("ls-tree", "-r", "--name-only", ref).splitlines()

    def invoices(self) -> list[str]:
        """Numbers that were issued."""
        return [path.split("/")[-2] for path in self.files() if path.endswith("/invoice.pdf")]

    def opened(self) -> int:
        """October's draft, made by the job as on the first of November; the number of its pull request."""
        self.job(events.dispatch(self.books, command="collect"))
        self.job(events.dispatch(self.books, command="draft"))
        (number,) = self.books.hosted.pulls
        return int(number)

    def doctor(self) -> dict[str, Any]:
        """`doctor --ci` on her machine, with her own token, before anything runs."""
        env = {"GIT_BILL_TOKEN": MIRA.token, "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": self.github.origin}
        ran = self.mira.bill("doctor", "--ci", "--json", env={**env, "GITHUB_API_URL": self.github.api})
        found: dict[str, Any] = json.loads(ran.stdout)
        return found

    def status(self, context: str) -> str:
        """State of a status of the draft's head."""
        found: dict[str, Any] = self.books.statuses(self.books.tip(f"bill/{self.draft}"))
        return str(found[f"git-bill/{context}"]["state"])

    def seen(self) -> object:
        """All that a job could have changed: refs, and what stands below and on pull requests."""
        pulls = {number: (self.books.pull(number), self.words(number)) for number in self.books.hosted.pulls}
        return self.books.hosted.bare.git("for-each-ref"), pulls

    def words(self, number: int) -> str:
        """All comments below a pull request."""
        return "\n".join(comment["body"] for comment in self.books.comments(number))


def office(mira: Freelancer, github: GitHub) -> Office:
    """Push books and shop; the shop is another private repository, which a secret's token may read."""
    shop = github.repository("web-shop")
    mira.git(mira.shop, "push", "-q", "--all", shop.url_for(MIRA.token))
    settings = mira.books / "billing" / "billing.toml"
    text = re.sub(r"^url = .*$", f'url = "{shop.url}"', settings.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = re.sub(r"^(emails = .*)$", r'\1\naccounts = ["mira"]', text, count=1, flags=re.MULTILINE)
    settings.write_text(text, encoding="utf-8")
    books = github.repository("books")
    mira.git(mira.books, "remote", "add", "origin", books.url)
    made = json.loads(mira.bill("init", "--yes", "--ci", "github", "--json", cwd=mira.books).stdout)
    assert made["jobs"]["written"]
    mira.git(mira.books, "add", ".")
    mira.git(mira.books, "commit", "-qm", "Start the books")
    mira.git(mira.books, "push", "-q", books.url_for(MIRA.token), "main")
    mira.git(mira.books, "fetch", "-q", books.url_for(MIRA.token), "+refs/heads/*:refs/remotes/origin/*")
    token = github.token(repository=shop, permissions=dict.fromkeys(("contents", "issues", "pull_requests"), "read"))
    bin_ = mira.folder / "bin"
    bin_.mkdir()
    (bin_ / "python3").write_text(PYTHON)
    (bin_ / "python3").chmod(stat.S_IRWXU)
    runner = Runner(
        repository=books,
        folder=mira.folder / "runner",
        path=(str(bin_),),
        actions={"git-bill/git-bill": PROJECT},
        secrets={"GIT_BILL_SOURCES_TOKEN": token},
        env={"GIT_BILL_NOW": "2026-11-02T09:00:00+01:00"},
    )
    return Office(mira=mira, github=github, books=books, shop=shop, runner=runner)
