"""GitHub on this machine, as tests use it: repositories, tokens, faults, and what people do on its pages."""

import itertools
import json
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from tests.testbed import pulls
from tests.testbed.accounts import ACCOUNTS, ANNA, APP, BOT, EVE, MIRA, TOM, Access, Account, Permissions
from tests.testbed.bare import Person
from tests.testbed.contract import Contract, Exchange
from tests.testbed.emulator import Emulator, free_port
from tests.testbed.faults import Faults
from tests.testbed.hosted import Hosted, Protection, Role
from tests.testbed.merges import Method
from tests.testbed.server import Bridge, Listener
from tests.testbed.site import Site
from tests.testbed.web import Json, Request

__all__ = ["ACCOUNTS", "ANNA", "APP", "BOT", "EVE", "MIRA", "TOM", "Account", "GitHub", "Repository"]

Files = Mapping[str, str | bytes | None]
GRANTS: dict[Role, str] = {
    "admin": "admin",
    "maintain": "maintain",
    "write": "push",
    "triage": "triage",
    "read": "pull",
}


class GitHub:
    """A server; `with GitHub(folder) as github:`. Tests get it as the fixture `github`."""

    def __init__(self, folder: Path) -> None:
        """Starts the emulator and the bridge. `folder`: where repositories and logs go."""
        port = free_port()
        self.origin = f"http://127.0.0.1:{port}"
        self.emulator = Emulator(folder, self.origin, Site.seed())
        self.site = Site(folder, self.emulator, self.origin)
        self.bridge = Bridge(self.site, Contract())
        self.server = Listener(self.bridge, port)
        self._names = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.bridge.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.emulator.stop()

    @property
    def api(self) -> str:
        """Address of the REST API."""
        return self.site.api

    @property
    def faults(self) -> Faults:
        return self.bridge.faults

    @property
    def exchanges(self) -> list[Exchange]:
        """Requests to the API since the test began, with their answers; those with faults are not among them."""
        return self.bridge.exchanges

    @property
    def violations(self) -> list[str]:
        """Where a request or an answer broke GitHub's contract; the fixture demands none at the end of a test."""
        return self.bridge.violations

    def begin(self) -> None:
        """Forget what earlier tests ordered and did; repositories stay."""
        self.faults.clear()
        self.exchanges.clear()
        self.violations.clear()

    def repository(
        self,
        name: str = "books",
        *,
        owner: Account = MIRA,
        private: bool = True,
        files: Files | None = None,
        actions_may_open: bool = True,
        drafts: bool = True,
    ) -> "Repository":
        """A new repository; its name is made unique. With files: one commit on `main` by its owner."""
        with self.site.lock:
            hosted = self.site.add(owner, f"{name}-{next(self._names)}", private=private)
        hosted.actions_may_open, hosted.drafts = actions_may_open, drafts
        repository = Repository(self, hosted)
        if files is not None:
            repository.commit(files, "Begin")
        return repository

    def token(
        self,
        account: Account = MIRA,
        *,
        repository: "Repository | None" = None,
        permissions: Permissions | None = None,
        kind: Literal["classic", "job", "fine-grained", "app"] = "fine-grained",
    ) -> str:
        """A token with fewer rights than `account.token`. `kind="job"`: what a workflow's job gets, of `BOT`."""
        if kind in {"job", "app"}:
            account = BOT if kind == "job" else APP
        name = repository.full_name if repository else None
        return self.site.token(Access(account=account, kind=kind, repository=name, permissions=permissions))

    @property
    def app_key(self) -> str:
        """The private key (PEM) of the App 12345; it is installed where `repository.hosted.app_installed` is set."""
        return self.bridge.apps.pem

    def call(self, account: Account, method: str, path: str, document: Any = None) -> Any:
        """Ask the API as an account, as its web pages do for people; the document, or AssertionError."""
        body = b"" if document is None else json.dumps(document).encode()
        path, _, query = path.partition("?")
        parameters = dict(pair.split("=", 1) for pair in query.split("&") if pair)
        headers = {"authorization": f"Bearer {account.token}"}
        request = Request(method=method, path=path, query=parameters, headers=headers, body=body)
        with self.site.lock:
            answer = self.bridge.ask(request)
        assert answer.status < 400, f"{method} {path} -> {answer.status} {answer.body.decode()}"
        return answer.document


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository of the server; methods do what people do on its pages, and are not held to the contract."""

    github: GitHub
    hosted: Hosted

    @property
    def full_name(self) -> str:
        """`mira/books-1`"""
        return self.hosted.full_name

    @property
    def url(self) -> str:
        """For `git clone`; credentials are the cloner's matter."""
        return f"{self.github.origin}/{self.full_name}.git"

    def url_for(self, token: str) -> str:
        """For `git clone` in a test's own hands, with a token in it."""
        return self.url.replace("://", f"://x-access-token:{token}@")

    @property
    def path(self) -> str:
        """Of the repository in the API."""
        return f"/repos/{self.full_name}"

    def tip(self, ref: str = "main") -> str:
        """The commit of a branch or full ref."""
        sha = self.hosted.bare.tip(ref)
        assert sha, f"{self.full_name} has no {ref}"
        return sha

    def read(self, path: str, ref: str = "main") -> str | None:
        """A file at a branch or commit."""
        blob = self.hosted.bare.blob(self.tip(ref), path)
        return None if blob is None else self.hosted.bare.content(blob).decode()

    def admit(self, account: Account, role: Role) -> None:
        """Make somebody a collaborator."""
        self.hosted.collaborators[account.login] = role
        self.github.site.admit(self.hosted, account, GRANTS[role])

    def protect(
        self,
        branch: str = "main",
        *,
        pull_request: bool = False,
        checks: Iterable[str] = (),
        approvals: int = 0,
        classic: bool = False,
        bypass: Iterable[Account] = (),
    ) -> None:
        """Rules for a branch: changes by pull request only, statuses that must have succeeded."""
        rules: dict[str, Json] = {}
        if pull_request or approvals:
            rules["pull_request"] = _PULL_REQUEST | {"required_approving_review_count": approvals}
        if checks := tuple(checks):
            rules["required_status_checks"] = {
                "required_status_checks": [{"context": context} for context in checks],
                "strict_required_status_checks_policy": False,
            }
        free = frozenset(account.login for account in bypass)
        self.hosted.protection[branch] = Protection(rules=rules, classic=classic, bypass=free)

    def commit(
        self, files: Files, message: str = "On the web", *, by: Account | None = None, branch: str = "main"
    ) -> str:
        """Commit on a branch as GitHub's editor does; a new branch starts at main. Rules are not asked."""
        with self.github.site.lock:
            bare, at, author = self.hosted.bare, self.github.site.clock(), by or self.hosted.owner
            parent = bare.tip(f"refs/heads/{branch}") or bare.tip("refs/heads/main")
            tree = bare.write_tree(parent, files)
            person = Person.of(author, at)
            sha = bare.write_commit(tree, (parent,) if parent else (), message, person, Person.web(at))
            self.move(branch, sha, by=author)
        return sha

    def move(self, branch: str, sha: str | None, *, by: Account | None = None) -> None:
        """Set a branch to any commit, or delete it (None), with what follows from it for pull requests."""
        with self.github.site.lock:
            self.hosted.bare.set_ref(f"refs/heads/{branch}", sha)
            pulls.sync(self.github.site, self.hosted, by or self.hosted.owner)

    def fork(self, account: Account, name: str | None = None) -> "Repository":
        """An account's fork."""
        with self.github.site.lock:
            fork = self.github.site.add(
                account, name or self.hosted.name, private=self.hosted.private, parent=self.hosted
            )
        return Repository(self.github, fork)

    def open_pull(self, account: Account, branch: str, *, title: str = "Change", base: str = "main") -> int:
        """Open a pull request by hand; `branch` may be `owner:branch` of a fork. Its number."""
        sent = {"title": title, "head": branch, "base": base}
        return int(self.github.call(account, "POST", f"{self.path}/pulls", sent)["number"])

    def pull(self, number: int) -> Json:
        """GitHub's document of a pull request."""
        found: Json = self.github.call(self.hosted.owner, "GET", f"{self.path}/pulls/{number}")
        return found

    def merge(self, number: int, *, by: Account | None = None, method: Method = "merge") -> str:
        """Press a merge button; the commit that arrives."""
        path = f"{self.path}/pulls/{number}/merge"
        sha: str = self.github.call(by or self.hosted.owner, "PUT", path, {"merge_method": method})["sha"]
        return sha

    def review(
        self, number: int, account: Account, event: Literal["APPROVE", "REQUEST_CHANGES", "COMMENT"], text: str = ""
    ) -> int:
        """Give a verdict on the head of now."""
        sent = {"event": event} | ({"body": text} if text else {})
        return int(self.github.call(account, "POST", f"{self.path}/pulls/{number}/reviews", sent)["id"])

    def comment(self, number: int, account: Account, text: str) -> int:
        """Write below an issue or pull request."""
        path = f"{self.path}/issues/{number}/comments"
        return int(self.github.call(account, "POST", path, {"body": text})["id"])

    def edit_comment(self, comment: int, account: Account, text: str) -> None:
        """Change it, later than in the second that it was written in."""
        time.sleep(1)
        self.github.call(account, "PATCH", f"{self.path}/issues/comments/{comment}", {"body": text})

    def comments(self, number: int) -> list[Json]:
        """Those below an issue or pull request."""
        path = f"{self.path}/issues/{number}/comments?per_page=100"
        found: list[Json] = self.github.call(self.hosted.owner, "GET", path)
        return found

    def statuses(self, sha: str) -> dict[str, Json]:
        """The newest status of each context of a commit."""
        return self.hosted.combined(sha)

    def issue(self, title: str, *, by: Account | None = None, **fields: Any) -> int:
        """Open an issue; fields as in the API: body, labels, milestone."""
        document = self.github.call(by or self.hosted.owner, "POST", f"{self.path}/issues", {"title": title} | fields)
        return int(document["number"])

    def delete(self) -> None:
        """Take it away, with its files."""
        self.github.site.repositories.pop(self.full_name)
        shutil.rmtree(self.hosted.bare.path)


_PULL_REQUEST: Json = {
    "dismiss_stale_reviews_on_push": False,
    "require_code_owner_review": False,
    "require_last_push_approval": False,
    "required_review_thread_resolution": False,
}
