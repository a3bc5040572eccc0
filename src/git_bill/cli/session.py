"""What a command works with: the workspace found from where it was started, the clock, who calls, what they may do."""

import hashlib
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import git_bill
from git_bill.adapters.clock import SystemClock, instant
from git_bill.adapters.git.place import find_workspace, git_email
from git_bill.cli.options import Options
from git_bill.cli.preview import Previewed, preview_report
from git_bill.cli.secrets import Secrets
from git_bill.effects import Flow
from git_bill.flows import apply, load
from git_bill.layout import SETTINGS
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.workspace import BooksSettings, Contributor, Role, Settings, Workspace

if TYPE_CHECKING:
    from git_bill.adapters.age import Age
    from git_bill.cli.output import Report
    from git_bill.forge import Forge
    from git_bill.ports import Books, Snapshot

T = TypeVar("T")
_JOB: tuple[Role, ...] = ("contributor", "accountant")  # records, drafts and issues; signs nothing off


class Session:
    """One run of one command. A thing is looked up when it is first asked for; a command pays for what it uses."""

    def __init__(self, options: Options, secrets: Secrets | None = None) -> None:
        """`secrets`: where what must not be printed is noted."""
        self.options = options
        self.secrets = secrets or Secrets()
        self._warnings: list[Problem] = []

    @cached_property
    def start(self) -> Path:
        """Where the command was started, or `-C`; absolute."""
        return (self.options.directory or Path()).absolute()

    @cached_property
    def found(self) -> Path | None:
        """The workspace's top folder, found as the manual says, or None."""
        return find_workspace(self.start, named=self.options.directory is not None, environment=os.environ)

    @cached_property
    def books(self) -> "Books":
        """The workspace's repository, with what a killed command left half done finished. Stops (exit 3) at none."""
        if self.found is None:
            raise stop(
                Exit.SETTINGS,
                "no-workspace",
                f"{self.start} belongs to no workspace",
                "make one with `git bill init`, or name it: git bill -C ~/books status",
            )
        return self.open(self.found)

    def open(self, top: Path) -> "Books":
        """The books in a repository, on the branch and with the remote that `[books]` names."""
        from git_bill.adapters.git.books import open_books
        from git_bill.cli.forges import git_transport

        transport = git_transport(learned=self.secrets.learn)
        books = open_books(top, now=self.clock.now, between=self.between, opener=self.vault.opened, transport=transport)
        if not self.options.dry_run:
            books.settle()
        found = load.read_file(books.here(), Settings, SETTINGS)
        said = found.value.books if found and found.value else BooksSettings()
        if said == BooksSettings():
            return books
        return open_books(
            top,
            now=self.clock.now,
            branch=said.branch,
            remote=said.remote,
            between=self.between,
            opener=self.vault.opened,
            transport=transport,
        )

    @cached_property
    def vault(self) -> "Age":
        """What opens sealed values, with this machine's keys; what it opens is never printed."""
        from git_bill.adapters.age import Age

        return Age(os.environ, Path.home(), learned=self.secrets.learn)

    def unlock(self) -> None:
        """Let a person be asked for the passphrase of a key, for a command that needs what is sealed."""
        if self.interactive:
            from git_bill.cli.passphrase import unlocked

            self.vault.asks(unlocked)

    @cached_property
    def state(self) -> "Snapshot":
        """The files that the command reads."""
        state = self.books.here()
        unseen = self.books.unseen() if state.revision is not None else ()
        if unseen:
            self.warn(_unseen(unseen, self.books.branch))
        return state

    @cached_property
    def workspace(self) -> Workspace:
        """The settings and clients. Stops (exit 3) with every problem of every file."""
        return load.workspace(self.state)

    @cached_property
    def clock(self) -> SystemClock:
        """The clock; `--today` and, in tests, `GIT_BILL_NOW` set it."""
        now = os.environ.get("GIT_BILL_NOW")
        return SystemClock(fixed=instant(now) if now else None, day=self.options.today)

    @cached_property
    def between(self) -> Callable[[str], None]:
        """Called with the name of each step that is taken; tests kill the process at one."""
        return killer(os.environ.get("GIT_BILL_KILL_AT"))

    @property
    def today(self) -> date:
        """Today in the issuer's zone."""
        return self.clock.today(self.workspace.settings.issuer.timezone)

    @cached_property
    def email(self) -> str | None:
        """The caller's address as git knows it where the command was started."""
        return git_email(self.start, os.environ)

    @cached_property
    def caller(self) -> Contributor | None:
        """The contributor who calls; None, with a warning, where the settings list people but not this one.

        Where git knows no address at all (a machine that never commits), the only contributor is meant.
        """
        people = self.workspace.settings.contributors
        if self.email is None and len(people) == 1:
            return people[0]
        caller = self.workspace.contributor_of(self.email) if self.email else None
        if people and caller is None and not self.job:
            self.warn(_unknown_caller(self.email, people))
        return caller

    @property
    def person(self) -> str:
        """Who is named as having acted: the contributor's id, else the address that git knows."""
        return self.caller.id if self.caller else self.email or ("ci" if self.job else "unknown")

    @property
    def job(self) -> bool:
        """Whether a CI's job acts: for those who may push and start it, and for nobody in particular."""
        return self.email is None and bool(os.environ.get("GITHUB_ACTIONS") or os.environ.get("GITLAB_CI"))

    @property
    def actor(self) -> str:
        """Who gathers: the one writer of its evidence files. `git config bill.actor`, `ci`, or person and machine."""
        configured = self.books.configured("bill.actor")
        if configured:
            return configured
        if os.environ.get("GITHUB_ACTIONS") or os.environ.get("GITLAB_CI"):
            return "ci"
        machine = hashlib.sha256(platform.node().encode()).hexdigest()[:4]
        return f"{self.caller.id if self.caller else 'someone'}-{machine}"

    @property
    def made_with(self) -> str:
        """Versions of what documents are made with."""
        from importlib.metadata import version

        return f"git-bill {git_bill.__version__}, typst {version('typst')}"

    @cached_property
    def outbox(self) -> Path:
        """Folder of mails to send: `git config bill.outbox`, else one in the user's data folder."""
        configured = self.books.configured("bill.outbox")
        if configured:
            return self.books.top / Path(configured).expanduser()
        data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
        mark = hashlib.sha256(str(self.books.top).encode()).hexdigest()[:8]
        return Path(data).expanduser() / "git-bill" / "outbox" / f"{self.books.top.name}-{mark}"

    @property
    def forge(self) -> "Forge | None":
        """Where drafts are reviewed; None where `forge_missing` tells why."""
        return None if isinstance(self._forge, Problem) else self._forge

    @property
    def forge_missing(self) -> Problem | None:
        """Why there is no forge: information where none is meant to be, a warning where only a token is missing."""
        return self._forge if isinstance(self._forge, Problem) else None

    @cached_property
    def _forge(self) -> "Forge | Problem":
        from git_bill.cli.forges import open_forge

        settings = self.workspace.settings.forge
        say = partial(print, file=sys.stderr)
        return open_forge(self.books.top, self.books.remote, settings, say=say, learned=self.secrets.learn)

    @cached_property
    def actors(self) -> apply.Actors:
        """Who acts, with the caller's roles; everything is allowed while nobody is listed."""
        from git_bill.adapters.maildrop import MailDrop

        people = self.workspace.settings.contributors
        alone = people[0] if len(people) == 1 else None  # whoever calls, there is nobody else it could be
        caller = self.caller or alone
        return apply.Actors(
            books=self.books,
            mailer=MailDrop(folder=self.outbox, machine=platform.node(), between=self.between),
            roles=(caller.roles if caller else _JOB if self.job else ()) if people else None,
            between=self.between,
            masked=self.secrets.masked,
            forge=lambda: self.forge,
        )

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked: on a terminal, and neither `--yes` nor `--json` was given."""
        asked = not (self.options.yes or self.options.json)
        return asked and sys.stdin.isatty() and sys.stdout.isatty()

    def warn(self, problem: Problem) -> None:
        """Add a problem to the command's report, however it ends."""
        if problem not in self._warnings:
            self._warnings.append(problem)

    def run(self, flow: Flow[T], actors: apply.Actors | None = None) -> T:
        """Carry a flow out and return its result; with `--dry-run` the command ends here and shows the first plan."""
        if self.options.dry_run:
            shown = apply.preview(flow)
            if isinstance(shown, apply.Preview):
                raise Previewed(shown.plan)
            return shown
        return apply.run(flow, actors or self.actors)

    def finish(self, command: "Callable[[], Report]") -> "Report":
        """Run a command's body; warnings join its report or what stops it."""
        try:
            report = command()
        except Previewed as previewed:
            report = preview_report(previewed.plan, lambda: self.books.remote is not None)
        except Stop as stopped:
            if self._warnings:
                raise Stop(stopped.exit_code, (*self._warnings, *stopped.problems)) from None
            raise
        return replace(report, problems=(*self._warnings, *report.problems))


def killer(step: str | None) -> Callable[[str], None]:
    """A test's way to kill the process at a step: its number (from 1), or a pattern of its key."""
    if not step:
        return lambda key: None
    import fnmatch
    import signal

    seen: list[str] = []

    def between(key: str) -> None:
        seen.append(key)
        if step == str(len(seen)) or fnmatch.fnmatchcase(key, step):
            os.kill(os.getpid(), signal.SIGKILL)

    return between


def _unseen(paths: tuple[str, ...], branch: str) -> Problem:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return Problem(
        rule="unseen",
        severity="warning",
        message=f"{paths[0]}{more} changed in this work tree and is not read: the books are those of {branch}",
        hint=f"go there: git switch {branch}; what was changed comes along",
        file=paths[0],
    )


def _unknown_caller(email: str | None, people: tuple[Contributor, ...]) -> Problem:
    example = f'emails = ["{people[0].emails[0] if people[0].emails else "mira@example.net"}", "{email}"]'
    return Problem(
        rule="unknown-caller",
        severity="warning",
        message=f"git calls you {email}, which belongs to no contributor" if email else "git does not know your e-mail",
        hint=f"add the address to yours in {SETTINGS}: {example}"
        if email
        else "tell git: git config user.email mira@example.net",
        file=SETTINGS,
    )
