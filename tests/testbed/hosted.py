"""One repository on the server: git's part, and what GitHub knows of it beside git."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tests.testbed.accounts import Account
from tests.testbed.bare import Bare

Json = dict[str, Any]
Role = Literal["admin", "maintain", "write", "triage", "read"]
WRITERS = frozenset({"admin", "maintain", "write"})


@dataclass(slots=True, kw_only=True)
class Pull:
    """What the emulator does not know of a pull request. Its head is at refs/pull/N/head of the base repository."""

    number: int
    author: Account
    head: "Hosted"
    head_ref: str
    base_ref: str
    base_sha: str
    state: Literal["open", "closed", "merged"] = "open"
    merged_by: Account | None = None
    merged_at: datetime | None = None
    merge_sha: str | None = None
    landed: tuple[str, ...] = ()  # what it brought to the base branch

    @property
    def ref(self) -> str:
        return f"refs/pull/{self.number}/head"

    @property
    def merge_ref(self) -> str:
        return f"refs/pull/{self.number}/merge"

    @property
    def label(self) -> str:
        return f"{self.head.owner.login}:{self.head_ref}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """Rules for pushes to a branch. `classic`: the older form of it (GH006), which admins are free of."""

    rules: Mapping[str, Json]  # by type: pull_request, required_status_checks, deletion, non_fast_forward …
    classic: bool = False
    bypass: frozenset[str] = frozenset()

    @property
    def checks(self) -> tuple[str, ...]:
        """Contexts of the statuses that must have succeeded."""
        wanted = self.rules.get("required_status_checks", {}).get("required_status_checks", ())
        return tuple(check["context"] for check in wanted)

    @property
    def approvals(self) -> int:
        return int(self.rules.get("pull_request", {}).get("required_approving_review_count", 0))


@dataclass(slots=True, kw_only=True, eq=False)
class Hosted:
    """State that tests may change directly."""

    owner: Account
    name: str
    private: bool
    bare: Bare
    parent: "Hosted | None" = None  # a fork's
    collaborators: dict[str, Role] = field(default_factory=dict)
    pulls: dict[int, Pull] = field(default_factory=dict)
    statuses: dict[str, list[Json]] = field(default_factory=dict)
    reactions: dict[str, list[Json]] = field(default_factory=dict)
    protection: dict[str, Protection] = field(default_factory=dict)
    actions_may_open: bool = True  # the setting "Allow GitHub Actions to create and approve pull requests"
    drafts: bool = True  # False: a plan without draft pull requests
    rules: bool = True  # False: a private repository on a plan without rules
    app_installed: bool = False  # the App of tests/testbed/apps.py
    delete_branch_on_merge: bool = False
    pushed_at: datetime | None = None

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    def role(self, account: Account) -> Role | None:
        """What an account may do here; None: it does not even see a private repository."""
        if account == self.owner:
            return "admin"
        return self.collaborators.get(account.login) or (None if self.private else "read")

    def combined(self, sha: str) -> dict[str, Json]:
        """The newest status of each context of a commit."""
        return {status["context"]: status for status in self.statuses.get(sha, ())}
