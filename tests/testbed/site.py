"""The state of the testbed's GitHub, and the way to the emulator behind it."""

import json
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.testbed.accounts import ACCOUNTS, APP, BOT, MIRA, Access, Account
from tests.testbed.bare import Bare
from tests.testbed.emulator import Emulator
from tests.testbed.hosted import Hosted, Pull
from tests.testbed.web import Answer, Json, Refusal, Request

USER_KEYS = 19  # the emulator's documents of accounts begin with GitHub's "simple user"


class Site:
    """Repositories, tokens and accounts. One lock: requests are carried out one after the other."""

    def __init__(self, folder: Path, emulator: Emulator, origin: str) -> None:
        self.folder, self.emulator, self.origin = folder, emulator, origin
        self.api = f"{origin}/api/v3"
        self.lock = threading.RLock()
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC).replace(microsecond=0)
        self.repositories: dict[str, Hosted] = {}
        self.tokens: dict[str, Access] = {account.token: Access(account=account) for account in ACCOUNTS}
        self.users = {account.login: self._user(account) for account in ACCOUNTS}
        self.web: Json = json.loads(json.dumps(self.users[MIRA.login]).replace(MIRA.login, "web-flow"))

    @staticmethod
    def seed() -> Json:
        """Accounts and their tokens, for the emulator."""
        people = [{"login": one.login, "name": one.name, "email": one.email} for one in ACCOUNTS]
        tokens = {one.token: {"login": one.login, "scopes": ["repo", "workflow"]} for one in ACCOUNTS}
        return {"tokens": tokens, "github": {"users": people}}

    def _user(self, account: Account) -> Json:
        document = self.emulator.json("GET", f"/users/{account.login}", account.token)
        kept: Json = self.localised(
            {key: document[key] for key in list(document)[:USER_KEYS] if key != "user_view_type"}
        )
        return kept | {"type": "Bot" if account in {BOT, APP} else "User", "id": account.number}

    def localised(self, document: Any) -> Any:
        """A document of the emulator with addresses of this API, and with accounts as GitHub shows them."""
        text = json.dumps(document)
        for part in ("repos", "users"):
            text = text.replace(f'"{self.origin}/{part}/', f'"{self.api}/{part}/')
        return json.loads(text)

    def token(self, access: Access) -> str:
        """A new token that stands for it."""
        prefix = {"job": "ghs_", "app": "ghs_", "fine-grained": "github_pat_", "classic": "ghp_"}[access.kind]
        token = prefix + secrets.token_hex(18)
        with self.lock:
            self.tokens[token] = access
        return token

    def emulate(self, account: Account, method: str, path: str, document: Any = None) -> Any:
        """Ask the emulator as an account; its document, or Refusal with its words."""
        body = b"" if document is None else json.dumps(document).encode()
        return self.forward(account, Request(method=method, path=path, body=body)).document

    def forward(self, account: Account, request: Request) -> Answer:
        """Let the emulator answer a request of an account."""
        status, headers, body = self.emulator.send(request.method, request.target, account.token, request.body)
        if status >= 400:
            words = json.loads(body) if body[:1] == b"{" else {}
            raise Refusal(status, str(words.get("message", "?")), errors=words.get("errors", ()))
        kept = {}
        if "link" in headers:
            kept["link"] = headers["link"].replace(f"http://127.0.0.1:{self.emulator.port}/", f"{self.api}/")
            kept["link"] = kept["link"].replace(f"{self.origin}/repos/", f"{self.api}/repos/")
        answered = json.dumps(self._accounts(self.localised(json.loads(body)))).encode() if body else b""
        return Answer(status=status, body=answered, headers=kept)

    def _accounts(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._accounts(item) for item in node]
        if not isinstance(node, dict):
            return node
        if node.get("login") in self.users and "received_events_url" in node:
            return node | self.users[node["login"]]
        return {key: self._accounts(value) for key, value in node.items()}

    def add(self, owner: Account, name: str, *, private: bool, parent: Hosted | None = None) -> Hosted:
        """A new repository, empty, or a fork with the branches of its parent."""
        if parent is None:
            self.emulate(owner, "POST", "/user/repos", {"name": name, "private": private, "auto_init": True})
        else:
            self.emulate(owner, "POST", f"/repos/{parent.full_name}/forks", {"name": name})
        hosted = Hosted(
            owner=owner,
            name=name,
            private=private,
            parent=parent,
            bare=Bare.create(self.folder / "repositories" / owner.login / f"{name}.git"),
        )
        if parent is not None:
            hosted.bare.git("fetch", "-q", str(parent.bare.path), "+refs/heads/*:refs/heads/*")
        self.repositories[hosted.full_name] = hosted
        for bot in (BOT, APP):  # the emulator's notion of who may see it; ours is Access
            self.admit(hosted, bot, "push")
        return hosted

    def admit(self, hosted: Hosted, account: Account, permission: str) -> None:
        """Let the emulator know a collaborator."""
        path = f"/repos/{hosted.full_name}/collaborators/{account.login}"
        self.emulate(hosted.owner, "PUT", path, {"permission": permission})

    def by_email(self, email: str) -> Json | None:
        """The account that GitHub shows for an author's address."""
        if email == "noreply@github.com":
            return self.web
        found = next((one for one in ACCOUNTS if email and email in {one.email, one.noreply}), None)
        return self.users[found.login] if found else None

    def open_pulls(self, hosted: Hosted) -> list[tuple[Hosted, Pull]]:
        """Open pull requests that a repository takes part in, as base or as head."""
        return [
            (base, pull)
            for base in self.repositories.values()
            for pull in base.pulls.values()
            if pull.state == "open" and hosted in {base, pull.head}
        ]
