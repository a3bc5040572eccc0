"""Where a command is: which workspace it belongs to, and who git says is calling."""

from collections.abc import Mapping
from pathlib import Path

from git_bill.adapters.git.clone import asked, repository_top
from git_bill.adapters.git.run import attempt
from git_bill.problem import Exit, stop

_SETTINGS = "billing/billing.toml"
_PLACES = ("HEAD", "refs/heads/main", "refs/heads/master", "refs/remotes/origin/HEAD")


def find_workspace(start: Path, *, named: bool, environment: Mapping[str, str]) -> Path | None:
    """The folder that holds `billing/`, or None.

    In order: `start` and its parents where it was `named` by `-C`; `GIT_BILL_WORKSPACE`; `start` and its parents;
    `git config bill.workspace` of the clone around `start`. Stops (exit 3) where a setting names none.
    """
    given = environment.get("GIT_BILL_WORKSPACE")
    if given and not named:
        return _must(Path(given).expanduser(), f"GIT_BILL_WORKSPACE={given}", "unset GIT_BILL_WORKSPACE")
    for folder in (start, *start.parents):
        if _holds_books(folder):
            return folder
    configured = git_config(start, "bill.workspace")
    if configured:
        top = repository_top(start) or start
        return _must(
            top / Path(configured).expanduser(),
            f"git config bill.workspace is {configured}, which",
            "git config --unset bill.workspace",
        )
    return None


def git_config(start: Path, name: str) -> str | None:
    """A value of git's configuration as seen from a folder, None where it is not set or empty."""
    ran = attempt(start, "config", "--get", name)
    return ran.out.decode("utf-8", "replace").strip() or None


def git_email(start: Path, environment: Mapping[str, str]) -> str | None:
    """The address that git would put into a commit made here, as far as it is set and not guessed."""
    ran = attempt(start, "config", "--null", "--get-regexp", r"^(author|user)\.email$")
    lines = ran.out.decode("utf-8", "replace").split("\0")
    told = {name: value.strip() for name, _, value in (line.partition("\n") for line in lines)}
    return (
        environment.get("GIT_AUTHOR_EMAIL")
        or told.get("author.email")
        or told.get("user.email")
        or environment.get("EMAIL")
    )


def _must(folder: Path, what: str, remedy: str) -> Path:
    if _holds_books(folder):
        return folder.resolve()
    raise stop(
        Exit.SETTINGS,
        "no-workspace",
        f"{what} has no {_SETTINGS}",
        f"make one with `git bill init`, or: {remedy}",
    )


def _holds_books(folder: Path) -> bool:
    """In the work tree, or on a branch that books are kept on while another one is checked out."""
    if (folder / _SETTINGS).is_file():
        return True
    bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    if not bare and not (folder / ".git").exists():
        return False
    names = "".join(f"{name}:{_SETTINGS}\n" for name in _PLACES).encode()
    found = asked(folder, "cat-file", "--batch-check", input=names)
    return found is not None and b" blob " in found.out
