"""`init --ci`: the jobs on a forge, and what a person has to allow there."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from git_bill import __version__
from git_bill.adapters.git.address import Address, address_of
from git_bill.cli import ask
from git_bill.cli.forges import kind_of
from git_bill.cli.session import Session
from git_bill.flows.apply import Actors
from git_bill.flows.source import HERE
from git_bill.flows.workflow import INCLUDE, PIPELINE, TEMPLATES, Jobs, Kind, pin, set_up_jobs
from git_bill.ports import Books
from git_bill.problem import Exit, stop
from git_bill.workspace import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpJobs:
    """The jobs' file, and the commands that allow what they need, each with its reason."""

    jobs: Jobs
    needed: tuple[tuple[str, str], ...]


def wants_jobs(session: Session, books: Books) -> Kind | None:
    """Whether the person at the terminal wants jobs, asked where the books' remote is on GitHub."""
    from git_bill.adapters.git.release import own_commit

    place = address_of(books.top, books.remote or "origin")
    if not session.interactive or place is None or kind_of(place, {}) != "github" or own_commit() is None:
        return None
    wanted = ask.confirm(f"Let {place.name} collect, check, draft and issue by itself?", default=True)
    return "github" if wanted else None


def set_up(
    session: Session, kind: Kind, *, actors: Actors, books: Books, settings: Settings, action: str | None
) -> SetUpJobs:
    """Write the jobs' file. Stops (exit 2) where no version can be named."""
    template = (resources.files("git_bill") / "templates" / TEMPLATES[kind]).read_text(encoding="utf-8")
    pinned = __version__ if kind == "gitlab" else _pinned(action)
    jobs = session.run(set_up_jobs(books.here(), kind, template, pinned=pinned, branch=books.branch), actors)
    place = address_of(books.top, books.remote or "origin")
    return SetUpJobs(jobs=jobs, needed=tuple(_needed(kind, jobs, settings, place)))


def _pinned(action: str | None) -> str:
    from git_bill.adapters.git.release import own_commit

    named = action or own_commit()
    if named is None:
        raise stop(
            Exit.USAGE,
            "no-action-ref",
            "this installation does not know which commit it is, so the jobs can't be pinned to it",
            "name one: git bill init --ci github --action-ref COMMIT",
        )
    return pin(named)


def _needed(kind: Kind, jobs: Jobs, settings: Settings, place: Address | None) -> Iterator[tuple[str, str]]:
    if not jobs.included:
        yield f"echo {shlex.quote(INCLUDE.strip())} >> {PIPELINE}", "or add it to what is included there"
    if jobs.written:
        files = f"{jobs.file} {PIPELINE}" if kind == "gitlab" else jobs.file
        yield f"git add billing .gitattributes {files} && git commit && git push", "let the jobs begin"
    away = [source.name for source in settings.sources if source.is_repository and source.url != HERE]
    read = f"a token that may only read: {', '.join(away)}"
    if kind == "gitlab":
        yield (
            "glab variable set GIT_BILL_TOKEN --masked --protected",
            "a token with the scope api: opens merge requests",
        )
        if away:
            yield "glab variable set GIT_BILL_SOURCES_TOKEN --masked --protected", read
    else:
        where = place.path if place else "{owner}/{repo}"
        setting = "-F can_approve_pull_request_reviews=true"
        yield (
            f"gh api -X PUT {shlex.quote(f'repos/{where}/actions/permissions/workflow')} {setting}",
            ("let jobs open pull requests"),
        )
        if away:
            yield "gh secret set GIT_BILL_SOURCES_TOKEN", read
    yield "git bill doctor --ci", "see what token, rules and settings allow"
