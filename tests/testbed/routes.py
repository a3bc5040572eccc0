"""How endpoints are declared and found, and what each is given."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from tests.testbed.accounts import Access, Account
from tests.testbed.hosted import WRITERS, Hosted, Pull
from tests.testbed.site import Site
from tests.testbed.web import Answer, Refusal, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to a repository that its caller may see. `words`: the variable parts of the path."""

    site: Site
    hosted: Hosted
    access: Access
    request: Request
    words: tuple[str, ...]

    @property
    def account(self) -> Account:
        return self.access.account

    @property
    def url(self) -> str:
        """Of the repository, in the API."""
        return f"{self.site.api}/repos/{self.hosted.full_name}"

    @property
    def html(self) -> str:
        """Of the repository, for people."""
        return f"{self.site.origin}/{self.hosted.full_name}"

    @property
    def writes(self) -> bool:
        """Whether the caller's account may write here (its token is another matter)."""
        return self.access.kind in {"job", "app"} or self.hosted.role(self.account) in WRITERS

    def forward(self) -> Answer:
        """Let the emulator answer."""
        return self.site.forward(self.account, self.request)

    def pull(self) -> Pull:
        """The pull request whose number is the first word."""
        pull = self.hosted.pulls.get(int(self.words[0]))
        if pull is None:
            raise Refusal(404, "Not Found")
        return pull

    def commit(self, ref: str) -> str:
        """The commit that a ref or an id stands for."""
        sha = self.hosted.bare.tip(ref.removeprefix("heads/"))
        if sha is None:
            raise Refusal(422, f"No commit found for SHA: {ref}")
        return sha

    def require_write(self) -> None:
        if not self.writes:
            raise Refusal(403, "Must have write access to Repository.")


Endpoint = Callable[[Call], Answer]
Route = tuple[str, str, Endpoint]


def find(routes: Iterable[Route], method: str, path: str) -> tuple[Endpoint, tuple[str, ...]] | None:
    """The endpoint for a path below a repository, with its words."""
    for verb, pattern, endpoint in routes:
        found = re.fullmatch(pattern, path)
        if found and verb == method:
            return endpoint, tuple(unquote(word) for word in found.groups(""))
    return None
