"""One way to GitLab's REST API: who we are there, patience, and what its errors mean to a person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import gitlab
from gitlab.exceptions import GitlabError, GitlabParsingError, RedirectError

from git_bill.problem import Exit, Stop, stop

if TYPE_CHECKING:
    from requests import Response

_PATIENCE = 60  # seconds that a run waits altogether because GitLab asks for it
_PAUSES = (0.5, 1.5, 4.0)  # seconds before a read is tried again that may succeed in a moment
_SETTINGS = "Settings > General > Visibility > Repository, Merge requests"


class Client(gitlab.Gitlab):
    """GitLab's own client, whose errors that no caller can mend are `Stop`s; 400, 404, 409 and 422 stay its own."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        job: bool,
        waiting: Callable[[str], None],
        sleep: Callable[[float], None],
        timeout: float,
    ) -> None:
        super().__init__(
            url.rstrip("/").removesuffix("/api/v4"),
            private_token=None if job else token or None,
            job_token=token if job else None,
            timeout=timeout,
            per_page=100,
            keep_base_url=True,  # the next page is never asked of another host, with our token
            user_agent="git-bill",
        )
        self.by_job = job
        self.host = urlsplit(url).hostname or url
        self._waiting, self._sleep = waiting, sleep
        self._told_to_wait: str | None = None
        self._waited = 0
        self.session.hooks["response"].append(self._heard)

    def http_request(self, verb: str, path: str, *args: Any, **kwargs: Any) -> "Response":
        """Ask; wait as long as GitLab says, altogether a minute at most, and say so. Raises Stop (exit 5)."""
        pauses = iter(_PAUSES if verb == "get" else ())
        while True:
            try:
                answer = super().http_request(verb, path, *args, **(kwargs | {"obey_rate_limit": False}))
            except GitlabError as error:
                if not self._waits(error, pauses):
                    raise self._meant(error, verb, path) from None
            except OSError as error:  # every way in which a connection fails
                if not self._pauses(pauses):
                    raise self._unreachable(error) from None
            else:
                if answer.content and "json" not in answer.headers.get("Content-Type", ""):
                    raise unreadable("a web page")
                return answer

    @cached_property
    def account(self) -> str:
        """Our own login name there."""
        self.auth()
        return str(self.user.username) if self.user else ""

    def _heard(self, response: "Response", *_: object, **__: object) -> None:
        self._told_to_wait = response.headers.get("Retry-After")

    def _waits(self, error: GitlabError, pauses: Iterator[float]) -> bool:
        """Wait where the same request may succeed after that; False where it may not, or not soon."""
        said, code = self._told_to_wait or "", error.response_code or 0
        if code in {429, 503} and said.isdecimal():
            seconds = int(said)
            if self._waited + seconds > _PATIENCE:
                return False
            self._waited += seconds
            self._waiting(f"{self.host} asks to wait {seconds} s: too many requests")
            self._sleep(seconds)
            return True
        return code >= 500 and self._pauses(pauses)

    def _pauses(self, pauses: Iterator[float]) -> bool:
        seconds = next(pauses, None)
        if seconds is not None:
            self._sleep(seconds)
        return seconds is not None

    def _meant(self, error: GitlabError, verb: str, path: str) -> Stop | GitlabError:  # noqa: PLR0911  one per code
        what = f"{verb.upper()} {path}"
        match error.response_code:
            case _ if isinstance(error, RedirectError):
                return stop(
                    Exit.FORGE,
                    "forge-moved",
                    f"the project moved on {self.host}",
                    "give the remote its new address: git remote set-url origin …",
                )
            case 401:
                return self._unknown_token()
            case 404 if self.by_job and "Project Not Found" in plain(error):
                return self._unknown_token()  # where a token may not, a private project is not there
            case 403:
                return self._forbidden(error, what)
            case 429:
                wait = f" for {self._told_to_wait} s" if self._told_to_wait else ""
                return stop(
                    Exit.FORGE,
                    "forge-limit",
                    f"{self.host} takes no more requests{wait}",
                    "run the same command again later; what is done is not done twice",
                )
            case int(code) if code >= 500:
                return stop(
                    Exit.FORGE,
                    "forge-down",
                    f"{self.host} failed to answer {what} ({code})",
                    "run the same command again later; what is done is not done twice",
                )
            case _:
                return error

    def _unknown_token(self) -> Stop:
        if self.by_job:
            return stop(
                Exit.FORGE,
                "forge-job-token",
                f"the job's own token can't read or open merge requests on {self.host}",
                "set GIT_BILL_TOKEN (masked, protected) to a personal, group or project token with the scope api; "
                "on gitlab.com project tokens need Premium, a personal one does not",
            )
        return stop(
            Exit.FORGE,
            "forge-unauthorized",
            f"{self.host} does not accept the token: it is wrong, expired or revoked",
            "set GIT_BILL_TOKEN to a personal, group or project token with the scope api",
        )

    def _forbidden(self, error: GitlabError, what: str) -> Stop:
        if self.by_job:
            return self._unknown_token()
        if "insufficient_scope" in str(error.error_message):
            return stop(
                Exit.FORGE,
                "forge-scope",
                f"the token's scopes do not allow {what}",
                "make a token with the scope api, and set GIT_BILL_TOKEN to it",
            )
        return stop(
            Exit.FORGE,
            "forge-forbidden",
            f"{self.host} forbids {what}: {plain(error)}",
            f"the token's account needs the role Developer in the project, and the feature must be on: {_SETTINGS}",
        )

    def _unreachable(self, error: OSError) -> Stop:
        slow = "timed out" in str(error).lower()
        return stop(
            Exit.FORGE,
            "forge-unreachable",
            f"{self.host} {'did not answer in time' if slow else 'can not be reached'}",
            "check the network, or [forge] api in billing/billing.toml; then run the same command again",
        )


def plain(error: GitlabError) -> str:
    """What GitLab says, on one line that no terminal obeys; its messages may be lists or tables of fields."""
    said: Any = error.error_message
    if isinstance(said, dict):
        said = "; ".join(f"{field} {reason}" for field, reason in said.items())
    if isinstance(said, list):
        said = "; ".join(map(str, said))
    return " ".join("".join(char if char.isprintable() else " " for char in str(said)).split())[:300]


def unreadable(what: str) -> Stop:
    """An answer that is not GitLab's."""
    message = f"what answers is not GitLab's API: {' '.join(what.split())[:200]}"
    return stop(
        Exit.FORGE,
        "forge-unreadable",
        message,
        'see whether its address is right: [forge] api = "https://gitlab.example.com"',
    )


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn what GitLab does not have, or does not want, into a Stop (exit 5) that says what it was to do."""
    try:
        yield
    except (GitlabParsingError, KeyError) as error:
        raise unreadable(str(error)) from None
    except GitlabError as error:
        if error.response_code == 404:
            raise stop(
                Exit.FORGE,
                "forge-not-found",
                f"GitLab can't {what}: it shows no such thing to this token",
                "check the address; the token's account must be a member of the project",
            ) from None
        message = f"GitLab can't {what}: {plain(error)}"
        raise stop(Exit.FORGE, "forge-rejected", message, "mend what it names and run again") from None
