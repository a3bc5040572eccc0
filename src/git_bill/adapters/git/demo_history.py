"""The scratch history behind `git bill demo`: a freelancer's two months for two clients in three repositories.

What happened is data (`tables/demo/`); an equal `today` gives equal objects, refs and reflogs, byte for byte.
"""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from git_bill.adapters.git.demo_replay import replay
from git_bill.adapters.git.demo_timetable import DemoClient, Person, Timetable, read_timetable
from git_bill.adapters.git.run import git
from git_bill.problem import Exit, stop

_NO_LOG = ("-c", "core.logAllRefUpdates=false")  # a reflog line would hold the time of this run


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRepository:
    """The freelancer's clone of a client's repository, and the bare repository that is its `origin`."""

    client: str
    project: str
    clone: Path
    origin: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoHistory:
    """What `build` made. `books`: an empty git repository for the workspace; `emails`: the usual one first."""

    name: str
    emails: tuple[str, ...]
    timezone: str
    clients: tuple[DemoClient, ...]
    repositories: tuple[DemoRepository, ...]
    books: Path


def build(folder: Path, *, today: date) -> DemoHistory:
    """Make `books`, `code/<project>` and `origin/<client>/<project>.git` below a folder that is new or empty.

    Covers the two months before the month of `today` and that month's days before `today`. Reads no configuration
    of the user. Raises Stop when the folder holds something or git fails.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        full = any(folder.iterdir())
    except OSError as error:
        why = f"{folder} can't be used: {error.strerror}"
        raise stop(Exit.USAGE, "folder", why, "name a new folder: git bill demo ~/git-bill-demo") from None
    if full:
        raise stop(
            Exit.USAGE,
            "folder-not-empty",
            f"{folder} is not empty, and the demo overwrites nothing",
            "name a new folder, for example: git bill demo ./demo",
        )
    folder = folder.resolve()
    timetable = read_timetable(today)
    me, web = timetable.people["mira"], timetable.people["mira-web"]
    _own_repository(folder / "books", me)
    return DemoHistory(
        name=me.name,
        emails=(me.email, web.email),
        timezone=me.zone,
        clients=timetable.clients,
        repositories=tuple(_repository(folder, timetable, project) for project in timetable.repositories),
        books=folder / "books",
    )


def _repository(folder: Path, timetable: Timetable, project: str) -> DemoRepository:
    client = timetable.repositories[project]
    clone, origin = folder / "code" / project, folder / "origin" / client / f"{project}.git"
    told = replay(timetable, project)
    _own_repository(clone, timetable.people["mira"])
    _git(clone, *_NO_LOG, "fast-import", "--quiet", input=told.stream)
    _git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
    _git(clone, "remote", "add", "-m", "main", "origin", str(origin))
    heads = [f"{head}:refs/pull/{number}/head" for number, head in told.pulls.items()]
    _git(clone, *_NO_LOG, "push", "--quiet", "--set-upstream", "origin", "refs/heads/*", "refs/tags/*", *heads)
    _git(clone, *_NO_LOG, "reset", "--quiet", "--hard")
    for ref, text in told.reflog.items():
        log = clone / ".git" / "logs" / ref
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(text, "utf-8", newline="")
    return DemoRepository(client=client, project=project, clone=clone, origin=origin)


def _own_repository(path: Path, person: Person) -> None:
    """An empty repository whose settings name the person and keep what only the reflog reaches."""
    _git(path.parent, "init", "--quiet", "--initial-branch=main", str(path))
    settings = {
        "user.name": person.name,
        "user.email": person.email,
        "commit.gpgSign": "false",
        "tag.gpgSign": "false",
        "gc.auto": "0",
    }
    for name, value in settings.items():
        _git(path, "config", name, value)


def _git(place: Path, *args: str, input: bytes | None = None) -> None:
    place.mkdir(parents=True, exist_ok=True)
    alone = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TEMPLATE_DIR": "",
        "GIT_DEFAULT_HASH": "sha1",
        "GIT_DEFAULT_REF_FORMAT": "files",  # else the reflog is not a file
    }
    git(place, *args, input=input, env=alone, network=True)
