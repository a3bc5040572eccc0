"""Effects are values. A flow is a generator that yields a `Plan` and is sent its `Outcome`s.

Effects carry vocabulary types only (paths, bytes, text, ids), so that a plan can be shown, refused, repeated or
skipped without knowing what it is for. `flows/apply.py` alone acts.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeVar

from git_bill.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteFile:
    """Write a file of the workspace's `billing/` folder (path relative to the repository's top); None removes it."""

    path: str
    content: bytes | None

    @property
    def key(self) -> str:
        return f"write:{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """One commit on top of `expect` that moves `branch` (and makes tags), all or nothing, never forced.

    `files`: path → bytes, or None to remove it, relative to the tree of the first parent. Parents are `expect` and
    `also` (a merge); `expect` None says that the branch must not exist yet: a new branch stands on the first of
    `also`, or on nothing. `at`: author and committer instant, so that two resumers make the same commit
    id. `push`: to the books remote too, where there is one.
    """

    branch: str
    expect: str | None
    files: Mapping[str, bytes | None]
    message: str
    at: datetime
    also: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    push: bool = True
    author: tuple[str, str] | None = None  # name and address of whose change it is, where that is not the caller

    @property
    def key(self) -> str:
        return f"publish:{self.branch}:{self.expect}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropBranch:
    """Remove a branch that a draft lived on, here and on the books remote, if it still is at `expect`."""

    branch: str
    expect: str

    @property
    def key(self) -> str:
        return f"drop:{self.branch}:{self.expect}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configure:
    """Set one value of a clone's own git configuration (`repository`: path of the clone; None: the workspace)."""

    name: str
    value: str
    repository: str | None = None

    @property
    def key(self) -> str:
        return f"config:{self.repository}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRepository:
    """Make an empty git repository in a folder, unless it is one already."""

    path: str

    @property
    def key(self) -> str:
        return f"found:{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHook:
    """Put a hook of ours at a path of this machine, keeping another's beside it; None: take ours out, let it back."""

    path: str
    content: bytes | None

    @property
    def key(self) -> str:
        return f"hook:{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Hand one mail to the mailer. `key` is its Message-ID: the same mail is never handed over twice by itself.

    `sender` and `at` (the date it bears): where they are missing, the program that sends it sets them.
    """

    key: str
    recipient: str
    subject: str
    body: str
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    sender: str | None = None
    sender_name: str = ""
    cc: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Hand one e-invoice to a network. `key`: the same one is never handed over twice by itself. `file`: its name."""

    key: str
    network: str
    file: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """What a provider shows of an invoice: a line or a tax with its amount. They sum to the link's amount."""

    text: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureLink:
    """Find or make the payment link of a claimed number at a rail. `key` is stored there, so none is made twice.

    `payer` and `email`: of the client. `lines`: for a rail that mirrors the invoice. It can be paid once.
    """

    key: str
    number: str
    amount: Money
    issuer: str = ""
    payer: str = ""
    email: str | None = None
    due: date | None = None
    lines: tuple[LinkLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseLink:
    """Make a number's payment link one that can't be paid any more: paid otherwise, cancelled, or written off."""

    number: str
    link: str

    @property
    def key(self) -> str:
        return f"close-link:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsurePullRequest:
    """One pull request of a branch: opened, or title, body and labels of the open one brought up to date.

    `repository`: another one of the same forge; "" is that of the books. `files`: content to lay on the branch first,
    for a copy in a repository that has no clone here (path → bytes); none for the books. `base` "": its default
    branch.
    """

    branch: str
    base: str
    title: str
    body: str
    labels: tuple[str, ...] = ("invoice",)
    draft: bool = False
    repository: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"pull-request:{self.repository}:{self.branch}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureComment:
    """Our one comment with a marker below a pull request, written or changed; the marker is hidden in it."""

    number: int
    marker: str
    body: str
    repository: str = ""

    @property
    def key(self) -> str:
        return f"comment:{self.repository}:{self.number}:{self.marker}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostStatus:
    """A commit's status in a context such as `git-bill/check`; the description is one line."""

    commit: str
    context: str
    state: Literal["success", "failure", "pending"]
    description: str
    url: str = ""

    @property
    def key(self) -> str:
        return f"status:{self.commit}:{self.context}"


Effect = (
    WriteFile
    | Publish
    | DropBranch
    | Configure
    | FoundRepository
    | SetHook
    | Deliver
    | Submit
    | EnsureLink
    | CloseLink
    | EnsurePullRequest
    | EnsureComment
    | PostStatus
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Effects that do not need each other's results, in order, and one sentence that says what they are for.

    `details`: lines for who is shown the plan first, of what stands in the files.
    """

    why: str
    effects: tuple[Effect, ...]
    details: tuple[str, ...] = ()
    then: str = ""  # what a dry run can't show because it depends on these outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The effect took place, or had taken place already. `ref`: the new commit's id, a path, a message id.

    `without`: parts of it that were refused, each in words.
    """

    ref: str = ""
    already: bool = False
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A publish lost the race: the branch is at another commit than expected. Compute again and retry."""

    tip: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It was not allowed or not possible; nothing happened. `remedy` says what a person can do.

    `lasting`: asking again would be refused again. `code`: what the other side calls it, without personal data.
    """

    reason: str
    remedy: str = ""
    lasting: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """It took place or it did not, and nobody here can tell: it is never repeated by itself."""

    reason: str
    remedy: str = ""


Outcome = Done | Moved | Refused | Unsure

Result = TypeVar("Result")
Flow = Generator[Plan, tuple[Outcome, ...], Result]
