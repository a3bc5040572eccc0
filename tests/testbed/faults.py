"""What can go wrong on the way: answers as GitHub words them, and connections that break. Ordered by tests."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An answer instead of the real one, or none. `undone` False: the request is carried out, its answer is lost."""

    kind: Literal["answer", "hang", "reset", "malformed"] = "answer"
    status: int = 200
    document: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    undone: bool = True


def answer(status: int, message: str, headers: Mapping[str, str] | None = None, **more: object) -> Fault:
    """A refusal in GitHub's form."""
    document = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)} | more
    return Fault(status=status, document=document, headers=headers or {})


BAD_CREDENTIALS = answer(401, "Bad credentials")
ACTIONS_MAY_NOT = answer(403, "GitHub Actions is not permitted to create or approve pull requests.")
NOT_BY_INTEGRATION = answer(403, "Resource not accessible by integration")
NOT_BY_TOKEN = answer(403, "Resource not accessible by personal access token")
PROTECTED = answer(403, "Protected branch update failed for refs/heads/main.")
RULES = answer(422, "Repository rule violations found\n\nChanges must be made through a pull request.\n\n")
MUST_HAVE_ADMIN = answer(403, "Must have admin rights to Repository.")
NOT_FOUND = answer(404, "Not Found")
CONFLICT = answer(409, "Head branch was modified. Review and try the merge again.")
INVALID = answer(422, "Validation Failed", errors=[{"resource": "PullRequest", "code": "invalid", "field": "head"}])
PULL_EXISTS = answer(
    422,
    "Validation Failed",
    errors=[{"resource": "PullRequest", "code": "custom", "message": "A pull request already exists for mira:x."}],
)
NO_DRAFTS = answer(
    422,
    "Draft pull requests are not supported in this repository.",
    errors=[{"resource": "PullRequest", "code": "custom"}],
)
SERVER_ERROR = Fault(status=500, document={"message": "Server Error"})
BAD_GATEWAY = Fault(status=502, document={"message": "Server Error"})
UNAVAILABLE = Fault(status=503, document={"message": "Service Unavailable"})
HANG = Fault(kind="hang")
RESET = Fault(kind="reset")
ANSWER_LOST = Fault(kind="reset", undone=False)
MALFORMED = Fault(kind="malformed")


def primary_limit(seconds: int, status: int = 403) -> Fault:
    """The quota of an hour is used up until some seconds from now."""
    headers = {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-used": "5000",
        "x-ratelimit-reset": str(int(time.time()) + seconds),
        "x-ratelimit-resource": "core",
    }
    return answer(status, "API rate limit exceeded for user ID 1001.", headers)


def secondary_limit(retry_after: int | None, status: int = 403) -> Fault:
    """Too many writes at once; GitHub sends Retry-After mostly, not always."""
    text = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return answer(status, text, {} if retry_after is None else {"retry-after": str(retry_after)})


@dataclass(slots=True, kw_only=True)
class Order:
    """A fault, or something that happens meanwhile, for the next requests that match."""

    what: Fault | Callable[[], object]
    method: str
    path: re.Pattern[str]
    left: int


class Faults:
    """Orders are met first come, first served; each test starts with none."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def order(self, fault: Fault, method: str = ".*", path: str = ".*", times: int = 1) -> None:
        """For the next `times` requests; both are whole regular expressions.

        `path`: below the API's root (`/repos/mira/books/pulls`), or of git (`/mira/books.git/git-receive-pack`).
        """
        self.orders.append(Order(what=fault, method=method, path=re.compile(path), left=times))

    def meanwhile(self, act: Callable[[], object], method: str = ".*", path: str = ".*") -> None:
        """Do something just before the next request that matches: a push by somebody else, say."""
        self.orders.append(Order(what=act, method=method, path=re.compile(path), left=1))

    def take(self, method: str, path: str) -> Fault | None:
        """What was ordered for this request; acts are done here."""
        for order in tuple(self.orders):
            if not (re.fullmatch(order.method, method) and order.path.fullmatch(path)):
                continue
            order.left -= 1
            if order.left <= 0:
                self.orders.remove(order)
            if isinstance(order.what, Fault):
                return order.what
            order.what()
        return None

    def clear(self) -> None:
        self.orders.clear()
