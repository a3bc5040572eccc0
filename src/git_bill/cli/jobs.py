"""`init --ci`: the jobs on a forge, and what a person has to allow there."""

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

from git_bill import __version__
from git_bill.adapters.git.address import Address, address_of, parse
from git_bill.cli import ask
from git_bill.cli.forges import kind_of
from git_bill.cli.session import Session
from git_bill.flows.apply import Actors
from git_bill.flows.source import HERE
from git_bill.flows.workflow import ACTION, INCLUDE, PIPELINE, TEMPLATES, Jobs, Kind, pin, set_up_jobs
from git_bill.layout import SETTINGS
from git_bill.ports import Books
from git_bill.problem import Exit, Problem, stop
from git_bill.workspace import Settings, Source

_RELEASES = f"https://github.com/{ACTION}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpJobs:
    """The jobs' file, the commands that allow what they need, each with its reason, and what jobs can't do."""

    jobs: Jobs
    needed: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...] = ()


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
    steps = (*_recording(kind, jobs, books), *_needed(kind, settings, place, books.branch))
    unreachable = out_of_reach(settings.sources)
    return SetUpJobs(jobs=jobs, needed=steps, problems=(*jobs.problems, *([unreachable] if unreachable else [])))


def out_of_reach(sources: Iterable[Source]) -> Problem | None:
    """A warning that names the sources which no job can read: they have no address on a server."""
    names = [source.name for source in _away(sources) if parse(source.url) is None]
    if not names:
        return None
    return Problem(
        rule="no-address",
        severity="warning",
        message=f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} no address that a job can read",
        hint='push it to a server and say where, url = "https://git.example.com/acme/web-shop.git" in [[sources]];\n'
        "or collect here, where the clone is",
        file=SETTINGS,
    )


def _away(sources: Iterable[Source]) -> list[Source]:
    return [source for source in sources if source.is_repository and source.url != HERE]


def _pinned(action: str | None) -> str:
    from git_bill.adapters.git.release import own_commit

    named = action or own_commit()
    if named is None:
        raise stop(
            Exit.USAGE,
            "no-action-ref",
            "this installation does not know which commit it is, so the jobs can't be pinned to it",
            f"take the commit of this version's tag from {_RELEASES}/tags, or from:\n"
            f"git ls-remote {_RELEASES} 'v{__version__}' 'v{__version__}^{{}}'   (the last line's, if there are two)\n"
            "then: git bill init --ci github --action-ref COMMIT",
        )
    return pin(named)


def _recording(kind: Kind, jobs: Jobs, books: Books) -> Iterator[tuple[str, str]]:
    """How the file comes onto the books branch, as long as it is not there."""
    if not jobs.included:
        yield f"echo {shlex.quote(INCLUDE.strip())} >> {PIPELINE}", "or add it to what is included there"
    tip = books.tip()
    if jobs.written or tip is None or books.at(tip).read(jobs.file) != books.here().read(jobs.file):
        files = f"{jobs.file} {PIPELINE}" if kind == "gitlab" else jobs.file
        yield f"git add billing .gitattributes {files} && git commit && git push", "let the jobs begin"


def _needed(kind: Kind, settings: Settings, place: Address | None, branch: str) -> Iterator[tuple[str, str]]:
    away = [source.name for source in _away(settings.sources) if parse(source.url) is not None]
    read = f"a token that may only read: {', '.join(away)}"
    if kind == "gitlab":
        yield (
            "glab variable set GIT_BILL_TOKEN --masked --protected",
            "a token with the scopes api, which opens merge requests, and write_repository, which pushes",
        )
        on = f"glab schedule create --ref {shlex.quote(branch)}"
        yield f"{on} --cron '0 5 * * *' --description daily", "collects, answers and issues"
        yield (
            f"{on} --cron '0 6 1 * *' --description drafts --variable GIT_BILL_DRAFT:yes",
            "drafts what is unbilled, at the first of the month",
        )
        yield (
            "glab api -X POST projects/:fullpath/protected_tags -f 'name=v*'",
            "if you draft at tags: lets them have it",
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
