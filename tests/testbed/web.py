"""Requests and answers of the REST API, between the server and what answers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.testbed.faults import DOCUMENTATION

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`path` from the API's root, still quoted; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def document(self) -> Any:
        """The body; an empty one is an empty object."""
        try:
            return json.loads(self.body) if self.body.strip() else {}
        except ValueError:
            raise Refusal(400, "Problems parsing JSON") from None

    @property
    def target(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, body and headers."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def document(self) -> Any:
        return json.loads(self.body) if self.body else None


class Refusal(Exception):  # noqa: N818 (an answer, not an error)
    """GitHub says no."""

    def __init__(self, status: int, message: str, *, errors: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.status, self.message, self.errors = status, message, list(errors)

    @property
    def answer(self) -> Answer:
        document: Json = {"message": self.message, "documentation_url": DOCUMENTATION, "status": str(self.status)}
        return said(document | ({"errors": self.errors} if self.errors else {}), self.status)


def said(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a document."""
    return Answer(status=status, body=json.dumps(document).encode(), headers=headers or {})


def paged(request: Request, rows: Sequence[Any], api: str) -> Answer:
    """One page of a list, with GitHub's Link header."""
    size = min(int(request.query.get("per_page", "30")), 100)
    page = max(int(request.query.get("page", "1")), 1)
    last = max((len(rows) + size - 1) // size, 1)
    around = {"prev": page - 1, "next": page + 1, "first": 1, "last": last}
    wanted = {name: to for name, to in around.items() if 1 <= to <= last and (name in {"prev", "next"} or to != page)}
    links = ", ".join(
        f'<{api}{request.path}?{urlencode({**request.query, "page": str(to)})}>; rel="{name}"'
        for name, to in wanted.items()
    )
    return said(list(rows[(page - 1) * size : page * size]), headers={"link": links} if links else {})
