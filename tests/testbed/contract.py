"""GitHub's published contract (OpenAPI), cut to what git-bill may use: it judges what passes the bridge."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from tests.testbed.tools import FOLDER, MODULES

Json = dict[str, Any]

PUBLISHED = MODULES / "@octokit/openapi/generated/api.github.com.json"
SLICE = FOLDER / "github-contract.json"
HOST = "https://api.github.com"

_REPOSITORY = r"/repos/\{owner\}/\{repo\}"
_KEPT = re.compile(
    rf"/user|/rate_limit|/app|/app/installations/\{{installation_id\}}/access_tokens|{_REPOSITORY}("
    r"|/(actions/permissions/workflow|forks|installation)"
    r"|/(branches|check-runs|commits|compare|contents|git|labels|milestones|rules|statuses)(/.*)?"
    r"|/collaborators(/\{username\}(/permission)?)?"
    r"|/issues(/comments(/\{comment_id\}(/reactions)?)?|/\{issue_number\}(/(comments|labels(/\{name\})?|reactions))?)?"
    r"|/pulls(/comments.*|/\{pull_number\}(/(comments|commits|files|merge|requested_reviewers|reviews.*))?)?"
    r")"
)


def write_slice() -> None:
    """Cut the published contract (13 MB) to the kept paths and what they refer to."""
    whole = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    paths = {path: item for path, item in whole["paths"].items() if _KEPT.fullmatch(path)}
    parts: dict[str, Json] = {}
    waiting: list[Any] = [paths]
    while waiting:
        for reference in _references(waiting.pop()):
            section, name = reference.split("/")[2:4]
            if name not in parts.setdefault(section, {}):
                parts[section][name] = whole["components"][section][name]
                waiting.append(parts[section][name])
    _mend(paths)
    _mend(parts)
    kept = {"openapi": whole["openapi"], "info": whole["info"], "servers": [{"url": HOST}]}
    SLICE.write_text(json.dumps(kept | {"paths": paths, "components": parts}), encoding="utf-8")


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str):
            yield target
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _mend(node: Any) -> None:
    """Let null stand where `nullable` promises it, beside `enum` and `oneOf`, which forget it; and labels as a list.

    Both are what GitHub answers and takes: the second is told only in the text of the contract.
    """
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _mend(value)
    if not isinstance(node, dict):
        return
    if node.get("nullable"):
        if None not in node.get("enum", [None]):
            node["enum"].append(None)
        for choice in ("anyOf", "oneOf"):
            if choice in node:
                node[choice].append({"nullable": True, "enum": [None]})
    choices = node.get("oneOf", [])
    if len(choices) == 1 and choices[0].get("properties", {}).keys() == {"labels"}:
        choices.append(choices[0]["properties"]["labels"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer. `path` from the API's root, without query."""

    method: str
    path: str
    query: Mapping[str, str]
    sent: bytes
    status: int
    answered: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A path of the contract with the method asked for."""

    template: str
    values: Mapping[str, str]
    declared: Json


class Contract:
    """Loads once (about a second); then some milliseconds an exchange."""

    def __init__(self, file: Path = SLICE) -> None:
        from openapi_core import OpenAPI

        self.spec: Json = json.loads(file.read_text(encoding="utf-8"))
        self.api = OpenAPI.from_dict(self.spec)

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Paths as patterns, those with the fewest parameters first. A path or a ref may hold slashes."""
        return tuple(
            (re.compile(_pattern(template)), template)
            for template in sorted(self.spec["paths"], key=lambda path: (path.count("{"), -len(path)))
        )

    def operation(self, method: str, path: str) -> Operation | None:
        """What the contract says of a request; None when GitHub, or our cut, knows no such thing."""
        for pattern, template in self.patterns:
            found = pattern.fullmatch(path)
            declared = self.spec["paths"][template].get(method.lower())
            if found and declared:
                values = {name: unquote(value) for name, value in found.groupdict().items()}
                return Operation(template=template, values=values, declared=declared)
        return None

    def violations(self, exchange: Exchange) -> Iterator[str]:
        """What GitHub would not accept of the request, or never answer."""
        operation = self.operation(exchange.method, exchange.path)
        if operation is None:
            yield f"{exchange}: GitHub has no such operation (or tests/testbed/contract.py leaves it out)"
            return
        for problem in (*self._unknown(operation, exchange), *self._rejected(operation, exchange)):
            yield f"{exchange}: {problem}"

    def _rejected(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        from openapi_core.exceptions import OpenAPIError
        from openapi_core.testing import MockRequest, MockResponse

        path = re.sub(r"\{(\w+)\}", lambda name: quote(operation.values[name[1]], safe=""), operation.template)
        request = MockRequest(
            HOST,
            exchange.method.lower(),
            path,
            args=dict(exchange.query),
            data=exchange.sent or None,
            content_type="application/json",
        )
        kind = "application/json" if exchange.answered else ""
        response = MockResponse(exchange.answered, status_code=exchange.status, content_type=kind)
        try:
            self.api.validate_request(request)
        except OpenAPIError as error:
            yield f"the request breaks the contract: {_reason(error)}"
        if str(exchange.status) not in operation.declared["responses"]:
            if exchange.status not in {401, 403, 404, 409, 422}:  # any operation may answer these
                yield "GitHub never answers this status here"
        elif exchange.answered:
            try:
                self.api.validate_response(request, response)
            except OpenAPIError as error:
                yield f"the testbed's answer breaks the contract: {_reason(error)}"

    def _unknown(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        """Names that GitHub would silently ignore: a misspelling, or a field of another operation."""
        declared = [self._resolved(parameter) for parameter in operation.declared.get("parameters", ())]
        names = {parameter["name"] for parameter in declared if parameter["in"] == "query"}
        yield from (f"unknown query parameter {name}" for name in exchange.query.keys() - names)
        schema = operation.declared.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        body = json.loads(exchange.sent) if exchange.sent.strip() else {}
        known = self._resolved(schema).get("properties") if schema else None
        if known is not None and isinstance(body, dict):
            yield from (f"unknown field {name} in the body" for name in body.keys() - known.keys())

    def _resolved(self, node: Json) -> Json:
        if "$ref" not in node:
            return node
        section, name = node["$ref"].split("/")[2:4]
        return self._resolved(self.spec["components"][section][name])


def _pattern(template: str) -> str:
    pattern = re.sub(r"\\\{(path|ref|branch|basehead)\\\}", r"(?P<\1>.+)", re.escape(template))
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)


def _reason(error: Exception) -> str:
    """The innermost cause, with the place in the document."""
    inner: BaseException = error
    while inner.__cause__ is not None:
        inner = inner.__cause__
    errors = getattr(inner, "schema_errors", None)
    if errors:
        return "; ".join(f"{'/'.join(map(str, one.absolute_path))}: {one.message[-200:]}" for one in list(errors)[:5])
    return str(inner)[:300] or type(inner).__name__


if __name__ == "__main__":
    write_slice()
