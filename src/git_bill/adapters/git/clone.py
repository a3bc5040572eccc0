"""What setting up wants to know of a repository: where it is from, who works in it, how old it is."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from git_bill.adapters.git.run import Ran, attempt, git, text
from git_bill.clone import Clone
from git_bill.effects import Done, FoundRepository, Refused
from git_bill.problem import Stop

_YEAR, _YOUNG = 366 * 86400, 92 * 86400  # seconds
_PASSWORD = re.compile(r"(?<=://)[^/@]*@")
_LOG = ("log", "--all", "--no-color", "--no-mailmap")


def clone_at(start: Path) -> Clone | None:
    """The repository around a folder, None where there is none."""
    found = repository_top(start)
    if found is None:
        return None
    newest = _first(_lines(found, "-1", "--format=%ct"))
    if newest is None:
        return Clone(top=found, origin=_origin(found), workspace=_workspace(found))
    people = Counter(_lines(found, f"--since={int(newest) - _YEAR}", "--format=%an%x09%ae"))
    older = _first(_lines(found, "-1", f"--before={int(newest) - _YOUNG}", "--format=%ct"))
    born = older or min(_lines(found, "--format=%at"), key=int)
    return Clone(
        top=found,
        origin=_origin(found),
        people=tuple(_person(line) for line, _ in people.most_common()),
        born=_day(born),
        grown=older is not None,
        workspace=_workspace(found),
    )


def repository_top(start: Path) -> Path | None:
    """The top folder of the repository around a folder (the git directory where it is bare), None without one."""
    here = next(folder for folder in (start, *start.parents) if folder.is_dir())
    ran = asked(here, "rev-parse", "--path-format=absolute", "--is-bare-repository", "--git-dir")
    if ran is None or ran.code:
        return None
    bare, _, folder = ran.out.decode("utf-8", "surrogateescape").rstrip("\n").partition("\n")
    return Path(folder if bare == "true" else text(here, "rev-parse", "--show-toplevel"))


def asked(folder: Path, *args: str, input: bytes | None = None) -> Ran | None:
    """How a git command ended in a folder that may belong to no repository; None where it does not."""
    try:
        return attempt(folder, *args, input=input)
    except Stop as stopped:
        if stopped.problems[0].rule == "not-a-repository":
            return None
        raise


def without_password(url: str) -> str:
    """An address that may be written into a file: tokens and passwords go, a user name before `@` in scp form stays."""
    return _PASSWORD.sub("", url)


def found_repository(effect: FoundRepository) -> Done | Refused:
    """Make an empty repository with the branch `main`, unless there is a repository already."""
    folder = Path(effect.path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Refused(
            reason=f"{folder} can't be made: {error.strerror}",
            remedy="name another folder, for example: git bill init --books ~/books",
        )
    if repository_top(folder) == folder.resolve():
        return Done(ref=effect.path, already=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    return Done(ref=effect.path)


def _origin(repository: Path) -> str | None:
    ran = attempt(repository, "remote", "get-url", "origin")
    return None if ran.code else without_password(ran.out.decode("utf-8", "replace").strip())


def _lines(repository: Path, *options: str) -> list[str]:
    return git(repository, *_LOG, *options, "--").decode("utf-8", "replace").splitlines()


def _first(lines: list[str]) -> str | None:
    return lines[0] if lines else None


def _person(line: str) -> tuple[str, str]:
    name, _, email = line.partition("\t")
    return name, email


def _day(seconds: str) -> date:
    return datetime.fromtimestamp(int(seconds), UTC).date()


def _workspace(repository: Path) -> str | None:
    ran = attempt(repository, "config", "--get", "bill.workspace")
    return ran.out.decode("utf-8", "surrogateescape").strip() or None
