"""Whether a repository is the books themselves: in a fork or mirror, numbers would be given twice."""

import re

from git_bill.forge import Forge
from git_bill.layout import SETTINGS
from git_bill.ports import Books
from git_bill.problem import Problem
from git_bill.workspace import Settings

_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://)(?:[^/@]*@)?(?P<host>[^/:]+)(?::\d+)?/(?P<path>.+)", re.IGNORECASE)
_SCP = re.compile(r"(?:[^/@:]+@)?(?P<host>[^/:@]{2,}):(?!\\)(?P<path>[^/].*|/.+)")  # one letter is a drive
_SAME_HOST = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}


def not_the_books(books: Books, settings: Settings, forge: Forge | None) -> tuple[Problem, ...]:
    """Why nothing may be issued here. Stops (exit 5) where only the forge could tell and can't be asked."""
    wanted = settings.books.repository
    address = books.configured(f"remote.{books.remote}.url") if books.remote else None
    if wanted is not None:
        if address is not None and place(address) == place(wanted):
            return ()
        here = address or f"{books.top}, which has no books remote"
        message = f"the books are {wanted}; this is {here}"
        return (_elsewhere(message, "issue there; if the books moved, say so: [books] repository"),)
    if forge is not None and forge.standing(books.branch).fork:
        message = f"{forge.repository} is a fork on {forge.name}"
        hint = f'if it is your books all the same, say so: [books] repository = "{address or forge.repository}"'
        return (_elsewhere(message, hint),)
    return ()


def place(address: str) -> str:
    """Host and path of an address, for ssh as for https: `git@github.com:Mira/books.git` → `github.com/mira/books`."""
    match = _ADDRESS.fullmatch(address.strip()) or _SCP.fullmatch(address.strip())
    if match is None or address.startswith("file:"):
        return address.removeprefix("file://").rstrip("/").removesuffix(".git").rstrip("/")
    host = match["host"].lower()
    path = match["path"].strip("/").removesuffix(".git").rstrip("/").lower()
    return f"{_SAME_HOST.get(host, host)}/{path}"


def _elsewhere(message: str, hint: str) -> Problem:
    return Problem(rule="not-the-books", message=message, hint=hint, file=SETTINGS)
