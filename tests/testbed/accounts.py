"""Who calls: the accounts of the testbed, their tokens, and what a token may do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["none", "read", "write"]
Permissions = Mapping[str, Level]  # as in a workflow's `permissions:`, with `_` or `-`

LEVELS = ("none", "read", "write")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person or a bot with an account. `token`: a classic one of its own."""

    login: str
    name: str
    email: str
    number: int  # as in the no-reply address

    @property
    def token(self) -> str:
        return f"ghp_{self.login.removesuffix('[bot]')}"

    @property
    def noreply(self) -> str:
        return f"{self.number}+{self.login}@users.noreply.github.com"


MIRA = Account(login="mira", name="Mira Kovac", email="mira@example.net", number=1001)
TOM = Account(login="tom", name="Tom Approver", email="tom@example.net", number=1002)
ANNA = Account(login="anna", name="Anna Acme", email="anna@acme.example", number=1003)
EVE = Account(login="eve", name="Eve Stranger", email="eve@example.org", number=1004)
BOT = Account(login="github-actions[bot]", name="github-actions[bot]", email="", number=41898282)
APP = Account(login="git-bill[bot]", name="git-bill[bot]", email="", number=1005)
ACCOUNTS = (MIRA, TOM, ANNA, EVE, BOT, APP)


def account(login: str) -> Account:
    """One by its login."""
    return next(one for one in ACCOUNTS if one.login == login)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a token stands for. `permissions` None: all that its account may; `repository` None: every one."""

    account: Account
    kind: Literal["classic", "job", "fine-grained", "app"] = "classic"
    repository: str | None = None
    permissions: Permissions | None = None

    @property
    def refusal(self) -> str:
        """GitHub's words when the token lacks a permission."""
        if self.kind == "fine-grained":
            return "Resource not accessible by personal access token"
        return "Resource not accessible by integration"

    def may(self, need: str, level: Level) -> bool:
        """Whether the token's own permissions allow it; the account's are another matter."""
        if self.permissions is None or need == "metadata":
            return True
        granted = {name.replace("-", "_"): value for name, value in self.permissions.items()}.get(need, "none")
        return LEVELS.index(granted) >= LEVELS.index(level)


# What a path below /repos/{owner}/{repo} needs of a limited token; any one of the names is enough.
_NEEDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"/pulls/\d+/merge", ("contents",)),
    (r"/pulls.*", ("pull_requests",)),
    (r"/issues/(\d+|comments).*", ("issues", "pull_requests")),
    (r"/(labels|milestones).*", ("issues", "pull_requests")),
    (r"/issues", ("issues",)),
    (r"/statuses/.*|/commits/.+/status(es)?", ("statuses",)),
    (r"/commits/[^/]+/pulls", ("pull_requests",)),
    (r"/check-runs.*", ("checks",)),
    (r"/actions/permissions.*", ("administration",)),
    (r"|/(rules|collaborators|forks|languages).*", ("metadata",)),
    (r"/hooks.*", ("repository_hooks",)),
)


def needs(path: str) -> tuple[str, ...]:
    """Names of permissions for a path below a repository; all that is git needs `contents`."""
    return next((names for pattern, names in _NEEDS if re.fullmatch(pattern, path)), ("contents",))
