"""Requests to GitHub by PyGithub's requester: each is seen here, none is made behind our back by an object."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

import github
import requests
from github.Requester import Requester

from git_bill.adapters.github.failure import Asked, Bearer, Failure, Patience, explain, plain
from git_bill.problem import Exit, Stop

T = TypeVar("T")
_TIMEOUT = 20  # seconds
_PAGE = 100
_NEXT = re.compile(r'<([^>]+)>\s*;[^,]*\brel="?next"?')


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object of an answer. Reading what is not there, or is of another kind, is a `Failure`."""

    data: Mapping[str, Any]

    def text(self, *path: str) -> str:
        """A text that must be there."""
        found = self.maybe(*path)
        if found is None:
            raise unreadable(".".join(path))
        return found

    def maybe(self, *path: str) -> str | None:
        """A text, None where it or something around it is missing or null."""
        found = self._walk(path)
        if found is None or isinstance(found, str):
            return found
        raise unreadable(".".join(path))

    def number(self, *path: str) -> int:
        """A whole number that must be there."""
        found = self._walk(path)
        if isinstance(found, int) and not isinstance(found, bool):
            return found
        raise unreadable(".".join(path))

    def flag(self, *path: str) -> bool | None:
        """True or false, None where it is missing."""
        found = self._walk(path)
        return found if isinstance(found, bool) else None

    def instant(self, *path: str) -> datetime:
        """An instant, aware."""
        try:
            found = datetime.fromisoformat(self.text(*path))
        except ValueError:
            raise unreadable(".".join(path)) from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def part(self, *path: str) -> "Fields":
        """An object in it; an empty one where it is missing or null."""
        return fields(self._walk(path) or {})

    def parts(self, *path: str) -> "list[Fields]":
        """The objects of a list in it; none where it is missing or null."""
        found = self._walk(path)
        if found is not None and not isinstance(found, list):
            raise unreadable(".".join(path))
        return [fields(each) for each in found or ()]

    def _walk(self, path: tuple[str, ...]) -> Any:
        found: Any = self.data
        for name in path:
            if found is None:
                return None
            if not isinstance(found, Mapping):
                raise unreadable(name)
            found = found.get(name)
        return found


def fields(data: object) -> Fields:
    """An answer, or an element of one, that must be a JSON object."""
    if not isinstance(data, Mapping):
        raise unreadable(f"a {type(data).__name__}")
    return Fields(data)


def unreadable(what: str) -> Failure:
    """An answer that is not GitHub's."""
    return Failure("unreadable", words=f"no {what} as it should be")


@dataclass(frozen=True, slots=True)
class Place:
    """A repository as a token sees it."""

    client: "Client"
    name: str

    @property
    def path(self) -> str:
        """Where its API begins."""
        return f"/repos/{quote(self.name)}"

    @property
    def owner(self) -> str:
        return self.name.partition("/")[0]

    def found(self, path: str, **parameters: str) -> "Fields | None":
        """What lies below its path, None where there is none. Raises Failure where the repository is not seen."""
        try:
            _, data = self.client.send("GET", self.path + path, parameters=parameters)
        except Failure as failure:
            if failure.status != 404:
                raise
            self.client.get(self.path)  # a repository that this token does not see looks the same
            return None
        return None if isinstance(data, list) else fields(data)  # a folder is a list


class Client:
    """One token at one GitHub. `say` hears why it waits; `pause` sleeps."""

    def __init__(
        self,
        api: str,
        auth: github.Auth.Auth,
        bearer: Bearer,
        *,
        say: Callable[[str], None] = lambda line: None,
        pause: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.bearer: Bearer = bearer
        self.say = say
        self._secret = auth.token
        self._pause = pause
        self._now = now
        self._waited = 0.0
        hub = github.Github(
            auth=auth,
            base_url=api.rstrip("/"),
            user_agent="git-bill",
            timeout=_TIMEOUT,
            per_page=_PAGE,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )
        self._requester: Requester = hub.requester

    def ask(self, asked: Asked, call: Callable[[], T]) -> T:
        """Do something that may be repeated as a whole, with patience. Raises Stop (exit 5) where it fails for good."""
        patience = Patience(waited=self._waited)
        while True:
            try:
                return call()
            except Failure as failure:
                wait = patience.next(failure, self._now())
                if wait is None:
                    raise Stop(Exit.FORGE, [explain(failure, asked, self.bearer, self._now())]) from None
                if failure.limited:
                    self._waited += wait
                    patience.waited = self._waited
                    self.say(f"GitHub asks for a pause: waiting {wait:.0f} s")
            self._pause(wait)

    def get(self, path: str, **parameters: str) -> Fields:
        """An object."""
        return fields(self.send("GET", path, parameters=parameters)[1])

    def post(self, path: str, content: Mapping[str, object]) -> Fields:
        """What was made."""
        return fields(self.send("POST", path, content=content)[1])

    def patch(self, path: str, content: Mapping[str, object]) -> Fields:
        """What was changed."""
        return fields(self.send("PATCH", path, content=content)[1])

    def page(self, path: str, parameters: Mapping[str, str]) -> "tuple[list[Fields], str | None]":
        """One page of a list, and where the next one is."""
        headers, data = self.send("GET", path, parameters=parameters)
        if not isinstance(data, list):
            raise unreadable("list")
        following = _NEXT.search(headers.get("link", ""))
        return [fields(each) for each in data], following and following[1]

    def all(self, path: str, **parameters: str) -> list[Fields]:
        """The elements of all pages of a list."""
        found, following = self.page(path, {"per_page": str(_PAGE), **parameters})
        while following is not None:
            more, following = self.page(following, {})
            found += more
        return found

    def each(self, asked: Asked, path: str, **parameters: str) -> Iterator[Fields]:
        """The elements of a list, page by page as they are wanted. Raises Stop (exit 5)."""
        at: str | None = path
        wanted: Mapping[str, str] = {"per_page": str(_PAGE), **parameters}
        while at is not None:
            found, at = self.ask(asked, partial(self.page, at, wanted))
            wanted = {}
            yield from found

    def send(
        self,
        verb: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        content: Mapping[str, object] | None = None,
    ) -> tuple[Mapping[str, str], object]:
        """One request: headers (lower case) and JSON of the answer. Raises Failure."""
        try:
            headers, data = self._requester.requestJsonAndCheck(
                verb, path, parameters=dict(parameters or {}), input=content and dict(content)
            )
        except github.GithubException as error:
            raise self._answered(error) from None
        except requests.exceptions.SSLError as error:
            raise Failure("certificate", words=self._clean(str(error))) from None
        except (requests.exceptions.Timeout, requests.exceptions.ChunkedEncodingError):
            raise Failure("timeout") from None
        except requests.exceptions.ConnectionError as error:
            broken = "Connection aborted" in str(error) or "Connection broken" in str(error)
            raise Failure("timeout" if broken else "offline", words=self._clean(_root(error))) from None
        except requests.exceptions.RequestException as error:
            raise Failure("offline", words=self._clean(str(error))) from None
        except (
            ValueError,
            AttributeError,
            RuntimeError,
        ) as error:  # no JSON; JSON of another form; a redirect away
            raise Failure("unreadable", words=self._clean(str(error))) from None
        return headers, data

    def graph(self, query: str) -> Fields:
        """What a GraphQL query without variables gives."""
        return self.post(f"{self._requester.base_url.removesuffix('/v3')}/graphql", {"query": query})

    def _answered(self, error: github.GithubException) -> Failure:
        data = error.data if isinstance(error.data, Mapping) else {}
        words = data.get("message")
        return Failure(
            "answer",
            status=error.status,
            words=self._clean(words if isinstance(words, str) else ""),
            fields=tuple(self._clean(text) for text in _field_errors(data.get("errors"))),
            headers={name.lower(): str(value) for name, value in (error.headers or {}).items()},
        )

    def _clean(self, words: str) -> str:
        """Nobody's words show the token."""
        return plain(words.replace(self._secret, "…") if self._secret else words)


def _field_errors(found: object) -> Iterator[str]:
    """GitHub's validation errors in words: a message, or which field of what is how."""
    for each in found if isinstance(found, list) else ():
        if isinstance(each, str):
            yield each
        elif isinstance(each, Mapping):
            message = each.get("message")
            code = str(each.get("code", "wrong")).replace("_", " ")
            yield message if isinstance(message, str) else f"{each.get('field', 'something')} is {code}"


def _root(error: BaseException) -> str:
    """The innermost reason of a connection error: `Name or service not known`."""
    text = str(error)
    found = re.search(r"\[Errno [^\]]+\] ([^'\")]+)|(Name or service not known|Connection refused)", text)
    return (found[1] or found[2]) if found else text
