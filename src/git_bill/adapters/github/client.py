"""Requests to GitHub by PyGithub's requester: each is seen here, none is made behind our back by an object."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

import github
import requests
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester, RequestsResponse

from git_bill.adapters.github.failure import Asked, Bearer, Failure, explain
from git_bill.adapters.mishaps import broken
from git_bill.adapters.patience import Patience
from git_bill.adapters.rendering import plain
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


class _Straight:
    """A connection by which nothing is redirected.

    PyGithub would ask the new place without the parameters of the question: for the file at another commit.
    """

    def getresponse(self) -> RequestsResponse:
        """The answer. Raises Failure where it is to be had elsewhere."""
        found: RequestsResponse = super().getresponse()  # type: ignore[misc]
        if 300 <= found.status < 400:
            headers = {str(name).lower(): str(value) for name, value in found.getheaders()}
            raise Failure("moved", status=found.status, headers=headers)
        return found


class _Http(_Straight, HTTPRequestsConnectionClass):
    pass


class _Https(_Straight, HTTPSRequestsConnectionClass):
    pass


class _Requester(Requester):
    """PyGithub's, by these connections."""


_Requester.injectConnectionClasses(_Http, _Https)
_Requester._Requester__persist = True  # type: ignore[attr-defined]  # noqa: SLF001  connections are kept, as they were


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
        self._now = now
        self._patience = Patience("GitHub", say, pause)
        self._requester = _Requester(
            auth=auth,
            base_url=api.rstrip("/"),
            user_agent="git-bill",
            timeout=_TIMEOUT,
            per_page=_PAGE,
            verify=True,
            retry=None,
            pool_size=None,
        )

    def ask(self, asked: Asked, call: Callable[[], T]) -> T:
        """Do something that may be repeated as a whole, with patience. Raises Stop (exit 5) where it fails for good."""
        stumbles = self._patience.stumbles()
        while True:
            try:
                return call()
            except Failure as failure:
                if failure.limited:
                    again = self._patience.granted(failure.asked_wait(self._now()))
                else:
                    again = failure.passing and next(stumbles)
                if not again:
                    raise Stop(Exit.FORGE, [explain(failure, asked, self.bearer, self._now())]) from None

    def get(self, path: str, **parameters: str) -> Fields:
        """An object."""
        return fields(self.send("GET", path, parameters=parameters)[1])

    def post(self, path: str, content: Mapping[str, object]) -> Fields:
        """What was made."""
        return fields(self.send("POST", path, content=content)[1])

    def patch(self, path: str, content: Mapping[str, object]) -> Fields:
        """What was changed."""
        return fields(self.send("PATCH", path, content=content)[1])

    def page(self, path: str, parameters: Mapping[str, str]) -> "tuple[list[Fields], Mapping[str, str]]":
        """One page of a list, and the parameters of the next one: none after the last.

        Of the address that GitHub gives only these count: what it names else would be given the token.
        """
        headers, data = self.send("GET", path, parameters=parameters)
        if not isinstance(data, list):
            raise unreadable("list")
        following = _NEXT.search(headers.get("link", ""))
        return [fields(each) for each in data], dict(parse_qsl(urlsplit(following[1]).query)) if following else {}

    def all(self, path: str, **parameters: str) -> list[Fields]:
        """The elements of all pages of a list."""
        return [found for page in self._pages(partial(self.page, path), parameters) for found in page]

    def each(self, asked: Asked, path: str, **parameters: str) -> Iterator[Fields]:
        """The elements of a list, page by page as they are wanted. Raises Stop (exit 5)."""

        def turned(wanted: Mapping[str, str]) -> "tuple[list[Fields], Mapping[str, str]]":
            return self.ask(asked, lambda: self.page(path, wanted))

        for page in self._pages(turned, parameters):
            yield from page

    @staticmethod
    def _pages(
        turn: "Callable[[Mapping[str, str]], tuple[list[Fields], Mapping[str, str]]]", first: Mapping[str, str]
    ) -> Iterator[list[Fields]]:
        wanted: Mapping[str, str] = {"per_page": str(_PAGE), **first}
        while wanted:
            found, wanted = turn(wanted)
            yield found

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
        except requests.exceptions.RequestException as error:
            kind, words = broken(error)
            raise Failure(kind, words=self._clean(words)) from None
        except (ValueError, AttributeError) as error:  # no JSON; JSON of another form
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
