"""What can go wrong on the way to any forge, in the same words for all of them."""

import re
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

import requests

from git_bill.adapters.rendering import plain
from git_bill.effects import Done, Refused
from git_bill.problem import Problem, Stop

Break = Literal["timeout", "offline", "certificate"]

_FORMAL = re.compile(r"^\w+Connection\([^)]*\): |\[(?:Errno|SSL)[^\]]*\] | \(_ssl[^)]*\)")
_AGAIN = "nothing is lost or done twice"


def broken(error: OSError) -> tuple[Break, str]:
    """How a connection failed, and what the network says of it. `error`: as `requests` raises it."""
    words = str(error)
    if isinstance(error, ValueError):  # its words show the token
        return "offline", "the address or the token holds characters that no request can"
    if isinstance(error, requests.exceptions.SSLError):
        return "certificate", _root(error)
    slow = isinstance(error, requests.exceptions.Timeout | requests.exceptions.ChunkedEncodingError)
    if slow or "Connection aborted" in words or "Connection broken" in words:
        return "timeout", ""
    if isinstance(error, requests.exceptions.ProxyError):
        return "offline", f"the proxy does not let it through ({_root(error)})"
    return "offline", _root(error)


def unanswered(forge: str, what: str, kind: Break, words: str) -> Problem:
    """Of a request that got no answer. `what` goes on after "can't"."""
    match kind:
        case "timeout":
            return _problem("forge-timeout", f"{forge} did not answer in time; can't {what}", "run again later")
        case "certificate":
            message = f"{forge}'s certificate is not trusted here: {words}"
            hint = "behind a proxy of your own, name its certificates: export REQUESTS_CA_BUNDLE=/path/to/ca.pem"
            return _problem("forge-certificate", message, hint)
        case "offline":
            hint = f"run again when there is a network: {_AGAIN}"
            return _problem("forge-unreachable", f"{forge} can't be reached: {words}", hint)


def unreadable(forge: str, what: str, words: str, example: str) -> Problem:
    """Of an answer that is not the forge's. `example`: the address of an API."""
    message = f"what answers is not {forge}'s API; can't {what}: {plain(words)}"
    return _problem("forge-unreadable", message, f'see whether its address is right: [forge] api = "{example}"')


def down(forge: str, status: int, page: str) -> Problem:
    """Of an error of the forge itself, which lasts. `page`: where it tells of such."""
    return _problem("forge-down", f"{forge} answers {status}", f"run again in a while: {_AGAIN}; see {page}")


def limited(forge: str, when: str) -> Problem:
    """Of a limit of requests that a run does not wait for. `when`: `at 09:41 UTC`."""
    return _problem("forge-limit", f"{forge}'s limit of requests is reached", f"run again {when} or later: {_AGAIN}")


def moved(forge: str, what: str, location: str) -> Problem:
    """Of a redirection, which is never followed: it would take the token along, and leave out what was asked for."""
    try:
        host = urlsplit(location).hostname
    except ValueError:
        host = None
    message = f"{forge} can't {what}: it has moved{f' ({plain(host)} is to be asked)' if host else ''}"
    return _problem("forge-moved", message, "give the remote its new address: git remote set-url origin …")


def closed(what: str, url: str) -> Refused:
    """Of a pull request that a person closed."""
    return Refused(reason=f"{what} was closed", remedy=f"open it again if it is wanted after all: {url}")


def refusing(write: Callable[[], Done | Refused]) -> Done | Refused:
    """A write: whatever goes wrong is a refusal, for the flow has done other things before."""
    try:
        return write()
    except Stop as stopped:
        problem = stopped.problems[0]
        return Refused(reason=problem.message, remedy=problem.hint)


def _root(error: BaseException) -> str:
    """The innermost reason of a connection error: `Connection refused`. Neither the address nor a proxy's is told."""
    inner = getattr(error, "reason", None), *error.args
    cause = next((each for each in inner if isinstance(each, BaseException)), None)
    return plain(_FORMAL.sub("", str(error))) if cause is None else _root(cause)


def _problem(rule: str, message: str, hint: str) -> Problem:
    return Problem(rule=rule, message=message, hint=hint)
